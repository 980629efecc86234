"""Printed dates and times → Moment, at the precision and with the zone that they were printed with.

`parse_moment` reads a string that is a date ("Apr 01, 2021 08:01 PM", "3. März 2020, 14.05 Uhr",
ISO 8601, RFC 2822); `find_moments` finds all dates with a year in running text. Neither knows today's
date: "yesterday" is nothing here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.dates.published_words import ZONE, Order, month_of, offset_of, order_of
from dateline.models import Moment, Precision

_YEAR = r"(?:1[6-9]|20)\d\d"
# Indic and Thai vowel signs are no \w; the halves share no letter, or a long word would cost its power of two
_WORD = r"[^\W\d_](?:[^\W\d_]|(?![^\W\d_])[\u0900-\u0dff\u0e00-\u0e7f.]){2,}"
_ISO = re.compile(
    rf"({_YEAR})-(\d\d)(?:-(\d\d)(?:[T\s]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*({ZONE})?)?)?(?![\d])",
    re.I,
)
_COMPACT = re.compile(
    rf"(?<!\d)({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?(\d\d)(\d\d)(\d\d)?(Z)?)?(?!\d)"
)
_DATES = re.compile(
    rf"""(?<!\d)(?P<y2>{_YEAR}|25\d\d)\s?[年년]\s?(?P<m2>\d{{1,2}})\s?[月월]\s?(?P<d2>\d{{1,2}})\s?[日일]
      | (?<![\w/])(?:
        (?P<y1>{_YEAR}|1[34]\d\d)(?P<s1>[-/.])\s?(?P<m1>\d{{1,2}})(?P=s1)\s?(?P<d1>\d{{1,2}})(?!\d)
      | (?P<a>\d{{1,2}})(?P<s2>[./-]|\s\|)\s?(?P<b>\d{{1,2}})(?P=s2)\s?(?P<y3>{_YEAR}|\d\d)(?![\d/])
      | (?P<d4>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°|\.|\ ?-e|\ ?-а)?[\s\-/]*(?:of\s|de\s|d['’]|di\s)?
            (?P<w4>{_WORD})(?:\s?/\s?{_WORD})?\.?,?[\s\-/]*(?:del?\s|,)?\s?(?P<y4>{_YEAR}|25\d\d|1[34]\d\d|['’]\d\d)(?!\d)
      | (?P<w5>{_WORD})\.?[\s\-/]*(?P<d5>\d{{1,2}})(?:st|nd|rd|th|\.)?,?[\s\-/]+(?P<y5>{_YEAR})(?!\d)
      | (?P<y6>{_YEAR})[\s.,]+(?:gada\s|m\.\s)?(?P<w6>{_WORD})\.?\s?(?P<d6>\d{{1,2}})\.?(?!\d)
      | (?P<w8>{_WORD})\s+(?P<d8>\d{{1,2}})\s(?P<clock>\d\d:\d\d:\d\d)\s(?P<z8>{ZONE}\s)?(?P<y8>{_YEAR})(?!\d)
      | (?P<w7>{_WORD})\.?,?\s(?:de\s)?(?P<y7>{_YEAR})(?!\d)
    )""",
    re.X | re.I,
)
_CLOCK = rf"""
    (?P<h>[01]?\d|2[0-4])
    (?: \s?[:h.]\s?(?P<min>[0-5]\d) (?:[:.](?P<sec>[0-5]\d)(?:[.,]\d+)?)?
      | (?=\s?(?:[ap]\.?\s?m\b|uhr\b|h\b)) )
    (?:\s?(?P<half>[ap])\.?\s?m\b\.?)?
    (?:\s?(?:uhr|hrs?|h)\b)?
    (?:[\s,]*\(?(?P<zone>{ZONE})\)?)?
"""
# between a date and its time stand a comma, a bar, a short word ("at", "um", "à", "kl."), a weekday
_JOIN = r"(?:[\s,|·•;–—()-]|\b(?:at|um|à|as|às|alle|ore|kl|om|o|at|a\s+las|klo|в|о|and|godz|saat)\b\.?)*"
_AFTER = re.compile(rf"(?:T|{_JOIN}){_CLOCK}", re.X | re.I)
_BEFORE = re.compile(rf"(?<![\d.:/]){_CLOCK}{_JOIN}(?:{_WORD}[\s,.]+)?(?:on\s|the\s)?$", re.X | re.I)
_CLOCK_ALONE = re.compile(rf"(?<![\d.:/]){_CLOCK}(?![\d:])", re.X | re.I)
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?$")
_OFFSET_TAIL = re.compile(rf"\s*\(?({ZONE})\)?", re.I)
_THAI_ERA = 543
_DIGITS = {base + digit: ord("0") + digit for base in (0x660, 0x6F0, 0x966) for digit in range(10)}
_LONGEST = 120  # characters of a string that is a date and little else


@dataclass(slots=True, frozen=True)
class Found:
    """A date in text: text[start:end] is `moment`; `swapped` is the other reading of 03/04/2020.

    `sure` is False where only a custom (language, country) chose between the two.
    """

    start: int
    end: int
    moment: Moment
    swapped: Moment | None = None
    sure: bool = True


def parse_moment(text: str, language: str | None = None, order: Order | None = None) -> Moment | None:
    """The moment that a printed date says, None where it is no date with at least month and year.

    Args:
        text: the date as printed, with or without time and zone; a label before it does not matter.
        language: BCP 47 tag of the page ("de", "en-GB"); English and other common languages are tried
            as well. It also decides the order in 03/04/2020.
        order: the order of day and month in figures, where the caller knows it better.
    """
    text = " ".join(text.split())
    if not text or len(text) > 4 * _LONGEST:
        return None
    if match := _EPOCH.match(text.translate(_DIGITS)):
        return _epoch(int(match[1]))
    found = next(find_moments(text[:_LONGEST], language, order), None)
    return found.moment if found else None


def find_moments(text: str, language: str | None = None, order: Order | None = None) -> Iterator[Found]:
    """All dates with a year in a text, from left to right, each with the clock time beside it."""
    order = order or order_of(language)
    if not text.isascii():
        text = text.translate(_DIGITS)  # one character for one: offsets stay true
    at = 0
    while at < len(text):
        iso = _ISO.search(text, at)
        compact = _COMPACT.search(text, at)
        free = _DATES.search(text, at)
        first = min((m for m in (iso, compact, free) if m), key=lambda m: (m.start(), -m.end()), default=None)
        if first is None:
            return
        if first is free:
            found = _free(first, text, at, language, order)
        else:
            found = _fixed(first, text, iso is first)
        if found is None:
            # no date: "31 February 2020" is none as a whole, else one may start a word later
            at = first.end() if _names_month(first, language) else first.start() + 1
            continue
        yield found
        at = found.end


def find_clock(text: str, day: dt.date) -> Moment | None:
    """A clock time alone ("Updated 14:05 GMT") on a day that is known otherwise."""
    match = _CLOCK_ALONE.search(text)
    return _with_clock(day, match) if match else None


def to_moment(value: dt.datetime | dt.date, precision: Precision, zone: str | None = None) -> Moment:
    """A Moment of a date or datetime, cut at the precision; an aware one keeps its offset."""
    if precision == "year":
        return Moment(value=f"{value.year:04d}", precision=precision, zone=zone)
    if precision == "month":
        return Moment(value=f"{value.year:04d}-{value.month:02d}", precision=precision, zone=zone)
    if not isinstance(value, dt.datetime) or precision == "day":
        return Moment(value=value.isoformat()[:10], precision="day", zone=zone)
    timespec = {"hour": "hours", "minute": "minutes", "second": "seconds"}[precision]
    return Moment(value=value.isoformat(timespec=timespec), precision=precision, zone=zone)


def day_of(moment: Moment) -> dt.date | None:
    """The printed day; None for a month or a year."""
    if moment.precision in ("year", "month"):
        return None
    return dt.date.fromisoformat(moment.value[:10])


def instant_of(moment: Moment) -> dt.datetime | None:
    """The moment as an aware datetime; None without a time or an offset."""
    if moment.precision in ("year", "month", "day"):
        return None
    value = dt.datetime.fromisoformat(moment.value)
    return value if value.tzinfo else None


def _epoch(seconds: int) -> Moment | None:
    if not 300_000_000 <= seconds <= 4_100_000_000:  # 1979 to 2099: else it is some id
        return None
    return to_moment(dt.datetime.fromtimestamp(seconds, dt.UTC), "second", "UTC")


def _fixed(match: re.Match[str], text: str, iso: bool) -> Found | None:
    year, month, day, hour, minute, second, zone = match.groups()
    end = match.end()
    if iso and day is None:
        if not 1 <= int(month) <= 12:
            return None
        return Found(match.start(), end, Moment(value=f"{year}-{month}", precision="month"))
    date = _date(year, month, day)
    if date is None:
        return None
    if hour is None:
        # "2020-03-03, 2:05 p.m."
        moment, end = _clock_after(date, text, end)
        return Found(match.start(), end, moment)
    try:
        clock = dt.time(int(hour) % 24, int(minute), int(second or 0))
    except ValueError:
        return Found(match.start(), end, to_moment(date, "day"))
    if zone is None and (tail := _OFFSET_TAIL.match(text, end)):
        zone, end = tail[1], tail.end()
    return Found(match.start(), end, _moment(date, clock, "second" if second else "minute", zone))


def _free(
    match: re.Match[str], text: str, since: int, language: str | None, order: Order | None
) -> Found | None:
    swapped: dt.date | None = None
    sure = True
    date: dt.date | None = None
    get = match.groupdict()
    if get["y1"]:
        date = _date(get["y1"], get["m1"], get["d1"])
    elif get["y2"]:
        date = _date(get["y2"], get["m2"], get["d2"])
    elif get["y3"]:
        date, swapped, sure = _figures(get, order)
    elif get["y7"]:
        month = month_of(get["w7"], language)
        if month is None or (get["w7"].casefold() in ("may", "mar", "mai") and get["w7"].islower()):
            return None
        value = f"{_year(get['y7']):04d}-{month:02d}"
        return Found(match.start(), match.end(), Moment(value=value, precision="month"))
    else:
        for n in "4568":
            if get[f"y{n}"]:
                month = month_of(get[f"w{n}"], language)
                date = _date(get[f"y{n}"], str(month), get[f"d{n}"]) if month else None
    if date is None:
        return None
    if get["clock"]:
        clock = dt.time.fromisoformat(get["clock"])
        return Found(match.start(), match.end(), _moment(date, clock, "second", (get["z8"] or "").strip()))
    moment, end = _clock_after(date, text, match.end())
    start = match.start()
    if moment.precision == "day" and (before := _BEFORE.search(text, max(since, start - 40), start)):
        moment, start = _with_clock(date, before) or moment, before.start()
    other = None
    if swapped:
        other = Moment(
            value=swapped.isoformat() + moment.value[10:], precision=moment.precision, zone=moment.zone
        )
    return Found(start, end, moment, other, sure)


def _names_month(match: re.Match[str], language: str | None) -> bool:
    words = [word for name, word in match.groupdict().items() if word and name[0] == "w"]
    return any(month_of(word, language) for word in words)


def _figures(get: dict[str, str | None], order: Order | None) -> tuple[dt.date | None, dt.date | None, bool]:
    """3/4/2020: (the likely day, the other reading, whether it is sure)."""
    first, second, year = get["a"] or "", get["b"] or "", get["y3"] or ""
    by_day = _date(year, second, first)
    by_month = _date(year, first, second)
    if len(year) == 2 and order == "YMD":
        by_year = _date(first, second, year)
        return by_year, None, by_year is not None and by_day is None
    if by_day is None or by_month is None or by_day == by_month:
        return by_day or by_month, None, True
    # dots are never American; slashes are where nobody says otherwise
    if order == "MDY" or (order is None and get["s2"] == "/"):
        return by_month, by_day, False
    return by_day, by_month, get["s2"] == "."


def _year(text: str) -> int:
    year = int(text.lstrip("'’"))
    if year < 100:
        return year + (2000 if year < 70 else 1900)
    return year - _THAI_ERA if year >= 2500 else year


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        if 1300 <= int(year.lstrip("'’")) < 1500:
            return _persian(int(year), int(month), int(day))
        return dt.date(_year(year), int(month), int(day))
    except ValueError:
        return None


def _persian(year: int, month: int, day: int) -> dt.date | None:
    """A day of the Persian calendar, which Iran's papers print: 1399/02/21. Leap years go by 33."""
    if not (1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)):
        return None

    def days(year: int) -> int:
        return 365 * year + (year + 1595) // 33 * 8 + ((year + 1595) % 33 + 3) // 4

    before = (month - 1) * 31 if month < 7 else 186 + (month - 7) * 30
    return dt.date(2020, 3, 20) + dt.timedelta(days=days(year) - days(1399) + before + day - 1)


def _clock_after(date: dt.date, text: str, at: int) -> tuple[Moment, int]:
    match = _AFTER.match(text, at)
    moment = _with_clock(date, match) if match else None
    if match is None or moment is None:
        return to_moment(date, "day"), at
    return moment, match.end()


def _with_clock(date: dt.date, match: re.Match[str]) -> Moment | None:
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24:
        hour = 0
    clock = dt.time(hour, int(match["min"] or 0), int(match["sec"] or 0))
    precision: Precision = "second" if match["sec"] else "minute" if match["min"] else "hour"
    return _moment(date, clock, precision, match["zone"])


def _moment(date: dt.date, clock: dt.time, precision: Precision, zone: str | None) -> Moment:
    value = dt.datetime.combine(date, clock)
    zone = zone or None
    if zone:
        offset = offset_of(zone, date)
        if offset is not None:
            value = value.replace(tzinfo=dt.timezone(offset))
    return to_moment(value, precision, zone)
