"""The journal's tables, the same in SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA = 1  # raised with each change of the tables that an older journal can't be read with


class Utc(TypeDecorator[dt.datetime]):
    """Aware UTC datetimes; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Into UTC; a naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        assert isinstance(value, dt.datetime)
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData()

schema = Table("dateline_schema", metadata, Column("version", Integer, nullable=False))

runs = Table(
    "runs",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),  # "ingest", "crawl", "replay"…
    Column("started", Utc, nullable=False),
    Column("ended", Utc),  # null while it runs, or when it was killed
    Column("parameters", Text, nullable=False),  # JSON
    Column("owner", String(120), nullable=False),  # host:pid, to tell a living run from a dead one
    Index("runs_started", "started"),
)

# What is known of a link across runs: what a next run asks for before it fetches.
links = Table(
    "links",
    metadata,
    Column("link_id", String(64), primary_key=True),
    Column("url", Text),
    Column("title", Text),
    Column("source", Text, nullable=False),  # where it was first found
    Column("first_seen", Utc, nullable=False),
    Column("last_run", String(40)),
    Column("last_ended", Utc),
    Column("outcome", String(20)),
    Column("reason", Text),
    Column("article_id", String(64)),
    Column("content_hash", String(80)),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("archive", Text),
    Index("links_article", "article_id"),
)

# What a source said about a link, by the hash of it, so that a digest read daily is kept once.
items = Table(
    "items",
    metadata,
    Column("item_hash", String(64), primary_key=True),
    Column("link_id", String(64), nullable=False),
    Column("link", Text, nullable=False),  # the Link as JSON
    Index("items_link", "link_id"),
)

# One row for each link and attempt in a run. A link found at several places of a run has a row for
# each place; one of them is the main one, which is worked on, the others are duplicates.
attempts = Table(
    "attempts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    Column("link_id", String(64), ForeignKey("links.link_id"), nullable=False),
    Column("place", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("main", Boolean, nullable=False),
    Column("item_hash", String(64), ForeignKey("items.item_hash"), nullable=False),
    Column("source", Text, nullable=False),
    Column("outcome", String(20)),  # null while pending
    Column("reason", Text),
    Column("status", Integer),  # of the HTTP answer
    Column("archive", Text),
    Column("article_id", String(64)),
    Column("started", Utc, nullable=False),
    Column("ended", Utc),
    UniqueConstraint("run_id", "link_id", "place", "attempt"),
    Index("attempts_open", "run_id", "outcome"),
    Index("attempts_link", "link_id"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String(260), primary_key=True),
    Column("rest_until", Utc, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String(40)),
    Column("document_id", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON, as it was sent
    Column("error_type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("replayed", Utc),
    Index("dead_letters_open", "replayed", "number"),
)

# An article's texts, oldest first, from its first edit on: an article never edited has no row.
versions = Table(
    "versions",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seen_at", Utc, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("version", Text, nullable=False),  # the Version as JSON
    Index("versions_seen", "seen_at"),
)
