"""What an address says of the day: a day, a month or a year in its path; a status's number; its country."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from dateline.dates.published_clues import Clue
from dateline.dates.published_moment import find_moments, to_moment
from dateline.models import Moment

STATUS_RULE = "time in the status's number"
_STATUS = re.compile(r"//(?:[\w-]+\.)?(?:twitter|x)\.com/[^/?#]+/status(?:es)?/(\d{17,19})(?!\d)")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_URL_WORDS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]([a-z]{3,9})[-/](\d{1,2})(?!\d)", re.I)
_URL_DAY_LAST = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})[-_.]((?:19|20)\d\d)(?!\d)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[-/](0[1-9]|1[0-2])(?=/|$)")
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)(?=/)")


def from_url(url: str | None, place: str = "url") -> Iterator[Clue]:
    """A date in the address: /2020/03/03/, -2020-03-03, 20200303, /2020/mar/03/, /2020/03/, /2020/."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        path = unquote(parts.path + ("?" + parts.query if parts.query else ""))
    except ValueError:
        return
    if match := _STATUS.search(url):
        # a "snowflake": its upper bits are the milliseconds since November 2010 at which it was given out
        given = dt.datetime.fromtimestamp(((int(match[1]) >> 22) + 1_288_834_974_657) / 1000, dt.UTC)
        moment = to_moment(given.replace(microsecond=0), "second", "UTC")
        yield Clue(moment=moment, place=place, rule=STATUS_RULE, weight=0.9, family="url")
        return
    for pattern, rule in (
        (_URL_DAY, "day in path"),
        (_URL_WORDS, "day in path"),
        (_URL_DAY_LAST, "day in path"),
    ):
        for match in pattern.finditer(path):
            # eight figures in a row are often an id; with slashes they are a date
            glued = pattern is _URL_DAY and not match[2]
            if glued and len(match[3] + match[4]) != 4:
                continue
            text = f"{match[1]}-{match[3]}-{match[4]}" if pattern is _URL_DAY else match[0]
            for found in find_moments(_padded(text), "en"):
                weight = 0.35 if glued else 0.78 if "/" in match[0] else 0.6
                yield Clue(
                    moment=found.moment,
                    place=place,
                    rule=rule,
                    weight=weight,
                    family="url",
                    swapped=found.swapped,
                    sure=found.sure,
                )
                return
    for pattern, precision in ((_URL_MONTH, "month"), (_URL_YEAR, "year")):
        if coarse := pattern.search(path):
            moment = Moment(value="-".join(coarse.groups()), precision=precision)  # type: ignore[arg-type]
            yield Clue(moment=moment, place=place, rule=f"{precision} in path", weight=0.3, family="url")
            return


def _padded(text: str) -> str:
    parts = text.split("-")
    return "-".join(part.zfill(2) for part in parts) if len(parts) == 3 else text


def region_of(url: str | None) -> str | None:
    """The country that the path ("/en-gb/") or the host's ending ("uk" → "GB") names: 03/04 depends on it."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:
        return None
    if match := _LOCALE_IN_PATH.search(parts.path):
        return match[1].upper()
    ending = host.rsplit(".", 1)[-1]
    return (
        {"uk": "GB"}.get(ending, ending.upper()) if len(ending) == 2 and ending not in _NO_COUNTRY else None
    )


_LOCALE_IN_PATH = re.compile(r"^/[a-z]{2}[-_]([a-z]{2})(?=/|$)", re.I)
_NO_COUNTRY = {"io", "tv", "co", "me", "ai", "fm", "eu", "cc", "ly", "to", "ws", "gg"}
