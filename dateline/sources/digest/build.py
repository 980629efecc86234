"""Rows of a laid-out digest into drafts of items: each row opens one or joins the one at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dateline.models import Caption

from .captions import caption, dateline
from .furniture import key
from .join import continues, join
from .layout import known
from .looks import ahead
from .model import META, PASSED, Anchor, Kind, Row
from .words import READ_ON

_PAUSES = frozenset("*•·#★☆~◆■")


@dataclass(slots=True)
class Draft:
    """An item in the making."""

    rows: list[Row] = field(default_factory=list)
    title: str | None = None
    section: str | None = None
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    date: str | None = None
    place: str | None = None
    header_links: list[str] = field(default_factory=list)
    later_links: list[str] = field(default_factory=list)
    inline_links: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    paragraph_rows: list[Row] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)
    updated: Row | None = None  # says when the story was changed: its date if no other is printed

    @property
    def empty(self) -> bool:
        return not (self.title or self.paragraphs or self.links or self.captions)

    def note(self, name: str, row: Row) -> None:
        known = self.lines.setdefault(name, [])
        known.extend(number for number in row.lines if not known or number > known[-1])
        if not self.rows or self.rows[-1] is not row:
            self.rows.append(row)

    def add_links(self, anchors: list[Anchor], to: list[str], row: Row) -> None:
        for anchor in anchors:
            if anchor.url not in self.links:
                self.links.append(anchor.url)
            if anchor.url not in to:
                to.append(anchor.url)
        if anchors:
            self.note("links", row)


class Builder:
    """Goes through the rows once; each row opens an item or joins the one at hand."""

    def __init__(self, rows: list[Row], starts: set[int]) -> None:
        self.rows = rows
        self.starts = starts
        self.drafts: list[Draft] = []
        self.draft: Draft | None = None
        self.boundary = False
        self.section: Row | None = None

    def build(self) -> list[Draft]:
        for index, row in enumerate(self.rows):
            if row.kind is Kind.RULE:
                self._rule(index, row)
            elif row.kind is Kind.SECTION:
                self._label(row)
            elif index in self.starts:
                self._title(index, row)
            elif row.kind is Kind.TEXT or row.kind is Kind.TITLE:
                self._words(index, row)
            elif row.kind is not Kind.LABEL:
                self._fact(index, row)
        return self.drafts

    def _open(self) -> Draft:
        self.draft = Draft()
        self.drafts.append(self.draft)
        self.boundary = False
        if self.section is not None:
            row, self.section = self.section, None
            self.draft.section = row.section
            self.draft.note("section", row)
        return self.draft

    def _next(self, index: int) -> Row | None:
        return self.rows[index + 1] if index + 1 < len(self.rows) else None

    def _rule(self, index: int, row: Row) -> None:
        following = self._next(index)
        draft = self.draft
        if draft is not None and draft.title and following is not None:
            words = following.kind is Kind.TEXT and index + 1 not in self.starts
            if words and draft.paragraphs and row.bullet in _PAUSES and not dateline(following.text):
                return  # asterisks between paragraphs are the article's own pause
            if not draft.paragraphs and (words or (following.kind in PASSED and not draft.links)):
                return  # between the head and the text of one item
        self.boundary = True

    def _label(self, row: Row) -> None:
        draft = self.draft
        labelled = row.forced and row.bullet != "="  # "Section: World" among an item's labelled lines
        if labelled and draft is not None and not draft.section and not self.boundary:
            if draft.paragraphs and row.gap:
                self.section, self.boundary = row, True
                return
            draft.section = row.section
            draft.note("section", row)
            return
        self.section = row
        self.boundary = True

    def _title(self, index: int, row: Row) -> None:
        draft = self.draft
        fresh = draft is None or self.boundary or draft.title is not None or bool(draft.paragraphs)
        if (
            draft is not None
            and not fresh
            and draft.header_links
            and row.gap
            and not row.anchors
            and row.kind is not Kind.TITLE
        ):
            kinds, _ = ahead(self.rows, index)
            fresh = Kind.LINK in kinds  # a bare link above stands for itself
        if draft is not None and self.boundary and draft.empty:
            fresh = False
            self.boundary = False
            if self.section is not None:
                fresh = True
        if (
            draft is not None
            and draft.title
            and not draft.paragraphs
            and not self.boundary
            and self._is_deck(index, row, draft)
        ):
            self._paragraph(draft, row)
            return
        if fresh or draft is None:
            draft = self._open()
        match = re.match(r"\[([^\[\]]{2,30})\]\s+(?=\S)|([^|]{2,30}?)\s+\|\s+(?=\S)", row.text)
        text = row.text
        if match and known(match[1] or match[2]) and draft.section is None:
            draft.section, text = (match[1] or match[2]).strip(), text[match.end() :]
            draft.note("section", row)
        draft.title = text
        draft.note("title", row)
        draft.add_links(row.anchors, draft.header_links, row)

    def _is_deck(self, index: int, row: Row, draft: Draft) -> bool:
        """A second headline under the first, with nothing of its own: the item's deck."""
        if row.kind is Kind.TITLE or row.anchors or row.level:
            return False
        if draft.links or draft.byline or draft.date:
            kinds, _ = ahead(self.rows, index)
            return not kinds & META and row.gap <= 1 and row.gap < 2
        return row.gap == 0 or not row.bullet

    def _words(self, index: int, row: Row) -> None:
        draft = self.draft
        if row.section == "related" and draft is not None:
            draft.add_links(row.anchors, draft.inline_links, row)
            return
        if row.section == "signed" and draft is not None and draft.paragraphs:
            self._paragraph(draft, row)
            return
        if draft is None or self._opens(index, row, draft):
            draft = self._open()
        if draft.title and not draft.paragraphs and key(row.text) == key(draft.title) and row.text:
            draft.captions.append(Caption(text=row.text))
            draft.note("captions", row)
            return
        self._paragraph(draft, row)

    def _opens(self, index: int, row: Row, draft: Draft) -> bool:
        """Whether words without a headline are an item of their own."""
        if self.boundary:
            return bool(draft.paragraphs) or self.section is not None or not draft.title
        if not draft.paragraphs:
            return not draft.title and bool(draft.header_links) and bool(row.anchors)
        if (found := dateline(row.text)) and found.agency and dateline(draft.paragraphs[0]) and row.gap:
            return True
        if (
            row.bullet
            and row.anchors
            and draft.paragraph_rows
            and draft.paragraph_rows[-1].bullet
            and draft.paragraph_rows[-1].anchors
        ):
            return draft.title is None
        if row.bullet and row.anchors and draft.rows and draft.rows[-1].bullet and draft.links:
            return draft.title is None  # a list of addresses with words, each for itself
        if draft.later_links and not draft.header_links and row.gap:
            for following in self.rows[index + 1 : index + 5]:
                if following.kind is Kind.LINK:
                    return True
                if following.kind is not Kind.TEXT:
                    break
        return False

    def _paragraph(self, draft: Draft, row: Row) -> None:
        text = row.text
        read_on = [anchor for anchor in row.anchors if anchor.words and READ_ON.fullmatch(anchor.words)]
        others = [anchor for anchor in row.anchors if anchor not in read_on]
        draft.add_links(read_on, draft.later_links, row)
        draft.add_links(others, draft.inline_links, row)
        if not text:
            return
        if re.search(r"\d", row.bullet) and not row.forced:
            text = f"{row.bullet} {text}"
        last = draft.paragraph_rows[-1] if draft.paragraph_rows else None
        if last is not None and not row.bullet and continues(draft.paragraphs[-1], text):
            draft.paragraphs[-1] = join(draft.paragraphs[-1], text)
        else:
            draft.paragraphs.append(text)
        draft.paragraph_rows.append(row)
        draft.note("text", row)

    def _fact(self, index: int, row: Row) -> None:
        draft = self.draft
        if draft is None or self._opens_with(index, row, draft):
            draft = self._open()
        if row.place:
            draft.place = row.place
            draft.note("dateline", row)
        if row.kind is Kind.CAPTION:
            self._caption(index, draft, row)
            return
        if row.kind is Kind.LINK:
            to = draft.later_links if draft.paragraphs else draft.header_links
            draft.add_links(row.anchors, to, row)
        elif row.anchors:
            draft.add_links(row.anchors, draft.inline_links, row)
        if row.byline and not draft.byline:
            draft.byline, draft.authors = row.byline, row.authors
            draft.note("byline", row)
        elif row.byline and row.kind is Kind.BYLINE and not draft.paragraphs:
            draft.byline = f"{draft.byline}, {row.byline}"
            draft.authors = list(dict.fromkeys([*draft.authors, *row.authors]))
            draft.note("byline", row)
        if row.date and row.section == "updated":
            draft.updated = draft.updated or row
        elif row.date and not draft.date:
            draft.date = row.date
            draft.note("printed_date", row)
        if (
            row.section
            and row.kind in (Kind.BYLINE, Kind.DATE, Kind.SOURCE)
            and not draft.section
            and row.section not in ("byline", "updated")
        ):
            draft.section = row.section
            draft.note("section", row)
        if row.kind is Kind.SOURCE and row.gap == 0:
            draft.rows.append(row)

    def _opens_with(self, index: int, row: Row, draft: Draft) -> bool:
        """Whether a byline, date, link or caption is the first row of another item."""
        following = self._next(index)
        if (
            row.kind is Kind.LINK
            and not draft.title
            and not draft.paragraphs
            and draft.header_links
            and not self.section
        ):
            known = all(anchor.url in draft.links for anchor in row.anchors)
            return not known or row.gap <= 1  # a list of addresses: each for itself
        listed = row.bullet and draft.rows and draft.rows[-1].bullet and draft.links and not draft.title
        if row.kind is Kind.LINK and listed:
            return True
        heading = next((r for r in draft.rows if r.kind is not Kind.SECTION), None)
        bulleted = heading is not None and heading.bullet and heading.gap == row.gap > 0
        if row.kind is Kind.LINK and row.bullet and not row.text and bulleted and draft.links:
            return True  # an address alone among items of a list
        alone = (
            draft.title
            and not draft.paragraphs
            and len(own := [r for r in draft.rows if r.kind is not Kind.SECTION]) == 1
            and own[0].anchors
        )
        if row.kind is Kind.LINK and alone and not row.text and (row.bullet or row.gap == 0):
            return True  # the same, where some addresses have words beside them
        if self.boundary:
            return not draft.empty or self.section is not None
        bound = (
            following is not None
            and index + 1 in self.starts
            and following.gap == 0
            and row.gap > 0
            and row.kind in (Kind.LINK, Kind.DATE, Kind.SOURCE, Kind.BYLINE)
        )
        if not bound or not (draft.paragraphs or draft.title):
            return False
        if row.kind is Kind.LINK:
            kinds, _ = ahead(self.rows, index + 1)
            return bool(draft.header_links) and Kind.LINK not in kinds
        if row.kind is Kind.BYLINE:
            return bool(draft.paragraphs and draft.links)
        return bool(draft.date) or row.kind is Kind.SOURCE

    def _caption(self, index: int, draft: Draft, row: Row) -> None:
        found = row.caption
        assert found is not None
        if draft.paragraphs and not row.forced:
            found = caption(row.text, in_body=not row.italic)
            if found is None:
                self._paragraph(draft, row)
                return
        draft.add_links(row.anchors, draft.inline_links, row)
        if not found.text and found.credit:
            last = draft.captions[-1] if draft.captions else None
            if last is not None and last.credit is None:
                last.credit = found.credit
                draft.note("captions", row)
                return
            above = draft.paragraph_rows[-1] if draft.paragraph_rows else None
            if (
                above is not None
                and len(draft.paragraphs) == 1
                and row.gap == 0
                and self.rows[index - 1] is above
            ):
                draft.captions.append(Caption(text=draft.paragraphs.pop(), credit=found.credit))
                draft.paragraph_rows.pop()
                draft.lines.pop("text", None)
                draft.note("captions", above)
                draft.note("captions", row)
                return
        draft.captions.append(Caption(text=found.text, credit=found.credit))
        draft.note("captions", row)
