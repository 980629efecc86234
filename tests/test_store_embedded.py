"""What only the embedded store must bear: processes that are killed, and several that write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_samples import article

from dateline.query import Query
from dateline.stores.base import StoreUnavailable
from dateline.stores.embedded import EmbeddedStore

_WRITER = """
import sys, pathlib
sys.path.insert(0, sys.argv[2])
from store_samples import article
from dateline.stores.embedded import EmbeddedStore
store = EmbeddedStore(pathlib.Path(sys.argv[1]))
first, batches, size = map(int, sys.argv[3:])
for batch in range(first, first + batches):
    rows = store.write(article(f"{batch:04}-{n:04}", "Some words here.", language="en") for n in range(size))
    assert len(rows) == size
    print(batch, flush=True)
"""


def writer(folder: Path, first: int, batches: int, size: int) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parent)
    command = [sys.executable, "-c", _WRITER, str(folder), tests, str(first), str(batches), str(size)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_kill_in_mid_write_loses_no_commit(tmp_path: Path) -> None:
    """What a write returned for is there after any kill, whole batches only, and the next can write."""
    for attempt, delay in enumerate((0.0, 0.02, 0.05, 0.11)):
        folder = tmp_path / str(attempt)
        process = writer(folder, 0, 10_000, 30)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged = 2 + len(process.stdout.read().split())
        process.wait()
        store = EmbeddedStore(folder, patience=5)
        found = store.count()
        assert found % 30 == 0, "half a batch"
        assert found in (acknowledged * 30, acknowledged * 30 + 30)
        assert store.write([article("after", "Some words.")])[0].status == "created"
        assert store.count() == found + 1
        assert len(list(store.scan())) == found + 1


def test_processes_write_in_turn(tmp_path: Path) -> None:
    processes = [writer(tmp_path, 100 * number, 6, 10) for number in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    store = EmbeddedStore(tmp_path)
    assert store.count() == 180
    assert store.search(Query(limit=0)).total == 180


def test_a_lock_held_by_another_is_named(tmp_path: Path) -> None:
    """Who waits in vain is told which process to look at; reading goes on."""
    store = EmbeddedStore(tmp_path, patience=0.3)
    store.write([article("a", "One.")])
    other = EmbeddedStore(tmp_path, patience=0.3)
    hold = (
        "import sys, time, pathlib; from dateline.stores.embedded import EmbeddedStore\n"
        "store = EmbeddedStore(pathlib.Path(sys.argv[1]))\n"
        "with store._writer(): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            with pytest.raises(StoreUnavailable, match=f"process {process.pid}"):
                other.write([article("b", "Two.")])
            assert other.count() == 1
            assert other.write([article("a", "One.")])[0].status == "unchanged", "needs no lock"
        finally:
            process.kill()
    assert other.write([article("b", "Two.")])[0].status == "created"
    assert store.count() == 2, "a reader that was open sees the new commit"


def test_a_broken_index_says_what_to_do(tmp_path: Path) -> None:
    EmbeddedStore(tmp_path).write([article("a", "One.")])
    (meta,) = tmp_path.glob("*/meta.json")
    meta.write_text("{", "ascii")
    with pytest.raises(StoreUnavailable, match="build it again"):
        EmbeddedStore(tmp_path).count()


def test_asking_makes_nothing(tmp_path: Path) -> None:
    """A search in an empty home must not leave an index behind."""
    store = EmbeddedStore(tmp_path / "index")
    assert store.search(Query(entities=["Wang Yi"]), ["publisher"]).total == 0
    assert (store.count(), store.get("x"), store.entities("x"), store.delete(["x"])) == (0, None, [], 0)
    assert list(tmp_path.iterdir()) == []


def test_searching_imports_nothing_heavy() -> None:
    """`dateline search` answers in less time than these take to import."""
    code = (
        "import sys, dateline.query, dateline.stores.embedded, tantivy\n"
        "heavy = {'prefect', 'spacy', 'trafilatura', 'sqlalchemy', 'pydantic', 'opensearchpy', 'lxml'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_a_killed_writer_left_behind_stops_no_later_one(tmp_path: Path) -> None:
    """Found by killing flows: a commit cut off after its first file made every later one fail for ever,
    because the file that it would make was there."""
    store = EmbeddedStore(tmp_path / "index")
    store.write([article(f"a{n}", "One.", version=1) for n in range(3)])
    store.close()
    (meta,) = (tmp_path / "index").rglob("meta.json")
    told = json.loads(meta.read_text())
    (segment,) = told["segments"]
    # three deletions, three additions and the commit later: the list of what is deleted in the segment
    left = f"{segment['segment_id'].replace('-', '')}.{told['opstamp'] + 7}.del"
    (meta.parent / left).write_bytes(b"half")
    managed = meta.parent / ".managed.json"
    managed.write_text(json.dumps([*json.loads(managed.read_text()), left]))
    again = EmbeddedStore(tmp_path / "index")
    rows = again.write([article(f"a{n}", "Two.", version=2) for n in range(3)])
    assert [row.status for row in rows] == ["updated"] * 3
    assert again.count() == 3 and all("Two." in one.text for one in again.scan())
    again.close()
