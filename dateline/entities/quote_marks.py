"""Where quotation marks open and close: curly, straight, guillemets both ways, German, CJK."""

from __future__ import annotations

import re
from bisect import bisect_left

Span = tuple[int, int]

_PAIRS = {"“": "”“", "«": "»", "„": "“”‟", "‹": "›", "「": "」", "『": "』", "‘": "’", "‚": "‘’"}
_MARKS = re.compile('[“”«»„‹›「」『』‘’‚"]')
_LONGEST = 20_000  # characters; what goes on for longer was never closed


def quoted_spans(text: str, language: str = "en") -> list[Span]:
    """What stands between quotation marks, marks excluded, outermost pairs only.

    A quote goes over a paragraph's end only if the next paragraph opens with the mark again, as is the
    custom; one that is never closed ends with its paragraph.
    """
    spans: list[Span] = []
    marks = [(match.start(), match.group()) for match in _MARKS.finditer(text)]
    paragraphs = [*(match.start() for match in re.finditer(r"\n\n", text)), len(text)]
    german = language == "de" and "»" in text
    hopeless: dict[str, int] = {}  # nothing closes before there, as an earlier search found
    n = 0
    while n < len(marks):
        at, mark = marks[n]
        closing = _closing(text, at, mark, german)
        if not closing or at < hopeless.get(closing, 0):
            n += 1
            continue
        end, following = _close(text, marks, paragraphs, n, closing)
        if following == n + 1 and end == at:
            hopeless[closing] = min(_from(paragraphs, at), at + _LONGEST)
        n = following
        if end > at + 1:
            spans.append((at + 1, end))
    return spans


def _closing(text: str, at: int, mark: str, german: bool) -> str:
    """The marks that can close what opens at `at`; empty if nothing opens there."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not after or after == "\n":
        return ""
    if german and mark in "»«":
        return "«" if mark == "»" else ""
    if mark == '"':
        opens = (not before or before.isspace() or before in "([—–-/") and not after.isspace()
        return '"' if opens else ""
    if mark in "‘‚" and before.isalnum():
        return ""
    return _PAIRS.get(mark, "")


def _close(
    text: str, marks: list[tuple[int, str]], paragraphs: list[int], n: int, closing: str
) -> tuple[int, int]:
    """Where the quote that mark number `n` opens ends, and the number of the mark to go on from.

    An end at the mark itself says that nothing closes it.
    """
    start, opening = marks[n]
    paragraph = _from(paragraphs, start)
    m = n + 1
    while m < len(marks) and marks[m][0] - start < _LONGEST:
        at, mark = marks[m]
        if at >= paragraph:
            goes_on = mark == opening and not text[paragraph:at].strip()
            if not goes_on:
                break
            paragraph = _from(paragraphs, at)
        elif mark in closing and _shuts(text, at, mark):
            return at, m + 1
        m += 1
    if start > 0 and text[start - 1] != "\n":
        return start, n + 1
    while m < len(marks) and marks[m][0] < paragraph:
        m += 1
    return start + len(text[start:paragraph].rstrip()), m


def _from(positions: list[int], at: int) -> int:
    """The first of the positions that is not before `at`."""
    return positions[bisect_left(positions, at)]


def _shuts(text: str, at: int, mark: str) -> bool:
    after = text[at + 1 : at + 2]
    if mark == "’":  # an apostrophe unless the word is over
        return not after.isalnum() and (text[at - 1] in ".,!?…" or text[at - 1] != "s" or after in ".,;:)")
    return mark != '"' or not after.isalnum()
