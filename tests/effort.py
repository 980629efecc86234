"""How much work something is, told so that a busy machine changes no verdict.

Seconds on a wall clock belong to the machine; even a process's own CPU time counts other threads and a
garbage collector that walks what earlier tests left behind. So: the CPU time of this thread, the
collector off, and a verdict only where it is the same several times. What is really super-linear is so
every time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 5
_LEAST = 0.01  # seconds; below it the clock's grain decides, and who else empties the processor's caches


def effort(work: Callable[[], object]) -> float:
    """Seconds of CPU that this thread spent on it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        if collecting:
            gc.enable()


def growth(small: Callable[[], object], large: Callable[[], object], bound: float) -> float:
    """How many times the work of `small` the work of `large` is: the least of a few tries.

    Stops at the first try within `bound`, so that a quiet machine pays for one.
    """
    small()  # caches, and patterns compiled at first use
    least = float("inf")
    for _ in range(TRIES):
        least = min(least, effort(large) / max(effort(small), _LEAST))
        if least <= bound:
            break
    return least


def least_effort(work: Callable[[], object], bound: float) -> float:
    """The least seconds of a few tries; stops at the first within `bound`."""
    least = float("inf")
    for _ in range(TRIES):
        least = min(least, effort(work))
        if least <= bound:
            break
    return least
