"""HTML newsletters into rows: what a reader sees, block by block, with the source's line numbers.

The standard library's parser, because it alone gives the line of each piece of text, at any size of
file; nothing is repaired or trusted beyond tags and words.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from dateline.models import Caption
from dateline.urls import unwrap

from .captions import caption
from .decode import clean
from .inline import Inline
from .model import Anchor, Kind, Row

_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
    caption""".split()
)
_WIDE = frozenset("article table section li tr header footer figure".split())
_SKIPPED = frozenset(
    "script style head noscript svg template select textarea iframe object math title map audio video canvas button".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$|!)|max-height\s*:\s*0|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_HEAVY = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:1[89]|[2-9]\d)(?:\.\d+)?px", re.IGNORECASE
)
_DROPPED = frozenset(
    """preheader preview-text unsubscribe social share sharing socials share-buttons social-links advert advertisement
    ad ads sponsor sponsored promo toc table-of-contents nav navbar menu legal disclaimer copyright-footer
    footer-links mcnfollowcontent email-footer newsletter-footer browser view-in-browser viewonline""".split()
)
_FIELDS = (
    (
        re.compile(
            r"(?:^|[-_\s])(?:caption|figcaption|legende|bildunterschrift|wp-caption-text)(?:$|[-_\s])", re.I
        ),
        "caption",
    ),
    (
        re.compile(r"(?:^|[-_\s])(?:photo-?credit|image-?credit|credits?|photographer)(?:$|[-_\s])", re.I),
        "credit",
    ),
    (re.compile(r"(?:^|[-_\s])(?:byline|authors?)(?:$|[-_\s])", re.I), "byline"),
    (
        re.compile(
            r"(?:^|[-_\s])(?:kicker|section|rubric|rubrik|eyebrow|category|section-(?:title|label|name)|overline|dachzeile)(?:$|[-_\s])",
            re.I,
        ),
        "section",
    ),
)


