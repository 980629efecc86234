"""The lay-out of a digest: which rows open items, which are section labels, which are its own head.

A headline is known by its company: a byline, date or link below it, a rule or section above it, a
dateline in the paragraph after it, its markup, or its place in a numbered list. A short line without
such company is a subheading and stays in the text.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .captions import dateline
from .furniture import key, related
from .join import continues
from .looks import SENTENCE_END, ahead, is_source, own_link, shouts, titleish
from .masthead import preamble
from .model import META, PASSED, Kind, Row
from .people import ROLES, bare_name, paper_name
from .words import KICKERS, MASTHEAD, READ_ON, SECTIONS

_SQUARES = "•■◆●▼★◼▪"  # before a section label as before any other heading


def lay_out(rows: list[Row]) -> tuple[list[Row], set[int]]:
    """The rows that belong to items, and the indices of those that are items' titles.

    Rows of the digest's own head become boilerplate, in place; section labels get their kind.
    """
    rows = _kept(rows)
    related(rows)
    _sentence_titles(rows)
    _publishers(rows)
    _bare_bylines(rows)
    _sections(rows)
    return preamble(rows, _starts(rows))


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
        if amid and is_source(text) and (after is None or after.kind in PASSED or after.gap):
            row.kind = Kind.SOURCE
            continue
        bare = is_source(text) or paper_name(text)
        if (
            bare
            and before is not None
            and after is not None
            and before.kind is Kind.LINK
            and row.gap == after.gap == 0
            and titleish(after)
        ):
            row.kind = Kind.SOURCE  # address, outlet, headline
            continue
        glued = after is not None and after.kind is Kind.DATE and after.gap == 0 and row.gap > 0
        if bare or (glued and shouts(text) and len(text.split()) < 5):
            kinds, stop = ahead(rows, index)
            if (
                Kind.DATE in kinds
                and not kinds & {Kind.BYLINE, Kind.LINK}
                and (is_source(text) or (glued and (before is None or before.kind in (Kind.LINK, Kind.RULE))))
                and stop is not None
                and titleish(stop)
            ):
                row.kind = Kind.SOURCE


def _sentence_titles(rows: list[Row]) -> None:
    """A headline that ends in a full stop, where nothing but an item's head stands around it."""
    for index, row in enumerate(rows):
        after = rows[index + 1] if index + 1 < len(rows) else None
        first = index == 0 or rows[index - 1].kind in (Kind.RULE, Kind.SECTION)
        if not first or after is None or after.kind not in (Kind.BYLINE, Kind.DATE):
            continue
        if row.kind is Kind.TEXT and row.section is None and len(row.text) <= 120 and not dateline(row.text):
            row.kind = Kind.TEXT if titleish(row) else Kind.TITLE


_LOCATED = re.compile(
    r"(?P<name>[^,()]{5,40}?)(?:,\s|\s(?:in|at|à|en|aus|a)\s|\s\((?:in|à|en)\s)(?P<place>[A-ZÀ-Þ][\w'’.-]*(?:\s[A-ZÀ-Þ][\w'’.-]*){0,2})\)?"
)


def _located(text: str) -> str | None:
    """The reporter in "Joe Miller in Frankfurt", "Anna Berg, Oslo"; None where it is something else."""
    match = _LOCATED.fullmatch(text)
    return match["name"] if match and bare_name(match["name"]) and not is_source(text) else None


_SCRIPT_NAME = re.compile(
    "[\u4e00-\u9fff]{2,5}|[\u4e00-\u9fff\u3040-\u30ff]{2,8}記者|[\uac00-\ud7af]{2,4}(?: 기자)?"
)


def _role_below(row: Row, above: Row | None, below: Row) -> bool:
    """ "Ravi Menon" below a headline, and below him "Energy correspondent"."""
    return (
        above is not None
        and titleish(above)
        and row.gap <= 1
        and below.gap == 0
        and below.kind is Kind.TEXT
        and len(below.text.split()) <= 5
        and ROLES.search(below.text) is not None
        and not SENTENCE_END.search(below.text)
        and bare_name(row.text)
    )


