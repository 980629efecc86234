"""Histograms as bars that a template draws: counts over time, each bar a link that narrows the search.

Drawn on the server as SVG, so they work without JavaScript; `static/drag.js` adds dragging over them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from dateline.address import to_params, written
from dateline.models import Interval
from dateline.query import Query, day_interval
from dateline.stores.base import Bucket, Store

Kind = Literal["published", "mentioned"]
KINDS: tuple[Kind, Kind] = ("published", "mentioned")
BARS = 62  # two months of days fit
WIDTH, HEIGHT = 620, 84  # of the drawing, in its own units
THICK = 36  # a bar's width at most
ENOUGH = 0.9  # the finest unit is taken in which this part of all counts fits into the bars


@dataclass(slots=True, frozen=True)
class Bar:
    """A period from `first` to `last` (ISO days, both included), its count, and where it is drawn."""

    first: str
    last: str
    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    href: str

    @property
    def thick(self) -> float:
        """The width of the bar itself, which stands in the middle of its place."""
        return round(max(min(self.width - 1, THICK), 1), 2)

    @property
    def inset(self) -> float:
        """Where the bar itself begins."""
        return round(self.x + (self.width - self.thick) / 2, 2)


@dataclass(slots=True, frozen=True)
class Chart:
    """The bars of one histogram; `before` and `after` are counts that lie outside of what is drawn."""

    kind: Kind
    unit: str
    bars: list[Bar]
    peak: int
    before: int = 0
    after: int = 0


def facet(query: Query, kind: Kind) -> str:
    """The facet to ask for: days where the query's interval is short, else months."""
    interval: Interval | None = getattr(query, kind)
    short = interval and interval.start and interval.end and (interval.end - interval.start).days <= BARS
    return f"{kind}:day" if short else f"{kind}:month"


def chart(store: Store, query: Query, kind: Kind, buckets: Sequence[Bucket]) -> Chart | None:
    """The chart of a search's histogram (`facet`); None where there is nothing to draw.

    Where all of it lies in two months, the store is asked once more for their days.
    """
    if not buckets:
        return None
    unit = facet(query, kind).partition(":")[2]
    days = [dt.date.fromisoformat(bucket.key) for bucket in buckets]
    if unit == "month" and months(days[-1]) - months(days[0]) <= 1:
        narrow = cut(getattr(query, kind), day_interval(days[0], after(days[-1], "month") - _DAY))
        narrowed = dataclasses.replace(query, limit=0, cursor=None)
        setattr(narrowed, kind, narrow)
        daily = store.search(narrowed, [f"{kind}:day"]).facets.get(f"{kind}:day", [])
        if daily:
            buckets, unit = daily, "day"
    return draw(query, kind, unit, buckets)


def draw(query: Query, kind: Kind, unit: str, buckets: Sequence[Bucket]) -> Chart:
    """Bars of the finest unit, from `unit` on, into which most of the counts fit."""
    units = ["day", "month", "year", "decade"]
    total = sum(bucket.count for bucket in buckets)
    for unit_ in units[units.index(unit) :]:
        counts: dict[dt.date, int] = {}
        for bucket in buckets:
            start = begin(dt.date.fromisoformat(bucket.key), unit_)
            counts[start] = counts.get(start, 0) + bucket.count
        first, inside = best_window(counts, unit_)
        if inside >= ENOUGH * total:
            break
    last = max(day for day in counts if index(day, unit_) < index(first, unit_) + BARS)
    shown = index(last, unit_) - index(first, unit_) + 1
    peak = max(counts[day] for day in counts if first <= day <= last)
    step = WIDTH / shown
    bars, day = [], first
    for number in range(shown):
        following = after(day, unit_)
        final = following - _DAY if following > day else dt.date.max
        tally = counts.get(day, 0)
        height = round(max(tally / peak * (HEIGHT - 4), 3 if tally else 0), 2)
        bars.append(
            Bar(
                first=day.isoformat(),
                last=final.isoformat(),
                label=label(day, unit_),
                count=tally,
                x=round(number * step, 2),
                y=round(HEIGHT - height, 2),
                width=round(step, 2),
                height=height,
                href=narrowed_to(query, kind, day.isoformat(), final.isoformat()),
            )
        )
        day = following
    early = sum(tally for day, tally in counts.items() if day < first)
    late = sum(tally for day, tally in counts.items() if day > last)
    return Chart(kind, unit_, bars, peak, early, late)


