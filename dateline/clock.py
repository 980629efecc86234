"""The time, and waiting for it; in a rehearsal both are wound forward.

Where DATELINE_CLOCK names a folder, the time is the machine's plus the seconds in its file `ahead`,
and `wait_until` does not sleep: once all processes that joined wait, the clock moves to the first
time that one of them waits for. So a week of crawling takes as long as its work, also with several
workers, and none of them sees the time move while it works.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK = 0.02  # seconds between two looks at the others


def now() -> dt.datetime:
    """The time, aware, UTC."""
    folder = os.environ.get("DATELINE_CLOCK")
    time_ = dt.datetime.now(dt.UTC)
    return time_ + dt.timedelta(seconds=_ahead(Path(folder))) if folder else time_


def wind(folder: Path, seconds: float) -> None:
    """Set a rehearsal's clock ahead of the machine's; backwards it never goes."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"ahead.{os.getpid()}"
    new.write_text(repr(max(seconds, _ahead(folder))))
    new.replace(folder / "ahead")


@contextmanager
def joined() -> Iterator[None]:
    """While this lasts, a rehearsal's clock does not move unless this process waits."""
    folder = os.environ.get("DATELINE_CLOCK")
    if not folder:
        yield
        return
    mine = Path(folder) / f"at.{os.getpid()}"
    mine.write_text("")
    try:
        yield
    finally:
        mine.unlink(missing_ok=True)


def wait_until(moment: dt.datetime) -> None:
    """Return at `moment` (aware) or after it."""
    folder = os.environ.get("DATELINE_CLOCK")
    if not folder:
        while (left := (moment - now()).total_seconds()) > 0:
            time.sleep(min(left, 60.0))  # in pieces: a laptop that slept wakes up late
        return
    mine = Path(folder) / f"at.{os.getpid()}"
    new = mine.with_name(f"new.{os.getpid()}")
    new.write_text(repr(moment.timestamp()))
    new.replace(mine)
    try:
        while now() < moment:
            waiting = [_waits_for(path) for path in Path(folder).glob("at.*")]
            if all(waiting) and min(filter(None, waiting)) >= moment.timestamp():
                wind(Path(folder), moment.timestamp() - time.time() + 0.001)
            else:
                time.sleep(_LOOK)
    finally:
        mine.write_text("")


def _ahead(folder: Path) -> float:
    try:
        return float((folder / "ahead").read_text())
    except FileNotFoundError:
        return 0.0


def _waits_for(path: Path) -> float | None:
    """What a process waits for; None while it works. One that is dead waits for ever."""
    try:
        os.kill(int(path.name.partition(".")[2]), 0)
        return float(path.read_text() or 0) or None
    except (ProcessLookupError, FileNotFoundError):
        path.unlink(missing_ok=True)
        return float("inf")
