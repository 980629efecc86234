"""Plain text and Markdown into rows: wrapped lines joined, links taken out of the words.

A row is a paragraph, or one line where lines stand for themselves. Links are read as `<url>`, bare,
`[words](url)`, `words (url)` and `words [1]` with the address at the end of the item or the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dateline.models import Caption

from .captions import caption
from .dates import printed_date
from .decode import clean
from .inline import IMAGE, URL, Inline, references_in
from .join import continues
from .leftovers import mend_lines
from .model import Anchor, Kind, Row
from .words import LABELS

_RULE = re.compile(r"\s*(?:(?:[-=*_~#•·.+—–━─═▬▪■◆★☆]\s?){3,}|\*\s\*\s\*|\f+)\s*")
_QUOTED = re.compile(r"^\s{0,3}(?:>\s?)+")
_BULLET = re.compile(
    r"^\s*((?:[-*•·▪►▶→‣◦■●○»+]|\(?\d{1,3}[.)]|\[\d{1,3}\]|#\d{1,3}[.:)]?|\d{1,3}\s?/\s?\d{1,3})\s+)(?=\S)"
)
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_DECORATED = re.compile(
    r"^\s*([-=*~_•·#<>|+—–━─═\[{]{1,12})\s*([^\W\d_].{0,58}?)\s*([-=*~_•·#<>|+—–━─═\]}]{1,12})\s*$"
)
_LABEL_LINE = re.compile(r"^\s*([^\W\d_][^:|<>]{1,30}?)\s*[:：](?:\s|$)")
_STRUCTURAL = re.compile(
    rf"^\s*(?:<?{URL}>?\s*$|#{{1,6}}\s|[-*•·▪►▶‣◦■●]\s|\(?\d{{1,3}}[.)]\s|\[\d{{1,3}}\]|[|]|(?:By|BY|Von|Par|Por|Di)\s+[A-ZÀ-Ý]|https?://|<https?://|\(https?://\S+\)\s*$|@\w+\s*$|[\w.+-]+@[\w-]+\.[\w.]+\s*$|-{{2,}}|={{3,}}|\*{{3,}}|!\[)"
)
# "di Paola Ferri", "by anna berg" is no name: a credit in small letters, alone on its line
_CREDIT_LINE = re.compile(
    r"^\s*(?:by|von|par|por|di|door|av|af)\s+[A-ZÀ-Ý][\w'’.-]+"
    r"(?:,?\s+(?:[A-ZÀ-Ý][\w'’.-]*|e|y|et|und|and|&|de|da|del|della|di|van|von|en|og|och)){1,8}\s*$"
)
_FORWARD = re.compile(
    r"^\s*(?:From|Date|Sent|Subject|To|Cc|Reply-To|Von|Gesendet|Datum|An|Betreff|De|Envoyé|Objet|À|Para|Asunto|Fecha|Enviado|Oggetto|Inviato)\s*:\s",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?:;…。！？][\"'”’»)\]*_]*$")


def rows_of(text_lines: Sequence[str], first: int = 1, flowed: bool = False) -> list[Row]:
    """The rows of a text whose first line has the number `first`.

    `flowed` says that a line that ends in a space goes on in the next (RFC 3676).
    """
    lines = [_QUOTED.sub("", line) if line.lstrip()[:1] == ">" else line for line in text_lines]
    joined = mend_lines(lines)
    _database_codes(lines)
    _chat_marks(lines)
    references, used = references_in(lines)
    width = _width(lines)
    inline = Inline(references)
    rows: list[Row] = []
    gap = 0
    index = 0
    while index < len(lines):
        raw = lines[index]
        bare = clean(raw)
        if (not bare and "\f" not in raw) or index in used or index in joined:
            gap += 1 if not bare and index not in joined else 0
            index += 1
            continue
        start = index
        if _RULE.fullmatch(raw):
            if rows and not gap and _underlines(raw, rows[-1]):
                rows[-1].level = rows[-1].level or (1 if raw.strip()[0] == "=" else 2)
                rows[-1].end = first + index
            else:
                rows.append(Row(first + index, first + index, "", gap=gap, kind=Kind.RULE))
                rows[-1].bullet = raw.strip()[:1]
            gap, index = 0, index + 1
            continue
        pieces = [raw]
        while index + 1 in joined:
            index += 1
        while (
            index + 1 < len(lines)
            and index + 1 not in used
            and _continues(pieces[-1], lines[index + 1], width, flowed)
        ):
            index += 1
            pieces.append(lines[index])
            while index + 1 in joined:
                index += 1
        rows.extend(_row(_join(pieces), first + start, first + index, gap, inline))
        gap, index = 0, index + 1
    return rows


_CODE = re.compile(r"^\s{0,3}([A-Z]{2,3})(?:\s{2,}|\t+\s*|\s*$|\s(?=\S))(.*)$")
_CODES = {
    "HD": "Headline",
    "BY": "Byline",
    "PD": "Date",
    "SN": "Source",
    "SE": "Section",
    "LP": "Text",
    "TD": "Text",
    **dict.fromkeys(
        (
            "WC",
            "SC",
            "LA",
            "CY",
            "ED",
            "PG",
            "ET",
            "CO",
            "IN",
            "NS",
            "RE",
            "PUB",
            "AN",
            "IPC",
            "IPD",
            "VOL",
            "CR",
        ),
        "Language",
    ),
}


def _database_codes(lines: list[str]) -> None:
    """Factiva's two-letter fields (HD, BY, PD, LP, TD) as the labels that they stand for, in place."""
    codes = [match[1] if (match := _CODE.match(line)) else "" for line in lines]
    if codes.count("HD") == 0 or not ({"PD", "SN", "WC"} & set(codes)) or not ({"LP", "TD"} & set(codes)):
        return
    for index, code in enumerate(codes):
        if code in _CODES and (match := _CODE.match(lines[index])):
            lines[index] = f"{_CODES[code]}: {match[2]}"


