"""Bytes of a page → text: the character set from header, BOM, meta and bytes, in that order of trust.

A claim is believed if Python knows the name and the bytes can be read with it. One exception, kept
in the answer: bytes that are clean UTF-8 with accents in them are UTF-8, whatever single-byte set a
server says by default; no other text looks like that by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# What browsers do (WHATWG Encoding): the name on the left is read as its superset on the right.
_SUPERSET = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# names that browsers know and Python's codecs do not
_ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "utf8mb4": "utf-8",
}
_NOT_TEXT = re.compile(r"(base64|bz2|hex|quopri|rot13|uu|zlib|idna|punycode|escape|undefined|mbcs|oem)", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_META_WINDOW = 4096  # browsers look at 1024 bytes; papers with long heads put it later
_FEW = 16  # bytes beyond ASCII; statistics on fewer name exotic sets
_TORN = 0.2  # unreadable characters for each readable accented one in a page whose claim still stands


@dataclass(slots=True, frozen=True)
class Charset:
    """The codec that read the page, and where the choice came from.

    `source` is "header", "bom", "meta" or "bytes"; `rejected` are the claims that did not hold,
    as "header: utf8x".
    """

    name: str
    source: str
    rejected: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"


def codec_of(label: str) -> str | None:
    """The Python codec for a printed character set name, None for nonsense."""
    label = label.strip().strip("\"'").lower()
    if label in _ALIASES:
        return _ALIASES[label]
    if not label or _NOT_TEXT.search(label):
        return None
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _SUPERSET.get(name, name)


def decode(body: bytes, content_type: str | None = None) -> tuple[str, Charset]:
    """The text of `body` without its BOM, and the character set that read it. Never raises.

    `content_type` is the header's value. What can't be read becomes U+FFFD.
    """
    claims: list[tuple[str, str]] = []
    if content_type and (found := _HEADER.search(content_type)):
        claims.append(("header", found[1]))
    for bom, name in _BOMS:
        if body.startswith(bom):
            claims.append(("bom", name))
            break
    head = body[:_META_WINDOW]
    if match := _META.search(head) or _META.search(body[:65536]) or _XML.match(head):
        label = match[1].decode("ascii", "replace")
        # a meta that ASCII could spell can't be UTF-16: browsers read UTF-8
        claims.append(("meta", "utf-8" if label.lower().startswith("utf-16") else label))

    rejected: list[str] = []
    for source, label in claims:
        codec = codec_of(label)
        text = _read(body, codec) if codec else None
        if codec is None or text is None:
            rejected.append(f"{source}: {label}")
        elif not codec.startswith("utf") and _is_utf8(body):
            rejected.append(f"{source}: {label}")
            return _strip(body.decode("utf-8")), Charset("utf-8", "bytes", tuple(rejected))
        else:
            return _strip(text), Charset(codec, source, tuple(rejected))
    name = _guess(body)
    return _strip(body.decode(name, "replace")), Charset(name, "bytes", tuple(rejected))


def _strip(text: str) -> str:
    return text.removeprefix("\ufeff")


def _read(body: bytes, codec: str) -> str | None:
    """The text, None where the bytes contradict the codec (a torn character or two do not)."""
    try:
        text = body.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    if codec.startswith(("utf-16", "utf-32")) and "<" not in text[:2000]:
        return None
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if bad <= 0:
        return text
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if bad <= _TORN * good else None


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(body: bytes) -> str:
    if _read(body, "utf-8") is not None:
        return "utf-8"
    if len(body) - len(body.decode("ascii", "ignore")) < _FEW:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(body[:50_000], cp_isolation=None).best()
    codec = codec_of(best.encoding) if best else None
    return codec or "cp1252"
