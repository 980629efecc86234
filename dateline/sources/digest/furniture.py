"""What belongs to the digest and to none of its items: forwards, adverts, contents, footers.

Each pass marks rows as boilerplate; none reads further than a constant number of rows ahead, so a
digest of thousands of items takes time in proportion to its length.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

from .captions import dateline
from .looks import titleish
from .model import Kind, Row
from .words import ADVERT, CONTENTS, GREETING, SELLS, SIGN_OFF, boilerplate

_HEADER = re.compile(
    r"[*_]{0,2}(From|Date|Sent|Subject|To|Cc|Bcc|Reply-To|Von|Gesendet|Datum|An|Betreff|De|Envoyé|À|Objet|Para|Asunto|Fecha|Enviado(?: el)?|Da|Inviato|A|Oggetto)[*_]{0,2}\s?:[*_]{0,2}\s*(.*)$",
    re.IGNORECASE,
)
_SENDER = frozenset(("from", "von", "de", "da"))
_DATED = frozenset(
    ("date", "sent", "datum", "gesendet", "fecha", "enviado", "enviado el", "envoyé", "inviato")
)
_FORWARDED = re.compile(
    r"forward|weitergeleitet|transf[ée]r|reenviado|inoltrat|original message|ursprüngliche nachricht|message d['’]origine",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:related(?: (?:stories|articles|news|coverage|content|links|reading))?|more on this(?: story| topic)?|see also|read (?:also|next)"
    r"|also read|also see|further reading|background|mehr zum thema|zum thema|lesen sie auch|auch interessant|siehe auch|à lire aussi"
    r"|lire aussi|voir aussi|sur le même sujet|lea también|más sobre(?: el tema)?|relacionados?|noticias relacionadas|le(?:gg|ia) anche|lees ook)\s*:?",
    re.IGNORECASE,
)


def strip(rows: list[Row]) -> str | None:
    """Marks in place all rows that belong to no item; the Date of a forwarded message if one is found."""
    date = _forwarded(rows)
    _adverts(rows)
    _contents(rows)
    _tail(rows)
    return date


def drop(row: Row) -> None:
    """Makes the row boilerplate."""
    row.kind = Kind.BOILERPLATE


def related(rows: list[Row]) -> None:
    """Marks links to other stories inside an item ("Related:", "Read also"): its links, never items."""
    for index, row in enumerate(rows):
        if row.kind not in (Kind.TEXT, Kind.LABEL) or not index or not row.text:
            continue
        if not _RELATED.fullmatch(row.text.strip(" -–—*»›:")):
            if (
                re.match(
                    r"(?i)(?:related|see also|read also|also read|read next|lesen sie auch|à lire aussi|lea también|leggi anche)\s*:\s",
                    row.text,
                )
                and row.anchors
            ):
                row.section = "related"
            continue
        row.section = "related"
        bullets = index + 1 < len(rows) and bool(rows[index + 1].bullet)
        for place, after in enumerate(rows[index + 1 : index + 12]):
            if after.kind not in (Kind.TEXT, Kind.LINK) or not after.anchors or after.gap > 1 or after.level:
                break
            if bool(after.bullet) != bullets or (after.gap and place and not bullets):
                break
            after.section, after.kind = "related", Kind.TEXT


def _forwarded(rows: list[Row]) -> str | None:
    """Header lines of a message quoted or forwarded in the text, and the words of whoever sent it on."""
    date: str | None = None
    index = 0
    while index < len(rows):
        names: dict[str, str] = {}
        end = index
        while end < len(rows) and end - index < 12 and (match := _HEADER.match(rows[end].text)):
            if end > index and rows[end].gap > 1:
                break
            names.setdefault(match[1].casefold(), match[2])
            end += 1
        marked = (
            index > 0
            and _FORWARDED.search(rows[index - 1].text) is not None
            and rows[index - 1].kind is Kind.BOILERPLATE
        )
        if len(names) >= (2 if marked else 3) and (_SENDER & names.keys() or marked):
            found = next((names[name] for name in names if name in _DATED), None)
            date = found or date
            for row in rows[index:end]:
                drop(row)
            before = rows[:index]
            # the sender's own words above a forward are no news, if they are few and link to none
            if sum(len(row.text) for row in before) < 1500 and not any(
                row.anchors for row in before if row.kind is not Kind.BOILERPLATE
            ):
                for row in before:
                    drop(row)
            index = end
        else:
            index += 1
    return date


def _adverts(rows: list[Row]) -> None:
    """A label "ADVERTISEMENT" takes with it what is sold below, and never the article it interrupts."""
    for index, row in enumerate(rows):
        if row.kind is not Kind.BOILERPLATE or not ADVERT.fullmatch(row.text):
            continue
        if re.search(r"\b(?:end|ende|fin)\b", row.text, re.IGNORECASE):
            continue
        closing = next(
            (
                n
                for n in range(index + 1, min(index + 8, len(rows)))
                if rows[n].kind is Kind.BOILERPLATE
                and re.match(r"(?i)\W*end (?:of )?(?:advert|sponsor|ad\b)", rows[n].text)
            ),
            0,
        )
        fenced = index > 0 and rows[index - 1].kind is Kind.RULE
        position = index + 1
        sold = False
        while position < len(rows) and position - index <= 8:
            after = rows[position]
            if closing and position < closing:
                drop(after)
                position += 1
                continue
            if after.kind is Kind.RULE:
                if (sold and fenced) or (position == index + 1 and not sold):
                    drop(after) if position == index + 1 and not fenced else None
                    if position != index + 1:
                        break
                    position += 1
                    continue
                break
            if after.level and not sold and not SELLS.search(after.text):
                break
            if dateline(after.text) or (len(after.text) > 350):
                break
            bound = after.gap == 0
            if (
                bound
                or (fenced and not sold and position <= index + 3)
                or (SELLS.search(after.text) and (after.anchors or position <= index + 2))
                or (sold and after.kind is Kind.LINK)
            ):
                if after.kind in (Kind.BYLINE, Kind.DATE, Kind.SECTION):
                    break
                drop(after)
                sold = True
                position += 1
                continue
            if after.anchors and titleish(after) and position == index + 1 and _sold_next(rows, position):
                drop(after)
                sold = True
                position += 1
                continue
            break


def _sold_next(rows: list[Row], position: int) -> bool:
    """Whether the row after a linked title under an advert's label sells something."""
    following = rows[position + 1] if position + 1 < len(rows) else None
    return (
        following is not None
        and following.kind is Kind.TEXT
        and SELLS.search(following.text) is not None
        and len(following.text) < 250
    )


