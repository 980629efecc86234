"""RSS 0.9 to 2.0, RDF, Atom and JSON Feed → Found.

The XML ones are read by feedparser, whose tests hold twenty years of broken feeds: no other library
comes near on odd dates, wrong encodings and half-written markup. It gets bytes and never a name or an
address (it would open them). Around it stands what it lacks: bounds, JSON Feed, what a feed says of its
own pace, which of several links is the article, and plain text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from dateline.sources.found import Found, More
from dateline.sources.reading import (
    HOST_FIRST,
    Gatherer,
    absolute,
    ampersands_escaped,
    clean,
    inflated,
    language_code,
    lower,
    moment_text,
    pace_of,
    paragraphs,
    plain,
    unescaped,
)

MAX_ENTRIES = 5_000
MAX_BYTES = 6 * 1024 * 1024  # of a feed after inflation: newest first, so the end can be spared
MAX_TAGS = 150_000  # ten for each of 5,000 entries, and three times as many
_HEAD = 20_000  # bytes in which a feed must begin, behind whatever a server put before it
_BEGIN = re.compile(rb"<\?xml|<rss\b|<feed\b|<(?:\w{1,20}:)?RDF\b|<channel\b|<atom:feed\b", re.I)
_CONTROL = bytes(code for code in range(32) if code not in (9, 10, 13))
# entities that name others, files, or much text: how XML bombs; "<!ENTITY copy '&#169;'>" stays
_ENTITY = re.compile(
    rb"<!ENTITY\s+(?!\S{1,64}\s+(?:\"(?:[^\"&%<]|&#\w{1,8};){0,64}\"|'(?:[^'&%<]|&#\w{1,8};){0,64}')\s*>)[^>]*>",
    re.I,
)
# a mail address of a megabyte, a picture in base64; not Chinese, nor its numeric references
_LONG_RUN = re.compile(rb"[!-:=?-~]{4000,}")
_CROWDED = re.compile(
    rb"<([A-Za-z][\w:.-]{0,60})(?=\s)[^<>]{20000,}>"
)  # an element of ten thousand attributes
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|(\d+));")
_HOURS = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.I)
_DAYS = re.compile(rb"<day>\s*([A-Za-z]{3})[a-z]*\s*</day>", re.I)
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours


def read_feed(body: bytes, headers: Mapping[str, str], url: str, *, source: str = "feed") -> Found:
    """The entries of a feed as links, and what it says of where more is and when to ask again.

    What is no feed gives no links and a note; an HTML page gives the feeds that it names, in `more`.
    Never raises on a stranger's bytes. A hostile one may take long: call it in `dateline.workers`.

    Args:
        body: the answer's body, Content-Encoding undone.
        headers: of the answer.
        url: where it came from; relative addresses count from there.
        source: what `Link.source` says.
    """
    headers = lower(headers)
    gather = Gatherer(source, url, MAX_ENTRIES)
    found = gather.found
    body = inflated(body, found.notes)
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        found.notes.append("empty: no feed")
    elif start[:1] == b"{" or (start[:1] == b"[" and "json" in headers.get("content-type", "")):
        from dateline.sources.feed_json import read_json

        read_json(start, gather, url)
    else:
        _read_xml(_cut(_tidy(body), found.notes), headers, url, gather)
    found.pace = replace(
        pace_of(headers, found.pace.every), skip_hours=found.pace.skip_hours, skip_days=found.pace.skip_days
    )
    return gather.done()


def _tidy(body: bytes) -> bytes:
    """Without what stands before the feed and the control characters that make XML no XML.

    UTF-16 and its like are left alone: there a NUL is half a letter.
    """
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x00")
    if start[:1] != b"<" or start[1:2] == b"\x00":
        begin = _BEGIN.search(body, 0, _HEAD)
        if begin is None or b"\x00" in body[:64]:
            return body
        start = body[begin.start() :]
    elif (
        not _BEGIN.match(start)
        and (begin := _BEGIN.search(start, 0, _HEAD))
        and b"<html" not in start[: begin.start()].lower()
    ):
        start = start[begin.start() :]  # a server's warnings come first
    start = _bounded(start.translate(None, _CONTROL))
    if b"<!ENTITY" in start[:65536]:  # behind them expat's own limit holds
        start = _ENTITY.sub(b"", start[:65536]) + start[65536:]
    return ampersands_escaped(_REFERENCE.sub(_no_character, start))


def _bounded(body: bytes) -> bytes:
    """Without what only a hostile feed has, and what costs its reader the square of its length."""
    head, mark, rest = body.partition(b"<!DOCTYPE")
    if mark and b"<!DOCTYPE" in rest:
        body = head + mark + rest.replace(b"<!DOCTYPE", b"")
    body = _LONG_RUN.sub(b"", body)
    return _CROWDED.sub(rb"<\1>", body)


def _no_character(found: re.Match[bytes]) -> bytes:
    """Nothing for a reference to what is no character (&#0; &#xD800;): feedparser stops at it."""
    code = int(found[1], 16) if found[1] else int(found[2])
    fine = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code <= 0x10FFFF
    return found[0] if fine else b""


def _cut(body: bytes, notes: list[str]) -> bytes:
    most = len(body)
    if most > MAX_BYTES:
        most = max(body.rfind(b"</item>", 0, MAX_BYTES), body.rfind(b"</entry>", 0, MAX_BYTES)) + 8
        most = most if most > 8 else MAX_BYTES
        notes.append(f"cut at {most:,} of {len(body):,} bytes")
    tags = next(islice(re.finditer(rb"<", body), MAX_TAGS, None), None)
    if tags is not None and tags.start() < most:
        most = tags.start()
        notes.append(f"cut after {MAX_TAGS:,} tags")
    return body[:most]


def _read_xml(body: bytes, headers: Mapping[str, str], url: str, gather: Gatherer) -> None:
    import io

    import feedparser

    found = gather.found
    told = {"content-location": url}
    for name in ("content-type", "content-language"):
        if name in headers:
            told[name] = headers[name]
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=told, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # a stranger's bytes in other people's code
        found.notes.append(f"not readable: {type(error).__name__}: {error}"[:200])
        return
    found.kind = _kind(parsed.get("version") or "")
    entries = parsed.entries
    if not found.kind and not entries:
        _no_feed(body, url, found)
        return
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)  # a header, no more
    if parsed.get("bozo") and not isinstance(parsed.get("bozo_exception"), harmless):
        found.notes.append(f"broken, read as far as it goes: {_why(parsed.get('bozo_exception'))}")
    feed = parsed.feed
    found.title = plain(feed.get("title"), 300)
    found.language = language_code(feed.get("language"))
    found.home = absolute(feed.get("link"), url)
    found.more.extend(_more(feed, url))
    found.pace = replace(
        found.pace,
        every=_every(feed),
        skip_hours=frozenset(int(hour) % 24 for hour in _HOURS.findall(_part(body, b"skiphours"))),
        skip_days=frozenset(
            _DAY_NAMES.index(day.decode().lower())
            for day in _DAYS.findall(_part(body, b"skipdays"))
            if day.decode().lower() in _DAY_NAMES
        ),
    )
    atom = found.kind.startswith("atom")
    shared = _names(feed) if atom else None  # of Atom the entries inherit the feed's author
    for entry in entries[: MAX_ENTRIES + 1]:
        try:
            gather.add(
                _with_scheme(_address(entry, url), url), _hints(entry, url, atom, shared, found.language)
            )
        except Exception as error:  # one entry lost, its neighbours go on
            gather.left_out(f"not readable: {type(error).__name__}")
    for _ in entries[MAX_ENTRIES + 1 :]:
        gather.left_out(f"beyond the first {MAX_ENTRIES:,}")


