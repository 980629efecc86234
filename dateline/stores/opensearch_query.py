"""Clauses as OpenSearch's query DSL. No text passes through a query_string parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any as Native

from dateline.stores.opensearch_schema import dates
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

Dsl = dict[str, Native]


def native(plan: Plan) -> Dsl:
    """The whole plan; filters do not count for relevance."""
    found: Dsl = {"filter": [_query(part) for part in plan.filters]}
    if plan.words is not None:
        found["must"] = [_query(plan.words)]
    return {"bool": found}


def _query(clause: Clause) -> Dsl:
    match clause:
        case Token(field, token, 0.0):
            return _uncounted({"term": {field: token}})
        case Token(field, token, weight):
            return {"term": {field: {"value": token, "boost": weight}}}
        case Counted(field, value, weight):
            return {"constant_score": {"filter": {"term": {field: value}}, "boost": float(weight)}}
        case Prefix(field, beginning):
            return _uncounted({"prefix": {field: beginning}})
        case Ordered(field, tokens, 0):
            # our own tokens, parted by spaces: the analyser only cuts them apart again
            return {"match_phrase": {field: {"query": " ".join(tokens), "analyzer": "tokens"}}}
        case Ordered(field, tokens, slop):
            spans = [{"span_term": {field: token}} for token in tokens]
            return {"span_near": {"clauses": spans, "slop": slop, "in_order": True}}
        case OneOf(field, values):
            return _uncounted({"terms": {field: list(values)}}) if values else {"match_none": {}}
        case Published(span):
            return {"range": {"published": {**dates(span), "relation": "intersects"}}}
        case Mentioned(span):
            return {"range": {"mentioned": {**dates(span), "relation": "intersects"}}}
        case Together(groups, span):
            inside: list[Dsl] = [{"terms": {"sentences.entity": list(group)}} for group in groups]
            if span is not None:
                inside.append({"range": {"sentences.mentioned": {**dates(span), "relation": "intersects"}}})
            sentence = {"bool": {"filter": inside}}
            return {"nested": {"path": "sentences", "query": sentence, "score_mode": "none"}}
        case All(parts):
            return {
                "bool": {
                    "must": [_query(part) for part in parts if not isinstance(part, Without)],
                    "must_not": [_query(part.part) for part in parts if isinstance(part, Without)],
                }
            }
        case Any(parts):
            return {"bool": {"should": [_query(part) for part in parts], "minimum_should_match": 1}}
        case Without(part):
            return {"bool": {"must_not": [_query(part)]}}


def filtering(clause: Clause) -> Dsl:
    """One clause that only chooses."""
    return _query(clause)


def at_least(least: int, field: str, values: Sequence[str]) -> Dsl:
    """Documents with so many of these exact values; the score is how many."""
    each = [{"constant_score": {"filter": {"term": {field: value}}, "boost": 1.0}} for value in values]
    return {"bool": {"should": each, "minimum_should_match": least}}


def _uncounted(query: Dsl) -> Dsl:
    return {"constant_score": {"filter": query, "boost": 0.0}}


def literal(text: str) -> str:
    """`text` as a Lucene regular expression that matches nothing but it."""
    return "".join(f"\\{char}" if char in '.?+*|{}[]()"\\#@&<>~^$-/' else char for char in text)
