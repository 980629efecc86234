"""Meanings that are made of two: a part of a named whole, an edge of a unit, a neighbour of a day.

Functions behind the grammar's rules, with timex_build_dates' contract.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from dateline.dates.timex_build_lengths import count_of, unit_of
from dateline.dates.timex_build_units import KINDS, shifted
from dateline.dates.timex_cascade import Built, Item, Match
from dateline.dates.timex_nodes import At, Beside, Container, Fixed, Literally, Node, Shifted, Span
from dateline.dates.timex_recurring import Following, Inside, Nearby, Recurring


def ago_this(m: Match) -> Built:
    """40 years ago this month: the month of that year."""
    year, unit = m["Year"], m["Month"]
    then, now = year.node, unit.node
    if year.name != "ago" or not isinstance(then, Shifted) or not isinstance(now, Shifted):
        return None
    if then.grain != "year" or (now.grain, now.count, now.base) != ("month", 0, "anchor"):
        return None
    return "Month", Shifted("month", 12 * then.count)


def relative_named(m: Match) -> Built:
    """last Tuesday, next March, this past weekend, the following Friday, lundi dernier."""
    item = m.get("Wday", "Mon", "Season", "Weekend", "Md", "Quarter")
    if item is None or not isinstance(item.node, Recurring):
        return None
    kinds = {other.kind: other.value for other in m.items}
    if "shift" in kinds:
        which = {-1: "last", 0: "this", 1: "coming"}[kinds["shift"]]
    elif "after" in kinds or "that" in kinds or "same" in kinds:
        return _kind(item), Following(item.node, "coming" if "after" in kinds else "this")
    elif kinds.keys() & {"last", "past", "previous"}:
        which = "last"
    elif "coming" in kinds:
        which = "coming"
    else:
        which = "next" if "next" in kinds else "this"
    node = replace(item.node, which=which)
    return _kind(item), node


def _kind(item: Item) -> str:
    return {"Wday": "Day", "Md": "Day", "Mon": "Month"}.get(item.kind, item.kind)


def inside(m: Match) -> Built:
    """Tuesday of last week; March 3 of this year; last year's third quarter."""
    part = m.get("Wday", "Md", "Mon", "Season", "Quarter", "Half")
    whole = m.get("Week", "Year")
    if part is None or whole is None or whole.node is None or not isinstance(part.node, Recurring):
        return None
    return _kind(part), Inside(part.node, whole.node)


def week_then_weekday(m: Match) -> Built:
    """last week on Tuesday; a week ago Friday, which is a week before the last Friday."""
    week, part = m["Week"].node, m["Wday"].node
    if m["Week"].name == "ago" and isinstance(week, Shifted) and isinstance(part, Recurring):
        return "Day", Beside("week", week.count, replace(part, which="last"))
    return inside(m) if isinstance(week, Shifted) else None


def holiday_weekend(m: Match) -> Built:
    """Labor Day weekend, Easter weekend."""
    node = m["Md"].node
    if not isinstance(node, Recurring) or node.what != "holiday":
        return None
    return "Weekend", Container("weekend", node)


def weekday_beside(m: Match) -> Built:
    """the Monday after Easter."""
    part, other = m["Wday"].node, m.items[-1].node
    if not isinstance(part, Recurring) or other is None:
        return None
    return "Day", Nearby(replace(part, which="coming" if m.get("after") else "last"), other)


def inside_this(m: Match) -> Built:
    """the first half of the year."""
    part, unit = m.items[0], m["unit"]
    if unit.value != "year" or not isinstance(part.node, Recurring):
        return None
    return _kind(part), Inside(part.node, Shifted("year", 0, "ref" if m.get("that") else "anchor"))


def weekday_date(m: Match) -> Built:
    """Monday, March 22; Tuesday the 3rd: the weekday tells the year or month."""
    weekday_node = m.node("Wday")
    assert isinstance(weekday_node, Recurring)
    ordinal = m.get("ordinal")
    if ordinal is not None:
        if ordinal.value > 31:
            return None
        return "Day", Recurring("dayofmonth", ordinal.value, weekday=weekday_node.number)
    node = m.node("Md", "Day")
    if isinstance(node, Recurring) and node.what == "monthday":
        return "Day", replace(node, weekday=weekday_node.number)
    return ("Day", node) if isinstance(node, (Fixed, Recurring)) and node_is_day(node) else None


def node_is_day(node: Node) -> bool:
    """Whether a node is one printed day or holiday, which a weekday may stand beside."""
    return isinstance(node, Fixed) or (isinstance(node, Recurring) and node.what == "holiday")


def day_of_month(m: Match) -> Built:
    """the 15th of this month."""
    number = m["ordinal"].value
    whole = m.get("Month")
    if whole is None or whole.node is None or number > 31:
        return None
    return "Day", Inside(Recurring("dayofmonth", number), whole.node)


def container(m: Match) -> Built:
    """the week of March 3."""
    grain = m["unit"].value
    return ("Week", Container("week", m.node("Md", "Day"))) if grain == "week" else None


def span(m: Match) -> Built:
    """June-July."""
    first, last = (item.node for item in m.all("Mon", "Month"))
    return ("Month", Span(first, last)) if first and last else None


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
    if grain not in KINDS:
        return None
    if grain == "day" and m.get("edge") and not m.get("that"):
        return None  # "at the end of the day" is a manner of speaking
    return shifted(grain, 0, "ref" if grain == "day" or m.get("that") else "anchor")


def beside(m: Match) -> Built:
    """the day after Christmas, two weeks before March 3, a week from Tuesday."""
    item, grain = m.items[-1], unit_of(m)
    count = count_of(m)
    if count is None or count != int(count) or item.node is None or grain not in KINDS:
        return None
    if grain in ("day", "week") and item.kind not in ("Wday", "Md", "Day"):
        return None
    sign = -1 if m.get("before") else 1
    return KINDS["day" if grain == "week" else grain], Beside(grain, sign * int(count), item.node)


_LENGTH: Final = re.compile(r"P(\d+)([DWMY])")
_GRAINS: Final = {"D": "day", "W": "week", "M": "month", "Y": "year"}


def beside_length(m: Match) -> Built:
    """two days after Christmas, three weeks from tomorrow."""
    item, length = m.items[-1], m["Dur"].node
    found = _LENGTH.fullmatch(length.value) if isinstance(length, Literally) else None
    if found is None or item.node is None:
        return None
    grain = _GRAINS[found[2]]
    if grain in ("day", "week") and item.kind not in ("Wday", "Md", "Day"):
        return None
    count = int(found[1]) * (-1 if m.get("before") else 1)
    return KINDS["day" if grain == "week" else grain], Beside(grain, count, item.node)
