"""Weak witnesses of the day of publication, asked where the page's own dates leave doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from dateline.dates.published_clues import LOOSE_MODIFIED, Clue, Kind, clue_of, language_of
from dateline.dates.published_moment import day_of, find_moments, parse_moment
from dateline.extract.reading import Reading
from dateline.models import Moment

_QUOTED_DAY = re.compile(
    r"""["']((?:19|20)\d\d-\d\d-\d\d(?:[T ][0-9:.]{5,15}(?:Z|[+-]\d\d:?\d\d)?)?)\\?["']"""
)
_KEY_BEFORE = re.compile(r"""([\w-]*(?:pub|date|modified|created)[\w-]*)\\?["']?\s*:\s*\\?$""", re.I)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:\d{4}\s*[-–]\s*)?((?:19|20)\d\d)", re.I)


def from_htmldate(
    reading: Reading, url: str | None, limit: dt.date | None, clues: list[Clue]
) -> Iterator[Clue]:
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
    read = max(known, key=lambda clue: clue.weight, default=None)
    # it takes a time of change where it meets it first: no day of publication beside a stated one
    stated = any(clue.kind == "published" and clue.weight >= 0.3 for clue in clues)
    kind: Kind = read.kind if read and stated else "published"
    family = read.family if read else "htmldate"
    yield Clue(moment=moment, place="htmldate", rule="find_date", weight=weight, kind=kind, family=family)


def from_dateline(text: str, clues: list[Clue]) -> Iterator[Clue]:
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


def last_words(reading: Reading) -> str:
    """The end of the page, where a copyright line stands."""
    return reading.html[-6_000:]


def from_scripts(reading: Reading) -> Iterator[Clue]:
    """Dates in the data that a page's scripts carry (`"publishedAt": "2020-03-03T…"`)."""
    seen: dict[Kind, int] = {"published": 0, "modified": 0}
    for match in _QUOTED_DAY.finditer(reading.html):
        key = _KEY_BEFORE.search(reading.html, max(0, match.start() - 50), match.start())
        if key is None:
            continue
        kind: Kind = "modified" if LOOSE_MODIFIED.search(key[1].lower()) else "published"
        # the first of its kind is the page's own more often than not; later ones are other stories'
        weight = 0.4 if seen[kind] == 0 else 0.1
        yield from clue_of(match[1], f"script {key[1]}", "data of a script", weight, kind, "structured", None)
        seen[kind] += 1
        if sum(seen.values()) >= 5:
            return


def from_descriptions(reading: Reading) -> Iterator[Clue]:
    """A date in the page's title or description ("(Notizia del 14 gennaio 2020)")."""
    language = language_of(reading)
    for place, text in (
        ("title", reading.tree.findtext(".//title")),
        ("description", reading.meta("og:description", "description")),
    ):
        for found in list(find_moments((text or "")[:400], language))[:2]:
            yield Clue(
                moment=found.moment,
                place=place,
                rule=f"in the {place}",
                weight=0.3 if found.moment.precision not in ("month", "year") else 0.1,
                family="description",
                swapped=found.swapped,
                sure=found.sure,
            )


def from_copyright(text: str) -> Iterator[Clue]:
    """The year in a copyright line: a bound, and only where nothing else speaks."""
    years = [match[1] for match in _COPYRIGHT.finditer(text)]
    if years:
        yield Clue(
            moment=Moment(value=max(years), precision="year"),
            place="copyright",
            rule="year of the copyright line",
            weight=0.05,
            family="copyright",
        )
