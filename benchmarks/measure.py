"""Measuring: CPU seconds and memory of a tree of processes, runs in turn, medians with their spread.

CPU seconds are what is compared wherever both sides do the same work: on a machine that others use,
too, they hold still where the clock on the wall does not. A ratio is taken within a pair of runs, one
right after the other, and then the median over the pairs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

REPO = Path(__file__).resolve().parents[1]
# one thread each: the ratio must not depend on how many cores a matrix product takes
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling libraries anew is no part of a page


class Unavailable(Exception):
    """A part can't be run here; the message says why."""


@dataclass(slots=True)
class Row:
    """A line of the table: what, how much, beside which goal (None: there is none)."""

    part: str
    what: str
    value: str
    goal: str = ""
    met: bool | None = None
    note: str = ""


def run_json(command: Sequence[str], *, env: dict[str, str] | None = None, timeout: float = 3600) -> Any:
    """The JSON on the last line of what a program prints.

    Raises:
        Unavailable: it failed; the message is its last line.
    """
    done = subprocess.run(
        list(command),
        capture_output=True,
        text=True,
        cwd=REPO,
        env={**os.environ, **SINGLE, **(env or {})},
        timeout=timeout,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        words = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Unavailable(f"{' '.join(command[-4:])}: {words[:300]}")
    return json.loads(lines[-1])


def module(name: str, *arguments: object, **options: Any) -> Any:
    """The JSON that one of our own programs prints."""
    return run_json([sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)], **options)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and the most."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def pairs(count: int, one: Callable[[], Any], other: Callable[[], Any]) -> list[tuple[Any, Any]]:
    """Both, `count` times, in turn, each first every second time: what warms up warms up for both."""
    found = []
    for number in range(count):
        if number % 2:
            second = other()
            found.append((one(), second))
        else:
            first = one()
            found.append((first, other()))
    return found


@dataclass(slots=True)
class Usage:
    """What a tree of processes used between `begin` and `end`: seconds of CPU by role, of wall, the
    most memory of one process by role (MB), and `held` after a tenth, half and all of the time: the
    memory of all processes of a role."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    memory: dict[str, float] = field(default_factory=dict)
    held: list[dict[str, float]] = field(default_factory=list)

    @property
    def total(self) -> float:
        """CPU seconds of all roles."""
        return sum(self.cpu.values())


class Watch:
    """Watches this process and its children; `with Watch() as watch: …; watch.usage`.

    Children that end meanwhile are counted up to the last look, twice a second. What looking costs
    (2 ms of CPU for each page, once) counts for nobody.
    """

    def __init__(self) -> None:
        self.usage = Usage()
        self._stop = threading.Event()
        self._own = psutil.Process()
        self._first: dict[int, float] = {}
        self._last: dict[int, tuple[str, float]] = {}
        self._looking = 0.0  # CPU seconds

    def __enter__(self) -> Watch:
        self._look()
        self._first = {pid: seconds for pid, (_, seconds) in self._last.items()}
        self._looking = 0.0
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.usage.wall = time.monotonic() - self._began
        self._stop.set()
        self._thread.join()
        self._look()
        spent: dict[str, float] = defaultdict(float)
        for pid, (role, seconds) in self._last.items():
            spent[role] += seconds - self._first.get(pid, 0.0)
        spent["main"] -= self._looking
        looks = self.usage.held
        self.usage.held = [looks[len(looks) // 10], looks[len(looks) // 2], looks[-1]]
        self.usage.cpu = {role: round(seconds, 3) for role, seconds in spent.items()}

    def _watch(self) -> None:
        began = time.thread_time()
        while not self._stop.wait(0.5):
            self._look()
            self._looking = time.thread_time() - began

    def _look(self) -> None:
        now: dict[str, float] = defaultdict(float)
        for process in [self._own, *self._own.children(recursive=True)]:
            try:
                role = self._role(process)
                times = process.cpu_times()
                self._last[process.pid] = (role, times.user + times.system)
                held = process.memory_info().rss / 1e6
            except psutil.Error:
                continue
            self.usage.memory[role] = round(max(held, self.usage.memory.get(role, 0.0)), 1)
            now[role] = round(now[role] + held, 1)
        self.usage.held.append(dict(now))

    def _role(self, process: psutil.Process) -> str:
        if process.pid == self._own.pid:
            return "main"
        if process.pid in self._last:
            return self._last[process.pid][0]
        words = " ".join(process.cmdline())
        if "prefect.server" in words:
            return "prefect"
        if "benchmarks.site" in words:
            return "site"
        return "workers" if "workers.serve" in words else "others"
