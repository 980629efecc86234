"""Corrections that people made, kept apart from the articles, and the log of who did what when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from dateline.corrections.model import Correction
from dateline.journal.base import Base, clean, now
from dateline.journal.engine import JournalError
from dateline.journal.tables import Utc, metadata
from dateline.journal.types import Entry
from dateline.models import from_json, to_json

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("article_id", sa.Text),  # null: in every article
    sa.Column("entity_id", sa.Text),
    sa.Column("into_id", sa.Text),
    sa.Column("body", sa.Text, nullable=False),  # the Correction as JSON
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("applied", Utc),  # null until every article that it concerns was written again
    sa.Column("undone", Utc),
    sa.Column("undone_by", sa.Text),
    sa.Index("corrections_article", "article_id"),
    sa.Index("corrections_entity", "entity_id"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(40), nullable=False),  # "correct", "undo"…
    sa.Column("subject", sa.Text, nullable=False),  # what it was done to
    sa.Column("detail", sa.Text, nullable=False),  # JSON
    sa.Index("audit_subject", "subject"),
)


class Correcting(Base):
    """Corrections and the audit log."""

    def correct(self, made: Correction) -> Correction:
        """Keep a correction, and log it; the same with its number and time."""
        body = replace(
            made, **{name: clean(value) for name, value in asdict(made).items() if name != "names"}
        )
        body.names = list(map(clean, made.names))
        body.at, body.number = now(), 0
        with self._write() as connection:
            number = connection.scalar(
                corrections.insert().returning(corrections.c.number),
                {
                    "kind": body.kind,
                    "article_id": body.article_id,
                    "entity_id": body.entity_id,
                    "into_id": body.into,
                    "body": to_json(body).decode(),
                    "who": body.who,
                    "at": body.at,
                },
            )
            body.number = int(number or 0)
            _log(connection, body.who, "correct", _subject(body), {"number": number, "told": body.told})
        return body

    def undo_correction(self, number: int, who: str) -> Correction:
        """Take a correction back, and log it; it stays in the list as undone.

        Raises:
            JournalError: there is none of this number, or it was undone before.
        """
        with self._write() as connection:
            changed = connection.execute(
                corrections.update()
                .where(corrections.c.number == number, corrections.c.undone.is_(None))
                .values(undone=now(), undone_by=clean(who), applied=None)
            ).rowcount
            row = connection.execute(sa.select(corrections).where(corrections.c.number == number)).first()
            if row is None:
                raise JournalError(f"no correction {number}: `dateline correct list` shows them")
            if not changed:
                raise JournalError(f"correction {number} was undone before, by {row.undone_by}")
            made = _made(row)
            _log(connection, who, "undo", _subject(made), {"number": number, "told": made.told})
        return made

    def correction_applied(self, number: int) -> None:
        """Note that every article was written again that a correction, or its undoing, concerns."""
        with self._write() as connection:
            connection.execute(
                corrections.update().where(corrections.c.number == number).values(applied=now())
            )

    def corrections(
        self,
        *,
        active: bool = False,
        applied: bool | None = None,
        article_id: str | None = None,
        entity_id: str | None = None,
        limit: int | None = None,
    ) -> list[Correction]:
        """Corrections, the newest first; with `active` without those undone."""
        query = sa.select(corrections).order_by(corrections.c.number.desc()).limit(limit)
        if active:
            query = query.where(corrections.c.undone.is_(None))
        if applied is not None:
            null = corrections.c.applied.is_(None)
            query = query.where(~null if applied else null)
        if article_id is not None:
            query = query.where(corrections.c.article_id == article_id)
        if entity_id is not None:
            either = (corrections.c.entity_id == entity_id) | (corrections.c.into_id == entity_id)
            query = query.where(either)
        with self._read() as connection:
            return [_made(row) for row in connection.execute(query)]

    def corrections_stamp(self) -> tuple[int, int]:
        """Changes with every correction made or undone: the highest number, and how many are undone."""
        query = sa.select(
            sa.func.coalesce(sa.func.max(corrections.c.number), 0), sa.func.count(corrections.c.undone)
        )
        with self._read() as connection:
            highest, undone = connection.execute(query).one()
        return int(highest), int(undone)

    def log(self, who: str, what: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """One line of the audit log: who did what to what, now."""
        with self._write() as connection:
            _log(connection, who, what, subject, detail or {})

    def audit(self, *, subject: str | None = None, limit: int = 100) -> list[Entry]:
        """The audit log, the newest first."""
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(limit)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        with self._read() as connection:
            return [
                Entry(
                    number=row.number,
                    at=row.at,
                    who=row.who,
                    what=row.what,
                    subject=row.subject,
                    detail=from_json(row.detail, dict),
                )
                for row in connection.execute(query)
            ]


def _subject(made: Correction) -> str:
    return made.article_id or made.entity_id or ""


def _log(connection: sa.Connection, who: str, what: str, subject: str, detail: Mapping[str, Any]) -> None:
    connection.execute(
        audit.insert(),
        {
            "at": now(),
            "who": clean(who),
            "what": what,
            "subject": clean(subject),
            "detail": to_json({name: clean(value) for name, value in detail.items()}).decode(),
        },
    )


def _made(row: Any) -> Correction:
    made = from_json(row.body, Correction)
    made.number, made.applied, made.undone, made.undone_by = (
        row.number,
        row.applied,
        row.undone,
        row.undone_by,
    )
    return made
