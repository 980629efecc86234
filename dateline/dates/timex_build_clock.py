"""Meanings of parts of the day and clock times, alone and with their day.

Functions behind the grammar's rules, with timex_build_dates' contract.
"""

from __future__ import annotations

from dataclasses import replace

from dateline.dates.timex_build_units import goes_on
from dateline.dates.timex_cascade import Built, Match
from dateline.dates.timex_nodes import At, Node, Overnight, Shifted
from dateline.dates.timex_recurring import Recurring


def part(m: Match) -> Built:
    """the morning, night."""
    return "Part", At(m["part"].value)


def relative_part(m: Match) -> Built:
    """this morning, last night."""
    shift = m.get("shift")
    count = int(shift.value) if shift else -1 if m.get("last") else 1 if m.get("next", "coming") else 0
    return "Time", At(m["part"].value, Shifted("day", count))


def reference_part(m: Match) -> Built:
    """that night, the following morning, the night before."""
    if m.items[-1].kind in ("before", "after") and goes_on(m):
        return None
    count = -1 if m.get("before", "previous") else 1 if m.get("after", "next") else 0
    return "Time", At(m["part"].value, Shifted("day", count, "ref"))


def weekday_part(m: Match) -> Built:
    """Montagabend."""
    day, name = m["weekday_part"].value
    return "Time", At(name, Recurring("weekday", day))


def deictic_part(m: Match) -> Built:
    """tonight, last night, overnight."""
    item = m.items[0]
    if item.kind == "overnight":
        return "Time", Overnight()
    count, part = item.value
    return "Time", At(part, Shifted("day", count))


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
    if item.kind == "clock" and not (half or zone or m.get("clock_word") or "h" in str(item.value)):
        near = before.kind if before else ""
        if near not in (
            "at",
            "about",
            "from",
            "to",
            "on",
            "iso",
            "numeric",
            "year",
            "num",
            "before",
            "after",
            "early",
        ):
            return None
    if half:
        hour = hour % 12 + half.value
    known = bool(half or zone or hour > 12 or digits[0].startswith("0"))
    return "Clock", At(f"{hour:02d}:{minute:02d}{second}", half_known=known)


def _afternoon(node: At, part_of_day: str) -> At:
    """The hour in the half of the day that the words name: "10 in the evening"."""
    hour = int(node.clock[:2])
    if (
        not node.half_known
        and part_of_day in ("AF", "EV", "NI")
        and hour < 12
        and (hour > 4 or part_of_day != "NI")
    ):
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
