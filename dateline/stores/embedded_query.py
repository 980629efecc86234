"""Clauses as tantivy's query objects. No text passes through tantivy's query parser."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any as Native

from dateline.stores.calendar import Span, overlap_terms
from dateline.stores.embedded_schema import entity_mark, schema
from dateline.stores.plan import (
    All,
    Any,
    Clause,
    Counted,
    Mentioned,
    OneOf,
    Ordered,
    Plan,
    Prefix,
    Published,
    Together,
    Token,
    Without,
)

# Up to so many ways of standing together are written out as phrases; beyond, a pattern for each
# place is expanded by tantivy, which is slower for few and faster for many.
_WRITTEN_OUT = 400


def native(plan: Plan) -> Native:
    """The whole plan; filters do not count for relevance."""
    from tantivy import Occur, Query

    parts = [] if plan.words is None else [(Occur.Must, _query(plan.words))]
    parts += [(Occur.Must, Query.const_score_query(_query(part), 0.0)) for part in plan.filters]
    return Query.boolean_query(parts) if parts else Query.all_query()


def at_or_after(field: str, key: int, *, descending: bool) -> Native:
    """The documents that stand at a sort key or after it."""
    from tantivy import FieldType, Query

    bounds = {"upper_bound": key} if descending else {"lower_bound": key}
    return Query.range_query(schema(), field, FieldType.Unsigned, **bounds)


def both(*queries: Native) -> Native:
    """All of these."""
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Must, query) for query in queries])


def also(query: Native, clause: Clause) -> Native:
    """A query's documents that answer a clause, too."""
    return both(query, _query(clause))


def having(field: str, value: str) -> Native:
    """The documents that have exactly this value."""
    from tantivy import Query

    return Query.term_query(schema(), field, value, index_option="basic")


def at_least(least: int, field: str, values: Iterable[str]) -> Native:
    """The documents with so many of these exact values; the score is how many."""
    from tantivy import Occur, Query

    each = [(Occur.Should, Query.const_score_query(having(field, value), 1.0)) for value in values]
    return Query.boolean_query(each, minimum_number_should_match=least)


def _query(clause: Clause) -> Native:
    from tantivy import FieldType, Occur, Query

    match clause:
        case Token(field, token, weight):
            query = Query.term_query(schema(), field, token, index_option="freq" if weight else "basic")
            if weight == 0:
                return Query.const_score_query(query, 0.0)
            return query if weight == 1 else Query.boost_query(query, weight)
        case Counted(field, value, weight):
            return Query.const_score_query(having(field, value), float(weight))
        case Prefix(field, beginning):
            query = Query.regex_query(schema(), field, re.escape(beginning) + ".*")
            return Query.const_score_query(query, 0.0)
        case Ordered(field, tokens, slop):
            return _either(
                Query.phrase_query(schema(), field, list(zip(places, tokens, strict=True)))
                for places in _placings(len(tokens), slop)
            )
        case OneOf(field, values):
            if not values:
                return Query.empty_query()
            if len(values) == 1:  # no set to build, and its postings can be skipped through
                return Query.const_score_query(having(field, values[0]), 0.0)
            return Query.const_score_query(Query.term_set_query(schema(), field, list(values)), 0.0)
        case Published((start, end)):
            unsigned = FieldType.Unsigned
            before = Query.range_query(
                schema(), "published_start", unsigned, upper_bound=end, include_upper=False
            )
            after = Query.range_query(
                schema(), "published_end", unsigned, lower_bound=start, include_lower=False
            )
            return both(before, after)
        case Mentioned(span):
            return Query.term_set_query(schema(), "mentioned", overlap_terms(span))
        case Together(groups, span):
            return _together(groups, span)
        case All(parts):
            # tantivy finds nothing by exclusion alone: there must be something to exclude from
            wanted = [(Occur.Must, _query(part)) for part in parts if not isinstance(part, Without)]
            unwanted = [(Occur.MustNot, _query(part.part)) for part in parts if isinstance(part, Without)]
            return Query.boolean_query([*(wanted or [(Occur.Must, everything())]), *unwanted])
        case Any(parts):
            return Query.boolean_query([(Occur.Should, _query(part)) for part in parts])
        case Without(part):
            return Query.boolean_query([(Occur.Must, everything()), (Occur.MustNot, _query(part))])


def everything() -> Native:
    """All documents, none before another."""
    from tantivy import Query

    return Query.const_score_query(Query.all_query(), 0.0)


def _either(queries: Iterable[Native]) -> Native:
    from tantivy import Query

    found = list(queries)
    return found[0] if len(found) == 1 else Query.disjunction_max_query(found)


def _placings(words: int, slop: int, first: int = 0) -> Iterator[tuple[int, ...]]:
    """The places of words in order, with at most `slop` others among them.

    tantivy's own slop would also find them in another order.
    """
    if words == 1:
        yield (first,)
        return
    for gap in range(slop + 1):
        for rest in _placings(words - 1, slop - gap, first + gap + 1):
            yield (first, *rest)


def _together(groups: tuple[tuple[str, ...], ...], span: Span | None) -> Native:
    from tantivy import Query

    places = [[entity_mark(entity_id) for entity_id in group] for group in groups]
    if span is not None:
        places.append(overlap_terms(span))
    if not all(places):
        return Query.empty_query()
    if math.prod(map(len, places)) <= _WRITTEN_OUT:
        return _either(
            Query.phrase_query(schema(), "marks", [(0, value) for value in values])
            for values in itertools.product(*places)
        )
    patterns = [(0, "|".join(map(re.escape, values))) for values in places]
    return Query.regex_phrase_query(schema(), "marks", patterns)
