"""What a span is: by knowledge, its own form, the article's people, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.entities import mentions_patterns as patterns
from dateline.entities import mentions_sport as sport
from dateline.entities.knowledge_forms import CERTAIN, LIKELY, Form, given_names, known_surnames, surnames
from dateline.entities.mentions_article import Article, forms_of, in_place
from dateline.entities.mentions_text import Line


def type_of(article: Article, line: Line, start: int, end: int, label: str) -> str:
    """What a chosen span is, by knowledge, form, the article's people and the words around it."""
    text, name = line.text, line.text[start:end]
    if line.place and line.place[0] <= start and end <= line.place[1]:
        return "LOCATION"
    if label == "PERSON" and _SCORER.search(text, max(0, start - 80), start):
        return "PERSON"  # "England 138 (Campbell 26"
    forms = forms_of(name)
    types = {form.type for form in forms}
    if "LOCATION" in types and label == "PERSON" and name not in article.people and in_place(text, start):
        return "LOCATION"
    strongest = max((form.strength for form in forms), default=0)
    if (
        " " not in name
        and "PERSON" not in types
        and name in article.people
        and label in ("PERSON", "ORGANIZATION", "LOCATION", "WORK", "PRODUCT", "GROUP")
    ):
        votes = article.votes[name]
        outvoted = strongest == LIKELY and label != "PERSON" and votes[label] > 2 * votes["PERSON"] + 2
        if (strongest < CERTAIN or _titled(text, start)) and not outvoted:
            return "PERSON"
    if {"ORGANIZATION", "LOCATION"} <= types or (
        article.sport and types == {"LOCATION"} and any(form.kind in ("city", "state") for form in forms)
    ):
        team = _team(article, line, start, end, forms)
        if team is not None:
            return "ORGANIZATION" if team else "LOCATION"
    if types and strongest >= LIKELY:
        if label in types:
            return label
        best = max(forms, key=lambda form: form.strength)
        return best.type
    if (
        _OWNED.match(text, end)
        and text[max(0, start - 4) : start].lower() == "the "
        and not types
        and label == "PERSON"
    ):
        return "ORGANIZATION"  # "the Williams driver"
    if types and label not in types:
        if len(types) == 1 and not (label == "PERSON" and (name in surnames() or name in given_names())):
            return next(iter(types))
        return label
    if (
        not types
        and " " not in name
        and (
            name in known_surnames()
            or (label == "ORGANIZATION" and name in surnames() and not name.isupper())
        )
    ):
        return "PERSON"
    if (
        not types
        and (label == "PERSON" or (label == "ORGANIZATION" and " " not in name and name[1:].islower()))
        and not patterns.person_like(name)
        and in_place(text, start)
    ):
        return "LOCATION"
    if (
        label in ("PERSON", "LOCATION", "WORK", "PRODUCT", "EVENT")
        and patterns.ORG_SUFFIX.search(name)
        and " " in name
        and not patterns.person_like(name)
    ):
        return "ORGANIZATION"
    if (
        label in ("ORGANIZATION", "PERSON", "WORK", "PRODUCT", "EVENT")
        and patterns.PLACE_SUFFIX.search(name)
        and " " in name
        and not patterns.person_like(name)
    ):
        return "LOCATION"
    if (
        label in ("ORGANIZATION", "LOCATION", "WORK", "PRODUCT")
        and not types
        and patterns.person_like(name)
        and name.split()[-1] in surnames()
    ):
        return "PERSON"
    if sport.is_score_line(text) and label == "PERSON" and " " not in name and article.sport and not forms:
        return label
    return label


_SCORER = re.compile(r"\d\S* \([^()]*$")
_OWNED = re.compile(r"\s(?:driver|team|car|garage|pair|boss|principal)\b")


def _team(article: Article, line: Line, start: int, end: int, forms: Sequence[Form]) -> bool | None:
    clubs = [form for form in forms if form.type == "ORGANIZATION"]
    if any(form.kind == "country" for form in forms) and not clubs:
        return False
    if clubs and not any(form.kind in sport.CLUB_KINDS for form in clubs):
        return None
    answer = sport.is_team(line.text, start, end, article.sport)
    if answer is None and clubs:
        places = [form for form in forms if form.type == "LOCATION" and form.strength >= LIKELY]
        if not article.sport and places:
            return False
        if clubs[0].strength < LIKELY:
            return None if article.sport else False
        return True
    return answer


def _surname_too(name: str) -> bool:
    words = name.split()
    if len(words) > 2 and not any(word.islower() for word in words):
        return True
    return words[-1] in surnames() or (len(words) > 2 and any(word in given_names() for word in words[1:]))


def _titled(text: str, start: int) -> bool:
    return bool(
        re.search(
            r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|President|Minister|Judge|Sen|Gov|Gen|Professor)\.?\s$",
            text[max(0, start - 12) : start],
        )
    )
