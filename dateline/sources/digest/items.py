"""Rows into items: which row opens an item, and what each of its rows is to it.

A headline is known by its company: a byline, date or link below it, a rule or section above it, a
dateline in the paragraph after it, its markup, or its place in a numbered list. A short line without
such company is a subheading and stays in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dateline.models import Caption, Dateline, DigestItem

from .captions import caption, dateline
from .classify import is_source, titleish
from .furniture import key, related
from .join import continues, join
from .model import Anchor, Kind, Row
from .people import bare_name
from .words import GREETING, KICKERS, MASTHEAD, READ_ON, SECTIONS

_META = frozenset((Kind.BYLINE, Kind.DATE, Kind.LINK))
_PASSED = _META | {Kind.SOURCE, Kind.CAPTION, Kind.LABEL}
_SOCIAL = re.compile(
    r"https?://(?:www\.)?(?:twitter|x|facebook|linkedin|instagram|t\.me|wa\.me|api\.whatsapp|reddit|pinterest)\b"
)


@dataclass(slots=True)
class _Draft:
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


def items_of(rows: list[Row], file: str) -> list[DigestItem]:
    """The items that classified rows make up, in order. Boilerplate rows are passed over."""
    rows = _kept(rows)
    related(rows)
    _publishers(rows)
    _bare_bylines(rows)
    _sections(rows)
    starts = _starts(rows)
    rows, starts = _preamble(rows, starts)
    drafts = _Builder(rows, starts).build()
    _carry_sections(drafts)
    drafts = [draft for draft in drafts if not draft.empty]
    if len(drafts) > 1 and not _substance(drafts[0]) and all(_substance(draft) for draft in drafts[1:]):
        del drafts[0]  # a title with nothing below it over items that have more: the digest's own name
    return [_item(draft, file) for draft in drafts]


def _substance(draft: _Draft) -> bool:
    return bool(draft.links or draft.paragraphs or draft.byline or draft.captions)


def _kept(rows: list[Row]) -> list[Row]:
    """Rows without boilerplate; what stood between two rows leaves at least a gap of one."""
    kept: list[Row] = []
    gap = 0
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else None
        read_on = (
            row.kind is Kind.TEXT
            and not row.anchors
            and len(row.text) < 60
            and READ_ON.fullmatch(row.text)
            and following is not None
            and following.kind is Kind.LINK
        )
        if row.kind is Kind.BOILERPLATE or read_on:
            gap = max(gap, row.gap, 0 if read_on else 1)
            continue
        row.gap = max(row.gap, gap)
        gap = 0
        kept.append(row)
    return kept


def _publishers(rows: list[Row]) -> None:
    """A publisher's name on a row of its own, below a headline or above one with its date, is no words."""
    for index, row in enumerate(rows):
        text = row.text
        if row.kind is not Kind.TEXT or row.anchors or row.level or len(text.split()) > 6 or row.bullet:
            continue
        before = rows[index - 1] if index else None
        if before is not None and row.gap <= 1 and titleish(before):
            suffixed = re.search(r"\s[-–—|]\s+" + re.escape(text) + r"$", before.text) is not None
            following = rows[index + 1] if index + 1 < len(rows) else None
            plain = is_source(text) and row.gap == 0 and following is not None and following.gap == 0
            if suffixed or (
                plain and (following is None or following.kind in (Kind.TEXT, Kind.LINK, Kind.DATE))
            ):
                row.kind = Kind.SOURCE
                continue
        after = rows[index + 1] if index + 1 < len(rows) else None
        amid = before is not None and before.kind in (Kind.BYLINE, Kind.DATE) and row.gap == 0
        if amid and is_source(text) and (after is None or after.kind in _PASSED or after.gap):
            row.kind = Kind.SOURCE
            continue
        if is_source(text):
            kinds, stop = _ahead(rows, index)
            if (
                Kind.DATE in kinds
                and not kinds & {Kind.BYLINE, Kind.LINK}
                and stop is not None
                and titleish(stop)
            ):
                row.kind = Kind.SOURCE


def _bare_bylines(rows: list[Row]) -> None:
    """A person's name alone between a headline and a date is a byline without its "By"."""
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if (
            row.kind is Kind.TEXT
            and not row.level
            and not row.anchors
            and titleish(before)
            and bare_name(row.text)
        ):
            bound = (
                row.gap == 0
                and before.text
                and len(before.text.split()) > 3
                and after.kind in (Kind.LINK, Kind.TEXT)
            )
            if after.kind is Kind.DATE or (bound and row.section == "byline") or row.section == "byline":
                row.kind, row.byline, row.authors = Kind.BYLINE, row.text, [row.text]


