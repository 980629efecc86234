"""When a digest item without a page was published: by its printed date, else by its own clues.

The clues are an agency's habits. A caption gives its day whole ("Monday, March 22, 2021"), the report
names weekdays bare ("at a meeting Tuesday"), and it runs on the day of its lead. So the day of the
lead's weekday that lies on or shortly after the newest dated caption is the day of publication. Where
the clues do not reach, the answer is None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from dateline.dates.published_address import from_url
from dateline.dates.published_moment import day_of, find_clock, find_moments, parse_moment, to_moment
from dateline.dates.published_words import month_of
from dateline.models import Candidate, Moment

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lundi lunes lunedì segunda-feira maandag",
            "tuesday tue tues dienstag mardi martes martedì terça-feira dinsdag",
            "wednesday wed mittwoch mercredi miércoles mercoledì quarta-feira woensdag",
            "thursday thu thur thurs donnerstag jeudi jueves giovedì quinta-feira donderdag",
            "friday fri freitag vendredi viernes venerdì sexta-feira vrijdag",
            "saturday sat samstag sonnabend samedi sábado sabato zaterdag",
            "sunday sun sonntag dimanche domingo domenica zondag",
        )
    )
    for name in names.split()
}
_FULL = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_BARE = re.compile(
    rf"\b({_FULL})\b(?!['’]s\b|\s+(?:night\s+)?(?:Times|Post|Mail|Mirror|Telegraph|Night Live))"
)
# a weekday of another week, or one that is still to come
_ELSEWHEN = re.compile(
    r"\b(?:last|next|previous|coming|following|until|till|by|since|before|every|each|this\s+coming)"
    r"(?:\s+\w+)?\s*$|\b(?:will|would|shall|to\s+be|due|scheduled|expected|planned?|plans?|set)\b[^.;]{0,60}$",
    re.I,
)
_DATED = re.compile(rf"\b({_FULL}|Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\.?,?\s+(?:the\s+)?$", re.I)
_AFTER_DATE = re.compile(r",?\s+(?:\w+\.?\s+\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\s+\w+)\b")
_FILE = re.compile(r"\bfile\b|\barchiv", re.I)
_TODAY_DATED = re.compile(r"\b(?:today|on this day)[,(\s]+(?:is\s+)?$", re.I)
_DATELINE = re.compile(
    r"^\W{0,3}[^\W\d_][\w .,'’/-]{1,60}?[,(]?\s+"
    r"(?:(?P<m1>[^\W\d_]{3,9})\.?\s(?P<d1>\d{1,2})|(?P<d2>\d{1,2})\s(?P<m2>[^\W\d_]{3,9}))"
    r"\s*(?:\(|\)|—|–|--|-|/|:)"
)
_NEAR = 2  # days from a dated caption to the report that still prints it
_LEAD = 2  # paragraphs

_TODAY = {"today", "heute", "aujourd'hui", "hoy", "oggi", "hoje", "vandaag", "just now", "now", "live"}
_YESTERDAY = {"yesterday", "gestern", "hier", "ayer", "ieri", "ontem", "gisteren"}
_UNITS = {
    "s": "second|sec|s|sekunden?|secondes?|segundos?|secondi",
    "m": "minute|min|m|minuten?|minutes?|minutos?|minuti|minuut|minuten",
    "h": "hour|hr|h|std|stunden?|heures?|horas?|ore|uur|uren",
    "d": "day|d|tage?n?|jours?|días?|dias?|giorni|dagen",
    "w": "week|wk|w|wochen?|semaines?|semanas?|settimane?|weken",
}
_AGO = re.compile(
    r"(?:vor|il y a|hace|há)?\s*(?P<n>\d{1,3}|an?|one|eine[mr]?|une?|una?)\s*(?:"
    + "|".join(f"(?P<{key}>(?:{names})s?)" for key, names in _UNITS.items())
    + r")\b\.?\s*(?:ago|geleden|fa|atrás)?$",
    re.I,
)


def infer_published(
    text: str,
    captions: Sequence[str],
    printed_date: str | None,
    received: Moment | None,
    url: str | None = None,
) -> tuple[Moment | None, list[Candidate]]:
    """The published time of an item by what it prints itself, and all that was considered.

    In this order: a printed date; the item's own clues (this module's docstring); the day in its
    address; a printed word such as "Today" or "2 hours ago" against `received`. None where none of
    them stands.

    Args:
        text: the item's text, paragraphs separated by blank lines.
        captions: its captions' texts.
        printed_date: as printed, None where the item has none.
        received: when the digest came, by its own account, None where it does not say.
        url: the item's link, None where it has none.
    """
    candidates: list[Candidate] = []
    if printed_date and (moment := parse_moment(printed_date)):
        rule = "as printed" + (f", zone {moment.zone}" if moment.zone else ", zone unknown")
        candidates.append(Candidate(value=moment.value, place="digest", rule=rule, confidence=0.9))
        if moment.precision in ("year", "month"):
            candidates[-1].confidence = 0.5
    own, reason = _by_clues(text, captions)
    if own:
        candidates.append(Candidate(value=own.isoformat(), place="text", rule=reason, confidence=0.75))
    for clue in from_url(url):
        if clue.sure and clue.weight >= 0.6 and day_of(clue.moment):
            value, rule = clue.moment.value, clue.rule
            candidates.append(Candidate(value=value, place="url", rule=rule, confidence=0.7))
    if printed_date and (relative := printed_moment(printed_date, received)):
        rule = f"{printed_date.strip()!r} as of {received.value if received else ''}"
        candidates.append(Candidate(value=relative.value, place="digest", rule=rule, confidence=0.6))
    elif printed_date and not candidates:
        rule = "relative, and nothing says when the digest came" if received is None else "no date"
        candidates.append(Candidate(value=printed_date, place="digest", rule=rule, confidence=0.0))
    best = max(candidates, key=lambda c: c.confidence, default=None)
    if best is None or best.confidence == 0:
        return None, candidates
    best.chosen = True
    return _moment_of(best, printed_date, received), candidates


def printed_moment(printed: str, received: Moment | None) -> Moment | None:
    """ "Today", "Yesterday, 5:30 p.m.", "2 hours ago", "Monday", "March 22" as of the digest's time."""
    day = day_of(received) if received else None
    if received is None or day is None:
        return None
    words = " ".join(printed.replace("’", "'").split()).strip(" .,;:|").lower()
    words = re.sub(r"^(?:published|posted|updated)\s*:?\s*", "", words)
    head = re.split(r"[\s,]+(?:at|um|à|a las)?\s*(?=\d{1,2}[:.h ]?\d{0,2})", words, maxsplit=1)[0]
    for names, back in ((_TODAY, 0), (_YESTERDAY, 1)):
        if head in names:
            there = day - dt.timedelta(days=back)
            return find_clock(words[len(head) :], there) or to_moment(there, "day")
    if head in _WEEKDAYS:
        there = day - dt.timedelta(days=(day.weekday() - _WEEKDAYS[head]) % 7)
        return find_clock(words[len(head) :], there) or to_moment(there, "day")
    if match := _AGO.fullmatch(words):
        return _ago(match, received, day)
    return _without_year(words, day)


