"""Pages that a run has fetched already: what a task that runs again need not ask a publisher for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base
from dateline.journal.tables import attempts


class Fetching(Base):
    """Between fetch and outcome: where the page of a pending link lies in the archive."""

    def note_archived(self, run_id: str, locations: Mapping[str, str]) -> None:
        """Note where the pages of pending links lie; call it once the archive is flushed."""
        if not locations:
            return
        with self._write() as connection:
            connection.execute(
                attempts.update()
                .where(
                    attempts.c.run_id == run_id,
                    attempts.c.link_id == sa.bindparam("_link_id"),
                    attempts.c.main,
                    attempts.c.outcome.is_(None),
                )
                .values(archive=sa.bindparam("_archive")),
                [{"_link_id": link_id, "_archive": place} for link_id, place in locations.items()],
            )

    def archived(self, run_id: str, link_ids: Iterable[str]) -> dict[str, str]:
        """link_id → location of the pages that this run has fetched and not yet settled."""
        wanted = list(dict.fromkeys(link_ids))
        found: dict[str, str] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(attempts.c.link_id, attempts.c.archive).where(
                    attempts.c.run_id == run_id,
                    attempts.c.link_id.in_(wanted[start : start + BATCH]),
                    attempts.c.main,
                    attempts.c.outcome.is_(None),
                    attempts.c.archive.is_not(None),
                )
                found |= {row.link_id: row.archive for row in connection.execute(query)}
        return found

    def kept_records(self, link_ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """link_id → record's id → location, of all pages of these links that any run put into the archive."""
        wanted = list(dict.fromkeys(link_ids))
        found: dict[str, dict[str, str]] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(attempts.c.link_id, attempts.c.archive).where(
                    attempts.c.link_id.in_(wanted[start : start + BATCH]), attempts.c.archive.is_not(None)
                )
                for row in connection.execute(query):
                    found.setdefault(row.link_id, {})[row.archive.split(":", 2)[-1]] = row.archive
        return found
