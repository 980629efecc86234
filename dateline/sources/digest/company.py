"""What a row is by the company it keeps: roles below a byline, sources below a headline, sign-offs.

`classify` looks at each row by itself; here its neighbours say what it could not: a short line right
below a byline is the writer's role or paper, one between a headline and its date is the outlet.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dateline.models import Caption

from .dates import may_end_date, printed_date
from .looks import is_source, titleish
from .model import Kind, Row
from .people import ROLES, bare_name, paper_name
from .words import LABELS, READ_ON

# Who else worked on a report: its last words, and never a report of their own.
_SIGNED = re.compile(
    r"""[-–—_*(\s]*(?:
    (?:additional\ )?(?:reporting|writing|editing|research|compiled|production)\ (?:and\ \w+\ )?by\ .{2,200}[.);]*$
    |.{3,160}\bcontributed\ (?:to\ (?:this|the)\ (?:report|story|article|piece)|(?:additional\ )?reporting|from\ [A-Z][\w\ ]+)\b.{0,80}$
    |[A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]+)+\ report(?:ed|s)\ from\ [A-Z].{0,200}\bcontributed\b.{0,60}$
    |(?:unter\ )?mitarbeit(?:\ von)?\s*:\s.{3,80}$
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Where to write, what else to follow.
_PROMOTES = re.compile(
    r"""[-–—_*(\s]*(?:
    (?:please\ )?write\ to\ [A-Z].{2,80}\bat\ \S+@\S+$
    |(?:e-?mail|contact)\ (?:the\ (?:author|reporter|writer)|[A-Z]\w+\ [A-Z]\w+)\b.{0,60}\S+@\S+$
    |follow\ .{2,60}\bon\ (?:twitter|x|facebook|instagram|bluesky|mastodon|threads)\b.{0,60}$
    |(?:follow|find|see|read)\ (?:the\ )?(?:more\ (?:of\ )?)?[A-Z][\w\ '’]{1,40}(?:full|complete|more)?\ ?(?:coverage|stories|reporting)\b.{0,120}$
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# What wires put above a report for editors.
_FOR_EDITORS = re.compile(
    r"(?:eds(?:\.|itors)?(?:['’] note)?\s*:\s.*|.{0,60}\bBC-[A-Z]{1,4}-.*|.{0,80},\s?(?:\d(?:st|nd|rd|th)\s)?(?:Ld|Add|Sub)-?(?:Writethru)?\b.{0,20}|urgent|bulletin|flash|\(?embargoed until.{3,60})",
    re.IGNORECASE,
)
_PICTURE_DESK = re.compile(
    r"(?:(?:image|photo|picture|video) (?:source|credit|copyright)\s*[,:]?\s*(?P<named>.{2,60})|bildquelle\s*[,:]\s*(?P<quelle>.{2,60})|(?P<bare>getty images|afp via getty images|epa|epa-efe|pa media|pa wire|shutterstock|alamy|istock|imago|picture alliance))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:related (?:topics|stories|articles|content|links|internet links)|more on this (?:story|topic)|top stories|most (?:read|popular|viewed|watched|shared)|recommended(?: stories| for you| reading)?|you (?:may|might) (?:also )?like|elsewhere on .{2,30}|trending(?: now)?|more (?:stories|news|like this)|features & analysis|editor['’]s picks|don['’]t miss|mehr zum thema|meistgelesen|das könnte sie auch interessieren|les plus lus|à lire aussi|lo más (?:leído|visto)|i più letti)\s*:?",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?。！？…][\"'”’»)\]]*$")


def by_company(rows: list[Row]) -> None:
    """Sets the kind of rows that their neighbours explain, in place."""
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        after = rows[index + 1] if index + 1 < len(rows) else None
        if row.kind is Kind.CAPTION and row.forced and after is not None and after.kind is Kind.CAPTION:
            row.kind = Kind.BOILERPLATE  # a picture's alternative text above its caption
        if (
            row.kind in (Kind.TEXT, Kind.SOURCE)
            and after is not None
            and not row.anchors
            and _pictures(row, after)
        ):
            row.kind = Kind.BOILERPLATE
        if row.kind is not Kind.TEXT or row.section in ("text", "related"):
            continue
        if len(row.text) > 400:
            continue
        if _PROMOTES.match(row.text) or _FOR_EDITORS.fullmatch(row.text):
            row.kind = Kind.BOILERPLATE
        elif _SIGNED.match(row.text):
            row.section = "signed"
        elif row.anchors:
            continue
        elif before is not None and before.kind is Kind.SOURCE and before.text == row.text:
            row.kind = Kind.SOURCE  # the outlet behind the headline, and again below it
        elif _is_label_of_date(row, after):
            row.kind = Kind.SOURCE
        elif (
            READ_ON.fullmatch(row.text)
            and len(row.text) < 40
            and (after is None or after.kind is not Kind.LINK)
        ):
            row.kind = Kind.BOILERPLATE
        elif before is not None and row.gap == 0 and _beside(row, before, after):
            pass
        elif after is not None and _name_and_paper(row, before, after):
            row.kind, row.byline, row.authors = Kind.BYLINE, row.text, [row.text]
            after.kind, after.byline, after.authors = Kind.DATE, None, []
    _clipped_blocks(rows)
    for before, row in pairwise(rows):
        own = before.kind is Kind.BOILERPLATE and before.text.endswith(":")
        if own and row.kind is Kind.LINK and row.gap == 0 and not row.text:
            row.kind = Kind.BOILERPLATE  # "Unsubscribe from this alert:" and its address below
    _elsewhere(rows)
    rows[:] = _briefs(rows)


_WORDS = re.compile(r"\d[\d.,]*\s(?:words|wörter|mots|palabras|parole)", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:\(c\)|©|copyright\b).{0,120}", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,10}|[A-Z]?\d{1,4}|\d{1,2}:\d\d(?: [A-Z]{2,4})?")
_CATALOGUE = re.compile(
    r"(?:texts?|excerpts?|summary|transcript) of (?:an? )?(?:\w+ ){0,3}"
    r"(?:report|article|commentary|interview|editorial|statement|speech|press release|announcer-read report)s?\b.{0,120}"
    r"|search summary|results found\b.{0,20}",
    re.IGNORECASE,
)


def _clipped_blocks(rows: list[Row]) -> None:
    """What a database prints of an article between headline and text: words, day, paper, code, language."""
    for index, row in enumerate(rows):
        if row.kind is Kind.TEXT and not row.anchors and _CATALOGUE.fullmatch(row.text):
            row.kind = Kind.SOURCE
            if row.text.casefold() == "search summary":  # how the database was asked
                end = next((n for n in range(index + 1, len(rows)) if rows[n].gap), len(rows))
                for other in rows[index:end]:
                    other.kind = Kind.BOILERPLATE
        if row.kind is not Kind.SOURCE or not _WORDS.fullmatch(row.text):
            continue
        end = index + 1
        while end < len(rows) and end - index < 12 and rows[end].gap == 0:
            end += 1
        block = rows[index + 1 : end]
        if not any(other.kind is Kind.DATE for other in block):
            continue
        if sum(bool(_CODE.fullmatch(other.text) or _RIGHTS.match(other.text)) for other in block) < 1:
            continue
        for other in block:
            own = other.kind is Kind.BYLINE and other.byline == other.text
            if (own or other.kind in (Kind.TEXT, Kind.SECTION, Kind.BOILERPLATE)) and len(other.text) < 120:
                other.kind, other.byline, other.authors = Kind.SOURCE, None, []


def _briefs(rows: list[Row]) -> list[Row]:
    """Paragraphs that open with a sentence in bold and link to their story: headline and text of an item.

    One such paragraph may be an article's own; where there are several, and hardly a paragraph else,
    they are the newsletter's way to tell its news.
    """
    leads = [row for row in rows if _leads(row)]
    others = [row for row in rows if row.kind is Kind.TEXT and len(row.text) > 120 and not _leads(row)]
    if not leads or len(others) >= len(leads) + (len(leads) > 1):
        return rows
    split: list[Row] = []
    for row in rows:
        if not _leads(row):
            split.append(row)
            continue
        rest = row.text[len(row.lead) :].lstrip(" –—:|-")
        title = row.lead.rstrip(".:")
        split.append(
            Row(row.start, row.end, title, [], max(row.gap, 1), bold=True, bullet=row.bullet, kind=Kind.TITLE)
        )
        split.append(Row(row.start, row.end, rest, row.anchors, 0))
    return split


def _leads(row: Row) -> bool:
    rest = row.text[len(row.lead) :].strip(" –—:|-\"'“”‘’«»„(")
    return (
        row.kind is Kind.TEXT
        and len(row.lead.split()) >= 4
        and len(rest.split()) >= 4
        and bool(row.anchors)
        and (_STOP.search(row.lead) is not None or rest[:1].isupper())
    )


def _beside(row: Row, before: Row, after: Row | None) -> bool:
    """Lines of an item's head that follow its headline or byline without a gap."""
    words = row.text.split()
    if len(words) > 8 or _STOP.search(row.text):
        return False
    ends = after is None or after.gap > 0 or after.kind in (Kind.LINK, Kind.DATE, Kind.SOURCE, Kind.RULE)
    if before.kind in (Kind.BYLINE, Kind.DATE) and not row.level and not row.bullet and paper_name(row.text):
        row.kind = Kind.SOURCE
        return True
    if before.kind is Kind.BYLINE and not row.level and not row.bullet:
        told = ROLES.search(row.text) is not None or is_source(row.text.split(",")[0])
        if ends and (told or len(words) <= 3):
            row.kind = Kind.SOURCE
            return True
    headline = titleish(before) and before.kind in (Kind.TEXT, Kind.TITLE) and len(before.text.split()) >= 3
    if headline and ends and (date := _outlet_and_date(words)):
        row.kind, row.date = Kind.DATE, date
        return True
    snippet = after is not None and after.kind is Kind.TEXT and after.gap == 0 and not titleish(after)
    if headline and snippet and len(words) <= 4 and row.text[:1].isupper() and before.gap > 0:
        row.kind = Kind.SOURCE
        return True
    return False


def _name_and_paper(row: Row, before: Row | None, after: Row) -> bool:
    """ "Anna Berg" below a headline, and below her "Northern Pilot | 23 March": hers is the credit."""
    return (
        before is not None
        and row.gap == after.gap == 0
        and titleish(before)
        and bare_name(row.text)
        and after.kind is Kind.BYLINE
        and after.date is not None
        and after.authors == [after.byline]
    )


def _outlet_and_date(words: Sequence[str]) -> str | None:
    """The date in "VG, 14.10.2021" or "Daily Harbour 13 October 2021": a name of few words, then a day."""
    if len(words) < 2 or not may_end_date(words[-1]) or not words[0][:1].isalnum():
        return None
    for count in range(min(len(words) - 1, 5), 0, -1):
        head, date = words[:-count], printed_date(" ".join(words[-count:]).strip("()"))
        if date and len(head) <= 4 and all(word[:1].isupper() or len(word) < 4 for word in head):
            return date if not date.isdigit() else None
    return None


def _is_label_of_date(row: Row, after: Row | None) -> bool:
    """ "Published" alone above the date; "Updated" makes it the date of the change."""
    field = LABELS.get(row.text.casefold().strip(" :"))
    if field not in ("date", "updated") or after is None or after.kind is not Kind.DATE or after.gap > 1:
        return False
    if field == "updated":
        after.section = "updated"
    return True


def _pictures(row: Row, after: Row) -> bool:
    """A picture's source alone on a row, with the caption below: `after` becomes the caption."""
    match = _PICTURE_DESK.fullmatch(row.text) if after.gap == 0 and after.kind is Kind.TEXT else None
    if match is None or len(after.text) > 400:
        return False
    words = re.sub(r"^(?:image|photo|picture|video) caption\s*[,:]?\s*", "", after.text, flags=re.IGNORECASE)
    credit = match["named"] or match["quelle"] or match["bare"]
    after.kind, after.caption, after.forced = Kind.CAPTION, Caption(text=words, credit=credit), True
    return True


def _elsewhere(rows: list[Row]) -> None:
    """Other stories listed at an article's end without addresses: headings and days, no paragraph."""
    for index, row in enumerate(rows):
        if row.kind not in (Kind.TEXT, Kind.SECTION) or row.anchors or not _ELSEWHERE.fullmatch(row.text):
            continue
        if not any(other.kind is Kind.TEXT and len(other.text) > 80 for other in rows[:index]):
            continue  # "Top stories" over the items of the digest itself
        end = index + 1
        while end < len(rows) and rows[end].kind is not Kind.RULE and rows[end].gap < 3:
            other = rows[end]
            if other.anchors or other.kind in (Kind.LINK, Kind.BYLINE) or len(other.text) > 160:
                break
            if other.kind is Kind.TEXT and len(other.text) > 60 and _STOP.search(other.text):
                break
            end += 1
        if end == len(rows) or rows[end].kind is Kind.RULE:
            for other in rows[index:end]:
                other.kind = Kind.BOILERPLATE
