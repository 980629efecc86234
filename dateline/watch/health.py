"""The health of sources, and the last runs in numbers: as much as usual, or does somebody have to look?"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dateline.journal import Run, Summary

Cube = Iterable[tuple[str, str, str, int]]  # source, ISO day, what became of them, links
BAD_ENDS = ("failed", "blocked", "gone")
DAYS = 30  # of a source, that make its usual
ENOUGH = 4  # days with links before anything is called usual
FEW, MANY = 0.4, 2.5  # of the usual number of links
FAILURES = 3  # polls in a row that failed
BAD = 0.5  # share of a day's links that came to nothing

Health = Literal["well", "new", "few", "many", "quiet", "failing"]


@dataclass(slots=True, kw_only=True)
class SourceHealth:
    """A source in numbers. `last` is the last day on which it gave links, `links` how many it gave on
    that day, `usual` the median of the days before; `every` the median of days between two such days.

    `health`: "failing" where half of the last day's links came to nothing or its last three polls failed,
    "quiet" where it has been silent for three times its usual pause, "few" or "many" against its usual,
    "new" where too little is known, else "well".
    """

    source: str
    health: Health
    last: str
    links: int
    usual: float | None
    every: float | None
    total: int
    outcomes: dict[str, int]


@dataclass(slots=True, kw_only=True)
class RunReport:
    """A run with its counts; `state` is "running", "ended" or "left" (its process is gone)."""

    run_id: str
    kind: str
    state: Literal["running", "ended", "left"]
    started: dt.datetime
    ended: dt.datetime | None
    links: int
    pending: int
    outcomes: dict[str, int]


def health(cube: Cube, today: dt.date, polls: Iterable[Mapping[str, Any]] = ()) -> list[SourceHealth]:
    """Each source of the journal, those that need somebody first.

    Args:
        cube: `Journal.by_day`.
        today: in UTC.
        polls: `Journal.poll_rows`: a source that can't be read is failing, whatever its links do, and one
            that a crawl has told of as quiet is quiet.
    """
    days: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for source, day, column, links in cube:
        days[source][day][column] += links
    made = [_health(source, found, today) for source, found in days.items()]
    polled = {str(row["source"]): row for row in polls}
    for one in made:
        row = polled.get(one.source.partition(":")[2])
        if row is not None and row["failures"] >= FAILURES:
            one.health = "failing"
        elif row is not None and row["quiet_since"] is not None:
            one.health = "quiet"
    named = {one.source.partition(":")[2] for one in made}
    made += [_silent(name, row) for name, row in polled.items() if name not in named]
    order: tuple[Health, ...] = ("failing", "quiet", "few", "many", "new", "well")
    return sorted(made, key=lambda one: (order.index(one.health), one.source))


def _silent(name: str, row: Mapping[str, Any]) -> SourceHealth:
    """A source that was polled and gave nothing yet."""
    return SourceHealth(
        source=name,
        health="failing" if row["failures"] >= FAILURES else "new",
        last="",
        links=0,
        usual=None,
        every=None,
        total=0,
        outcomes={},
    )


def _health(source: str, days: dict[str, Counter[str]], today: dt.date) -> SourceHealth:
    known = sorted(days)
    before = known[-1 - DAYS : -1]
    last = days[known[-1]]
    usual = median(days[day].total() for day in before) if len(before) >= ENOUGH else None
    dates = [date for day in known[-DAYS:] if (date := _date(day))]
    pauses = [(b - a).days for a, b in pairwise(dates)]
    every = median(pauses) if len(pauses) >= ENOUGH else None
    state: Health = "well" if usual is not None else "new"
    if sum(last[name] for name in BAD_ENDS) >= BAD * last.total():
        state = "failing"
    elif every is not None and dates and (today - dates[-1]).days > 3 * every + 1:
        state = "quiet"
    elif usual is not None and last.total() < FEW * usual:
        state = "few"
    elif usual is not None and last.total() > MANY * usual:
        state = "many"
    whole: Counter[str] = sum(days.values(), Counter())
    return SourceHealth(
        source=source,
        health=state,
        last=known[-1],
        links=last.total(),
        usual=usual,
        every=every,
        total=whole.total(),
        outcomes=dict(whole.most_common()),
    )


def _date(day: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        return None


def reports(runs: Iterable[tuple[Run, Summary]]) -> list[RunReport]:
    """Runs with their counts, as people and programs read them."""
    return [
        RunReport(
            run_id=run.run_id,
            kind=run.kind,
            state="ended" if run.ended else "running" if run.alive else "left",
            started=run.started,
            ended=run.ended,
            links=summary.links,
            pending=summary.pending,
            outcomes=dict(summary.outcomes.most_common()),
        )
        for run, summary in runs
    ]
