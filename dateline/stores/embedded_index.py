"""The embedded store's index as it lies in its folder: found, opened, read at its last commit, locked
for a writer."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dateline.stores.base import StoreUnavailable
from dateline.stores.embedded_folders import NAME, Folders
from dateline.stores.embedded_schema import TOKENS, schema, tokenizer
from dateline.stores.facets import Counted

HEAP = 64_000_000  # bytes of new documents that the writer gathers before it puts them on disk

_locks: dict[Path, threading.RLock] = {}  # one writer at a time among this process's threads
_locks_guard = threading.Lock()


class Opened:
    """The index of a store in `folder`, see `embedded.EmbeddedStore`."""

    def __init__(self, folder: Path, *, patience: float = 60.0, only: str | None = None) -> None:
        # several indexes may lie in it: the one that answers, one that is being built, the former one
        self._folders = Folders(folder)
        self._only = only  # this one, whichever answers
        self._patience = patience
        self._index: Any = None
        self._seen: bytes | None = None  # meta.json, when the searcher was made
        self._reload_lock = threading.RLock()
        self._swept: Path | None = None  # the folder whose leftovers this store has thrown away
        self._look_at(folder / (only or NAME))

    def _look_at(self, folder: Path) -> None:
        self._folder, self._index, self._seen, self._counted = folder, None, None, Counted()
        with _locks_guard:
            self._lock = _locks.setdefault(folder.absolute(), threading.RLock())

    def _follow(self) -> None:
        """Look at the index that answers now: a rebuild may have put another one in its place."""
        if self._only is None:
            folder = self._folders.root / self._folders.state().current
            if folder != self._folder:
                self._look_at(folder)

    def _opened(self, *, create: bool) -> Any:
        """The index; None where there is none yet and none shall be made."""
        import tantivy

        if self._index is not None:
            return self._index
        if self._only is None and not self._folders.ready(self._folder.name):
            self._folders.check(self._folder.name)
        try:
            if create:
                self._folder.mkdir(parents=True, exist_ok=True)
            elif not (self._folder / "meta.json").exists():
                return None
            index = tantivy.Index(schema(), str(self._folder), reuse=True)
            index.config_reader("manual", 0)
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"the index in {self._folder} can't be opened ({error}): move the folder away, "
                "and build it again from the archive"
            ) from error
        index.register_tokenizer(TOKENS, tokenizer())
        self._index = index
        return index

    def _refresh(self) -> None:
        """Look at the last commit, if it is newer than what was looked at before."""
        with self._reload_lock:
            try:
                # not its time and number: two commits later, both may be the same again
                meta = (self._folder / "meta.json").read_bytes()
            except FileNotFoundError:
                return
            except OSError as error:
                raise StoreUnavailable(f"the index in {self._folder} can't be read: {error}") from error
            if meta != self._seen and self._index is not None:
                self._index.reload()
                self._seen, self._counted = meta, Counted()

    def _looked_up(self) -> tuple[Any, Counted]:
        """The searcher of the last commit, None where there is no index, and what was counted in it."""
        with self._reload_lock:
            self._follow()
            if self._opened(create=False) is None:
                return None, self._counted
            self._refresh()
            return self._index.searcher(), self._counted

    def _searcher(self) -> Any:
        return self._looked_up()[0]

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """A writer; what it did is durable and seen by this store's searches when the block ends."""
        lock, writer, folder = self._current_writer()
        try:
            yield writer
            writer.commit()
        except (OSError, ValueError) as error:
            raise StoreUnavailable(f"the index in {folder} can't be written: {error}") from error
        finally:
            _end(writer)  # nothing is left running behind the lock
            (folder / "writer.pid").unlink(missing_ok=True)
            lock.release()
        self._refresh()

    def _current_writer(self) -> tuple[threading.RLock, Any, Path]:
        """This process's lock (held), the writer and the folder of the index that answers; where
        another one took its place while we waited, all of that one."""
        while True:
            with self._reload_lock:
                self._follow()
                lock, folder = self._lock, self._folder
            lock.acquire()
            try:
                with self._reload_lock:
                    index = self._opened(create=True) if self._folder == folder else None
                if index is not None:
                    writer = self._locked_writer(index)
                    with self._reload_lock:
                        self._follow()
                        if self._folder == folder:
                            return lock, writer, folder
                    _end(writer)
            except BaseException:
                lock.release()
                raise
            lock.release()

    def _locked_writer(self, index: Any) -> Any:
        deadline = time.monotonic() + self._patience
        owner = self._folder / "writer.pid"
        while True:
            try:
                writer = index.writer(HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise StoreUnavailable(
                        f"the index in {self._folder} can't be written: {error}"
                    ) from error
                if time.monotonic() >= deadline:
                    break
                time.sleep(0.05)
            else:
                # A process that was killed in mid-commit leaves files that the next commit would make,
                # and can't: what no commit names is thrown away before anything is written.
                if owner.exists() or self._swept != self._folder:
                    self._sweep(writer)
                owner.write_text(str(os.getpid()), "ascii")
                return writer
        try:
            who = f"process {owner.read_text('ascii')}"
        except OSError:
            who = "another process"
        raise StoreUnavailable(
            f"the index in {self._folder} is being written by {who}: wait until it is done, or stop it"
        )

    def _sweep(self, writer: Any) -> None:
        try:
            writer.garbage_collect_files()
        except (OSError, ValueError) as error:
            _end(writer)
            raise StoreUnavailable(f"the index in {self._folder} can't be written: {error}") from error
        self._swept = self._folder


def _end(writer: Any) -> None:
    """End a writer and the merges that its commits set off.

    What a full disk broke it says once more here, after the commit has said so; a merge alone that fails
    leaves its segments as they are.
    """
    with suppress(OSError, ValueError):
        writer.wait_merging_threads()
