"""Documents that the store refused."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import Base, clean, now
from dateline.journal.engine import JournalError
from dateline.journal.tables import dead_letters
from dateline.journal.types import DeadLetter
from dateline.models import to_json


class Letters(Base):
    """Dead letters."""

    def bury(
        self, document_id: str, document: Any, error_type: str, reason: str, run_id: str | None = None
    ) -> int:
        """Keep a document that the store refused; returns its number."""
        values = {
            "run_id": run_id,
            "document_id": clean(document_id),
            "document": clean(to_json(document).decode()),
            "error_type": clean(error_type),
            "reason": clean(reason),
            "at": now(),
        }
        with self._write() as connection:
            number = connection.scalar(dead_letters.insert().returning(dead_letters.c.number), values)
        return int(number or 0)

    def dead_letters(self, *, replayed: bool = False, limit: int = 100) -> list[DeadLetter]:
        """Dead letters, oldest first; those that were replayed only if asked for."""
        query = sa.select(dead_letters).order_by(dead_letters.c.number).limit(limit)
        if not replayed:
            query = query.where(dead_letters.c.replayed.is_(None))
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return [DeadLetter(**(dict(row) | {"document": json.loads(row["document"])})) for row in rows]

    def dead_letter(self, number: int) -> DeadLetter:
        """One dead letter.

        Raises:
            JournalError: there is none of this number.
        """
        with self._read() as connection:
            row = (
                connection.execute(sa.select(dead_letters).where(dead_letters.c.number == number))
                .mappings()
                .first()
            )
        if row is None:
            raise JournalError(f"no dead letter {number}: `dateline deadletters` lists them")
        return DeadLetter(**(dict(row) | {"document": json.loads(row["document"])}))

    def dead_letter_replayed(self, number: int) -> None:
        """Note that a dead letter was written after all."""
        with self._write() as connection:
            connection.execute(
                dead_letters.update().where(dead_letters.c.number == number).values(replayed=now())
            )
