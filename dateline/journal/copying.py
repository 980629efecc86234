"""The journal's tables as lines of JSON and back: the same for SQLite and PostgreSQL, and between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from dateline.journal.base import BATCH, Base
from dateline.journal.engine import JournalError
from dateline.journal.tables import Utc, metadata
from dateline.journal.tables import schema as schema_table


class Copying(Base):
    """Everything out, everything in."""

    def is_empty(self) -> bool:
        """Whether no table has a row."""
        with self._read() as connection:
            return not any(
                connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
                for table in _tables()
            )

    def dump(self) -> Iterator[bytes]:
        """Each row as a line: [table, {column: value}], all as of one moment, parents before children."""
        with self._read() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table in _tables():
                result = connection.execution_options(yield_per=BATCH).execute(sa.select(table))
                for row in result.mappings():
                    yield (
                        msgspec.json.encode(
                            [str(table.name), {str(name): value for name, value in row.items()}]
                        )
                        + b"\n"
                    )

    def load(self, lines: Iterable[bytes]) -> int:
        """The rows of a dump into empty tables, all or none; how many.

        Raises:
            JournalError: the journal is not empty, or a line is no row of it.
        """
        if not self.is_empty():
            raise JournalError("the journal is not empty: restore into an empty one")
        tables = {table.name: table for table in _tables()}
        count = 0
        waiting: list[dict[str, Any]] = []
        name = ""
        with self._write() as connection:

            def flush() -> None:
                if waiting:
                    connection.execute(tables[name].insert(), waiting)
                    waiting.clear()

            for line in lines:
                try:
                    this, row = msgspec.json.decode(line)
                    values = _values(tables[this], row)
                except (msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
                    raise JournalError(f"row {count + 1} of the dump is no row of ours: {error}") from error
                if this != name or len(waiting) >= BATCH:
                    flush()
                    name = this
                waiting.append(values)
                count += 1
            flush()
            if connection.dialect.name == "postgresql":
                _set_counters(connection)
        return count


def _tables() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if table is not schema_table]


def _values(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for column in table.columns:
        value = row.get(column.name)
        if isinstance(value, str) and isinstance(column.type, Utc):
            value = dt.datetime.fromisoformat(value)
        made[column.name] = value
    if unknown := row.keys() - made.keys():
        raise ValueError(f"{table.name} has no column {sorted(unknown)[0]}")
    return made


def _set_counters(connection: sa.Connection) -> None:
    """PostgreSQL counts apart from the rows: the next number must be a new one."""
    for table in _tables():
        for column in table.primary_key.columns:
            if table.autoincrement_column is column:
                highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                counter = sa.func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(sa.select(sa.func.setval(counter, highest, False)))
