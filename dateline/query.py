"""Query: one object for CLI, API, page, saved searches and both stores.

The words are a small tree of our own. Users write them in the text form that `query_text` reads; each
store compiles the tree to its own query objects, and no user's syntax ever reaches a store's parser
(tantivy's chokes on "Biden's", OpenSearch's query_string can burn a node).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

import msgspec

from dateline.models import Interval

Sort = Literal["relevance", "newest", "oldest"]

ROLES = ("body", "title", "caption", "credit", "byline", "dateline", "speaker")
WORD_FIELDS = ("title", "caption", "author", "publisher", "section", "agency", "topic")

# What one query may ask, so that none can hurt a store. Generous for people, tight for machines.
MAX_TEXT = 2_000  # characters of the text form
MAX_LEAVES = 64  # words and phrases
MAX_DEPTH = 12  # brackets within brackets
MAX_WORD = 200  # characters of a word
MAX_PHRASE = 32  # words of a phrase
MAX_PLACINGS = 300  # ways in which the words of a phrase with slop may lie
MAX_SAID = 8  # words that are asked for in a quote
MAX_NAMES = 50  # values of one filter
MAX_LIMIT = 1_000  # hits of one page


class QueryError(ValueError):
    """The query can't be run; the message says what to write instead."""


class Word(msgspec.Struct, frozen=True):
    """One word, stemmed by the store; `prefix` for "sanct*"; `field` for "title:sanctions"."""

    text: str
    prefix: bool = False
    field: str | None = None


class Phrase(msgspec.Struct, frozen=True):
    """Words in order; `slop` is how many positions they may be apart ("a b"~3)."""

    words: tuple[str, ...]
    slop: int = 0
    field: str | None = None


class And(msgspec.Struct, frozen=True):
    parts: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True):
    parts: tuple[Node, ...]


class Not(msgspec.Struct, frozen=True):
    part: Node


Node = Word | Phrase | And | Or | Not


@dataclass(slots=True, kw_only=True)
class Query:
    """What a person asks. All parts that are given must hold (AND); empty parts do not filter.

    `entities` are names or entity ids, all of which must be in the article; `any_entities` at least
    one; `no_entities` none. `role` limits where they stand. `published` and `mentioned` are half-open
    intervals in wall-clock time. `near`: one sentence holds all of `entities` (or one of
    `any_entities`) and an expression that overlaps `mentioned`. `speakers` are names, each of which is
    quoted in the article; `said` are words, all of them in one sentence that quotes each of `speakers`,
    or anybody where there are none.
    """

    words: Node | None = None
    entities: list[str] = field(default_factory=list)
    any_entities: list[str] = field(default_factory=list)
    no_entities: list[str] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    said: Node | None = None
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
    corrections: list[str] = field(default_factory=list)  # numbers of corrections that show in it
    articles: list[str] = field(default_factory=list)  # only these ids
    disagreeing: bool = False
    story: str | None = None
    stories: list[str] = field(default_factory=list)  # one of these; no part of an address
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


def check(query: Query) -> None:
    """Refuse what would hurt a store or makes no sense; both stores call this first.

    Raises:
        QueryError: with what to write instead.
    """
    if query.words is not None:
        check_words(query.words)
    if not 0 <= query.limit <= MAX_LIMIT:
        raise QueryError(f"the limit is between 0 and {MAX_LIMIT:,}: follow the cursor, or export, for more")
    if query.sort not in get_args(Sort):
        raise QueryError(f"there is no order {query.sort!r}: write one of {', '.join(get_args(Sort))}")
    if query.role is not None and query.role not in ROLES:
        raise QueryError(f"there is no role {query.role[:40]!r}: write one of {', '.join(ROLES)}")
    for name in ("published", "mentioned"):
        interval: Interval | None = getattr(query, name)
        if interval and interval.start and interval.end and interval.start >= interval.end:
            raise QueryError(f"the {name} interval ends before it starts: swap its two ends")
    if query.said is not None:
        said_words(query.said)
    lists = ("entities", "any_entities", "no_entities", "speakers", "publishers", "authors", "sections")
    for name in (*lists, "languages", "outcomes", "sources", "corrections", "articles"):
        if len(getattr(query, name)) > MAX_NAMES:
            raise QueryError(f"at most {MAX_NAMES} {name} in one query: ask in several")
    if query.near:
        _check_near(query)


