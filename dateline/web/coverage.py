"""What the archive was told to collect, beside each answer: "no hits" is not "not collected".

The journal is read apart from the request, in a thread that starts with the service: importing
SQLAlchemy takes a second, and what was collected changes more slowly than people ask.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.query import Query
from dateline.settings import Settings

COLUMNS = ("fetched", "blocked", "paywalled", "gone", "failed", "pending", "other")
KEPT = 20.0  # seconds that a reading of the journal is believed, at least
SHARE = 20  # and this many times as long as it took: reading never takes more than a twentieth
LATE = dt.timedelta(days=1)  # a digest reports the day before


@dataclass(slots=True, kw_only=True)
class Collected:
    """How many links of some sources and days were expected, and what came of them.

    `known` is False where the journal can't say, and `note` says why. `first` and `last` are the
    days counted, both included, "" for an open end.
    """

    known: bool = True
    note: str = ""
    expected: int = 0
    fetched: int = 0
    blocked: int = 0
    paywalled: int = 0
    gone: int = 0
    failed: int = 0
    pending: int = 0
    other: int = 0
    sources: int = 0
    first: str = ""
    last: str = ""
    by_source: dict[str, dict[str, int]] = field(default_factory=dict)


REMEMBERED = 1_000  # sums kept: most questions are about the same days
Cube = list[tuple[str, str, str, int]]


class Ledger:
    """The journal as the pages need it: never raises, never makes a journal where there is none."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.journal_url
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._busy = False
        self._until = float("-inf")
        self._cube: Cube = []
        self._counted: dict[tuple[tuple[str, ...], str, str], Collected] = {}
        self._note = "the journal is still being read: ask again in a moment"

    def warm(self) -> None:
        """Start to read, in a thread of its own."""
        with self._lock:
            if self._busy or time.monotonic() < self._until:
                return
            self._busy = True
        threading.Thread(target=self._read, name="journal", daemon=True).start()

    def of(self, query: Query, patience: float = 2.0) -> Collected:
        """What was collected of the query's sources, in its published interval.

        Waits at most `patience` seconds for the first reading; later ones are done meanwhile.
        """
        self.warm()
        self._ready.wait(patience)
        first, last = window(query)
        with self._lock:
            cube, note, counted = self._cube, self._note, self._counted
        if note:
            return Collected(known=False, note=note, first=first, last=last)
        key = (tuple(sorted(set(query.sources))), first, last)
        found = counted.get(key)
        if found is None:
            if len(counted) >= REMEMBERED:
                counted.clear()
            found = counted[key] = count(cube, *key)
        return found

    def cube(self, patience: float = 2.0) -> tuple[Cube, str]:
        """All that is counted, as (source, ISO day, column, links), and why there is nothing."""
        self.warm()
        self._ready.wait(patience)
        with self._lock:
            return self._cube, self._note

    def history(self, article_id: str) -> list[dict[str, Any]]:
        """The journal's rows of an article's links, oldest first; none where there is no journal."""
        if missing(self._url):
            return []
        from dateline.journal import Journal, JournalError

        try:
            with Journal(self._url) as journal:
                return journal.rows(article_id=article_id, limit=50)
        except JournalError:
            return []

    def _read(self) -> None:
        cube: Cube = []
        started = time.monotonic()
        note = missing(self._url)
        if not note:
            try:
                from dateline.journal import Journal, JournalError

                try:
                    with Journal(self._url) as journal:
                        cube = journal.by_day()
                except JournalError as error:
                    note = str(error)
            except Exception as error:  # a page without its coverage line is better than no page
                note = f"the journal can't be read: {type(error).__name__}"
        with self._lock:
            self._cube, self._note, self._counted = cube, note, {}
            ended = time.monotonic()
            self._until = ended + max(KEPT, SHARE * (ended - started))
            self._busy = False
        self._ready.set()


def missing(url: str) -> str:
    """Why there is no journal at a URL, "" where there may be one: asking must not make the file."""
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        return "there is no journal yet: nothing was collected here by `dateline ingest`"
    return ""


def window(query: Query) -> tuple[str, str]:
    """First and last day on which links came that tell of the query's published interval."""
    interval = query.published
    if interval is None:
        return "", ""
    first = interval.start.date().isoformat() if interval.start else ""
    last = ""
    if interval.end and interval.end.date() < dt.date.max - 2 * LATE:
        last = (interval.end - dt.timedelta(microseconds=1) + LATE).date().isoformat()
    return first, last


def count(cube: Cube, sources: Iterable[str], first: str, last: str) -> Collected:
    """The sum over those sources (all where none is named) and days."""
    wanted = set(sources)
    by_source: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    for source, day, column, links in cube:
        if day >= first and (not last or day <= last) and (not wanted or source in wanted):
            by_source.setdefault(source, Counter())[column] += links
    whole: Counter[str] = Counter()
    for tally in by_source.values():
        whole.update(tally)
    found = Collected(first=first, last=last, sources=len(by_source), expected=whole.total())
    for column in COLUMNS:
        setattr(found, column, whole[column])
    for name, tally in sorted(by_source.items()):
        found.by_source[name] = {"expected": tally.total(), **{one: tally[one] for one in COLUMNS}}
    return found
