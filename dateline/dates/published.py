"""The published date ledger: every date that speaks for an article, and why one of them won.

`published` weighs a page's clues; `infer_published` reads a digest item that has no page;
`parse_moment` reads one printed date. Nothing is guessed from the clock: a relative word ("Today")
counts only against the time that the digest itself gives.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dateline.dates import published_clues as clues_of
from dateline.dates.published_clues import Clue
from dateline.dates.published_infer import infer_published
from dateline.dates.published_moment import day_of, find_moments, instant_of, parse_moment
from dateline.dates.published_words import order_of
from dateline.extract.reading import Reading
from dateline.models import Candidate, DigestItem, Moment

__all__ = ["Ledger", "find_moments", "infer_published", "parse_moment", "published"]

_EARLIEST = dt.date(1990, 1, 1)  # before it a date needs two witnesses: there was no web
_OLDEST = dt.date(1600, 1, 1)
_FALLBACK_BELOW = 0.7  # a day less sure than this asks htmldate as well
_ENOUGH = 0.12  # a day less sure than this is no answer
_A_LIST = 5  # different days away from the headline
_WEST, _EAST = 8, 10  # hours from UTC to where most papers are
_MOVED_AFTER = 30  # days
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


def published(
    reading: Reading,
    *,
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    fetched_at: dt.datetime | None = None,
    hints: Mapping[str, str] | None = None,
    item: DigestItem | None = None,
    text: str | None = None,
) -> Ledger:
    """The ledger of a page. Never raises on a stranger's page.

    Args:
        url: the page's own address; the reading's if None.
        headers: of the answer, names in lower case; the reading's if None.
        fetched_at: when the page was fetched; a date more than a day later is an error of the page.
            Without it the answer's own Date header bounds.
        hints: what a feed or sitemap said ("published", "updated").
        item: the digest item that led here, whose printed date is one more witness.
        text: the article's text, for the date of its dateline.
    """
    ledger = Ledger()
    url = url or reading.url
    headers = reading.headers if headers is None else {k.lower(): v for k, v in headers.items()}
    clues: list[Clue] = []
    try:
        _collect(clues, reading, url, headers, hints, item)
    except Exception as error:
        # a stranger's page: what was found so far still counts
        ledger.notes.append(f"dates: reading stopped at {type(error).__name__}: {error}"[:200])
    limit = _limit(headers, fetched_at)
    # what stated days turn turns the ambiguous ones again
    clues = _settled(_turned(clues, limit, ledger.notes), ledger.notes)
    clues = _sane(_turned(clues, limit, ledger.notes), limit, ledger.notes)
    clues = _imported(_listed(_changed(clues)))
    if text:
        clues.extend(_dateline(text, clues))
    days = _days(clues)
    best = max(days, key=lambda day: days[day], default=None)
    if best is None or days[best] < _FALLBACK_BELOW or _contested(days, best):
        clues.extend(_sane(list(_htmldate(reading, url, limit, clues)), limit, []))
        clues.extend(_sane(list(clues_of.from_scripts(reading)), limit, []))
        clues.extend(_sane(list(clues_of.from_descriptions(reading)), limit, []))
        clues.extend(clues_of.from_copyright(_last_words(reading)))
        days = _days(clues)
        best = max(days, key=lambda day: days[day], default=None)
    _choose(ledger, clues, days, best)
    return ledger


def _collect(
    clues: list[Clue],
    reading: Reading,
    url: str | None,
    headers: Mapping[str, str],
    hints: Mapping[str, str] | None,
    item: DigestItem | None,
) -> None:
    from dateline.dates.published_visible import visible

    language = clues_of.language_of(reading)
    region = clues_of.region_of(url)
    if language and region and "-" not in language and order_of(f"{language}-{region}"):
        language = f"{language}-{region}"
    clues.extend(clues_of.structured(reading, language))
    address = list(clues_of.from_url(url))
    for place, other in (
        ("canonical", next(iter(reading.links("canonical")), None)),
        ("og:url", reading.meta("og:url")),
    ):
        address = address or list(clues_of.from_url(other, place))
    clues.extend(address)
    clues.extend(clues_of.from_hints(hints, language))
    if item and item.printed_date and (moment := parse_moment(item.printed_date)):
        clues.append(Clue(moment=moment, place="digest", rule="as printed", weight=0.7, family="digest"))
    clues.extend(clues_of.from_headers(headers))
    clues.extend(clues_of.from_images(reading))
    clues.extend(visible(reading, language, region))


def _limit(headers: Mapping[str, str], fetched_at: dt.datetime | None) -> dt.date | None:
    """The last day that a page can speak of as its own past; None where nobody says when it was got."""
    day = fetched_at.date() if fetched_at else None
    if day is None and (moment := parse_moment(headers.get("date", ""))):
        day = day_of(moment)
    return day + dt.timedelta(days=1) if day else None


# ------------------------------------------------------------------- day and month, past and future


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


def _sane(clues: list[Clue], limit: dt.date | None, notes: list[str]) -> list[Clue]:
    """Without the dates of the future, and without those before the web that stand alone."""
    witnesses: dict[dt.date, set[str]] = defaultdict(set)
    for clue in clues:
        if day := day_of(clue.moment):
            witnesses[day].add(clue.family)
    kept = []
    for clue in clues:
        first, _ = _span(clue.moment)
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
    return [
        replace(clue, weight=clue.weight * 0.7, rule=f"{clue.rule}, long after the day in the address")
        if clue.family == "structured" and (day := day_of(clue.moment)) and day > late
        else clue
        for clue in clues
    ]


def _span(moment: Moment) -> tuple[dt.date, dt.date]:
    """First and last day of what the moment names."""
    parts = [int(part) for part in moment.value[:10].split("-")]
    if moment.precision == "year":
        return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
    if moment.precision == "month":
        after = dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) if parts[0] < 9999 else dt.date.max
        return dt.date(parts[0], parts[1], 1), after - dt.timedelta(days=1)
    day = dt.date(*parts)
    return day, day


# ------------------------------------------------------------------------------------- the decision


def _days(clues: list[Clue]) -> dict[dt.date, float]:
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
            first, last = _span(clue.moment)
            for day, families in by_day.items():
                if first <= day <= last:
                    families.setdefault(clue.family, clue.weight * 0.5)
    for day, families in by_day.items():
        for clue in clues:
            if clue.kind == "published" and _elsewhere(clue.moment, day):
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


def _contested(days: dict[dt.date, float], best: dt.date) -> bool:
    return any(day != best and score > 0.75 * days[best] for day, score in days.items())


def _choose(ledger: Ledger, clues: list[Clue], days: dict[dt.date, float], best: dt.date | None) -> None:
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


# ---------------------------------------------------------------------------------- weak witnesses


def _htmldate(reading: Reading, url: str | None, limit: dt.date | None, clues: list[Clue]) -> Iterator[Clue]:
    """htmldate's own reading: it knows many templates, and searches the text where they end.

    Its fast mode: the extensive one loads dateparser, seconds of CPU for hardly a page more. It reads
    what the other clues read, so it is a witness of its own only for a day that none of them names.
    """
    from htmldate import find_date

    bound = (limit or dt.date(2100, 1, 1)).isoformat()
    try:
        day = find_date(
            reading.tree,
            extensive_search=False,
            original_date=True,
            url=url,
            max_date=bound,
            deferred_url_extractor=True,
        )
    except Exception:  # a library on a stranger's page
        return
    moment = parse_moment(day) if day else None
    if moment is None:
        return
    # the first of January is where it puts a bare year
    known = [clue for clue in clues if clue.moment.value[:10] == moment.value]
    weight = 0.15 if moment.value.endswith("-01-01") else 0.2 if known else 0.38
    family = max(known, key=lambda clue: clue.weight).family if known else "htmldate"
    yield Clue(moment=moment, place="htmldate", rule="find_date", weight=weight, family=family)


def _dateline(text: str, clues: list[Clue]) -> Iterator[Clue]:
    """ "BEIJING, March 3 (Xinhua) —": a day without a year, which can only second what others say."""
    from dateline.dates.published_infer import dateline_day

    found = dateline_day(text)
    if not found:
        return
    month, day = found
    for value in {clue.moment.value[:10] for clue in clues if day_of(clue.moment)}:
        there = dt.date.fromisoformat(value)
        if (there.month, there.day) == (month, day):
            moment = Moment(value=value, precision="day")
            yield Clue(
                moment=moment, place="dateline", rule="day of the dateline", weight=0.3, family="dateline"
            )


def _last_words(reading: Reading) -> str:
    """The end of the page, where a copyright line stands."""
    return reading.html[-6_000:]
