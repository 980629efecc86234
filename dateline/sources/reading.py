"""What the readers of feeds, sitemaps, section pages and lists share: clean text, dates, addresses.

Strangers' bytes: nothing here raises on them, and nothing grows beyond what its caller allows.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import zlib
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from dateline.models import Link, Moment
from dateline.sources.found import Found, Pace
from dateline.urls import article_id, unwrap

MAX_LINKS = 50_000  # of one file; the sitemap protocol's own limit
MAX_INFLATED = 50 * 1024 * 1024  # bytes; the same
_LONGEST_URL = 4_000
_TITLE, _SUMMARY, _TEXT = 1_000, 2_000, 100_000  # characters
_WHOLE = 400  # characters from which an entry's content is taken for the article's text

# control characters, surrogates and what Unicode says is no character
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|table|blockquote|hr)\b[^>]{0,2000}>", re.I)
_SILENT = re.compile(r"<(script|style)\b[^>]{0,2000}>.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.I | re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,4000}>")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")
_STRAY = re.compile("[\udc80-\udcff]")
_WEEK = re.compile(r"\d{4}-?W\d\d(?:-?[1-7])?")  # ISO 8601: 2003-W52-4
HOST_FIRST = re.compile(r"www\.(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]|$)", re.I)
_ZONE = re.compile(r"\d\s*\b(?![AP]M\b)([A-Z]{1,5})\s*$")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]{0,2000}(?:\[.*?\]\s*)?>", re.I | re.S)


class Gatherer:
    """Collects links in order, each identity once, and counts what it left out."""

    def __init__(self, source: str, base: str, most: int = MAX_LINKS) -> None:
        self.found = Found()
        self._source, self._base, self._most = source, base, most
        self._seen: dict[str, Link] = {}
        self._left: dict[str, int] = {}

    def add(self, address: str | None, hints: Mapping[str, str | None], base: str | None = None) -> bool:
        """Keep a link; False where it is none, was there before, or there are too many."""
        url = absolute(address, base or self._base)
        if url is None:
            self.left_out("without a web address" if not (address or "").strip() else "no web address")
            return False
        url = unwrap(url)
        identity = article_id(url)
        kept = {key: value for key, value in hints.items() if value}
        if identity in self._seen:
            known = self._seen[identity].hints
            for key, value in kept.items():
                known.setdefault(key, value)
            return False
        if len(self.found.links) >= self._most:
            self.left_out(f"beyond the first {self._most:,}")
            return False
        link = Link(link_id=identity, url=url, source=self._source, hints=kept)
        self._seen[identity] = link
        self.found.links.append(link)
        return True

    def left_out(self, why: str) -> None:
        """Count an entry that gives no link."""
        self._left[why] = self._left.get(why, 0) + 1

    def done(self) -> Found:
        """What was found, with a note for each kind of entry left out."""
        for why, count in self._left.items():
            self.found.notes.append(f"{count} {'entry' if count == 1 else 'entries'} left out: {why}")
        return self.found


def absolute(address: str | None, base: str | None) -> str | None:
    """An http(s) address, resolved against `base`, without its fragment; None where it is none."""
    if not address:
        return None
    text = re.sub(r"[\r\n\t]", "", address).strip().strip("\x00")
    if not text or len(text) > _LONGEST_URL or _UNSAFE.search(text):
        return None
    if HOST_FIRST.match(text):  # a forgotten scheme: as a path it would lead nowhere
        text = f"http://{text}"
    try:
        url = urljoin(base, text) if base else text
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or " " in parts.netloc:
            return None
        _ = parts.port
    except ValueError:
        return None
    return url.partition("#")[0].replace(" ", "%20")


def clean(text: str | None, most: int = _TITLE) -> str | None:
    """On one line, without what may not stand in JSON or XML, cut at a word; None where nothing is left."""
    if not text:
        return None
    words = " ".join(_UNSAFE.sub("", text[: 8 * most]).split())
    if len(words) > most:
        words = words[:most].rsplit(" ", 1)[0] + "…"
    return words or None


def plain(markup: str | None, most: int = _SUMMARY) -> str | None:
    """The text of a piece of HTML on one line; a "<" that begins no tag stays."""
    if not markup:
        return None
    text = _SILENT.sub(" ", markup[: 40 * most])
    text = _TAG.sub("", _BLOCK.sub(" ", text))
    return clean(unescaped(text), most)


def paragraphs(markup: str | None, most: int = _TEXT) -> str | None:
    """The text of a piece of HTML, a blank line between paragraphs; None where that is no whole text."""
    if not markup or len(markup) < _WHOLE:
        return None
    text = _SILENT.sub(" ", markup[: 4 * most])
    if "<" not in text or not _TAG.search(text):  # plain: its own blank lines part it
        parts = re.split(r"\n\s*\n", text)
    else:
        parts = _TAG.sub("", _BLOCK.sub("\x00", text)).split("\x00")
    kept = [words for part in parts if (words := clean(unescaped(part), most))]
    whole = "\n\n".join(kept)[:most]
    return whole if len(whole) >= _WHOLE else None


def unescaped(text: str) -> str:
    """Character references undone; one that stands for no character goes."""
    try:
        return html.unescape(text)
    except (ValueError, OverflowError):
        return text


def moment_text(
    printed: str | None, instant: dt.datetime | None = None, language: str | None = None
) -> str | None:
    """A printed date in ISO 8601, with the zone only if one was printed.

    Args:
        instant: what a reader of feeds' own date grammars made of it (aware); it is believed where
            the two differ and no year of four digits stands there: "01 Jan 04" is of 2004.
    """
    from dateline.dates.published_moment import parse_moment

    if (
        printed and instant is None and (iso := _ISO.fullmatch(printed))
    ):  # nine in ten, at a tenth of the cost
        try:
            dt.datetime.fromisoformat(printed)
            return f"{iso[1]}{iso[2] or ''}"
        except ValueError:
            return None
    if printed and _WEEK.fullmatch(printed.strip()):
        try:
            return dt.date.fromisoformat(printed.strip()).isoformat()
        except ValueError:
            return None
    moment = parse_moment(printed, language) if printed else None
    if moment is None and instant is not None and _guessed(printed or "", instant):
        return None
    if moment is not None and (instant is None or _sure(moment, printed or "") or _agree(moment, instant)):
        return moment.value + (_offset(moment, printed or "", instant) if moment.zone is None else "")
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant is not None else None


def _guessed(printed: str, instant: dt.datetime) -> bool:
    """Whether feedparser read a year and took the rest from today: "2004-jul-13" of this month's first."""
    first = (instant.day, instant.hour, instant.minute) == (1, 0, 0)
    return first and re.match(r"\s*\d{4}\D", printed) is not None and f"{instant:%m}" not in printed