def _bare_bylines(rows: list[Row]) -> None:
    """A person's name alone between a headline and a date is a byline without its "By"."""
    for index, row in enumerate(rows):
        if row.kind is not Kind.TEXT or row.level or row.anchors:
            continue
        above = rows[index - 1] if index else None
        below = rows[index + 1] if index + 1 < len(rows) else None
        if _SCRIPT_NAME.fullmatch(row.text) and above is not None and row.gap == 0 and titleish(above):
            if below is not None and below.kind is Kind.DATE and below.gap == 0:
                row.kind, row.byline, row.authors = Kind.BYLINE, row.text, [row.text]
            continue
        if below is not None and _role_below(row, above, below):
            row.kind, row.byline, row.authors = Kind.BYLINE, row.text, [row.text]
            below.kind = Kind.SOURCE
            continue
        amid = above is not None and above.kind is Kind.DATE and row.gap == above.gap == 0
        name = _located(row.text) or (row.text if amid and bare_name(row.text) else None)
        if below is None or name is None:
            continue
        if amid and index > 1:
            above = rows[index - 2]
        under = above is not None and row.gap == 0 and titleish(above) and len(above.text.split()) > 3
        under = under and (
            below.kind in (Kind.LINK, Kind.DATE) or (below.kind is Kind.TEXT and not titleish(below))
        )
        over = below.gap == 0 and row.gap > 0 and titleish(below) and len(below.text.split()) > 3
        over = over and index + 2 < len(rows) and rows[index + 2].kind in (Kind.TEXT, Kind.LINK, Kind.DATE)
        over = over and not titleish(rows[index + 2])
        if under or over:
            row.kind, row.byline, row.authors = Kind.BYLINE, row.text, [name]
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


def known(text: str) -> bool:
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
        if following is None or words > 6 or len(text) > 60 or row.bullet not in ("", "=", "#", *_SQUARES):
            continue
        linked = any(not known(anchor.words) or anchor.words != text for anchor in row.anchors)
        if linked:
            continue
        if (
            (row.bullet == "=" and row.forced)
            or (
                row.level
                and (following.bullet or following.bold)
                and titleish(following)
                and own_link(following)
            )
            or (row.level and following.level > row.level and not (index == 0 and MASTHEAD.search(text)))
            or (_over_addresses(rows, index) and not row.anchors)
            or (
                known(text)
                and (
                    shouts(text)
                    or row.level
                    or row.bold
                    or titleish(following)
                    or following.kind is Kind.SECTION
                )
                and not (following.kind in (Kind.BYLINE, Kind.DATE) and following.gap == 0)
            )
            or (
                shouts(text)
                and words <= 4
                and not row.level
                and titleish(following)
                and not shouts(following.text)
                and text[-1] not in "?!"
                and not (index == 0 and MASTHEAD.search(text))
            )
        ):
            row.kind = Kind.SECTION
        if row.kind is Kind.SECTION:
            row.section = text.strip(" :|-–—*")


def _over_addresses(rows: list[Row], index: int) -> bool:
    """A heading over two addresses and more, each a row of its own: it is the list's, not the first one's."""
    below = rows[index + 1 : index + 3]
    return len(below) == 2 and all(
        row.anchors and len(row.text.split()) <= 2 and not row.gap for row in below
    )


# --- where items start ---------------------------------------------------------------------------


def _whole_link(row: Row) -> bool:
    bare = key(row.text)
    return any(anchor.words and key(anchor.words) == bare for anchor in row.anchors)


