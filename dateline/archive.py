"""Pages as the servers gave them, kept in WARC files before anything reads them.

One gzip member for each record, so that a location ("file:offset:record-id") is one seek away and
any tool reads the files. fastwarc writes, and reads at disk speed what others wrote; the tests read
its files with warcio, so that nobody has to believe the writer. Bodies are kept inflated, as Common
Crawl does: Content-Encoding, Transfer-Encoding and the old Content-Length move to X-Crawler-…, since a body
that is plain must not claim to be packed. What WARC has no field for (the URL that was asked for,
the redirects) stands in fields that begin with Dateline-, which other tools pass over.

Each process writes files of its own. An open file is called .open and locked: a lock that can be
had says that its writer is dead, and then the half record at its end is cut off and the file closed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import logging
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import deflate
from fastwarc.stream_io import GzipReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dateline.models import Hop, Page
from dateline.shelf import ShelfError, shelf, ship

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock; there no file is healed
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

_MOVED = "X-Crawler-"
_RENAMED = ("content-encoding", "transfer-encoding", "content-length")
_MAX_HEAD = 256 * 1024  # bytes of headers that are read back; fetched ones have at most 64 KiB
OPEN = ".open"
_MAX_FOREIGN = 64 * 1024 * 1024  # bytes of one inflated body in a WARC that others wrote


class ArchiveError(Exception):
    """The archive can't be written or read; the message says which file and why."""


class Archive:
    """A folder of WARC files, and the shelf that closed ones go to, if there is one (`dateline.shelf`).

    `write` may be called from several threads.

    Args:
        folder: made where it is missing.
        max_file_bytes: a file is closed, and the next one begun, once it is larger.
    """

    def __init__(self, folder: Path | str, *, max_file_bytes: int = 1_000_000_000) -> None:
        self.folder = Path(folder)
        self._max = max_file_bytes
        self._shelf = shelf()
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._name = ""
        self._pid = 0
        self._count = 0

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, page: Page, record_id: str | None = None, packed: bytes | None = None) -> str:
        """Append a page, note its location in `page.archive`, and return it. Durable after `flush`.

        A page out of another WARC keeps that record's id, so that it is known when it comes again; with
        `packed`, that record as a whole gzip member, byte for byte: packing it anew would cost as much
        as all the rest of an import.

        Raises:
            ArchiveError: disk full, no permission; what was written before is untouched.
        """
        if packed is not None and record_id is not None:
            record, identifier = packed, record_id
        else:
            record, identifier = _record_of(page, record_id)
        with self._lock:
            file = self._writable()
            page.archive = f"{self._name}:{self._append(file, record)}:{identifier}"
            return page.archive

    def flush(self) -> None:
        """Make all that was written durable: once for each batch, before the journal says so.

        Raises:
            ArchiveError: the disk refused.
        """
        with self._lock:
            if self._file is not None and self._pid == os.getpid():
                try:
                    os.fsync(self._file.fileno())
                except OSError as error:
                    raise ArchiveError(f"{self.folder / self._name}: {error.strerror}") from error

    def close(self) -> None:
        """Make it durable and give the file its final name."""
        self.flush()
        with self._lock:
            self._finish()

    def read(self, location: str) -> Page:
        """The page at a location.

        Raises:
            ArchiveError: no such file, no such record there, or its digest does not fit.
        """
        name, _, rest = location.partition(":")
        offset, _, identifier = rest.partition(":")
        if not offset.isdigit() or name != Path(name).name:
            raise ArchiveError(f"not a location: {location[:200]!r}")
        try:
            with self._open(name) as file:
                file.seek(int(offset))
                for record in ArchiveIterator(GzipReader(file), parse_http=False, max_header_len=_MAX_HEAD):
                    if identifier in (record.record_id or ""):
                        return page_of(record, location)
                    break
        except (OSError, ValueError, RuntimeError, ShelfError) as error:
            raise ArchiveError(f"{location}: {error}") from error
        raise ArchiveError(f"{location}: no such record there")

    def files(self) -> list[Path]:
        """All WARC files on the local disk, oldest first, those still open last."""
        closed = sorted(self.folder.glob("*.warc.gz"))
        return closed + sorted(self.folder.glob("*.warc.gz" + OPEN))

    def scan(self) -> Iterator[tuple[str, Page]]:
        """Every page with its location, those on the shelf first; a half-written record is passed over
        with a line in the log.

        Raises:
            ArchiveError: the shelf does not answer.
        """
        local = self.files()
        if self._shelf is not None:
            here = {path.name for path in local}
            try:
                for name in self._shelf.names():
                    if name not in here:
                        with self._shelf.open(name) as file:
                            yield from _pages(file, name)
            except ShelfError as error:
                raise ArchiveError(str(error)) from error
        for path in local:
            yield from pages_in(path)

    def heal(self) -> list[Path]:
        """Close the files that dead processes left open, cutting off half records; returns them."""
        healed = []
        for path in sorted(self.folder.glob("*.warc.gz" + OPEN)):
            if path.name == self._name + OPEN or fcntl is None:
                continue
            try:
                with path.open("r+b") as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue  # its writer is alive
                    whole = whole_length(file)
                    if whole < path.stat().st_size:
                        log.warning("%s: half a record cut off at byte %d", path.name, whole)
                        file.truncate(whole)
                    os.fsync(file.fileno())
                    final = path.with_name(path.name.removesuffix(OPEN))
                    path.rename(final)
                    healed.append(final)
            except OSError as error:
                log.warning("%s: left as it is: %s", path.name, error)
        return healed

    def _open(self, name: str) -> BinaryIO:
        try:
            return (self.folder / name).open("rb")
        except FileNotFoundError:
            try:
                return (self.folder / (name + OPEN)).open("rb")
            except FileNotFoundError:
                try:
                    return (self.folder / name).open("rb")  # closed between the two looks
                except FileNotFoundError:
                    if self._shelf is None:
                        raise
                    return self._shelf.open(name)

    def _writable(self) -> BinaryIO:
        if self._file is not None and self._pid != os.getpid():
            self._file = None  # a forked child writes to a file of its own; the parent closes this one
        if self._file is not None and self._file.tell() > self._max:
            os.fsync(self._file.fileno())
            self._finish()
        if self._file is None:
            self._begin()
        assert self._file is not None
        return self._file

    def _begin(self) -> None:
        self._pid, self._count = os.getpid(), self._count + 1
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60]
        now = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        self._name = f"dateline-{now}-{host}-{self._pid}-{self._count:04d}.warc.gz"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.heal()
            if self._shelf is not None:
                ship(self.folder, self._shelf)  # what a dead process, or a shelf that was away, left here
            self._file = (self.folder / (self._name + OPEN)).open("xb", buffering=0)
            if fcntl is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file = None
            raise ArchiveError(f"the archive {self.folder} can't be written: {error.strerror}") from error
        self._append(self._file, _info_of(self._name))
        sync_folder(self.folder)

    def _append(self, file: BinaryIO, record: bytes) -> int:
        at = file.tell()
        try:
            left = memoryview(record)
            while left:
                left = left[file.write(left) :]
        except OSError as error:
            file.truncate(at)  # no half record stays
            file.seek(at)
            raise ArchiveError(f"the archive {self.folder} can't be written: {error.strerror}") from error
        return at

    def _finish(self) -> None:
        if self._file is None:
            return
        path = self.folder / (self._name + OPEN)
        if self._pid == os.getpid() and path.exists():
            path.rename(self.folder / self._name)
            sync_folder(self.folder)
        self._file.close()
        self._file, self._name = None, ""
        if self._shelf is not None:
            ship(self.folder, self._shelf)


