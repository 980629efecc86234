"""What the embedded store counts: names, entities, facets, histograms. Each asks a searcher of one commit."""

from __future__ import annotations

from typing import Any

from dateline.stores import embedded_query, facets
from dateline.stores.base import Bucket, EntitySummary
from dateline.stores.document import SEPARATOR, alias_key, compound, id_term
from dateline.stores.plan import OneOf
from dateline.stores.summary import summary

_MAX_IDS = 1_000  # entities that one name may stand for


def analyses(searcher: Any) -> list[str]:
    """The analyses that any text here has: no other is asked for."""
    return [analysis for analysis, _ in searcher.terms_with_prefix("analysis", "")]


def resolve(searcher: Any, name: str) -> list[str]:
    """The ids that a name stands for: by any alias, or as an id itself; most articles first."""
    beginning = compound(alias_key(name), "")
    # only terms of articles that still stand: those deleted linger until segments merge
    counted = searcher.terms_with_prefix("alias", beginning, filter_query=embedded_query.everything())
    counted.sort(key=lambda entry: (-entry[1], entry[0]))
    ids = [value.partition(SEPARATOR)[2] for value, _ in counted[:_MAX_IDS]]
    having = embedded_query.having("entity", id_term(name))
    if searcher.doc_freq("entity", id_term(name)) and searcher.search(having, 1, count=True).count:
        ids.insert(0, id_term(name))
    return list(dict.fromkeys(ids))


def counts(
    searcher: Any, native: Any, wanted: list[facets.Facet | facets.Histogram]
) -> dict[str, list[Bucket]]:
    """Facets and histograms of the documents that answer."""
    if not wanted:
        return {}
    asked = {str(number): aggregation(facet) for number, facet in enumerate(wanted)}
    counted = searcher.aggregate(native, asked)
    found: dict[str, list[Bucket]] = {}
    for number, facet in enumerate(wanted):
        buckets = counted[str(number)]["buckets"]
        if isinstance(facet, facets.Histogram):
            periods = ((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
            found[facet.name] = facets.periods(facet, periods)
        else:
            values = [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
            found[facet.name] = shown = facets.values(facet, values)
            again = {
                key: _filtered(searcher, native, clause)
                # where all whom the filter finds print this very value, it was counted right
                if searcher.doc_freq(clause.field, *clause.values) != searcher.doc_freq(facet.field, key)
                else dict(values)[key]
                for key, clause in facets.unsure(facet, values, shown).items()
            }
            found[facet.name] = facets.counted_again(shown, again)
    return found


def _filtered(searcher: Any, native: Any, clause: OneOf) -> int:
    return int(searcher.search(embedded_query.also(native, clause), 1, count=True).count)


def entities(searcher: Any, name: str | None, limit: int) -> list[EntitySummary]:
    """See `Store.entities`."""
    if name is None:
        # some more than asked, so that ties at the end are cut by id as everywhere
        terms = {"field": "entity_named", "size": limit + 100, "segment_size": 100_000}
        counted = searcher.aggregate(embedded_query.everything(), {"entity": {"terms": terms}})
        buckets = counted["entity"]["buckets"]
        found = facets.named((bucket["key"], bucket["doc_count"]) for bucket in buckets)
        ids = [bucket.key for bucket in found]  # counted once more: some have further, rarer names
    else:
        ids = resolve(searcher, name)
    rows = [(-having(searcher, "entity", id), id) for id in ids]
    return [_summary(searcher, entity_id, -count) for count, entity_id in sorted(rows)[:limit]]


def having(searcher: Any, field: str, value: str) -> int:
    """How many documents have exactly this value."""
    return int(searcher.search(embedded_query.having(field, value), 1, count=True).count)


def _summary(searcher: Any, entity_id: str, articles: int) -> EntitySummary:
    names = searcher.terms_with_prefix(
        "name", compound(entity_id, ""), filter_query=embedded_query.having("entity", entity_id)
    )
    return summary(entity_id, articles, names)


def aggregation(facet: facets.Facet | facets.Histogram) -> dict[str, Any]:
    """What tantivy is asked to count."""
    if isinstance(facet, facets.Facet):
        # each segment gives its first thousand values: a count is exact unless a value of the answer
        # is not among them in some segment
        return {"terms": {"field": facet.field, "size": 2 * facets.SIZE, "segment_size": 1_000}}
    histogram: dict[str, Any] = {"field": facet.field, "interval": 1, "min_doc_count": 1}
    if facet.first is not None and facet.last is not None:
        histogram["hard_bounds"] = {"min": facet.first, "max": facet.last}
    return {"histogram": histogram}
