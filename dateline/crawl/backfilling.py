"""Past intervals, day by day: what was read is read again from the archive, the rest is asked for once.

Each day is an interval of its own on record, with what was read for it and where that lies. So a
backfill is many small ones: given again it asks nobody and gives the same, one that failed in the
middle is repeated for the days that it lacks, and days that an ordinary poll covered are not asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dateline.crawl.polling import DAY, Poll, reread
from dateline.journal.polls import Reading
from dateline.models import Link
from dateline.sources.backfill import Days, is_dated, within
from dateline.workshop import Workshop


@dataclass(slots=True, kw_only=True)
class Past:
    """A source's past days: those on record, with their readings, and those that are to be asked for."""

    poll: Poll
    known: dict[dt.date, list[Reading]]
    missing: list[dt.date]


def past(shop: Workshop, one: Poll) -> Past:
    """What is on record of a backfill's days; the poll is shortened to what is not."""
    start, end = one.reading.start, one.reading.end
    days = [start.date() + number * DAY for number in range((end - start).days)]
    readings = shop.journal.readings(one.source.name, start, end + DAY)
    known = {day: found for day in days if (found := _covering(readings, day)) is not None}
    missing = [day for day in days if day not in known]
    if missing:
        one.reading.start, one.reading.end = _midnight(missing[0]), _midnight(missing[-1] + DAY)
        one.days = len(missing)
    return Past(poll=one, known=known, missing=missing)


def _covering(readings: Iterable[Reading], day: dt.date) -> list[Reading] | None:
    """The readings that cover a whole day between them, with those of the day after, since some list late;
    None where a part of the day was not read."""
    start, end = _midnight(day), _midnight(day + DAY)
    told = [one for one in readings if one.outcome != "failed" and one.start < end + DAY and one.end > start]
    to = start
    for one in sorted(told, key=lambda one: one.start):
        if one.start > to:
            return None
        to = max(to, one.end)
    return told if to >= end else None


def settle(shop: Workshop, found: Past, run_id: str | None) -> list[str]:
    """Put the days' links into the frontier, due now, and note each day; the ids of those that were new.

    The poll's links are afterwards those of its days, each once.
    """
    one, live = found.poll, list(found.poll.links.values())
    one.links = {}
    new: list[str] = []
    for day in sorted([*found.known, *found.missing]):
        reading = replace(one.reading, start=_midnight(day), end=_midnight(day + DAY), requests=0)
        if day in found.known:
            links = reread(shop, one.source, found.known[day])
            reading.outcome, reading.reason = "read", "from the archive"
            # several readings of a day may name one listing
            reading.archives = list(
                dict.fromkeys(pair for past in found.known[day] for pair in past.archives)
            )
        else:
            # of a feed or a page, unlike of a sitemap, what has no date is of today
            dated = one.source.kind in ("feed", "section")
            links = [link for link in live if is_dated(link)] if dated else live
            reading.requests = one.reading.requests if day == found.missing[0] else 0
        links = _of(one, links, day)
        fresh = shop.journal.add_links(links)
        shop.journal.name_links(link for link in links if link.link_id not in set(fresh))
        reading.links, reading.new = len(links), len(fresh)
        shop.journal.wake_links(link.link_id for link in links)
        shop.journal.note_backfill(reading, run_id)
        new += fresh
        one.links |= {link.link_id: link for link in links if link.link_id not in one.links}
    shop.journal.keep_listings(one.listings)
    return new


def _of(one: Poll, links: Sequence[Link], day: dt.date) -> list[Link]:
    if one.source.since is not None and day < one.source.since:
        return []
    return within(links, Days(day, day + DAY))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
