"""Meanings of counted units, durations, habits, clock times and edges: functions behind the grammar.

The counterpart of timex_build_dates, with the same contract.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dateline.dates.timex_cascade import Built, Item, Match
from dateline.dates.timex_nodes import (
    At,
    Beside,
    Literally,
    Node,
    Overnight,
    Recurring,
    Shifted,
)

_UNITS: Final = ("unit", "units", "weekend", "quarter", "half")
_CODES: Final = {  # TIMEX3 duration: prefix, unit, factor
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
_KINDS: Final = {
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "half": "Half",
    "year": "Year",
    "decade": "Decade",
    "century": "Decade",
}


def _unit(m: Match) -> str:
    return str(m.all(*_UNITS)[-1].value)


def _count(m: Match) -> float | None:
    """How many; a half counts; None for "several"."""
    if m.get("some"):
        return None
    numbers = m.all("num", "number", "num4", "year")
    half = m.get("half")
    if numbers:
        return float(numbers[-1].value) + (0.5 if half else 0)
    return 0.5 if half and half.first < m.all(*_UNITS)[-1].first and not m.get("and") else 1.5 if half else 1.0


def _length(grain: str, count: float | None) -> str:
    prefix, code, factor = _CODES[grain]
    if count is None:
        return f"{prefix}X{code}"
    return f"{prefix}{count * factor:g}{code}"


def _shifted(grain: str, count: float, base: str, annual: bool = False) -> Built:
    """Units as nodes; fortnights, and halves of years, in what the calendar has."""
    if grain == "fortnight":
        grain, count = "week", 2 * count
    if grain == "weekend" or grain not in _KINDS or count > 9999:
        return None
    if count != int(count):
        if grain not in ("year", "decade", "century"):
            return None
        years = count * {"year": 1, "decade": 10, "century": 100}[grain]
        grain, count = ("year", years) if years == int(years) else ("month", 12 * years)
    node = Shifted(grain, int(count), "anchor" if base == "anchor" else "ref", annual)
    return _KINDS[grain], node


# figures ------------------------------------------------------------------------------------------


def _number(m: Match, kind: str, value: int) -> list[Item]:
    first, last = m.items[0], m.items[-1]
    return [Item(kind, first.first, last.last, value, low=first.low, tail=last.tail, start=first.start, end=last.end)]


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
    """nineteen ninety-four, twenty twenty-one, two thousand and four, as broadcasters' transcripts have it."""
    values = [item.value for item in m.all("number", "tens")]
    if m.get("thousand"):
        if values[0] != 2:
            return None
        return _number(m, "year", 2000 + sum(values[1:]))
    if not 10 <= values[0] <= 20 or values[1] < 10 or (len(values) == 3 and (values[1] < 20 or values[2] > 9)):
        return None
    year = 100 * values[0] + sum(values[1:])
    return _number(m, "year", year) if 1100 <= year <= 2099 else None


# counted from now, or from what was named -----------------------------------------------------------


def relative_unit(m: Match) -> Built:
    """last week, this year, the next day, the latest quarter, the previous month, la semaine dernière."""
    grain = _unit(m)
    the, word = m.get("the") is not None, m.get("this", "last", "latest", "next", "coming", "previous", "last_after")
    if grain not in _KINDS or word is None or grain == "half":
        return None
    kind = word.kind
    if kind == "last_after":
        return _shifted(grain, word.value, "anchor")
    if grain == "day":
        return _shifted("day", {"next": 1, "previous": -1}[kind], "ref") if kind in ("next", "previous") else None
    if kind == "latest":
        return _shifted(grain, -1, "anchor")
    if kind == "coming" or (the and kind == "last" and grain not in ("quarter", "century")):
        return "Dur", Literally("DURATION", _length(grain, 1))
    if kind == "previous":
        return _shifted(grain, -1, "ref")
    if kind == "next" and the:
        return _shifted(grain, 1, "ref")
    return _shifted(grain, {"this": 0, "last": -1, "next": 1}[kind], "anchor")


def reference_unit(m: Match) -> Built:
    """that day, the same year, the following month; "the year" alone says nothing."""
    grain = _unit(m)
    if grain not in _KINDS:
        return None
    if m.get("after"):
        return _shifted(grain, 1, "ref")
    if m.get("that", "same"):
        return _shifted(grain, 0, "ref")
    return None


def past_duration(m: Match) -> Built:
    """the past year, the last two days, the next few weeks."""
    return "Dur", Literally("DURATION", _length(_unit(m), _count(m)))


def past_unit(m: Match) -> Built:
    """the past year, this past week."""
    return "Dur", Literally("DURATION", _length(_unit(m), 1))


def vague_units(m: Match) -> Built:
    """recent years, the coming weeks."""
    return "Vague", Literally("DATE", "FUTURE_REF" if m.get("coming", "next") else "PAST_REF", vague=True)


def vague_past(m: Match) -> Built:
    """the past, years ago."""
    return "Vague", Literally("DATE", "PAST_REF", vague=True)


def vague_shift(m: Match) -> Built:
    """hours earlier, several days later."""
    return "Vague", Literally("DATE", "FUTURE_REF" if m.get("later") else "PAST_REF", vague=True)


