"""What the OpenSearch store counts: facets, histograms, entities, as aggregations and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dateline.stores import facets, opensearch_query
from dateline.stores.base import Bucket, EntitySummary
from dateline.stores.document import SEPARATOR, compound
from dateline.stores.facets import Facet, Histogram
from dateline.stores.summary import summary


def counts(aggregation: dict[str, Any]) -> list[tuple[Any, int]]:
    """The values of an aggregation, each with how many documents have it."""
    return [(bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]


def body(query: Any, wanted: Sequence[Facet | Histogram]) -> dict[str, Any]:
    """The search that counts all that answer, and facets and histograms of them."""
    asked = {str(number): aggregation(facet) for number, facet in enumerate(wanted)}
    return {"size": 0, "query": query, "track_total_hits": True, **({"aggs": asked} if asked else {})}


def aggregation(facet: Facet | Histogram) -> dict[str, Any]:
    """What the server is asked to count."""
    if isinstance(facet, Facet):
        return {"terms": {"field": facet.field, "size": 2 * facets.SIZE, "shard_size": 200}}
    histogram: dict[str, Any] = {"field": facet.field, "interval": 1, "min_doc_count": 1}
    if facet.first is not None and facet.last is not None:
        histogram["hard_bounds"] = {"min": facet.first, "max": facet.last}
    return {"histogram": histogram}


class Counting:
    """The facets of one search: as counted, with those that must be counted again by their filters."""

    def __init__(self, query: Any, wanted: Sequence[Facet | Histogram], counted: dict[str, Any]) -> None:
        self.found: dict[str, list[Bucket]] = {}
        self._query = query
        self._again: dict[str, Any] = {}  # name and key of a bucket → its filter's clause
        for number, facet in enumerate(wanted):
            values = counts(counted[str(number)])
            if isinstance(facet, Histogram):
                self.found[facet.name] = facets.periods(facet, ((int(key), count) for key, count in values))
            else:
                self.found[facet.name] = facets.values(facet, values)
                unsure = facets.unsure(facet, values, self.found[facet.name])
                self._again |= {compound(facet.name, key): clause for key, clause in unsure.items()}

    def again(self) -> list[dict[str, Any]]:
        """The search that tells what is unsure; none where nothing is."""
        filters = {
            str(number): {"filter": opensearch_query.filtering(clause)}
            for number, clause in enumerate(self._again.values())
        }
        return [{"size": 0, "query": self._query, "aggs": filters}] if filters else []

    def settle(self, answer: Any) -> None:
        """Take the counts of `again`'s answer."""
        right: dict[str, dict[str, int]] = {}
        for number, named in enumerate(self._again):
            name, key = named.split(SEPARATOR, 1)
            right.setdefault(name, {})[key] = answer["aggregations"][str(number)]["doc_count"]
        for name, numbers in right.items():
            self.found[name] = facets.counted_again(self.found[name], numbers)


def frequent(limit: int) -> dict[str, Any]:
    """The search for the most frequent entities; some more than asked, so that ties at the end are cut
    by id as everywhere."""
    return {"size": 0, "aggs": {"found": {"terms": {"field": "entity_named", "size": limit + 100}}}}


def standing(ids: Sequence[str]) -> dict[str, Any]:
    """The search that counts the articles of entities."""
    each = {str(number): {"term": {"entity": id}} for number, id in enumerate(ids)}
    return {
        "size": 0,
        "query": {"terms": {"entity": ids}},
        "aggs": {"each": {"filters": {"filters": each}}},
    }


def named(ids: Sequence[str]) -> dict[str, Any]:
    """The search that lists the names of entities."""
    listed = {
        str(number): {"filter": {"term": {"entity": id}}, "aggs": {"names": {"terms": _names(id)}}}
        for number, id in enumerate(ids)
    }
    return {"size": 0, "query": {"terms": {"entity": ids}}, "aggs": listed}


def _names(entity_id: str) -> dict[str, Any]:
    beginning = compound(entity_id, "")
    return {"field": "name", "include": opensearch_query.literal(beginning) + ".*", "size": 1_000}


def most(ids: Sequence[str], answer: Any, limit: int) -> list[tuple[str, int]]:
    """The entities that stand in any article, with in how many, of `standing`'s answer."""
    counted = answer["aggregations"]["each"]["buckets"]
    found = sorted((-counted[str(number)]["doc_count"], id) for number, id in enumerate(ids))
    return [(id, -count) for count, id in found if count][:limit]


def summaries(ids: Sequence[str], shown: Sequence[tuple[str, int]], answer: Any) -> list[EntitySummary]:
    """The entities in `shown`, of the answer that lists the names of `ids`."""
    listed = answer["aggregations"]
    places = {id: str(number) for number, id in enumerate(ids)}
    return [summary(id, count, counts(listed[places[id]]["names"])) for id, count in shown]
