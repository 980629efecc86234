"""Whose turn it is to ask a host: politeness that holds across processes, flows and machines.

A run holds a host for a while and keeps the delay itself; that costs one write for many requests,
where a write for each would be the dearest part of a fetch. Taking is one atomic statement, so two
runs can never both hold a host. A holder that was killed loses it, at once where it can be seen to
be dead (the same machine), else when its time is over.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, now
from dateline.journal.owner import lives, this_process
from dateline.journal.tables import robots, turns
from dateline.turn import Turn


def new_holder() -> str:
    """A name for one holder, which says where it lives."""
    return f"{secrets.token_hex(4)}@{this_process()}"


class Turns(Base):
    """Turns of hosts, and the robots.txt of their origins."""

    def take_turns(
        self, hosts: Iterable[str], holder: str, seconds: float, delay: float = 1.0
    ) -> dict[str, Turn]:
        """Hold each host for `seconds` where nobody else does; how each of them stands then.

        A host whose holder did not let go of it is not asked for another `delay` seconds.
        """
        wanted = sorted({host[:260] for host in hosts})
        at = now()
        until = at + dt.timedelta(seconds=seconds)
        found: dict[str, Turn] = {}
        with self._write() as connection:
            for start in range(0, len(wanted), BATCH):
                part = wanted[start : start + BATCH]
                self._bury_dead(connection, part, at, delay)
                insert = self._insert(turns)
                free = turns.c.holder.is_(None) | (turns.c.held_until <= at)
                # one that lost its turn may have asked up to its last moment
                late = turns.c.holder.is_not(None) & (turns.c.holder != holder)
                connection.execute(
                    insert.on_conflict_do_update(
                        index_elements=["host"],
                        set_={
                            "holder": insert.excluded.holder,
                            "held_until": insert.excluded.held_until,
                            "next_at": sa.case((late, _after(at, delay)), else_=turns.c.next_at),
                        },
                        where=free | (turns.c.holder == holder),
                    ),
                    [
                        {"host": host, "holder": holder, "held_until": until, "delay": 0.0, "failures": 0}
                        for host in part
                    ],
                )
                for row in connection.execute(sa.select(turns).where(turns.c.host.in_(part))):
                    found[row.host] = _turn(row, holder)
        return found

    def _bury_dead(self, connection: sa.Connection, hosts: list[str], at: dt.datetime, delay: float) -> None:
        query = sa.select(turns.c.holder).where(turns.c.host.in_(hosts), turns.c.holder.is_not(None))
        dead = [
            holder
            for (holder,) in connection.execute(query.distinct())
            if not lives(holder.partition("@")[2])
        ]
        if dead:
            connection.execute(
                turns.update()
                .where(turns.c.holder.in_(dead))
                .values(holder=None, held_until=None, next_at=_after(at, delay))
            )

    def give_turns(self, given: Iterable[Turn], holder: str) -> None:
        """Let go of hosts, with what was learnt of them; a host that another took is left alone."""
        rows = [
            {
                "_host": turn.host[:260],
                "_next_at": turn.next_at,
                "_rest_until": turn.rest_until,
                "_delay": turn.delay,
                "_failures": turn.failures,
                "_down_since": turn.down_since,
            }
            for turn in given
        ]
        if not rows:
            return
        names = ("next_at", "rest_until", "delay", "failures", "down_since")
        with self._write() as connection:
            connection.execute(
                turns.update()
                .where(turns.c.host == sa.bindparam("_host"), turns.c.holder == holder)
                .values(
                    {name: sa.bindparam(f"_{name}", type_=turns.c[name].type) for name in names}
                    | {"holder": None, "held_until": None}
                ),
                sorted(rows, key=lambda row: str(row["_host"])),
            )

    def turns(self, *, resting: bool = False) -> list[Turn]:
        """All hosts, or those that are left alone now."""
        query = sa.select(turns).order_by(turns.c.host)
        if resting:
            query = query.where(turns.c.rest_until > now())
        with self._read() as connection:
            return [_turn(row, "") for row in connection.execute(query)]

    def wake(self, host: str) -> bool:
        """Let a resting host be asked again now: a person's word. Whether it was known."""
        with self._write() as connection:
            changed = connection.execute(
                turns.update()
                .where(turns.c.host == host)
                .values(rest_until=None, failures=0, down_since=None)
            ).rowcount
        return bool(changed)

    def robots_of(self, origin: str) -> tuple[int, bytes, float] | None:
        """(status, body, seconds left) of an origin's robots.txt that is not a day old."""
        with self._read() as connection:
            row = connection.execute(
                sa.select(robots).where(robots.c.origin == origin[:300], robots.c.expires > now())
            ).first()
        return (row.status, row.body, (row.expires - now()).total_seconds()) if row else None

    def keep_robots(self, origin: str, status: int, body: bytes, seconds: float) -> None:
        """Keep an origin's robots.txt for all who ask it in the next `seconds`."""
        insert = self._insert(robots)
        names = ("expires", "status", "body")
        with self._write() as connection:
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["origin"], set_={name: insert.excluded[name] for name in names}
                ),
                {
                    "origin": origin[:300],
                    "expires": now() + dt.timedelta(seconds=seconds),
                    "status": status,
                    "body": body,
                },
            )


def _after(at: dt.datetime, delay: float) -> sa.ColumnElement[dt.datetime]:
    """When a host may be asked whose last answer nobody noted; longer where it had asked for more."""
    slowed = sa.literal(at + dt.timedelta(seconds=60), turns.c.next_at.type)
    return sa.case(
        (turns.c.delay > delay, slowed),
        else_=sa.literal(at + dt.timedelta(seconds=delay), turns.c.next_at.type),
    )


def _turn(row: sa.Row[Any], holder: str) -> Turn:
    return Turn(
        host=row.host,
        mine=row.holder == holder,
        held_until=row.held_until,
        next_at=row.next_at,
        rest_until=row.rest_until,
        delay=row.delay,
        failures=row.failures,
        down_since=row.down_since,
    )
