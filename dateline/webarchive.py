"""Copies of dead pages in a web archive, where the settings name one (off by default).

A page that its publisher removed (404, 410) may stand in a web archive. The settings give its address
as a template (DATELINE_WEB_ARCHIVE), such as `https://web.archive.org/web/{timestamp}id_/{url}`; the
copy is asked for under the same guard, robots.txt and politeness as any page, once, and only where no
page of ours is kept.

It lies in our archive as what it is: its address there, after a first hop to the publisher's own that
says 404 or 410, which no redirect does. So a replay knows it again without the settings.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from dateline.models import Article, Hop, Link, Outcome, Page

PLACE = "web archive"  # before the place of each field's candidates
GONE = (404, 410)
# Where the day of the copy is unknown: above all digests (days since the year 1), below every page.
_UNDATED = 10_000_000


def address(template: str, link: Link) -> str:
    """Where the web archive has a copy of the link's page: the one nearest to the day of its source."""
    day = link.received_at.value if link.received_at else link.hints.get("published", "")
    digits = re.sub(r"\D", "", day[:10])
    stamp = digits.ljust(14, "0") if len(digits) == 8 else f"{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}"
    return template.replace("{timestamp}", stamp).replace("{url}", link.url or "")


def labelled(copy: Page, link: Link, status: int) -> Page:
    """The copy as it is kept: it says that the publisher's own address answered `status`."""
    url = link.url or ""
    return replace(copy, requested_url=url, hops=[Hop(url=url, status=status), *copy.hops])


def original(page: Page) -> str | None:
    """The publisher's address, if the page is a copy from a web archive."""
    return page.hops[0].url if page.hops and page.hops[0].status in GONE else None


def as_original(page: Page) -> Page:
    """The copy as if its publisher had sent it: relative links, its host and its name are the publisher's."""
    return replace(page, final_url=original(page) or page.final_url, hops=[])


def captured(page: Page) -> dt.datetime | None:
    """When the archive took the copy (UTC): Memento-Datetime (RFC 7089), else the stamp in its address."""
    try:
        if told := page.headers.get("memento-datetime"):
            moment = parsedate_to_datetime(told)
            return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
        if match := re.search(r"/(\d{14})(?:[a-z]{2}_)?/", urlsplit(page.final_url).path):
            return dt.datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    return None


def label(article: Article, page: Page) -> None:
    """Say in the article, and beside each of its fields, that a copy is where they come from."""
    when = captured(page)
    taken = f", taken on {when:%Y-%m-%d}" if when else ""
    article.notes.append(f"read from a copy in a web archive{taken}: {page.final_url}")
    article.method = f"{article.method}, {PLACE}".removeprefix(", ")
    for candidates in article.candidates.values():
        for candidate in candidates:
            candidate.place = f"{PLACE}, {candidate.place}"
    archive = urlsplit(page.final_url).hostname
    if article.canonical_url and urlsplit(article.canonical_url).hostname == archive:
        article.canonical_url = None  # the archive's own, written into the page
    article.final_url = original(page)


def judged(outcome: Outcome, reason: str, page: Page) -> tuple[Outcome, str]:
    """The outcome of a link whose page is a copy, from that of the copy."""
    gone = f"the page is gone (http-{page.hops[0].status})"
    if outcome in (Outcome.INDEXED, Outcome.PAYWALLED):
        return outcome, f"{gone}, a web archive has a copy" + (f": {reason}" if reason else "")
    return Outcome.GONE, f"{gone}, and the web archive's copy is no article: {reason or outcome.value}"


def version(page: Page) -> int:
    """The article's version: as old as the copy, so that a page of the publisher's own replaces it."""
    when = captured(page)
    return max(_UNDATED, int(when.timestamp() * 1000)) if when else _UNDATED