_CHAT = re.compile(
    r"^\u200e?\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?\]?(?: -)?"
    r" [^:]{1,40}: ",
    re.IGNORECASE,
)


def _chat_marks(lines: list[str]) -> None:
    """Day, hour and sender before each message of an exported chat, taken away in place."""
    if sum(1 for line in lines if _CHAT.match(line)) >= 2:
        lines[:] = [_CHAT.sub("", line) for line in lines]


def _join(pieces: list[str]) -> str:
    text = pieces[0].rstrip()
    for piece in pieces[1:]:
        piece = piece.strip()
        if text.endswith("-") and not text.endswith((" -", "--")) and piece[:1].islower():
            text += piece  # "long-/term": a plain text breaks at hyphens that belong to the word
        elif (text.startswith("<http") and ">" not in text) or _address_goes_on(text, piece):
            text += piece  # a long address broken over lines
        else:
            text += " " + piece
    return text


def _row(raw: str, start: int, end: int, gap: int, inline: Inline) -> list[Row]:
    level = 0
    if match := _HEADING.match(raw):
        level, raw = len(match[1]), match[2]
    elif (match := _DECORATED.match(raw)) and _decoration(match):
        text, anchors, bold = inline.read(match[2])
        told = len(match[2].split()) >= 4 and not match[2].isupper() and match[1][0] in "+*#~"
        strong = told or (match[1][0] in "*_" and len(match[1]) <= 3 and match[1] == match[3][::-1])
        return [
            Row(
                start,
                end,
                text,
                anchors,
                gap,
                bold=bold or strong,
                forced=not strong,
                bullet="" if strong else "=",
            )
        ]
    elif (match := re.match(r"\s*\*\*\s+(?=\S)", raw)) and "**" not in raw[match.end() :]:
        level, raw = 2, raw[match.end() :]  # Mailchimp's headings in plain text
    bullet = ""
    dated = raw.lstrip()[:1].isdigit() and len(raw) < 60 and printed_date(clean(raw)) is not None
    if (
        not level
        and not dated
        and (match := _BULLET.match(raw))
        and not re.match(r"\s*\*[^\s*].*\*\s*$", raw)
    ):
        bullet, raw = match[1].strip(), raw[match.end() :]
        if match := _HEADING.match(raw):
            level, raw = len(match[1]), match[2]
    if picture := IMAGE.fullmatch(raw.strip()):
        words = clean(picture[1])
        shown = (caption(words, in_body=False) or Caption(text=words)) if len(words.split()) > 1 else None
        kind = Kind.CAPTION if shown else Kind.BOILERPLATE
        return [Row(start, end, words, [], gap, kind=kind, caption=shown, forced=True)]
    text, anchors, bold = inline.read(raw)
    opening = re.match(r"\s*(\*\*|__)(?=\S)(.{3,300}?)(?<=\S)\1\s+\S", raw)
    lead = inline.read(opening[2])[0] if opening else ""
    if (
        bullet
        and (reference := re.fullmatch(r"\[(\d+)\]", bullet))
        and (url := inline.references.get(reference[1]))
    ):
        anchors.append(Anchor(text, url))
    if not text and not anchors:
        return []
    lead = lead if text.startswith(lead) else ""
    italic = re.fullmatch(r"\s*([*_])(?![*_\s]).+(?<![*_\s])\1\s*", raw) is not None
    row = Row(start, end, text, anchors, gap, level=level, bold=bold, italic=italic, bullet=bullet, lead=lead)
    return [row]


