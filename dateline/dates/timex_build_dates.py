"""Meanings of dates, months, years and other calendar words: the functions behind the grammar's rules.

Each takes a match and answers with the new item's kind and node, with several items, or with None where
the words turn out to mean something else.
"""

from __future__ import annotations

import datetime as dt

from dateline.dates.timex_calendar import SEASONS, Period
from dateline.dates.timex_cascade import Built, Item, Match
from dateline.dates.timex_holidays import last_day
from dateline.dates.timex_nodes import At, Fixed, Literally, Node, Shifted, Span
from dateline.dates.timex_recurring import Recurring

_MONTHS = ("month", "month_short")
_DAYS = ("num", "number", "ordinal")
_YEARS = ("year", "short")
LATEST_YEAR = 2100  # a later number is no year that news speaks of


def _year(m: Match) -> int | None:
    item = m.get(*_YEARS)
    if item is None:
        return None
    if item.kind == "year":
        return int(item.value)
    number = int(str(item.value)[1:])
    return number + (2000 if number < 30 else 1900)


def day_node(month: int, day: int, year: int | None) -> tuple[str, Node] | None:
    """A month and day, with its year or to be found by the tense; None if no year has that day."""
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return None
    if year is None:
        return "Md", Recurring("monthday", month, day)
    return "Day", Fixed(Period("day", dt.date(year, month, day)))


def month_day(m: Match) -> Built:
    """March 3; Dec. 3, 2019."""
    return day_node(m.all(*_MONTHS)[0].value, m.all(*_DAYS)[0].value, _year(m))


day_month = month_day  # 3 December; the 3rd of March, 1998


def day_range(m: Match) -> Built:
    """March 3-5; 3–5 March 1998."""
    if m.follows() is not None and m.follows().kind in ("units", "unit", "ampm"):  # type: ignore[union-attr]
        return None
    first, last = m.all(*_DAYS)
    month, year = m.all(*_MONTHS)[0].value, _year(m)
    if first.value >= last.value:
        return None
    nodes = [day_node(month, item.value, year) for item in (first, last)]
    if nodes[0] is None or nodes[1] is None:
        return None
    return "Day", Span(nodes[0][1], nodes[1][1])


def day_list(m: Match) -> Built:
    """March 3, 4 and 5: an item for each day, the one beside the month with the month."""
    after = m.follows()
    month = m.all(*_MONTHS)[0]
    if (
        m.items[-1].kind in _DAYS
        and after is not None
        and after.kind in ("word", "unit", "units", "dash", "num")
    ):
        return None
    year, days = _year(m), m.all(*_DAYS)
    if sorted(day.value for day in days) != [day.value for day in days]:
        return None
    made: list[Item] = []
    for day in days:
        built = day_node(month.value, day.value, year)
        if built is None:
            return None
        made.append(
            Item(built[0], day.first, day.last, node=built[1], name="day-list", start=day.start, end=day.end)
        )
    if month.first < days[0].first:
        made[0].start, made[0].first = month.start, month.first
    made[-1].end, made[-1].last = m.items[-1].end, m.items[-1].last
    return made


def iso(m: Match) -> Built:
    """2021-03-22, 2021-03-22T10:15Z."""
    day, clock = m["iso"].value
    node = Fixed(Period("day", day))
    return ("Time", At(clock, node)) if clock else ("Day", node)


def numeric(m: Match) -> Built:
    """03/22/2021; the lexer knows the language's order."""
    return "Day", Fixed(Period("day", m["numeric"].value[0]))


def month_year(m: Match) -> Built:
    """December 2019."""
    year = _year(m)
    if year is None or year > LATEST_YEAR:
        return None
    return "Month", Fixed(Period("month", dt.date(year, m.all(*_MONTHS)[0].value, 1)))


def month_range(m: Match) -> Built:
    """June-July 1998; November/December 1998."""
    year = _year(m)
    first, last = (item.value for item in m.all(*_MONTHS))
    if year is None or year > LATEST_YEAR:
        return None
    begin = year - 1 if first > last else year
    return "Month", Span(
        Fixed(Period("month", dt.date(begin, first, 1))), Fixed(Period("month", dt.date(year, last, 1)))
    )


def month(m: Match) -> Built:
    """March, whose year the tense tells."""
    return "Mon", Recurring("month", m.all(*_MONTHS)[0].value)


def weekday(m: Match) -> Built:
    """Tuesday."""
    return "Wday", Recurring("weekday", m.items[0].value)


def weekdays(m: Match) -> Built:
    """Mondays: a habit."""
    return "Set", Literally("SET", f"XXXX-WXX-{m.items[0].value}")


