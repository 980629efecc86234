"""Meanings of units counted from the day of publication, or from what was named last.

Functions behind the grammar's rules, with timex_build_dates' contract.
"""

from __future__ import annotations

from typing import Final

from dateline.dates.timex_build_lengths import count_of, length_of, unit_of, vague_past
from dateline.dates.timex_cascade import Built, Match
from dateline.dates.timex_nodes import Literally, Shifted

KINDS: Final = {
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "half": "Half",
    "year": "Year",
    "decade": "Decade",
    "century": "Decade",
}


def shifted(grain: str, count: float, base: str, annual: bool = False) -> Built:
    """Units as nodes; fortnights, and halves of years, in what the calendar has."""
    if grain == "fortnight":
        grain, count = "week", 2 * count
    if grain == "weekend" or grain not in KINDS or count > 9999:
        return None
    if count != int(count):
        if grain not in ("year", "decade", "century"):
            return None
        years = count * {"year": 1, "decade": 10, "century": 100}[grain]
        grain, count = ("year", years) if years == int(years) else ("month", 12 * years)
    node = Shifted(grain, int(count), "anchor" if base == "anchor" else "ref", annual)
    return KINDS[grain], node


def relative_unit(m: Match) -> Built:
    """last week, this year, the next day, the latest quarter, the previous month, la semaine dernière."""
    grain = unit_of(m)
    the, word = (
        m.get("the") is not None,
        m.get("this", "last", "latest", "next", "coming", "previous", "shift"),
    )
    if grain not in KINDS or word is None or grain == "half":
        return None
    kind = word.kind
    if kind == "shift":
        return shifted(grain, word.value, "anchor")
    if grain == "day":
        return (
            shifted("day", {"next": 1, "previous": -1}[kind], "ref") if kind in ("next", "previous") else None
        )
    if kind == "latest":
        return shifted(grain, -1, "anchor")
    if kind == "coming" or (the and kind == "last" and grain not in ("quarter", "century")):
        return "Dur", Literally("DURATION", length_of(grain, 1))
    if kind == "previous":
        return shifted(grain, -1, "ref")
    if kind == "next" and the:
        return shifted(grain, 1, "ref")
    return shifted(grain, {"this": 0, "last": -1, "next": 1}[kind], "anchor")


def reference_unit(m: Match) -> Built:
    """that day, the same year, the following month; "the year" alone says nothing."""
    grain = unit_of(m)
    if grain not in KINDS:
        return None
    if m.get("after"):
        return shifted(grain, 1, "ref")
    if m.get("that", "same"):
        return shifted(grain, 0, "ref")
    return None


def ago(m: Match) -> Built:
    """two years ago, a month ago, a year and a half ago, vor zwei Tagen."""
    count = count_of(m)
    grain = unit_of(m)
    if count is None or grain in ("second", "minute", "hour"):
        return vague_past(m)
    return shifted(grain, -count, "anchor", annual=grain == "year" and count == 1)


def later(m: Match) -> Built:
    """three days later; a week from now."""
    count = count_of(m)
    if count is None or unit_of(m) in ("second", "minute", "hour"):
        return "Dur", Literally("DURATION", length_of(unit_of(m), count))
    return shifted(unit_of(m), count, "anchor" if m.get("hence") else "ref")


def hence(m: Match) -> Built:
    """in drei Tagen, dans trois jours."""
    count = count_of(m)
    return shifted(unit_of(m), count, "anchor") if count is not None else None


def goes_on(m: Match) -> bool:
    """Whether a noun or clause follows, so that "before" or "after" belongs to it."""
    after = m.follows()
    return after is not None and after.kind not in (
        "stop",
        "comma",
        "para",
        "rpar",
        "and",
        "in",
        "dash",
        "at",
    )


def earlier(m: Match) -> Built:
    """three days earlier; two years before, where nothing follows."""
    count, grain = count_of(m), unit_of(m)
    if not m.get("earlier") and goes_on(m):
        return None
    if count is None or grain in ("second", "minute", "hour"):
        return "Dur", Literally("DURATION", length_of(grain, count))
    sign = 1 if m.get("after") else -1
    return shifted(grain, sign * count, "ref", annual=grain == "year" and count == 1 and sign < 0)


def unit_before(m: Match) -> Built:
    """the day before, the year earlier, the day after, where nothing follows."""
    if goes_on(m):
        return None
    return shifted(unit_of(m), 1 if m.get("after") else -1, "ref")


def before_last(m: Match) -> Built:
    """the week before last."""
    return shifted(unit_of(m), -2, "anchor")


def year_earlier(m: Match) -> Built:
    """the year-earlier quarter, year-ago."""
    if m["unit"].value != "year":
        return None
    if m.get("quarter"):
        return "Quarter", Shifted("quarter", -4, "ref")
    return "Year", Shifted("year", -1, "anchor", annual=True)


def deictic(m: Match) -> Built:
    """yesterday, today, tomorrow."""
    return "Day", Shifted("day", m["deictic"].value)


def year_shift(m: Match) -> Built:
    """l'an dernier."""
    return "Year", Shifted("year", m["year_shift"].value)
