"""How far a run is: numbers that threads add to and a display reads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping


class Progress:
    """Counts by outcome and by step, of `total` links: "asked" page by page, "fetched", "understood" and
    "settled" by the batch."""

    def __init__(self) -> None:
        self.total = 0
        self.steps: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.notes: list[str] = []  # inputs in which something was wrong, a line each
        self._lock = threading.Lock()

    def begin(self, total: int) -> None:
        """Count `total` more links as to be done."""
        with self._lock:
            self.total += total

    def add(self, step: str, count: int, outcomes: Mapping[str, int] | None = None) -> None:
        """Note that `count` links have passed a step."""
        with self._lock:
            self.steps[step] += count
            self.outcomes.update(outcomes or {})

    def counted(self) -> tuple[Counter[str], Counter[str]]:
        """Steps and outcomes as they are now: while one goes through them, threads add new ones."""
        with self._lock:
            return Counter(self.steps), Counter(self.outcomes)


# One process works on one run at a time; a display elsewhere in the process watches it here.
CURRENT = Progress()
