"""A page as a WARC record, and back.

One gzip member for each record, so that a location ("file:offset:record-id") is one seek away and any
tool reads the files. fastwarc writes, and reads at disk speed what others wrote; the tests read its
records with warcio, so that nobody has to believe the writer. Bodies are kept inflated, as Common Crawl
does: Content-Encoding, Transfer-Encoding and the old Content-Length move to X-Crawler-…, since a body
that is plain must not claim to be packed. What WARC has no field for (the URL that was asked for, the
redirects) stands in fields that begin with Dateline-, which other tools pass over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import logging
import re
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import BinaryIO

import deflate
from fastwarc.stream_io import GzipReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dateline.models import Hop, Page, merged

log = logging.getLogger(__name__)

_MOVED = "X-Crawler-"
_RENAMED = ("content-encoding", "transfer-encoding", "content-length")
_MAX_HEAD = 256 * 1024  # bytes of headers that are read back; fetched ones have at most 64 KiB
_MAX_FOREIGN = 64 * 1024 * 1024  # bytes of one inflated body in a WARC that others wrote


class ArchiveError(Exception):
    """The archive can't be written or read; the message says which file and why."""


def page_at(file: BinaryIO, offset: int, identifier: str, location: str) -> Page:
    """The page whose record begins at an offset of a file.

    Raises:
        ArchiveError: there is no such record, or its digest does not fit.
    """
    try:
        file.seek(offset)
        for record in ArchiveIterator(GzipReader(file), parse_http=False, max_header_len=_MAX_HEAD):
            if identifier in (record.record_id or ""):
                return page_of(record, location)
            break
    except (OSError, ValueError, RuntimeError) as error:
        raise ArchiveError(f"{location}: {error}") from error
    raise ArchiveError(f"{location}: no such record there")


def pages_of(file: BinaryIO, name: str) -> Iterator[tuple[str, Page]]:
    """The pages of a file with their locations; broken records are passed over, with a line in the log."""
    try:
        for record in ArchiveIterator(
            file, record_types=WarcRecordType.response, parse_http=False, max_header_len=_MAX_HEAD
        ):
            location = f"{name}:{record.stream_pos}:{bare_id(record.record_id)}"
            try:
                if record.is_http:
                    yield location, page_of(record, location)
            except (ArchiveError, OSError, ValueError, RuntimeError) as error:
                log.warning("%s: passed over: %s", location, error)
    except (OSError, ValueError, RuntimeError) as error:
        log.warning("%s: read up to a broken place: %s", name, error)


def record_of(page: Page, record_id: str | None = None) -> tuple[bytes, str]:
    """A page's record, packed, and its id (without `urn:uuid:`); with `record_id` it keeps that one."""
    lines = page.header_lines or list(page.headers.items())
    head = [f"HTTP/1.1 {page.status} {_phrase(page.status)}"]
    for name, value in lines:
        head.append(f"{_MOVED if name.lower() in _RENAMED else ''}{name}: {value}")
    head.append(f"Content-Length: {len(page.body)}")
    block = "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + page.body

    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.record_date = page.fetched_at
    record.is_http = True
    headers = record.headers
    if record_id is not None:
        headers.set("WARC-Record-ID", f"<{record_id}>" if ":" in record_id else f"<urn:uuid:{record_id}>")
    headers.set("WARC-Target-URI", page.final_url)
    if page.peer:
        headers.set("WARC-IP-Address", page.peer)
    headers.set("Dateline-Requested-URI", page.requested_url.encode("ascii", "backslashreplace").decode())
    if page.hops:
        headers.set("Dateline-Hops", json.dumps([[hop.url, hop.status] for hop in page.hops]))
    record.set_bytes_content(block)
    return _packed(record, payload=page.body), bare_id(record.record_id)


def info_of(name: str) -> bytes:
    """The record that begins a file and says who wrote it, packed."""
    from dateline import __version__

    record = WarcRecord()
    record.init_headers(WarcRecordType.warcinfo)
    record.headers.set("WARC-Filename", name)
    record.headers.set("Content-Type", "application/warc-fields")
    record.set_bytes_content(
        f"software: Dateline/{__version__}\r\nformat: WARC file version 1.1\r\n"
        "description: bodies inflated, see X-Crawler-Content-Encoding\r\n".encode()
    )
    return _packed(record)


def _packed(record: WarcRecord, payload: bytes | None = None) -> bytes:
    plain = io.BytesIO()
    if payload is None:
        record.write(plain, checksum_data=True)
    else:  # SHA-1 is what WARC tools check; it guards against a bad disk, not against a forger
        digest = hashlib.sha1(payload).digest()  # noqa: S324
        record.write(plain, checksum_data=True, payload_digest=digest)
    return bytes(deflate.gzip_compress(plain.getvalue(), 6))


def page_of(record: WarcRecord, location: str) -> Page:
    """The page in a response record, chunked and packed bodies undone.

    Raises:
        ArchiveError: it is broken or too large.
    """
    headers = record.headers
    if (headers.get("WARC-Block-Digest") or "").startswith("sha1:") and not record.verify_block_digest():
        raise ArchiveError(f"{location}: the record is not what was written")
    record.parse_http("all", max_header_len=_MAX_HEAD, strict_mode=False)
    body = record.reader.read(_MAX_FOREIGN + 1)
    if len(body) > _MAX_FOREIGN:
        raise ArchiveError(f"{location}: body over {_MAX_FOREIGN:,} bytes")
    lines = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in record.http_headers.items_bytes()
    ]
    ours = headers.get("Dateline-Requested-URI")
    if ours is not None:
        lines = [(name, value) for name, value in lines if name.lower() not in _RENAMED]
        lines = [(name.removeprefix(_MOVED), value) for name, value in lines]
    final = (headers.get("WARC-Target-URI") or "").strip("<>")
    date = record.record_date or record.http_date
    if date is None:
        raise ArchiveError(f"{location}: no date")
    return Page(
        requested_url=final if ours is None else _unescaped(ours),
        final_url=final,
        status=record.http_headers.status_code or 0,
        headers=merged(lines),
        body=body,
        fetched_at=(date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC),
        hops=[
            Hop(url=url, status=status) for url, status in json.loads(headers.get("Dateline-Hops") or "[]")
        ],
        archive=location,
        header_lines=lines,
        peer=headers.get("WARC-IP-Address"),
    )


def whole_length(file: BinaryIO) -> int:
    """Bytes up to the end of the last whole gzip member."""
    file.seek(0)
    whole = at = 0
    inflate = zlib.decompressobj(31)
    while chunk := file.read(1 << 20):
        while chunk:
            try:
                inflate.decompress(chunk)
            except zlib.error:
                return whole
            rest = inflate.unused_data if inflate.eof else b""
            at += len(chunk) - len(rest)
            if inflate.eof:
                whole, inflate = at, zlib.decompressobj(31)
            chunk = rest
    return whole


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def bare_id(identifier: str | None) -> str:
    """A record's id as locations have it."""
    return (identifier or "").strip("<>").removeprefix("urn:uuid:")


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))",
        lambda found: chr(int(found[1] or found[2] or found[3], 16)),
        text,
    )
