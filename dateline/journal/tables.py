"""The journal's tables, the same in SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
    Column("owner", String(120), nullable=False),  # see owner.py, to tell a living run from a dead one
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

# A host's turn: who may ask it now, and when it may be asked next. Taken by one statement.
turns = Table(
    "turns",
    metadata,
    Column("host", String(260), primary_key=True),
    Column("holder", String(160)),  # who holds it, null if nobody does
    Column("held_until", Utc),
    Column("next_at", Utc),  # the delay after the last answer
    Column("rest_until", Utc),  # Retry-After, or down
    Column("delay", Float, nullable=False),  # seconds; raised by 429 and 503, falls back by itself
    Column("failures", Integer, nullable=False),  # fetches in a row without any answer
    Column("down_since", Utc),
    Index("turns_holder", "holder"),
)

# The robots.txt of each origin, kept for a day whoever asked for it.
robots = Table(
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("expires", Utc, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# The frontier: each URL once, and when it is visited next.
frontier = Table(
    "frontier",
    metadata,
    Column("link_id", String(64), primary_key=True),
    Column("url", Text, nullable=False),  # where it is visited: the address after permanent redirects
    Column("host", String(260), nullable=False),
    Column("bucket", Integer, nullable=False),  # of the host, 0 to 1023: runs share hosts by it
    Column("source", Text, nullable=False),  # the first that named it
    Column("link", Text, nullable=False),  # the Link as JSON
    Column("state", String(20), nullable=False),  # "waiting", "alias" of another link, "done"
    Column("first_seen", Utc, nullable=False),
    Column("next_visit", Utc),
    Column("last_visit", Utc),
    Column("last_run", String(40)),
    Column("visits", Integer, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("step", Integer, nullable=False),  # on the ladder of revisits
    Column("failures", Integer, nullable=False),  # in a row
    Column("article_id", String(64)),
    Column("body_hash", String(64)),
    Index("frontier_due", "state", "next_visit"),
    Index("frontier_host", "host", "next_visit"),
    Index("frontier_article", "article_id"),
)

# Each source: when it is asked next, and how it went.
polls = Table(
    "polls",
    metadata,
    Column("source", String(110), primary_key=True),
    Column("next_poll", Utc, nullable=False),
    Column("interval", Float, nullable=False),  # seconds, between the source's floor and ceiling
    Column("polls", Integer, nullable=False),
    Column("news", Integer, nullable=False),  # polls that found something new
    Column("failures", Integer, nullable=False),  # in a row
    Column("covered_to", Utc),
    Column("last_poll", Utc),
    Column("last_new", Utc),
    Column("reason", Text),  # of the last failure, null while it works
    Column("quiet_since", Utc),  # told of as gone quiet
)

# What each poll read: the interval that it covers, and what it gave.
readings = Table(
    "readings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("source", String(110), nullable=False),
    Column("start", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("at", Utc, nullable=False),
    Column("outcome", String(20), nullable=False),  # "read", "unchanged", "failed"
    Column("reason", Text, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("links", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("archives", Text, nullable=False),  # JSON: [[url, where the listing lies in the archive], …]
    Index("readings_source", "source", "at"),
)

# Which run made a reading.
read_by = Table(
    "read_by",
    metadata,
    Column("number", Integer, ForeignKey("readings.number"), primary_key=True),
    Column("run_id", String(40), nullable=False),
    Index("read_by_run", "run_id"),
)

# The files that sources consist of: a feed, each sitemap of an index.
listings = Table(
    "listings",
    metadata,
    Column("url_hash", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("source", String(110), nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("modified", Utc),  # what its index said
    Column("body_hash", String(64)),
    Column("archive", Text),
    Column("read_at", Utc, nullable=False),
    Column("is_index", Boolean, nullable=False),  # it names other listings
    Column("same", Integer, nullable=False),  # answers in a row that said "not modified"
)

# How far a run has read a large file, so that it goes on from the middle.
positions = Table(
    "positions",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.run_id"), primary_key=True),
    Column("file", String(1000), primary_key=True),
    Column("records", Integer, nullable=False),
    Column("place", BigInteger),  # the byte at which the last of them begins; null where that helps nothing
)

# What a replay made of each link: apart from the attempts, since nothing was asked of a publisher.
replayed = Table(
    "replayed",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.run_id"), primary_key=True),
    Column("link_id", String(64), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text),
    Column("article_id", String(64)),
    Column("archive", Text),
    Column("at", Utc, nullable=False),
)