# --- section labels ------------------------------------------------------------------------------


def _known(text: str) -> bool:
    bare = text.strip(" :.-–—/|*").casefold()
    if bare in SECTIONS or bare in KICKERS:
        return True
    parts = [
        part.strip()
        for part in re.split(r"\s*[|/,&›>:–—-]\s*|\s+(?:and|und|et|y|e)\s+", bare)
        if part.strip()
    ]
    return len(parts) > 1 and all(part in SECTIONS for part in parts)


def _sections(rows: list[Row]) -> None:
    """Marks the rows that are section labels; `level` 0 and no mark means a label in plain text."""
    for index, row in enumerate(rows):
        if row.kind is Kind.SECTION or row.kind is not Kind.TEXT or not row.text or row.section == "text":
            continue
        text = row.text
        words = len(text.split())
        following = next((n for n in rows[index + 1 : index + 4] if n.kind is not Kind.RULE), None)
        if following is None or words > 6 or len(text) > 60 or row.bullet not in ("", "=", "#", "•"):
            continue
        linked = any(not _known(anchor.words) or anchor.words != text for anchor in row.anchors)
        if linked:
            continue
        if (
            (row.bullet == "=" and row.forced)
            or (row.level and following.level > row.level and not (index == 0 and MASTHEAD.search(text)))
            or (
                _known(text)
                and (
                    text.isupper()
                    or row.level
                    or row.bold
                    or titleish(following)
                    or following.kind is Kind.SECTION
                )
                and not (following.kind in (Kind.BYLINE, Kind.DATE) and following.gap == 0)
            )
            or (
                text.isupper()
                and words <= 4
                and not row.level
                and titleish(following)
                and not following.text.isupper()
                and text[-1] not in "?!"
                and not (index == 0 and MASTHEAD.search(text))
            )
        ):
            row.kind = Kind.SECTION
        if row.kind is Kind.SECTION:
            row.section = text.strip(" :|-–—*")


# --- where items start ---------------------------------------------------------------------------


def _ahead(rows: list[Row], index: int) -> tuple[set[Kind], Row | None]:
    """The kinds of the rows right after `index`, and the first row that is words, a rule or a section."""
    kinds: set[Kind] = set()
    for row in rows[index + 1 : index + 9]:
        if row.kind not in _PASSED:
            return kinds, row
        kinds.add(row.kind)
    return kinds, None


def _whole_link(row: Row) -> bool:
    bare = key(row.text)
    return any(anchor.words and key(anchor.words) == bare for anchor in row.anchors)


def _own_link(row: Row) -> bool:
    """A headline that brings its own address: upon it, or right behind it."""
    return any(not anchor.words or not READ_ON.fullmatch(anchor.words) for anchor in row.anchors)


def _starts(rows: list[Row]) -> set[int]:
    """The indices of the rows that are items' titles."""
    candidates = [n for n, row in enumerate(rows) if titleish(row)]
    levels = _item_levels(rows, candidates)
    numbered = _numbered(rows, candidates)
    doubled = _double_gaps(rows, candidates)
    starts: set[int] = set()
    weak: list[int] = []
    bold: list[int] = []
    for index in candidates:
        row = rows[index]
        kinds, stop = _ahead(rows, index)
        before = rows[index - 1] if index else None
        meta = bool(kinds & _META) or _own_link(row)
        follows = stop if stop is not None and stop.kind is Kind.TEXT and not titleish(stop) else None
        if row.kind is Kind.TITLE or index in numbered:
            starts.add(index)
        elif row.level:
            if row.level in levels or (meta and row.level >= min(levels, default=0)):
                starts.add(index)
        elif meta and (_own_link(row) or _bound(rows, index)):
            starts.add(index)
        elif before is not None and before.kind is Kind.LINK and not row.gap and (before.gap or index == 1):
            starts.add(index)  # the address stands above its headline
        elif follows is None:
            continue
        elif (
            before is None
            or before.kind in (Kind.RULE, Kind.SECTION)
            or ((found := dateline(follows.text)) and (found.agency or len(row.text.split()) > 3))
            or Kind.SOURCE in kinds
            or (before.kind in (Kind.LINK, Kind.SOURCE) and _after_text(rows, index))
            or (
                row.gap and ((doubled and row.gap >= 2) or (row.text.isupper() and len(row.text.split()) > 3))
            )
        ):
            starts.add(index)
        elif row.gap and row.bold:
            bold.append(index)
        elif row.gap and follows.gap and not row.bullet and _headline_like(row.text, follows.text):
            weak.append(index)
    if not levels and (not starts or len(bold) > len(starts)):
        starts.update(bold)
    if not levels:
        starts.update(n for n in weak if _ended(rows, n))
    return starts


