"""Candidates for names in one line: from the model, the knowledge base and the rules of form.

A candidate is (start, end, label, score). Scores are odds written by hand and tuned on labelled
reports: knowledge that is certain 4 and more, the model 2.5, form alone 1.2 to 3.4, structure 5.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from dateline.entities import mentions_patterns as patterns
from dateline.entities import mentions_shapes as shapes
from dateline.entities import mentions_sport as sport
from dateline.entities.knowledge_forms import (
    CERTAIN,
    LIKELY,
    WEAK,
    Form,
    gazetteer,
    given_names,
    known_surnames,
    surnames,
)
from dateline.entities.mentions_text import Line
from dateline.entities.mentions_trim import is_number, is_office, trim, without_office
from dateline.entities.mentions_words import INNER, NOT_NAMES

MODEL_SCORE = 2.5
_SEPARATORS = re.compile(r"[-/–,]|\b(?:and|v|vs|&)\b")
Scored = tuple[int, int, str, float]
Hit = tuple[int, int, list[Form]]


def candidates(line: Line, found: Sequence[tuple[int, int, str]], in_sport: bool) -> tuple[list[Scored], int]:
    """All candidates of a line, and how many of them are known from sport. `found` is the model's."""
    text = line.text
    drafts: list[Scored] = []
    athletes = 0
    known = list(gazetteer().find(text))
    likely = [hit for hit in known if max(form.strength for form in hit[2]) >= LIKELY]
    for start, end, label in found:
        start, end = trim(text, start, end, label)
        if label in ("ORGANIZATION", "GROUP", "LOCATION"):
            end = without_office(text, start, end)
        if start >= end or is_office(text[start:end]) or is_number(text[start:end]):
            continue
        drafts += _split(text, start, end, label, likely)
    for start, end, forms in known:
        best = max(forms, key=lambda form: form.strength)
        athletes += best.strength >= LIKELY and best.kind in sport.KINDS
        if best.strength == WEAK and not _in_running_text(line, start, end):
            continue
        score = {CERTAIN: 4.0, LIKELY: 3.0, WEAK: 2.0}[best.strength] + (
            0.6 if " " in text[start:end] else 0.0
        )
        if best.type == "PERSON":
            start, end = trim(text, start, end, "PERSON")
        drafts.append((start, end, best.type, score))
    if line.role == "byline":
        lead = 0 if text[:3].lower() == "by " else 3
        found_names = patterns.credits(text if not lead else "By " + text)
        drafts += [
            (low - lead, high - lead, label, 5.0) for low, high, label, _ in found_names if low >= lead
        ]
    for match in _WORD.finditer(text):
        if match.group() in known_surnames() and text[match.end() : match.end() + 1] not in (
            "-",
            "_",
            "&",
            "@",
        ):
            before = text[max(0, match.start() - 2) : match.start()]
            if (
                not line.title_case
                and (before[-1:] == " " or not before)
                and not _NEXT_CAPITAL.match(text, match.end())
            ):
                drafts.append((*match.span(), "PERSON", 2.0))
    for rule in (
        patterns.people,
        patterns.bodies,
        patterns.results,
        patterns.credits,
        patterns.nicknamed,
        patterns.places,
        shapes.shapes,
        shapes.scorers,
        sport.tables,
        *((sport.clubs,) if in_sport else ()),
    ):
        for start, end, label, score in rule(text):
            start, end = trim(text, start, end, label)
            if start >= end or is_office(text[start:end]):
                continue
            if rule is patterns.bodies:
                drafts += [(a, b, kind, score) for a, b, kind, _ in _split(text, start, end, label, likely)]
            else:
                drafts.append((start, end, label, score))
    if line.part == "dateline:place":
        drafts += _places(text, 0, len(text))
    elif line.part == "dateline:agency":
        drafts.append((*trim(text, 0, len(text), "ORGANIZATION"), "ORGANIZATION", 9.0))
    if line.place:
        drafts += _places(text, *line.place)
    if line.agency:
        start, end = trim(text, *line.agency, "ORGANIZATION")
        drafts = [draft for draft in drafts if draft[1] <= start or draft[0] >= end]
        if start < end:
            drafts.append((start, end, "ORGANIZATION", 9.0))
    return drafts, athletes


