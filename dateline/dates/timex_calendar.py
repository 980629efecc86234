"""Calendar units as TIMEX3 writes them, and the half-open intervals that their values stand for.

A `Period` is one unit of the calendar ("the week of 15 March 2021"); `interval_of` is the one place
where a TIMEX3 value becomes an interval, whoever made the value. Weeks are ISO weeks, seasons the
meteorological ones of the north (winter 2020 begins in December 2020), a weekend is Saturday and
Sunday, a night ends at midnight so that "Monday night" stays on Monday.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from dateline.models import Interval

SEASONS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # TIMEX3 name: first month
PARTS: Final = {  # TIMEX3 part of day: its first hour and the hour it ends before
    "MO": (6, 12),
    "MI": (12, 13),
    "AF": (12, 18),
    "EV": (18, 24),
    "NI": (18, 24),
    "DT": (9, 17),
}
DAY: Final = dt.timedelta(days=1)
YEARS_IN: Final = {"year": 1, "decade": 10, "century": 100}
MONTHS_IN: Final = {"month": 1, "quarter": 3, "season": 3, "half": 6}
# from fine to coarse: what "the same grain" and "within" compare
GRAINS: Final = ("day", "weekend", "week", "month", "quarter", "season", "half", "year", "decade", "century")


def add_months(day: dt.date, months: int) -> dt.date:
    """`day` moved by whole months, cut to the month's last day where it is shorter.

    Raises:
        ValueError: the result is outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    for number in (day.day, 30, 29, 28):
        try:
            return first.replace(day=min(number, day.day))
        except ValueError:
            continue
    return first


@dataclass(slots=True, frozen=True)
class Period:
    """One unit of the calendar, by its name in `GRAINS` and its first day."""

    grain: str
    start: dt.date

    @property
    def end(self) -> dt.date:
        """The first day after it."""
        if self.grain == "day":
            return self.start + DAY
        if self.grain in ("week", "weekend"):
            return self.start + DAY * (7 if self.grain == "week" else 2)
        return add_months(self.start, MONTHS_IN.get(self.grain) or 12 * YEARS_IN[self.grain])

    def shift(self, count: int) -> Period:
        """The `count`th unit after it, or before it where negative.

        Raises:
            ValueError, OverflowError: outside the years 1 to 9999.
        """
        if self.grain == "day":
            return Period("day", self.start + DAY * count)
        if self.grain in ("week", "weekend"):
            return Period(self.grain, self.start + DAY * 7 * count)
        step = 12 if self.grain == "season" else MONTHS_IN.get(self.grain) or 12 * YEARS_IN[self.grain]
        return Period(self.grain, add_months(self.start, step * count))

    def value(self) -> str:
        """Its TIMEX3 value: 2021-03-22, 2021-W12, 2021-W12-WE, 2021-03, 2021-Q1, 2021-SU, 2021, 202."""
        day = self.start
        match self.grain:
            case "day":
                return day.isoformat()
            case "week" | "weekend":
                year, week, _ = day.isocalendar()
                return f"{year:04d}-W{week:02d}" + ("-WE" if self.grain == "weekend" else "")
            case "month":
                return f"{day.year:04d}-{day.month:02d}"
            case "quarter":
                return f"{day.year:04d}-Q{(day.month + 2) // 3}"
            case "half":
                return f"{day.year:04d}-H{1 if day.month < 7 else 2}"
            case "season":
                name = next(name for name, month in SEASONS.items() if month == day.month)
                return f"{day.year:04d}-{name}"
            case "decade":
                return f"{day.year // 10:03d}"
            case "century":
                return f"{day.year // 100:02d}"
        return f"{day.year:04d}"

    def contains(self, day: dt.date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day < self.end


def period_of(grain: str, day: dt.date) -> Period:
    """The unit that `day` lies in; for a weekend the one of its week."""
    match grain:
        case "day":
            return Period(grain, day)
        case "week":
            return Period(grain, day - DAY * day.weekday())
        case "weekend":
            return Period(grain, day + DAY * (5 - day.weekday()))
        case "quarter" | "half":
            size = MONTHS_IN[grain]
            return Period(grain, dt.date(day.year, (day.month - 1) // size * size + 1, 1))
        case "season":
            first = add_months(day.replace(day=1), -(day.month % 3))
            return Period(grain, first)
        case "month":
            return Period(grain, day.replace(day=1))
    size = YEARS_IN[grain]
    return Period(grain, dt.date(max(1, day.year // size * size), 1, 1))


_VALUE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?|T(?P<part>[A-Z]{2}))?"
    r"|(?P<week>\d{4}-W\d\d)(?P<we>-WE)?"
    r"|(?P<year>\d{4})-(?:(?P<month>\d\d)|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<season>SP|SU|FA|WI))"
    r"|(?P<years>\d{2,4})"
)


def interval_of(value: str) -> Interval | None:
    """The half-open naive interval that a TIMEX3 value stands for.

    "a/b" runs from the start of a to the end of b. None for durations, sets, references such as
    PAST_REF, values with an X in them, and dates that no calendar has.
    """
    if "/" in value:
        first, last = (interval_of(part) for part in value.split("/", 1))
        if first is None or last is None or first.start is None or last.end is None:
            return None
        return Interval(start=first.start, end=last.end) if first.start < last.end else None
    found = _VALUE.fullmatch(value)
    if not found:
        return None
    try:
        return _clock_interval(found) if found["day"] else _days(_period(found))
    except (ValueError, OverflowError):
        return None


def _period(found: re.Match[str]) -> Period:
    if found["week"]:
        monday = dt.datetime.strptime(found["week"] + "-1", "%G-W%V-%u").date()
        return period_of("weekend" if found["we"] else "week", monday)
    if found["years"]:
        digits = found["years"]
        grain = ("century", "decade", "year")[len(digits) - 2]
        if not int(digits):
            raise ValueError("there is no year 0")
        return Period(grain, dt.date(max(1, int(digits.ljust(4, "0"))), 1, 1))
    year = int(found["year"])
    if found["month"]:
        return Period("month", dt.date(year, int(found["month"]), 1))
    if found["quarter"]:
        return Period("quarter", dt.date(year, 3 * int(found["quarter"]) - 2, 1))
    if found["half"]:
        return Period("half", dt.date(year, 6 * int(found["half"]) - 5, 1))
    return Period("season", dt.date(year, SEASONS[found["season"]], 1))


def _days(period: Period) -> Interval:
    midnight = dt.time()
    return Interval(
        start=dt.datetime.combine(period.start, midnight), end=dt.datetime.combine(period.end, midnight)
    )


def _clock_interval(found: re.Match[str]) -> Interval | None:
    day = dt.date.fromisoformat(found["day"])
    midnight = dt.datetime.combine(day, dt.time())
    if found["part"]:
        if found["part"] not in PARTS:
            return None
        first, last = PARTS[found["part"]]
        return Interval(start=midnight + dt.timedelta(hours=first), end=midnight + dt.timedelta(hours=last))
    if not found["hour"]:
        return Interval(start=midnight, end=midnight + DAY)
    step = dt.timedelta(seconds=1) if found["second"] else dt.timedelta(minutes=1 if found["minute"] else 60)
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if hour == 24:  # the midnight that ends the day, as newspapers mean it: the day's last minute
        return Interval(start=midnight + DAY - step, end=midnight + DAY) if not (minute or second) else None
    start = midnight.replace(hour=hour, minute=minute, second=second)
    return Interval(start=start, end=start + step)
