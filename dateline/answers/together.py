"""Who and what stands in the articles of a search, and which publishers they come from, over time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dateline.query import Query
from dateline.stores.base import Bucket, Store
from dateline.stores.document import TYPES

PUBLISHERS = 8  # whose coverage is counted


@dataclass(slots=True, kw_only=True)
class Coverage:
    """How many articles of one publisher named it, by period (`Bucket.key`: its first day)."""

    publisher: str
    articles: int
    periods: list[Bucket] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Together:
    """An entity that stands in the same articles: in how many."""

    entity_id: str
    name: str
    type: str
    articles: int


def together(store: Store, query: Query, without: str = "") -> list[Together]:
    """Who and what stands in the articles of a search, most articles first."""
    facets = [f"type:{kind}" for kind in TYPES]
    answer = store.search(replace(query, limit=0, cursor=None), facets)
    found = [
        Together(entity_id=bucket.key, name=bucket.label, type=name.partition(":")[2], articles=bucket.count)
        for name, buckets in answer.facets.items()
        for bucket in buckets
        if bucket.key != without
    ]
    return sorted(found, key=lambda other: (-other.articles, other.entity_id))


def coverage(store: Store, query: Query, unit: str, limit: int = PUBLISHERS) -> list[Coverage]:
    """The publishers of a search, most articles first, each with its articles by day, month or year.

    Raises:
        QueryError: days were asked for without an interval.
    """
    asked = replace(query, limit=0, cursor=None)
    found = store.search(asked, ["publisher"]).facets["publisher"][:limit]
    name = f"published:{unit}"
    # a publisher that prints no name is called by its host, which finds those that print one, too
    each = store.searches([(replace(asked, publishers=[bucket.key]), [name]) for bucket in found])
    return [
        Coverage(publisher=bucket.key, articles=theirs.total, periods=theirs.facets[name])
        for bucket, theirs in zip(found, each, strict=True)
    ]
