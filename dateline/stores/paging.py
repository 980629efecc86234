"""Cursors: where a page ended, so that the next one goes on there, whatever was written between."""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from dateline.models import to_json
from dateline.query import And, Node, Not, Or, Query, QueryError, Word

# How far a list by relevance may be read: each page collects all that stand before it. Lists by
# date go on without an end.
MAX_DEPTH = 10_000

Order = Literal["relevance", "newest", "oldest"]


def order_of(query: Query) -> Order:
    """The order in which hits stand: where no word counts for relevance, the newest come first."""
    ranks = query.words is not None and _counts(query.words)
    return "newest" if query.sort == "relevance" and not ranks else query.sort


def _counts(node: Node) -> bool:
    """Whether some texts that a node finds are more relevant than others: not for prefixes alone."""
    if isinstance(node, Not):
        return False
    if isinstance(node, And | Or):
        return any(map(_counts, node.parts))
    return not (isinstance(node, Word) and node.prefix)


@dataclass(slots=True, frozen=True)
class Place:
    """The place of a hit: how many stood before and with it, its score (0 in lists by date), its sort
    key (`Document.newest`, or `oldest` in that order) and its document id."""

    seen: int = 0
    score: float = 0.0
    key: int = 0
    id: str = ""


def encode(query: Query, place: Place) -> str:
    """The cursor of the page after `place`."""
    packed = [_signature(query), place.seen, place.score, place.key, place.id]
    return base64.urlsafe_b64encode(json.dumps(packed).encode()).decode().rstrip("=")


def decode(query: Query) -> Place | None:
    """The place after which the query's page starts; None for the first page.

    Raises:
        QueryError: the cursor is no cursor, is another query's, or leads deeper than `MAX_DEPTH`.
    """
    if query.cursor is None:
        return None
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        signature, seen, score, key, id = json.loads(base64.urlsafe_b64decode(padded))
        place = Place(int(seen), float(score), int(key), str(id))
    except (ValueError, TypeError):
        raise QueryError(
            "this is no cursor: take the one that the last answer gave, or leave it out"
        ) from None
    if signature != _signature(query):
        raise QueryError("this cursor belongs to another query: leave it out to start from the first page")
    if order_of(query) == "relevance" and not 0 <= place.seen <= MAX_DEPTH - query.limit:
        raise QueryError(
            f"a list by relevance ends after {MAX_DEPTH:,} hits: narrow it by date or entity, "
            "or sort by newest to read on"
        )
    return place


def _signature(query: Query) -> str:
    """What a cursor belongs to: all of the query but the page."""
    same = dataclasses.replace(query, cursor=None, limit=0)
    return blake2b(to_json(same), digest_size=6).hexdigest()