def _kind(version: str) -> str:
    """ "rss20" → "rss 2.0"."""
    match = re.fullmatch(r"([a-z]+?)(\d)(\d+)?([a-z]?)", version)
    return f"{match[1]} {match[2]}.{match[3] or 0}" if match else version


def _why(error: Any) -> str:
    line = getattr(error, "getLineNumber", lambda: None)()
    words = clean(str(getattr(error, "getMessage", lambda: error)()), 150) or type(error).__name__
    return f"line {line}: {words}" if line else words


def _part(body: bytes, name: bytes) -> bytes:
    """What stands in the first element of that name, in any case."""
    head = body[:65536].lower()
    start = head.find(b"<" + name + b">")
    end = head.find(b"</" + name + b">", start)
    return body[start:end] if 0 <= start < end else b""


def _no_feed(body: bytes, url: str, found: Found) -> None:
    from dateline.sources.section import feeds_of

    if re.search(rb"<(?:!doctype\s+html|html|head|body)\b", body[:4096], re.I):
        found.notes.append("an HTML page, no feed")
        found.more.extend(More(url=feed, kind="feed") for feed, _title in feeds_of(body, url))
    elif re.search(rb"<(?:urlset|sitemapindex)\b", body[:4096], re.I):
        found.notes.append("a sitemap, no feed")
        found.more.append(More(url=url, kind="sitemap"))
    else:
        found.notes.append("no feed")


def _with_scheme(address: str | None, url: str) -> str | None:
    """ "www.paper.example/1", which feedparser takes for a path below the feed, as the feed meant it."""
    below = (address or "").removeprefix(urljoin(url, "."))
    return below if address and below != address and HOST_FIRST.match(below) else address


def _address(entry: Any, url: str) -> str | None:
    """The article's address among an entry's links."""
    original = entry.get("feedburner_origlink") or entry.get("pheedo_origlink")
    if original and absolute(original, url):
        return str(original)
    links = [link for link in entry.get("links", []) if link.get("href", "").strip()]
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    for link in alternates:
        if "html" in (link.get("type") or "text/html") and absolute(link["href"], url):
            return str(link["href"])
    for candidate in (*(link["href"] for link in alternates), entry.get("link")):
        if absolute(candidate, url):
            return str(candidate)
    for part in entry.get("content") or []:
        if absolute(part.get("src"), url):  # Atom's content that lies elsewhere
            return str(part["src"])
    name = str(entry.get("id") or "").strip()  # a guid that says it is no permalink is none
    is_link = entry.get("guidislink") is not False and re.match(r"https?://", name, re.I)
    return name if is_link else entry.get("link")


