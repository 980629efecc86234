"""Pages as the servers gave them, kept in WARC files before anything reads them (`dateline.warc`).

Each process writes files of its own. An open file is called .open and locked: a lock that can be
had says that its writer is dead, and then the half record at its end is cut off and the file closed.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from dateline.models import Page
from dateline.shelf import ShelfError, shelf, ship
from dateline.warc import ArchiveError, info_of, page_at, pages_of, record_of, whole_length

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock; there no file is healed
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

OPEN = ".open"


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
            record, identifier = record_of(page, record_id)
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
                return page_at(file, int(offset), identifier, location)
        except (OSError, ShelfError) as error:
            raise ArchiveError(f"{location}: {error}") from error

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
                            yield from pages_of(file, name)
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
                    if not os.fstat(file.fileno()).st_size:
                        continue  # just made: its writer is about to lock it
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
                fcntl.flock(self._file, fcntl.LOCK_EX)  # waits for who looks whether it can be healed
        except OSError as error:
            self._file = None
            raise ArchiveError(f"the archive {self.folder} can't be written: {error.strerror}") from error
        self._append(self._file, info_of(self._name))
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
            yield from pages_of(file, path.name.removesuffix(OPEN))
    except OSError as error:
        log.warning("%s: read up to a broken place: %s", path.name, error)


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
