"""A site's home page → its feeds, sitemaps, and what kind of address was given.

Looks where publishers say it: `link rel=alternate` and links to feeds in the page, Sitemap lines of
robots.txt; and, only where those name none, at the few paths where feeds and sitemaps lie by custom.
Each request goes through the fetcher, so robots.txt, the guard and the delay hold here as well.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from dateline.fetch import Fetcher, FetchError
from dateline.models import Page
from dateline.sources.expand import read_page
from dateline.sources.found import Found
from dateline.sources.section import feeds_of

FEED_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/?feed=rss2",
)
SITEMAP_PATHS = (
    "/sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-news.xml",
    "/sitemap.txt",
)
_MOST = 12  # addresses of one kind that are looked at
_ANCHOR = re.compile(rb"""<a\s[^>]{0,300}?href\s*=\s*["']?([^"'\s>]{1,300})""", re.I)
_FEEDISH = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:$|[/._?-])|\.(?:rss|atom|rdf)$", re.I)
_COMMENTS = re.compile(r"comment|kommentar|/tag/|/author/|podcast", re.I)


@dataclass(slots=True, kw_only=True)
class Offer:
    """A feed or sitemap that answered, with what it holds now."""

    url: str
    kind: Literal["feed", "sitemap"]
    title: str | None
    language: str | None
    links: int
    children: int  # sitemaps that an index names
    newest: str | None  # the newest date that it prints, ISO 8601
    format: str
    where: str  # "the page", "robots.txt", "by custom", "as given"


@dataclass(slots=True, kw_only=True)
class Survey:
    """What a site offers, the best first, and what could not be looked at."""

    url: str
    title: str | None = None
    language: str | None = None
    offers: list[Offer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def survey(fetcher: Fetcher, url: str) -> Survey:
    """The feeds and sitemaps of a site, by any of its addresses; a feed's own address is its only offer.

    Never raises a FetchError: what did not answer is a note.
    """
    found = Survey(url=url)
    page = await _get(fetcher, url, found)
    if page is not None:
        offer = _offer(page, "as given")
        if offer is not None:
            found.offers.append(offer)
            found.title, found.language = offer.title, offer.language
            return found
        _name(page, found)
    named: dict[str, str] = {}
    if page is not None:
        for address, _ in feeds_of(page.body, page.final_url):
            named.setdefault(address, "the page")
        for address in _linked(page):
            named.setdefault(address, "the page")
    base = page.final_url if page is not None else url
    try:
        for address in (await fetcher.rules(base)).sitemaps:
            named.setdefault(urljoin(base, address), "robots.txt")
    except FetchError:
        pass  # said already: the page itself has the same address
    await _look(fetcher, list(named.items())[: 2 * _MOST], found)
    for kind, paths in (("feed", FEED_PATHS), ("sitemap", SITEMAP_PATHS)):
        for path in paths:
            if any(offer.kind == kind for offer in found.offers):
                break
            await _look(fetcher, [(urljoin(base, path), "by custom")], found, quiet=True)
    found.offers.sort(key=_rank)
    return found


async def _look(
    fetcher: Fetcher, named: list[tuple[str, str]], found: Survey, *, quiet: bool = False
) -> None:
    async def one(address: str, where: str) -> Offer | None:
        page = await _get(fetcher, address, None if quiet else found)
        offer = _offer(page, where) if page is not None else None
        if page is not None and offer is None and not quiet:
            found.notes.append(f"{address}: neither a feed nor a sitemap")
        return offer

    answers = await asyncio.gather(*(one(address, where) for address, where in named))
    have = {offer.url for offer in found.offers}
    for offer in answers:
        if offer is not None and offer.url not in have:
            have.add(offer.url)
            found.offers.append(offer)


async def _get(fetcher: Fetcher, url: str, found: Survey | None) -> Page | None:
    try:
        page = await fetcher.fetch(url)
    except FetchError as error:
        if found is not None:
            found.notes.append(f"{url}: {error.reason}: {error}")
        return None
    if 200 <= page.status < 300:
        return page
    if found is not None:
        found.notes.append(f"{url}: status {page.status}")
    return None


def _offer(page: Page, where: str) -> Offer | None:
    found = read_page(page, "survey")
    if found is None or not found.kind or (found.kind == "text sitemap" and not found.links):
        return None
    return Offer(
        url=page.final_url,
        kind="sitemap" if "sitemap" in found.kind else "feed",
        title=found.title,
        language=found.language or _language(found),
        links=len(found.links),
        children=sum(more.kind == "sitemap" for more in found.more),
        newest=_newest(found),
        format=found.kind,
        where=where,
    )


def _language(found: Found) -> str | None:
    said = {link.hints["language"] for link in found.links if "language" in link.hints}
    return said.pop() if len(said) == 1 else None


def _newest(found: Found) -> str | None:
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
    dates = [
        date
        for link in found.links
        if (date := link.hints.get("published") or link.hints.get("updated")) and date < tomorrow
    ]
    dates += [more.modified.isoformat() for more in found.more if more.modified is not None]
    return max(dates, default=None)


def _rank(offer: Offer) -> tuple[bool, bool, bool, str]:
    """Feeds before sitemaps, news sitemaps before others, comments and tags last, the main feed first."""
    return (
        bool(_COMMENTS.search(offer.url) or _COMMENTS.search(offer.title or "")),
        offer.kind != "feed",
        offer.kind == "sitemap" and "news" not in offer.url.lower(),
        f"{offer.url.count('/'):03}{len(offer.url):05}",
    )


def _name(page: Page, found: Survey) -> None:
    from dateline.sources.section import read_section

    section = read_section(page.body, page.headers, page.final_url)
    found.title, found.language = section.title, section.language


def _linked(page: Page) -> list[str]:
    """Addresses that the page links to and that look like feeds of its own site."""
    host = urlsplit(page.final_url).hostname or ""
    addresses: dict[str, None] = {}
    for match in _ANCHOR.finditer(page.body[:2_000_000]):
        try:
            address = urljoin(page.final_url, match[1].decode("utf-8", "replace").replace("&amp;", "&"))
            parts = urlsplit(address)
            there = parts.hostname or ""
        except ValueError:
            continue
        same = there == host or there.endswith("." + host.removeprefix("www.")) or there.startswith("feeds.")
        if parts.scheme in ("http", "https") and same and _FEEDISH.search(parts.path):
            addresses[address.partition("#")[0]] = None
    return list(addresses)[:_MOST]
