"""Meanings of figures in words, lengths of time and habits: functions behind the grammar's rules.

`unit_of`, `count_of` and `length_of` read a counted unit out of a match for the other builders too.
"""

from __future__ import annotations

from typing import Final

from dateline.dates.timex_cascade import Built, Item, Match
from dateline.dates.timex_nodes import Literally

_UNITS: Final = ("unit", "units", "weekend", "quarter")
CODES: Final = {  # TIMEX3 duration: prefix, unit, factor
    "second": ("PT", "S", 1),
    "minute": ("PT", "M", 1),
    "hour": ("PT", "H", 1),
    "day": ("P", "D", 1),
    "week": ("P", "W", 1),
    "fortnight": ("P", "W", 2),
    "weekend": ("P", "WE", 1),
    "month": ("P", "M", 1),
    "quarter": ("P", "Q", 1),
    "half": ("P", "H", 1),
    "year": ("P", "Y", 1),
    "decade": ("P", "DE", 1),
    "century": ("P", "CE", 1),
}


def unit_of(m: Match) -> str:
    """The grain of a counted unit; "half" is one only where no other stands there."""
    return str(_unit_item(m).value)


def _unit_item(m: Match) -> Item:
    return (m.all(*_UNITS) or m.all("half"))[-1]


def count_of(m: Match) -> float | None:
    """How many; a half counts; None for "several"."""
    if m.get("some"):
        return None
    numbers = m.all("num", "number", "num4", "year")
    half = m.get("half")
    if numbers:
        return float(numbers[-1].value) + (0.5 if half else 0)
    if half is None or half is _unit_item(m):
        return 1.0
    return 0.5 if half.first < _unit_item(m).first and not m.get("and") else 1.5


def length_of(grain: str, count: float | None) -> str:
    """A TIMEX3 duration: P2D, PT30M, PXW."""
    prefix, code, factor = CODES[grain]
    if count is None:
        return f"{prefix}X{code}"
    return f"{prefix}{count * factor:g}{code}"


def _number(m: Match, kind: str, value: int) -> list[Item]:
    first, last = m.items[0], m.items[-1]
    return [
        Item(
            kind,
            first.first,
            last.last,
            value,
            low=first.low,
            tail=last.tail,
            start=first.start,
            end=last.end,
        )
    ]


def sum_number(m: Match) -> Built:
    """twenty-three."""
    return _number(m, "number", m["tens"].value + m["number"].value) if m["number"].value < 10 else None


def hundred_number(m: Match) -> Built:
    """two hundred."""
    return _number(m, "number", 100 * m["number"].value)


def plain_number(m: Match) -> Built:
    """twenty."""
    return _number(m, "number", m["tens"].value)


def couple(m: Match) -> Built:
    """a couple of, a dozen."""
    return _number(m, "number", m["couple"].value)


def some(m: Match) -> Built:
    """a few."""
    return _number(m, "some", 0)


def sum_ordinal(m: Match) -> Built:
    """twenty-first."""
    return _number(m, "ordinal", m["tens"].value + m["ordinal"].value) if m["ordinal"].value < 10 else None


def spoken_year(m: Match) -> Built:
    """nineteen ninety-four, two thousand and four, as broadcasters' transcripts have it."""
    values = [item.value for item in m.all("number", "tens")]
    if m.get("thousand"):
        if values[0] != 2:
            return None
        return _number(m, "year", 2000 + sum(values[1:]))
    if (
        not 10 <= values[0] <= 20
        or values[1] < 10
        or (len(values) == 3 and (values[1] < 20 or values[2] > 9))
    ):
        return None
    year = 100 * values[0] + sum(values[1:])
    return _number(m, "year", year) if 1100 <= year <= 2099 else None


def duration(m: Match) -> Built:
    """two years, a week, 10 to 15 days, three-day."""
    grain = unit_of(m)
    if grain == "second" and m.get("art"):
        return None
    return "Dur", Literally("DURATION", length_of(grain, count_of(m)))


def half_duration(m: Match) -> Built:
    """half an hour."""
    grain, count = unit_of(m), 0.5
    if grain == "hour":
        return "Dur", Literally("DURATION", "PT30M")
    return "Dur", Literally("DURATION", length_of(grain, count))


def vague_duration(m: Match) -> Built:
    """(for) years; plural units after a preposition."""
    before = m.precedes()
    if before is None or before.kind not in ("for", "in", "after"):
        return None
    return "Dur", Literally("DURATION", length_of(unit_of(m), None))


def every(m: Match) -> Built:
    """every year, every two weeks, each Tuesday, twice a year."""
    last = m.items[-1]
    if last.kind == "weekday":
        value = f"XXXX-WXX-{last.value}"
    elif last.kind == "month":
        value = f"XXXX-{last.value:02d}"
    elif last.kind == "season":
        value = f"XXXX-{last.value}"
    elif last.kind == "part":
        value = f"XXXX-XX-XXT{last.value}"
    elif last.kind == "holiday":
        value = f"XXXX-{last.value}" if len(last.value) == 5 else "P1Y"
    else:
        numbers = m.all("num", "number") if m.items[0].kind == "every" else []
        value = length_of(unit_of(m), numbers[0].value if numbers else 2 if m.get("other") else 1)
    return "Set", Literally("SET", value)


def habit(m: Match) -> Built:
    """daily, annually."""
    return "Set", Literally("SET", m["set"].value)


def vague(m: Match) -> Built:
    """recently, now, soon."""
    return "Vague", Literally("DATE", m["vague"].value, vague=True)


def past_duration(m: Match) -> Built:
    """the past year, the last two days, the next few weeks."""
    return "Dur", Literally("DURATION", length_of(unit_of(m), count_of(m)))


def past_unit(m: Match) -> Built:
    """the past year, this past week."""
    return "Dur", Literally("DURATION", length_of(unit_of(m), 1))


def vague_units(m: Match) -> Built:
    """recent years, the coming weeks."""
    return "Vague", Literally("DATE", "FUTURE_REF" if m.get("coming", "next") else "PAST_REF", vague=True)


def vague_past(m: Match) -> Built:
    """the past, years ago."""
    return "Vague", Literally("DATE", "PAST_REF", vague=True)


def vague_shift(m: Match) -> Built:
    """hours earlier, several days later."""
    return "Vague", Literally("DATE", "FUTURE_REF" if m.get("later") else "PAST_REF", vague=True)
