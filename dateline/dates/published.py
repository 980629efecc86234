"""The published date ledger: every date that speaks for an article, and why one of them won.

`published` weighs a page's clues; `infer_published` reads a digest item that has no page;
`parse_moment` reads one printed date. Nothing is guessed from the clock: a relative word ("Today")
counts only against the time that the digest itself gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from dateline.dates import published_clues as clues_of
from dateline.dates import published_weak as weak
from dateline.dates.published_address import from_url, region_of
from dateline.dates.published_against import sane, weighed
from dateline.dates.published_choice import Ledger, choose, contested, days_of
from dateline.dates.published_clues import Clue
from dateline.dates.published_infer import infer_published
from dateline.dates.published_moment import day_of, find_moments, parse_moment
from dateline.dates.published_words import order_of
from dateline.extract.reading import Reading
from dateline.models import DigestItem

__all__ = ["Ledger", "find_moments", "infer_published", "parse_moment", "published"]

_FALLBACK_BELOW = 0.7  # a day less sure than this asks htmldate as well


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
    clues = weighed(clues, limit, ledger.notes)
    if text:
        clues.extend(weak.from_dateline(text, clues))
    days = days_of(clues)
    best = max(days, key=lambda day: days[day], default=None)
    if best is None or days[best] < _FALLBACK_BELOW or contested(days, best):
        clues.extend(sane(list(weak.from_scripts(reading)), limit, []))
        clues.extend(sane(list(weak.from_htmldate(reading, url, limit, clues)), limit, []))
        clues.extend(sane(list(weak.from_descriptions(reading)), limit, []))
        clues.extend(weak.from_copyright(weak.last_words(reading)))
        days = days_of(clues)
        best = max(days, key=lambda day: days[day], default=None)
    choose(ledger, clues, days, best)
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
    region = region_of(url)
    if language and region and "-" not in language and order_of(f"{language}-{region}"):
        language = f"{language}-{region}"
    clues.extend(clues_of.structured(reading, language))
    address = list(from_url(url))
    for place, other in (
        ("canonical", next(iter(reading.links("canonical")), None)),
        ("og:url", reading.meta("og:url")),
    ):
        address = address or list(from_url(other, place))
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