def ago(m: Match) -> Built:
    """two years ago, a month ago, a year and a half ago, vor zwei Tagen."""
    count = _count(m)
    grain = _unit(m)
    if count is None or grain in ("second", "minute", "hour"):
        return vague_past(m)
    return _shifted(grain, -count, "anchor", annual=grain == "year" and count == 1)


def later(m: Match) -> Built:
    """three days later; a week from now."""
    count = _count(m)
    if count is None or _unit(m) in ("second", "minute", "hour"):
        return "Dur", Literally("DURATION", _length(_unit(m), count))
    return _shifted(_unit(m), count, "anchor" if m.get("hence") else "ref")


def hence(m: Match) -> Built:
    """in drei Tagen, dans trois jours."""
    count = _count(m)
    return _shifted(_unit(m), count, "anchor") if count is not None else None


def _goes_on(m: Match) -> bool:
    """Whether a noun or clause follows, so that "before" or "after" belongs to it."""
    after = m.follows()
    return after is not None and after.kind not in ("stop", "comma", "para", "rpar", "and", "in", "dash", "at")


def earlier(m: Match) -> Built:
    """three days earlier; two years before, where nothing follows."""
    count, grain = _count(m), _unit(m)
    if not m.get("earlier") and _goes_on(m):
        return None
    if count is None or grain in ("second", "minute", "hour"):
        return "Dur", Literally("DURATION", _length(grain, count))
    sign = 1 if m.get("after") else -1
    return _shifted(grain, sign * count, "ref", annual=grain == "year" and count == 1 and sign < 0)


def unit_before(m: Match) -> Built:
    """the day before, the year earlier, the day after, where nothing follows."""
    if _goes_on(m):
        return None
    return _shifted(_unit(m), 1 if m.get("after") else -1, "ref")


def before_last(m: Match) -> Built:
    """the week before last."""
    return _shifted(_unit(m), -2, "anchor")


def year_earlier(m: Match) -> Built:
    """the year-earlier quarter, year-ago."""
    if m["unit"].value != "year":
        return None
    return "Year", Shifted("year", -1, "anchor", annual=True)


def deictic(m: Match) -> Built:
    """yesterday, today, tomorrow."""
    return "Day", Shifted("day", m["deictic"].value)


def deictic_part(m: Match) -> Built:
    """tonight, last night, overnight."""
    item = m.items[0]
    if item.kind == "overnight":
        return "Time", Overnight()
    count, part = item.value
    return "Time", At(part, Shifted("day", count))


# parts of the day and clock times --------------------------------------------------------------------


def part(m: Match) -> Built:
    """the morning, night."""
    return "Part", At(m["part"].value)


def relative_part(m: Match) -> Built:
    """this morning, last night."""
    count = -1 if m.get("last") else 1 if m.get("next", "coming") else 0
    return "Time", At(m["part"].value, Shifted("day", count))


def reference_part(m: Match) -> Built:
    """that night, the following morning, the night before."""
    if m.items[-1].kind in ("before", "after") and _goes_on(m):
        return None
    count = -1 if m.get("before", "previous") else 1 if m.get("after", "next") else 0
    return "Time", At(m["part"].value, Shifted("day", count, "ref"))


def clock(m: Match) -> Built:
    """5 p.m., 14:50, 1630 GMT, 10 o'clock, noon; a bare "2:05" only after a preposition or a date."""
    moment, half = m.get("moment"), m.get("ampm")
    if moment:
        return "Clock", At(moment.value)
    zone, item = m.get("zone"), m.items[0]
    digits = str(item.value).lower().replace("h", ":").replace(".", ":").split(":")
    if item.kind in ("num4", "year"):
        digits = [f"{item.value:04d}"[:2], f"{item.value:04d}"[2:]]
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 and digits[1] else 0
    second = f":{digits[2]}" if len(digits) > 2 else ""
    if minute > 59 or hour > 24 or (half and not 1 <= hour <= 12):
        return None
    before = m.precedes()
    if item.kind == "clock" and not (half or zone or m.get("clock_word")):
        near = before.kind if before else ""
        if near not in ("at", "about", "from", "to", "on", "iso", "numeric", "year", "num", "before", "after", "early"):
            return None
    if half:
        hour = hour % 12 + half.value
    known = bool(half or zone or hour > 12 or item.value is None or len(digits[0]) == 2)
    return "Clock", At(f"{hour:02d}:{minute:02d}{second}", half_known=known)


def _afternoon(node: At, part_of_day: str) -> At:
    """The hour in the half of the day that the words name: "10 in the evening"."""
    hour = int(node.clock[:2])
    if not node.half_known and part_of_day in ("AF", "EV", "NI") and hour < 12 and (hour > 4 or part_of_day != "NI"):
        return replace(node, clock=f"{hour + 12:02d}{node.clock[2:]}", half_known=True)
    return node


