"""Holidays of a year: fixed days, Easter's, nth weekdays, and the Jewish and Muslim ones.

Names are the rules themselves, so that a language's table needs no code: "12-25" each year's day,
"2001-09-11" one day for ever, "easter-2" Good Friday, "thursday4-11" the fourth Thursday of November
("monday-1-05" the last Monday of May, "monday1-11+1" the day after the first Monday of November),
"hebrew-7-10" a day of the Hebrew calendar counted from Nisan, "islamic-9" a month and "islamic-10-1" a
day of the tabular Islamic calendar. The last is arithmetic: the moon's sighting may differ by a day.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Final

from dateline.dates.timex_calendar import DAY, Period

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NTH: Final = re.compile(r"([a-z]+)(-?\d)-(\d\d)(?:\+(\d))?")


@functools.lru_cache(maxsize=4096)
def holiday(rule: str, year: int) -> Period | None:
    """When the holiday of `rule` begins in `year`; None if it does not."""
    if rule.startswith("easter"):
        return Period("day", easter(year) + DAY * int(rule[6:]))
    if rule.startswith("hebrew"):
        month, day = (int(part) for part in rule.split("-")[1:])
        return _in_year(year, [hebrew(number, month, day) for number in (year + 3760, year + 3761)])
    if rule.startswith("islamic"):
        month, day = (int(part) for part in f"{rule}-1".split("-")[1:3])
        about = (year - 622) * 33 // 32
        return _in_year(year, [islamic(number, month, day) for number in range(about - 1, about + 3)])
    if rule[0].isdigit():
        if len(rule) == 10:
            return Period("day", dt.date.fromisoformat(rule))
        return Period("day", dt.date(year, int(rule[:2]), int(rule[3:])))
    found_rule = _NTH.fullmatch(rule)
    if not found_rule:
        return None
    weekday, nth, month = _WEEKDAYS.index(found_rule[1]), int(found_rule[2]), int(found_rule[3])
    if nth > 0:
        first = dt.date(year, month, 1)
        later = int(found_rule[4] or 0)
        return Period("day", first + DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1) + later))
    last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
    return Period("day", last - DAY * ((last.weekday() - weekday) % 7))


def _in_year(year: int, days: list[dt.date]) -> Period | None:
    return next((Period("day", day) for day in days if day.year == year), None)


def last_day(rule: str, first: Period) -> Period:
    """The last day of a holiday that begins on `first`: Ramadan is a month, the others are a day."""
    return first.shift(29) if rule.startswith("islamic") and rule.count("-") == 1 else first


def easter(year: int) -> dt.date:
    """Western Easter Sunday (Meeus, Jones and Butcher's algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def _hebrew_new_year(year: int) -> int:
    """Days from the Hebrew epoch to 1 Tishri (Dershowitz and Reingold, Calendrical Calculations)."""

    def elapsed(number: int) -> int:
        months = (235 * number - 234) // 19
        parts = 12084 + 13753 * months
        day = 29 * months + parts // 25920
        return day + 1 if 3 * (day + 1) % 7 < 3 else day

    before, here, after = elapsed(year - 1), elapsed(year), elapsed(year + 1)
    late = 2 if after - here == 356 else 1 if here - before == 382 else 0
    return here + late


def hebrew(year: int, month: int, day: int) -> dt.date:
    """The Gregorian day of a Hebrew date; months count from Nisan = 1, Tishri = 7 begins the year."""
    new_year = _hebrew_new_year(year)
    length = _hebrew_new_year(year + 1) - new_year
    leap = (7 * year + 1) % 19 < 7
    long_heshvan, short_kislev = length % 10 == 5, length % 10 == 3
    # Tishri, Heshvan, Kislev, Tevet, Shevat, Adar (two in a leap year), Nisan …
    lengths = [30, 30 if long_heshvan else 29, 29 if short_kislev else 30, 29, 30]
    lengths += [30, 29] if leap else [29]
    lengths += [30, 29, 30, 29, 30, 29]
    index = month - 7 if month >= 7 else month + len(lengths) - 7
    epoch = dt.date(1, 1, 1).toordinal() - 1373429
    return dt.date.fromordinal(epoch + new_year + sum(lengths[:index]) + day)


def islamic(year: int, month: int, day: int) -> dt.date:
    """The Gregorian day of a date of the tabular Islamic calendar (civil epoch, 16 July 622 Julian)."""
    ordinal = day + 29 * (month - 1) + month // 2 + 354 * (year - 1) + (3 + 11 * year) // 30 + 227014
    return dt.date.fromordinal(ordinal)