def _offset(moment: Moment, printed: str, instant: dt.datetime | None) -> str:
    """The offset of a zone that only the feeds' grammars know ("MEST", "AT"); "" where none was printed."""
    if "T" not in moment.value or not (named := _ZONE.search(printed)):
        return ""
    if named[1] in ("UT", "UTC", "GMT", "Z"):
        return "+00:00"
    if instant is None:
        return ""
    away = dt.datetime.fromisoformat(moment.value).replace(tzinfo=dt.UTC) - instant
    minutes = round(away.total_seconds() / 60)
    if not minutes or minutes % 15 or abs(minutes) > 14 * 60:
        return ""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _sure(moment: Moment, printed: str) -> bool:
    """Whether a day was read whose year stands there in full: then no grammar of feeds knows it better."""
    return len(moment.value) >= 10 and re.search(rf"(?<!\d){moment.value[:4]}", printed) is not None


def _agree(moment: Moment, instant: dt.datetime) -> bool:
    try:
        read = dt.datetime.fromisoformat(moment.value)
    except ValueError:
        return False
    if read.tzinfo is None:
        near = dt.timedelta(days=1) if len(moment.value) <= 10 else dt.timedelta(minutes=1)
        return abs(read.replace(tzinfo=dt.UTC) - instant) < near
    return abs(read - instant) < dt.timedelta(minutes=1)