# A logo's or a button's link: a home page, a social network.
_HOME = re.compile(
    r"https?://(?:[^/?#]+/?(?:[?#].*)?$|(?:www\.)?(?:twitter|x|facebook|linkedin|instagram|youtube|tiktok)\.com/)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Open:
    tag: str
    skip: bool
    level: int
    field: str
    bold: bool
    href: str | None


class _Walker(HTMLParser):
    """Collects rows; a stack of open elements says what the words stand in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.stack: list[_Open] = []
        self.skipping = 0
        self.pieces: list[tuple[str, str | None, bool]] = []  # words, the link they stand on, bold
        self.credit: list[str] = []  # those of them that a credit's markup holds
        self.start = self.end = 0
        self.gap = 1
        self.bullet = ""

    # --- tags
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._flush()
            self.gap += 1
            return
        attributes = {name: value or "" for name, value in attrs}
        if tag == "hr":
            self._rule()
            return
        if tag == "img":
            self._image(attributes)
            return
        if tag in _VOID:
            return
        if tag in ("p", "li", "td", "tr", "dt", "dd", "option"):
            self._implied(tag)
        style, names = (
            attributes.get("style", ""),
            f"{attributes.get('class', '')} {attributes.get('id', '')}".lower(),
        )
        tokens = set(names.split())
        skip = (
            tag in _SKIPPED
            or tag == "nav"
            or bool(tokens & _DROPPED)
            or "hidden" in attributes
            or _HIDDEN.search(style) is not None
            or (tag == "footer" and not self._inside("article"))
            or (bool(tokens & {"footer"}) and not self._inside("article"))
        )
        if tag in _BLOCKS:
            self._break(tag)
            if tag == "article":
                self._rule()
            if tag == "li":
                self.bullet = "-"
        outer = self.stack[-1] if self.stack else None
        field = "caption" if tag in ("figcaption", "caption") and outer else ""
        if names.strip():
            field = field or next((name for pattern, name in _FIELDS if pattern.search(names)), "")
        if tag == "time":
            field = field or "time"
        level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
        self.stack.append(
            _Open(
                tag,
                skip,
                level,
                field,
                tag in ("b", "strong", "th") or _HEAVY.search(style) is not None,
                attributes.get("href") if tag == "a" else None,
            )
        )
        self.skipping += skip

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            self.handle_starttag("br", [])
            return
        depth = next((n for n in range(1, min(len(self.stack), 64) + 1) if self.stack[-n].tag == tag), 0)
        if not depth:
            if tag == "p":
                self._break(tag)
            return
        inline = tag not in _BLOCKS
        if inline and any(entry.tag in _BLOCKS for entry in self.stack[-depth:][1:]):
            return  # a stray end of an inline tag closes no block
        if not inline:
            self._break(tag)
        for _ in range(depth):
            entry = self.stack.pop()
            self.skipping -= entry.skip
            if entry.tag == "a" and entry.href and self.pieces:
                self.pieces.append(("", None, False))  # two links side by side stay two
        if tag == "article":
            self._rule()

    def _implied(self, tag: str) -> None:
        """A new paragraph, item or cell ends the one before it, as browsers have it."""
        limits = {
            "p": ("td", "div", "li", "body", "blockquote", "section", "article", "th"),
            "li": ("ul", "ol", "menu"),
            "td": ("tr", "table"),
            "tr": ("table", "tbody"),
        }
        for entry in reversed(self.stack[-8:]):
            if entry.tag == tag:
                self.handle_endtag(tag)
                return
            if entry.tag in limits.get(tag, ()) or entry.tag == "table":
                return

    def _inside(self, tag: str) -> bool:
        return any(entry.tag == tag for entry in self.stack)

    # --- words
    def handle_data(self, data: str) -> None:
        if self.skipping or not data:
            return
        line = self.getpos()[0]
        if self._inside("pre"):
            for number, part in enumerate(data.split("\n")):
                if number:
                    self._flush()
                    self.gap += 1
                self._piece(part, line + number)
            return
        self._piece(data, line)

    def _piece(self, data: str, line: int) -> None:
        stripped = data.strip()
        href = next((entry.href for entry in reversed(self.stack) if entry.tag == "a"), None)
        bold = any(entry.bold for entry in self.stack)
        if stripped:
            lead = data[: len(data) - len(data.lstrip())].count("\n")
            if not self.start:
                self.start = line + lead
            self.end = line + lead + stripped.count("\n")
        if stripped or self.pieces:
            self.pieces.append((data, href, bold))
            if stripped and any(entry.field == "credit" for entry in self.stack):
                self.credit.append(data)

    def _image(self, attributes: dict[str, str]) -> None:
        href = next((entry.href for entry in reversed(self.stack) if entry.tag == "a"), None)
        if (
            not self.skipping
            and href
            and re.match(r"https?:", href.strip(), re.IGNORECASE)
            and not self.start
        ):
            line = self.getpos()[0]
            url = unwrap(href)
            if not _HOME.match(url):
                row = Row(line, line, "", [Anchor("", url)], self.gap, kind=Kind.LINK, bullet="image")
                self.rows.append(row)

    # --- rows
    def _rule(self) -> None:
        self._flush()
        if not self.skipping:
            line = self.getpos()[0]
            self.rows.append(Row(line, line, "", gap=self.gap, kind=Kind.RULE, bullet="-"))
            self.gap = 1

    def _break(self, tag: str) -> None:
        had = bool(self.pieces)
        self._flush()
        wide = 2 if tag in _WIDE and self.rows and not had else 1
        self.gap = max(self.gap, wide)

    def _flush(self) -> None:
        pieces, self.pieces = self.pieces, []
        credit, self.credit = clean("".join(self.credit).replace("\n", " ")), []
        start, end = self.start, self.end
        self.start = self.end = 0
        if not start:
            return
        text = clean("".join(words for words, _, _ in pieces).replace("\n", " ").replace("\r", " "))
        anchors = _anchors(pieces)
        if "://" in text:
            text = _addresses(text, anchors)
        if not text and not anchors:
            return
        solid = [bold for words, _, bold in pieces if words.strip()]
        row = Row(start, end, text, anchors, self.gap, bold=all(solid), bullet=self.bullet)
        row.lead = "" if row.bold else _bold_lead(pieces, text)
        row.level = next((entry.level for entry in reversed(self.stack) if entry.level), 0)
        self._field(row, credit)
        self.rows.append(row)
        self.gap, self.bullet = 0, ""

    def _field(self, row: Row, credit: str) -> None:
        """What the markup says the row is, where its words bear that out."""
        field = next((entry.field for entry in reversed(self.stack) if entry.field), "")
        if credit and credit != row.text and row.text.endswith(credit) and len(credit) < 120:
            found = caption(credit, in_body=False)
            name = found.credit if found and found.credit and not found.text else credit.strip("()[] |–—")
            words = row.text[: -len(credit)].strip(" |–—-(")
            row.kind, row.caption, row.forced = Kind.CAPTION, Caption(text=words, credit=name), True
        elif field == "caption" and len(row.text) < 1500:
            found = caption(row.text, in_body=False) or Caption(text=row.text)
            row.kind, row.caption, row.forced = Kind.CAPTION, found, True
        elif field == "credit" and len(row.text) < 120:
            found = caption(row.text, in_body=False)
            credit = found.credit if found and found.credit and not found.text else row.text.strip("()[] ")
            row.kind, row.caption, row.forced = Kind.CAPTION, Caption(text="", credit=credit), True
        elif (
            field == "section"
            and len(row.text.split()) <= 5
            and not row.level
            and len(row.text) <= 40
            and row.text[-1:] not in ".!?"
        ):
            row.bullet, row.forced = "=", True
        elif field == "byline" and len(row.text) <= 200:
            row.section = "byline"


def _bold_lead(pieces: list[tuple[str, str | None, bool]], text: str) -> str:
    """The words that open the row in bold, as far as they do."""
    words: list[str] = []
    for piece, _, bold in pieces:
        if piece.strip() and not bold:
            break
        words.append(piece)
    lead = clean("".join(words).replace("\n", " ").replace("\r", " "))
    return lead if text.startswith(lead) else ""


def _addresses(text: str, anchors: list[Anchor]) -> str:
    """Takes addresses that are printed in the words, linked or not, as in plain text."""
    words, found, _ = Inline({}).read(text)
    known = {anchor.url for anchor in anchors}
    for anchor in anchors:
        if "://" in anchor.words:
            anchor.words = ""
    # a printed address may be cut short where the link upon it is whole
    anchors.extend(anchor for anchor in found if anchor.url not in known and not anchors)
    return words


def _anchors(pieces: list[tuple[str, str | None, bool]]) -> list[Anchor]:
    found: list[Anchor] = []
    words: list[str] = []
    current: str | None = None
    for text, href, _ in [*pieces, ("", None, False)]:
        if href != current or (not text and href is None):
            if current is not None and re.match(r"\s*https?:", current, re.IGNORECASE):
                joined = clean("".join(words).replace("\n", " "))
                if joined:
                    found.append(Anchor(joined, unwrap(current)))
            words, current = [], href
        words.append(text)
    return found


def rows_of_html(text: str) -> list[Row]:
    """The rows of an HTML document, first line 1. Never raises on broken markup."""
    walker = _Walker()
    try:
        walker.feed(_without_comments(text))
        walker.close()
    except (AssertionError, ValueError):  # the standard parser's answer to some broken declarations
        pass
    walker._flush()
    # a link upon a picture counts where no words share it
    known = {anchor.url for row in walker.rows for anchor in row.anchors if row.bullet != "image"}
    rows: list[Row] = []
    for row in walker.rows:
        if row.bullet == "image":
            if row.anchors[0].url in known:
                continue
            known.add(row.anchors[0].url)
        rows.append(row)
    return rows


def _without_comments(text: str) -> str:
    """Comments blanked, their lines kept; in one pass, whatever is left open."""
    out: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start + 4)
        out.append(text[position:start])
        if end < 0:
            text, position = text.replace("<!--", "    "), start + 4
            break
        out.append("\n" * text.count("\n", start, end))
        position = end + 3
    out.append(text[position:])
    joined = "".join(out)
    # tags left open at the end: the parser would look for the end of each of them again and again
    closed = joined.rfind(">") + 1
    return joined[:closed] + joined[closed:].replace("<", "&lt;")
