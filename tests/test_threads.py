"""What the threads of one process share, and processes that begin at the same moment.

If one fails, a search answers with an error once in a thousand times, or one of two crawlers that begin
together gives up at once, and nobody can make it happen again. Each test makes the rare moment itself.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from store_samples import article

from dateline.archive import Archive
from dateline.journal import Journal, engine
from dateline.query import Query
from dateline.semantic import Vectors
from dateline.stores import analysis
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.embedded_folders import Folders, State
from dateline.web.coverage import Ledger


def test_two_journals_made_at_the_same_moment_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not wait by itself where the file's mode is changed: one of 100 starts said "locked"."""
    file = tmp_path / "journal.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        other.execute("ROLLBACK")

    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
    with Journal(f"sqlite:///{file}") as journal:
        assert journal.rows() == []
    assert waits
    other.close()


def test_an_archive_that_is_just_begun_is_not_taken_for_a_dead_one(tmp_path: Path) -> None:
    """Its writer makes the file and then locks it; another that looks between the two lets it be."""
    begun = tmp_path / "dateline-20260101T000000-host-1-0001.warc.gz.open"
    begun.touch()
    assert Archive(tmp_path).heal() == []
    assert begun.exists()


def same_stamp(file: Path, content: bytes, former: Path) -> None:
    """Put `content` in a file's place under the time and number of `former`, as a file system may."""
    found = former.stat()
    former.write_bytes(content)
    former.replace(file)
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def test_a_folder_that_takes_over_is_seen_whatever_the_clock_says(tmp_path: Path) -> None:
    """Else a search goes on in the index that was given up, and an article is written into it."""
    folders, file = Folders(tmp_path), tmp_path / "current.json"
    folders.write(State(current="v5-1"))
    assert folders.state().current == "v5-1"
    former = tmp_path / "former"
    former.hardlink_to(file)
    Folders(tmp_path).write(State(current="v5-2"))
    same_stamp(file, file.read_bytes(), former)
    assert folders.state().current == "v5-2"


def test_a_commit_is_seen_whatever_the_clock_says(tmp_path: Path) -> None:
    """Two commits within one tick of the clock: a search after the second finds what it wrote."""
    reader, writer = EmbeddedStore(tmp_path), EmbeddedStore(tmp_path)
    writer.write([article("a", "One.", language="en")])
    assert reader.search(Query()).total == 1
    former, file = tmp_path / "former", reader._folder / "meta.json"
    former.hardlink_to(file)
    writer.write([article("b", "Two.", language="en")])
    same_stamp(file, file.read_bytes(), former)
    assert reader.search(Query()).total == 2
    reader.close()
    writer.close()


def test_words_that_are_known_stay_so_for_who_looks_them_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the memory of words is full, a thread in the middle of a text still needs its own."""
    full = {str(number): ("", "") for number in range(200_000)} | {"alt": ("alt", "alt")}
    monkeypatch.setattr(analysis, "_known", {("de", False): full})
    assert analysis.shapes("Neues Wort", "de") == [("neues", "neu"), ("wort", "wort")]
    assert full["alt"] == ("alt", "alt")


class Emptied(dict[Any, Any]):
    """One that another thread empties right after it was asked whether it has a thing."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        self.clear()
        return found


def test_a_count_that_is_forgotten_meanwhile_is_counted_again() -> None:
    """Else a page of hits is an error 500, for no reason that anyone could find."""
    ledger = Ledger(SimpleNamespace(journal_url=""))  # type: ignore[arg-type]
    ledger._note, ledger._until = "", float("inf")
    ledger._ready.set()
    ledger._cube = [("bbc", "2026-01-01", "fetched", 3)]
    ledger._counted = Emptied()
    assert [ledger.of(Query()).expected for _ in range(3)] == [3, 3, 3]


def test_vectors_that_change_while_they_are_compared(tmp_path: Path) -> None:
    """Each search has ids and vectors of one state."""
    numpy = pytest.importorskip("numpy")
    vectors = Vectors(tmp_path / "meaning.sqlite")
    vectors.put([("a", b"", numpy.ones(4, numpy.float16).tobytes())])

    class Asked:
        """A question; while it is made a matrix of, another thread's search sees the file emptied."""

        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            vectors.drop(["a"])
            vectors._load()
            return numpy.ones(4, dtype)

    assert vectors.nearest(Asked(), 1) == ["a"]


def test_journals_opened_by_threads_at_once(tmp_path: Path) -> None:
    """As the service's threads do at its first requests."""
    problems: list[BaseException] = []
    begin = threading.Barrier(4)

    def open_it() -> None:
        begin.wait(60)
        try:
            Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}").close()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