def _headline_like(text: str, below: str) -> bool:
    """Too long for a subheading, over a paragraph of some length, and no broken sentence."""
    return len(text.split()) >= 6 and len(below) >= 60 and not continues(text, below)


def _bound(rows: list[Row], index: int) -> bool:
    """Whether the byline, date or link below belongs to this row, and not to the item above it.

    A link under a short line may close the item above ("Read more" in other words); it is bound if
    the line is a headline by its length or shares a block with what follows.
    """
    kinds, _ = _ahead(rows, index)
    if kinds & {Kind.BYLINE, Kind.DATE}:
        return True
    following = rows[index + 1] if index + 1 < len(rows) else None
    return following is not None and (following.gap == 0 or len(rows[index].text.split()) >= 3 or index == 0)


def _item_levels(rows: list[Row], candidates: list[int]) -> set[int]:
    """The heading levels that items' titles have in this digest."""
    counts: dict[int, list[int]] = {}
    for index in candidates:
        if level := rows[index].level:
            kinds, stop = _ahead(rows, index)
            entry = counts.setdefault(level, [0, 0])
            entry[0] += 1
            entry[1] += bool(kinds & _META) or _own_link(rows[index])
    if not counts:
        return set()
    with_meta = {level for level, (_, meta) in counts.items() if meta}
    if with_meta:
        return with_meta
    for level in sorted(counts):
        deeper = sum(count for other, (count, _) in counts.items() if other > level)
        if counts[level][0] == 1 and deeper >= 2:
            continue  # one heading over several: the digest's own name
        return {level}
    return {min(counts)}


def _numbered(rows: list[Row], candidates: list[int]) -> set[int]:
    """Titles of a numbered digest: 1, 2, 3 … each with more below it than the next number."""
    numbers = [
        (int(match[0]), index)
        for index in candidates
        if rows[index].bullet and (match := re.search(r"\d+", rows[index].bullet))
    ]
    if not numbers or (len(numbers) == 1 and numbers[0][0] != 1):
        return set()
    run = [
        index
        for place, (number, index) in enumerate(numbers)
        if place == 0 or number == numbers[place - 1][0] + 1 or number == 1
    ]
    apart = sum(1 for left, right in zip(run, run[1:], strict=False) if right - left > 1)
    linked = sum(1 for index in run if rows[index].anchors)
    return set(run) if len(run) >= 2 and (apart * 2 >= len(run) - 1 or linked * 2 >= len(run)) else set()


def _double_gaps(rows: list[Row], candidates: list[int]) -> bool:
    """Whether two or more empty lines stand before titles and never inside the text."""
    titles = set(candidates)
    before_titles = sum(1 for n in candidates if n and rows[n].gap >= 2 and rows[n - 1].kind is Kind.TEXT)
    inside = sum(
        1
        for n in range(1, len(rows))
        if n not in titles
        and rows[n].gap >= 2
        and rows[n].kind is Kind.TEXT
        and rows[n - 1].kind is Kind.TEXT
        and n - 1 not in titles
    )
    return before_titles > 0 and inside == 0


def _after_text(rows: list[Row], index: int) -> bool:
    """Whether the rows of links or sources right above stand below some text."""
    above = index - 1
    while above >= 0 and index - above < 6 and rows[above].kind in _PASSED:
        above -= 1
    return above >= 0 and rows[above].kind is Kind.TEXT


def _ended(rows: list[Row], index: int) -> bool:
    before = rows[index - 1] if index else None
    return (
        before is None
        or before.kind is not Kind.TEXT
        or re.search(r"[.!?…][\"'”’»)\]]*$", before.text) is not None
    )


def _preamble(rows: list[Row], starts: set[int]) -> tuple[list[Row], set[int]]:
    """Without the digest's own name, date, greeting and introduction above the first item."""
    for index in sorted(starts)[:2]:
        if index < 8 and _is_masthead(rows, starts, index):
            starts.discard(index)
    if not starts:
        return rows, starts
    first = min(starts)
    ruled = next((n for n in range(first - 1, -1, -1) if rows[n].kind is Kind.RULE), -1)
    head = [row for row in rows[:first] if row.kind is Kind.TEXT]
    masthead = any(MASTHEAD.search(row.text) for row in head) or (bool(head) and titleish(head[0]))
    dropped: set[int] = set()
    for index, row in enumerate(rows[:first]):
        bound = all(other.gap == 0 for other in rows[index + 1 : first + 1])
        if row.kind is Kind.TEXT:
            if (
                titleish(row)
                or GREETING.match(row.text)
                or (masthead and len(row.text) < 400 and not row.anchors)
            ):
                dropped.add(index)
        elif row.kind in _PASSED and not bound:
            date = row.kind is Kind.DATE and len(starts) > 1 and index > ruled and ruled < 0
            if masthead or date:
                dropped.add(index)
    for index in dropped:
        rows[index].kind = Kind.BOILERPLATE
    kept = [n for n in range(len(rows)) if n not in dropped]
    place = {old: new for new, old in enumerate(kept)}
    return [rows[n] for n in kept], {place[n] for n in starts if n in place}