def said_words(node: Node) -> list[list[str]]:
    """What `said` asks of one sentence: of each group one word.

    Raises:
        QueryError: there is more to it than words side by side and OR between words.
    """
    groups: list[list[str]] = []
    for part in node.parts if isinstance(node, And) else (node,):
        words = part.parts if isinstance(part, Or) else (part,)
        if not all(isinstance(word, Word) and not word.prefix and word.field is None for word in words):
            raise QueryError(
                "what is said is asked for by words, side by side or with OR between them: "
                "leave phrases, fields, NOT and * out, or write them as words of the article"
            )
        groups.append([word.text for word in words if isinstance(word, Word)])
    if sum(map(len, groups)) > MAX_SAID:
        raise QueryError(f"at most {MAX_SAID} words that are said: leave some out")
    return groups


def _check_near(query: Query) -> None:
    if query.role not in (None, "body"):
        raise QueryError(f"near looks at sentences of the text, not at a {query.role}: leave one of them out")
    named = len(query.entities) + bool(query.any_entities)
    if named == 0:
        raise QueryError("near needs an entity: add one, or leave near out")
    if query.mentioned is None and named < 2:
        raise QueryError("near needs a mentioned interval or a second entity: add one, or leave near out")


def check_words(node: Node) -> None:
    leaves = list(_leaves(node, 0))
    if len(leaves) > MAX_LEAVES:
        raise QueryError(f"at most {MAX_LEAVES} words and phrases in one query: leave some out")
    for leaf in leaves:
        if leaf.field is not None and leaf.field not in WORD_FIELDS:
            raise QueryError(f"there is no field {leaf.field!r}: write one of {', '.join(WORD_FIELDS)}")
        words = (leaf.text,) if isinstance(leaf, Word) else leaf.words
        if any(len(word) > MAX_WORD for word in words):
            raise QueryError(f"a word has at most {MAX_WORD} letters: write its beginning, as in sanct*")
        if isinstance(leaf, Phrase):
            if len(leaf.words) > MAX_PHRASE:
                raise QueryError(f"a phrase has at most {MAX_PHRASE} words: write a shorter one")
            if leaf.slop < 0 or placings(len(leaf.words), leaf.slop) > MAX_PLACINGS:
                raise QueryError(f'"…"~{leaf.slop} is too loose: use a smaller number, or fewer words')
        elif leaf.prefix:
            _check_prefix(leaf.text)


def _check_prefix(text: str) -> None:
    if "*" in text or "?" in text:
        raise QueryError("a * stands only at the end of a word: write its beginning, as in sanct*")
    letters = [char for char in text if char.isalnum()]
    # one ideogram says as much as several letters
    if len(letters) < 2 and not any(char > "\u2e80" for char in letters):
        raise QueryError(f"{text}* would match too much: write at least two letters before the *")


def placings(words: int, slop: int) -> int:
    """In how many ways `words` words can lie in order with at most `slop` other words among them."""
    return math.comb(slop + words - 1, words - 1) if words > 1 else 1


def _leaves(node: Node, depth: int) -> Iterator[Word | Phrase]:
    if depth > 2 * MAX_DEPTH:
        raise QueryError(f"at most {MAX_DEPTH} brackets within brackets: write it flatter")
    if isinstance(node, (Word, Phrase)):
        yield node
    elif isinstance(node, Not):
        yield from _leaves(node.part, depth + 1)
    else:
        for part in node.parts:
            yield from _leaves(part, depth + 1)
