"""Interim knowledge base, used until dateline/entities/knowledge.py is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from dateline.entities.names import alias_key, slug
from dateline.entities.resolve_forms import Form

_MORE = {
    "US": "US; U.S.; USA; U.S.A.; America; United States of America; the States",
    "GB": "UK; U.K.; Britain; Great Britain",
    "RU": "Russian Federation",
    "KR": "South Korea; Republic of Korea",
    "KP": "North Korea; DPRK",
    "AE": "UAE; Emirates",
    "CZ": "Czech Republic; Czechia",
}


@dataclass(slots=True, frozen=True)
class Known:
    """An entity of the knowledge base; `aliases` without the name itself."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _table() -> dict[str, list[Known]]:
    from babel import Locale

    table: dict[str, list[Known]] = {}

    def add(known: Known) -> None:
        for name in (known.name, *known.aliases):
            row = table.setdefault(alias_key(name), [])
            if known not in row:
                row.append(known)

    data = resources.files("dateline.entities") / "data"
    people = dict(
        line.split("\t")
        for line in (data / "demonyms.tsv").read_text(encoding="utf-8").splitlines()
        if line and line[0] != "#"
    )
    for code, name in Locale("en").territories.items():
        if len(code) == 2 and code.isalpha():
            more = tuple(alias.strip() for alias in _MORE.get(code, "").split(";") if alias.strip())
            id_ = f"location/{slug(alias_key(name))}"
            add(Known(id_, name, "LOCATION", more))
            if code in people:
                words = [word.strip() for word in people[code].split(";")]
                add(Known(id_, words[0], "GROUP", tuple(words[1:])))
    for file in ("places", "organizations", "others", "people", "clubs"):
        for line in (data / f"{file}.tsv").read_text(encoding="utf-8").splitlines():
            if line and line[0] != "#":
                type_, name, aliases = line.split("\t")[:3]
                names = tuple(alias.strip() for alias in aliases.split(";") if alias.strip())
                add(Known(f"{type_.lower()}/{slug(alias_key(name))}", name, type_, names))
    return table


def lookup(key: str) -> Sequence[Known]:
    """The entities that `alias_key` form names, the most prominent first."""
    return _table().get(key, ())


# Whose people these words are; nationalities know their country by themselves.
_PARTIES = {
    "republican": "Republican Party",
    "republicans": "Republican Party",
    "democrat": "Democratic Party",
    "democrats": "Democratic Party",
    "tory": "Conservative Party",
    "tories": "Conservative Party",
    "lib dem": "Liberal Democrats",
    "lib dems": "Liberal Democrats",
}


def home_of(forms: Sequence[Form], known: Known | None) -> tuple[str, str] | None:
    """The id and name of the country or party that a GROUP's forms belong to, if it is known."""
    for form in forms:
        if (party := _PARTIES.get(form.key)) and (found := lookup(alias_key(party))):
            return found[0].id, found[0].name
        for entity in lookup(form.key):
            if entity.type == "GROUP" and entity.id.startswith("location/"):
                return entity.id, next(
                    k.name for k in _table()[entity.id[9:].replace("-", " ")] if k.id == entity.id
                )
    return None