def _decoration(match: re.Match[str]) -> bool:
    """A label between signs ("=== WORLD ===", "[POLITICS]"), no Markdown link or emphasis in prose."""
    left, words, right = match[1], match[2], match[3]
    if (
        len(words.split()) > 6
        or "](" in words
        or "][" in words
        or "http" in words
        or (left[0] == "[" and ":" in words)  # "[Passage omitted: …]"
        or (left[0] == "[") != (right[-1] == "]")
    ):
        return False
    if left[0] in "*_" and len(left) <= 3:
        return left == right[::-1] and left[0] not in words
    if left[0] in "<>|" or (len(left) == 1 and left in "-+*•·#—–"):
        return len(right) > 1 or left == right
    return True


def _underlines(raw: str, row: Row) -> bool:
    """A line of = or - right under a title (Markdown's other heading)."""
    mark = raw.strip()
    if row.level and mark[0] in "=-" and len(set(mark)) == 1:
        return True
    return (
        mark[0] in "=-"
        and len(set(mark)) == 1
        and row.kind is Kind.TEXT
        and bool(row.text)
        and len(row.text) <= 150
        and not row.text.endswith(".")
        and len(mark) >= min(3, len(row.text))
        and (abs(len(mark) - len(row.text)) <= max(4, len(row.text) // 3) or len(mark) <= 5)
        and row.gap + (row.start == 1) > 0
    )


def _width(lines: Sequence[str]) -> int | None:
    """The column at which the text was wrapped by hand or machine; None if its lines are paragraphs."""
    pairs = [
        (len(line.rstrip()), following.split(None, 1)[0], following)
        for line, following in pairwise(lines)
        if line.strip() and following.strip() and "://" not in line and not _STRUCTURAL.match(following)
    ]
    if len(pairs) < 2:
        return None
    lengths = sorted(length for length, _, _ in pairs)
    width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.98))]
    if not 30 <= width <= 140:
        return None
    full = [following for length, word, following in pairs if length + 1 + len(word) > width]
    lower = sum(1 for following in full if following.lstrip()[:1].islower())
    return width if full and lower * 10 >= len(full) * 3 and len(full) * 4 >= len(pairs) else None


def _continues(line: str, following: str, width: int | None, flowed: bool) -> bool:
    """Whether `following` goes on with the paragraph of `line`."""
    if not following.strip() or _RULE.fullmatch(following) or _HEADING.match(line):
        return False
    head = line.rstrip()
    if head.lstrip().startswith("<http") and ">" not in head:
        return ">" in following and " " not in following.strip().split(">")[0]
    if _address_goes_on(head, following.strip()):
        return True
    if (
        _STRUCTURAL.match(following)
        or (_CREDIT_LINE.match(following) and not (width and len(head) > 60 and len(head) * 10 > width * 9))
        or _is_label(following)
        or (_STRUCTURAL.match(line) and "://" in head[-80:])
    ):
        return False
    if _FORWARD.match(line) or (_is_label(line) and len(head) < 60):
        return False
    if flowed and line.endswith(" ") and head != "--":
        return True
    start = following.lstrip()
    indented = (
        len(following) - len(start) >= 2 and len(line) == len(line.lstrip()) and not _BULLET.match(line)
    )
    if indented and _TERMINAL.search(head):
        return False
    if width and len(head) + 1 + len(start.split(None, 1)[0]) > width and len(head) <= width + 15:
        return True
    if _TERMINAL.search(head) or start.startswith(("http", "www.")):
        return False
    # a line of prose that stops in mid-sentence goes on below; a headline has no sentence's end inside
    inside = len(head) > 55 and _INNER_END.search(head) is not None
    return start[:1].islower() or inside or (len(head) > 55 and continues(head, start))


_OPEN_ADDRESS = re.compile(r"(?:(?P<bracket>[(\[<])\s*)?https?://[^\s<>()\[\]]*$")
_ADDRESS_END = re.compile(r"[\w.,/?=&%#~+;:@!-]*[)\]>](?=[\s.,;:!?)\]]|$)")
_ADDRESS_REST = re.compile(r"(?=\S*(?:[/?=&%]|-\w+-))[a-z\d][\w.,/?=&%#~+;:@!-]*$")


def _address_goes_on(head: str, following: str) -> bool:
    """Whether an address that a line's end breaks goes on below: in its bracket, or at a mark inside it."""
    if "://" not in head[-300:] or following.startswith(("http", "www.")):
        return False
    opened = _OPEN_ADDRESS.search(head[-300:])
    if opened is None:
        return False
    if opened["bracket"]:
        return _ADDRESS_END.match(following) is not None
    return head[-1] in "-/=&?_%" and _ADDRESS_REST.match(following) is not None


_INNER_END = re.compile(r"[a-zà-ÿ]{3}[.!?][\"”’]?\s+[A-ZÀ-Ý\"“]")


def _is_label(line: str) -> bool:
    match = _LABEL_LINE.match(line)
    return match is not None and match[1].strip().casefold() in LABELS
