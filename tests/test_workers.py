"""Workers: one page that hangs, eats memory or kills its parser costs itself, and no other page."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import worker_jobs as jobs

from dateline.models import Article, Entity, Mention, Moment
from dateline.workers import WorkError, Workers, WorkersError

PATIENCE = 3.0  # seconds after which a test's hanging job is ended; the others take milliseconds


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, initializer=jobs.warm) as pool:
        yield pool


def kinds(answers: object) -> list[object]:
    return [answer.kind if isinstance(answer, WorkError) else answer for answer in answers]  # type: ignore[attr-defined]


def test_answers_come_in_order_from_warm_processes(workers: Workers) -> None:
    assert list(workers.map(jobs.square, range(500), size=7)) == [number**2 for number in range(500)]
    assert list(workers.map(jobs.is_warm, range(4))) == [True] * 4
    assert len(set(workers.map(jobs.pid, range(50)))) <= 2
    assert list(workers.map(jobs.square, [])) == []


def test_each_failure_is_one_error_and_its_neighbours_go_on(workers: Workers) -> None:
    items = ["b", "exit", "c", "kill", "raise", "d", "memory", "unsendable"]
    answers = list(workers.map(jobs.act, items, timeout=90, memory_mb=300))
    assert kinds(answers) == ["b", "died", "c", "died", "error", "d", "memory", "error"]
    assert str(answers[4]) == "error: ValueError: a bad page"
    assert "code 7" in str(answers[1])


def test_what_takes_too_long_is_ended_and_its_neighbours_go_on(workers: Workers) -> None:
    """Asleep or at work: both would hold a process for good."""
    answers = workers.map(jobs.act, ["a", "hang", "b", "spin", "e"], timeout=PATIENCE)
    assert kinds(answers) == ["a", "timeout", "b", "timeout", "e"]


@pytest.mark.parametrize("bad", ["hang", "kill", "raise", "memory", "unreadable"])
def test_a_broken_batch_is_done_again_one_by_one(workers: Workers, bad: str) -> None:
    """The others of the batch have their results."""
    items: list[object] = [*range(9), bad, *range(9)]
    patience = PATIENCE if bad == "hang" else 90
    answers = kinds(workers.map_batches(jobs.batch, items, size=8, timeout=patience, memory_mb=300))
    assert answers[:9] + answers[10:] == [*range(9), *range(9)]
    assert answers[9] in ("timeout", "died", "error", "memory")


@pytest.mark.parametrize("text", ["Berlin\n\n“Nein”", "half a pair: \ud83d", "", "\x00"])
def test_an_article_comes_out_of_a_process_as_it_went_in(workers: Workers, text: str) -> None:
    """Whatever a stranger's page has put into it."""
    moment = Moment(value="2026-03-01T10:00", precision="minute")
    mention = Mention(text="Berlin", start=0, end=6, label="GPE")
    entity = Entity(entity_id="location/berlin", name="Berlin", type="LOCATION", mentions=[mention])
    sent = Article(article_id="a", text=text, published_at=moment, entities=[entity], topics=["x"])
    (back,) = workers.map(jobs.act, [sent])
    assert back == sent


def test_a_batch_function_that_drops_an_item_is_noticed(workers: Workers) -> None:
    answers = kinds(workers.map_batches(jobs.short, [1, "dropped", 2], size=3))
    assert answers == [1, "error", 2]


def test_kill_9_from_outside_costs_nothing(workers: Workers) -> None:
    """The out-of-memory killer takes any process at any time: no item is lost, the pool never stands."""
    # by the count of answers, not by the clock: an item whose process is killed twice is given up, and
    # on a slow machine several could be
    kills, count = 0, 0
    for number, answer in enumerate(workers.map(jobs.big, range(2000), size=8, timeout=90)):
        assert answer == jobs.big(number)
        count += 1
        if number % 100 == 50:
            for worker in workers._workers:
                if worker.ready:
                    os.kill(worker._process.pid, signal.SIGKILL)
                    kills += 1
                    break
    assert count == 2000 and kills > 10


