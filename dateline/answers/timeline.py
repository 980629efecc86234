"""What happened when, as the articles of a search tell it: their sentences by mentioned date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dateline.models import Interval
from dateline.query import Query
from dateline.stores.base import Store
from dateline.texts.scenes import Dated, Scene

ARTICLES = 300  # how many are read for one timeline: the newest that answer
MOMENTS = 400  # sentences shown


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
    """A moment before its line is made: most of them are not shown."""

    scene: Scene
    sentence: Dated
    number: int  # of the interval in the sentence
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
    first = within.start if within and within.start else dt.datetime.min
    last = within.end if within and within.end else dt.datetime.max
    found: dict[tuple[dt.datetime, dt.datetime, str], _Found] = {}
    for scene in scenes:
        story = scene.story or scene.article_id
        for sentence in scene.sentences:
            if ids is not None and ids.isdisjoint(sentence.entity_ids):
                continue
            for number, (start, end) in enumerate(sentence.intervals):
                if start >= last or end <= first:
                    continue
                key = (start, end, story)
                standing = found.get(key)
                if standing is None:
                    found[key] = _Found(scene, sentence, number)
                elif scene.article_id != standing.scene.article_id:
                    other = (scene.article_id, scene.publisher or "another")
                    if other not in standing.also:
                        standing.also.append(other)
    ordered = sorted(found.items(), key=lambda item: (*item[0][:2], item[1].scene.article_id))
    return [_moment(one, Interval(start=start, end=end)) for (start, end, _), one in ordered[:MOMENTS]]


def _moment(found: _Found, interval: Interval) -> Moment:
    scene, sentence = found.scene, found.sentence
    marks = [(start, end, "entity") for start, end in sentence.names]
    marks += [(start, end, "date") for start, end, number in sentence.dates if number == found.number]
    return Moment(
        interval=interval,
        text=sentence.text,
        marks=sorted(marks),
        article_id=scene.article_id,
        title=scene.title,
        publisher=scene.publisher,
        story=scene.story,
        also=found.also,
    )