ROW = 18  # height of a row under a chart


def under(chart: Chart, buckets: Sequence[Bucket], peak: int) -> list[Bar]:
    """Bars that stand below a chart's own, of other counts of the same periods; `peak` fills a row."""
    counts: dict[str, int] = {}
    for bucket in buckets:
        first = begin(dt.date.fromisoformat(bucket.key), chart.unit).isoformat()
        counts[first] = counts.get(first, 0) + bucket.count
    made = []
    for bar in chart.bars:
        tally = counts.get(bar.first, 0)
        height = round(max(tally / max(peak, 1) * (ROW - 2), 2 if tally else 0), 2)
        made.append(dataclasses.replace(bar, count=tally, height=height, y=round(ROW - height, 2)))
    return made


def strip(counts: Mapping[str, int], tall: int = 40) -> list[Bar]:
    """Bars of counts by ISO day, those days without any left out: nothing to click, only to see."""
    peak, step = max([*counts.values(), 1]), WIDTH / max(len(counts), 1)
    made = []
    for number, (day, tally) in enumerate(counts.items()):
        height = round(tally / peak * (tall - 4), 2)
        x, y = round(number * step, 2), round(tall - height, 2)
        made.append(Bar(day, day, day, tally, x, y, round(step, 2), height, ""))
    return [bar for bar in made if bar.count]


def best_window(counts: dict[dt.date, int], unit: str) -> tuple[dt.date, int]:
    """The first period of the window of `BARS` periods that holds most, and how much it holds."""
    days = sorted(counts)
    places = [index(day, unit) for day in days]
    best, inside, last = (days[0], 0), 0, 0
    for first, day in enumerate(days):
        while last < len(days) and places[last] < places[first] + BARS:
            inside += counts[days[last]]
            last += 1
        if inside > best[1]:
            best = (day, inside)
        inside -= counts[day]
    return best


def narrowed_to(query: Query, kind: Kind, first: str, last: str) -> str:
    """The address of the search within these days."""
    gone = ("from", "to", "cursor") if kind == "published" else ("mentioned", "cursor")
    pairs = [pair for pair in to_params(query) if pair[0] not in gone]
    pairs += [("from", first), ("to", last)] if kind == "published" else [("mentioned", f"{first}..{last}")]
    return "/?" + urlencode(pairs)


def cut(asked: Interval | None, inside: Interval) -> Interval:
    """What two intervals share; the second where they share nothing."""
    if asked is None or not asked.overlaps(inside):
        return inside
    starts = [start for start in (asked.start, inside.start) if start]
    ends = [end for end in (asked.end, inside.end) if end]
    return Interval(start=max(starts, default=None), end=min(ends, default=None))


_DAY = dt.timedelta(days=1)


def months(day: dt.date) -> int:
    """The number of a day's month since the year 0."""
    return day.year * 12 + day.month - 1


def index(day: dt.date, unit: str) -> int:
    """The number of the period that holds a day."""
    if unit == "day":
        return day.toordinal()
    return {"month": months(day), "year": day.year, "decade": day.year // 10}[unit]


def begin(day: dt.date, unit: str) -> dt.date:
    """The first day of the period that holds a day."""
    if unit == "day":
        return day
    if unit == "month":
        return day.replace(day=1)
    return dt.date(day.year if unit == "year" else max(day.year // 10 * 10, 1), 1, 1)


def after(day: dt.date, unit: str) -> dt.date:
    """The first day of the period that follows; the calendar's last day where there is none."""
    try:
        if unit == "day":
            return day + _DAY
        if unit == "month":
            return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        return dt.date(day.year + 1 if unit == "year" else (day.year // 10 + 1) * 10, 1, 1)
    except (ValueError, OverflowError):
        return dt.date.max


def label(day: dt.date, unit: str) -> str:
    """A period as people write it."""
    if unit == "day":
        return day.isoformat()
    return {"month": f"{day:%Y-%m}", "year": f"{day.year}", "decade": f"{day.year}s"}[unit]


def said(interval: Interval) -> str:
    """An interval for a person: "2024-03-04", "2024-03", "2024" or "2024-03-04 to 2024-03-06"."""
    first, _, last = written(interval).partition("..")
    if first == last:
        return first
    if first and last:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        for unit in ("month", "year"):
            if begin(start, unit) == start and after(start, unit) - _DAY == end:
                return label(start, unit)
    return f"{first or 'before'} to {last}" if last else f"from {first}"
