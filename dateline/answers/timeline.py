"""What happened when, as the articles of a search tell it: their sentences by mentioned date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dateline.models import Article, Interval, Sentence
from dateline.query import Query
from dateline.stores.base import Hit, Store

PAGES, PAGE = 3, 100  # how many articles are read for one timeline: the newest that answer
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


def timeline(store: Store, query: Query) -> Timeline:
    """The timeline of a search: one line for each story and date.

    Where the query names entities, sentences that name one; where it gives a mentioned interval,
    sentences that tell of a time in it.

    Raises:
        QueryError: the query can't be run.
    """
    asked = replace(query, sort="newest", limit=PAGE, cursor=None)
    hits: list[Hit] = []
    ids: set[str] = set()
    total = 0
    for _ in range(PAGES):
        answer = store.search(asked)
        hits += answer.hits
        total = answer.total
        names = [*query.entities, *query.any_entities]
        ids |= {id for name in names for id in answer.entities.get(name, [])}
        if answer.cursor is None:
            break
        asked.cursor = answer.cursor
    named = bool(query.entities or query.any_entities)
    return Timeline(
        moments=moments((hit.article for hit in hits), ids if named else None, query.mentioned),
        articles=len(hits),
        total=total,
    )


def moments(
    articles: Iterable[Article], ids: set[str] | None = None, within: Interval | None = None
) -> list[Moment]:
    """Sentences with a bounded interval, by date; the same interval in one story is one line."""
    found: dict[tuple[Interval, str], Moment] = {}
    for article in articles:
        for sentence in article.sentences:
            if ids is not None and not ids.intersection(sentence.entity_ids):
                continue
            for interval in dict.fromkeys(sentence.intervals):
                if interval.start is None or interval.end is None:
                    continue
                if within is not None and not interval.overlaps(within):
                    continue
                key = (interval, article.story or article.article_id)
                standing = found.get(key)
                if standing is None:
                    found[key] = _moment(article, sentence, interval)
                elif article.article_id != standing.article_id:
                    other = (article.article_id, article.publisher or "another")
                    if other not in standing.also:
                        standing.also.append(other)
    ordered = sorted(found.values(), key=lambda one: (one.start, one.interval.end, one.article_id))
    return ordered[:MOMENTS]


def _moment(article: Article, sentence: Sentence, interval: Interval) -> Moment:
    start, end = sentence.start, sentence.end
    marks = [
        (mention.start - start, mention.end - start, "entity")
        for entity in article.entities
        for mention in entity.mentions
        if mention.part == "body" and start <= mention.start and mention.end <= end
    ]
    marks += [
        (time.start - start, time.end - start, "date")
        for time in article.times
        if time.interval == interval and start <= time.start and time.end <= end
    ]
    return Moment(
        interval=interval,
        text=article.text[start:end],
        marks=sorted(marks),
        article_id=article.article_id,
        title=article.title,
        publisher=article.publisher,
        story=article.story,
    )
