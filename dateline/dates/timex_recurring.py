"""What comes again each year, month or week, and which one is meant: "Tuesday", "March 3", "Christmas".

The news reader's rule: the nearest that the verb's tense allows, the day of publication included.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from dateline.dates.timex_calendar import DAY, MONTHS_IN, SEASONS, Period, period_of
from dateline.dates.timex_holidays import holiday, last_day
from dateline.dates.timex_nodes import FUTURE, PAST, SURELY, UNKNOWN, Context, Node, Reading, dated


@dataclass(slots=True, frozen=True)
class Recurring:
    """A unit that comes again each year, or each week or month: its `what` and numbers.

    `what` is weekday (1-7), weekend, monthday (month, day), dayofmonth, month, quarter, half, season
    or holiday. `which` is "last", "next", "this" or "" (as the tense allows).
    """

    what: str
    number: int = 0
    day: int = 0
    name: str = ""
    which: str = ""
    weekday: int = 0  # the weekday printed beside it, which tells the year

    def within(self, container: Period) -> Period | None:
        """Its one occurrence in a week, month or year."""
        first = container.start
        match self.what:
            case "weekday":
                if container.grain == "week":
                    return Period("day", first + DAY * (self.number - 1))
                return None
            case "weekend":
                return period_of("weekend", first) if container.grain == "week" else None
            case "dayofmonth":
                return Period("day", first.replace(day=self.number)) if container.grain == "month" else None
            case _:
                return self.of_year(first.year) if container.grain in ("year", "decade") else None

    def of_year(self, year: int) -> Period | None:
        """Its occurrence that begins in `year`; None if that year has none (29 February)."""
        try:
            match self.what:
                case "monthday":
                    return Period("day", dt.date(year, self.number, self.day))
                case "holiday":
                    return holiday(self.name, year)
                case "season":
                    return Period("season", dt.date(year, SEASONS[self.name], 1))
                case _:
                    return Period(self.what, dt.date(year, MONTHS_IN[self.what] * (self.number - 1) + 1, 1))
        except ValueError:
            return None

    def _around(self, anchor: Period) -> list[Period]:
        """Occurrences near the anchor, in order of time."""
        if self.what in ("weekday", "weekend"):
            week = period_of("week", anchor.start)
            found = [self.within(week.shift(count)) for count in (-2, -1, 0, 1, 2)]
        elif self.what == "dayofmonth":
            found = []
            reach = 14 if self.weekday else 2  # "Friday the 14th" may be months away
            for count in range(-reach, reach + 1):
                try:
                    found.append(self.within(period_of("month", anchor.start).shift(count)))
                except ValueError:
                    continue
        else:
            # leap days come every fourth year
            span = 4 if (self.number, self.day) == (2, 29) else 2
            found = [self.of_year(anchor.start.year + count) for count in range(-span, span + 1)]
        return [period for period in found if period is not None]

    def resolve(self, ctx: Context) -> Reading:
        weekly = self.what in ("weekday", "weekend", "dayofmonth", "monthday", "holiday")
        anchor = ctx.now("day" if weekly else "month")
        if anchor is None:
            return self._unanchored()
        around = self._around(anchor)
        if self.weekday:
            agreeing = [period for period in around if period.start.isoweekday() == self.weekday]
            if agreeing:
                return dated(min(agreeing, key=lambda period: abs(period.start - anchor.start)))
        chosen = self._choose(around, anchor, ctx)
        if chosen is None:
            return self._unanchored()
        last = last_day(self.name, chosen)
        return (
            dated(chosen) if last == chosen else Reading("DATE", f"{chosen.value()}/{last.value()}", chosen)
        )

    def _choose(self, around: list[Period], anchor: Period, ctx: Context) -> Period | None:
        today = anchor.start
        before = [period for period in around if period.start <= today]
        ahead = [period for period in around if period.end > today]
        if not before or not ahead:
            return None
        match self.which:
            case "last":
                earlier = [period for period in before if period.end <= today]
                return earlier[-1] if earlier else None
            case "next":
                later = [period for period in ahead if period.start > today]
                near = self.what == "weekday" and (later[0].start - today).days < 4
                if near and period_of("week", today).contains(later[0].start):
                    return later[1]  # for a day so near, papers print the bare name
                return later[0]
            case "coming":
                return next((period for period in ahead if period.start > today), None)
            case "this" if self.what not in ("weekday", "weekend", "season"):
                same = [period for period in around if period.start.year == today.year]
                return same[0] if same else None
        direction = ctx.direction()
        if ctx.hint and direction <= 0 and self.what in ("monthday", "month"):
            hinted = self._after(ctx.hint, today)
            if hinted:
                return hinted
        return self._nearest(before[-1], ahead[0], today, direction)

    def _after(self, hint: Period, today: dt.date) -> Period | None:
        """The first occurrence after a dated event of the same sentence, if that is not yet to come."""
        for year in (hint.start.year, hint.start.year + 1):
            period = self.of_year(year)
            if period and hint.start < period.start <= today:
                return period
        return None

    def _nearest(self, before: Period, ahead: Period, today: dt.date, direction: int) -> Period:
        if before == ahead:
            return before
        gone, coming = (today - before.start).days, (ahead.start - today).days
        if self.which == "this" and direction == UNKNOWN and self.what != "season":
            return ahead
        if self.what in ("weekday", "weekend"):
            return ahead if direction >= FUTURE else before
        if direction == UNKNOWN:
            return before if gone <= coming else ahead
        # a day far off in the tense's direction and near in the other: papers print a far day's year
        if direction == PAST and gone > 270 and coming < 95 and self.what != "month":
            return ahead
        if direction == FUTURE and coming > 210 and gone < 120:
            return before
        if direction == SURELY and coming > 330 and gone < 30:
            return before  # "as we move past Labor Day, we will …"
        return before if direction == PAST else ahead

    def _unanchored(self) -> Reading:
        match self.what:
            case "weekday":
                return Reading("DATE", f"XXXX-WXX-{self.number}")
            case "weekend":
                return Reading("DATE", "XXXX-WXX-WE")
            case "monthday":
                return Reading("DATE", f"XXXX-{self.number:02d}-{self.day:02d}")
            case "dayofmonth":
                return Reading("DATE", f"XXXX-XX-{self.number:02d}")
            case "month":
                return Reading("DATE", f"XXXX-{self.number:02d}")
            case "season":
                return Reading("DATE", f"XXXX-{self.name}")
            case "holiday":
                return Reading("DATE", f"XXXX-{self.name}" if len(self.name) == 5 else "XXXX-XX-XX")
        return Reading("DATE", f"XXXX-{'Q' if self.what == 'quarter' else 'H'}{self.number}")


@dataclass(slots=True, frozen=True)
class Inside:
    """A recurring unit inside a named one: "Tuesday of last week", "the third quarter of 1989"."""

    part: Recurring
    whole: Node

    def resolve(self, ctx: Context) -> Reading | None:
        whole = self.whole.resolve(ctx)
        if whole is None or whole.period is None:
            return self.part.resolve(Context(None)) if whole else None
        found = self.part.within(whole.period)
        return dated(found) if found else None


@dataclass(slots=True, frozen=True)
class Following:
    """ "the following Friday", "that Friday": the next one after, or nearest to, what was named last."""

    part: Recurring
    which: Literal["coming", "this"]

    def resolve(self, ctx: Context) -> Reading:
        base = ctx.reference("day") or ctx.reference("year")
        return replace(self.part, which=self.which).resolve(Context(base))


@dataclass(slots=True, frozen=True)
class Nearby:
    """ "the Monday after Easter": the first one after another day, or the last one before it."""

    part: Recurring
    other: Node

    def resolve(self, ctx: Context) -> Reading | None:
        """See `Node`."""
        other = self.other.resolve(ctx)
        if other is None or other.period is None:
            return self.part.resolve(Context(None)) if other else None
        return self.part.resolve(Context(other.period))