def _is_masthead(rows: list[Row], starts: set[int], index: int) -> bool:
    row = rows[index]
    if _own_link(row) and not (row.level == 1 and MASTHEAD.search(row.text)):
        return False
    named = MASTHEAD.search(row.text) is not None and len(row.text.split()) <= 12
    if row.kind is Kind.TITLE:
        return False
    alone = (
        row.level
        and sum(1 for n in starts if rows[n].level == row.level) == 1
        and any(rows[n].level > row.level for n in starts)
    )
    if not named and not alone:
        return False
    words = 0
    for position in range(index + 1, min(index + 14, len(rows))):
        other = rows[position]
        if position in starts:
            return True
        if other.kind is Kind.SECTION:
            return words == 0 or bool(GREETING.match(rows[position - 1].text)) or words < 400
        if other.kind is Kind.BYLINE and other.byline and re.match(r"(?i)by\s", other.byline):
            return False
        if other.kind is Kind.TEXT and not GREETING.match(other.text):
            words += len(other.text)
            if words > 300 or other.anchors or dateline(other.text):
                return False
    return False


# --- building ------------------------------------------------------------------------------------


class _Builder:
    """Goes through the rows once; each row opens an item or joins the one at hand."""

    def __init__(self, rows: list[Row], starts: set[int]) -> None:
        self.rows = rows
        self.starts = starts
        self.drafts: list[_Draft] = []
        self.draft: _Draft | None = None
        self.boundary = False
        self.section: Row | None = None

    def build(self) -> list[_Draft]:
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

    def _open(self) -> _Draft:
        self.draft = _Draft()
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
        inside = row.bullet in ("*", "•", "·", "#", "★", "☆", "~", "◆", "■") and following is not None
        if inside and following is not None and index + 1 not in self.starts and following.kind is Kind.TEXT:
            if (
                self.draft is not None
                and self.draft.title
                and self.draft.paragraphs
                and not dateline(following.text)
            ):
                return  # asterisks between paragraphs are the article's own pause
        draft = self.draft
        if draft is not None and draft.title and not draft.paragraphs and following is not None:
            if following.kind is Kind.TEXT and index + 1 not in self.starts:
                return  # between the head and the text of one item
            if following.kind in _PASSED and not draft.links:
                return
        self.boundary = True

    def _label(self, row: Row) -> None:
        draft = self.draft
        if row.forced and row.bullet != "=" and draft is not None and not draft.section and not self.boundary:
            # "Section: World" among an item's labelled lines
            if not draft.paragraphs or row.gap == 0:
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
            kinds, _ = _ahead(self.rows, index)
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
        if match and _known(match[1] or match[2]) and draft.section is None:
            draft.section, text = (match[1] or match[2]).strip(), text[match.end() :]
            draft.note("section", row)
        draft.title = text
        draft.note("title", row)
        draft.add_links(row.anchors, draft.header_links, row)

    def _is_deck(self, index: int, row: Row, draft: _Draft) -> bool:
        """A second headline under the first, with nothing of its own: the item's deck."""
        if row.kind is Kind.TITLE or row.anchors or row.level or index in self._strongly():
            return False
        if draft.links or draft.byline or draft.date:
            kinds, _ = _ahead(self.rows, index)
            return not kinds & _META and row.gap <= 1 and not self._double(row)
        return row.gap == 0 or not row.bullet

    def _strongly(self) -> frozenset[int]:
        return frozenset()

    @staticmethod
    def _double(row: Row) -> bool:
        return row.gap >= 2

    def _words(self, index: int, row: Row) -> None:
        draft = self.draft
        if row.section == "related" and draft is not None:
            draft.add_links(row.anchors, draft.inline_links, row)
            return
        if draft is None or self._opens(index, row, draft):
            draft = self._open()
        if draft.title and not draft.paragraphs and key(row.text) == key(draft.title) and row.text:
            draft.captions.append(Caption(text=row.text))
            draft.note("captions", row)
            return
        self._paragraph(draft, row)

    def _opens(self, index: int, row: Row, draft: _Draft) -> bool:
        """Whether words without a headline are an item of their own."""
        if self.boundary:
            return bool(draft.paragraphs) or self.section is not None or not draft.title
        if not draft.paragraphs:
            return (
                not draft.title
                and bool(draft.links)
                and row.gap > 0
                and bool(row.anchors)
                and bool(row.bullet)
            )
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
        if draft.later_links and not draft.header_links and row.gap:
            for following in self.rows[index + 1 : index + 5]:
                if following.kind is Kind.LINK:
                    return True
                if following.kind is not Kind.TEXT:
                    break
        return False

    def _paragraph(self, draft: _Draft, row: Row) -> None:
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
        if row.date and not draft.date:
            draft.date = row.date
            draft.note("printed_date", row)
        if (
            row.section
            and row.kind in (Kind.BYLINE, Kind.DATE)
            and not draft.section
            and row.section != "byline"
        ):
            draft.section = row.section
            draft.note("section", row)
        if row.kind is Kind.SOURCE and row.gap == 0:
            draft.rows.append(row)

    def _opens_with(self, index: int, row: Row, draft: _Draft) -> bool:
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
        if (
            row.kind is Kind.LINK
            and draft.title
            and not draft.paragraphs
            and not row.text
            and len(draft.rows) == 1
        ):
            if draft.rows[0].anchors and (row.bullet or row.gap == 0):
                return True  # the same, where some addresses have words beside them
        if self.boundary:
            return not draft.empty or self.section is not None
        bound = (
            following is not None
            and index + 1 in self.starts
            and following.gap == 0
            and row.gap > 0
            and row.kind in (Kind.LINK, Kind.DATE, Kind.SOURCE)
        )
        if not bound or not (draft.paragraphs or draft.title):
            return False
        if row.kind is Kind.LINK:
            kinds, _ = _ahead(self.rows, index + 1)
            return bool(draft.header_links) and Kind.LINK not in kinds
        return bool(draft.date) or row.kind is Kind.SOURCE

    def _caption(self, index: int, draft: _Draft, row: Row) -> None:
        found = row.caption
        assert found is not None
        if draft.paragraphs and not row.forced:
            found = caption(row.text, in_body=True)
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


