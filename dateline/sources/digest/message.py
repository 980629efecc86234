"""Mail messages: which part is the digest, decoded, with each of its lines' place in the file.

`email` of the standard library reads the structure. It does not say where a part stands in the
file, so each part's body, which it keeps verbatim, is looked up there; quoted-printable and base64
are then mapped back line by line.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from .decode import NotText, decode, split_lines

_HEADERS = re.compile(
    rb"(?:return-path|received|from|to|date|subject|message-id|mime-version|content-type|delivered-to|reply-to|x-[\w-]+|dkim-signature|cc|content-transfer-encoding|list-[\w-]+|sender|authentication-results|arc-[\w-]+|feedback-id|references|in-reply-to|importance|thread-\w+)\s*:",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Part:
    """One readable part: its text, and for each of its lines the first and last line in the file."""

    text: str
    is_html: bool
    first: list[int]
    last: list[int]
    flowed: bool = False
    date: str | None = None
    subject: str | None = None
    subject_line: int = 1


@dataclass(slots=True)
class Mail:
    """What a message file holds: per message, its alternatives (a digest is read from one of them)."""

    messages: list[list[Part]] = field(default_factory=list)
    date: str | None = None


def looks_like_message(data: bytes) -> bool:
    """Whether the bytes begin with a mail header of at least two known fields, one of them telling."""
    head = data.lstrip(b"\xef\xbb\xbf\r\n")[:8192]
    if head.startswith(b"From "):
        head = head.split(b"\n", 1)[-1]
    names: set[bytes] = set()
    for line in head.splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t" and names:
            continue
        if not (match := _HEADERS.match(line)):
            if not re.match(rb"[\w-]+:", line):
                return False
            continue
        names.add(match[0].rstrip(b": \t").lower())
    telling = names & {
        b"mime-version",
        b"content-type",
        b"message-id",
        b"received",
        b"return-path",
        b"delivered-to",
    }
    return (
        (len(names) >= 3 and bool(telling))
        or names >= {b"from", b"subject", b"date"}
        or names >= {b"from", b"to", b"subject"}
    )


def read_message(data: bytes) -> Mail:
    """The readable parts of a message, or of each message of an mbox. Never raises on broken mail."""
    mail = Mail()
    pieces = [(0, data)]
    if data.startswith(b"From "):
        cuts = [
            match.start()
            for match in re.finditer(rb"(?m)(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]*\d{4}[^\r\n]*$", data)
        ]
        pieces = [(start, data[start:end]) for start, end in zip(cuts, [*cuts[1:], len(data)], strict=True)]
    for offset, piece in pieces:
        message = message_from_bytes(piece)
        finder = _Finder(piece, data.count(b"\n", 0, offset))
        _collect(message, finder, mail, None, 0)
    return mail


class _Finder:
    """Looks a part's verbatim body up in the file, moving forward only."""

    def __init__(self, data: bytes, before: int) -> None:
        self.data = data
        self.cursor = 0
        self.line = before + 1  # number of the line at the cursor

    def line_of(self, body: bytes) -> int:
        at = self.data.find(body, self.cursor) if body.strip() else -1
        if at < 0:
            return self.line
        self.line += self.data.count(b"\n", self.cursor, at)
        self.cursor = at
        return self.line


def _collect(message: Message, finder: _Finder, mail: Mail, date: str | None, depth: int) -> None:
    date = _header(message, "Date") or _header(message, "Sent") or date
    parts: list[Part] = []
    _parts(message, finder, parts, mail, date, depth)
    subject = _header(message, "Subject")
    subject_line = _subject_line(finder.data, subject)
    for part in parts:
        part.date, part.subject, part.subject_line = date, subject, subject_line
    mail.date = mail.date or date
    if parts:
        mail.messages.append(parts)


def _subject_line(data: bytes, subject: str | None) -> int:
    match = re.search(rb"(?im)^subject:", data[:65536]) if subject else None
    return data.count(b"\n", 0, match.start()) + 1 if match else 1


