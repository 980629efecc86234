"""Hits as feeds, item by item: RSS 2.0 and Atom, for feed readers, and as exports without a cap."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from itertools import chain
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from dateline.models import Article
from dateline.stores.base import Hit
from dateline.stores.document import read_moment

# what XML 1.0 can't hold, in whatever form
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_UNKNOWN = "1970-01-01T00:00:00Z"  # Atom wants a time where none is known


@dataclass(slots=True, frozen=True)
class Feed:
    """What a feed says of itself. `page` is the search's address; `base`, ending in "/", the service's:
    items lead there, without it to their publishers.
    """

    title: str
    about: str
    page: str
    base: str = ""


def rss_chunks(hits: Iterable[Hit], feed: Feed) -> Iterator[bytes]:
    """An RSS 2.0 feed, item by item."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
    for name, text in (
        ("title", feed.title),
        ("link", feed.page),
        ("description", feed.about),
        ("generator", "Dateline"),
    ):
        yield _bytes(_text(ET.Element(name), text))
    for hit in hits:
        yield b"\n" + _bytes(_rss_item(hit, feed))
    yield b"\n</channel></rss>\n"


def _rss_item(hit: Hit, feed: Feed) -> ET.Element:
    article = hit.article
    item = ET.Element("item")
    _text(ET.SubElement(item, "title"), _title(article))
    if link := _link(article, feed):
        _text(ET.SubElement(item, "link"), link)
    _text(ET.SubElement(item, "guid", isPermaLink="false"), article.article_id)
    # a reader takes the description for HTML: escaped once for it, once more for XML
    _text(ET.SubElement(item, "description"), _said(hit).replace("&", "&amp;").replace("<", "&lt;"))
    if article.publisher:
        _text(ET.SubElement(item, "category"), article.publisher)
    if (moment := published(article)) is not None:
        _text(ET.SubElement(item, "pubDate"), format_datetime(moment))
    return item


def atom_chunks(hits: Iterable[Hit], feed: Feed) -> Iterator[bytes]:
    """An Atom feed (RFC 4287), entry by entry."""
    rest = iter(hits)
    first = next(rest, None)
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    for name, text in (
        ("title", feed.title),
        ("subtitle", feed.about),
        ("id", feed.page if feed.page.startswith("urn:") else f"urn:dateline:search:{quote(feed.page)}"),
        ("updated", _moment(first.article) if first else _UNKNOWN),
        ("generator", "Dateline"),
    ):
        yield _bytes(_text(ET.Element(name), text))
    if feed.page.startswith("http"):
        yield _bytes(ET.Element("link", rel="alternate", href=clean(feed.page)))
    author = ET.Element("author")
    _text(ET.SubElement(author, "name"), "Dateline")
    yield _bytes(author)
    for hit in chain([first] if first else [], rest):
        yield b"\n" + _bytes(_atom_entry(hit, feed))
    yield b"\n</feed>\n"


def _atom_entry(hit: Hit, feed: Feed) -> ET.Element:
    article = hit.article
    entry = ET.Element("entry")
    _text(ET.SubElement(entry, "title"), _title(article))
    _text(ET.SubElement(entry, "id"), f"urn:dateline:article:{quote(article.article_id)}")
    _text(ET.SubElement(entry, "updated"), _moment(article))
    if published(article) is not None:
        _text(ET.SubElement(entry, "published"), _moment(article))
    if link := _link(article, feed):
        ET.SubElement(entry, "link", rel="alternate", href=clean(link))
    # an entry without a link must hold what it tells of (RFC 4287, 4.1.2)
    _text(ET.SubElement(entry, "summary" if link else "content", type="text"), _said(hit))
    for name in article.authors or ([article.publisher] if article.publisher else []):
        author = ET.SubElement(entry, "author")
        _text(ET.SubElement(author, "name"), name)
    return entry


def published(article: Article) -> dt.datetime | None:
    """When an article appeared, in UTC (which an unknown zone is read as); None if unknown."""
    read = read_moment(article.published_at) if article.published_at else None
    if read is None:
        return None
    span, offset = read
    return _EPOCH + dt.timedelta(seconds=span[0]) - offset


def _moment(article: Article) -> str:
    moment = published(article)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else _UNKNOWN


def _title(article: Article) -> str:
    return article.title or " ".join(article.text.split())[:90] or "(no title)"


def _said(hit: Hit) -> str:
    return " … ".join(snippet.text for snippet in hit.snippets) or hit.article.text[:300]


def _link(article: Article, feed: Feed) -> str:
    if feed.base:
        return f"{feed.base}article/{quote(article.article_id)}"
    url = article.canonical_url or article.final_url or article.requested_url or ""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _text(element: ET.Element, text: str) -> ET.Element:
    element.text = clean(text)
    return element


def _bytes(element: ET.Element) -> bytes:
    return ET.tostring(element, "unicode").encode("utf-8", "replace")


def clean(text: str) -> str:
    """Text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)
