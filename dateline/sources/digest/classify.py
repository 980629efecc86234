"""What each row is by itself: boilerplate, byline, date, link, caption, labelled field, or words.

A row of words stays TEXT here, with `titleish` telling whether it could be a headline; what it is
depends on its neighbours, and `items` decides.
"""


# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

from .captions import caption, dateline
from .dates import may_end_date, printed_date, updated_date, without_page
from .looks import ENDS, LABELLED, PIECES, SENTENCE_END, is_source, whole_link
from .model import Kind, Row
from .people import bare_name, byline, paper_name
from .run_in import READING, run_in, strip_number, strip_sign
from .words import (
    AGENCIES,
    FURNITURE,
    KICKERS,
    LABELS,
    READ_ON,
    SECTIONS,
    boilerplate,
)

_COUNTS = re.compile(
    r"(?:~?\d[\d,.]*\s*(?:-?\s?(?:min(?:ute)?s?|minuten?|minutos?|minuti)(?:\s*(?:read|lesezeit|de lecture|de lectura|di lettura))?|words?|wörter|mots|palabras|parole|pages?|shares?|comments?|views?)"
    r"|(?:reading|read) time:?.*|lesezeit:?.*|page [A-Z]?\d+.*|p\.? ?\d+|\(?\d+ of \d+(?: documents?)?\)?|document \d+(?: of \d+)?|(?:[A-Z0-9][\w.]*\ ){0,2}edition(?:\ \d+)?;?|lang(?:uage)?: \w+|(?:free|premium|subscribers? only|paywall|registration required|€|\$))",
    re.IGNORECASE,
)


_ADDRESS = re.compile(
    r"^(?:[^.!?]{0,80},\s*)?(?:\d{1,5}\s+(?:[A-Z][\w.'’-]*\s){1,4}(?:street|st\.?|avenue|ave\.?|road|rd\.?|square|sq\.?|boulevard|blvd\.?|lane|drive|place|plaza|way|row|house|court)\b|(?:[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.|platz|allee|weg|gasse|ring)|(?:rue|avenue|boulevard|place|calle|avenida|plaza|via|piazza)\s[\w ’'-]{2,40})\s?,?\s?\d{1,4}\b).{0,120}$",
    re.IGNORECASE,
)


_EMAIL_ONLY = re.compile(
    r"^(?:e-?mail|mail|contact|kontakt|tel|phone|fax|telefon)?\s*[:.]?\s*(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?[\d ()/-]{8,20})$",
    re.IGNORECASE,
)


_HANDLE = re.compile(r"@\w{2,30}")
_NOTE = re.compile(
    r"^On .{6,80} wrote:$|^Am .{6,80} schrieb .{2,80}:$|^Le .{6,80} a écrit\s?:$|^El .{6,80} escribió:$|^-{2,}.*(?:forwarded|original) message.*-{2,}$|^-{2,}.*(?:weitergeleitete|ursprüngliche) nachricht.*$|^-{2,}.*message (?:transféré|d['’]origine).*$|^-{2,}.*mensaje (?:reenviado|original).*$|^(?:begin )?forwarded (?:message|by\b.{0,60}|from\b.{0,60}|e-?mail)\s*:?.*$|^anfang der weitergeleiteten nachricht:?$|^début du message .*$|^weitergeleitet (?:von|durch)\b.{0,60}$|^transféré par\b.{0,60}$|^reenviado por\b.{0,60}$",
    re.IGNORECASE,
)


def classify(rows: list[Row]) -> None:
    """Sets `kind` and what was found in each row, in place; rows whose markup told it are kept."""
    for row in rows:
        strip_sign(row)
        strip_number(row)
        row.text = READING.sub("", row.text)
    rows[:] = [part for row in rows for part in run_in(row)]
    before: Row | None = None
    for row in rows:
        if row.kind is Kind.TEXT:
            _classify(row, before)
        before = row


_DOCUMENT = re.compile(
    r"(?:document\s+)?\d{1,5}\s+of\s+\d{1,5}(?:\s+documents?)?|document\s+\d{1,5}|Document [A-Z0-9]{15,40}",
    re.IGNORECASE,
)


def _classify(row: Row, before: Row | None) -> None:
    _strip_read_on(row)
    text = row.text
    if _DOCUMENT.fullmatch(text):
        row.kind, row.bullet = Kind.RULE, "-"
        return
    if is_boilerplate(row):
        row.kind = Kind.BOILERPLATE
    elif row.anchors and (
        not text
        or READ_ON.fullmatch(text)
        or LABELS.get(text.strip(" :–—-").casefold()) in ("link", "source")
    ):
        row.kind = Kind.LINK
    elif (len(text) <= 300 and (_meta(row) or _pair(row))) or (
        len(text) <= 400 and not row.level and _labelled(row, before)
    ):
        pass
    elif (
        not row.level
        and not whole_link(row)
        and (found := caption(text, in_body=False))
        and not dateline(text)
    ):
        row.kind, row.caption = Kind.CAPTION, found