def holiday_named(m: Match) -> Built:
    """Christmas; Easter 2013; 9/11, which is one day for ever."""
    rule, year = str(m["holiday"].value), _year(m)
    if len(m.items) > 1 and year is None:
        return None
    if len(rule) == 10 and rule[:4].isdigit():
        return "Day", Fixed(Period("day", dt.date.fromisoformat(rule)))
    node = Recurring("holiday", name=rule)
    if year is None:
        return "Md", node
    found = node.of_year(year)
    if found is None:
        return None
    last = last_day(rule, found)
    return "Day", Fixed(found, "" if last == found else f"{found.value()}/{last.value()}")


def year(m: Match) -> Built:
    """1998; the year 2000; '98."""
    unit = m.get("unit")
    number = _year(m)
    if number is None or number > LATEST_YEAR or (unit and unit.value != "year"):
        return None
    return "Year", Fixed(Period("year", dt.date(number, 1, 1)))


def year_range(m: Match) -> Built:
    """1996-97, 2019–20; a second number that cannot be a later year is a month (2021-03)."""
    if not m.tight():
        return None
    first, last = m.items[0], m.items[2]
    begin = _year(m)
    if begin is None or begin > LATEST_YEAR:
        return None
    number = int(str(last.value).lstrip("'’‘"))
    if last.kind == "num" and number <= begin % 100:
        if (
            first.kind == "year"
            and 1 <= number <= 12
            and last.end - last.start == 2
            and m.items[1].low == "-"
        ):
            return "Month", Fixed(Period("month", dt.date(begin, number, 1)))
        return None
    end = number if number > 99 else begin // 100 * 100 + number
    if not begin < end <= begin + 200:
        return None
    return "Year", Fixed(Period("year", dt.date(begin, 1, 1)), f"{begin:04d}/{end:04d}")


def fiscal(m: Match) -> Built:
    """fiscal 1990, fiscal year 1990, FY20; Q3 and 1Q beside their year or alone."""
    literal = m.get("literal")
    if literal is None:
        return year_only(_year(m))
    text = str(literal.value)
    if text.startswith("FY"):
        digits = text[2:].strip(" '’")
        return year_only(
            int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 69 else None
        )
    number = int(text.strip("QH"))
    return ("Half", Recurring("half", number)) if "H" in text else ("Quarter", Recurring("quarter", number))


def year_only(number: int | None) -> Built:
    """A year, if there is one."""
    return ("Year", Fixed(Period("year", dt.date(number, 1, 1)))) if number else None


def fiscal_relative(m: Match) -> Built:
    """the fiscal year, last fiscal year."""
    if m["unit"].value != "year":
        return None
    count = {"last": -1, "next": 1}.get(m.items[0].kind, 0)
    return "Year", Shifted("year", count)


def decade(m: Match) -> Built:
    """the 1990s, the '90s, the nineties."""
    value = m["decade"].value
    digits = "".join(sign for sign in str(value) if sign.isdigit())
    number = int(digits) if len(digits) == 4 else 1900 + int(digits)
    if not 1000 <= number <= LATEST_YEAR:
        return None
    return "Decade", Fixed(Period("decade", dt.date(number, 1, 1)))


def decade_year(m: Match) -> Built:
    """les années 1990."""
    number = _year(m)
    if number is None or number % 10 or number > LATEST_YEAR or m["units"].value != "year":
        return None
    return "Decade", Fixed(Period("decade", dt.date(number, 1, 1)))


def century(m: Match) -> Built:
    """the 19th century, whose years begin with 18."""
    number = m["ordinal"].value
    if m["unit"].value != "century" or not 2 <= number <= 30:
        return None
    return "Decade", Fixed(Period("century", dt.date(100 * (number - 1), 1, 1)))


def quarter(m: Match) -> Built:
    """the third quarter, third-quarter."""
    number = m["ordinal"].value
    return ("Quarter", Recurring("quarter", number)) if 1 <= number <= 4 else None


def half(m: Match) -> Built:
    """the first half, second-half."""
    number = m["ordinal"].value
    return ("Half", Recurring("half", number)) if 1 <= number <= 2 else None


def season(m: Match) -> Built:
    """the spring."""
    return "Season", Recurring("season", name=m["season"].value)


def season_year(m: Match) -> Built:
    """the summer of 1996."""
    number = _year(m)
    if number is None or number > LATEST_YEAR:
        return None
    return "Season", Fixed(Period("season", dt.date(number, SEASONS[m["season"].value], 1)))


def weekend(m: Match) -> Built:
    """the weekend, whose week the tense tells."""
    return "Weekend", Recurring("weekend")


def year_end(m: Match) -> Built:
    """year-end, year-end 1989."""
    return year_only(_year(m)) if m.get("year") else ("Year", Shifted("year", 0))
