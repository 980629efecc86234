"""Sitemaps, news sitemaps, indexes of them and text lists → Found.

Own, on lxml's incremental parser: ultimate-sitemap-parser fetches for itself, past our guard and
politeness, and what remains of it beside that is this loop. Elements are known by their local names,
because half of all publishers get a namespace wrong. Nothing is expanded, fetched or kept whole.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lxml import etree

from dateline.sources.found import Found, More
from dateline.sources.reading import (
    MAX_INFLATED,
    Gatherer,
    absolute,
    ampersands_escaped,
    as_utf8,
    clean,
    inflated,
    language_code,
    lower,
    moment_text,
    pace_of,
    unescaped,
    without_doctype,
)

MAX_LINKS = 100_000  # twice what the protocol allows in a file
MAX_CHILDREN = 50_000
_LOC = re.compile(
    r"<(?:\w{1,20}:)?loc\b[^>]{0,200}>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4000}?)\s*(?:\]\]>)?\s*<", re.I
)
_WEB_LINE = re.compile(r"https?://\S{3,3000}", re.I)
_NEWS = {
    "title": "title",
    "publication_date": "published",
    "language": "language",
    "keywords": "topics",
    "genres": "genres",
    "name": "publisher",
}


def read_sitemap(body: bytes, headers: Mapping[str, str], url: str, *, source: str = "sitemap") -> Found:
    """The pages of a sitemap as links, the children of an index as `more`.

    A feed and a text file are sitemaps too. What is broken is read as far as it goes, with a note.
    Never raises on a stranger's bytes. `lastmod` becomes the hint "updated", a news sitemap's
    publication date "published".

    Args:
        body: the answer's body, Content-Encoding undone; a .gz is inflated here, under a bound.
        headers: of the answer.
        url: where it came from.
        source: what `Link.source` says.
    """
    headers = lower(headers)
    gather = Gatherer(source, url, MAX_LINKS)
    found = gather.found
    body = inflated(body, found.notes)
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start:
        found.notes.append("empty: no sitemap")
    elif re.search(rb"<(?:rss|feed|(?:\w{1,20}:)?RDF)\b", start, re.I) and b"<urlset" not in start:
        from dateline.sources.feed import read_feed

        return read_feed(body, headers, url, source=source)
    elif re.search(rb"<(?:!doctype\s+html|html)\b", start, re.I):
        found.notes.append("an HTML page, no sitemap")
    elif start[:1] == b"<" or start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<" in start[:200]:
        _read_xml(body, url, gather)
    else:
        _read_text(body, gather)
    found.pace = pace_of(headers)
    return gather.done()


def _read_xml(body: bytes, url: str, gather: Gatherer) -> None:
    found = gather.found
    body = body.lstrip(b" \t\r\n\x00") if body[:2] not in (b"\xff\xfe", b"\xfe\xff") else body
    body = ampersands_escaped(as_utf8(body))
    plain = without_doctype(body)
    if plain is not body:
        body = plain
        found.notes.append("its document type declaration was left out")
    before = len(found.links) + len(found.more)
    try:
        _walk(body, url, gather)
    except (etree.LxmlError, ValueError, LookupError) as error:
        found.notes.append(f"broken, read as far as it goes: {clean(str(error), 150)}")
    if len(found.links) + len(found.more) == before:
        _salvage(body, url, gather)


def _walk(body: bytes, url: str, gather: Gatherer) -> None:
    found = gather.found
    parser = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    fields: dict[str, str] = {}
    inside: list[str] = []
    for event, element in parser:
        name = _local(element.tag)
        if event == "start":
            if name in ("urlset", "sitemapindex") and not found.kind:
                found.kind = "sitemap" if name == "urlset" else "sitemap index"
            if name in ("url", "sitemap"):
                fields, inside = {}, [name]
            elif inside:
                inside.append(name)
            continue
        if not inside:
            continue
        if name == inside[0]:
            _entry(name, fields, url, gather)
            inside = []
            _forget(element)
            continue
        parent = inside[-2] if len(inside) > 1 else ""
        text = element.text or ""
        # a picture's or a film's loc, title and date are not the page's
        if parent in ("url", "sitemap") and name in ("loc", "lastmod"):
            fields.setdefault(name, text)
        elif parent in ("news", "publication") and name in _NEWS:
            fields.setdefault(_NEWS[name], text)
        elif name == "loc" and parent == "image":
            fields.setdefault("image", text)
        if inside[-1] == name:
            inside.pop()
    if inside and fields.get("loc"):  # the file ends in the middle of an entry
        _entry(inside[0], fields, url, gather)
    errors = [error for error in parser.error_log if error.level >= etree.ErrorLevels.ERROR]
    if errors:
        found.notes.append(
            f"broken, read as far as it goes: line {errors[0].line}: {clean(errors[0].message, 150)}"
        )


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free what was read: a sitemap of 50 MB must not become a tree of 500."""
    element.clear()
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]  # type: ignore[union-attr]