def _starts(rows: list[Row]) -> set[int]:
    """The indices of the rows that are items' titles."""
    candidates = [n for n, row in enumerate(rows) if titleish(row) and not _goes_on(rows, n)]
    levels = _item_levels(rows, candidates)
    numbered = _numbered(rows, candidates)
    doubled = _double_gaps(rows, candidates)
    starts: set[int] = set()
    weak: list[int] = []
    bold: list[int] = []
    for index in candidates:
        row = rows[index]
        kinds, stop = ahead(rows, index)
        before = rows[index - 1] if index else None
        meta = bool(kinds & META) or own_link(row)
        follows = stop if stop is not None and stop.kind is Kind.TEXT and not titleish(stop) else None
        if row.kind is Kind.TITLE or index in numbered:
            starts.add(index)
        elif row.level:
            if row.level in levels or (meta and row.level >= min(levels, default=0)):
                starts.add(index)
        elif meta and (own_link(row) or _bound(rows, index)):
            starts.add(index)
        elif row.gap and _closed_by_link(rows, index) and (before is None or before.kind in _CLOSERS):
            starts.add(index)  # each block of the digest ends in its address
        elif before is not None and before.kind is Kind.LINK and not row.gap and (before.gap or index == 1):
            starts.add(index)  # the address stands above its headline
        elif follows is None:
            continue
        elif (
            before is None
            or before.kind in (Kind.RULE, Kind.SECTION)
            or ((found := dateline(follows.text)) and (found.agency or len(row.text.split()) > 3))
            or Kind.SOURCE in kinds
            or _below_credit(rows, index)
            or (before.kind in (Kind.LINK, Kind.SOURCE) and _after_text(rows, index))
            or (row.gap and ((doubled and row.gap >= 2) or (shouts(row.text) and len(row.text.split()) > 3)))
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
    return {_above_deck(rows, starts, n) for n in starts}


def _above_deck(rows: list[Row], starts: set[int], index: int) -> int:
    """The headline over a standfirst that brings the byline: the first words of its block."""
    above, row = index - 1, rows[index]
    if above < 1 or above in starts or row.anchors or row.level or row.bullet or row.bold or row.gap > 1:
        return index
    head, before = rows[above], rows[above - 1]
    plain = head.kind is Kind.TEXT and titleish(head) and not (head.anchors or head.bullet or head.level)
    opens = before.kind is Kind.RULE or (before.kind in (Kind.DATE, Kind.SOURCE) and head.gap > 0)
    kinds, _ = ahead(rows, index)
    return above if plain and opens and len(head.text.split()) > 2 and Kind.BYLINE in kinds else index


_CLOSERS = (Kind.LINK, Kind.RULE, Kind.SECTION)


def _closed_by_link(rows: list[Row], index: int) -> bool:
    """Whether the rows right below, without a gap, are some words and then a bare address."""
    block = []
    for row in rows[index + 1 : index + 9]:
        if row.gap:
            break
        block.append(row)
    words = [row for row in block if row.kind is Kind.TEXT]
    return len(block) > 1 and block[-1].kind is Kind.LINK and bool(words) and not words[0].level


def _goes_on(rows: list[Row], index: int) -> bool:
    """Whether the words go on in small letters in the next paragraph: half a sentence, no headline."""
    row, after = rows[index], rows[index + 1] if index + 1 < len(rows) else None
    plain = not (row.level or row.bold or row.anchors or row.bullet) and row.kind is Kind.TEXT
    return plain and after is not None and after.kind is Kind.TEXT and after.text[:1].islower()


def _headline_like(text: str, below: str) -> bool:
    """Too long for a subheading, over a paragraph of some length, and no broken sentence."""
    return len(text.split()) >= 6 and len(below) >= 60 and not continues(text, below)


def _bound(rows: list[Row], index: int) -> bool:
    """Whether the byline, date or link below belongs to this row, and not to the item above it.

    A link under a short line may close the item above ("Read more" in other words); it is bound if
    the line is a headline by its length or shares a block with what follows.
    """
    kinds, _ = ahead(rows, index)
    if kinds & {Kind.BYLINE, Kind.DATE}:
        return True
    following = rows[index + 1] if index + 1 < len(rows) else None
    return following is not None and (following.gap == 0 or len(rows[index].text.split()) >= 3 or index == 0)


def _item_levels(rows: list[Row], candidates: list[int]) -> set[int]:
    """The heading levels that items' titles have in this digest."""
    counts: dict[int, list[int]] = {}
    for index in candidates:
        if level := rows[index].level:
            kinds, _ = ahead(rows, index)
            entry = counts.setdefault(level, [0, 0])
            entry[0] += 1
            entry[1] += bool(kinds & META) or own_link(rows[index])
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
    apart = sum(1 for left, right in pairwise(run) if right - left > 1)
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
    while above >= 0 and index - above < 6 and rows[above].kind in PASSED:
        above -= 1
    return above >= 0 and rows[above].kind is Kind.TEXT


def _below_credit(rows: list[Row], index: int) -> bool:
    """Whether a block opens with a credit, a day or an outlet, and this is the first row of words in it."""
    above = index - 1
    while above >= 0 and index - above < 6 and rows[above].kind in (Kind.BYLINE, Kind.DATE, Kind.SOURCE):
        above -= 1
    if above >= 0 and rows[above].kind is Kind.LINK and (above == 0 or rows[above - 1].kind is Kind.RULE):
        above -= 1  # the address opens the block
    kinds = {row.kind for row in rows[above + 1 : index]}
    credited = Kind.BYLINE in kinds or {Kind.LINK, Kind.SOURCE} <= kinds
    if not credited:
        return False
    glued = rows[index].gap == 0 and rows[above + 1].gap > 0
    ends = (Kind.RULE, Kind.SECTION, Kind.LINK) if glued else (Kind.RULE, Kind.SECTION)
    return above < 0 or rows[above].kind in ends


def _ended(rows: list[Row], index: int) -> bool:
    before = rows[index - 1] if index else None
    return (
        before is None
        or before.kind is not Kind.TEXT
        or re.search(r"[.!?…][\"'”’»)\]]*$", before.text) is not None
    )