def test_a_slow_stream_is_answered_line_by_line(workers: Workers) -> None:
    """`dateline process` in a pipe: the first answer must not wait for the second question."""
    questions: queue.Queue[int | None] = queue.Queue()
    answers = workers.map(jobs.square, iter(questions.get, None), size=32)
    for number in (3, 4):
        questions.put(number)
        assert next(answers) == number**2
    questions.put(None)
    assert list(answers) == []


def test_no_item_is_overlooked_at_any_moment(workers: Workers) -> None:
    """An item that comes just between two looks of the pool must not wait for ever."""

    def hesitant() -> Iterator[int]:
        for number in range(300):
            time.sleep(0.00001 * (number % 37))
            yield number

    for _ in range(5):
        assert list(workers.map(jobs.square, hesitant(), size=3)) == [number**2 for number in range(300)]


def test_the_last_items_are_shared_out_in_small_pieces(workers: Workers) -> None:
    """With eight slow pages left for one process the other stands still, at the end of each batch."""
    sizes = list(workers.map_batches(jobs.sizes, range(100), size=8))
    assert len(sizes) == 100 and max(sizes) == 8 and sizes[-2:] == [1, 1]


def test_one_slow_worker_does_not_stop_the_rest(workers: Workers) -> None:
    """Answers that wait for an earlier one fill the window; once that comes, work goes on."""
    items: list[object] = [0.3 if number % 11 == 0 else 0 for number in range(60)]
    assert list(workers.map(jobs.nap, items)) == items


def test_reading_ahead_is_bounded(workers: Workers) -> None:
    """Memory stays flat, however long the input is and however slow the one who takes the answers."""
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(100_000):
            read += 1
            yield number

    answers = workers.map(jobs.square, items(), size=4)
    for _ in range(10):
        next(answers)
    time.sleep(0.3)
    assert read < 100
    answers.close()  # type: ignore[attr-defined]
    assert list(workers.map(jobs.square, [2])) == [4]  # an abandoned map leaves the pool usable


def test_an_error_of_the_input_comes_after_the_answers(workers: Workers) -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk")

    answers = workers.map(jobs.square, items())
    assert [next(answers), next(answers)] == [1, 4]
    with pytest.raises(OSError, match="the disk"):
        next(answers)


def test_a_worker_that_cannot_start_is_said_at_once() -> None:
    pool = Workers(1, initializer=jobs.warm, initargs=("broken",))
    with pool, pytest.raises(WorkersError, match="no model here"):
        list(pool.map(jobs.square, [1]))


def test_two_maps_at_once_are_refused(workers: Workers) -> None:
    first = workers.map(jobs.square, [1, 2])
    next(first)
    with pytest.raises(RuntimeError, match="another map"):
        next(iter(workers.map(jobs.square, [1])))
    assert list(first) == [4]


def test_what_a_library_prints_is_not_among_the_answers(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import worker_jobs as jobs\n"
        "from dateline.workers import Workers\n"
        "with Workers(1) as pool:\n"
        "    for answer in pool.map(jobs.act, ['print']): print('answer', answer)\n"
    )
    arguments = [sys.executable, "-c", program, str(Path(__file__).parent)]
    out = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert out.stdout == "answer print\n" and "noise" in out.stderr


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """A killed flow leaves no processes behind."""
    program = (
        "import sys, os; sys.path.insert(0, sys.argv[1])\n"
        "import worker_jobs as jobs\n"
        "from dateline.workers import Workers\n"
        "pool = Workers(2)\n"
        "print(*set(pool.map(jobs.pid, range(20))), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    arguments = [sys.executable, "-c", program, str(Path(__file__).parent)]
    child = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, timeout=60)
    pids = [int(word) for word in child.stdout.split()]
    assert pids
    until = time.monotonic() + 60
    while time.monotonic() < until and any(_runs(pid) for pid in pids):
        time.sleep(0.05)
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