def _entry(name: str, fields: Mapping[str, str], url: str, gather: Gatherer) -> None:
    found = gather.found
    address = unescaped(fields.get("loc", "").strip())
    modified = moment_text(fields.get("lastmod", "").strip() or None)
    if name == "sitemap":
        child = absolute(address, url)
        if child is None or child == url:
            gather.left_out("no web address" if child is None else "a sitemap that names itself")
        elif len(found.more) >= MAX_CHILDREN:
            gather.left_out(f"beyond the first {MAX_CHILDREN:,}")
        elif all(child != known.url for known in found.more[-50:]):
            found.more.append(More(url=child, kind="sitemap", modified=_aware(modified)))
        return
    gather.add(
        address,
        {
            "title": clean(unescaped(fields.get("title", ""))),
            "published": moment_text(fields.get("published", "").strip() or None),
            "updated": modified,
            "language": language_code(fields.get("language")),
            "publisher": clean(fields.get("publisher"), 200),
            "topics": clean(fields.get("topics"), 500),
            "image": absolute(fields.get("image"), url),
            "place": "sitemap",
        },
    )


def _aware(text: str | None) -> dt.datetime | None:
    try:
        read = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return None if read is None else read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def _salvage(body: bytes, url: str, gather: Gatherer) -> None:
    """What looks like an entry in XML that no parser reads (a wrong encoding, half a file)."""
    from dateline.extract.charset import decode

    text, _ = decode(body[:MAX_INFLATED], None)
    index = re.search(r"<(?:\w{1,20}:)?sitemapindex\b", text[:4096], re.I) is not None
    count = 0
    for match in _LOC.finditer(text):
        count += 1
        _entry("sitemap" if index else "url", {"loc": match[1]}, url, gather)
    if count:
        gather.found.kind = gather.found.kind or ("sitemap index" if index else "sitemap")
        gather.found.notes.append("broken XML: only the addresses could be read")
    elif not gather.found.kind:
        gather.found.notes.append("no sitemap")


def _read_text(body: bytes, gather: Gatherer) -> None:
    """One address a line, UTF-8."""
    lines = body.decode("utf-8-sig", "replace").splitlines()
    addresses = [line.strip() for line in lines if _WEB_LINE.match(line.strip())]
    if not addresses:
        gather.found.notes.append("no sitemap")
        return
    gather.found.kind = "text sitemap"
    for address in addresses:
        gather.add(address, {"place": "sitemap"})


def elsewhere(found: Found, url: str) -> int:
    """How many of the links lead to another site than the sitemap's own: a lie, or a network of papers."""
    from dateline.extract.details import site

    own = site((urlsplit(url).hostname or "").lower())
    return sum(site((urlsplit(link.url or "").hostname or "").lower()) != own for link in found.links)
