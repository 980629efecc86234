"""Text to tokens: what each word or figure could mean for a date, before any grammar.

One regular expression walks the text once; each alternative is a run of a bounded or a possessive
kind, so the time is linear in the text. Figures that are no dates (money, percentages, scores, flight
and version numbers, telephone numbers, web addresses) become filler here and trouble nobody later.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from dateline.dates.timex_language import Language

FILLER: Final = "word"


@dataclass(slots=True)
class Token:
    """A word, figure or mark: `kind` as the grammar knows it, `low` in lower case."""

    kind: str
    start: int
    end: int
    low: str
    value: Any = None
    raw: str = ""
    past: bool | None = None  # what timex_tense found out about it, asked once
    future: int | None = None


_SCAN: Final = re.compile(
    r"""
    (?:[^\S\n]|\n(?![^\S\n]*+\n))*+                       # white space, but no blank line
    (?:
    (?P<plain>(?<![^\s(“"])[^\W\d_A-Z]++(?=[\s,;)]))       # most words of any text
  | (?P<name>(?<![^\s(“"])[A-Z][^\W\d_A-Z]++(?=[\s,;)]))
  | (?P<para>\n\s*)
  | (?=\d)(?:
        (?P<share>\d[\d.,]{0,20}\s?%)
      | (?P<iso>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-]))
      | (?P<numeric>\b\d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d\d)(?![\w/-])(?!\.\d))
      | (?P<fraction>\b\d{1,2}/\d{1,2}(?:/\d{1,2})?(?![\w/]))
      | (?P<clock>\b\d{1,2}:\d\d(?::\d\d)?(?=[ap]m\b|\b)(?![:\d])
          | \b\d{1,2}\.\d\d(?=\s?(?:[ap]\.?m\b|Uhr\b|GMT\b)) | \b\d{1,2}h(?:\d\d)?\b )
      | (?P<phone>(?<![\w-])\d{1,3}-\d{3,4}(?:-\d{3,4}){0,4}(?![\w-]))
      | (?P<decade>\b(?:\d\d\d0|[2-9]0)(?:['’]?s|er[\s-]Jahren?)\b)
      | (?P<reversed>[1-4]Q\b)
      | (?P<ordinal>\b\d{1,3}(?:st|nd|rd|th|er|ère|º|ª|\.(?=\s[A-ZÄÖÜ][a-zä]))(?!\w))
      | (?P<figure>\d+(?:[.,]\d+){0,6}+(?!\w)|\d{1,4}(?=[ap]\.?m\b))
      | (?P<mixed>\w+)
    )
  | (?P<ampm>(?<=\d)(?:[ap]m\b|[ap]\.m\.?))
  | (?P<junk>(?:https?://|www\.)\S+ | [\w.+-]{1,64}@[\w-]{1,64}\.\S+ | [@\#]\w+
      | (?:[A-Z]{1,3})?[$€£¥]\s?\d[\d.,]*\w* )
  | (?P<apostrophe>(?<!\w)['’‘]\d0s\b)
  | (?P<short>(?<!\w)['’‘]\d\d\b(?![\w'’]))
  | (?P<literal>\b(?:Q[1-4]|H[12])\b | \bFY\s?['’]?(?:\d{4}|\d\d)\b)
  | (?P<alnum>\b[A-Z]{1,6}-?\d[\w-]*)
  | (?P<dotted>\b(?:[A-Za-z]\.){2,})
  | (?P<tag>['’][^\W\d_]{1,2}\b)
  | (?P<word>[^\W\d_]+)
  | (?P<other>\w+)
  | (?P<stop>[.!?]{1,8}+["”’')\]]{0,4}+(?=\s|$))
  | (?P<mark>\S)
  | (?P<end>\Z)  # so that white space before it is not walked again from each of its characters
    )
    """,
    re.VERBOSE,
)
_WORDY: Final = frozenset(("plain", "name", "word", "tag"))
_AS_PRINTED: Final = {
    "clock": "clock",
    "decade": "decade",
    "apostrophe": "decade",
    "short": "short",
    "literal": "literal",
    "reversed": "literal",
    "para": "para",
}
_LETTERS: Final = "stndrhdeèrº.ª"
_MARKS: Final = {",": "comma", "(": "lpar", ")": "rpar", "-": "dash", "–": "dash", "—": "dash", "/": "slash"}
_DOTTED: Final = {"a.m.": ("ampm", 0), "p.m.": ("ampm", 12)}


def tokens_of(text: str, language: Language) -> list[Token]:
    """The tokens of `text`, in order, without white space; a blank line is a token "para"."""
    tokens: list[Token] = []
    words = language.words
    capital = frozenset(language.settings.get("capital", ()))
    small = frozenset(language.settings.get("small", ()))
    dotted = bool(language.settings.get("dotted_ordinals"))
    for found in _SCAN.finditer(text):
        group = found.lastgroup or ""
        if group == "end":
            break
        raw = found[group]
        start, end = found.span(group)
        low = raw.lower()
        kind, value = FILLER, None
        if group in _WORDY:
            entry = words.get(low)
            if entry is not None:
                if low in language.capitalised and raw[0].isupper() and not _starts(tokens):
                    entry = language.capitalised[low]
                kind, value = entry
                if (low in capital and raw[0].islower()) or (
                    kind in small and not _may_be_small(raw, tokens)
                ):
                    kind, value = FILLER, None
        elif group == "mark":
            kind = _MARKS.get(raw, FILLER)
        elif group == "figure":
            kind, value = _figure(raw)
        elif group == "dotted":
            kind, value = _DOTTED.get(low, words.get(low.replace(".", ""), (FILLER, None)))
            if kind not in ("ampm", "zone"):
                kind, value = FILLER, None
        elif group == "ampm":
            kind, value = "ampm", 12 if low[0] == "p" else 0
        elif group == "ordinal":
            kind, value = "ordinal", int(raw.rstrip(_LETTERS))
            if raw[-1] == "." and not dotted:  # "on Jan. 1. The": a day and the sentence's end
                tokens.append(Token("num", start, end - 1, low[:-1], value, raw[:-1]))
                tokens.append(Token("stop", end - 1, end, ".", None, "."))
                continue
        elif group in ("iso", "numeric"):
            value = _iso(raw) if group == "iso" else _numeric(raw, bool(language.settings.get("day_first")))
            kind = group if value else FILLER
        elif group in _AS_PRINTED:
            kind, value = _AS_PRINTED[group], raw
        elif group == "stop":
            kind = "stop"
            if raw[0] == "." and _abbreviates(tokens, start, text, end, language):
                continue
        elif group == "fraction":
            kind, value = words.get(raw, (FILLER, None))
        tokens.append(Token(kind, start, end, low, value, raw))
    return _join_phrases(tokens, language)


def _may_be_small(raw: str, tokens: list[Token]) -> bool:
    """A common noun has a capital only where a sentence starts, or in a headline in capitals."""
    return raw[0].islower() or _starts(tokens)


def _starts(tokens: list[Token]) -> bool:
    """Whether the next word begins a sentence or a quote."""
    return not tokens or tokens[-1].kind in ("stop", "para") or not tokens[-1].low[-1].isalnum()


def _iso(raw: str) -> tuple[dt.date, str] | None:
    """The day, and the time as printed ("10:15") or nothing."""
    try:
        return dt.date.fromisoformat(raw[:10]), raw[11:16]
    except ValueError:
        return None


def _numeric(raw: str, day_first: bool) -> tuple[dt.date, str] | None:
    """3/4/2021, 27.02.1998, 11-02-89; the order is the language's, unless only the other one exists."""
    first, second, year = re.split(r"[/.-]", raw)
    if len(year) == 2 and ("." in raw or (len(first), len(second)) != (2, 2)) and "/" not in raw:
        return None
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 40 else 1900)
    orders = [(second, first), (first, second)]  # month, day
    if not day_first and "." not in raw:
        orders.reverse()
    for month, day in orders:
        try:
            return dt.date(full, int(month), int(day)), ""
        except ValueError:
            continue
    return None


def _figure(raw: str) -> tuple[str, Any]:
    if not raw.isdigit() or len(raw) > 4:
        return FILLER, None
    number = int(raw)
    return ("year" if len(raw) == 4 and number >= 1000 else "num4" if len(raw) == 4 else "num"), number


def _abbreviates(tokens: list[Token], at: int, text: str, end: int, language: Language) -> bool:
    """Whether the period at `at` belongs to the word before it; if so the word takes it in."""
    if not tokens or tokens[-1].end != at:
        return False
    last = tokens[-1]
    following = text[end : end + 3].lstrip()[:1]
    short = last.kind in ("month_short", "weekday_short")
    if short:
        last.end += 1
    if last.low in language.settings.get("abbreviations", ()) or (len(last.raw) == 1 and last.raw.isupper()):
        return True
    return (following.islower() and last.low[-1].isalpha()) or (
        short and not following.isupper() and bool(following)
    )


def _join_phrases(tokens: list[Token], language: Language) -> list[Token]:
    """Merge the tokens of a phrase ("new year's eve", "a number of") into one."""
    phrases = language.phrases
    if not any(token.low in phrases for token in tokens):
        return tokens
    joined: list[Token] = []
    index, count = 0, len(tokens)
    while index < count:
        token = tokens[index]
        group = phrases.get(token.low)
        if group:
            for key, (kind, value) in group:
                size = len(key)
                if index + size <= count and all(tokens[index + at].low == key[at] for at in range(1, size)):
                    last = tokens[index + size - 1]
                    kind = FILLER if kind == "name" else kind
                    joined.append(Token(kind, token.start, last.end, " ".join(key), value, token.raw))
                    index += size
                    break
            else:
                joined.append(token)
                index += 1
        else:
            joined.append(token)
            index += 1
    return joined
