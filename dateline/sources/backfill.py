"""Which sitemaps of an index hold a range of days, and which of their links fall into it.

Pure: a crawl asks before it fetches. What says nothing of its days might hold any, so it is kept, last.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dateline.models import Link
from dateline.sources.found import More

_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>0?[1-9]|1[0-2])", r"(?P<d>0?[1-9]|[12]\d|3[01])"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMES = "|".join(f"{name}[a-z]*" for name in _MONTHS)
# the finest first: a day, a week, a month, a quarter, a year
_PATTERNS = (
    re.compile(rf"(?<!\d){_Y}[-_/.]{_M}[-_/.]{_D}(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d){_Y}[-_/.]?w(?:eek)?[-_/.]?(?P<w>\d{{1,2}})(?!\d)", re.I),
    re.compile(rf"(?<!\d){_Y}[-_/.]?q(?P<q>[1-4])(?!\d)", re.I),
    re.compile(rf"(?<!\d){_Y}[-_/.](?P<name>{_NAMES})(?![a-z])", re.I),
    re.compile(rf"(?<![a-z])(?P<name>{_NAMES})[-_/.]{_Y}(?!\d)", re.I),
    re.compile(rf"(?<!\d){_Y}[-_/.]{_M}(?!\d)"),
    re.compile(rf"(?:yyyy|year)={_Y}\W+(?:mm|month)={_M}(?:\W+(?:dd|day)={_D})?(?!\d)", re.I),
    re.compile(rf"(?<!\d)(?P<m>0[1-9]|1[0-2])[-_]{_Y}(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?!\d)"),
    re.compile(rf"(?<!\d){_Y}(?!\d)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """Half-open [start, end) of whole days."""

    start: dt.date
    end: dt.date

    def overlaps(self, other: Days) -> bool:
        """Whether the two share a day."""
        return self.start < other.end and other.start < self.end


def days_in_name(url: str) -> Days | None:
    """The days that an address names: "/sitemap-2021-03.xml" is a March; None where it names none.

    A range of years ("2015-2019") is not taken for a month; neither is a number of a part.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    text = unquote(parts.path) + ("?" + unquote(parts.query) if parts.query else "")
    for pattern in _PATTERNS:
        for found in reversed(list(pattern.finditer(text))):
            days = _days(found.groupdict())
            if days is not None:
                return days
    return None


def _days(said: dict[str, str | None]) -> Days | None:
    try:
        year = int(said["y"] or 0)
        if said.get("w"):
            start = dt.date.fromisocalendar(year, int(said["w"] or 0), 1)
            return Days(start, start + dt.timedelta(days=7))
        if said.get("q"):
            first = 3 * int(said["q"] or 0) - 2
            return Days(dt.date(year, first, 1), _after(year, first + 2))
        month = _MONTHS.index(said["name"][:3].lower()) + 1 if said.get("name") else int(said.get("m") or 0)  # type: ignore[index]
        if not month:
            return Days(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
        if said.get("d"):
            start = dt.date(year, month, int(said["d"] or 0))
            return Days(start, start + dt.timedelta(days=1))
        return Days(dt.date(year, month, 1), _after(year, month))
    except ValueError:
        return None


def _after(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1]) + dt.timedelta(days=1)


def covers(more: More, wanted: Days) -> bool | None:
    """Whether a child of an index can hold articles of those days; None where nothing tells.

    By the days that its name says; else by `lastmod`: a file that was last changed before the first
    wanted day holds nothing of it.
    """
    named = days_in_name(more.url)
    if named is not None:
        return named.overlaps(wanted)
    if more.modified is not None and more.modified.date() < wanted.start:
        return False
    return None


def plan(children: Iterable[More], wanted: Days) -> list[More]:
    """The children worth fetching for those days: those that say so, newest first, then the unknown.

    An unnamed child between two that say when they changed is ranked by its `lastmod`, the nearest
    after the wanted days first: archives are written once and left.
    """
    sure: list[More] = []
    unknown: list[More] = []
    for child in children:
        match covers(child, wanted):
            case True:
                sure.append(child)
            case None:
                unknown.append(child)
    sure.sort(key=lambda child: (days_in_name(child.url) or wanted).start, reverse=True)
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    unknown.sort(key=lambda child: child.modified or far)
    return sure + unknown


def within(links: Sequence[Link], wanted: Days) -> list[Link]:
    """The links that can be of those days, in order.

    By the published hint, else by the day in the address, else by `updated`: what changed last before
    the first wanted day is older. What says nothing stays.
    """
    return [link for link in links if _may_be_of(link, wanted)]


def is_dated(link: Link) -> bool:
    """Whether the source or the address says a day."""
    named = days_in_name(link.url) if link.url else None
    one_day = named is not None and (named.end - named.start).days == 1
    return one_day or any(_hint(link, name) is not None for name in ("published", "updated"))


def _may_be_of(link: Link, wanted: Days) -> bool:
    published = _hint(link, "published")
    if published is not None:
        return published.overlaps(wanted)
    named = days_in_name(link.url) if link.url else None
    if named is not None and (named.end - named.start).days == 1:
        return named.overlaps(wanted)
    updated = _hint(link, "updated")
    if updated is not None and updated.end <= wanted.start:
        return False
    return named is None or named.overlaps(wanted)


def _hint(link: Link, name: str) -> Days | None:
    said = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", link.hints.get(name, ""))
    return _days({"y": said[1], "m": said[2], "d": said[3]}) if said else None
