"""What is shown of an article beside many others: on a card, and on a timeline.

A store keeps it apart from the whole article, so that an answer made of hundreds of articles reads a
twentieth of each.
"""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any, TypeVar

import msgspec

from dateline.models import Article, Moment

BEGINNING = 91  # characters of a text that stand for a title: one more than are shown

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


Shape = TypeVar("Shape", bound=Card)


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
        (mention.start, mention.end)
        for entity in article.entities
        for mention in entity.mentions
        if mention.part == "body"
    )
    for sentence in article.sentences:
        bounded = dict.fromkeys(
            (interval.start, interval.end)
            for interval in sentence.intervals
            if interval.start is not None and interval.end is not None
        )
        if not bounded:
            continue
        numbers = {interval: number for number, interval in enumerate(bounded)}
        first, last = sentence.start, sentence.end
        found.append(
            Dated(
                text=article.text[first:last],
                entity_ids=sentence.entity_ids,
                intervals=list(bounded),
                names=[
                    (start - first, end - first) for start, end in names if first <= start and end <= last
                ],
                dates=[
                    (time.start - first, time.end - first, numbers[interval])
                    for time in article.times
                    if time.interval is not None
                    and first <= time.start
                    and time.end <= last
                    and (interval := (time.interval.start, time.interval.end)) in numbers
                ],
            )
        )
    return found


def packed(scene: Scene) -> bytes:
    """A scene as a store keeps it."""
    return zlib.compress(msgspec.json.encode(scene), 6)


def unpacked(body: bytes, shape: type[Shape]) -> Shape:
    """As much of a kept scene as `shape` reads."""
    return msgspec.json.decode(zlib.decompress(body), type=shape)
