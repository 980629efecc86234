"""What expressions mean before they are anchored: small trees that resolve against a `Context`.

Most of what news says is one of a few shapes: a unit counted from the day of publication (`Shifted`:
"last week", "two years ago"), a part of a week or year that comes again (`Recurring`: "Tuesday",
"March 3", "the third quarter", "Christmas"), one of these inside a named unit (`Inside`: "Tuesday of
last week"), and a time of a day (`At`). A node that lacks what it needs answers with a value that has
X where it does not know ("XXXX-03-03") and no period; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from dateline.dates.timex_calendar import DAY, GRAINS, Period, add_months, period_of

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
        start = inner.period.start
        if self.grain == "weekend":  # the one beside a Monday, or at the end of a Thursday's week
            start -= 3 * DAY
        return dated(period_of(self.grain, start))