def day_part(m: Match) -> Built:
    """Monday night, the night of March 3, dawn on Thursday."""
    days = m.all("Wday", "Md", "Day")
    part_node = m.node("Part")
    if not isinstance(part_node, At) or not days:
        return None
    day = days[-1].node
    if len(days) == 2 and isinstance(days[0].node, Recurring) and isinstance(day, Recurring):
        day = replace(day, weekday=days[0].node.number)
    return "Time", replace(part_node, day=day)


def early_hours(m: Match) -> Built:
    """the early hours of Tuesday."""
    return "Time", At("MO", m.node("Wday", "Md", "Day"))


def _joined(clock_node: Node, other: Node) -> At | None:
    """A clock time on a day, or within a part of a day that has its day."""
    if not isinstance(clock_node, At):
        return None
    if isinstance(other, At):
        if not other.clock.isalpha():
            return None
        return replace(_afternoon(clock_node, other.clock), day=other.day)
    return replace(clock_node, day=other)


def clock_day(m: Match) -> Built:
    """10 a.m. EST Tuesday; March 3 at 5 p.m.; 3:00 this morning."""
    other = m.node("Wday", "Md", "Day", "Time")
    node = _joined(m.node("Clock"), other)
    return ("Time", node) if node else None


def clock_pair(m: Match) -> Built:
    """9:04 a.m. (0104 GMT) Tuesday: the day is both clocks'."""
    other = m.items[-1]
    made = []
    for item in m.all("Clock"):
        node = _joined(item.node, other.node) if item.node and other.node else None
        if node is None:
            return None
        made.append(replace(item, kind="Time", node=node, name="clock-pair"))
    return [*made, other]


def clock_part(m: Match) -> Built:
    """10 in the morning; "nine at night"."""
    item, part_node = m.items[0], m.items[-1].node
    if not isinstance(part_node, At) or len(m.items) < 2:
        return None
    if item.kind == "Clock":
        return ("Clock", _afternoon(item.node, part_node.clock)) if isinstance(item.node, At) else None
    if len(m.items) < 3 or not 1 <= item.value <= 12:
        return None
    return "Clock", _afternoon(At(f"{item.value:02d}:00", half_known=False), part_node.clock)


def day_at_number(m: Match) -> Built:
    """tonight at 9, Friday at 10."""
    number = m.get("num", "number")
    after = m.follows()
    if number is None or not 1 <= number.value <= 12:
        return None
    if after is not None and after.kind not in ("stop", "comma", "para", "and"):
        return None
    node = _joined(At(f"{number.value:02d}:00", half_known=False), m.items[0].node or At(""))
    return ("Time", node) if node else None


# lengths of time and habits ----------------------------------------------------------------------------


def duration(m: Match) -> Built:
    """two years, a week, 10 to 15 days, three-day."""
    grain = _unit(m)
    if grain == "second" and m.get("art"):
        return None
    return "Dur", Literally("DURATION", _length(grain, _count(m)))


def half_duration(m: Match) -> Built:
    """half an hour."""
    grain, count = _unit(m), 0.5
    if grain == "hour":
        return "Dur", Literally("DURATION", "PT30M")
    return "Dur", Literally("DURATION", _length(grain, count))


def vague_duration(m: Match) -> Built:
    """(for) years; plural units after a preposition."""
    before = m.precedes()
    if before is None or before.kind not in ("for", "in", "after"):
        return None
    return "Dur", Literally("DURATION", _length(_unit(m), None))


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
        value = _length(_unit(m), numbers[0].value if numbers else 2 if m.get("other") else 1)
    return "Set", Literally("SET", value)


def habit(m: Match) -> Built:
    """daily, annually."""
    return "Set", Literally("SET", m["set"].value)


def vague(m: Match) -> Built:
    """recently, now, soon."""
    return "Vague", Literally("DATE", m["vague"].value, vague=True)


# edges and neighbours ------------------------------------------------------------------------------------


def edge(m: Match) -> Built:
    """early this month, mid-March, the end of 2020: TIMEX3 keeps the whole unit as the value."""
    item = m.items[-1]
    if item.node is None:
        return None
    if item.kind == "Time" and m.get("later", "earlier") and m.items[0].kind == "the":
        return None
    return {"Wday": "Day", "Md": "Day", "Mon": "Month"}.get(item.kind, item.kind), item.node


def edge_unit(m: Match) -> Built:
    """the end of the year, later in the day."""
    if m.get("part"):
        return "Time", At(m["part"].value, Shifted("day", 0, "ref"))
    grain = str(m.items[-1].value)
    if grain not in _KINDS:
        return None
    if grain == "day" and m.get("edge") and not m.get("that"):
        return None  # "at the end of the day" is a manner of speaking
    return _shifted(grain, 0, "ref" if grain == "day" or m.get("that") else "anchor")


def beside(m: Match) -> Built:
    """the day after Christmas, two weeks before March 3, a week from Tuesday."""
    item, grain = m.items[-1], _unit(m)
    count = _count(m)
    if count is None or count != int(count) or item.node is None or grain not in _KINDS:
        return None
    if grain in ("day", "week") and item.kind not in ("Wday", "Md", "Day"):
        return None
    sign = -1 if m.get("before") else 1
    return _KINDS["day" if grain == "week" else grain], Beside(grain, sign * int(count), item.node)