def pages_in(path: Path) -> Iterator[tuple[str, Page]]:
    """The pages of one WARC file, packed or not, with their locations; other programs' files too,
    chunked and packed bodies undone. Records that are broken or too large are passed over, and logged.
    """
    try:
        with path.open("rb") as file:
            yield from _pages(file, path.name.removesuffix(OPEN))
    except OSError as error:
        log.warning("%s: read up to a broken place: %s", path.name, error)


def _pages(file: BinaryIO, name: str) -> Iterator[tuple[str, Page]]:
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


def _record_of(page: Page, record_id: str | None = None) -> tuple[bytes, str]:
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


def _info_of(name: str) -> bytes:
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
    merged: dict[str, str] = {}
    for name, value in lines:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    final = (headers.get("WARC-Target-URI") or "").strip("<>")
    date = record.record_date or record.http_date
    if date is None:
        raise ArchiveError(f"{location}: no date")
    return Page(
        requested_url=final if ours is None else _unescaped(ours),
        final_url=final,
        status=record.http_headers.status_code or 0,
        headers=merged,
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
    import zlib

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


def sync_folder(folder: Path) -> None:
    """A new name is durable only once its folder is."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # pragma: no cover - Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def bare_id(identifier: str | None) -> str:
    return (identifier or "").strip("<>").removeprefix("urn:uuid:")


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))",
        lambda found: chr(int(found[1] or found[2] or found[3], 16)),
        text,
    )
