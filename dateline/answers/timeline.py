"""What happened when, as the articles of a search tell it: their sentences by mentioned date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import msgspec

from dateline.models import Interval, Sentence
from dateline.query import Query
from dateline.stores.base import Store

ARTICLES = 300  # how many are read for one timeline: the newest that answer
MOMENTS = 400  # sentences shown


class Span(msgspec.Struct, gc=False):
    """Where a mention stands."""

    start: int
    end: int
    part: str = "body"


class Named(msgspec.Struct):
    """An entity's mentions."""

    mentions: list[Span] = []


class Time(msgspec.Struct):
    """A time expression and what it stands for."""

    start: int
    end: int
    interval: Interval | None = None


class Scene(msgspec.Struct, kw_only=True):
    """The part of an article that a timeline shows; a store reads it without the rest."""

    article_id: str
    title: str | None = None
    text: str = ""
    publisher: str | None = None
    story: str | None = None
    entities: list[Named] = []
    times: list[Time] = []
    sentences: list[Sentence] = []


@dataclass(slots=True, kw_only=True)
class Moment:
    """One sentence with the interval it tells of, and where else the same story says so."""

    interval: Interval
    text: str
    marks: list[tuple[int, int, str]]
    article_id: str
    title: str | None
    publisher: str | None
    story: str | None = None
    also: list[tuple[str, str]] = field(default_factory=list)  # (article_id, publisher)

    @property
    def start(self) -> dt.datetime:
        """The first instant."""
        return self.interval.start or dt.datetime.min


@dataclass(slots=True, kw_only=True)
class Timeline:
    """Moments by date; `articles` is how many of `total` were read."""

    moments: list[Moment]
    articles: int
    total: int


@dataclass(slots=True)
class _Found:
    """A moment before its sentence is read: most of them are not shown."""

    scene: Scene
    sentence: Sentence
    also: list[tuple[str, str]] = field(default_factory=list)


def timeline(store: Store, query: Query) -> Timeline:
    """The timeline of a search: one line for each story and date.

    Where the query names entities, sentences that name one; where it gives a mentioned interval,
    sentences that tell of a time in it.

    Raises:
        QueryError: the query can't be run.
    """
    read = store.skim(replace(query, sort="newest", limit=ARTICLES, cursor=None), Scene)
    names = [*query.entities, *query.any_entities]
    ids = {id for name in names for id in read.entities.get(name, [])}
    return Timeline(
        moments=moments(read.articles, ids if names else None, query.mentioned),
        articles=len(read.articles),
        total=read.total,
    )


def moments(
    scenes: Iterable[Scene], ids: set[str] | None = None, within: Interval | None = None
) -> list[Moment]:
    """Sentences with a bounded interval, by date; the same interval in one story is one line."""
    found: dict[tuple[Interval, str], _Found] = {}
    for scene in scenes:
        for sentence in scene.sentences:
            if not sentence.intervals or (ids is not None and ids.isdisjoint(sentence.entity_ids)):
                continue
            for interval in dict.fromkeys(sentence.intervals):
                if interval.start is None or interval.end is None:
                    continue
                if within is not None and not interval.overlaps(within):
                    continue
                key = (interval, scene.story or scene.article_id)
                standing = found.get(key)
                if standing is None:
                    found[key] = _Found(scene, sentence)
                elif scene.article_id != standing.scene.article_id:
                    other = (scene.article_id, scene.publisher or "another")
                    if other not in standing.also:
                        standing.also.append(other)
    ordered = sorted(found.items(), key=lambda item: _place(item[0][0], item[1].scene))
    return [_moment(one, interval) for (interval, _), one in ordered[:MOMENTS]]


def _place(interval: Interval, scene: Scene) -> tuple[dt.datetime, dt.datetime, str]:
    assert interval.start is not None and interval.end is not None
    return interval.start, interval.end, scene.article_id


def _moment(found: _Found, interval: Interval) -> Moment:
    scene, start, end = found.scene, found.sentence.start, found.sentence.end
    marks = [
        (mention.start - start, mention.end - start, "entity")
        for entity in scene.entities
        for mention in entity.mentions
        if mention.part == "body" and start <= mention.start and mention.end <= end
    ]
    marks += [
        (time.start - start, time.end - start, "date")
        for time in scene.times
        if time.interval == interval and start <= time.start and time.end <= end
    ]
    return Moment(
        interval=interval,
        text=scene.text[start:end],
        marks=sorted(marks),
        article_id=scene.article_id,
        title=scene.title,
        publisher=scene.publisher,
        story=scene.story,
        also=found.also,
    )