def language_code(text: str | None) -> str | None:
    """ISO 639-1 of "en-GB", "EN" or "eng"; None where it is none."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", text or "")
    if not found:
        return None
    code = found[1].lower()
    if len(code) == 2:
        return code
    import pycountry

    known = pycountry.languages.get(alpha_3=code) or pycountry.languages.get(bibliographic=code)
    return getattr(known, "alpha_2", None)


def inflated(body: bytes, notes: list[str], most: int = MAX_INFLATED) -> bytes:
    """A body that is gzip itself (sitemap.xml.gz), inflated up to `most` bytes; others as they are.

    What is broken or longer is cut where it was, with a note: the first entries are still entries.
    """
    for _ in range(3):  # a .gz sent with Content-Encoding may be packed twice
        if body[:2] != b"\x1f\x8b":
            break
        out, rest = bytearray(), body
        try:
            while rest[:2] == b"\x1f\x8b" and len(out) < most:
                inflate = zlib.decompressobj(31)
                while not inflate.eof and rest and len(out) < most:
                    out += inflate.decompress(rest, min(1 << 20, most - len(out)))
                    rest = inflate.unconsumed_tail
                rest = inflate.unused_data if inflate.eof else rest
                if not inflate.eof:
                    notes.append("cut: the compressed file has no end" if len(out) < most else _over(most))
                    break
            else:
                if rest[:2] == b"\x1f\x8b":
                    notes.append(_over(most))
        except zlib.error as error:
            notes.append(f"cut: broken compression: {error}")
        body = bytes(out)
    if len(body) > most:
        notes.append(_over(most))
    return body[:most]


def without_doctype(body: bytes) -> bytes:
    """Without document type declarations: no format here needs one, and entities are how XML bombs."""
    start = body[:65536].lower().find(b"<!doctype")
    if start < 0:
        return body
    found = _DOCTYPE.match(body, start)
    end = found.end() if found else body.find(b">", start) + 1 or len(body)
    rest = body[end:].replace(b"<!DOCTYPE", b"").replace(b"<!doctype", b"")  # a second one is no mistake
    return body[:start] + rest


_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!#\d{1,8};|#[xX][0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]{1,31};)", re.S
)


def ampersands_escaped(body: bytes) -> bytes:
    """XML in which "AT&T" and "?a=1&b=2" outside CDATA are written as they should have been: parsers that go
    on at such a slip lose what follows it ("?a=1=2"). UTF-16 is left alone."""
    if b"\x00" in body[:64]:
        return body
    return _AMPERSAND.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], body)


def as_utf8(body: bytes) -> bytes:
    """XML that calls itself UTF-8 and holds bytes of Latin-1: these become the letters that they were."""
    head = body[:200].lower()
    declared = re.search(rb"encoding\s*=\s*[\"']([\w-]{1,40})", head)
    if b"\x00" in body[:64] or (declared and declared[1] != b"utf-8"):
        return body
    try:
        body.decode("utf-8")
        return body
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
    return _STRAY.sub(lambda found: chr(ord(found[0]) - 0xDC00), text).encode("utf-8", "replace")


def _over(most: int) -> str:
    return f"cut at {most:,} bytes"


def pace_of(headers: Mapping[str, str], every: dt.timedelta | None = None) -> Pace:
    """What the answer's headers say of its freshness; `headers` has lower-case names."""
    sent = _http_date(headers.get("date"))
    expires = None
    age = re.search(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", headers.get("cache-control", ""), re.I)
    if sent is not None and age is not None:
        old = headers.get("age", "0").strip()
        left = int(age[1]) - (int(old) if re.fullmatch(r"\d{1,9}", old) else 0)
        expires = sent + dt.timedelta(seconds=max(0, left))
    elif "no-cache" not in headers.get("cache-control", "").lower():
        expires = _http_date(headers.get("expires"))
    return Pace(
        every=every,
        expires=expires if expires is None or sent is None or expires > sent else None,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )


def _http_date(text: str | None) -> dt.datetime | None:
    try:
        read = parsedate_to_datetime(text) if text else None
        return (
            None
            if read is None
            else (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        )
    except (ValueError, TypeError, OverflowError):
        return None


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with lower-case names."""
    return {name.lower(): value for name, value in headers.items()}