def _carry_sections(drafts: list[_Draft]) -> None:
    """A department's label stands over all items until the next; a kicker over its own alone."""
    labels = [row for draft in drafts for row in draft.rows if row.kind is Kind.SECTION]
    current: Row | None = None
    name: str | None = None
    for draft in drafts:
        own = next((row for row in draft.rows if row.kind is Kind.SECTION), None)
        if own is not None:
            marked = bool(own.level) or own.bullet == "="
            group = (
                draft.section is not None
                and draft.section.casefold() not in KICKERS
                and not own.text.startswith("Section")
            )
            carries = group and (marked or len(labels) > 1) and not (own.forced and own.bullet != "=")
            current, name = (own, draft.section) if carries else (None, None)
        elif draft.section is None and current is not None:
            draft.section = name
            draft.lines["section"] = list(current.lines)


def _item(draft: _Draft, file: str) -> DigestItem:
    lead = next((found for text in draft.paragraphs[:2] if (found := dateline(text))), None)
    if draft.place and lead is None:
        lead = Dateline(place=draft.place)
    if lead is not None and "dateline" not in draft.lines and draft.paragraph_rows:
        draft.lines["dateline"] = [draft.paragraph_rows[0].start]
    link = _main_link(draft)
    if link:
        first = next(row for row in draft.rows if any(anchor.url == link for anchor in row.anchors))
        draft.lines["link"] = list(first.lines)
    covered = [row for row in draft.rows if row.kind is not Kind.SECTION or row.section]
    return DigestItem(
        file=file,
        start_line=min(row.start for row in covered),
        end_line=max(row.end for row in covered),
        title=draft.title,
        section=draft.section,
        byline=draft.byline,
        authors=draft.authors,
        printed_date=draft.date,
        link=link,
        links=draft.links,
        captions=draft.captions,
        dateline=lead,
        text="\n\n".join(draft.paragraphs),
        lines=draft.lines,
    )


def _main_link(draft: _Draft) -> str | None:
    """The story's own address: on its title or in its head, else below its text, else in a short teaser."""
    pools = [draft.header_links, draft.later_links]
    if sum(map(len, draft.paragraphs)) < 700 and len(draft.paragraphs) <= 3:
        pools.append(draft.inline_links)
    for pool in pools:
        for url in pool:
            if not _SOCIAL.match(url):
                return url
    return next((url for pool in pools for url in pool), None)