_WORD = re.compile(r"[A-Z][^\W_]{4,}")
_NEXT_CAPITAL = re.compile(r" [A-Z]")
_CAPITAL = re.compile(r"[\s-]+[A-Z]|-")
_SMALL_BEFORE = re.compile(r"[a-z,]\s$")


def _in_running_text(line: Line, start: int, end: int) -> bool:
    """Whether a word's capital says that it is a name: small letters before it, and no name goes on."""
    text, name = line.text, line.text[start:end]
    if line.caps or line.title_case or name in NOT_NAMES:
        return False
    if name.isupper() and len(name) > 2:
        return True
    if name in given_names() or name in surnames() or name.isupper() or text[end : end + 1] == ".":
        return False
    return bool(_SMALL_BEFORE.search(text, max(0, start - 3), start)) and not _CAPITAL.match(text, end)


_SPELLED = re.compile(r"[^\W\d_][^\W\d_ .'-]*(?:[ .'-]+[^\W\d_]+)*\.?")


def _places(text: str, start: int, end: int) -> list[Scored]:
    found = []
    for match in re.finditer(r"[^/,]+", text[start:end]):
        low, high = trim(text, start + match.start(), start + match.end(), "LOCATION")
        if low < high and _SPELLED.fullmatch(text, low, high):
            found.append((low, high, "LOCATION", 9.0))
    return found


def _split(text: str, start: int, end: int, label: str, likely: Sequence[Hit]) -> list[Scored]:
    """A span, taken apart where it joins names: "U.S.-Russia", "Poland's Constitutional Tribunal"."""
    name = text[start:end]
    known = [hit for hit in likely if start <= hit[0] and hit[1] <= end]
    if label == "ORGANIZATION" and (office := _OFFICE.search(text, start, end)):
        return [
            (start, office.start(), label, MODEL_SCORE),
            (office.end(), end, "PERSON", MODEL_SCORE + 0.5),
        ]
    if label == "ORGANIZATION" and len(known) > 1 and known[-1][1] == end and known[0][0] == start:
        people_first = all(form.type == "GROUP" for form in known[0][2])
        low, _, forms = known[-1]
        people_first = people_first and not name.startswith("European ")
        if people_first and low == known[0][1] + 1 and any(form.type == label for form in forms):
            return [(low, end, label, MODEL_SCORE)]  # "Hungarian European Parliament" member
    if label != "WORK" and (known or label != "PERSON"):
        pieces = _pieces(text, start, end, known)
        if len(pieces) > 1:
            return [
                scored
                for low, high in pieces
                for low, high in [trim(text, low, high, label)]
                if low < high
                for scored in _split(text, low, high, label, likely)
            ]
    if known and label == "PERSON" and known[0][0] == start and known[0][1] < end:
        types = {form.type for form in known[0][2]}
        rest = text[known[0][1] : end].lstrip(" '")
        first = text[known[0][0] : known[0][1]]
        whole = " " not in rest and first in given_names()  # "Dane Dunning", but "Dane Caroline Wozniacki"
        if types == {"GROUP"} and rest[:1].isupper() and not whole:
            return [(end - len(rest), end, label, MODEL_SCORE + 0.2)]
    if known and label == "PERSON":
        low, high, forms = known[-1]
        full = " " in text[low:high] and any(form.type == "PERSON" for form in forms)
        if full and high == end and start < low:
            return []  # "Billionaire Mukesh Ambani": what is known has the right borders
    score = MODEL_SCORE + (0.5 if label == "PERSON" and " " in name else 0.0)
    if label == "PERSON" and patterns.person_like(name):
        score += 0.5
    return [(start, end, label, score)]


