"""Facets and histograms by name: what to count, and how to show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from dateline.query import Query, QueryError
from dateline.stores import calendar
from dateline.stores.analysis import fold
from dateline.stores.base import Bucket
from dateline.stores.document import ENTITY_FACETS, FACETS, SEPARATOR, term
from dateline.stores.plan import OneOf

SIZE = 25  # values of a facet that are shown
KEYS = {"publisher": "publisher_key", "author": "author_key", "section": "section_key"}  # of its filter
_HOST = re.compile(r"[^\sA-Z]+")  # what may be a host's name: none is printed so
KEPT = 200  # counts of searches that are kept until the index changes
MAX_DAYS = 1_100  # of a histogram by day: three years


@dataclass(slots=True, frozen=True)
class Facet:
    """Values of one field, most articles first; `entities` says that they are entity id and name."""

    name: str
    field: str
    entities: bool = False


@dataclass(slots=True, frozen=True)
class Histogram:
    """Periods of one field, in order, none of them empty; only those from `first` to `last`, if given."""

    name: str
    field: str
    unit: str
    first: int | None = None
    last: int | None = None


def read(names: Iterable[str], query: Query) -> list[Facet | Histogram]:
    """What the names ask for.

    Raises:
        QueryError: there is no such facet, or a histogram by day without an interval of at most
            `MAX_DAYS` days.
    """
    return [_read(name, query) for name in dict.fromkeys(names)]


def _read(name: str, query: Query) -> Facet | Histogram:
    kind, _, detail = name.partition(":")
    if name in FACETS:
        return Facet(name, name)
    if (typed := f"type:{detail.upper()}" if kind == "type" else name) in ENTITY_FACETS:
        return Facet(name, ENTITY_FACETS[typed], entities=True)
    if kind in ("published", "mentioned") and detail in calendar.UNITS:
        return _histogram(name, cast(Literal["published", "mentioned"], kind), detail, query)
    known = [*FACETS, *ENTITY_FACETS, "published:day|month|year", "mentioned:day|month|year"]
    raise QueryError(f"there is no facet {name!r}: write one of {', '.join(known)}")


def _histogram(name: str, kind: Literal["published", "mentioned"], unit: str, query: Query) -> Histogram:
    interval = query.published if kind == "published" else query.mentioned
    span = calendar.span(interval) if interval else None
    first = last = None
    if interval and span and interval.start:
        first = calendar.period(unit, span[0])
    if interval and span and interval.end:
        last = calendar.period(unit, span[1] - 1)
    if unit == "day" and (first is None or last is None or last - first >= MAX_DAYS):
        raise QueryError(
            f"days are counted within {MAX_DAYS:,} days: give a {kind} interval with both its ends, "
            f"or ask for {kind}:month"
        )
    return Histogram(name, f"{kind}_{unit}", unit, first, last)


def values(facet: Facet, counted: Iterable[tuple[str, int]]) -> list[Bucket]:
    """Buckets of a facet: most articles first, then by key; spellings that its filter takes for one are
    one, called as most articles print it."""
    if facet.entities:
        return named(counted)[:SIZE]
    found: dict[str, Bucket] = {}
    for key, count in sorted(counted, key=lambda value: (-value[1], value[0])):
        bucket = found.setdefault(fold(key) if facet.name in KEYS else key, Bucket(key=key, count=0))
        bucket.count += count
    return sorted(found.values(), key=lambda bucket: (-bucket.count, bucket.key))[:SIZE]


def unsure(facet: Facet, counted: Iterable[tuple[str, int]], buckets: Iterable[Bucket]) -> dict[str, OneOf]:
    """Of which buckets the filter may find more articles, or fewer, than were counted, and what it asks.

    A publisher that no article prints is called by its host, whose filter finds the articles on it that
    do print one, too; an article may have two spellings of one author.
    """
    if facet.name not in KEYS:
        return {}
    spelt = Counter(fold(key) for key, _ in counted)
    return {
        bucket.key: OneOf(KEYS[facet.name], (term(fold(bucket.key)),))
        for bucket in buckets
        if spelt[fold(bucket.key)] > 1 or (facet.name == "publisher" and _HOST.fullmatch(bucket.key))
    }


def counted_again(buckets: list[Bucket], counts: Mapping[str, int]) -> list[Bucket]:
    """The buckets in order, with these counts where there are any."""
    for bucket in buckets:
        bucket.count = counts.get(bucket.key, bucket.count)
    return sorted(buckets, key=lambda bucket: (-bucket.count, bucket.key))


def named(counted: Iterable[tuple[str, int]]) -> list[Bucket]:
    """Buckets of entity ids, labelled by the name that most articles give them."""
    found: dict[str, Bucket] = {}
    for value, count in sorted(counted, key=lambda value: (-value[1], value[0])):
        entity_id, _, name = value.partition(SEPARATOR)
        bucket = found.setdefault(entity_id, Bucket(key=entity_id, count=0, label=name))
        bucket.count += count
    return sorted(found.values(), key=lambda bucket: (-bucket.count, bucket.key))


def periods(histogram: Histogram, counted: Iterable[tuple[int, int]]) -> list[Bucket]:
    """Buckets of a histogram in order of time."""
    return [
        Bucket(key=calendar.first_day(histogram.unit, number), count=count)
        for number, count in sorted(counted)
        if count
        and (histogram.first is None or number >= histogram.first)
        and (histogram.last is None or number <= histogram.last)
    ]


class Counted:
    """What was counted over one state of an index, so that the next page of a list, the newest articles
    on the front page, or a search that many make are not counted again. Threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, dict[str, list[Bucket]]] = {}

    def of(self, asked: Hashable, count: Callable[[], dict[str, list[Bucket]]]) -> dict[str, list[Bucket]]:
        """What was counted for `asked`, else what `count` gives; the caller may change it."""
        found = self._kept.get(asked)
        if found is None:
            found = count()
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[asked] = found
        return {name: [replace(bucket) for bucket in buckets] for name, buckets in found.items()}

    def forget(self) -> None:
        """Count all anew: for who measures it."""
        self._kept.clear()
