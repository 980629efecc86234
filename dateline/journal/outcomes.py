"""N links in, N outcomes out: noted before the work, written down after it, counted at the end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.engine import JournalError
from dateline.journal.tables import attempts, items, links, runs
from dateline.journal.types import Result, Summary
from dateline.models import Link, Outcome, from_json, to_json


class Outcomes(Base):
    """The links of a run and what became of them."""

    def expect(self, run_id: str, expected: Iterable[Link]) -> list[Link]:
        """Note links before any work on them, all or none; those to work on are returned, in order.

        A link that the run already has at another place gets its row too, with the outcome
        DUPLICATE, and is not returned. Called again with the same links (a retried task) it adds
        nothing, and returns those that are still pending.
        """
        given = list(expected)
        placed = list(zip(given, _places(given), strict=True))
        todo: list[Link] = []
        with self._write() as connection:
            for start in range(0, len(placed), BATCH):
                todo += self._expect(connection, run_id, placed[start : start + BATCH])
        return todo

    def _expect(
        self, connection: sa.Connection, run_id: str, placed: Sequence[tuple[Link, str]]
    ) -> list[Link]:
        at = now()
        have: dict[str, dict[str, sa.Row[Any]]] = {}
        query = (
            sa.select(attempts.c.link_id, attempts.c.place, attempts.c.main, attempts.c.outcome)
            .where(attempts.c.run_id == run_id, attempts.c.link_id.in_({link.link_id for link, _ in placed}))
            .order_by(attempts.c.attempt)
        )
        for row in connection.execute(query):
            have.setdefault(row.link_id, {})[row.place] = row
        new_links: dict[str, dict[str, Any]] = {}
        new_items: dict[str, dict[str, Any]] = {}
        new_rows: list[dict[str, Any]] = []
        todo: list[Link] = []
        mains = set(have)
        for link, place in placed:
            known = have.get(link.link_id, {}).get(place)
            if known is not None:
                if known.main and known.outcome is None:
                    todo.append(link)
                continue
            packed = _packed(link)
            item_hash = hashlib.sha256(packed.encode()).hexdigest()
            main = link.link_id not in mains
            mains.add(link.link_id)
            if main:
                todo.append(link)
            title = (link.item.title if link.item else None) or link.hints.get("title")
            new_links.setdefault(
                link.link_id,
                {
                    "link_id": link.link_id,
                    "url": clean(link.url),
                    "title": clean(title),
                    "source": clean(link.source),
                    "first_seen": at,
                },
            )
            new_items[item_hash] = {
                "item_hash": item_hash,
                "link_id": link.link_id,
                "link": packed,
            }
            new_rows.append(
                {
                    "run_id": run_id,
                    "link_id": link.link_id,
                    "place": place,
                    "attempt": 1,
                    "main": main,
                    "item_hash": item_hash,
                    "source": clean(link.source),
                    "outcome": None if main else Outcome.DUPLICATE.value,
                    "reason": None if main else "the same link stands elsewhere in this run",
                    "started": at,
                    "ended": None if main else at,
                }
            )
        if new_rows:
            # in one order in every process, or two of them could each wait for the other's row
            for table, rows in ((links, new_links), (items, new_items)):
                ordered = [rows[key] for key in sorted(rows)]
                connection.execute(self._insert(table).on_conflict_do_nothing(), ordered)
            connection.execute(attempts.insert(), new_rows)
        return todo

    def record(self, run_id: str, results: Iterable[Result]) -> int:
        """Write outcomes, in one transaction; returns how many were new.

        The first outcome of an attempt stands: what a retried task says again changes nothing.

        Raises:
            JournalError: a link that the run does not expect.
        """
        by_link = {result.link_id: result for result in sorted(results, key=lambda each: each.link_id)}
        at, written = now(), 0
        with self._write() as connection:
            pending = self._latest(connection, run_id, by_link)
            unknown = by_link.keys() - pending.keys()
            if unknown:
                raise JournalError(f"run {run_id} does not expect {', '.join(sorted(unknown)[:3])}")
            fresh = [
                result if result.archive else replace(result, archive=pending[id_].archive)  # as noted before
                for id_, result in by_link.items()
                if pending[id_].outcome is None
            ]
            for start in range(0, len(fresh), BATCH):
                part = fresh[start : start + BATCH]
                connection.execute(
                    attempts.update()
                    .where(attempts.c.number == sa.bindparam("_number"), attempts.c.outcome.is_(None))
                    .values(
                        {
                            name: sa.bindparam(f"_{name}")
                            for name in ("outcome", "reason", "status", "archive", "article_id", "ended")
                        }
                    ),
                    [_row(result, at) | {"_number": pending[result.link_id].number} for result in part],
                )
                kept = ("article_id", "content_hash", "etag", "last_modified")
                connection.execute(
                    links.update()
                    .where(links.c.link_id == sa.bindparam("_link_id"))
                    .values(
                        {
                            "outcome": sa.bindparam("_outcome"),
                            "reason": sa.bindparam("_reason"),
                            "last_ended": sa.bindparam("_ended"),
                            "last_run": sa.bindparam("_run_id"),
                        }
                        | {
                            name: sa.func.coalesce(sa.bindparam(f"_{name}", type_=sa.Text), links.c[name])
                            for name in kept
                        }
                        # what a replay reads is the newest, whichever came last
                        | {
                            "archive": sa.case(
                                (
                                    sa.bindparam("_older", type_=sa.Boolean),
                                    sa.func.coalesce(
                                        links.c.archive, sa.bindparam("_archive", type_=sa.Text)
                                    ),
                                ),
                                else_=sa.func.coalesce(
                                    sa.bindparam("_archive", type_=sa.Text), links.c.archive
                                ),
                            )
                        }
                    ),
                    [
                        _row(result, at)
                        | {"_link_id": result.link_id, "_run_id": run_id, "_older": result.older}
                        for result in part
                    ],
                )
                written += len(part)
        return written

    def retry(self, run_id: str, link_ids: Iterable[str]) -> int:
        """Open another attempt for links that ended in this run; returns how many."""
        wanted = list(dict.fromkeys(link_ids))
        with self._write() as connection:
            done = [
                row for row in self._latest(connection, run_id, wanted).values() if row.outcome is not None
            ]
            if done:
                connection.execute(
                    attempts.insert(),
                    [
                        {
                            "run_id": run_id,
                            "link_id": row.link_id,
                            "place": row.place,
                            "attempt": row.attempt + 1,
                            "main": True,
                            "item_hash": row.item_hash,
                            "source": row.source,
                            "started": now(),
                        }
                        for row in done
                    ],
                )
        return len(done)

    def again(self, run_id: str, captures: Iterable[Link]) -> list[Link]:
        """Take up links that this run has at another place, too, once those there have ended: the places
        of these become main ones. Those to work on are returned; one that was taken up and ended is not.
        """
        todo = []
        with self._write() as connection:
            for link in captures:
                query = sa.select(attempts).where(
                    attempts.c.run_id == run_id, attempts.c.link_id == link.link_id
                )
                rows = connection.execute(query).all()
                own = [row for row in rows if row.place == _places([link])[0]]
                if own and not own[0].main:
                    connection.execute(
                        attempts.update()
                        .where(attempts.c.number == own[0].number)
                        .values(
                            attempt=max(row.attempt for row in rows) + 1,
                            main=True,
                            outcome=None,
                            reason=None,
                            ended=None,
                        )
                    )
                if own and (not own[0].main or own[-1].outcome is None):
                    todo.append(link)
        return todo

    def _latest(
        self, connection: sa.Connection, run_id: str, link_ids: Iterable[str]
    ) -> dict[str, sa.Row[Any]]:
        """The last attempt of each link's main row."""
        found: dict[str, sa.Row[Any]] = {}
        wanted = list(link_ids)
        for start in range(0, len(wanted), BATCH):
            query = (
                sa.select(attempts)
                .where(
                    attempts.c.run_id == run_id,
                    attempts.c.main,
                    attempts.c.link_id.in_(wanted[start : start + BATCH]),
                )
                .order_by(attempts.c.attempt)
            )
            found |= {row.link_id: row for row in connection.execute(query)}
        return found

    def pending(self, run_id: str) -> list[Link]:
        """The links of a run that have no outcome yet, as their source gave them, in order."""
        query = (
            sa.select(items.c.link)
            .join(attempts, attempts.c.item_hash == items.c.item_hash)
            .where(attempts.c.run_id == run_id, attempts.c.main, attempts.c.outcome.is_(None))
            .order_by(attempts.c.number)
        )
        with self._read() as connection:
            return [from_json(text, Link) for text in connection.scalars(query)]

    def links(self, link_ids: Iterable[str]) -> dict[str, list[Link]]:
        """All that sources ever said of these links, for a replay."""
        wanted = list(dict.fromkeys(link_ids))
        found: dict[str, list[Link]] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(items).where(items.c.link_id.in_(wanted[start : start + BATCH]))
                for row in connection.execute(query.order_by(items.c.item_hash)):
                    found.setdefault(row.link_id, []).append(from_json(row.link, Link))
        return found

    def check(self, run_id: str) -> Summary:
        """N links in, N outcomes out.

        Raises:
            JournalError: links are without an outcome, or there is no such run.
        """
        summary = self.summary(run_id)
        if summary.pending:
            raise JournalError(
                f"run {run_id}: {summary.links} links in, {summary.links - summary.pending} outcomes out; "
                f"{summary.pending} have none, the next run takes them up"
            )
        if sum(summary.outcomes.values()) != summary.links:
            raise JournalError(f"run {run_id}: {summary.links} links in, but {summary.outcomes.total()} out")
        return summary

    def summary(self, run_id: str) -> Summary:
        """Counts by outcome, reason and source; of each link in the run its last attempt."""
        last = _last_attempts().where(attempts.c.run_id == run_id).subquery()
        query = sa.select(last.c.source, last.c.outcome, last.c.reason, sa.func.count()).group_by(
            last.c.source, last.c.outcome, last.c.reason
        )
        places = sa.select(
            sa.func.count(sa.distinct(attempts.c.link_id + sa.literal("\n") + attempts.c.place))
        ).where(attempts.c.run_id == run_id)
        summary = Summary()
        with self._read() as connection:
            if connection.scalar(sa.select(runs.c.run_id).where(runs.c.run_id == run_id)) is None:
                raise JournalError(f"no run {run_id}")
            summary.links = connection.scalar(places) or 0
            for source, outcome, reason, count in connection.execute(query):
                key = outcome or "pending"
                summary.sources.setdefault(source, Counter())[key] += count
                if outcome is None:
                    summary.pending += count
                else:
                    summary.outcomes[outcome] += count
                    summary.reasons[outcome, reason or ""] += count
        return summary


