"""A run in a terminal: a live progress display, and the table of outcomes at its end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dateline import settings
from dateline.cli.output import DIM, emit, paint, say, table
from dateline.journal import Journal
from dateline.progress import CURRENT

T = TypeVar("T")
STEPS = ("fetched", "understood", "settled")
SHOWN = 100  # rows; the journal has them all


class Display:
    """A line for each step on standard error; where no terminal is, a line of text now and then."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description:<11}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._done = threading.Event()

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._progress.stop()

    def say(self, words: str) -> None:
        """What is going on before there is anything to count."""
        self._console.print(f"[dim]{words} …[/dim]")

    def watch(self, work: Callable[[], T]) -> T:
        """Do `work` while the display follows the run's progress."""
        follower = threading.Thread(target=self._follow, daemon=True)
        follower.start()
        try:
            return work()
        finally:
            self._done.set()
            follower.join(2)

    def _follow(self) -> None:
        bars = {step: self._progress.add_task(step, total=None, note="") for step in STEPS}
        while True:
            over = self._done.wait(0.2)
            steps, outcomes = CURRENT.counted()
            counts = " ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
            for step, bar in bars.items():
                self._progress.update(
                    bar,
                    total=CURRENT.total or None,
                    completed=steps[step],
                    note=counts if step == "settled" else "",
                )
            if over:
                return


def print_outcomes(run_id: str, as_json: bool) -> int:
    """The run's links with their outcomes, then the count; the exit status."""
    with Journal(settings.load().journal_url) as journal:
        summary = journal.summary(run_id)
        rows = journal.rows(run_id=run_id, limit=1_000_000 if as_json else SHOWN)
    if as_json:
        for row in rows:
            emit(row)
    else:
        table(
            ["outcome", "link", "reason"],
            [
                (row["outcome"], row["url"] or row["title"] or row["link_id"], row["reason"] or "")
                for row in rows
            ],
        )
        if summary.links > len(rows):
            say(
                paint(
                    f"… and {summary.links - len(rows)} more: dateline journal --limit {summary.links}", DIM
                )
            )
    for note in CURRENT.notes:
        print(f"dateline: {note}", file=sys.stderr)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(summary.outcomes.items()))
    print(
        f"{summary.links} links in, {sum(summary.outcomes.values())} outcomes out: {counts}", file=sys.stderr
    )
    noted = bool(CURRENT.notes)
    CURRENT.notes.clear()  # a command of several runs says each once
    return 0 if summary.links or not noted else 2  # nothing but wrong inputs is a failed command
