"""Which way a verb's tense points: the news reader's way to tell last Monday from next.

A small reading of the clause around an expression, in place of a parser: the verb that governs a bare
"Monday" is nearly always the nearest one before it ("said Monday that it will …"), or, where the
expression opens its clause ("On Monday the court will …"), the first one after it. Auxiliaries,
infinitives ("agreed to meet", "is to meet", "failed to agree") and participles used as adjectives
("the exiled leader") are told apart by their neighbours. The words are the language's ([tense]).
"""

from __future__ import annotations

from typing import Final

from dateline.dates.timex_language import Language
from dateline.dates.timex_lexer import Token
from dateline.dates.timex_nodes import FUTURE, PAST, SURELY, UNKNOWN

REACH: Final = 40  # tokens to each side; no clause of news is longer
NEAR: Final = 6  # "would not say more, calling Monday's drills …": a far verb does not reach a possessive
_BREAKS: Final = ("stop", "para")
_MEASURED: Final = frozenset(("month", "month_short", "quarter", "half"))
_QUOTES: Final = frozenset('"“”«»„')


def direction(tokens: list[Token], first: int, last: int, language: Language) -> int:
    """Which way the verb of the expression points; tokens `first` to `last` are both inside."""
    tense = language.tense
    if not tense:
        return UNKNOWN
    edge = first - 1
    while edge >= 0 and tokens[edge].kind in ("late", "early", "the", "earlier", "later", "mid", "dash"):
        edge -= 1
    before = tokens[edge].low if edge >= 0 else ""
    if before in tense.get("since", ()):
        return PAST
    after = tokens[last + 1].low if last + 1 < len(tokens) else ""
    if tokens[last].kind in _MEASURED:
        if after in tense.get("statistics", ()):
            return PAST  # "February figures are due"
        near = {token.low for token in tokens[max(0, edge - 8) : edge]}
        close = {token.low for token in tokens[max(0, edge - 5) : edge]}
        measured = near & tense.get("comparison", frozenset()) and close & tense.get("from", frozenset())
        if (measured or near & tense.get("against", frozenset())) and before in tense.get("in_month", ()):
            return PAST  # "a gain of 175,000, against 209,000 in September"
        counted = "comparison" not in tense or near & tense["comparison"]
        if counted and before in tense.get("from", ()) and after not in tense.get("range", ()):
            return PAST  # "to rise from the fourth quarter", but "agreed to ease the cuts from January"
        quarterly = before in tense.get("for", ()) and tokens[last].kind in ("quarter", "half")
        if quarterly and near & tense.get("reported", frozenset()):
            return PAST  # "will give figures for the second quarter"
    if before in tense.get("ahead", ()) or (
        edge > 0 and f"{tokens[edge - 1].low} {before}" in tense.get("ahead", ())
    ):
        return FUTURE
    verb = _verb(tokens, first, last, language)
    if before in tense.get("until", ()):
        if _negated(tokens, first, language) or before in tense.get("by", ()):
            return verb or SURELY
        return SURELY
    if before in tense.get("for", ()) and verb == UNKNOWN:
        return FUTURE
    return verb


def _negated(tokens: list[Token], first: int, language: Language) -> bool:
    words = language.tense.get("negative", frozenset()) | language.tense.get("perfect_past", frozenset())
    for index in range(first - 1, max(-1, first - 12), -1):
        if tokens[index].kind in _BREAKS:
            return False
        if tokens[index].low in words:
            return True
    return False


def _opens_clause(tokens: list[Token], first: int, language: Language) -> bool:
    """Whether the expression, with its preposition, begins a clause."""
    index = first - 1
    while index >= 0 and tokens[index].low in language.tense.get("preps", ()):
        index -= 1
    if index < 0 or tokens[index].kind in _BREAKS or tokens[index].raw in _QUOTES:
        return True
    listed = tokens[index].kind in ("and", "comma")
    if (
        listed
        and index
        and (tokens[index - 1].kind in ("weekday", "month", "year", "num", "deictic", "part"))
    ):
        return False  # "Saturday or Sunday": one verb has both
    return listed or tokens[index].low in language.tense.get("openers", ())


def _verb(tokens: list[Token], first: int, last: int, language: Language) -> int:
    possessive = last + 1 < len(tokens) and tokens[last + 1].kind == "poss"
    forward_first = possessive or _opens_clause(tokens, first, language)
    weak = UNKNOWN
    for look in (_after, _before) if forward_first else (_before, _after):
        reach = NEAR if possessive and look is _before else REACH
        found, faint = look(tokens, first, last, language, reach)
        if found:
            return found
        weak = weak or faint
    return weak


def _word(tokens: list[Token], index: int) -> str:
    """A token in lower case, whole where the lexer split it: "won't" is not "won"."""
    if index + 1 < len(tokens) and tokens[index + 1].low in ("'t", "’t"):
        return tokens[index].low + "'t"
    return tokens[index].low


def _is_past(tokens: list[Token], index: int, language: Language) -> bool:
    """`_past`, asked once for a token: many expressions may stand around one verb."""
    token = tokens[index]
    if token.past is None:
        token.past = _past(tokens, index, language)
    return token.past


