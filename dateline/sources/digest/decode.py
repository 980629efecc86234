"""Bytes of a digest into text: UTF-8 with or without BOM, UTF-16, Windows-1252 and the rest.

The byte order mark is believed first, then UTF-8 if it fits, then what the bytes look like.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\x1f\x8b",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class NotText(ValueError):
    """The bytes are no text: a picture, an archive, a PDF."""


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the name of the encoding that gave it.

    `declared` (a message's charset, an HTML meta) comes after a byte order mark and before guessing,
    and is not believed where UTF-8 fits and it does not.

    Raises:
        NotText: the bytes are no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    if data.startswith(_BINARY):
        raise NotText("it is no text file")
    if wide := _wide(data):
        return data.decode(wide, "replace"), wide
    if data.count(0) > len(data) // 1000 + 2:
        raise NotText("it holds binary data")
    if declared and _canonical(declared) not in ("ascii", "utf-8", "iso8859-1", "cp1252"):
        try:
            return data.decode(declared), _canonical(declared)
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    return _checked(*_eight_bit(data))


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return ""


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of mostly Western text is zero."""
    sample = data[:4096]
    if len(sample) < 4 or not sample.count(0):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _eight_bit(data: bytes) -> tuple[str, str]:
    """Bytes that are not UTF-8 as a whole: damaged UTF-8, Windows-1252, or another old code page."""
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("�")
    whole = sum(1 for char in repaired if ord(char) > 127) - broken
    if whole > 4 * broken:  # UTF-8 with stray bytes: each stray byte read as Windows-1252
        return data.decode("utf-8", "dateline.stray"), "utf-8"
    high = sum(1 for byte in data[:65536] if byte > 127)
    if high * 5 < len(data[:65536]) and not _UNUSED_1252.search(data):
        return data.decode("cp1252"), "cp1252"
    from charset_normalizer import from_bytes  # slow to import, and rarely needed

    best = from_bytes(data[:65536]).best()
    if best is not None:
        return data.decode(best.encoding, "replace"), best.encoding
    return data.decode("cp1252", "replace"), "cp1252"


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("dateline.stray", _stray)


def _checked(text: str, name: str) -> tuple[str, str]:
    controls = len(_CONTROLS.findall(text[:65536]))
    if controls > len(text[:65536]) // 50 + 2:
        raise NotText("it holds binary data")
    return text, name


_SPACES = {
    ord(space): " "
    for space in "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v"
}
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u034f\u200b\u2060\u2061\u2062\u2063\ufeff\u180e\u061c\u200e\u200f"), None
)
_CLEAN = (
    _SPACES
    | _INVISIBLE
    | {0x2028: " ", 0x2029: " ", 0x85: " "}
    | dict.fromkeys([*range(9), *range(14, 32), 127], " ")
)
_RUNS = re.compile(r" {2,}")


def clean(text: str) -> str:
    """`text` of one line with plain single spaces: no-break ones, tabs and invisible signs gone."""
    if not text.isascii() or not text.isprintable():
        text = text.translate(_CLEAN)
        if not text.strip(" \u200c\u200d"):  # the padding of newsletters: joiners with nothing to join
            return ""
    return _RUNS.sub(" ", text).strip()


def split_lines(text: str) -> list[str]:
    """Lines as an editor counts them: \\n, \\r\\n and \\r end one, nothing else does."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")
