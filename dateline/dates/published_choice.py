"""Which day the clues speak for most, and which of its clues tells it finest."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from dateline.dates.published_against import span_of
from dateline.dates.published_clues import Clue
from dateline.dates.published_moment import day_of, instant_of
from dateline.models import Candidate, Moment

_ENOUGH = 0.12  # a day less sure than this is no answer
_WEST, _EAST = 8, 10  # hours from UTC to where most papers are
_MODIFIED_AS_PUBLISHED = 0.35  # what a time of change is worth where nothing says when it was published


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The times of an article and their evidence.

    `candidates` has "published_at" and "modified_at", the chosen one first and marked, the others by
    falling confidence. `notes` say what was rejected or turned. `disagreement` is True where two places
    that can both be believed name different days.
    """

    published: Moment | None = None
    modified: Moment | None = None
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    disagreement: bool = False


def days_of(clues: list[Clue]) -> dict[dt.date, float]:
    """How sure each day is as the day of publication.

    Families are taken as independent: the best of each counts, and they add up as 1 - Π(1 - w). A time
    of change speaks weakly for its day, where nothing better does; a month or a year speaks weakly for
    every day in it.
    """
    by_day: dict[dt.date, dict[str, float]] = defaultdict(dict)
    stated = any(clue.kind == "published" and clue.weight >= 0.5 for clue in clues)
    for clue in clues:
        day = day_of(clue.moment)
        if day is None or (clue.kind == "modified" and stated):
            continue
        weight, family = clue.weight, clue.family
        if clue.kind == "modified":
            weight, family = weight * _MODIFIED_AS_PUBLISHED, family + " modified"
        by_day[day][family] = max(by_day[day].get(family, 0.0), weight)
    for clue in clues:
        if clue.moment.precision in ("month", "year") and clue.kind == "published":
            first, last = span_of(clue.moment)
            for day, families in by_day.items():
                if first <= day <= last:
                    families.setdefault(clue.family, clue.weight * 0.5)
    told = {day_of(clue.moment) for clue in clues if clue.kind == "published"}
    for day, families in by_day.items():
        for clue in clues:
            # a day that is told as the last change alone is no reader's day of publication
            if day in told and clue.kind == "published" and _elsewhere(clue.moment, day):
                families[clue.family] = max(families.get(clue.family, 0.0), clue.weight * 0.95)
    scores = {}
    for day, families in by_day.items():
        doubt = 1.0
        for weight in families.values():
            doubt *= 1 - min(weight, 0.97)
        scores[day] = 1 - doubt
    return scores


def _elsewhere(moment: Moment, day: dt.date) -> bool:
    """Whether a UTC time is on that other day where the paper is: 02:11 UTC on the 9th is the 8th in Boston.

    Systems store UTC, readers and addresses see the local day: a stored time does not speak against it.
    """
    instant = instant_of(moment)
    if instant is None or instant.utcoffset() != dt.timedelta():
        return False
    return instant.date() != day and day in (
        (instant - dt.timedelta(hours=_WEST)).date(),
        (instant + dt.timedelta(hours=_EAST)).date(),
    )


def contested(days: dict[dt.date, float], best: dt.date) -> bool:
    return any(day != best and score > 0.75 * days[best] for day, score in days.items())


def choose(ledger: Ledger, clues: list[Clue], days: dict[dt.date, float], best: dt.date | None) -> None:
    own = [clue for clue in clues if clue.kind == "published"]
    winner: Clue | None = None
    if best is not None and days[best] >= _ENOUGH:
        there = [clue for clue in own if day_of(clue.moment) == best]
        winner = _finest(there or [clue for clue in clues if day_of(clue.moment) == best])
    else:
        coarse = [c for c in own if c.moment.precision in ("month", "year") and c.weight >= 0.3]
        winner = max(coarse, key=lambda c: (c.moment.precision == "month", c.weight), default=None)
    if winner:
        ledger.published = winner.moment
        if winner.kind == "modified":
            ledger.notes.append("published_at is the time of the last change: the page gives no other")
    stated = own if winner is None or winner in own else [*own, winner]
    ledger.candidates["published_at"] = _candidates(stated, winner, days)
    _choose_modified(ledger, [clue for clue in clues if clue.kind == "modified"], days)
    if best is not None:
        ledger.disagreement = any(
            clue.weight >= 0.5
            and not (_same_day(clue.moment, winner.moment) or _elsewhere(clue.moment, best))
            for clue in own
            if winner and clue.family != "teaser" and day_of(clue.moment)
        )


def _finest(clues: list[Clue]) -> Clue:
    """Of the clues to one day the weightiest; one with a clock time before one without."""

    def rank(clue: Clue) -> tuple[bool, bool, float]:
        clock = clue.moment.value[11:19]
        timed = clue.moment.precision not in ("day", "month", "year") and clock not in ("00:00", "00:00:00")
        return (
            clue.weight >= 0.3 and timed,
            clue.weight >= 0.3,
            clue.weight + 0.01 * (clue.moment.zone is not None),
        )

    return max(clues, key=rank)


def _choose_modified(ledger: Ledger, clues: list[Clue], days: dict[dt.date, float]) -> None:
    winner = max(
        clues, key=lambda c: (c.weight, c.moment.precision == "second", c.moment.value), default=None
    )
    if winner and winner.weight < 0.2:
        winner = None
    if winner and ledger.published and winner.moment.value[:10] < ledger.published.value[:10]:
        ledger.notes.append(
            f"{winner.place}: changed {winner.moment.value}, before it was published, left out"
        )
        winner = None
    if winner:
        ledger.modified = winner.moment
    ledger.candidates["modified_at"] = _candidates(clues, winner, days)


def _candidates(clues: list[Clue], winner: Clue | None, days: dict[dt.date, float]) -> list[Candidate]:
    """The clues as candidates, each once, the chosen one first."""
    found: dict[tuple[str, str], Candidate] = {}
    for clue in sorted(clues, key=lambda c: (c is not winner, -c.weight)):
        rule = clue.rule + (f", zone {clue.moment.zone}" if clue.moment.zone else "")
        confidence = clue.weight
        if clue is winner and clue.kind == "published" and (day := day_of(clue.moment)):
            confidence = max(confidence, days.get(day, 0.0))
        found.setdefault(
            (clue.moment.value, clue.place),
            Candidate(
                value=clue.moment.value,
                place=clue.place,
                rule=rule,
                confidence=round(confidence, 3),
                chosen=clue is winner,
            ),
        )
    return list(found.values())[:40]


def _same_day(one: Moment, other: Moment) -> bool:
    """Whether two moments can be one day: as printed, or as one instant in two zones."""
    if one.value[:10] == other.value[:10]:
        return True
    here, there = instant_of(one), instant_of(other)
    return here is not None and there is not None and abs(here - there) < dt.timedelta(hours=1)
