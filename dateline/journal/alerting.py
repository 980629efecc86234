"""Saved searches, the alerts that they gave, and the way of each alert through its channels."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from dateline.alerts.model import Alert, Delivery, SavedSearch
from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.engine import JournalError
from dateline.journal.owner import this_process
from dateline.journal.tables import Utc, metadata
from dateline.models import from_json, to_json

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("channels", sa.Text, nullable=False),  # JSON
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("search", sa.String(60), nullable=False),
    sa.Column("article_id", sa.String(400), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # the Alert as JSON
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("search", "article_id"),
    sa.Index("alerts_newest", "search", "number"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("alert", sa.Integer, sa.ForeignKey("alerts.number"), primary_key=True),
    sa.Column("channel", sa.String(300), primary_key=True),
    sa.Column("due", Utc),  # null once it is sent
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("sender", sa.String(120)),  # who is at it now, see owner.py
    sa.Column("problem", sa.Text),
    sa.Column("sent", Utc),
    sa.Index("deliveries_due", "due"),
)

FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=6)
AT_MOST = dt.timedelta(minutes=2)  # a try takes seconds: one that began longer ago has no end


class Alerting(Base):
    """Saved searches and alerts."""

    def save_search(self, search: SavedSearch) -> SavedSearch:
        """Keep a search under its name, in place of one that had it; it is on, and counts from now."""
        values = {
            "name": search.name,
            "address": clean(search.address),
            "channels": json.dumps([clean(channel) for channel in search.channels]),
            "owner": clean(search.owner),
            "created_at": now(),
            "enabled": True,
            "problem": "",
        }
        insert = self._insert(searches).values(values)
        with self._write() as connection:
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["name"], set_={k: v for k, v in values.items() if k != "name"}
                )
            )
        return self.search(search.name)

    def searches(self) -> list[SavedSearch]:
        """All saved searches, by name."""
        with self._read() as connection:
            rows = connection.execute(sa.select(searches).order_by(searches.c.name)).mappings()
            return [_search(row) for row in rows]

    def search(self, name: str) -> SavedSearch:
        """One saved search.

        Raises:
            JournalError: there is none of this name.
        """
        with self._read() as connection:
            row = connection.execute(sa.select(searches).where(searches.c.name == name)).mappings().first()
        if row is None:
            raise JournalError(f"no saved search {name}: `dateline alerts list` shows them")
        return _search(row)

    def switch_search(self, name: str, enabled: bool, problem: str = "") -> None:
        """Switch a search on or off; `problem` says why it went off by itself.

        Raises:
            JournalError: there is none of this name.
        """
        with self._write() as connection:
            changed = connection.execute(
                searches.update()
                .where(searches.c.name == name)
                .values(enabled=enabled, problem=clean(problem)[:500])
            ).rowcount
        if not changed:
            raise JournalError(f"no saved search {name}: `dateline alerts list` shows them")

    def remove_search(self, name: str) -> None:
        """Forget a search because its owner says so; what it sent stays on record."""
        with self._write() as connection:
            connection.execute(searches.delete().where(searches.c.name == name))

    def alerted(self, name: str, article_ids: Iterable[str]) -> bool:
        """Whether a search has sent one of these articles."""
        asked = list(dict.fromkeys(article_ids))
        with self._read() as connection:
            return any(
                connection.scalar(
                    sa.select(sa.literal(1))
                    .where(alerts.c.search == name, alerts.c.article_id.in_(asked[start : start + BATCH]))
                    .limit(1)
                )
                for start in range(0, len(asked), BATCH)
            )

    def note_alerts(self, found: Sequence[Alert]) -> int:
        """Keep alerts with a delivery for each channel of their search, all or none; how many are new."""
        noted = 0
        if not found:
            return noted
        with self._write() as connection:
            rows = connection.execute(sa.select(searches.c.name, searches.c.channels)).all()
            channels = {row.name: json.loads(row.channels) for row in rows}
            for alert in found:
                insert = self._insert(alerts).values(
                    search=alert.search,
                    article_id=clean(alert.article_id)[:400],
                    body=to_json(_cleaned(alert)).decode(),
                    at=now(),
                )
                number = connection.scalar(
                    insert.on_conflict_do_nothing(index_elements=["search", "article_id"]).returning(
                        alerts.c.number
                    )
                )
                if number is None:
                    continue
                noted += 1
                ways = [
                    {"alert": number, "channel": channel, "due": now(), "tries": 0}
                    for channel in dict.fromkeys(channels.get(alert.search, []))
                ]
                if ways:
                    connection.execute(deliveries.insert(), ways)
        return noted

    def alerts(self, name: str | None = None, limit: int = 50) -> list[Alert]:
        """What was sent, newest first; of one search if `name` is given."""
        query = sa.select(alerts).order_by(alerts.c.number.desc()).limit(limit)
        if name is not None:
            query = query.where(alerts.c.search == name)
        with self._read() as connection:
            return [_alert(row) for row in connection.execute(query).mappings()]

    def undelivered(self) -> list[dict[str, Any]]:
        """Deliveries that wait: alert, search, channel, tries, due, problem."""
        query = (
            sa.select(
                alerts.c.number.label("alert"),
                alerts.c.search,
                deliveries.c.channel,
                deliveries.c.tries,
                deliveries.c.due,
                deliveries.c.problem,
            )
            .join(alerts, alerts.c.number == deliveries.c.alert)
            .where(deliveries.c.sent.is_(None))
            .order_by(deliveries.c.due)
            .limit(500)
        )
        with self._read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def due_deliveries(self, limit: int) -> list[Delivery]:
        """Deliveries whose time has come, the oldest first."""
        query = (
            sa.select(alerts, deliveries.c.channel, deliveries.c.tries)
            .join(deliveries, alerts.c.number == deliveries.c.alert)
            .where(deliveries.c.due <= now())
            .order_by(alerts.c.number, deliveries.c.channel)
            .limit(limit)
        )
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Delivery(
                alert=_alert(row),
                channel=row["channel"],
                key=_key(row["search"], row["article_id"], row["channel"]),
                tries=row["tries"],
            )
            for row in rows
        ]

    def begin_delivery(self, delivery: Delivery) -> bool:
        """Note that this process makes a try now; False where another does."""
        with self._write() as connection:
            changed = connection.execute(
                deliveries.update()
                .where(*_way(delivery), deliveries.c.due <= now(), deliveries.c.tries == delivery.tries)
                .values(
                    tries=deliveries.c.tries + 1,
                    due=now() + AT_MOST,
                    sender=this_process(),
                )
            ).rowcount
        return bool(changed)

    def end_delivery(self, delivery: Delivery) -> None:
        """Note that the channel took it."""
        with self._write() as connection:
            connection.execute(
                deliveries.update()
                .where(*_way(delivery))
                .values(due=None, sent=now(), sender=None, problem=None)
            )

    def postpone_delivery(self, delivery: Delivery, problem: str) -> None:
        """Note that the channel did not take it, and when it is tried again: ever later, never not."""
        pause = min(FIRST_PAUSE * 2 ** min(delivery.tries, 20), LONGEST_PAUSE)
        with self._write() as connection:
            connection.execute(
                deliveries.update()
                .where(*_way(delivery))
                .values(due=now() + pause, sender=None, problem=clean(problem))
            )


def _way(delivery: Delivery) -> tuple[Any, Any]:
    return deliveries.c.alert == delivery.alert.number, deliveries.c.channel == delivery.channel


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _cleaned(alert: Alert) -> Alert:
    return Alert(**{name: clean(value) for name, value in asdict(alert).items()})


def _search(row: Any) -> SavedSearch:
    return SavedSearch(**(dict(row) | {"channels": json.loads(row["channels"])}))


def _alert(row: Any) -> Alert:
    alert = from_json(row["body"], Alert)
    alert.number, alert.at = row["number"], row["at"]
    return alert
