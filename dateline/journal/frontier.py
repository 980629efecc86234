"""The frontier: each URL once, when it is visited next, and what became of its visits."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from dateline.crawl.revisits import after
from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.tables import frontier, turns
from dateline.models import Link, Outcome, from_json, to_json

BUCKETS = 1024
Shard = tuple[int, int]  # the nth of m, from 0: which hosts a run takes


@dataclass(slots=True, kw_only=True)
class Visit:
    """What became of one visit."""

    link_id: str
    outcome: Outcome
    reason: str = ""
    edited: bool = False
    article_id: str | None = None
    final_url: str | None = None  # where the page is now, if it was read
    body_hash: str | None = None
    published: dt.datetime | None = None


def bucket_of(host: str) -> int:
    """The bucket of a host, the same in every process."""
    return int.from_bytes(hashlib.blake2b(host.encode(), digest_size=4).digest(), "big") % BUCKETS


def in_shard(host: str, shard: Shard) -> bool:
    """Whether a host belongs to a shard."""
    return bucket_of(host) % shard[1] == shard[0]


def parse_shard(text: str) -> Shard:
    """ "1/4" → (0, 4).

    Raises:
        ValueError: it is not N/M with 1 ≤ N ≤ M ≤ 1024.
    """
    nth, _, of = text.partition("/")
    if not (nth.isdigit() and of.isdigit() and 1 <= int(nth) <= int(of) <= BUCKETS):
        raise ValueError(f"shard {text!r}: write 1/4 for the first of four")
    return int(nth) - 1, int(of)


class Frontier(Base):
    """What is to be visited, and when."""

    def add_links(self, links: Iterable[Link], *, old: bool = False) -> list[str]:
        """Put links into the frontier, due at once; the ids of those that were not there yet.

        `old` ones were there before their source was followed: they are known, and not visited
        unless a backfill asks for them (`wake_links`).
        """
        at = now()
        rows = {
            link.link_id: {
                "link_id": link.link_id,
                "url": clean(link.url or ""),
                "host": _host(link.url),
                "bucket": bucket_of(_host(link.url)),
                "source": clean(link.source),
                "link": clean(to_json(link).decode("utf-8", "replace")),
                "state": "old" if old else "waiting",
                "first_seen": at,
                "next_visit": None if old else at,
                **dict.fromkeys(("visits", "edits", "step", "failures"), 0),
            }
            for link in links
        }
        new: list[str] = []
        ids = sorted(rows)
        with self._write() as connection:
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH]
                query = sa.select(frontier.c.link_id).where(frontier.c.link_id.in_(part))
                have = {link_id for (link_id,) in connection.execute(query)}
                fresh = [id_ for id_ in part if id_ not in have]
                if fresh:
                    connection.execute(
                        self._insert(frontier).on_conflict_do_nothing(), [rows[id_] for id_ in fresh]
                    )
                new += fresh
        return new

    def unseen(self, link_ids: Iterable[str]) -> set[str]:
        """Those of the links that the frontier does not have."""
        ids = sorted(set(link_ids))
        unseen = set(ids)
        with self._read() as connection:
            for start in range(0, len(ids), BATCH):
                query = sa.select(frontier.c.link_id).where(
                    frontier.c.link_id.in_(ids[start : start + BATCH])
                )
                unseen -= {link_id for (link_id,) in connection.execute(query)}
        return unseen

    def wake_links(self, link_ids: Iterable[str]) -> int:
        """Make links that were only known due now; how many."""
        ids, woken = sorted(set(link_ids)), 0
        with self._write() as connection:
            for start in range(0, len(ids), BATCH):
                woken += connection.execute(
                    frontier.update()
                    .where(frontier.c.link_id.in_(ids[start : start + BATCH]), frontier.c.state == "old")
                    .values(state="waiting", next_visit=now())
                ).rowcount
        return woken

    def due_hosts(self, shard: Shard = (0, 1), source: str | None = None) -> dict[str, int]:
        """host → links that are due now, of hosts that may be asked now."""
        query = (
            sa.select(frontier.c.host, sa.func.count())
            .outerjoin(turns, turns.c.host == frontier.c.host)
            .where(
                frontier.c.state == "waiting",
                frontier.c.next_visit <= now(),
                frontier.c.bucket % shard[1] == shard[0],
                sa.or_(turns.c.rest_until.is_(None), turns.c.rest_until <= now()),
                frontier.c.source == source if source else sa.true(),
            )
            .group_by(frontier.c.host)
        )
        with self._read() as connection:
            return dict(map(tuple, connection.execute(query)))

    def due_links(self, most: Mapping[str, int], source: str | None = None) -> list[Link]:
        """The links of these hosts that are due now, at most so many of each, those never seen first.

        Of a host that gave no answer of late only one: it shows whether the others are worth asking.
        """
        found: list[Link] = []
        down = sa.select(turns.c.host).where(turns.c.failures > 0)
        with self._read() as connection:
            down_hosts = {host for (host,) in connection.execute(down)}
            for host, limit in sorted(most.items()):
                query = (
                    sa.select(frontier.c.link, frontier.c.url)
                    .where(
                        frontier.c.host == host,
                        frontier.c.state == "waiting",
                        frontier.c.next_visit <= now(),
                        frontier.c.source == source if source else sa.true(),
                    )
                    .order_by(frontier.c.visits > 0, frontier.c.next_visit, frontier.c.link_id)
                    .limit(1 if host in down_hosts else limit)
                )
                for row in connection.execute(query):
                    found.append(replace(from_json(row.link, Link), url=row.url or None))
        return found

    def are_due(self, link_ids: Iterable[str]) -> set[str]:
        """Those of the links that are due now."""
        ids = sorted(set(link_ids))
        found: set[str] = set()
        with self._read() as connection:
            for start in range(0, len(ids), BATCH):
                query = sa.select(frontier.c.link_id).where(
                    frontier.c.link_id.in_(ids[start : start + BATCH]),
                    frontier.c.state == "waiting",
                    frontier.c.next_visit <= now(),
                )
                found |= {link_id for (link_id,) in connection.execute(query)}
        return found

    def next_due(self) -> dt.datetime | None:
        """When the next link is due that may be asked, None if there is none."""
        rest = sa.case(
            (turns.c.rest_until > frontier.c.next_visit, turns.c.rest_until), else_=frontier.c.next_visit
        )
        query = (
            sa.select(rest.label("at"))
            .select_from(frontier.outerjoin(turns, turns.c.host == frontier.c.host))
            .where(frontier.c.state == "waiting", frontier.c.next_visit.is_not(None))
            .order_by(sa.text("at"))
            .limit(1)
        )
        with self._read() as connection:
            return connection.scalar(query)

    def body_hashes(self, link_ids: Iterable[str]) -> dict[str, str]:
        """link_id → hash of the bytes that the last visit read."""
        wanted = list(link_ids)
        found: dict[str, str] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(frontier.c.link_id, frontier.c.body_hash).where(
                    frontier.c.link_id.in_(wanted[start : start + BATCH]), frontier.c.body_hash.is_not(None)
                )
                found |= {row.link_id: row.body_hash for row in connection.execute(query)}
        return found

    def visited(self, run_id: str, visits: Iterable[Visit]) -> None:
        """Note visits, and when the pages are visited next; a visit noted twice counts once."""
        by_id = {visit.link_id: visit for visit in visits}
        ids, at = sorted(by_id), now()
        with self._write() as connection:
            for start in range(0, len(ids), BATCH):
                query = sa.select(frontier).where(frontier.c.link_id.in_(ids[start : start + BATCH]))
                rows = [row for row in connection.execute(query) if row.last_run != run_id]
                if rows:
                    values = [_noted(row, by_id[row.link_id], run_id, at) for row in rows]
                    names = [name.removeprefix("_") for name in values[0] if name != "_link_id"]
                    connection.execute(
                        frontier.update()
                        .where(frontier.c.link_id == sa.bindparam("_link_id"))
                        .values({n: sa.bindparam(f"_{n}", type_=frontier.c[n].type) for n in names}),
                        values,
                    )
                    self._join(connection, {value["_article_id"] for value in values} - {None})

    def _join(self, connection: sa.Connection, article_ids: set[str]) -> None:
        """Of the links that lead to one article only one is visited: its own address, else the first."""
        query = sa.select(
            frontier.c.article_id, frontier.c.link_id, frontier.c.first_seen, frontier.c.state
        ).where(frontier.c.article_id.in_(article_ids), frontier.c.state == "waiting")
        found: dict[str, list[Any]] = defaultdict(list)
        for row in connection.execute(query):
            found[row.article_id].append(row)
        spare: list[str] = []
        for article_id, rows in found.items():
            rows.sort(key=lambda row: (row.link_id != article_id, row.first_seen, row.link_id))
            spare += [row.link_id for row in rows[1:]]
        if spare:
            connection.execute(
                frontier.update().where(frontier.c.link_id.in_(spare)).values(state="alias", next_visit=None)
            )

    def frontier_row(self, link_id: str) -> dict[str, Any] | None:
        """All that the frontier knows of a link."""
        with self._read() as connection:
            row = connection.execute(sa.select(frontier).where(frontier.c.link_id == link_id)).first()
        return dict(row._mapping) if row is not None else None

    def frontier_counts(self) -> dict[str, int]:
        """state → links; "due" counts those that could be visited now."""
        with self._read() as connection:
            states = sa.select(frontier.c.state, sa.func.count()).group_by(frontier.c.state)
            counts: dict[str, int] = dict(map(tuple, connection.execute(states)))
            due = sa.select(sa.func.count()).where(
                frontier.c.state == "waiting", frontier.c.next_visit <= now()
            )
            return counts | {"due": connection.scalar(due) or 0}


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "")[:260]
    except ValueError:
        return ""


def _noted(row: Any, visit: Visit, run_id: str, at: dt.datetime) -> dict[str, Any]:
    next_ = after(
        visit.outcome,
        visit.reason,
        at,
        visits=row.visits,
        step=row.step,
        failures=row.failures,
        edited=visit.edited,
        age=at - visit.published if visit.published else None,
    )
    url = row.url if visit.final_url is None else visit.final_url
    asked = "resting" not in visit.reason[:40]
    return {
        "_link_id": row.link_id,
        "_url": clean(url),
        "_host": _host(url),
        "_bucket": bucket_of(_host(url)),
        "_state": next_.state,
        "_next_visit": next_.at,
        "_last_visit": at if asked else row.last_visit,
        "_last_run": run_id,
        "_visits": row.visits + (asked and next_.failures == 0),
        "_edits": row.edits + visit.edited,
        "_step": next_.step,
        "_failures": next_.failures,
        "_article_id": visit.article_id or row.article_id,
        "_body_hash": visit.body_hash or row.body_hash,
    }