def dateline_day(text: str) -> tuple[int, int] | None:
    """(month, day) of a dateline that has one: "BEIJING, March 3 (Xinhua) —"."""
    match = _DATELINE.match(text[:120])
    if not match:
        return None
    month = month_of(match["m1"] or match["m2"])
    day = int(match["d1"] or match["d2"])
    return (month, day) if month and 1 <= day <= 31 else None


def _moment_of(best: Candidate, printed: str | None, received: Moment | None) -> Moment | None:
    if best.place != "digest" or printed is None:
        return parse_moment(best.value)
    return parse_moment(printed) or printed_moment(printed, received)


def _by_clues(text: str, captions: Sequence[str]) -> tuple[dt.date | None, str]:
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    for paragraph in paragraphs[:3]:
        for found in find_moments(paragraph):
            day = day_of(found.moment)
            if day and _TODAY_DATED.search(paragraph[: found.start]):
                return day, f'"{paragraph[max(0, found.start - 10) : found.end].strip()}" in the text'
    dated = _dated(captions, need_weekday=False) + _dated(paragraphs, need_weekday=True)
    if not dated:
        return None, ""
    newest, words = max(dated)
    lead = [
        weekday
        for paragraph in paragraphs[:_LEAD]
        for weekday in _bare_weekdays(paragraph)
        if (weekday - newest.weekday()) % 7 <= _NEAR
    ]
    if lead:
        day = newest + dt.timedelta(days=(lead[0] - newest.weekday()) % 7)
        name = _FULL.split("|")[lead[0]]
        return day, f'"{name}" in the lead, the first on or after "{words}"'
    # no weekday in the lead: the latest one that is told at least twice
    counts: dict[int, int] = {}
    for paragraph in paragraphs:
        for weekday in _bare_weekdays(paragraph):
            offset = (weekday - newest.weekday()) % 7
            counts[offset] = counts.get(offset, 0) + 1
    near = [offset for offset, count in counts.items() if offset <= _NEAR and count >= 2]
    if near:
        name = _FULL.split("|")[(newest.weekday() + max(near)) % 7]
        return newest + dt.timedelta(days=max(near)), f'"{name}" in the text, on or after "{words}"'
    return None, ""


