"""A section page → Found: the links that a pattern takes, with what stands beside them.

Own, and not courlan: that guesses from the address whether a page is an article, for any site; here
the site is known, and its pattern says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from dateline.sources.found import Found, More
from dateline.sources.reading import (
    Gatherer,
    absolute,
    clean,
    inflated,
    language_code,
    lower,
    moment_text,
    pace_of,
)

_CARD = ("article", "li", "section", "tr", "div")  # what holds a link with its date
_FEED_TYPES = (
    "rss+xml",
    "atom+xml",
    "feed+json",
    "rdf+xml",
    "text/xml",
    "application/xml",
    "application/json",
)
_MAX_LINKS = 5_000


def read_section(
    body: bytes,
    headers: Mapping[str, str],
    url: str,
    *,
    pattern: str | None = None,
    exclude: str | None = None,
    source: str = "section",
) -> Found:
    """The links of a page whose whole address the pattern takes, in the page's order.

    Titles are the longest text that links to the address; a date that stands in the same card is a hint.
    Never raises on a stranger's bytes.

    Args:
        pattern, exclude: regular expressions, searched in the absolute address; None takes all.
    """
    headers = lower(headers)
    gather = Gatherer(source, url, _MAX_LINKS)
    found = gather.found
    tree, base = _tree(inflated(body, found.notes), headers, url, found)
    if tree is None:
        return gather.done()
    found.kind = "section"
    from dateline.fetch.reservations import (
        asked_of,
    )  # with it comes the fetcher, which a reader of feeds spares

    if "nofollow" in asked_of(body, headers.items(), headers.get("content-type", "")):
        found.notes.append("the page asks that its links be not followed: none taken")
        return gather.done()
    found.title = clean(tree.findtext(".//title"), 300)
    found.language = language_code(tree.get("lang"))
    titles: dict[str, str] = {}
    cards: dict[str, Any] = {}
    for anchor in tree.iter("a", "area"):
        address = absolute(anchor.get("href"), base)
        if address is None or address == url:
            continue
        if (pattern and not re.search(pattern, address)) or (exclude and re.search(exclude, address)):
            continue
        text = (
            clean(" ".join(anchor.itertext())) or clean(anchor.get("title") or anchor.get("aria-label")) or ""
        )
        if len(text) > len(titles.get(address, "")) or address not in titles:
            titles[address] = text
            cards.setdefault(address, anchor)
    for address, title in titles.items():
        hints = {
            "title": title if len(title) >= 8 else None,
            "published": _date_beside(cards[address], found.language),
            "language": found.language,
            "place": "section",
        }
        gather.add(address, hints)
    for element in tree.xpath("//link[@rel] | //a[@rel]"):
        if "next" in element.get("rel", "").lower().split():
            following = absolute(element.get("href"), base)
            if following and following != url and following not in [more.url for more in found.more]:
                found.more.append(More(url=following, kind="page"))
    if not found.links:
        found.notes.append("no link of the page fits the pattern" if pattern else "the page has no links")
    found.pace = pace_of(headers)
    return gather.done()


def feeds_of(body: bytes, url: str) -> list[tuple[str, str | None]]:
    """(address, title) of the feeds that an HTML page names in its head, in order."""
    tree, base = _tree(body[:2_000_000], {}, url, Found())
    feeds: dict[str, str | None] = {}
    for link in tree.iter("link") if tree is not None else ():
        kinds = link.get("rel", "").lower().split()
        kind = link.get("type", "").lower().partition(";")[0].strip()
        if ("alternate" in kinds and kind.endswith(_FEED_TYPES)) or "feed" in kinds:
            address = absolute(link.get("href"), base)
            if address and "oembed" not in address and "/wp-json/" not in address:
                feeds.setdefault(address, clean(link.get("title"), 200))
    return list(feeds.items())


def _tree(body: bytes, headers: Mapping[str, str], url: str, found: Found) -> tuple[Any, str]:
    """The page's tree, and what its addresses count from."""
    from dateline.extract.reading import read_page

    try:
        reading = read_page(body, dict(headers), url)
    except Exception as error:  # a stranger's bytes
        found.notes.append(f"not readable: {type(error).__name__}: {error}"[:200])
        return None, url
    base = url
    for element in reading.tree.iter("base"):
        if element.get("href"):
            try:
                base = urljoin(url, element.get("href").strip())
            except ValueError:
                base = url
            break
    return reading.tree, base


def _date_beside(anchor: Any, language: str | None) -> str | None:
    """The date in the nearest card that holds the link, and no other article's."""
    node = anchor
    for _ in range(5):
        dates = list(_dates(node))
        if len(dates) == 1:
            return moment_text(dates[0], None, language)
        if len(dates) > 1:
            return None
        node = node.getparent()
        if node is None or node.tag not in (*_CARD, "h1", "h2", "h3", "h4", "p", "span", "a", "header", "ul"):
            return None
    return None


def _dates(node: Any) -> Iterator[str]:
    for element in node.iter("time"):
        text = element.get("datetime") or " ".join(element.itertext())
        if text.strip():
            yield text.strip()