def _hints(
    entry: Any, url: str, atom: bool, shared: str | None, language: str | None
) -> dict[str, str | None]:
    def date(name: str) -> str | None:
        printed, parsed = dict.get(entry, name), dict.get(entry, f"{name}_parsed")
        instant = None
        if parsed and not re.fullmatch(r"\s*\d{9,}\s*", printed or ""):  # seconds since 1970 it does not know
            try:
                year, month, day, hour, minute, second = parsed[:6]
                instant = dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC)
            except ValueError:
                instant = None
        return moment_text(printed, instant, language)

    published, updated = date("published"), date("updated")
    published = published or date("created")
    if published is None and not atom:
        published, updated = updated, None  # RSS knows one date, whatever namespace it stands in
    own = entry.get("title_detail") or {}
    labels = [
        label for tag in entry.get("tags") or [] if (label := plain(tag.get("label") or tag.get("term"), 100))
    ]
    return {
        "title": _title(own.get("value") or entry.get("title"), own.get("type"), atom),
        "summary": plain(_summary(entry)),
        "text": _text(entry),
        "author": _names(entry) or shared,
        "published": published,
        "updated": updated,
        "section": labels[0] if len(set(labels)) == 1 else None,
        "topics": "; ".join(dict.fromkeys(labels[:30])) or None,
        "language": language_code(own.get("language")) or language,
        "image": _image(entry, url),
        "id": clean(entry.get("id"), 500),
        "place": "feed",
    }


def _title(text: str | None, kind: str | None, atom: bool) -> str | None:
    """A title without markup: HTML where the feed says so, and in RSS, which does not say, as well."""
    if text is None:
        return None
    if atom and kind == "text/plain":
        return clean(text)
    once = plain(text, 1000)
    return clean(unescaped(once)) if once and re.search(r"&(?:#\w+|\w+);", once) else once


def _summary(entry: Any) -> str | None:
    texts = [entry.get("summary"), *(part.get("value") for part in entry.get("content") or [])]
    return next((text for text in texts if text and text.strip()), None)


def _text(entry: Any) -> str | None:
    """The article's text, where the entry brings the whole of it: what stands if its page is dead."""
    texts = [part.get("value") for part in entry.get("content") or []] or [entry.get("summary")]
    return paragraphs(max((text for text in texts if text), key=len, default=None))


def _names(holder: Any) -> str | None:
    """ "Jane Doe; Richard Roe": the names of people, no mail addresses."""
    people = list(holder.get("authors") or [])
    if not any(person.get("name") for person in people):
        people = [holder.get("author_detail") or {"name": holder.get("author")}]
    names: dict[str, None] = {}
    for person in people:
        name = plain(person.get("name"), 200)
        if name and re.search(r"\.[a-z]{4}$", person.get("email") or "", re.I):
            # feedparser takes a mail address to end after four letters: "jane@news.exam" "ple (Jane Doe"
            name = re.sub(r"^[a-z]{1,20}(?:\s*\(|$)|\s*<[a-z]{0,20}>?$", "", name)
        if name and (inside := re.fullmatch(r"\S+@\S+\s*\((.+)\)", name)):
            name = inside[1]
        name = re.sub(r"\s*[<(]?\b\S+@\S+\.\w+\b[>)]?", "", name).strip() if name else None
        if name and name.lower() not in ("none", "unknown", "admin", "anonymous", "editor", "noreply"):
            names[name] = None
    return "; ".join(list(names)[:20]) or None


def _image(entry: Any, url: str) -> str | None:
    for place in ("media_thumbnail", "media_content"):
        for media in entry.get(place) or []:
            if media.get("url") and "image" in (media.get("medium") or media.get("type") or "image"):
                return absolute(media["url"], url)
    for link in entry.get("links") or []:
        if link.get("rel") == "enclosure" and (link.get("type") or "").startswith("image/"):
            return absolute(link.get("href"), url)
    return None


def _more(feed: Any, url: str) -> Iterator[More]:
    for link in feed.get("links") or []:
        address = absolute(link.get("href"), url)
        match link.get("rel"):
            case "next" | "prev-archive" if address and address != url:
                yield More(url=address, kind="page")
            case "hub" if address:
                yield More(url=address, kind="hub")
    moved = absolute(feed.get("itunes_new-feed-url") or feed.get("newlocation"), url)
    if moved and moved != url:
        yield More(url=moved, kind="feed")


def _every(feed: Any) -> dt.timedelta | None:
    asked = []
    ttl = str(feed.get("ttl") or "")
    if re.fullmatch(r"\d{1,6}", ttl.strip()) and int(ttl):
        asked.append(dt.timedelta(minutes=int(ttl)))
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if period:
        often = str(feed.get("sy_updatefrequency") or "1").strip()
        times = int(often) if re.fullmatch(r"\d{1,4}", often) and int(often) else 1
        asked.append(dt.timedelta(hours=period) / times)
    return max(asked, default=None)
