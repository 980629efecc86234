"""What is shown of an article beside many others: on a card, and on a timeline.

A store keeps it apart from the whole article, so that an answer made of hundreds of articles reads a
twentieth of each.
"""

from __future__ import annotations

import datetime as dt
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, TypeVar

import msgspec

from dateline.models import Article, Moment

BEGINNING = 91  # characters of a text that stand for a title: one more than are shown
MAX_SENTENCES = 5_000
MAX_SENTENCE = 4_000  # characters of one

# Written down as lists without names of fields: a reader of the card stops where the card ends.


class Card(msgspec.Struct, kw_only=True, array_like=True):
    """An article in a list of others. `text` is its beginning, where there is no title."""

    article_id: str
    title: str | None = None
    text: str = ""
    publisher: str | None = None
    requested_url: str | None = None
    final_url: str | None = None
    canonical_url: str | None = None
    published_at: Moment | None = None
    story: str | None = None


class Dated(msgspec.Struct, array_like=True, gc=False):
    """A sentence that tells of intervals with both their ends.

    `names` are (start, end) offsets into `text`; `dates` are (start, end, number of the interval).
    """

    text: str
    entity_ids: list[str]
    intervals: list[tuple[dt.datetime, dt.datetime]]
    names: list[tuple[int, int]]
    dates: list[tuple[int, int, int]]


class Scene(Card, kw_only=True, array_like=True):
    """An article as a timeline reads it."""

    sentences: list[Dated] = []


Shape = TypeVar("Shape", bound=Card | Article)  # as much of an article as is asked for


def card_of(article: Article) -> Card:
    """The card of an article."""
    return Card(**_card(article))


def scene_of(article: Article) -> Scene:
    """The scene of an article."""
    return Scene(**_card(article), sentences=_dated(article))


def _card(article: Article) -> dict[str, Any]:
    found = {name: getattr(article, name) for name in Card.__struct_fields__}
    return found | {"text": "" if article.title else " ".join(article.text.split())[:BEGINNING]}


def _dated(article: Article) -> list[Dated]:
    found = []
    names = sorted(
        {
            (mention.start, mention.end)
            for entity in article.entities
            for mention in entity.mentions
            if mention.part == "body"
        }
    )
    times = sorted(
        (
            (time.start, time.end, (time.interval.start, time.interval.end))
            for time in article.times
            if time.interval
        ),
        key=itemgetter(0),
    )
    for sentence in article.sentences[:MAX_SENTENCES]:
        bounded = dict.fromkeys(
            (interval.start, interval.end)
            for interval in sentence.intervals
            if interval.start is not None and interval.end is not None
        )
        if not bounded:
            continue
        numbers: dict[Any, int] = {interval: number for number, interval in enumerate(bounded)}
        first, last = sentence.start, min(sentence.end, sentence.start + MAX_SENTENCE)
        found.append(
            Dated(
                text=article.text[first:last],
                entity_ids=sentence.entity_ids,
                intervals=list(bounded),
                names=[(start - first, end - first) for start, end in _within(names, first, last)],
                dates=[
                    (start - first, end - first, numbers[interval])
                    for start, end, interval in _within(times, first, last)
                    if interval in numbers
                ],
            )
        )
    return found


def _within(spans: list[Any], first: int, last: int) -> Iterator[Any]:
    """Those of spans sorted by their starts that lie between two places: each sentence looks at its own
    alone, whatever a stranger's page holds."""
    for at in range(bisect_left(spans, first, key=itemgetter(0)), len(spans)):
        if spans[at][0] >= last:
            break
        if spans[at][1] <= last:
            yield spans[at]


def packed(scene: Scene) -> bytes:
    """A scene as a store keeps it."""
    return zlib.compress(msgspec.json.encode(scene), 6)
