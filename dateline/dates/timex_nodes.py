"""What expressions mean before they are anchored: small trees that resolve against a `Context`.

Most of what news says is one of a few shapes: a unit counted from the day of publication (`Shifted`:
"last week", "two years ago"), a part of a week or year that comes again (`Recurring`: "Tuesday",
"March 3", "the third quarter", "Christmas"), one of these inside a named unit (`Inside`: "Tuesday of
last week"), and a time of a day (`At`). A node that lacks what it needs answers with a value that has
X where it does not know ("XXXX-03-03") and no period; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from dateline.dates.timex_calendar import DAY, GRAINS, MONTHS_IN, SEASONS, Period, add_months, period_of
from dateline.dates.timex_holidays import holiday, last_day

Kind = Literal["DATE", "TIME", "DURATION", "SET"]
PAST, UNKNOWN, FUTURE, SURELY = -1, 0, 1, 2  # FUTURE may be a past's ("would"), SURELY is not


@dataclass(slots=True)
class Reading:
    """An anchored meaning: TIMEX3 type and value, and its period where it is known."""

    kind: Kind
    value: str
    period: Period | None = None
    vague: bool = False


@dataclass(slots=True)
class Context:
    """What an expression is read against.

    `anchor` is the day (or only month, or year) of publication or of speaking; `direction` tells what
    the verb's tense allows; `refs` holds the latest period named before, by its grain; `hint` a month
    or day with a year of its own in the same sentence; `day` a day for a time that names none.
    """

    anchor: Period | None
    direction: Callable[[], int] = field(default=lambda: UNKNOWN)
    refs: dict[str, Period] = field(default_factory=dict)
    hint: Period | None = None
    day: Period | None = None
    sentence_ref: Period | None = None

    def now(self, grain: str) -> Period | None:
        """The unit of this grain that the anchor lies in, if the anchor is that precise."""
        if self.anchor is None or GRAINS.index(self.anchor.grain) > max(0, GRAINS.index(grain)):
            return None
        return period_of(grain, self.anchor.start)

    def reference(self, grain: str) -> Period | None:
        """What "the following day", "that year" count from: the latest named, else the anchor."""
        latest = self.refs.get("any")
        daily = grain in ("day", "week", "weekend")
        ref = self.refs.get("day") if daily else latest
        if daily and latest and latest == self.refs.get("ahead") and self.direction() != PAST:
            ref = latest  # "arrives on Sunday and leaves a day later"
        if ref is None or GRAINS.index(ref.grain) > GRAINS.index(grain):
            if latest and self.anchor and not latest.contains(self.anchor.start) and latest.grain != "day":
                return None  # "In 1996 … Three days later": a day of that year that nobody named
            return self.now(grain)
        return period_of(grain, ref.start)


class Node(Protocol):
    """A meaning not yet anchored."""

    def resolve(self, ctx: Context) -> Reading | None:
        """Its reading; None if it turns out to be no time expression.

        Raises:
            ValueError, OverflowError: a date that no calendar has.
        """


def dated(period: Period) -> Reading:
    """A DATE that is a period."""
    return Reading("DATE", period.value(), period)


@dataclass(slots=True, frozen=True)
class Literally:
    """A value that needs no anchor: a duration, a set, PAST_REF."""

    kind: Kind
    value: str
    vague: bool = False

    def resolve(self, ctx: Context) -> Reading:
        return Reading(self.kind, self.value, vague=self.vague)


@dataclass(slots=True, frozen=True)
class Fixed:
    """A period that the words give whole; `value` where it is not the period's own ("2019/2020")."""

    period: Period
    value: str = ""

    def resolve(self, ctx: Context) -> Reading:
        return Reading("DATE", self.value or self.period.value(), self.period)


@dataclass(slots=True, frozen=True)
class Shifted:
    """`count` units from the anchor, or from what was named last; `grain` as in `Period`.

    `annual` counts are a year's ("a year earlier"): where the sentence speaks of a quarter or a month
    they mean that quarter or month of the other year.
    """

    grain: str
    count: int
    base: Literal["anchor", "ref"] = "anchor"
    annual: bool = False

    def resolve(self, ctx: Context) -> Reading:
        if self.annual and ctx.sentence_ref and ctx.sentence_ref.grain in ("quarter", "month", "half"):
            near = ctx.sentence_ref
            return dated(Period(near.grain, add_months(near.start, 12 * self.count)))
        start = ctx.now(self.grain) if self.base == "anchor" else ctx.reference(self.grain)
        unnamed = self.base == "ref" and self.grain == "day" and self.count > 0 and not ctx.refs
        if start is None or unnamed:  # "the next day", and no day was named: it is a story's own
            return Reading("DATE", UNANCHORED.get(self.grain, "XXXX"))
        return dated(start.shift(self.count))


