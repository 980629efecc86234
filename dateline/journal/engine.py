"""The journal's connection: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from dateline.journal.tables import SCHEMA, metadata, schema

WAIT = 60.0  # seconds for another connection to a SQLite file


class JournalError(Exception):
    """The journal can't be used, or its count does not come out; the message says what to do."""


class JournalUnavailable(JournalError):
    """The database can't be reached now (gone, locked, disk full): worth trying again."""


def connect(url: str) -> sa.Engine:
    """An engine with the tables in place.

    Raises:
        JournalError: no such database, or one of a newer or older schema.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise JournalError(
            "DATELINE_JOURNAL is no database URL: write sqlite:///… or postgresql://…"
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            try:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise JournalUnavailable(f"the journal {shown}: {error.strerror}") from error
        engine = sa.create_engine(parsed, connect_args={"timeout": WAIT})
        _set_up_sqlite(engine)
    else:
        try:
            # pre-ping: a database that went away and came back costs a moment, not a run
            engine = sa.create_engine(parsed, pool_pre_ping=True)
        except ImportError as error:
            raise JournalError("PostgreSQL needs psycopg: pip install 'dateline[postgres]'") from error
    with spoken(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # two processes that start on an empty database must not both create the tables
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(20210401)"))
        metadata.create_all(connection)
        version = connection.scalar(sa.select(schema.c.version))
        if version is None:
            connection.execute(schema.insert().values(version=SCHEMA))
        elif version != SCHEMA:
            raise JournalError(
                f"the journal {shown} has schema {version}, this Dateline speaks {SCHEMA}: "
                + ("upgrade Dateline" if version > SCHEMA else "move the old journal away, or migrate it")
            )
    return engine


def _set_up_sqlite(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late, see below
        cursor = connection.cursor()
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # what the journal says survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # a writer takes its lock at once: one that first reads and then writes would fail instead
        # of wait where another wrote in between
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _write_ahead(cursor: Any) -> None:
    """Set WAL mode, which a file keeps.

    SQLite waits for other connections before it begins anything, but not here: of two that make a
    journal at the same moment, one is told at once that it is locked.
    """
    deadline = time.monotonic() + WAIT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextmanager
def spoken(engine: sa.Engine) -> Iterator[None]:
    """Database errors as JournalErrors: one line, no password, no SQL."""
    shown = engine.url.render_as_string(hide_password=True)
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise JournalUnavailable(f"the journal {shown}: {_first_line(error)}") from error
    except sa.exc.DatabaseError as error:
        raise JournalError(f"the journal {shown}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0][:300]
