"""WARC files that others wrote → links with their pages, in one pass, at the speed of the disk.

Common Crawl News, wget, Browsertrix, warcio: packed by the record, packed whole, or plain. A page
goes into our own archive, with the record's id and its WARC-Date as the time of the fetch: archive
and journal are the truth that everything is rebuilt from, and a file on somebody's disk, moved or
deleted next week, is not. Records that hold no page of an article are passed over and counted.
"""

from __future__ import annotations

import os
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dateline.models import Link, Page
from dateline.urls import article_id
from dateline.warc import bare_id, page_of

_MAX_HEAD = 256 * 1024  # bytes of one record's headers
_MAX_BLOCK = 64 * 1024 * 1024  # bytes of one record
_ID = re.compile(r"[\w:.@/+-]{1,200}", re.A)
_BEGINNINGS = (b"\x1f\x8b", b"WA", b"\x28\xb5", b"\x04\x22")  # gzip, plain, zstd, lz4
_NAMES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4", ".warc.gz.open")


@dataclass(slots=True, kw_only=True)
class Position:
    """How far a file is read: `records` are done; the next begins behind the one at byte `offset`.

    `offset` is None where the file can't be entered in the middle (packed whole).
    """

    records: int = 0
    offset: int | None = None


@dataclass(slots=True, kw_only=True)
class Captured:
    """One page of a WARC file, with the position behind it."""

    link: Link  # hints: "record" is its id in the file
    page: Page
    position: Position
    packed: bytes | None = None  # its record as it lies in the file, where that is a whole gzip member


@dataclass(slots=True)
class Passed:
    """What a file held besides pages, counted by reason, and what was wrong with it."""

    reasons: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def lines(self, name: str) -> list[str]:
        """A line for each reason, for a person."""
        counted = [
            f"{name}: {count:,} passed over: {reason}" for reason, count in sorted(self.reasons.items())
        ]
        return counted + [f"{name}: {note}" for note in self.notes]


def is_warc(path: str | Path) -> bool:
    """Whether a path names a WARC file, by its name."""
    return str(path).lower().endswith(_NAMES)


def find_warcs(paths: list[str]) -> tuple[list[Path], list[str]]:
    """(WARC files, the other paths) of what a user named: files, folders that hold WARCs, globs."""
    import glob

    files: dict[Path, None] = {}
    others: list[str] = []
    for path in paths:
        named = [] if "://" in path else [Path(path).expanduser()]
        if named and glob.has_magic(path) and not named[0].exists():
            named = [Path(name) for name in sorted(glob.iglob(str(named[0]), recursive=True))]  # noqa: PTH207
        inside = [child for each in named for child in (sorted(each.rglob("*")) if each.is_dir() else [each])]
        warcs = [each for each in inside if is_warc(each) and each.is_file()]
        files |= dict.fromkeys(each.absolute() for each in warcs)
        if not warcs or len(warcs) < sum(each.is_file() for each in inside):
            others.append(path)  # it holds other things too, or nothing: the readers of digests say what
    return list(files), others


def read_warc(path: Path, passed: Passed, start: Position | None = None) -> Iterator[Captured]:
    """The HTML pages of a WARC file that were answered with 200, in its order.

    Args:
        path: the file.
        passed: where the records are counted that hold none.
        start: behind which record to begin; from the beginning where None.

    Raises:
        OSError: the file can't be opened.
    """
    start = start or Position()
    source = f"warc:{path.name}"
    number, offset, last, whole = 0, start.offset, -1, False
    held: Captured | None = None  # a page waits for the next record, which shows where its own ends
    with path.open("rb") as file:
        skip = start.records
        if start.offset is not None and start.records:
            file.seek(start.offset)
            number, skip = start.records - 1, 1
        try:
            for record in ArchiveIterator(file, parse_http=False, max_header_len=_MAX_HEAD):
                number += 1
                at = record.stream_pos
                # packed whole: all records seem to lie at one place, and none begins there
                whole = whole or at <= last or os.pread(file.fileno(), 4, at)[:2] not in _BEGINNINGS
                if held is not None:
                    if not whole:
                        held.packed = _member(file.fileno(), last, at)
                    yield held
                    held = None
                last, offset = at, None if whole else at
                if skip:
                    skip -= 1
                    continue
                page = _page(record, path.name, passed)
                if page is None:
                    continue
                record_id = bare_id(record.record_id)
                url = page.final_url
                link = Link(link_id=article_id(url), url=url, source=source)
                if _ID.fullmatch(record_id):
                    link.hints["record"] = record_id
                held = Captured(link=link, page=page, position=Position(records=number, offset=offset))
        except (OSError, ValueError, RuntimeError) as error:
            passed.notes.append(f"read up to a broken place after {number:,} records: {error}")
        if held is not None:
            held.packed = None if whole else _member(file.fileno(), last, os.fstat(file.fileno()).st_size)
            yield held
    if number == 0:
        passed.notes.append("no WARC record in it")


def _member(file: int, start: int, end: int) -> bytes | None:
    """The bytes between two records where they are one gzip member and nothing else, else None."""
    if not 0 < end - start <= _MAX_BLOCK:
        return None
    packed = os.pread(file, end - start, start)
    inflate = zlib.decompressobj(31)
    try:
        inflate.decompress(packed, _MAX_BLOCK + _MAX_HEAD)
    except zlib.error:
        return None
    return packed if inflate.eof and not inflate.unused_data else None


def _page(record: WarcRecord, name: str, passed: Passed) -> Page | None:
    kind = record.record_type
    if kind != WarcRecordType.response:
        passed.reasons[f"{_kind_name(kind)} record"] += 1
        return None
    if not record.is_http:
        passed.reasons["response of another protocol than HTTP"] += 1
        return None
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not url.lower().startswith(("http://", "https://")) or not _has_host(url):
        passed.reasons["no web address"] += 1
        return None
    expected = record.content_length
    if expected > _MAX_BLOCK:
        passed.reasons[f"over {_MAX_BLOCK:,} bytes"] += 1
        return None
    try:
        block = record.reader.read(_MAX_BLOCK)
        if len(block) < expected:
            passed.reasons["cut short"] += 1
            return None
        record.set_bytes_content(block)
        page = page_of(record, name)
    except Exception:  # a stranger's record: its neighbours go on
        passed.reasons["broken"] += 1
        return None
    if not 200 <= page.status < 300:
        passed.reasons[f"status {page.status}"] += 1
        return None
    return page if _is_html(page, passed) else None


def _is_html(page: Page, passed: Passed) -> bool:
    from dateline.fetch.content import kind

    what = kind(page)
    if what == "html" or (what in ("text", "xml") and "html" in page.headers.get("content-type", "")):
        return True
    passed.reasons[f"no HTML: {what}"] += 1
    return False


def _kind_name(kind: WarcRecordType) -> str:
    return str(getattr(kind, "name", kind)).lower()


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


CHUNK, CHUNK_BYTES = 100, 32 * 1024 * 1024


def chunks(captured: Iterator[Captured]) -> Iterator[list[Captured]]:
    """In pieces that fit a task and the memory."""
    held: list[Captured] = []
    size = 0
    for one in captured:
        held.append(one)
        size += len(one.page.body) + len(one.packed or b"")
        if len(held) >= CHUNK or size >= CHUNK_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held
