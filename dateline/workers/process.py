"""One worker process, as its parent sees it."""

from __future__ import annotations

import collections
import pickle
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

_START = 300.0  # seconds that a worker may take to warm up, on a slow machine that is busy


@dataclass(slots=True, frozen=True)
class WorkError:
    """Why an item has no result. `kind` is "timeout", "memory", "died" (the process ended, twice) or
    "error" (the function raised, or gave what can't be sent)."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class WorkersError(Exception):
    """The workers can't be started; the message is the initializer's own error."""


@dataclass(slots=True)
class Job:
    numbers: list[int]
    items: list[Any]
    deaths: int = 0


class Worker:
    """One process with a socket of its own."""

    def __init__(self, setup: Any) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "import sys; sys.path[:] = eval(sys.argv[2]); "
                    "from dateline.workers.serve import serve; serve(int(sys.argv[1]))",
                    str(theirs.fileno()),
                    repr(sys.path),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=2,  # what a library prints must not stand among our answers
            )
        self.connection: Connection[Any, Any] = Connection(ours.detach())
        self.ready = False
        self.job: Job | None = None
        self.alive = True
        self.deadline = time.monotonic() + _START
        with suppress(OSError):  # it died at once: collect says so
            self.connection.send(setup)

    def give(self, job: Job, function: Any, timeout: float, memory_mb: int) -> None:
        self.job = job
        self.deadline = time.monotonic() + timeout
        with suppress(OSError):  # dead: its end of the socket is closed, and collect will see that
            self.connection.send((function, job.items, memory_mb))

    def collect(self, again: collections.deque[Job]) -> list[tuple[int, Any]]:
        """The answers that this worker has; items to be done again go to `again`."""
        try:
            late = self.deadline <= time.monotonic() and not self.connection.poll()
            kind, value = ("timeout", "") if late else self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            kind, value = "died", f"the process ended with code {self._code()}"
        except ValueError as error:  # it came whole, and is not what it says it is
            kind, value = "error", str(error)
        if not self.ready:
            if kind != "ready":
                self.kill()
                raise WorkersError(f"a worker did not start: {kind} {value}")
            self.ready, self.deadline = True, float("inf")
            return []
        job, self.job = self.job, None
        self.deadline = float("inf")
        if kind in ("timeout", "died", "memory") or job is None:
            self.kill()
        if job is None:
            return []
        if kind in ("done", "full"):
            if kind == "full":
                self.kill()  # it has grown: a fresh one takes its place
            if len(value) == len(job.items):
                return list(zip(job.numbers, value, strict=True))
            kind, value = "error", f"{len(value)} answers for {len(job.items)} items"
        if len(job.items) > 1:
            again.extend(Job([number], [item]) for number, item in zip(job.numbers, job.items, strict=True))
            return []
        if kind == "died" and job.deaths == 0:  # perhaps somebody else killed it
            again.append(Job(job.numbers, job.items, deaths=1))
            return []
        return [(job.numbers[0], WorkError(kind, value or "took too long"))]

    def _code(self) -> int | None:
        try:
            return self._process.wait(5)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        self.alive = False
        self._process.kill()
        self._process.wait()
        self.connection.close()