def _dated(parts: Sequence[str], *, need_weekday: bool) -> list[tuple[dt.date, str]]:
    """Full dates in captions or paragraphs; one whose printed weekday is wrong says nothing."""
    dated = []
    for part in parts:
        for found in find_moments(part[:2000]):
            day = day_of(found.moment)
            if day is None or _FILE.search(part[max(0, found.start - 40) : found.end + 15]):
                continue
            weekday = _DATED.search(part[: found.start])
            if weekday and _WEEKDAYS[weekday[1].lower()] != day.weekday():
                continue
            if weekday or not need_weekday:
                start = weekday.start() if weekday else found.start
                dated.append((day, part[start : found.end].strip()))
    return dated


def _bare_weekdays(paragraph: str) -> list[int]:
    """Weekdays that mean the nearest one in the past, in the order told."""
    return [
        _WEEKDAYS[match[1].lower()]
        for match in _BARE.finditer(paragraph)
        if not _ELSEWHEN.search(_clause(paragraph, match.start()))
        and not _AFTER_DATE.match(paragraph, match.end())
    ]


def _clause(paragraph: str, end: int) -> str:
    """The words of the same sentence before `end`."""
    before = paragraph[max(0, end - 90) : end]
    return re.split(r"(?<=[a-z\d)”\"])[.!?]\s+|[;—]", before)[-1]


def _ago(match: re.Match[str], received: Moment, day: dt.date) -> Moment | None:
    count = int(match["n"]) if match["n"].isdigit() else 1
    key = next(key for key in _UNITS if match[key])
    if key in "dw":
        return to_moment(day - dt.timedelta(days=count * (7 if key == "w" else 1)), "day")
    if received.precision == "day":
        # hours back from an unknown hour: the day at most
        return to_moment(day, "day") if count * {"s": 1, "m": 60, "h": 3600}[key] < 86400 else None
    step = {
        "s": dt.timedelta(seconds=count),
        "m": dt.timedelta(minutes=count),
        "h": dt.timedelta(hours=count),
    }[key]
    then = dt.datetime.fromisoformat(received.value) - step
    return to_moment(then, "hour" if key == "h" else "minute", received.zone)


def _without_year(words: str, day: dt.date) -> Moment | None:
    """A printed day and month: the last such day on or before the digest's (a day of grace for zones)."""
    match = re.match(
        r"(?:[^\W\d_]+,\s+)?(?:([^\W\d_]{3,})\.?\s+(\d{1,2})|(\d{1,2})\.?\s+([^\W\d_]{3,}))\b(?!\s*[:\d])",
        words,
    )
    month = month_of(match[1] or match[4]) if match else None
    if match is None or month is None:
        return None
    for year in (day.year, day.year - 1):
        try:
            there = dt.date(year, month, int(match[2] or match[3]))
        except ValueError:
            continue
        if there <= day + dt.timedelta(days=1):
            return find_clock(words[match.end() :], there) or to_moment(there, "day")
    return None
