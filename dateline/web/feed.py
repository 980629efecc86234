"""A search as an RSS 2.0 feed: its newest articles, for a feed reader or an alert."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from dateline.models import Article
from dateline.stores.base import Answer
from dateline.stores.document import read_moment

# what XML 1.0 can't hold, in whatever form
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def rss(answer: Answer, title: str, page: str, base: str) -> bytes:
    """The feed of an answer: `page` is the search's address, `base` the service's, ending in "/"."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (
        ("title", title),
        ("link", page),
        ("description", f"{answer.total} articles answer this search; the newest come first."),
        ("generator", "Dateline"),
    ):
        ET.SubElement(channel, name).text = clean(text)
    for hit in answer.hits:
        article = hit.article
        item = ET.SubElement(channel, "item")
        shown = article.title or " ".join(article.text.split())[:90]
        ET.SubElement(item, "title").text = clean(shown)
        ET.SubElement(item, "link").text = clean(f"{base}article/{article.article_id}")
        ET.SubElement(item, "guid", isPermaLink="false").text = clean(article.article_id)
        said = " … ".join(snippet.text for snippet in hit.snippets) or article.text[:300]
        # a reader takes the description for HTML: escaped once for it, once more for XML
        ET.SubElement(item, "description").text = clean(said.replace("&", "&amp;").replace("<", "&lt;"))
        if article.publisher:
            ET.SubElement(item, "category").text = clean(article.publisher)
        if (moment := published(article)) is not None:
            ET.SubElement(item, "pubDate").text = format_datetime(moment)
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def published(article: Article) -> dt.datetime | None:
    """When an article appeared, in UTC (which an unknown zone is read as); None if unknown."""
    read = read_moment(article.published_at) if article.published_at else None
    if read is None:
        return None
    span, offset = read
    return _EPOCH + dt.timedelta(seconds=span[0]) - offset


def clean(text: str) -> str:
    """Text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)
