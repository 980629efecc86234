"""What a draft of a saved search would have sent over past days: before it wakes anybody at night."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from dateline.alerts.model import Alert, SavedSearch
from dateline.alerts.notice import alert_of
from dateline.models import Interval
from dateline.query import MAX_LIMIT
from dateline.stores.base import Store


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """The messages of `days` days, oldest first; `articles` answered, those of one story counted each.

    `per_day` has ISO day → messages, days without any included. `whole` is False where more answered
    than were looked at.
    """

    search: str
    first: dt.date
    last: dt.date
    articles: int
    messages: list[Alert] = field(default_factory=list)
    per_day: dict[str, int] = field(default_factory=dict)
    whole: bool = True


def rehearse(store: Store, search: SavedSearch, days: int, until: dt.date) -> Rehearsal:
    """Rehearse over the `days` days that end with `until`, by day of publication.

    Raises:
        QueryError: the search can't be run.
        StoreUnavailable: the store can't be reached.
    """
    first = until - dt.timedelta(days=days - 1)
    query = search.query()
    window = Interval(
        start=dt.datetime.combine(first, dt.time()),
        end=dt.datetime.combine(until + dt.timedelta(days=1), dt.time()),
    )
    asked = query.published
    query.published = _both(window, asked) if asked else window
    query.sort, query.limit = "oldest", MAX_LIMIT
    answer = store.search(query)
    found = Rehearsal(
        search=search.name, first=first, last=until, articles=answer.total, whole=answer.total <= MAX_LIMIT
    )
    found.per_day = {(first + dt.timedelta(days=n)).isoformat(): 0 for n in range(days)}
    told: set[str] = set()
    for hit in answer.hits:
        story = hit.article.story or hit.article.article_id
        if story in told:
            continue
        told.add(story)
        alert = alert_of(store, search.name, query, hit.article)
        found.messages.append(alert)
        day = (alert.published_at or "")[:10]
        if day in found.per_day:
            found.per_day[day] += 1
    return found


def _both(one: Interval, other: Interval) -> Interval:
    """What two intervals share; an empty one where they share nothing."""
    starts = [value for value in (one.start, other.start) if value is not None]
    ends = [value for value in (one.end, other.end) if value is not None]
    start, end = max(starts), min(ends)
    return Interval(start=start, end=max(start, end))
