"""Time expressions in text: what they are as TIMEX3, and the interval that each stands for.

    find_times("The talks ended Tuesday.", Moment(value="2021-03-24", precision="day"))
    → Tuesday, DATE, 2021-03-23, [2021-03-23 00:00, 2021-03-24 00:00)

Four steps: tokens (timex_lexer), meanings by a cascade of rules (timex_grammar), doubts about bare words
(timex_guards), and readings in the light of the day of publication, the verb's tense (timex_tense) and
what was named before. Languages are tables (languages/*.toml). Values follow the TIMEX3 guidelines as
TimeBank applies them: extents leave prepositions and the possessive out, vague expressions get PAST_REF,
PRESENT_REF or FUTURE_REF and no interval, durations and sets none either.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from dateline.dates.timex_calendar import Period, interval_of
from dateline.dates.timex_cascade import Item, items_of
from dateline.dates.timex_grammar import CASCADE
from dateline.dates.timex_guards import Guard
from dateline.dates.timex_language import Language, language
from dateline.dates.timex_lexer import Token, tokens_of
from dateline.dates.timex_nodes import FUTURE, PAST, SURELY, At, Context, Fixed, Node, Reading
from dateline.dates.timex_recurring import Recurring
from dateline.dates.timex_tense import direction
from dateline.models import Moment, TimeExpression

_QUOTE: Final = re.compile(r'“[^“”]{1,2000}”|"[^"\n]{1,2000}"')
_WAYS: Final = {PAST: ":past", FUTURE: ":future", SURELY: ":future"}
_COMPARED: Final = frozenset(("since", "from", "than", "versus"))


def find_times(text: str, anchor: Moment | None, language_code: str = "en") -> list[TimeExpression]:
    """The time expressions of `text` in order, none overlapping another.

    `anchor` is when the text was published (or spoken), at its own precision: with only a month, "this
    month" is found and "Tuesday" stays XXXX-WXX-2; with None, only what the text itself dates has an
    interval. Intervals are naive wall-clock time of the place that the text speaks from. Offsets are
    Python string indices. A language without a table gets its digits read (ISO and numeric dates).
    """
    tables = language(language_code)
    tokens = tokens_of(text, tables)
    items = items_of(tokens)
    for level in CASCADE:
        items = level.run(items)
    reader = _Reader(text, tokens, tables, _period(anchor))
    return reader.read([item for item in items if item.node is not None and reader.guard.keeps(item)])


def finer(published: Moment | None, received: Moment | None) -> Moment | None:
    """The better anchor of an article: its published time, or the digest's where that says only more.

    A published month with a digest received within it is read as the day that the digest came.
    """
    if published is None or received is None:
        return published or received
    coarse = published.precision in ("year", "month")
    return received if coarse and received.value.startswith(published.value) else published


def _period(anchor: Moment | None) -> Period | None:
    if anchor is None:
        return None
    grain = anchor.precision if anchor.precision in ("year", "month") else "day"
    digits = {"year": 4, "month": 7, "day": 10}[grain]
    try:
        return Period(
            grain, dt.date.fromisoformat(anchor.value[:digits] + "-01-01"[digits - 10 :][: 10 - digits])
        )
    except ValueError:
        return None


@dataclass(slots=True)
class _Found:
    item: Item
    node: Node
    reading: Reading | None = None
    way: int = 0
    refs: dict[str, Period] = field(default_factory=dict)


class _Reader:
    """Reads the items of one text in order; times without a day and quotes wait for the rest."""

    def __init__(self, text: str, tokens: list[Token], tables: Language, anchor: Period | None) -> None:
        self.text, self.tokens, self.tables, self.anchor = text, tokens, tables, anchor
        self.guard = Guard(text, tokens, tables)
        self.stops = [index for index, token in enumerate(tokens) if token.kind in ("stop", "para")]
        self.paras = [index for index, token in enumerate(tokens) if token.kind == "para"]
        self._stop_ends = [tokens[index].end for index in self.stops]
        self.quotes = [found.span() for found in _QUOTE.finditer(text)]
        self._quote_starts = [start for start, _ in self.quotes]

    def read(self, items: list[Item]) -> list[TimeExpression]:
        """Each item as a TimeExpression, without those that turn out to mean nothing."""
        found = [_Found(item, self._known_day(item) or item.node) for item in items if item.node]
        self.anchor = self._written(found) or self.anchor
        refs: dict[str, Period] = {}
        later: list[int] = []
        for number, one in enumerate(found):
            one.refs = dict(refs)
            if self._quoted(one.item) or _dayless(one.node):
                later.append(number)
                continue
            self._resolve(found, number, self.anchor)
            if one.reading and one.reading.period and not one.reading.vague:
                refs["any"] = one.reading.period
                if one.reading.period.grain == "day":
                    ahead = self.anchor is not None and one.reading.period.start > self.anchor.start
                    refs["ahead" if ahead else "day"] = one.reading.period
        for number in sorted(later, key=lambda index: _dayless(found[index].node)):
            span = self._quoted(found[number].item)
            self._resolve(found, number, (self._spoken(found, span) if span else None) or self.anchor)
        return [self._expression(one) for one in found if one.reading]

    def _written(self, found: list[_Found]) -> Period | None:
        """The dateline's own day ("MOSCOW, Aug. 19 —"), where the text was published a day or two later."""
        if not found or self.anchor is None or self.anchor.grain != "day":
            return None
        item, node = found[0].item, found[0].node
        if not 1 < item.first < 12 or not isinstance(node, Recurring) or node.what != "monthday":
            return None
        place, comma = self.tokens[item.first - 2], self.tokens[item.first - 1]
        after = self.tokens[item.last + 1].kind if item.last + 1 < len(self.tokens) else ""
        if not place.raw.isupper() or comma.kind != "comma" or after not in ("dash", "lpar"):
            return None
        for count in (1, 2):
            day = self.anchor.shift(-count)
            if (day.start.month, day.start.day) == (node.number, node.day):
                return day
        return None

    def _resolve(self, found: list[_Found], number: int, anchor: Period | None) -> None:
        one = found[number]

        def way() -> int:
            one.way = direction(self.tokens, one.item.first, one.item.last, self.tables)
            return one.way

        context = Context(anchor, way, one.refs)
        if self.guard.any_weekday(one.item):
            one.reading = one.node.resolve(Context(None))
            return
        if self.guard.generic(one.item):
            one.reading = Reading("DATE", "PRESENT_REF", vague=True)
            return
        beside = self._beside(found, number)
        if beside and self._dates(beside[0]) and beside[0].reading:
            context.hint = beside[0].reading.period
        context.sentence_ref = next(
            (
                b.reading.period
                for b in beside
                if b.reading and b.reading.period and b.item.kind in _PARTS_OF_YEAR
            ),
            None,
        )
        if getattr(one.node, "annual", False) and context.sentence_ref is None:
            context.sentence_ref = self._period_told(found, number)
        if _dayless(one.node):
            context.day = self._day_for(found, number, anchor)
        try:
            one.reading = one.node.resolve(context)
        except (ValueError, OverflowError):
            one.reading = None

    def _beside(self, found: list[_Found], number: int) -> list[_Found]:
        """What was read before it in its own sentence, the nearest first."""
        here = self._sentence(found[number].item)
        beside = []
        for other in reversed(found[max(0, number - 8) : number]):
            if self._sentence(other.item) != here:
                break
            beside.append(other)
        return beside

    def _period_told(self, found: list[_Found], number: int) -> Period | None:
        """The quarter or half that the sentences before speak of: "… net fell in the third quarter. It
        earned $2 million, against $3 million a year earlier." """
        here = self._sentence(found[number].item)
        for other in reversed(found[max(0, number - 6) : number]):
            if here - self._sentence(other.item) > 2:
                return None
            far = here - self._sentence(other.item) > 1
            kinds = _PARTS_OF_YEAR[:2] if far else _PARTS_OF_YEAR
            if other.reading and other.reading.period and other.item.kind in kinds:
                return other.reading.period
        return None

    def _dates(self, one: _Found) -> bool:
        """Whether it is a month or day with a year of its own, which its neighbours' years follow."""
        if not isinstance(one.node, Fixed) or one.node.period.grain not in ("day", "month"):
            return False
        first = one.item.first
        return first == 0 or self.tokens[first - 1].low not in _COMPARED

    def _day_for(self, found: list[_Found], number: int, anchor: Period | None) -> Period | None:
        """The day of a time that names none: its sentence's, the paragraph's last, or the anchor."""
        item = found[number].item
        here, paragraph = self._sentence(item), bisect_right(self.paras, item.first)
        before = [one for one in found[max(0, number - 6) : number] if _day_of(one)]
        after = [one for one in found[number + 1 : number + 4] if _day_of(one)]
        for one in reversed(before):
            if self._sentence(one.item) == here:
                return _day_of(one)
        for one in after:
            if self._sentence(one.item) == here and not self._apart(item, one.item):
                return _day_of(one)
        if item.kind == "Part" and direction(self.tokens, item.first, item.last, self.tables) != PAST:
            return None
        for one in reversed(before):
            near = here - self._sentence(one.item) <= 2
            day = _day_of(one)
            if near and day and bisect_right(self.paras, one.item.first) == paragraph:
                return anchor if anchor and day.start > anchor.start else day
        if item.kind == "Part":
            return None
        if anchor and direction(self.tokens, item.first, item.last, self.tables) == PAST:
            return self._lead(found[: min(number, 4)], anchor) or anchor
        return anchor

    def _lead(self, found: list[_Found], anchor: Period) -> Period | None:
        """The day of the event that opens the report, where that is one of the last days."""
        days = [day for one in found if self._sentence(one.item) <= 1 and (day := _day_of(one))]
        gone = [day for day in days if 0 <= (anchor.start - day.start).days <= 3]
        return gone[0] if gone else None

    def _apart(self, one: Item, two: Item) -> bool:
        """Whether another clause begins between two expressions."""
        between = self.tokens[one.last + 1 : two.first]
        return len(between) > 3 and any(token.kind == "and" or token.low == "but" for token in between)

    def _sentence(self, item: Item) -> int:
        return bisect_right(self.stops, item.first)

    def _quoted(self, item: Item) -> tuple[int, int] | None:
        index = bisect_right(self._quote_starts, item.start) - 1
        if index >= 0 and item.end <= self.quotes[index][1]:
            return self.quotes[index]
        return None

    def _spoken(self, found: list[_Found], span: tuple[int, int]) -> Period | None:
        """The day that a quote was spoken, where its own sentence says so ("…," he said Monday)."""
        starts = self._stop_ends
        begin = starts[bisect_right(starts, span[0]) - 1] if starts and starts[0] <= span[0] else 0
        rest = bisect_right(starts, span[1])
        end = starts[rest] if rest < len(starts) else len(self.text)
        best: tuple[int, Period] | None = None
        before = bisect_left(found, span[0], key=_start)
        after = bisect_left(found, span[1], key=_start)
        for one in found[max(0, before - _NEAREST) : before] + found[after : after + _NEAREST]:
            day = _day_of(one)
            if day is None or not begin <= one.item.start < end:
                continue
            said = self.tables.tense.get("speech", frozenset())
            near = self.tokens[max(0, one.item.first - 8) : one.item.first]
            if any(token.low in said and not span[0] <= token.start < span[1] for token in near):
                distance = min(abs(one.item.start - span[1]), abs(one.item.start - span[0]))
                if best is None or distance < best[0]:
                    best = (distance, day)
        return best[1] if best else None

    def _known_day(self, item: Item) -> Node | None:
        """The one day that "Sept. 11" or "Jan. 6" means beside the words that made it known."""
        node = item.node
        if not isinstance(node, Recurring) or node.what != "monthday":
            return None
        for day, words in self.tables.known_days.items():
            known = dt.date.fromisoformat(day)
            if (known.month, known.day) != (node.number, node.day):
                continue
            if self.anchor is not None and self.anchor.end <= known:
                continue
            near = (
                self.tokens[item.last + 1 : item.last + 5] + self.tokens[max(0, item.first - 4) : item.first]
            )
            if any(token.low in words for token in near):
                return Fixed(Period("day", known))
        return None

    def _expression(self, one: _Found) -> TimeExpression:
        reading = one.reading
        assert reading is not None
        end = one.item.end
        if reading.kind == "DURATION" and self.text.startswith("-old", end):
            end += 4  # "41-year-old"
        timed = reading.kind in ("DATE", "TIME") and not reading.vague
        return TimeExpression(
            start=one.item.start,
            end=end,
            text=self.text[one.item.start : end],
            type=reading.kind,
            value=reading.value,
            interval=interval_of(reading.value) if timed else None,
            vague=reading.vague,
            rule=one.item.name + _WAYS.get(one.way, ""),
        )


_NEAREST: Final = 24  # expressions before and after a quote; a sentence has few, a page of junk thousands
_PARTS_OF_YEAR: Final = ("Quarter", "Half", "Mon", "Month")


def _start(one: _Found) -> int:
    return one.item.start


def _dayless(node: Node) -> bool:
    return isinstance(node, At) and node.day is None


def _day_of(one: _Found) -> Period | None:
    period = one.reading.period if one.reading else None
    return period if period and period.grain == "day" else None
