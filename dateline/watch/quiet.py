"""When a source has gone quiet: its volume against its own usual, as a change point and not a threshold.

A cumulative sum (Page, 1954): each day adds how much likelier a quarter of the usual volume would make
what came than the usual volume does. Weekdays and weekends have usuals of their own, and a source whose
volume jumps about is given more patience, by its own variance.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence

from dateline.journal.polls import Reading

DAY = dt.timedelta(days=1)
LEARNT = 5  # whole days that must be known before anything is said
USUAL = 28  # days that make the usual
SHARE = 0.25  # of the usual volume: what counts as quiet
LIMIT = math.log(500)  # so many times likelier quiet than usual


def gone_quiet(readings: Sequence[Reading]) -> dt.datetime | None:
    """Since when the source is quiet (aware, UTC), None while it is as it was.

    `readings` are a source's polls, oldest first; failed ones say nothing of it.
    """
    days: dict[dt.date, int] = defaultdict(int)
    for reading in readings[1:]:  # the first finds all that was there before
        if reading.outcome != "failed" and reading.end - reading.start < 2 * DAY:
            days[reading.end.date()] += reading.new
    if len(days) <= LEARNT:
        return None
    known = sorted(days)[:-1]  # the last day is not over
    total, since = 0.0, None
    for at, day in enumerate(known):
        past = known[max(0, at - USUAL) : at]
        if len(past) < LEARNT:
            continue
        usual, spread = _usual([days[one] for one in past if _weekend(one) == _weekend(day)] or
                               [days[one] for one in past])  # fmt: skip
        if usual <= 0:
            continue
        step = (usual * (1 - SHARE) + days[day] * math.log(SHARE)) / spread
        if total == 0.0 and step > 0:
            since = day
        total = max(0.0, total + step)
    if total <= LIMIT or since is None:
        return None
    return dt.datetime.combine(since, dt.time(), dt.UTC)


def _weekend(day: dt.date) -> bool:
    return day.weekday() >= 5


def _usual(counts: Sequence[int]) -> tuple[float, float]:
    """The median, and by how much the counts vary more than pure chance would make them."""
    ordered = sorted(counts)
    middle = float(ordered[len(ordered) // 2])
    # by the median again: the first silent days must not teach patience with silence
    variance = (1.4826 * sorted(abs(count - middle) for count in counts)[len(counts) // 2]) ** 2
    return middle, max(1.0, variance / middle if middle else 1.0)
