"""What every part of the journal stands on: transactions, upserts, clean text, one clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from dateline import clock
from dateline.journal.engine import connect, spoken

BATCH = 500  # rows for each statement


class Base:
    """A journal's database."""

    def __init__(self, url: str) -> None:
        self._engine = connect(url)
        self._reading = self._engine.execution_options(reads=True)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with spoken(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with spoken(self._engine), self._reading.connect() as connection:
            yield connection

    def _insert(self, table: sa.Table) -> Any:
        """An insert that knows ON CONFLICT, which SQLAlchemy has in each dialect only."""
        return (postgresql if self._engine.dialect.name == "postgresql" else sqlite).insert(table)


def clean(text: Any) -> Any:
    """Without NUL and lone surrogates, which PostgreSQL refuses: a stranger's title must not stop a run."""
    if not isinstance(text, str):
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def now() -> dt.datetime:
    """The time, aware, UTC."""
    return clock.now()
