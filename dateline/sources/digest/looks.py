"""What words look like: a headline, an outlet's name, a label, capitals."""

from __future__ import annotations

import re

from .captions import dateline
from .model import PASSED, Kind, Row
from .words import AGENCIES, LABELS, PUBLISHERS, READ_ON

LABELLED = re.compile(
    r"^[*_]{0,2}([^\W\d_][^:：|<>\n]{0,30}?)[*_]{0,2}\s*(?:[:：][*_]{0,2}(?:\s+|$)|：)(.*)$", re.DOTALL
)
PIECES = re.compile(r"\s*[|·•⋅∙‧¦]\s*|\s+[–—]\s+|\s+-\s+|\s*//\s*|\s*;\s+")
ENDS = re.compile(r"[.。…!?！？:;,][\"'”’»)\]]*$|[.。]$")
SENTENCE_END = re.compile(r"(?:(?<!\b[A-Z])(?<!\b[A-Z]\.[A-Z])[.。]|[:;,])[\"'”’»)\]]*$")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]\.){2,}|\b(?:Jr|Sr|Inc|Corp|Co|Ltd|etc|No|vs|a\.m|p\.m|St|Mio|Mrd|bzw)\.|\.\.\.)$"
)


def known_label(text: str) -> bool:
    """Whether the words open with a label of an export ("Author: …"), not with a headline's own colon."""
    match = LABELLED.match(text)
    return match is not None and match[1].strip().casefold() in LABELS


def whole_link(row: Row) -> bool:
    return any(anchor.words == row.text for anchor in row.anchors)


def is_source(text: str) -> bool:
    """Whether the words can be a publisher's or agency's name."""
    bare = re.sub(r"^(?:the|source:|via|from|©)\s+", "", text.strip(" ()[]."), flags=re.IGNORECASE)
    if bare.casefold() in AGENCIES:
        return True
    words = bare.split()
    return (
        bool(words)
        and len(words) <= 6
        and PUBLISHERS.search(bare) is not None
        and bare[0].isalnum()
        and not ENDS.search(bare)
    )


def shouts(text: str) -> bool:
    """Whether the words stand in capitals; a script without case never does ("G7広島" has one letter)."""
    letters = [char for char in text if char.isalpha()]
    cased = sum(1 for char in letters if char.isupper() or char.islower())
    return text.isupper() and cased * 2 > len(letters)


def titleish(row: Row) -> bool:
    """Whether the words could be a headline: short, begun with a capital, not ended as a sentence."""
    if row.kind is Kind.TITLE:
        return True
    text = row.text
    if (
        row.kind is not Kind.TEXT
        or not text
        or len(text) > 220
        or row.section in ("text", "related", "signed")
    ):
        return False
    if text.endswith((" ...", " …")) or (dateline(text) and not row.level):
        return False  # a snippet; a report's first words
    if not any(char.isalnum() for char in text):
        return False
    if row.level:
        return len(text) <= 220
    words = len(text.split())
    if words > 32 or text[0].islower():
        return False
    if SENTENCE_END.search(text) and not ABBREVIATED.search(text):
        # a headline in bold or upon a link may end in a full stop, never in a comma
        return (
            (row.bold or whole_link(row)) and words <= 20 and text[-1] not in ",;:" and text.count(". ") == 0
        )
    if re.search(r"[a-z]{3}[.!?][\"”’']?\s+[A-ZÀ-Ý\"“]", text) and words > 14:
        return row.bold  # several sentences
    return True


def ahead(rows: list[Row], index: int) -> tuple[set[Kind], Row | None]:
    """The kinds of the rows right after `index`, and the first row that is words, a rule or a section."""
    kinds: set[Kind] = set()
    for row in rows[index + 1 : index + 9]:
        if row.kind not in PASSED:
            return kinds, row
        kinds.add(row.kind)
    return kinds, None


def own_link(row: Row) -> bool:
    """A headline that brings its own address: upon it, or right behind it."""
    return any(not anchor.words or not READ_ON.fullmatch(anchor.words) for anchor in row.anchors)