def key(text: str) -> str:
    """Words of a title for comparing: no case, no punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _contents(rows: list[Row]) -> None:
    """Tables of contents: a run of short rows whose words stand again below as titles."""
    last: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row.text and len(row.text) < 220:
            last[key(row.text)] = index
    index = 0
    while index < len(rows):
        row = rows[index]
        heading = row.kind in (
            Kind.TEXT,
            Kind.BOILERPLATE,
            Kind.TITLE,
            Kind.LABEL,
            Kind.SECTION,
        ) and CONTENTS.fullmatch(row.text)
        if row.kind is Kind.TEXT and re.match(
            r"(?i)(?:in this (?:issue|edition|digest|newsletter)|in today['’]s \w+|in dieser ausgabe|dans ce numéro|en esta edición|also (?:in|inside))\s*:\s*\S",
            row.text,
        ):
            drop(row)
        if row.kind is Kind.BOILERPLATE and not heading:
            index += 1
            continue
        start = index + 1 if heading else index
        end = start
        repeated = 0
        while end < len(rows) and end - start < 400:
            entry = rows[end]
            if entry.kind is Kind.RULE and end == start and heading:
                end += 1
                continue
            if entry.kind is Kind.BOILERPLATE and end > start:
                end += 1
                continue
            again = (
                bool(entry.text)
                and entry.kind is not Kind.RULE
                and len(entry.text) < 220
                and last.get(_entry(entry), -1) > end
            )
            listed = (
                heading
                and (
                    bool(entry.bullet)
                    and len(entry.text) < 220
                    and entry.kind is not Kind.RULE
                    and not _linked(entry)
                )
                and entry.gap <= 1
            )
            if (
                heading
                and not again
                and not listed
                and entry.gap == 0
                and titleish(entry)
                and not _linked(entry)
                and not entry.level
            ):
                listed = True
            if not heading and (not titleish(entry) or entry.level or _has_body(rows, end)):
                break
            if not again and not listed:
                break
            repeated += again
            end += 1
        entries = [entry for entry in rows[start:end] if entry.kind is not Kind.BOILERPLATE]
        if (heading and end > start) or (repeated >= 3 and repeated == len(entries)):
            for entry in rows[start:end]:
                if entry.anchors and _entry(entry) in last and last[_entry(entry)] >= end:
                    target = rows[last[_entry(entry)]]
                    if not target.anchors:  # the contents carry the link that the title below lacks
                        target.anchors = [anchor for anchor in entry.anchors if "#" not in anchor.url[-40:]]
                drop(entry)
            if heading:
                drop(row)
            index = max(end, index + 1)
        else:
            if heading and (row.kind is not Kind.TEXT or row.level):
                drop(row)
            # no part of a run that is no table of contents is one
            index = index + 1 if heading else max(end, index + 1)


def _has_body(rows: list[Row], index: int) -> bool:
    """Whether what stands below the row belongs to it: a byline, a date, an address, a paragraph."""
    following = rows[index + 1] if index + 1 < len(rows) else None
    return following is not None and (
        following.kind in (Kind.BYLINE, Kind.DATE, Kind.LINK, Kind.CAPTION, Kind.SOURCE)
        or (following.kind is Kind.TEXT and not titleish(following))
    )


def _linked(row: Row) -> bool:
    return any("#" not in anchor.url for anchor in row.anchors)


def _entry(row: Row) -> str:
    text = re.sub(r"[\s.·…_]{2,}\d{1,3}$|\s+\(?(?:p\.|page|S\.)\s?\d+\)?$", "", row.text)
    return key(text)


def _tail(rows: list[Row]) -> None:
    """Signatures and footers: from the sign-off or the first strong footer row to the end."""
    last_content = max(
        (n for n, row in enumerate(rows) if _content(row, rows[n - 1] if n else None)), default=-1
    )
    for index in range(len(rows) - 1, -1, -1):
        row = rows[index]
        if row.kind is Kind.RULE and row.text == "" and row.bullet == "-" and index > last_content:
            continue
    signature = next(
        (
            n
            for n in range(len(rows) - 1, max(-1, len(rows) - 16), -1)
            if rows[n].kind is not Kind.RULE and SIGN_OFF.fullmatch(rows[n].text.strip(" ,.!–—-"))
        ),
        None,
    )
    if signature is not None and not any(_news(row) for row in rows[signature + 1 :]):
        for row in rows[signature:]:
            drop(row)
    strong = [
        n
        for n, row in enumerate(rows)
        if row.kind is Kind.BOILERPLATE and n > last_content and boilerplate(row.text)
    ]
    if strong:
        first = strong[0]
        # rows bound to the first strong one from above, such as the paper's name and address
        while first - 1 > last_content and rows[first].gap == 0 and rows[first - 1].kind is not Kind.RULE:
            first -= 1
        for row in rows[first:]:
            drop(row)


def _news(row: Row) -> bool:
    """Words that only an item has: a long paragraph, or a link to a page."""
    if row.kind is Kind.BOILERPLATE:
        return False
    return len(row.text) > 160 or (bool(row.anchors) and len(row.text) > 20) or row.kind is Kind.BYLINE


def _content(row: Row, before: Row | None) -> bool:
    """Whether the row is an item's for sure, so that no footer begins above it."""
    if row.kind is Kind.BOILERPLATE or row.kind is Kind.RULE or (not row.text and not row.anchors):
        return False
    if row.kind in (Kind.LINK, Kind.BYLINE, Kind.CAPTION, Kind.TITLE):
        return True
    bound = before is not None and before.kind is Kind.BOILERPLATE and row.gap == 0
    if bound and not row.level:
        return False
    return (len(row.text) > 90 or bool(row.anchors) or bool(row.level)) and not GREETING.match(row.text)


def signature_lines(lines: list[str]) -> int | None:
    """Where a mail's signature ("-- " alone on a line) begins, if nothing but a signature follows."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 15), -1):
        if lines[index].rstrip("\r\n") in ("-- ", "--"):
            after = [line for line in lines[index + 1 :] if line.strip()]
            if after and all(len(line) < 90 for line in after) and sum("http" in line for line in after) <= 2:
                return index
            return None
    return None