def _row(result: Result, now: dt.datetime) -> dict[str, Any]:
    return {
        "_outcome": result.outcome.value,
        "_reason": clean(result.reason)[:2000],
        "_status": result.status,
        "_archive": result.archive,
        "_article_id": result.article_id,
        "_content_hash": result.content_hash,
        "_etag": clean(result.etag),
        "_last_modified": clean(result.last_modified),
        "_ended": now,
    }


def _packed(link: Link) -> str:
    """The link as JSON; a lone surrogate, which no JSON can hold, becomes a question mark."""
    try:
        return to_json(link).decode()
    except UnicodeEncodeError:
        text = json.dumps(asdict(link), ensure_ascii=False, default=str)
        return text.encode("utf-8", "replace").decode()


def _places(given: Sequence[Link]) -> list[str]:
    """Where each link stands, the same for the same input; the nth of one place is told apart."""
    seen: Counter[tuple[str, str]] = Counter()
    places = []
    for link in given:
        place = str(clean(link.source))
        if link.item is not None:
            place += clean(f" {link.item.file}:{link.item.start_line}")
        elif "record" in link.hints:  # of a WARC file: each capture of an address is a place of its own
            place += clean(f" {link.hints['record']}")
        seen[link.link_id, place] += 1
        nth = seen[link.link_id, place]
        places.append(place if nth == 1 else f"{place} #{nth}")
    return places


def _last_attempts() -> sa.Select[Any]:
    """Of each link and place in a run the row with the highest attempt."""
    later = attempts.alias()
    return sa.select(attempts).where(
        ~sa.exists(
            sa.select(later.c.number).where(
                later.c.run_id == attempts.c.run_id,
                later.c.link_id == attempts.c.link_id,
                later.c.place == attempts.c.place,
                later.c.attempt > attempts.c.attempt,
            )
        )
    )
