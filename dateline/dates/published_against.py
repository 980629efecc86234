"""What a page's dates say about each other: day and month swapped, the future, lists, moved pages.

Each step takes all clues and gives them back, some turned, reweighed or left out; the note or the
clue's rule says why.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from dateline.dates.published_address import STATUS_RULE
from dateline.dates.published_clues import Clue
from dateline.dates.published_moment import day_of, instant_of
from dateline.models import Moment

_EARLIEST = dt.date(1990, 1, 1)  # before it a date needs two witnesses: there was no web
_OLDEST = dt.date(1600, 1, 1)
_A_LIST = 5  # different days away from the headline
_MOVED_AFTER = 30  # days
_QUARTER, _FARTHEST = dt.timedelta(minutes=15), dt.timedelta(hours=14)  # zones: their steps and their reach


def weighed(clues: list[Clue], limit: dt.date | None, notes: list[str]) -> list[Clue]:
    """The clues after all have been held against all; `limit` is the last day that can be past."""
    # what stated days turn turns the ambiguous ones again
    clues = _settled(_turned(clues, limit, notes), notes)
    clues = sane(_turned(clues, limit, notes), limit, notes)
    return _viewed(_imported(_listed(_changed(clues))))


def _settled(clues: list[Clue], notes: list[str]) -> list[Clue]:
    """03/04/2020 read as the others read it."""
    sure: dict[dt.date, float] = defaultdict(float)
    for clue in clues:
        if clue.sure and (day := day_of(clue.moment)):
            sure[day] = max(sure[day], clue.weight)
    done = []
    for clue in clues:
        if clue.swapped and not clue.sure:
            here, there = day_of(clue.moment), day_of(clue.swapped)
            if (
                here
                and there
                and (
                    sure.get(there, 0.0) > sure.get(here, 0.0)
                    or (not sure.get(here) and _near(there, sure) and not _near(here, sure))
                )
            ):
                clue = _turn(clue, "day and month by the other places", notes)
        done.append(clue)
    return done


def _near(day: dt.date, others: Mapping[dt.date, float]) -> bool:
    """Whether an unambiguous date lies in the fortnight before: a report tells of the days before it."""
    return any(dt.timedelta() <= day - other <= dt.timedelta(days=14) for other in others)


def _turned(clues: list[Clue], limit: dt.date | None, notes: list[str]) -> list[Clue]:
    """Days and months that a publisher's system swapped: 2020-04-03 on a page of 4 March 2020.

    Turned where the other reading is stated by two other families and this one by none, or where this
    one lies after the fetch and the other does not.
    """
    families: dict[dt.date, set[str]] = defaultdict(set)  # that state a day
    either: dict[dt.date, set[str]] = defaultdict(set)  # that print 05/03 and may mean it
    for clue in clues:
        if (day := day_of(clue.moment)) and clue.weight >= 0.3:
            (families if clue.sure or not clue.swapped else either)[day].add(clue.family)
            if clue.swapped and not clue.sure and (swapped := day_of(clue.swapped)):
                either[swapped].add(clue.family)
    done = []
    for clue in clues:
        day = day_of(clue.moment)
        other = _other_reading(day) if day else None
        if day and other and clue.family != "url":
            late = limit is not None and day > limit and other <= limit
            others = families[other] - {clue.family}
            outvoted = (
                bool(others)
                and len(others | (either[other] - {clue.family})) >= 2
                and not families[day] - {clue.family}
            )
            if (late and (clue.family == "structured" or families[other])) or outvoted:
                clue = _turn(
                    replace(clue, swapped=_with_day(clue.moment, other)), "day and month swapped", notes
                )
        done.append(clue)
    return done


def _turn(clue: Clue, why: str, notes: list[str]) -> Clue:
    assert clue.swapped is not None
    notes.append(f"{clue.place}: {clue.moment.value} read as {clue.swapped.value} ({why})")
    return replace(clue, moment=clue.swapped, swapped=clue.moment, sure=True, rule=f"{clue.rule}, {why}")


def _other_reading(day: dt.date) -> dt.date | None:
    return dt.date(day.year, day.day, day.month) if day.day <= 12 and day.day != day.month else None


def _with_day(moment: Moment, day: dt.date) -> Moment:
    return replace(moment, value=day.isoformat() + moment.value[10:])


def sane(clues: list[Clue], limit: dt.date | None, notes: list[str]) -> list[Clue]:
    """Without the dates of the future, and without those before the web that stand alone."""
    witnesses: dict[dt.date, set[str]] = defaultdict(set)
    for clue in clues:
        if day := day_of(clue.moment):
            witnesses[day].add(clue.family)
    kept = []
    for clue in clues:
        first, _ = span_of(clue.moment)
        if limit and first > limit:
            notes.append(f"{clue.place}: {clue.moment.value} is later than the page was fetched, left out")
        elif first < _EARLIEST and (len(witnesses[first]) < 2 or first < _OLDEST):
            notes.append(
                f"{clue.place}: {clue.moment.value} is older than the web and stands alone, left out"
            )
        else:
            kept.append(clue)
    return kept


def _changed(clues: list[Clue]) -> list[Clue]:
    """A printed time that the page's data call its last change is that, whatever stands beside it."""
    data = [
        clue
        for clue in clues
        if clue.family == "structured" and clue.weight > 0.4 and instant_of(clue.moment)
    ]
    changes = {instant_of(clue.moment) for clue in data if clue.kind == "modified"}
    changes -= {instant_of(clue.moment) for clue in data if clue.kind == "published"}
    return [
        replace(clue, kind="modified", rule=f"{clue.rule}, the time of change in the data")
        if clue.family == "visible" and instant_of(clue.moment) in changes
        else clue
        for clue in clues
    ]


