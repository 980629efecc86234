"""All that a search finds, as a stream: CSV for spreadsheets, JSON lines for programs, RSS and Atom for
feed readers, and a manifest.

Read page by page with the store's cursor, newest first, so there is no cap and never more than one
page in memory. The manifest says what was asked and what came out, so that the same export can be
made again and told from another.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args
from urllib.parse import quote

import msgspec

from dateline import __version__
from dateline.address import address
from dateline.answers.feeds import Feed, atom_chunks, rss_chunks
from dateline.answers.records import hit_record
from dateline.query import Query, QueryError
from dateline.stores.base import Hit, Store
from dateline.stores.document import VERSION as INDEX

Format = Literal["csv", "jsonl", "rss", "atom"]
PAGE = 500  # hits read at once
CHUNK = 65_536  # bytes sent at once
COLUMNS = (
    "id",
    "title",
    "url",
    "publisher",
    "published_at",
    "published_precision",
    "published_zone",
    "authors",
    "section",
    "language",
    "outcome",
    "outcome_reason",
    "sources",
    "story",
    "sentences",
)

# A cell that begins so is a formula to some spreadsheet, also behind blanks; the last four are the
# full-width forms that East Asian settings read alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What an export is: `rows` of `format` with the SHA-256 of all its bytes.

    `query` is the search's address; `version` is Dateline's, `index` that of the mapping which
    answered; `articles` is how many the archive held when it began, `total` how many of them answered.
    Two exports with one `sha256` are the same, byte for byte.
    """

    query: str
    format: Format
    version: str = __version__
    index: int = INDEX
    articles: int = 0
    total: int = 0
    rows: int = 0
    bytes: int = 0
    sha256: str = ""
    made_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


@dataclass(slots=True)
class Export:
    """One export; iterate `chunks` to its end, then `manifest` is whole.

    Raises (when made):
        QueryError: the query can't be run, or there is no such format.
    """

    store: Store
    query: Query
    format: Format
    manifest: Manifest = field(init=False)

    def __post_init__(self) -> None:
        if self.format not in get_args(Format):
            raise QueryError(f"there is no format {self.format!r}: write {', '.join(get_args(Format))}")
        # by date, since a list by relevance ends; the first page is read here, so that a query that
        # can't be run is refused before any byte is sent
        sort = "newest" if self.query.sort == "relevance" else self.query.sort
        self.query = replace(self.query, sort=sort, limit=0, cursor=None)
        total = self.store.search(self.query).total
        self.manifest = Manifest(
            query=address(replace(self.query, limit=20)),
            format=self.format,
            articles=self.store.count(),
            total=total,
        )

    def chunks(self) -> Iterator[bytes]:
        """The export's bytes."""
        digest = hashlib.sha256()
        for chunk in _gathered(self._made(self._counted())):
            digest.update(chunk)
            self.manifest.bytes += len(chunk)
            yield chunk
        self.manifest.sha256 = digest.hexdigest()

    def _made(self, hits: Iterable[Hit]) -> Iterator[bytes]:
        if self.format == "csv":
            return csv_chunks(hits)
        if self.format == "jsonl":
            return jsonl_chunks(hits)
        asked = self.manifest.query
        # no service's address stands in it: the same export made elsewhere has the same bytes
        page = f"urn:dateline:search:{quote(asked)}"
        feed = Feed(title=f"Dateline: {asked or 'all'}", about="All that a search finds.", page=page)
        return rss_chunks(hits, feed) if self.format == "rss" else atom_chunks(hits, feed)

    def _counted(self) -> Iterator[Hit]:
        for hit in every_hit(self.store, self.query):
            self.manifest.rows += 1
            yield hit


def every_hit(store: Store, query: Query) -> Iterator[Hit]:
    """All hits of a query in its order, over as many pages as there are."""
    asked = replace(query, limit=PAGE, cursor=None)
    while True:
        answer = store.search(asked)
        yield from answer.hits
        if answer.cursor is None:
            return
        asked.cursor = answer.cursor


def export_record(hit: Hit) -> dict[str, Any]:
    """A hit as exports give it: without the score, which says nothing outside of one search."""
    record = hit_record(hit)
    del record["score"]
    return record


def jsonl_chunks(hits: Iterable[Hit]) -> Iterator[bytes]:
    """One JSON object a line, UTF-8."""
    for hit in hits:
        yield msgspec.json.encode(export_record(hit)) + b"\n"


def csv_chunks(hits: Iterable[Hit]) -> Iterator[bytes]:
    """RFC 4180 with a header, UTF-8; several values of a cell are joined by "; ", sentences by a line
    break. A cell that a spreadsheet would compute begins with an apostrophe instead."""
    yield _row(COLUMNS)
    for hit in hits:
        record = export_record(hit)
        record["sentences"] = "\n".join(sentence["text"] for sentence in record["sentences"])
        for name in ("authors", "sources"):
            record[name] = "; ".join(record[name])
        yield _row([cell(record[name]) for name in COLUMNS])


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet runs: =cmd() becomes '=cmd()."""
    text = "" if value is None else str(value).replace("\x00", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _gathered(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Rows in chunks of `CHUNK` bytes or a little more: each chunk is a turn of the server."""
    waiting = bytearray()
    for row in rows:
        waiting += row
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _row(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode("utf-8", "replace")