_MORE = re.compile(r"(?<=[.!?…\"”’])\s+[^.!?…\"”’]{4,30}$")


def _strip_read_on(row: Row) -> None:
    """Takes off the "Read more" that ends a teaser and is only a link's handle."""
    if row.anchors and row.text and not any(char.isalnum() for char in row.text):
        row.text = ""  # "->" before an address
    more = _MORE.search(row.text) if len(row.anchors) == 1 and row.anchors[0].words == row.text else None
    if more and READ_ON.fullmatch(more[0].strip()):
        row.text, row.anchors[0].words = row.text[: more.start()], more[0].strip()
        return
    for anchor in reversed(row.anchors):
        words = anchor.words
        if words and words != row.text and row.text.endswith(words) and READ_ON.fullmatch(words):
            row.text = row.text[: -len(words)].rstrip(" |–—-[(»›→")


def is_boilerplate(row: Row) -> bool:
    """Whether the row is the digest's own furniture: unsubscribe, adverts' labels, share buttons…"""
    text = row.text
    if not text or len(text) > 500:
        return False
    bare = text.strip(" -–—*|[]()<>»›→_=~•·#")
    if not bare:
        return not row.anchors
    if (
        FURNITURE.fullmatch(bare)
        and not (READ_ON.fullmatch(bare) and row.anchors)
        and not (row.level and len(bare) > 12)
    ):
        return bare.casefold() not in SECTIONS or bool(row.anchors and not row.level)
    if _HANDLE.fullmatch(text) or _NOTE.match(text) or (_EMAIL_ONLY.match(bare) and not printed_date(bare)):
        return True  # "2021-03-22" looks like a telephone number
    if match := boilerplate(bare) or (text[0] == "(" and boilerplate(text)):
        # in a long paragraph the words may be the news itself
        return len(text) < 220 or len(match[0]) * 4 > len(text) or (match.start() < 40 and len(text) < 500)
    pieces = [piece for piece in re.split(r"\s*[|·•⋅]\s*", bare) if piece]
    if len(pieces) > 1 and all(
        FURNITURE.fullmatch(piece) or boilerplate(piece) or READ_ON.fullmatch(piece) for piece in pieces
    ):
        return sum(1 for piece in pieces if READ_ON.fullmatch(piece)) < len(pieces) and not any(
            READ_ON.fullmatch(piece) for piece in pieces
        )
    return (
        _ADDRESS.match(bare) is not None
        and len(bare) < 160
        and not ENDS.search(bare.rstrip("."))
        and bare.count(",") >= 1
    )


# "(Harbour Ledger 23 Mar 21) ... Ravi Menon"
_IN_BRACKETS = re.compile(r"\((?P<paper>[^()]{6,80})\)\s*(?:\.{2,3}|…|[-–—,])\s*(?P<who>[^()]{3,60})")


def _meta(row: Row) -> bool:
    """A row of bylines, dates, sources and counts, one or several with signs between them."""
    text = row.text.strip(" |·•–—")
    if date := printed_date(text):
        if re.fullmatch(r"\d{1,4}", date):
            return False
        row.kind, row.date = Kind.DATE, date
        return True
    if updated := updated_date(text):
        row.kind, row.date, row.section = Kind.DATE, updated, "updated"
        return True
    if (match := _IN_BRACKETS.fullmatch(text)) and (day := _last_day(match["paper"])):
        who = byline(match["who"], labelled=True)
        if who and who[1]:
            row.kind, row.date, (row.byline, row.authors) = Kind.BYLINE, day, who
            return True
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    pieces = [piece for piece in PIECES.split(text) if piece]
    if len(pieces) == 1 and " / " in text and any(printed_date(piece) for piece in text.split(" / ")):
        pieces = [piece.strip() for piece in text.split(" / ") if piece.strip()]
    if len(pieces) == 1:
        return _single(row, text)
    return len(pieces) <= 8 and _several(row, pieces)


