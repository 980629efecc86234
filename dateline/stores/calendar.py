"""Time as an index holds it: seconds, and the calendar's blocks.

Exact overlap of intervals without a join. An interval is written as the fewest blocks of the calendar
(second, minute … year, decade … millennium) that cover it, and its start as the blocks that hold it.
Then an interval [s, e) overlaps [a, b) exactly if

    s lies in [a, b)        one of the blocks that cover [a, b) holds s, or
    a lies in [s, e)        one of the blocks that cover [s, e) holds a.

Both are look-ups of a few terms, to the second, however many intervals an article has; and because
they are terms, they can stand at a sentence's place beside its entities ("the same sentence").
Most intervals of news (a day, a month, a year) are one block.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from dateline.models import Interval

_DAY = 86_400
_YEARS = (1_000, 100, 10, 1)
_CLOCK = (_DAY, 3_600, 60, 1)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal() - 1
FOREVER = dt.date.max.toordinal() * _DAY  # an open end: the first second of the year 10000

Span = tuple[int, int]  # half-open, seconds since 0001-01-01


def span(interval: Interval) -> Span | None:
    """The interval in whole seconds since 0001-01-01, open ends at 0 and `FOREVER`.

    Fractions of a second widen it to whole ones. None where it is empty or ends before it starts.
    """
    start = 0 if interval.start is None else _seconds(interval.start)
    end = FOREVER if interval.end is None else _seconds(interval.end) + (interval.end.microsecond > 0)
    return (start, end) if start < end else None


def _seconds(moment: dt.datetime) -> int:
    return (moment.toordinal() - 1) * _DAY + moment.hour * 3_600 + moment.minute * 60 + moment.second


def moment(second: int) -> dt.datetime:
    """The wall-clock time of a second since 0001-01-01."""
    return dt.datetime.min + dt.timedelta(seconds=second)


@lru_cache(maxsize=4_096)
def cover(times: Span) -> tuple[str, ...]:
    """The fewest blocks that together are exactly `times`."""
    blocks = []
    at, end = times
    while at < end:
        name, at = next(block for block in _blocks_from(at) if block[1] <= end)
        blocks.append(name)
    return tuple(blocks)


@lru_cache(maxsize=16_384)
def holders(second: int) -> tuple[str, ...]:
    """The blocks that hold a second, one of each size."""
    day = dt.date.fromordinal(second // _DAY + 1)
    years = [f"y{size}:{day.year // size}" for size in _YEARS]
    clock = [f"s{size}:{second // size}" for size in _CLOCK]
    return (*years, f"m:{day.year}-{day.month}", *clock)


def overlap_terms(times: Span) -> list[str]:
    """The terms of which an interval that overlaps `times` has at least one."""
    return [f"start {block}" for block in cover(times)] + [f"in {block}" for block in holders(times[0])]


def interval_terms(times: Span) -> list[str]:
    """The terms under which an interval is indexed, for `overlap_terms` to find."""
    return [f"start {block}" for block in holders(times[0])] + [f"in {block}" for block in cover(times)]


def _blocks_from(second: int) -> Iterator[tuple[str, int]]:
    """The blocks that start at `second`, largest first: name and end."""
    if second % _DAY == 0:
        day = dt.date.fromordinal(second // _DAY + 1)
        if (day.month, day.day) == (1, 1):
            for size in _YEARS:
                # the first block of each size has no year 0: it starts at year 1
                if day.year % size == 0 or day.year == 1:
                    yield f"y{size}:{day.year // size}", _new_year((day.year // size + 1) * size)
        if day.day == 1:
            yield f"m:{day.year}-{day.month}", second + _month_days(day) * _DAY
    for size in _CLOCK:
        if second % size == 0:
            yield f"s{size}:{second // size}", second + size


def _new_year(year: int) -> int:
    return FOREVER if year > dt.MAXYEAR else (dt.date(year, 1, 1).toordinal() - 1) * _DAY


def _month_days(first: dt.date) -> int:
    if first.month == 12:
        return 31
    return (first.replace(month=first.month + 1) - first).days


# Histograms count in whole numbers, which both stores can bucket: days since 1970, months and years.
UNITS = ("day", "month", "year")
_LONGEST = {"day": 7, "month": 92, "year": 3_653}  # days: a week, a quarter, a decade


def period(unit: str, second: int) -> int:
    """The number of the day, month or year that holds a second since 0001-01-01."""
    day = dt.date.fromordinal(second // _DAY + 1)
    if unit == "day":
        return second // _DAY - _EPOCH_DAY
    return day.year * 12 + day.month - 1 if unit == "month" else day.year


def periods(unit: str, times: Span) -> range:
    """The periods that `times` touches; none where it is too long to tell something about one.

    "In 2020" says something about the year, and about none of its days: a day's histogram counts
    intervals of up to a week, a month's up to a quarter, a year's up to a decade.
    """
    if times[1] - times[0] > _LONGEST[unit] * _DAY:
        return range(0)
    return range(period(unit, times[0]), period(unit, times[1] - 1) + 1)


def first_day(unit: str, number: int) -> str:
    """ISO date of a period's first day."""
    if unit == "day":
        return (dt.date(1970, 1, 1) + dt.timedelta(days=number)).isoformat()
    year, month = divmod(number, 12) if unit == "month" else (number, 0)
    return dt.date(year, month + 1, 1).isoformat()
