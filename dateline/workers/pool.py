"""The pool: gives out jobs, waits for answers, deadlines and deaths, and yields in order."""

from __future__ import annotations

import collections
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, TypeVar

from dateline.workers.feed import Feed
from dateline.workers.process import Job, Worker, WorkError
from dateline.workers.serve import words

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Workers:
    """A pool of warm processes, kept between calls; `with Workers(initializer=warm) as workers`.

    Args:
        count: processes; one for each core that this process may use, where None.
        initializer: called once in each process with `initargs`; a module's function.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        initializer: Callable[..., object] | None = None,
        initargs: Sequence[Any] = (),
    ) -> None:
        self.count = count or cores()
        self._setup = (sys.path, initializer, tuple(initargs))
        self._workers: list[Worker] = []
        self._busy = threading.Lock()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the processes now, so that they warm up while other work goes on."""
        while len(self._workers) < self.count:
            self._workers.append(Worker(self._setup))

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def map(
        self,
        function: Callable[[Item], Answer],
        items: Iterable[Item],
        *,
        timeout: float = 30.0,
        memory_mb: int = 2048,
        size: int = 1,
    ) -> Iterator[Answer | WorkError]:
        """`function(item)` for each item: its result or its error, one each, in order.

        See `map_batches`; `size` items travel together, which pays where each takes milliseconds.
        """
        for answer in self.map_batches(
            _Each(function), items, size=size, timeout=timeout, memory_mb=memory_mb
        ):
            if isinstance(answer, WorkError):
                yield answer
            else:
                fine, value = answer
                yield value if fine else WorkError("error", value)

    def map_batches(
        self,
        function: Callable[[list[Item]], Sequence[Answer]],
        items: Iterable[Item],
        *,
        size: int = 32,
        timeout: float = 30.0,
        memory_mb: int = 2048,
    ) -> Iterator[Answer | WorkError]:
        """`function(batch)` gives one answer for each item of a batch; yields them one by one, in order.

        A batch that breaks (raises, takes over `timeout` seconds, wants over `memory_mb` more than
        the warm process has, kills its process) is done again item by item, each with the same
        limits, and only the items that break alone give a `WorkError`.

        `items` is read in a thread, a bounded way ahead. A batch holds what is there, at most
        `size`: the first of a slow stream is not kept waiting for the next, and the last ones are
        shared out in small pieces, so that no process stands still while another has eight to do.
        `function` must be a module's function (or `functools.partial` of one). One call at a time for
        each pool.

        Raises:
            WorkersError: the workers don't start.
            Exception: what reading `items` raised, after the results of those before it.
        """
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("these workers are at another map: make a pool for each, or wait")
        feed = Feed(items, most=2 * size * self.count)
        try:
            yield from self._run(function, feed, size, timeout, memory_mb)
        finally:
            feed.stop()
            for worker in self._workers:
                if worker.job is not None:
                    worker.kill()  # nobody waits for its answer any more
            self._workers = [worker for worker in self._workers if worker.alive]
            self._busy.release()

    def _run(
        self,
        function: Callable[[list[Item]], Sequence[Answer]],
        feed: Feed[Item],
        size: int,
        timeout: float,
        memory_mb: int,
    ) -> Iterator[Answer | WorkError]:
        answers: dict[int, Answer | WorkError] = {}
        again: collections.deque[Job] = collections.deque()  # single items of broken batches
        taken = given = 0
        window = 4 * size * self.count  # how far the answers may be ahead of the one that is waited for
        while True:
            ready = []
            while given in answers:
                ready.append(answers.pop(given))
                given += 1
            self.start()
            for worker in self._workers:
                if worker.job is not None or not worker.ready:
                    continue
                job = again.popleft() if again else None
                if job is None and taken - given < window:
                    batch = feed.take(size, self.count)
                    if batch:
                        job = Job(list(range(taken, taken + len(batch))), batch)
                        taken += len(batch)
                if job is None:
                    break
                worker.give(job, function, timeout, memory_mb)
            yield from ready  # after the workers have their next jobs, so that nobody waits for the taker
            if feed.ended and not again and given == taken:
                feed.raise_error()
                return
            for worker in self._wait(feed):
                answers.update(worker.collect(again))
            self._workers = [worker for worker in self._workers if worker.alive]

    def _wait(self, feed: Feed[Any]) -> list[Worker]:
        """The workers that have an answer, died, or are past their deadline."""
        now = time.monotonic()
        nearest = min((worker.deadline for worker in self._workers), default=now)
        ready = wait(
            [*(worker.connection for worker in self._workers), feed.bell],
            min(max(nearest - now, 0.0), 3600.0),
        )
        feed.hush()  # before the next look at what it holds, so no ring is missed
        now = time.monotonic()
        return [worker for worker in self._workers if worker.connection in ready or worker.deadline <= now]


@dataclass(slots=True, frozen=True)
class _Each:
    """A function of one item as a function of a batch; what one item raises stays with it."""

    function: Callable[[Any], Any]

    def __call__(self, batch: list[Any]) -> list[tuple[bool, Any]]:
        answers: list[tuple[bool, Any]] = []
        for item in batch:
            try:
                answers.append((True, self.function(item)))
            except MemoryError:
                raise
            except Exception as error:
                answers.append((False, words(error)))
        return answers


def cores() -> int:
    """Cores that this process may use: fewer than the machine has where it is pinned to some."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover - macOS
        return os.cpu_count() or 1
