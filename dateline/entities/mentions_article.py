"""What a whole article says of its names: people in full, short names of firms, votes for each string."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.entities import mentions_patterns as patterns
from dateline.entities import mentions_sport as sport
from dateline.entities.knowledge_forms import Form, gazetteer
from dateline.entities.mentions_candidates import FIRM_END, Scored
from dateline.entities.mentions_text import Line
from dateline.entities.mentions_words import GENERIC

IN_PLACE = re.compile(r"\b(?:in|near|outside)\s$")
SENTENCE_START = re.compile(r"(?:^|[.!?:—–-] |[\"'(] ?)$")
_HELD_IN = re.compile(
    r"\b(?:stakes?|shares?|invest\w*|interests?|holdings?|confidence|trust|faith|believes?|reports?|article|role)\s"
    r"(?:in|near|outside)\s$"
)


def in_place(text: str, start: int) -> bool:
    """Whether "in" before a name says where: not "a stake in", "an article in"."""
    return bool(IN_PLACE.search(text, max(0, start - 10), start)) and not _HELD_IN.search(
        text, max(0, start - 30), start
    )


@dataclass(slots=True)
class Article:
    """What the whole article says of names: people in full, votes for each string, sport or not."""

    lines: list[Line]
    sport: bool = False
    small: frozenset[str] = frozenset()  # words that it writes small
    inside: set[str] = field(default_factory=set)  # names that stand inside a sentence
    people: dict[str, str] = field(default_factory=dict)  # last words to full names
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    acronyms: dict[str, str] = field(default_factory=dict)
    shorts: dict[str, str] = field(default_factory=dict)  # short names of firms and clubs to full ones


def learn(article: Article, chosen: Sequence[Sequence[Scored]]) -> None:
    """People named in full, and how often each string was read as what."""
    for line, spans in zip(article.lines, chosen, strict=True):
        for start, end, label, score in spans:
            name = line.text[start:end]
            if " " not in name and not SENTENCE_START.search(line.text, max(0, start - 3), start):
                article.inside.add(name)
            article.votes[name][label] += 2 if score >= 3 else 1
            if (
                IN_PLACE.search(line.text, max(0, start - 10), start)
                and not forms_of(name)
                and not patterns.person_like(name)
            ):
                article.votes[name]["LOCATION"] += 3
            if label == "ORGANIZATION" and " " in name and score >= 2.4:
                for short in _short(name):
                    article.shorts.setdefault(short, name)
            if label == "PERSON" and " " in name and score >= 2.4:
                words = name.replace(" Jr.", "").replace(" Jr", "").split()
                for tail in (words[-1], " ".join(words[-2:]), words[0]):
                    if len(tail) > 2:
                        article.people.setdefault(tail, name)


def _short(name: str) -> list[str]:
    """What a firm or club is called after its full name: "Imax" of "Imax Corp", "Wanderers"."""
    words = name.split()
    found = []
    if FIRM_END.search(name) and len(words) > 1:
        core = words[:-1]
        while len(core) > 1 and core[-1].rstrip(".") in (
            "Holdings",
            "Group",
            "Pty",
            "Pvt",
            "Motor",
            "Technologies",
            "Industries",
        ):
            core = core[:-1]
        found.append(" ".join(core))
    if any(form.kind in sport.CLUB_KINDS for form in forms_of(name)) and len(words) > 1:
        found.append(words[-1])
    return [
        short
        for short in found
        if len(short) > 2 and short not in GENERIC and short not in ("Madrid", "Munich", "Bank")
    ]


def forms_of(name: str) -> list[Form]:
    return gazetteer().forms.get(name, [])