def _single(row: Row, text: str) -> bool:
    if match := _REPORT_BY.fullmatch(row.text):
        text = "By " + re.split(r",?\s(?:in|for|from|entitled|headlined)\s", match["names"])[0]
    if found := byline(text):
        row.kind, (row.byline, row.authors) = Kind.BYLINE, found
        _date_in_byline(row)
        return True
    if _COUNTS.fullmatch(text):
        row.kind = Kind.SOURCE
        return True
    if len(text) > 140:
        return False
    clipped = without_page(text)
    paged, text = clipped != text, clipped
    if not text:
        return False
    # "Reuters, 24 March 2021"   "By Jane Roe March 24, 2021"   "Jane Roe, 24 March 2021"
    words = text.split()
    if not may_end_date(words[-1]):
        return False
    for count in range(min(len(words) - 1, 9), 0, -1):
        head, tail = " ".join(words[:-count]), " ".join(words[-count:])
        if not (date := printed_date(tail.strip("()"))):
            continue
        head = head.rstrip(" ,:(")
        if found := byline(head):
            row.kind, (row.byline, row.authors), row.date = Kind.BYLINE, found, date
            return True
        comma = words[-count - 1].endswith(",")
        if (is_source(head) and (len(head.split()) <= 6)) or (comma and _credited(head, paged)):
            row.kind, row.date = Kind.DATE, date
            if not paged and bare_name(head) and not is_source(head):
                row.byline, row.authors = head, [head]
            elif named := next((part for part in head.split(", ")[:-1] if bare_name(part)), None):
                row.byline, row.authors = named, [named]
            elif bare_name(last := head.split(", ")[-1]) and ", " in head:
                row.byline, row.authors = last, [last]
            return True
        break
    return False


def _credited(head: str, paged: bool) -> bool:
    """What stands before a day behind a comma: a person, a paper, or both, with commas between."""
    parts = head.split(", ")
    if len(parts) == 1:
        return bare_name(head) or paper_name(head) or (paged and len(head.split()) <= 5 and _capitals(head))
    return len(parts) <= 3 and all(
        bare_name(part) or paper_name(part) or is_source(part) or (len(part.split()) <= 3 and _capitals(part))
        for part in parts
    )


def _capitals(text: str) -> bool:
    words = text.split()
    return text[:1].isupper() and all(word[:1].isupper() or len(word) < 4 for word in words)


def _date_in_byline(row: Row) -> None:
    """ "By Jane Roe, March 24, 2021": the day is no part of the credit."""
    words = (row.byline or "").split()
    for count in range(min(len(words) - 2, 9), 0, -1):
        tail = " ".join(words[-count:])
        if not any(char.isdigit() for char in tail) and tail.casefold() not in (
            "today",
            "yesterday",
            "heute",
            "gestern",
        ):
            continue
        if date := printed_date(tail):
            head = " ".join(words[:-count]).rstrip(" ,:;(|")
            if found := byline(head):
                row.byline, row.authors = found
                row.date = date
            return


def _several(row: Row, pieces: list[str]) -> bool:
    """ "By Jane Roe | Reuters | Apr 1, 2021 | 3 min read": every piece must be something known."""
    credit: tuple[str, list[str]] | None = None
    date: str | None = None
    section: str | None = None
    strong = unknown = 0
    for number, piece in enumerate(pieces):
        label = LABELLED.match(piece)
        name = LABELS.get(label[1].strip().casefold()) if label else None
        value = label[2].strip() if label else ""
        if found := printed_date(piece):
            date, strong = date or found, strong + 1
        elif updated_date(piece) or _COUNTS.fullmatch(piece):
            strong += 1
        elif (
            found_by := byline(piece) or (name == "byline" and value and byline(value, labelled=True)) or None
        ):
            credit, strong = credit or found_by, strong + 1
        elif name == "date" and printed_date(value):
            date, strong = date or value, strong + 1
        elif name == "section" and len(value.split()) <= 5:
            section, strong = value, strong + 1
        elif name in ("source", "ignored") and len(value.split()) <= 8:
            strong += 1
        elif is_source(piece) or paper_name(piece):
            pass
        elif piece.casefold() in SECTIONS or piece.casefold() in KICKERS:
            section = section or piece
        elif bare_name(piece) and credit is None:
            credit = (piece, [piece])
        elif (len(piece.split()) <= 3 and number and piece[0].isupper() and not ENDS.search(piece)) or (
            number == 0 and len(piece.split()) <= 4 and len(pieces) > 1 and not ENDS.search(piece)
        ):
            unknown += 1
        elif READ_ON.fullmatch(piece) and row.anchors:
            pass
        else:
            return False
    strong += bool(len(pieces) == 2 and section and credit)  # "Opinion | Lars Holm"
    if not strong or unknown > strong:
        return False
    row.byline, row.authors = credit or (None, [])
    row.date, row.section = date, section
    row.kind = Kind.BYLINE if credit else Kind.DATE if date else Kind.SOURCE
    return True