UNANCHORED = {
    "day": "XXXX-XX-XX",
    "week": "XXXX-WXX",
    "weekend": "XXXX-WXX-WE",
    "month": "XXXX-XX",
    "quarter": "XXXX-QX",
    "half": "XXXX-HX",
    "decade": "XXX",
    "century": "XX",
}


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
                    return Period(
                        self.what, dt.date(year, MONTHS_IN[self.what] * (self.number - 1) + 1, 1)
                    )
        except ValueError:
            return None

    def _around(self, anchor: Period) -> list[Period]:
        """Occurrences near the anchor, in order of time."""
        if self.what in ("weekday", "weekend"):
            week = period_of("week", anchor.start)
            found = [self.within(week.shift(count)) for count in (-2, -1, 0, 1, 2)]
        elif self.what == "dayofmonth":
            found = []
            for count in (-2, -1, 0, 1, 2):
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
        return dated(chosen) if last == chosen else Reading("DATE", f"{chosen.value()}/{last.value()}", chosen)

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
    """"the following Friday", "that Friday": the next one after, or nearest to, what was named last."""

    part: Recurring
    which: Literal["coming", "this"]

    def resolve(self, ctx: Context) -> Reading:
        base = ctx.reference("day") or ctx.reference("year")
        return replace(self.part, which=self.which).resolve(Context(base))


@dataclass(slots=True, frozen=True)
class Beside:
    """`count` units before or after another expression: "the day after Christmas"."""

    grain: str
    count: int
    other: Node

    def resolve(self, ctx: Context) -> Reading | None:
        other = self.other.resolve(ctx)
        if other is None or other.period is None:
            return Reading("DATE", UNANCHORED.get(self.grain, "XXXX")) if other else None
        if GRAINS.index(other.period.grain) > GRAINS.index(self.grain):
            return Reading("DATE", UNANCHORED.get(self.grain, "XXXX"), vague=True)
        if other.period.grain == "day" and self.grain == "week":
            return dated(other.period.shift(7 * self.count))
        return dated(period_of(self.grain, other.period.start).shift(self.count))


@dataclass(slots=True, frozen=True)
class At:
    """A time of day, "17:00" or a TIMEX3 part such as "NI"; without a day the context's is taken."""

    clock: str
    day: Node | None = None
    half_known: bool = True  # whether "9" is known to be 9 or 21 o'clock

    def resolve(self, ctx: Context) -> Reading | None:
        period = ctx.day
        if self.day is not None:
            reading = self.day.resolve(ctx)
            if reading is None:
                return None
            period = reading.period
            if period is None:
                return Reading("TIME", f"{reading.value}T{self.clock}")
        if period is None or period.grain != "day":
            return Reading("TIME", f"T{self.clock}" if self.day is None else f"XXXX-XX-XXT{self.clock}")
        return Reading("TIME", f"{period.value()}T{self.clock}", period)


@dataclass(slots=True, frozen=True)
class Overnight:
    """The night before the day of publication, or the one after it for what is to come."""

    def resolve(self, ctx: Context) -> Reading | None:
        return At("NI", Shifted("day", 0 if ctx.direction() >= FUTURE else -1)).resolve(ctx)


@dataclass(slots=True, frozen=True)
class Span:
    """From one expression to another as one: "March 3-5", "June-July 1998"."""

    first: Node
    last: Node

    def resolve(self, ctx: Context) -> Reading | None:
        last = self.last.resolve(ctx)
        first = self.first.resolve(ctx)
        if first is None or last is None:
            return None
        return Reading("DATE", f"{first.value}/{last.value}", first.period)


@dataclass(slots=True, frozen=True)
class Container:
    """The unit of `grain` around an expression: "the week of March 3"."""

    grain: str
    inner: Node

    def resolve(self, ctx: Context) -> Reading | None:
        inner = self.inner.resolve(ctx)
        if inner is None or inner.period is None:
            return Reading("DATE", UNANCHORED.get(self.grain, "XXXX")) if inner else None
        return dated(period_of(self.grain, inner.period.start))
