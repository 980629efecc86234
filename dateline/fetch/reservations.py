"""What a publisher asks of who reads a page, and what we do about it: docs/politeness.md in code.

Asked for in headers (X-Robots-Tag, TDM-Reservation, Content-Usage, Content-Signal) and in `<meta>` of
the page. The body is read by a bounded, linear scan and not by a parser: it comes before the archive,
where no worker process stands between us and a stranger's bytes.

    noindex, none, unavailable_after in the past    not read, not kept: BLOCKED, "noindex"
    tdm-reservation: 1 (unless licensed)            not read, not kept: BLOCKED, "tdm-reservation"
    noarchive                                       read and indexed; its bytes are not kept
    nofollow                                        its links are not taken
    nosnippet, noai, noimageai                      noted on the article: nothing here is trained on it
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from dateline.models import Outcome, Page

MAX_SCANNED = 256 * 1024  # bytes: a <meta> belongs into the head
_WORDS: Final = frozenset(
    ("noindex", "nofollow", "noarchive", "nosnippet", "none", "noai", "noimageai", "unavailable_after")
)
_META: Final = re.compile(r"<meta\b((?:\"[^\"<]{0,2000}+\"|'[^'<]{0,2000}+'|[^<>\"'])*+)>", re.I)
_ATTRIBUTE: Final = re.compile(r"([a-zA-Z:-]{1,40}+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SIGNAL: Final = re.compile(r"\b(?:ai-train|train-ai|genai)\s*=\s*(?:no?|disallow)\b", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the publisher's wishes mean for one page.

    `blocked` is the outcome and reason where the page may not be read, `keep` whether its bytes may be
    kept, `follow` whether its links may be taken; `asked` is all that was asked, sorted.
    """

    asked: tuple[str, ...]
    blocked: tuple[Outcome, str] | None = None
    keep: bool = True
    follow: bool = True


def verdict(page: Page, *, agent: str = "dateline", licensed: bool = False) -> Verdict:
    """What may be done with a page; `licensed` says that its publisher allows text and data mining."""
    lines = page.header_lines or list(page.headers.items())
    asked = asked_of(page.body, lines, page.headers.get("content-type", ""), agent)
    blocked = None
    if "noindex" in asked:
        blocked = Outcome.BLOCKED, "noindex: the publisher asks that this page be in no index"
    elif "tdm-reservation" in asked and not licensed:
        blocked = Outcome.BLOCKED, "tdm-reservation: the publisher reserves text and data mining"
    return Verdict(
        asked=tuple(sorted(asked)),
        blocked=blocked,
        keep=blocked is None and "noarchive" not in asked,
        follow="nofollow" not in asked,
    )


def asked_of(
    body: bytes, header_lines: Iterable[tuple[str, str]], content_type: str, agent: str = "dateline"
) -> set[str]:
    """All that headers and page ask of us."""
    return set(page_directives(header_lines, agent)) | _in_page(body, content_type, agent)


def page_directives(header_lines: Iterable[tuple[str, str]], agent: str = "dateline") -> list[str]:
    """What a page's headers ask of us, sorted: X-Robots-Tag for all robots or for us, "none" written
    out as noindex and nofollow; "tdm-reservation" where the TDM header reserves its rights, "noai" where
    Content-Usage or Content-Signal does.
    """
    found: set[str] = set()
    for name, value in header_lines:
        match name.lower():
            case "x-robots-tag":
                found |= _directives(value, agent)
            case "tdm-reservation" if value.strip() == "1":
                found.add("tdm-reservation")
            case "content-usage" | "content-signal" if _SIGNAL.search(value):
                found.add("noai")
    return sorted(found)


def _directives(value: str, agent: str) -> set[str]:
    """The words of one X-Robots-Tag that are for us: "otherbot: noindex, nofollow" has none."""
    found: set[str] = set()
    scope = ""
    value = value[:2000]
    date = re.search(r"unavailable_after\s*:\s*(.*)", value, re.I)
    if date:
        value = value[: date.start()] + ", unavailable_after"
    for part in value.lower().split(","):
        head, colon, rest = part.partition(":")
        if colon and head.strip() not in _WORDS:
            scope, part = head.strip(), rest
        word = part.partition(":")[0].strip()
        if scope not in ("", "*", agent) or word not in _WORDS:
            continue
        if word == "unavailable_after":
            found.add(word)
            if date and _is_past(date[1]):
                found.add("noindex")
        else:
            found |= {"noindex", "nofollow"} if word == "none" else {word}
    return found


def _in_page(body: bytes, content_type: str, agent: str) -> set[str]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind and "html" not in kind and not kind.startswith("text/"):
        return set()
    # the words looked for are ASCII, and so are tags: UTF-16 alone needs its zeros taken out
    raw = body[:MAX_SCANNED].replace(b"\0", b"")
    if b"<meta" not in raw and b"<META" not in raw and b"<Meta" not in raw:
        return set()
    found: set[str] = set()
    text = _without(_without(raw, b"<!--", b"-->"), b"<script", b"</script").decode("latin-1")
    for tag in _META.finditer(text):
        fields: dict[str, str] = {}
        for name, one, two, three in _ATTRIBUTE.findall(tag[1]):
            fields.setdefault(name.lower(), html.unescape(one or two or three))
        content = fields.get("content", "")
        match fields.get("name", fields.get("property", "")).strip().lower():
            case name if name in ("robots", agent):
                found |= _directives(content, agent)
            case "tdm-reservation" if content.strip() == "1":
                found.add("tdm-reservation")
    return found


def _without(text: bytes, begin: bytes, end: bytes) -> bytes:
    """`text` without what stands between the marks, in one pass; an unclosed one runs to the end."""
    low = text.lower()  # of bytes: of a text that is not all ASCII it takes twenty times as long
    kept: list[bytes] = []
    at = 0
    while (start := low.find(begin, at)) >= 0:
        kept.append(text[at:start])
        stop = low.find(end, start + len(begin))
        if stop < 0:
            return b"".join(kept)
        at = stop + len(end)
    return b"".join(kept) + text[at:]


def _is_past(text: str) -> bool:
    text = text.strip()[:60]
    for read in (parsedate_to_datetime, dt.datetime.fromisoformat):
        try:
            when = read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)) < dt.datetime.now(dt.UTC)
    return False