def _listed(clues: list[Clue]) -> list[Clue]:
    """A page that prints many days away from its headline is a list of stories: each says little."""
    away = [clue for clue in clues if clue.family == "visible" and clue.place == "page text"]
    if len({clue.moment.value[:10] for clue in away if clue.weight >= 0.3}) < _A_LIST:
        return clues
    return [
        replace(clue, weight=clue.weight * 0.5, rule=f"{clue.rule}, one of many") if clue in away else clue
        for clue in clues
    ]


def _imported(clues: list[Clue]) -> list[Clue]:
    """Where the address names a day long before the stated one, the page was moved and stamped anew:
    an address is given once, at publication."""
    addressed = [
        day for clue in clues if clue.family == "url" and clue.weight > 0.7 and (day := day_of(clue.moment))
    ]
    if not addressed:
        return clues
    late = min(addressed) + dt.timedelta(days=_MOVED_AFTER)
    stamped = {
        day for clue in clues if clue.family == "structured" and (day := day_of(clue.moment)) and day > late
    }
    return [
        # what the page prints of that day is filled from the same new stamp
        replace(clue, weight=clue.weight * 0.55, rule=f"{clue.rule}, long after the day in the address")
        if clue.family in ("structured", "visible") and day_of(clue.moment) in stamped
        else clue
        for clue in clues
    ]


def _viewed(clues: list[Clue]) -> list[Clue]:
    """A network prints a status's time in the zone of who looks: not another day than its number's."""
    given = [instant_of(clue.moment) for clue in clues if clue.rule == STATUS_RULE]

    def looked_at(clue: Clue) -> bool:
        if clue.family != "visible" or clue.moment.precision != "minute" or instant_of(clue.moment):
            return False
        local = dt.datetime.fromisoformat(clue.moment.value)
        apart = [local - at.replace(tzinfo=None, second=0) for at in given if at]
        return any(abs(gap) <= _FARTHEST and not gap % _QUARTER for gap in apart)

    return [
        replace(clue, weight=clue.weight * 0.2, rule=f"{clue.rule}, in the zone of who looked")
        if given and looked_at(clue)
        else clue
        for clue in clues
    ]


def span_of(moment: Moment) -> tuple[dt.date, dt.date]:
    """First and last day of what the moment names."""
    parts = [int(part) for part in moment.value[:10].split("-")]
    if moment.precision == "year":
        return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
    if moment.precision == "month":
        after = dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) if parts[0] < 9999 else dt.date.max
        return dt.date(parts[0], parts[1], 1), after - dt.timedelta(days=1)
    day = dt.date(*parts)
    return day, day
