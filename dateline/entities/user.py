"""entities.toml: the user's own names, aliases, merges and splits, which win over everything else.

[[entity]]                      # a name of your own, or more aliases for a known one
name = "Ana Ruiz Tello"
type = "PERSON"
aliases = ["A. R. Tello", "Councillor Tello"]
id = "person/ana-ruiz-tello"    # optional

[[merge]]                       # these names are one entity, in every article
into = "Acme Holdings"          # a name, or an entity id
names = ["Acme", "Acme Trading"]
type = "ORGANIZATION"           # only needed for a name that nobody knows yet

[[split]]                       # these names are never one entity
names = ["John Smith", "John A. Smith"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.entities.knowledge import Known, lookup
from dateline.entities.names import alias_key, slug

FILE = "entities.toml"
TYPES = ("PERSON", "ORGANIZATION", "LOCATION", "EVENT", "WORK", "LAW", "PRODUCT", "GROUP")
_SHAPES: dict[str, dict[str, type]] = {
    "entity": {"name": str, "type": str, "id": str, "aliases": list},
    "merge": {"into": str, "names": list, "type": str},
    "split": {"names": list},
}


class UserEntitiesError(ValueError):
    """entities.toml can't be used; the message says where and what to write instead."""


@dataclass(slots=True)
class UserEntities:
    """What entities.toml says. `known` maps alias keys to entities, `apart` holds pairs of keys."""

    known: dict[str, Known] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()
    split_keys: frozenset[str] = frozenset()

    def lookup(self, key: str) -> Sequence[Known]:
        """The user's entity of that key, else what the knowledge base has."""
        return (self.known[key],) if key in self.known else lookup(key)

    def keeps_apart(self, a: str, b: str) -> bool:
        """Whether the user said that these two keys are never one entity."""
        return bool(self.apart) and frozenset((a, b)) in self.apart


_cache: dict[Path, tuple[tuple[int, int], UserEntities]] = {}
_NONE = UserEntities()


def load_user(home: Path) -> UserEntities:
    """The user's entities in `home`; empty where there is no file. Read again when the file changes.

    Raises:
        UserEntitiesError: the file is not TOML, or says something that has no meaning.
    """
    path = home / FILE
    try:
        stat = path.stat()
    except OSError:
        return _NONE
    stamp = (stat.st_mtime_ns, stat.st_size)
    if path not in _cache or _cache[path][0] != stamp:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise UserEntitiesError(f"{path}: {error}") from error
        _cache[path] = (stamp, parse(data, str(path)))
    return _cache[path][1]


def parse(data: Mapping[str, Any], where: str = FILE) -> UserEntities:
    """The user's entities out of the parsed TOML.

    Raises:
        UserEntitiesError: an unknown table or key, a wrong type, a name that two entries claim.
    """
    for table in data:
        if table not in _SHAPES:
            raise UserEntitiesError(
                f"{where}: [[{table}]] means nothing; write [[entity]], [[merge]] or [[split]]"
            )
    known: dict[str, Known] = {}
    for place, row in _rows(data, "entity", where):
        name, type_ = _need(row, "name", place), _type(row, place)
        id_ = row.get("id") or next((k.id for k in lookup(alias_key(name)) if k.type == type_), None)
        entity = Known(id_ or _own_id(type_, name), name, type_, tuple(_names(row, "aliases", place)))
        for alias in (name, *entity.aliases):
            _claim(known, alias, entity, place)
    for place, row in _rows(data, "merge", where):
        target = _target(row, known, place)
        for name in _names(row, "names", place, least=1):
            _claim(known, name, target, place)
        _claim(known, target.name, target, place)
    pairs: set[frozenset[str]] = set()
    for place, row in _rows(data, "split", where):
        keys = [alias_key(name) for name in _names(row, "names", place, least=2)]
        pairs |= {frozenset((a, b)) for a in keys for b in keys if a != b}
        if len(set(keys)) < len(keys):
            raise UserEntitiesError(f"{place}: two of the names are the same but for case, dots or a title")
    return UserEntities(known, frozenset(pairs), frozenset(key for pair in pairs for key in pair))


def _rows(data: Mapping[str, Any], table: str, where: str) -> list[tuple[str, Mapping[str, Any]]]:
    rows = data.get(table, [])
    if not isinstance(rows, list):
        raise UserEntitiesError(f"{where}: write [[{table}]] with two brackets on each side")
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, row in enumerate(rows, start=1):
        place = f"{where}: [[{table}]] number {number}"
        if not isinstance(row, dict):
            raise UserEntitiesError(f"{place}: is no table; write [[{table}]] and its keys below it")
        for key, value in row.items():
            if key not in _SHAPES[table]:
                raise UserEntitiesError(
                    f"{place}: “{key}” means nothing here; known: {', '.join(_SHAPES[table])}"
                )
            if not isinstance(value, _SHAPES[table][key]):
                kind = "a list of names" if _SHAPES[table][key] is list else "text in quotes"
                raise UserEntitiesError(f"{place}: {key} must be {kind}")
        found.append((place, row))
    return found


def _need(row: Mapping[str, Any], key: str, place: str) -> str:
    value = str(row.get(key, "")).strip()
    if not value:
        raise UserEntitiesError(f"{place}: “{key}” is missing")
    return value


def _type(row: Mapping[str, Any], place: str) -> str:
    type_ = _need(row, "type", place).upper()
    if type_ not in TYPES:
        raise UserEntitiesError(f"{place}: type {row['type']!r} is none of {', '.join(TYPES)}")
    return type_


def _names(row: Mapping[str, Any], key: str, place: str, least: int = 0) -> list[str]:
    names = row.get(key, [])
    if len(names) < least or not all(isinstance(name, str) and alias_key(name) for name in names):
        raise UserEntitiesError(f"{place}: {key} must be a list of at least {least} names in quotes")
    return list(names)


def _own_id(type_: str, name: str) -> str:
    return f"{type_.lower()}/{slug(alias_key(name))}"


def _claim(known: dict[str, Known], name: str, entity: Known, place: str) -> None:
    key = alias_key(name)
    if not key:
        raise UserEntitiesError(f"{place}: {name!r} is no name")
    if key in known and known[key].id != entity.id:
        raise UserEntitiesError(f"{place}: “{name}” is already a name of {known[key].name} ({known[key].id})")
    known.setdefault(key, entity)


def _target(row: Mapping[str, Any], known: Mapping[str, Known], place: str) -> Known:
    into = _need(row, "into", place)
    by_id = next((entity for entity in known.values() if entity.id == into), None)
    if by_id:
        return by_id
    if found := known.get(alias_key(into)):
        return found
    candidates = lookup(alias_key(into))
    if "type" in row:
        type_ = _type(row, place)
        candidates = [entity for entity in candidates if entity.type == type_]
        return candidates[0] if candidates else Known(_own_id(type_, into), into, type_)
    if len(candidates) != 1:
        raise UserEntitiesError(
            f'{place}: “{into}” is not known as one entity; add type = "PERSON" or another type'
        )
    return candidates[0]
