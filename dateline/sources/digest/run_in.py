"""A headline and what else stands on its row: outlet, day, reading time, the first words of its text."""

from __future__ import annotations

import re

from .captions import caption
from .dates import may_end_date, printed_date
from .looks import ENDS, PIECES, is_source, known_label
from .model import Anchor, Kind, Row
from .people import bare_name, byline, paper_name
from .words import AGENCIES, MASTHEAD, OUTLETS, READ_ON, SECTIONS

# Pictographs that stand before a headline or a link as a bullet does.
_SIGN = re.compile(
    r"\s*[\U0001F000-\U0001FAFF\u2190-\u21FF\u2600-\u27BF\u2B00-\u2BFF][\uFE0F\u200D\U0001F000-\U0001FAFF\s]*"
)


def strip_sign(row: Row) -> None:
    if row.text and not row.text[0].isascii() and (match := _SIGN.match(row.text)):
        row.text, row.bullet = row.text[match.end() :], row.bullet or "•"
        if not row.text and row.anchors and row.kind is Kind.TEXT:
            row.bullet = ""
        for anchor in row.anchors:
            if words := _SIGN.match(anchor.words):
                anchor.words = anchor.words[words.end() :]


_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+(?=[^\W\d_]|[\"“„«])")


def strip_number(row: Row) -> None:
    """A number that opens a row of HTML, as `plain` takes it off a line of text."""
    if row.bullet or not row.text[:2].strip("(")[:1].isdigit() or printed_date(row.text):
        return
    if match := _NUMBER.match(row.text):
        row.bullet, row.text = match[0].strip(), row.text[match.end() :]
        for anchor in row.anchors:
            if words := _NUMBER.match(anchor.words):
                anchor.words = anchor.words[words.end() :]


_AFTER_LEAD = re.compile(
    r"\s*(?:[–—:|]|\s-)\s+(?=\S)|(?<=[.?!])\s+(?=[A-ZÀ-Ý\"“«„])|\s+(?=[A-ZÀ-Ý][^.]{20,}\.$)"
)


def _title_with_date(row: Row) -> list[Row] | None:
    """ "Talks resume in Vienna - Reuters - 1 April 2021": headline and credits on one row, as two."""
    if len(row.text) > 220 or not row.text or not may_end_date(row.text.split()[-1]):
        return None
    pieces = [piece for piece in PIECES.split(row.text) if piece]
    if len(pieces) == 2 and (split := _outlet_comma_date(pieces[1])):
        pieces[1:] = split
    if len(pieces) < 2 or not printed_date(pieces[-1].strip("()")):
        return None
    title = pieces[0]
    if len(pieces) > 2 and not all(
        is_source(piece) or byline(piece) or bare_name(piece) or _short_name(piece) for piece in pieces[1:-1]
    ):
        return None
    if (
        len(title.split()) < 3
        or byline(title)
        or is_source(title)
        or bare_name(title)
        or paper_name(title)
        or printed_date(title)
    ):
        return None
    if known_label(title) or MASTHEAD.search(title) or title.casefold() in SECTIONS or title[0].islower():
        return None
    rest = row.text[len(title) :].lstrip(" |·•⋅–—-")
    if not row.text.startswith(title):
        return None
    head = Row(
        row.start,
        row.end,
        title,
        row.anchors,
        row.gap,
        row.level,
        row.bold,
        bullet=row.bullet,
        forced=row.forced,
    )
    tail = Row(row.start, row.end, rest, [], 0)
    if not any(byline(piece) or bare_name(piece) for piece in pieces[1:-1]):
        tail.kind, tail.date = Kind.DATE, printed_date(pieces[-1].strip("()"))
    return [head, tail]


def _short_name(piece: str) -> bool:
    """An outlet that no list knows: up to three words, each with a capital ("VG", "Yle Uutiset")."""
    words = piece.split()
    return len(words) <= 3 and all(word[:1].isupper() for word in words) and not ENDS.search(piece)


def _outlet_comma_date(piece: str) -> list[str] | None:
    """ "CBC, 21 Sep 2021" behind a headline, as outlet and date."""
    outlet, comma, date = piece.partition(", ")
    capitals = all(word[:1].isupper() or len(word) < 4 for word in outlet.split())
    return [outlet, date] if comma and capitals and len(outlet.split()) <= 4 and printed_date(date) else None


_OUTLET = re.compile(r"(?P<title>.{12,})(?:\s+[|–—]\s+|\s-\s|\s(?=\())(?P<outlet>\(?[^|–—()]{2,40}\)?)")


def _title_with_outlet(row: Row) -> list[Row] | None:
    """ "Meta to lay off 10,000 more workers — The New York Times", "… (Reuters)": two rows."""
    match = _OUTLET.fullmatch(row.text) if row.text and len(row.text) < 220 else None
    if match is None or match["outlet"].count("(") != match["outlet"].count(")"):
        return None
    title, outlet = match["title"].rstrip(" ,"), match["outlet"].strip("() ")
    named = (
        outlet.casefold() in AGENCIES
        or outlet in OUTLETS
        or (
            is_source(outlet)
            and all(word[:1].isupper() or word in ("of", "the", "and") for word in outlet.split())
        )
    )
    if not named or len(outlet.split()) > 4 or len(title.split()) < 3:
        return None
    if ENDS.search(title) and not title.endswith(("?", "!")):
        return None  # a caption with its credit, or a sentence
    if known_label(title) or byline(title) or is_source(title) or caption(row.text, in_body=True):
        return None
    anchors = [
        Anchor(title if anchor.words == row.text else anchor.words, anchor.url) for anchor in row.anchors
    ]
    head = Row(
        row.start, row.end, title, anchors, row.gap, row.level, row.bold, bullet=row.bullet, forced=row.forced
    )
    return [head, Row(row.start, row.end, outlet, [], 0, kind=Kind.SOURCE)]


_CREDITS = re.compile(r"(?P<title>.{12,}?)\s*\((?P<credits>[^()]{3,80})\)")
_SHORT_DAY = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\s?\d{1,2}\.?")
_PAGE = re.compile(r"(?:pp?|pgs?|s|seite|page|pág|pag)\b\.?\s?[A-Z]?\d{1,3}|[A-Z]\d{1,2}", re.IGNORECASE)


def _title_with_credits(row: Row) -> list[Row] | None:
    """ "Helios weighs sale (FT, 3/24, p. 11)", "Talks resume (Anna Berg, The Tide)": two rows."""
    match = _CREDITS.fullmatch(row.text) if row.text.endswith(")") and len(row.text) < 220 else None
    if match is None or len(match["title"].split()) < 3 or row.level:
        return None
    tail = Row(row.start, row.end, match["credits"], [], 0, kind=Kind.SOURCE)
    sure = 0
    pieces = re.split(r"\s*[,;|]\s+", match["credits"])
    for number, piece in enumerate(pieces):
        day = printed_date(piece) or (_SHORT_DAY.fullmatch(piece) and piece)
        if day and not piece.isdigit() and (not tail.date or _YEAR.fullmatch(piece)):
            tail.date, sure = f"{tail.date}, {day}" if tail.date else day, sure + 1
        elif _YEAR.fullmatch(piece) and tail.date:
            tail.date = f"{tail.date}, {piece}"
        elif _PAGE.fullmatch(piece):
            sure += 1
        elif piece in OUTLETS or piece.casefold() in AGENCIES or is_source(piece) or paper_name(piece):
            sure += bool(row.anchors or row.bullet)
        elif bare_name(piece) and not tail.byline and number < 2:
            tail.byline, tail.authors = piece, [piece]
        elif not _short_name(piece):
            return None
    if not sure or len(pieces) < 2 or ENDS.search(match["title"].rstrip('?!”’"')):
        return None
    if tail.byline or tail.date:
        tail.kind = Kind.BYLINE if tail.byline else Kind.DATE
    title = match["title"].rstrip()
    anchors = [Anchor(title if a.words == row.text else a.words, a.url) for a in row.anchors]
    head = Row(row.start, row.end, title, anchors, row.gap, bold=row.bold, bullet=row.bullet)
    head.forced = row.forced
    return [head, tail]


_STAMPED = re.compile(
    r"(?P<day>\d[\w:/., -]{6,40}?)\s[-–—|]\s(?P<agency>[A-Z]{2,8}|[A-Z][a-z]+)"
    r"\s[-–—|:]\s(?P<title>\S.{10,180})"
)


def _title_after_date(row: Row) -> list[Row] | None:
    """ "24-Mar-2021 08:12:41 AM - RTRS - Helios to close two refineries": the headline, then its day."""
    match = _STAMPED.fullmatch(row.text) if row.text[:1].isdigit() and len(row.text) < 240 else None
    if match is None or not printed_date(match["day"]):
        return None
    head = Row(
        row.start, row.end, match["title"], row.anchors, row.gap, row.level, row.bold, bullet=row.bullet
    )
    head.kind = Kind.TITLE
    return [head, Row(row.start, row.end, match["day"], [], 0, kind=Kind.DATE, date=match["day"])]


_YEAR = re.compile(r"(?:19|20)\d\d")
READING = re.compile(r"\s*[(\[]\d{1,3}[\s-]?min(?:ute)?s?(?:[\s-]read)?[)\]]$", re.IGNORECASE)


def run_in(row: Row) -> list[Row]:
    """A headline upon a link with its teaser on the same row ("[Talks resume](…) – Delegates…") as two."""
    if row.kind is not Kind.TEXT:
        return [row]
    if (
        parts := _title_after_date(row)
        or _title_with_credits(row)
        or _title_with_date(row)
        or _title_with_outlet(row)
    ):
        return parts
    if not row.anchors or row.level:
        return [row]
    lead = row.anchors[0]
    rest = row.text[len(lead.words) :]
    if len(lead.words.split()) < 2 or not row.text.startswith(lead.words) or not rest:
        return [row]
    match = _AFTER_LEAD.match(row.text, len(lead.words))
    teaser = row.text[match.end() :] if match else ""
    known = is_source(teaser) or printed_date(teaser) or len(teaser.split()) < 4 or READ_ON.fullmatch(teaser)
    if not match or (known and not row.bullet) or lead.words[0].islower() or READ_ON.fullmatch(lead.words):
        return [row]
    if not match[0].strip() and not row.bullet:
        return [row]  # a sentence that happens to begin with a link
    title = Row(row.start, row.end, lead.words, [lead], row.gap, bold=True, bullet=row.bullet)
    below = Row(row.start, row.end, teaser, row.anchors[1:], 0)
    if paper_name(teaser) or (is_source(teaser) and len(teaser.split()) < 5):
        below.kind = Kind.SOURCE
    return [title, below]