def _last_day(text: str) -> str | None:
    words = text.split()
    for count in range(min(len(words) - 1, 5), 1, -1):
        day = " ".join(words[-count:])
        if words[-count].casefold().strip(",") in ("gmt", "utc", "in", "on"):
            continue
        clock = re.sub(r"^(\d\d)(\d\d) (?=gmt|utc)", r"\1:\2 ", day, flags=re.IGNORECASE)
        if printed_date(clock):
            return day
    return None


_REPORT_BY = re.compile(
    r"\[(?:\w+ ){0,2}(?:report|article|commentary|interview|dispatch|analysis|column) by (?P<names>[^:\]]{3,80})(?::.*)?\]",
    re.IGNORECASE,
)


def _pair(row: Row) -> bool:
    """A publisher's or agency's name alone, "The Associated Press", "(Reuters)", "(dpa/lno)"."""
    text = row.text.strip("()[] .")
    signs = text.split("/") if text != row.text and len(text) <= 20 else []
    if len(signs) > 1 and " " not in text and AGENCIES & {sign.casefold() for sign in signs}:
        row.kind = Kind.SOURCE
        return True
    if (
        text.casefold() in AGENCIES
        and len(text) > 2
        and text.casefold() not in ("file", "pool", "handout", "trend", "hina")
    ):
        row.kind = Kind.SOURCE
        return True
    return False


def _labelled(row: Row, before: Row | None) -> bool:
    """ "Headline: …", "Author: …", "Body:"; a value that does not fit its label is prose."""
    match = LABELLED.match(row.text)
    field = LABELS.get(match[1].strip().casefold()) if match else None
    if match is None or field is None:
        return False
    value = match[2].strip()
    words = len(value.split())
    if not value and not row.anchors:
        row.kind, row.section = Kind.LABEL, field
        return True
    if (
        row.anchors
        and field in ("link", "source", "caption", "text", "date")
        and (not value or READ_ON.fullmatch(value) or (field in ("link", "source") and words <= 14))
    ):
        row.kind = Kind.LINK
        return True
    if field == "title" and value and match[1].strip().casefold() not in ("head",):
        row.kind, row.text, row.forced = Kind.TITLE, value, True
    elif field == "byline" and (found := byline(value, labelled=True)) and words <= 24:
        if match[1].casefold() in ("von", "firma", "signature") and not found[1]:
            return False
        row.kind, (row.byline, row.authors) = Kind.BYLINE, found
        if match[1].casefold() == "von":
            row.byline = row.text
    elif field == "date" and (date := printed_date(value)):
        row.kind, row.date = Kind.DATE, date
    elif field == "updated" and printed_date(value):
        row.kind, row.date, row.section = Kind.DATE, printed_date(value), "updated"
    elif (
        field == "section"
        and len((first := re.split(r"\s*;\s*", value)[0]).split()) <= 6
        and not ENDS.search(first)
    ):
        row.kind, row.section, row.forced = Kind.SECTION, first, True
    elif field == "source" and words <= 8 and not ENDS.search(value.rstrip(".")):
        row.kind = Kind.SOURCE
        pieces = [part for part in re.split(r"\s*[,;(]\s*", value.rstrip(")"), maxsplit=1) if part]
        if (date := printed_date(pieces[1]) if len(pieces) == 2 else None) or (date := _last_day(value)):
            row.kind, row.date = Kind.DATE, date
    elif field == "source" and words <= 16 and (date := _last_day(value)):
        row.kind, row.date = Kind.DATE, date  # "Source: NNA news agency, Oslo, in English 0915 gmt 23 Mar 21"
    elif (
        field == "ignored"
        and (
            words <= 4
            or (before is not None and before.kind not in (Kind.TEXT,) and row.gap <= 1 and words < 40)
        )
        and not SENTENCE_END.search(value)
    ):
        row.kind = Kind.SOURCE
    elif (field == "credit" and (found_caption := caption(row.text, in_body=False))) or (
        field == "caption" and (found_caption := caption(row.text, in_body=False))
    ):
        row.kind, row.caption = Kind.CAPTION, found_caption
    elif field == "dateline" and words <= 6 and match[1].casefold() in ("dateline", "ortsmarke"):
        row.kind, row.place = Kind.SOURCE, value
    elif (field == "text" and match[1].strip().casefold() not in ("content", "intro", "description")) or (
        field == "text" and words > 5
    ):
        row.text, row.forced = value, True
        row.kind = Kind.TEXT
        row.section = "text"
    else:
        return False
    return True
