"""How far a run has read a large file."""

from __future__ import annotations

import json

import sqlalchemy as sa

from dateline.journal.base import Base
from dateline.journal.tables import positions, runs


class Positions(Base):
    """Where a run that was killed goes on in the files it reads."""

    def note_position(self, run_id: str, file: str, records: int, place: int | None) -> None:
        """So many records of a file are done; `place` is the byte at which the last of them begins.

        Call it once the outcomes of all links in them are written: what lies behind is read again.
        """
        values = {"records": records, "place": place}
        with self._write() as connection:
            connection.execute(
                self._insert(positions)
                .values(run_id=run_id, file=file[:1000], **values)
                .on_conflict_do_update(index_elements=["run_id", "file"], set_=values)
            )

    def position(self, run_id: str, file: str) -> tuple[int, int | None]:
        """(records, place) as noted last; (0, None) where nothing was."""
        query = sa.select(positions.c.records, positions.c.place).where(
            positions.c.run_id == run_id, positions.c.file == file[:1000]
        )
        with self._read() as connection:
            row = connection.execute(query).first()
        return (row.records, row.place) if row else (0, None)

    def imported(self) -> dict[str, int | None]:
        """path → size in bytes of the files whose import came to its end."""
        query = sa.select(runs.c.parameters).where(runs.c.kind == "import", runs.c.ended.is_not(None))
        with self._read() as connection:
            given = [json.loads(text) for text in connection.scalars(query)]
        return {one["path"]: one.get("size") for one in given if "path" in one}