def _is_future(tokens: list[Token], index: int, language: Language) -> int:
    """`_future`, asked once for a token."""
    token = tokens[index]
    if token.future is None:
        token.future = _future(tokens, index, language)
    return token.future


def _past(tokens: list[Token], index: int, language: Language) -> bool:
    """Whether a token is a past form that governs, and no adjective or passive of another tense."""
    tense, low = language.tense, _word(tokens, index)
    if low not in tense["past"]:
        if len(low) < 4 or not low.endswith(language.past_endings or ("\0",)):
            return False
        if low in tense.get("not_verbs", ()) or _capital(tokens, index):
            return False
    before = tokens[index - 1].low if index else ""
    if low in tense.get("aux", ()):
        return True
    if before.endswith("ly") and index > 1:
        before = tokens[index - 2].low
    if index and tokens[index - 1].kind == "dash":
        return False  # "star-studded"
    if low in tense.get("unchanged", ()):  # "will cut", "to shut": no past
        ahead = range(max(0, index - 4), index)
        if any(_is_future(tokens, at, language) or tokens[at].low in tense.get("to", ()) for at in ahead):
            return False
    return before not in tense.get("determiners", ()) and before not in tense.get("be", ())


def _capital(tokens: list[Token], index: int) -> bool:
    """Whether a token has a capital that no sentence's beginning explains."""
    return tokens[index].raw[0].isupper() and index > 0 and tokens[index - 1].kind not in _BREAKS


def _future(tokens: list[Token], index: int, language: Language) -> int:
    """FUTURE or SURELY for a cue of what is to come, PAST for "would have", UNKNOWN for no cue."""
    tense, token = language.tense, tokens[index]
    word = _word(tokens, index)
    if word not in tense["future"]:
        if not language.future_endings or len(token.low) < 4 or token.raw[0].isupper():
            return UNKNOWN
        return SURELY if token.low.endswith(language.future_endings) else UNKNOWN
    if token.kind == "month" or (token.kind == "poss" and token.low.endswith("s")):
        return UNKNOWN
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    if index and tokens[index - 1].low in tense.get("determiners", ()) and after not in tense.get("to", ()):
        return UNKNOWN  # "the plan", "a hope": nouns
    if word in tense.get("modals_back", ()):
        ahead = [tokens[at].low for at in range(index + 1, min(index + 4, len(tokens)))]
        if "have" in ahead:
            return PAST
    return FUTURE if word in tense.get("conditional", ()) else SURELY


def _before(tokens: list[Token], first: int, last: int, language: Language, reach: int) -> tuple[int, int]:
    """The nearest governing cue before the expression; and a faint one (futurate present)."""
    tense = language.tense
    infinitive, faint = False, UNKNOWN
    for index in range(first - 1, max(-1, first - 1 - reach), -1):
        token = tokens[index]
        if token.kind in _BREAKS or token.raw == ";":
            break
        low = token.low
        way = _is_future(tokens, index, language)
        if way:
            return way, UNKNOWN
        if low in tense.get("to", ()) and index + 1 < first:
            following = tokens[index + 1]
            if index and tokens[index - 1].low in tense.get("is", ()) and tokens[index - 1].kind != "poss":
                return FUTURE, UNKNOWN
            infinitive = infinitive or (following.kind == "word" and following.raw[0].islower())
            continue
        if _is_past(tokens, index, language):
            if infinitive and low in tense.get("forward", ()):
                return FUTURE, UNKNOWN
            return PAST, UNKNOWN
        if low in tense.get("is", ()) and token.kind != "poss":
            if index + 1 < len(tokens) and tokens[index + 1].low.endswith("ing"):
                return FUTURE, UNKNOWN
            faint = faint or FUTURE
        elif low in tense.get("present", ()):
            if index and (
                tokens[index - 1].kind in ("and", "comma")
                or tokens[index - 1].low in tense.get("openers", ())
            ):
                return FUTURE, UNKNOWN  # "opened the fair and flies home Monday"
            faint = faint or FUTURE
    return UNKNOWN, faint


def _after(tokens: list[Token], first: int, last: int, language: Language, reach: int) -> tuple[int, int]:
    """The first cue after the expression, within its sentence."""
    tense, faint = language.tense, UNKNOWN
    for index in range(last + 1, min(len(tokens), last + 1 + reach)):
        token = tokens[index]
        if token.kind in _BREAKS or token.raw == ";":
            break
        way = _is_future(tokens, index, language)
        if way:
            return way, UNKNOWN
        if _is_past(tokens, index, language):
            return PAST, UNKNOWN
        if token.low in tense.get("is", ()) and token.kind != "poss":
            following = [tokens[at].low for at in range(index + 1, min(index + 3, len(tokens)))]
            if following and (following[0] in tense.get("to", ()) or following[0].endswith("ing")):
                return FUTURE, UNKNOWN
            faint = faint or FUTURE
        elif token.low in tense.get("present", ()):
            faint = faint or FUTURE
    return UNKNOWN, faint
