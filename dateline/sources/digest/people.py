"""Bylines: whether a row credits its writers, and the names in it."""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

from .dates import printed_date
from .words import AGENCIES, PUBLISHERS, SECTIONS

# "By" in the languages of digests; "de" and "da" are left out: they open too many other rows.
_BY = re.compile(
    r"(?:(?:written |reported |story |text |words |report |compiled |article |posted |published |edited )?by|von|par|por|di|door|av|af|przez"
    r"|(?:ein(?:e)? \w+ )von|texte? de|text(?:o)?(?: por)?:|story:|words:|propos recueillis par|unter mitarbeit von)\s*:?\s+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    """de del della di da das do dos du der den des van von vom zu zum zur la le les el al ibn bin bint ben abu umm
    y e i af av ter ten te 't d' st ould af ap mac dit und""".split()
)
_SPLIT = re.compile(
    r"\s*(?:,\s*(?:and|und|et|y|e|en|&)\s+|,|;|\s+(?:and|und|et|y|e|en|&|with|mit|avec|con)\s+|\s+&\s+|\s/\s|\s+\+\s+)\s*"
)
# What follows a name and is no part of it: "in Paris", "for The Herald", "(with agencies)".
_CUT = re.compile(
    r"\s*\(.*|\s*\|.*|\s+[-–—]\s.*|\s*[•·@].*|\s+(?:reporting|reports|berichtet)\b.*", re.IGNORECASE
)
_WHERE = re.compile(
    r"\s+(?:(?:in|at|from|aus|à|depuis|en|desde|for|of|für|pour|para|per)\s+(?:the\s+)?[A-ZÀ-Ý].*)$"
)
_AGENCY_TAIL = re.compile(
    r"\s+(?:(?:the\s+)?associated\s+press|reuters|afp|bloomberg(?:\s+news)?|xinhua|dpa|the\s+canadian\s+press)$",
    re.IGNORECASE,
)
ROLES = re.compile(
    r"""\b(?:staff|writers?|reporters?|correspondents?|editors?|columnists?|contributors?|agencies|agency|bureau|desk|team|newsroom|redaktion|korrespondent(?:in)?|agenturen
    |rédaction|correspondante?|envoyée?\ spéciale?|agences|redacción|corresponsal|enviad[oa]\ especial|agencias|redazione|inviat[oa]|journalist|freelance|analyst|chief|senior|deputy|associate|special
    |wires?|photographer|producer|intern|mp|min\ read|minutes?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "Von unserem Kritiker Hans Müller", "par notre envoyé spécial Jean Petit"
_OUR = re.compile(
    r"(?:unsere[mnr]?|our|notre|nos|nuestr[oa]s?|il nostro|la nostra)\s+(?:[\w-]+\s+){1,2}?(?=(?-i:[A-ZÀ-Ý]))",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\s(<\[]*[\w.+-]+@[\w.-]+\.\w+[\s)>\]]*")
_WORD = re.compile(r"[^\s]+")


def byline(text: str, labelled: bool = False) -> tuple[str, list[str]] | None:
    """The printed credit and the names in it if the row `text` is a byline; else None.

    `labelled` says that a label ("Author:") already tells it is one, so names need no "By".
    """
    if not text or len(text) > 240:
        return None
    printed = text.strip(" |•·").strip()
    match = _BY.match(printed)
    if not match and not labelled:
        return None
    rest = printed[match.end() :] if match else printed
    names = names_in(rest)
    if names is None and labelled:
        names = []
    if names is None:
        return None
    foreign = match is not None and not re.match(r"(?i).*\bby\b", match[0])
    if foreign and not labelled and names and names[0].split()[0].casefold() in _PARTICLES:
        return None  # "Von der Leyen in China"
    if (
        match
        and not labelled
        and not names
        and not ROLES.search(rest)
        and rest.strip().casefold() not in AGENCIES
    ):
        return None
    return printed, names


def names_in(text: str) -> list[str] | None:
    """The people's names in a credit, in order; None if the text cannot be one.

    Roles ("Staff Writer"), places ("in Beijing"), employers and agencies are no names.
    """
    text = _OUR.sub("", text)
    text = _CUT.sub("", _EMAIL.sub(" ", text).strip(" .,;:|-–—"))
    names: list[str] = []
    others = 0
    for piece in _SPLIT.split(text):
        piece = _WHERE.sub("", piece.strip(" .,;:()[]*_"))
        bare = _AGENCY_TAIL.sub("", piece).strip(" .,")
        piece = bare if bare and bare.casefold() != "the" else piece
        if not piece:
            continue
        if piece.casefold() in AGENCIES or ROLES.search(piece) or _organisation(piece):
            others += 1
        elif looks_like_name(piece):
            # one word after a full name is where its owner sits: "Hans Müller, Berlin"
            if piece not in names and not (names and " " in names[0] and " " not in piece):
                names.append(piece)
        elif not names or len(piece.split()) > 5:
            return None
    return names if names or others else None


def _organisation(piece: str) -> bool:
    bare = re.sub(r"^(?:the|la|le|el|der|die|das)\s+", "", piece, flags=re.IGNORECASE).casefold()
    if re.match(r"(?:the|der|die|das|il|les|los|las)\s", piece, re.IGNORECASE) and paper_name(piece):
        return True
    return bare in AGENCIES or (PUBLISHERS.search(piece) is not None and len(piece.split()) > 1)


def looks_like_name(piece: str) -> bool:
    """One to five words, each with a capital (or a particle between), no digits."""
    words = _WORD.findall(piece)
    if not 1 <= len(words) <= 6 or any(char.isdigit() for char in piece) or len(piece) > 60:
        return False
    if printed_date(piece):
        return False
    if not piece.isascii() and not any(char.isupper() or char.islower() for char in piece):
        return len(piece) <= 8  # a script without case
    capitals = 0
    for word in words:
        bare = word.strip(".,'’\"“”()-")
        if not bare:
            continue
        if bare[0].isupper():
            capitals += 1
        elif bare.casefold() not in _PARTICLES and not re.match(r"(?:al|el|d|l|o)[-'’]", bare, re.IGNORECASE):
            return False
    return capitals >= 1


# "The Tide", "Der Hafenbote", "Le Courrier du Port": a name that opens with an article is a paper's
_ARTICLES = frozenset("the der die das le les il lo el los las".split())


def paper_name(text: str) -> bool:
    """Two to five words that open with an article, each with a capital or a particle: a paper's name."""
    words = text.split()
    return (
        2 <= len(words) <= 5
        and words[0].casefold() in _ARTICLES
        and words[0][0].isupper()
        and words[-1][:1].isupper()
        and looks_like_name(text)
    )


def bare_name(text: str) -> bool:
    """A row that is a person's name and nothing else: two to four words, no publisher, no place label."""
    words = text.split()
    return (
        2 <= len(words) <= 4
        and len(text) <= 40
        and words[0].casefold() not in _ARTICLES
        and (len(words[0]) > 1 or words[0] in "OÁÉ")  # "A Coruña"
        and looks_like_name(text)
        and not PUBLISHERS.search(text)
        and text.casefold() not in AGENCIES
        and text.casefold() not in SECTIONS
        and not text.isupper()
        and all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words)
    )
