"""The digest's own head: its name, date, greeting and introduction, which belong to no item."""

from __future__ import annotations

import re

from .captions import dateline
from .dates import day_in
from .looks import own_link, titleish
from .model import PASSED, Kind, Row
from .words import GREETING, MASTHEAD

_HOME_PAGE = re.compile(r"https?://[^/]+/?$")


def preamble(rows: list[Row], starts: set[int]) -> tuple[list[Row], set[int]]:
    """Without the digest's own name, date, greeting and introduction above the first item."""
    for index in sorted(starts)[:2]:
        if index < 8 and _is_masthead(rows, starts, index):
            starts.discard(index)
    if (hidden := _below_masthead(rows, min(starts, default=len(rows)))) is not None:
        starts.add(hidden)
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
        elif row.kind is Kind.LINK:
            # an address before any headline is an item; only a logo's or a home page's is not
            if row.bullet == "image" or all(_HOME_PAGE.match(anchor.url) for anchor in row.anchors):
                dropped.add(index)
        elif row.kind in PASSED and not bound and not _credits_above(rows, starts, index, first):
            own = any(other.kind is Kind.DATE for other in rows[first : first + 6])
            date = row.kind is Kind.DATE and (len(starts) > 1 or own) and index > ruled and ruled < 0
            if masthead or date or MASTHEAD.search(row.text):
                dropped.add(index)
    for index in dropped:
        rows[index].kind = Kind.BOILERPLATE
    kept = [n for n in range(len(rows)) if n not in dropped]
    place = {old: new for new, old in enumerate(kept)}
    return [rows[n] for n in kept], {place[n] for n in starts if n in place}


def _credits_above(rows: list[Row], starts: set[int], index: int, first: int) -> bool:
    """Whether the row credits the first item: in a digest whose other items have their credits above too."""
    if any(row.kind not in (Kind.BYLINE, Kind.SOURCE) or row.gap > 1 for row in rows[index + 1 : first]):
        return False
    return rows[index].kind is Kind.BYLINE and any(
        n > first and any(row.kind is Kind.BYLINE for row in rows[n - 2 : n]) for n in starts
    )


def _below_masthead(rows: list[Row], first: int) -> int | None:
    """The headline of an item that stands between the digest's own head and the first sure start.

    Nothing but its text and its address tells it from the head: so it begins right below the last row
    that is the head's for sure.
    """
    address = next(
        (
            n
            for n in range(first)
            if rows[n].kind is Kind.LINK
            and rows[n].bullet != "image"
            and not all(_HOME_PAGE.match(anchor.url) for anchor in rows[n].anchors)
        ),
        None,
    )
    if address is None:
        return None
    begin = 0
    for n in range(address):
        row = rows[n]
        if row.kind is Kind.RULE or (
            row.kind in (Kind.TEXT, Kind.DATE, Kind.SOURCE)
            and (row.kind is not Kind.TEXT or MASTHEAD.search(row.text) or GREETING.match(row.text))
        ):
            begin = n + 1
    inside = rows[begin:address]
    paragraphs = any(row.kind is Kind.TEXT and not titleish(row) for row in inside[1:])
    return begin if begin and inside and titleish(inside[0]) and paragraphs else None


def _is_masthead(rows: list[Row], starts: set[int], index: int) -> bool:
    row = rows[index]
    if own_link(row) and not (row.level == 1 and MASTHEAD.search(row.text)):
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
        dated = index == 0 and day_in(row.text) is not None
        if not dated and other.kind is Kind.BYLINE and other.byline and re.match(r"(?i)by\s", other.byline):
            return False
        if other.kind is Kind.TEXT and not GREETING.match(other.text):
            words += len(other.text)
            if words > 300 or other.anchors or dateline(other.text):
                return False
    return False
