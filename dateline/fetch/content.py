"""What a body is, by its first bytes before its Content-Type: servers call PDFs text/html."""

from __future__ import annotations

import re

from dateline.models import Page

# (bytes at the start, or at an offset) → kind
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n", "image"),
    (0, b"\xff\xd8\xff", "image"),
    (0, b"GIF8", "image"),
    (8, b"WEBP", "image"),
    (4, b"ftyp", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"ID3", "audio"),
    (0, b"OggS", "audio"),
    (0, b"PK\x03\x04", "archive"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"Rar!", "archive"),
    (0, b"7z\xbc\xaf", "archive"),
    (0, b"\xd0\xcf\x11\xe0", "office"),
    (0, b"%!PS", "postscript"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
)
_BY_TYPE = (
    ("text/html", "html"),
    ("application/xhtml", "html"),
    ("application/pdf", "pdf"),
    ("application/rss", "feed"),
    ("application/atom", "feed"),
    ("application/feed+json", "feed"),
    ("application/json", "json"),
    ("application/ld+json", "json"),
    ("text/xml", "xml"),
    ("application/xml", "xml"),
    ("text/plain", "text"),
    ("image/", "image"),
    ("audio/", "audio"),
    ("video/", "video"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|article|table)\b", re.I)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)\b", re.I)


def _plain(head: bytes) -> bool:
    return not any(byte < 9 for byte in head[:512])


def kind(page: Page) -> str:
    """ "html", "text", "feed", "sitemap", "xml", "json", "pdf", "image", "audio", "video", "archive",
    "office", "postscript", "program", "binary" or "empty".
    """
    head = page.body[:2048]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start:
        return "empty"
    if b"%PDF-" in head[:1024]:  # the standard lets a PDF begin late
        return "pdf"
    for offset, magic, name in _MAGIC:
        # two or three letters may begin a text, too
        letters = len(magic) <= 3 and magic.isascii()
        if head[offset : offset + len(magic)] == magic and not (letters and _plain(head)):
            return name
    if _FEED.search(head):
        return "feed"
    if _SITEMAP.search(head):
        return "sitemap"
    if _HTML.search(head):
        return "html"
    declared = page.headers.get("content-type", "").strip().lower()
    for prefix, name in _BY_TYPE:
        if declared.startswith(prefix):
            return name
    if start[:5] == b"<?xml":
        return "xml"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16
        return "html"
    return "binary" if b"\x00" in head else "text"
