"""Sources: when each is asked next, what each poll read, and the files that a source consists of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.tables import listings, polls, read_by, readings

CLAIM = dt.timedelta(minutes=15)  # a poll that was begun and never noted is due again after this


@dataclass(slots=True, kw_only=True)
class Due:
    """A source that this run has claimed, with the data interval [start, end) that its poll covers."""

    source: str
    start: dt.datetime
    end: dt.datetime
    missed: bool  # the interval is longer than the source's own: some were missed
    interval: dt.timedelta
    polls: int
    failures: int


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one poll read. `archives`: (url, where that listing lies in the archive)."""

    source: str
    start: dt.datetime
    end: dt.datetime
    outcome: str  # "read", "unchanged", "failed"
    reason: str = ""
    requests: int = 0
    links: int = 0
    new: int = 0
    archives: list[tuple[str, str]] = field(default_factory=list)
    at: dt.datetime | None = None


@dataclass(slots=True, kw_only=True)
class Listing:
    """A feed, a sitemap, a page: what is known of the last time that it was read."""

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    modified: dt.datetime | None = None
    body_hash: str | None = None
    archive: str | None = None
    read_at: dt.datetime | None = None
    is_index: bool = False
    same: int = 0


class Polls(Base):
    """Polls of sources."""

    def claim_polls(
        self, floors: dict[str, dt.timedelta], *, due_only: bool = True, most: int = 1000
    ) -> list[Due]:
        """Take the polls that are due now; each is given to one asker only.

        Args:
            floors: source → the shortest time between two polls of it.
            due_only: False takes them before their time, too.
        """
        at = now()
        claimed: list[Due] = []
        with self._write() as connection:
            if floors:
                connection.execute(
                    self._insert(polls).on_conflict_do_nothing(),
                    [
                        {
                            "source": name,
                            "next_poll": at,
                            "interval": floor.total_seconds(),
                            **dict.fromkeys(("polls", "news", "failures"), 0),
                        }
                        for name, floor in sorted(floors.items())
                    ],
                )
            query = sa.select(polls).order_by(polls.c.next_poll, polls.c.source)
            if due_only:
                query = query.where(polls.c.next_poll <= at)
            for row in connection.execute(query).all():
                if row.source not in floors or len(claimed) >= most:
                    continue
                took = connection.execute(
                    polls.update()
                    .where(polls.c.source == row.source, polls.c.next_poll == row.next_poll)
                    .values(next_poll=at + CLAIM)
                ).rowcount
                if took:
                    interval = dt.timedelta(seconds=row.interval)
                    start = row.covered_to or at - interval
                    claimed.append(
                        Due(
                            source=row.source,
                            start=start,
                            end=at,
                            missed=at - start > 2 * interval,
                            interval=interval,
                            polls=row.polls,
                            failures=row.failures,
                        )
                    )
        return claimed

    def note_reading(
        self, reading: Reading, run_id: str | None, next_poll: dt.datetime, interval: dt.timedelta
    ) -> None:
        """Note what a poll read and when the source is polled next; a failed one covers nothing."""
        failed = reading.outcome == "failed"
        at = now()
        values: dict[str, Any] = {
            "next_poll": next_poll,
            "interval": interval.total_seconds(),
            "polls": polls.c.polls + 1,
            "last_poll": at,
            "failures": polls.c.failures + 1 if failed else 0,
            "reason": clean(reading.reason)[:2000] if failed else None,
        }
        if not failed:
            values["covered_to"] = reading.end
        if reading.new:
            values |= {"news": polls.c.news + 1, "last_new": at, "quiet_since": None}
        with self._write() as connection:
            self._note(connection, reading, at, run_id)
            connection.execute(polls.update().where(polls.c.source == reading.source).values(values))

    def _note(self, connection: sa.Connection, reading: Reading, at: dt.datetime, run_id: str | None) -> None:
        number = connection.scalar(
            readings.insert()
            .returning(readings.c.number)
            .values(
                source=reading.source,
                start=reading.start,
                end=reading.end,
                at=at,
                outcome=reading.outcome,
                reason=clean(reading.reason)[:2000],
                requests=reading.requests,
                links=reading.links,
                new=reading.new,
                archives=json.dumps(reading.archives),
            )
        )
        if run_id is not None:
            connection.execute(read_by.insert().values(number=number, run_id=run_id))

    def note_backfill(self, reading: Reading, run_id: str | None = None) -> None:
        """Note a reading of a past interval: the source's own times stay as they are."""
        with self._write() as connection:
            self._note(connection, reading, now(), run_id)

    def readings(
        self,
        source: str | None = None,
        start: dt.datetime | None = None,
        end: dt.datetime | None = None,
        limit: int = 10_000,
        run_id: str | None = None,
    ) -> list[Reading]:
        """Readings whose interval touches [start, end), oldest first; of one run, if it is named."""
        query = sa.select(readings).order_by(readings.c.number.desc()).limit(limit)
        if source is not None:
            query = query.where(readings.c.source == source)
        if run_id is not None:
            query = query.join(read_by, read_by.c.number == readings.c.number).where(
                read_by.c.run_id == run_id
            )
        if start is not None:
            query = query.where(readings.c.end > start)
        if end is not None:
            query = query.where(readings.c.start < end)
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Reading(
                **{key: row[key] for key in Reading.__dataclass_fields__ if key != "archives"},
                archives=[(url, place) for url, place in json.loads(row["archives"])],
            )
            for row in reversed(rows)
        ]

    def poll_rows(self) -> list[dict[str, Any]]:
        """Each source that was ever polled, with its times and counts, by name."""
        with self._read() as connection:
            return [
                dict(row) for row in connection.execute(sa.select(polls).order_by(polls.c.source)).mappings()
            ]

    def set_quiet(self, source: str, since: dt.datetime | None) -> bool:
        """Note that a source has gone quiet (or speaks again); False where that was known."""
        known = polls.c.quiet_since
        with self._write() as connection:
            changed = connection.execute(
                polls.update()
                .where(polls.c.source == source, known.is_(None) if since else known.is_not(None))
                .values(quiet_since=since)
            ).rowcount
        return bool(changed)

    def next_poll(self, sources: Iterable[str]) -> dt.datetime | None:
        """When the first of these sources is polled next."""
        with self._read() as connection:
            wanted = set(sources)
            rows = connection.execute(sa.select(polls.c.source, polls.c.next_poll)).all()
        return min((row.next_poll for row in rows if row.source in wanted), default=None)

    def listings_of(self, urls: Sequence[str]) -> dict[str, Listing]:
        """What is known of these listings."""
        by_hash = {_hash(url): url for url in urls}
        found: dict[str, Listing] = {}
        hashes = sorted(by_hash)
        with self._read() as connection:
            for start in range(0, len(hashes), BATCH):
                query = sa.select(listings).where(listings.c.url_hash.in_(hashes[start : start + BATCH]))
                for row in connection.execute(query).mappings():
                    values = {key: row[key] for key in Listing.__dataclass_fields__}
                    found[by_hash[row["url_hash"]]] = Listing(**values)
        return found

    def keep_listings(self, kept: Iterable[Listing]) -> None:
        """Note listings that were read."""
        rows = [
            {"url_hash": _hash(one.url)}
            | {key: clean(getattr(one, key)) for key in Listing.__dataclass_fields__}
            for one in kept
        ]
        if not rows:
            return
        insert = self._insert(listings)
        with self._write() as connection:
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["url_hash"],
                    set_={key: insert.excluded[key] for key in Listing.__dataclass_fields__},
                ),
                sorted(rows, key=lambda row: str(row["url_hash"])),
            )


def _hash(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).hexdigest()
