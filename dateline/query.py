"""Query: one object for CLI, API, page, saved searches and both stores.

The words are a small tree of our own. Users write them in the text form that `parse_words` reads;
each store compiles the tree to its own query objects, and no user's syntax ever reaches a store's
parser (tantivy's chokes on "Biden's", OpenSearch's query_string can burn a node).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from dateline.models import Interval

Sort = Literal["relevance", "newest", "oldest"]


class QueryError(ValueError):
    """The query can't be run; the message says what to write instead."""


@dataclass(slots=True, frozen=True)
class Word:
    """One word, stemmed by the store; `prefix` for "sanct*"; `field` for "title:sanctions"."""

    text: str
    prefix: bool = False
    field: str | None = None


@dataclass(slots=True, frozen=True)
class Phrase:
    """Words in order; `slop` is how many positions they may be apart ("a b"~3)."""

    words: tuple[str, ...]
    slop: int = 0
    field: str | None = None


@dataclass(slots=True, frozen=True)
class And:
    parts: tuple[Node, ...]


@dataclass(slots=True, frozen=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(slots=True, frozen=True)
class Not:
    part: Node


Node = Word | Phrase | And | Or | Not


@dataclass(slots=True, kw_only=True)
class Query:
    """What a person asks. All parts that are given must hold (AND); empty parts do not filter.

    `entities` are names or entity ids, all of which must be in the article; `any_entities` at least
    one; `no_entities` none. `role` limits where they stand. `published` and `mentioned` are half-open
    intervals in wall-clock time. `near`: one sentence holds all of `entities` (or one of
    `any_entities`) and an expression that overlaps `mentioned`.
    """

    words: Node | None = None
    entities: list[str] = field(default_factory=list)
    any_entities: list[str] = field(default_factory=list)
    no_entities: list[str] = field(default_factory=list)
    role: str | None = None
    published: Interval | None = None
    mentioned: Interval | None = None
    near: bool = False
    publishers: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    disagreeing: bool = False
    story: str | None = None
    sort: Sort = "relevance"
    limit: int = 20
    cursor: str | None = None


def day_interval(first: dt.date, last: dt.date) -> Interval:
    """The half-open interval of whole days from `first` to `last`, both included."""
    return Interval(
        start=dt.datetime.combine(first, dt.time()),
        end=dt.datetime.combine(last + dt.timedelta(days=1), dt.time()),
    )


def period(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of "2021", "2021-03" or "2021-03-22".

    Raises:
        QueryError: it is none of these.
    """
    try:
        parts = [int(part) for part in text.strip().split("-")]
        if len(parts) == 1 and len(text.strip()) == 4:
            return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
        if len(parts) == 2:
            following = dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
            return dt.date(parts[0], parts[1], 1), following - dt.timedelta(days=1)
        if len(parts) == 3:
            return dt.date(*parts), dt.date(*parts)
    except (ValueError, OverflowError):
        pass
    raise QueryError(f"{text!r} is no date: write 2021, 2021-03 or 2021-03-22")