# "Bank of Japan Governor Haruhiko Kuroda" is a bank and a man.
_OFFICE = re.compile(
    r"\s(?:Vice |Deputy |Prime |Managing |Executive |Chief )*(?:President|Governor|Chairman|Chairwoman|"
    r"Secretary|"
    r"Minister|Director|Chief|Spokesman|Spokeswoman|Commissioner|CEO|Chief Executive|Ambassador|Coach|"
    r"Manager|"
    r"Representative|Premier|Chancellor|Mayor|Judge|Analyst|"
    r"Economist)(?: General)? (?=[A-Z][\w.'-]+ [A-Z][\w.'-]+)"
)
_TWO_WORDS = re.compile(r"[A-Z][\w'-]+ [A-Z][\w'-]+")
FIRM_END = re.compile(r"\b(?:Inc|Corp|Ltd|Plc|plc|AG|SE|SA|NV|Co|LLC|Group|Holdings)\.?$")
_JOINTS = re.compile(
    r"'s?\s(?=[A-Z])|\.\s(?=(?:The|A|An|In|He|She|It|But)\s)|\s(?:and|&|v|vs|at|in|on|of)\s|"
    r"\s?[-/–—]\s?|,\s|"
    r"\s\d[\d.,-]*\s|:\s|\s[a-z]{3,}\s(?=[A-Z])"
)


def _pieces(text: str, start: int, end: int, known: Sequence[Hit]) -> list[tuple[int, int]]:
    """Where a span falls apart: at a joint that does not lie inside a known name and joins known ones."""
    cuts = [start]
    for match in _JOINTS.finditer(text, start, end):
        low, high = match.span()
        if high >= end or any(a < high and low < b and not (b <= low or a >= high) for a, b, _ in known):
            continue
        left = [forms for a, b, forms in known if cuts[-1] <= a and b == low]
        right = [forms for a, b, forms in known if a == high]
        joint = match.group().strip()
        if joint == ".":
            split = True
        elif joint in ("at", "in", "on"):
            split = bool(FIRM_END.search(text[cuts[-1] : low]))
        elif joint == "of":
            split = patterns.person_like(text[cuts[-1] : low]) and " " in text[cuts[-1] : low]
        elif joint.isalpha() and joint not in ("and", "v", "vs"):
            split = joint not in INNER and not patterns.ORG_SUFFIX.search(text[start:end])
        elif joint.startswith("'"):
            split = any(form.type in ("LOCATION", "PERSON") for forms in left for form in forms)
            split = split and any(a == cuts[-1] for a, b, _ in known if b == low)
            owned = text[high:end]
            split = split or bool(left and _TWO_WORDS.fullmatch(owned) and patterns.person_like(owned))
        elif joint in ("and", "&", "v", "vs"):
            split = (bool(left) and bool(right)) or bool(
                joint == "and" and FIRM_END.search(text[cuts[-1] : low])
            )
        elif joint[:1].isdigit() or joint in ("/", "(", ")") or match.group() in (" - ", " – ", " — "):
            split = True
        else:
            split = bool(left) and bool(right)
        if split:
            cuts += [low, high]
    cuts.append(end)
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def choose(line: Line, drafts: list[Scored]) -> list[Scored]:
    """The best candidates that do not overlap; equal spans add up."""
    merged: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for start, end, label, score in drafts:
        labels = merged[start, end]
        labels[label] = max(labels.get(label, 0.0), score) + (0.5 if label in labels else 0.0)
    ranked = []
    for (start, end), labels in merged.items():
        label, score = max(labels.items(), key=lambda item: item[1])
        ranked.append((start, end, label, score))
    taken: list[Scored] = []
    for candidate in sorted(ranked, key=lambda c: (-_weight(line.text, c, ranked), c[0])):
        if all(candidate[1] <= other[0] or candidate[0] >= other[1] for other in taken):
            taken.append(candidate)
    return sorted(taken)


def _weight(text: str, candidate: Scored, all_: Sequence[Scored]) -> float:
    """A longer name outweighs what it holds, unless what it adds is no part of a name."""
    start, end, label, score = candidate
    if " " not in text[start:end] and "-" not in text[start:end]:
        return score
    held = [c for c in all_ if start <= c[0] and c[1] <= end and (c[0], c[1]) != (start, end)]
    if held and score >= 1.9:
        best = max(c[3] for c in held)
        if best >= 8:
            return score
        joined = _SEPARATORS.search(text[start:end])
        if label == "LOCATION" and joined and best >= 3:
            return score
        if label == "PERSON" and any(c[2] in ("GROUP",) and c[0] == start for c in held):
            return score
        if score >= 2.3 or best < 3:
            return max(score, best + 0.1)
    return score
