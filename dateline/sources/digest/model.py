"""What a digest is read into: rows with their line numbers, and the digest that comes of them.

Every shape (plain text, Markdown, HTML, mail) becomes the same list of `Row`s; one grammar then
makes items of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from dateline.models import Caption, DigestItem, Moment


@dataclass(slots=True)
class Digest:
    """A digest as read: its items in order, its own date, and notes on what was odd."""

    file: str
    received_at: Moment | None = None
    items: list[DigestItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Anchor:
    """A link in a row: the words that it stands on ("" if none) and its address, unwrapped."""

    words: str
    url: str


class Kind(Enum):
    """What a row is."""

    TEXT = auto()  # a paragraph
    TITLE = auto()  # looks like a headline
    SECTION = auto()
    BYLINE = auto()
    DATE = auto()
    LINK = auto()  # nothing but an address, or words like "Read more" upon one
    CAPTION = auto()
    SOURCE = auto()  # the name of a publisher, counts of words, reading time: no text
    RULE = auto()  # a line of dashes: a separator
    BOILERPLATE = auto()
    LABEL = auto()  # "BODY:" and the like: says that text follows


# What binds a headline to the rows below it, and what may stand between it and its text.
META = frozenset((Kind.BYLINE, Kind.DATE, Kind.LINK))
PASSED = META | {Kind.SOURCE, Kind.CAPTION, Kind.LABEL}


@dataclass(slots=True)
class Row:
    """One line or paragraph with the lines of the file that it came from (from 1, inclusive)."""

    start: int
    end: int
    text: str
    anchors: list[Anchor] = field(default_factory=list)
    gap: int = 0  # blank lines before it; 0 binds it to the row above
    level: int = 0  # of a heading, 1 to 6; 0 for none
    bold: bool = False  # emphasised as a whole
    italic: bool = False  # the same, as captions and credits are
    lead: str = ""  # its first words, where only these are emphasised
    bullet: str = ""  # "-", "1." … that opened it
    kind: Kind = Kind.TEXT
    # what classification found in it
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    date: str | None = None
    section: str | None = None
    caption: Caption | None = None
    place: str | None = None  # of a labelled dateline
    forced: bool = False  # a label or the markup says what it is: nothing to weigh

    @property
    def lines(self) -> range:
        """The lines that it covers."""
        return range(self.start, self.end + 1)