def _parts(
    message: Message, finder: _Finder, parts: list[Part], mail: Mail, date: str | None, depth: int
) -> None:
    if depth > 12:
        return
    kind = message.get_content_type()
    if kind == "message/rfc822":
        for inner in message.get_payload() if message.is_multipart() else []:
            if isinstance(inner, Message):
                _collect(inner, finder, mail, date, depth + 1)
        return
    if message.is_multipart():
        for inner in message.get_payload():
            if isinstance(inner, Message):
                _parts(inner, finder, parts, mail, date, depth + 1)
        return
    named = message.get_filename()
    if not kind.startswith("text/") or (
        message.get_content_disposition() == "attachment"
        and not str(named).endswith((".txt", ".html", ".htm", ".md"))
    ):
        return
    if kind not in ("text/plain", "text/html", "text/markdown", "text/enriched"):
        return
    part = _part(message, finder, kind)
    if part is not None:
        parts.append(part)


def _part(message: Message, finder: _Finder, kind: str) -> Part | None:
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    encoded = encoding in ("quoted-printable", "base64")
    # as a string, eight-bit text without a charset would come back with its letters replaced
    payload = message.get_payload() if encoded else message.get_payload(decode=True)
    raw = payload.encode("ascii", "replace") if isinstance(payload, str) else payload
    if not isinstance(raw, bytes):
        return None
    start = finder.line_of(raw)
    first: list[int] | None = None
    last: list[int] | None = None
    if encoding == "quoted-printable":
        body = quopri.decodestring(raw)
        first, last = _quoted_lines(raw, start)
    elif encoding == "base64":
        body, first, last = _base64_lines(raw, start)
    else:
        body = raw
    charset = message.get_param("charset")
    declared = str(charset[2] if isinstance(charset, tuple) else charset) if charset else None
    try:
        text, _ = decode(body, declared)
    except NotText:
        return None
    lines = split_lines(text)
    if first is None or last is None:
        first = list(range(start, start + len(lines)))
        last = first
    for numbers in (first, last):
        numbers.extend([numbers[-1] if numbers else start] * (len(lines) - len(numbers)))
    flowed = str(message.get_param("format") or "").lower() == "flowed"
    return Part(text, kind == "text/html" or _tagged(text), first, last, flowed)


def _tagged(text: str) -> bool:
    return re.match(r"\s*(?:<!doctype html|<html\b)", text, re.IGNORECASE) is not None


def _quoted_lines(raw: bytes, start: int) -> tuple[list[int], list[int]]:
    """For each decoded line of quoted-printable, the lines of the file that it is made of."""
    first: list[int] = []
    last: list[int] = []
    opened: int | None = None
    for number, line in enumerate(raw.split(b"\n"), start):
        begun = number if opened is None else opened
        breaks = len(re.findall(rb"(?i)=0a", line))
        for _ in range(breaks):
            first.append(begun)
            last.append(number)
            begun = number
        if line.rstrip(b" \t\r").endswith(b"="):
            opened = begun
            continue
        first.append(begun)
        last.append(number)
        opened = None
    if opened is not None:
        first.append(opened)
        last.append(opened)
    return first, last


def _base64_lines(raw: bytes, start: int) -> tuple[bytes, list[int], list[int]]:
    """Decoded base64, and for each decoded line the lines of the file that hold its bytes."""
    lines = raw.split(b"\n")
    ends: list[int] = []
    letters = 0
    for line in lines:
        letters += len(re.sub(rb"[^A-Za-z0-9+/=]", b"", line))
        ends.append(letters * 3 // 4)
    try:
        body = base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", raw) + b"==")
    except (binascii.Error, ValueError):
        return b"", [start], [start]
    first: list[int] = []
    last: list[int] = []
    at = 0
    for piece in body.split(b"\n"):
        first.append(start + min(bisect_right(ends, at), len(lines) - 1))
        last.append(start + min(bisect_right(ends, at + max(len(piece) - 1, 0)), len(lines) - 1))
        at += len(piece) + 1
    return body, first, last


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    try:
        text = str(make_header(decode_header(str(value))))
    except (UnicodeError, LookupError, ValueError):
        text = str(value)
    return " ".join(text.split()) or None
