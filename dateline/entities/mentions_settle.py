"""One article's candidates to mentions: which spans stand, what each name is, where it was missed.

A candidate is (start, end, label, score) in a line. Scores are odds written by hand and tuned on
labelled reports: knowledge that is certain 4 and more, the model 2.5, form alone 1.2 to 3.4.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.entities import mentions_patterns as patterns
from dateline.entities import mentions_sport as sport
from dateline.entities.knowledge_forms import (
    CERTAIN,
    LIKELY,
    WEAK,
    WORD,
    Form,
    gazetteer,
    given_names,
    known_surnames,
    surnames,
)
from dateline.entities.mentions_text import Line
from dateline.entities.mentions_trim import is_number, is_office, trim

MODEL_SCORE = 2.5
_SEPARATORS = re.compile(r"[-/–,]|\b(?:and|v|vs|&)\b")
_NOT_NAMES = frozenset(
    """AI S-1 Internet COVID-19 Covid-19 COVID Covid Coronavirus coronavirus Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    GMT EST EDT ET BST CET PST UTC CEO CFO GDP CPI PMI IPO ETF EBITDA VAT PPE PCR DNA RNA HIV AIDS SARS MERS LGBT LGBTQ TV DVD
    PM MP MPs PhD ID FAQ Q1 Q2 Q3 Q4 UPDATE FACTBOX PREVIEW BRIEF WRAP EXCLUSIVE ANALYSIS ADVISORY BREAKING Extras Total Scorers Standings
    Results Fixtures Note OT ODI T20 T20I Twenty20 MVP KO TKO Email Eikon Web Internet God Mom Dad Mum World Earth Sun Quarter Dr Mr Mrs Ms
    Soccer Tennis Golf Cricket Rugby Boxing Cycling Athletics Swimming Basketball Baseball Football Biathlon Alpine Nordic Olympics
    Parliament Cabinet Government State Federal National Foreign Central North South East West Northern Southern Eastern Western""".split()
)


# Common nouns that a capital does not make a name: "Court orders Shell to pay", "Council president".
_GENERIC = frozenset(
    """Agency Council Court Army Interior Ministry Police Government Bank Party Commission Committee University Hospital
    Department School College Company Board Church Office Club Union League Group Fund House Lower Upper Chamber Assembly
    Embassy Team Minister Ministers President Prime Street Authority Foundation Association Force Guard Security
    City Town State County District Province Region Village River Island Airport Stadium Park Square Road Centre Center
    Lawmakers Officials Prosecutors Officers Doctors Experts Analysts Investors Traders Scientists Researchers Protesters
    Residents Voters Farmers Students Workers Soldiers Troops Rebels Militants Gunmen Firefighters Shares Stocks Oil Gold""".split()
)


@dataclass(slots=True)
class Article:
    """What the whole article says of names: people in full, votes for each string, sport or not."""

    lines: list[Line]
    sport: bool = False
    athletes: int = 0  # known names of sport
    small: frozenset[str] = frozenset()  # words that it writes small
    inside: set[str] = field(default_factory=set)  # names that stand inside a sentence
    people: dict[str, str] = field(default_factory=dict)  # last words to full names
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    acronyms: dict[str, str] = field(default_factory=dict)
    shorts: dict[str, str] = field(default_factory=dict)  # short names of firms and clubs to full ones


def settle(lines: list[Line], found: Sequence[Sequence[tuple[int, int, str]]]) -> None:
    """Fills `spans` of the lines with (start, end, label), sorted and without overlap."""
    article = Article(lines, sport.is_sport([line.text for line in lines]))
    drafts = [_candidates(article, line, spans) for line, spans in zip(lines, found, strict=True)]
    article.small = lines[0].small if lines else frozenset()
    article.sport = article.sport or article.athletes >= 4
    chosen = [_choose(line, draft) for line, draft in zip(lines, drafts, strict=True)]
    _learn(article, chosen)
    for line, spans in zip(lines, chosen, strict=True):
        line.spans = [(start, end, _type(article, line, start, end, label)) for start, end, label, _ in spans]
    _acronyms(article)
    for line in lines:
        _like_neighbours(line)
    _one_type(article)
    _propagate(article)
    for line in lines:
        _finish(article, line)


def complete(lines: list[Line]) -> None:
    """For lines read without a model: people by their last names wherever they stand."""
    article = Article(lines)
    _learn(article, [[(*span, 4.0) for span in line.spans] for line in lines])
    _propagate(article)
    for line in lines:
        _finish(article, line)


Scored = tuple[int, int, str, float]
Hit = tuple[int, int, list[Form]]


def _candidates(article: Article, line: Line, found: Sequence[tuple[int, int, str]]) -> list[Scored]:
    text = line.text
    drafts: list[Scored] = []
    known = list(gazetteer().find(text))
    likely = [hit for hit in known if max(form.strength for form in hit[2]) >= LIKELY]
    for start, end, label in found:
        start, end = trim(text, start, end, label)
        if start >= end or is_office(text[start:end]) or is_number(text[start:end]):
            continue
        drafts += _split(text, start, end, label, likely)
    for start, end, forms in known:
        best = max(forms, key=lambda form: form.strength)
        article.athletes += best.strength >= LIKELY and best.kind in sport.KINDS
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
        drafts += [(low - lead, high - lead, label, 5.0) for low, high, label, _ in found_names if low >= lead]
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
        *((sport.clubs,) if article.sport else ()),
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
    return drafts


_WORD = re.compile(r"[A-Z][^\W_]{4,}")
_NEXT_CAPITAL = re.compile(r" [A-Z]")
_CAPITAL = re.compile(r"[\s-]+[A-Z]|-")
_SMALL_BEFORE = re.compile(r"[a-z,]\s$")


def _in_running_text(line: Line, start: int, end: int) -> bool:
    """Whether a word's capital says that it is a name: small letters before it, and no name goes on."""
    text, name = line.text, line.text[start:end]
    if line.caps or line.title_case or name in _NOT_NAMES:
        return False
    if name.isupper() and len(name) > 2:
        return True
    if name in given_names() or name in surnames() or name.isupper() or text[end : end + 1] == ".":
        return False
    return bool(_SMALL_BEFORE.search(text, max(0, start - 3), start)) and not _CAPITAL.match(text, end)


def _places(text: str, start: int, end: int) -> list[Scored]:
    found = []
    for match in re.finditer(r"[^/,]+", text[start:end]):
        low, high = trim(text, start + match.start(), start + match.end(), "LOCATION")
        if low < high and text[low:high].replace(".", "").replace(" ", "").isalpha():
            found.append((low, high, "LOCATION", 9.0))
    return found


def _split(text: str, start: int, end: int, label: str, likely: Sequence[Hit]) -> list[Scored]:
    """A span, taken apart where it joins names: "U.S.-Russia", "Poland's Constitutional Tribunal"."""
    name = text[start:end]
    known = [hit for hit in likely if start <= hit[0] and hit[1] <= end]
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
        if types == {"GROUP"} and rest[:1].isupper():
            return [(end - len(rest), end, label, MODEL_SCORE + 0.2)]
    if known and label == "PERSON" and known[-1][1] == end and start < known[-1][0]:
        if any(form.type == "PERSON" for form in known[-1][2]) and " " in text[known[-1][0] : end]:
            return []  # "Billionaire Mukesh Ambani": what is known has the right borders
    score = MODEL_SCORE + (0.5 if label == "PERSON" and " " in name else 0.0)
    if label == "PERSON" and patterns.person_like(name):
        score += 0.5
    return [(start, end, label, score)]


_FIRM_END = re.compile(r"\b(?:Inc|Corp|Ltd|Plc|plc|AG|SE|SA|NV|Co|LLC|Group|Holdings)\.?$")
_JOINTS = re.compile(
    r"'s?\s(?=[A-Z])|\s(?:and|&|v|vs)\s|\s?[-/–—]\s?|,\s|\s\d[\d.,-]*\s|:\s|\s[a-z]{3,}\s(?=[A-Z])"
)
_INNER = frozenset(
    """van von der den del della dos das bin ibn the for des les aux und mit sur pour con sul dei degli till
    ten ter och ind upon with against without from into over under among between""".split()
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
        if joint.isalpha() and joint not in ("and", "v", "vs"):
            split = joint not in _INNER and not patterns.ORG_SUFFIX.search(text[start:end])
        elif joint.startswith("'"):
            split = any(form.type in ("LOCATION", "PERSON") for forms in left for form in forms)
            split = split and any(a == cuts[-1] for a, b, _ in known if b == low)
        elif joint in ("and", "&", "v", "vs"):
            split = (bool(left) and bool(right)) or bool(
                joint == "and" and _FIRM_END.search(text[cuts[-1] : low])
            )
        elif joint[:1].isdigit() or joint in ("/", "(", ")"):
            split = True
        else:
            split = bool(left) and bool(right)
        if split:
            cuts += [low, high]
    cuts.append(end)
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def _choose(line: Line, drafts: list[Scored]) -> list[Scored]:
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


def _learn(article: Article, chosen: Sequence[Sequence[Scored]]) -> None:
    """People named in full, and how often each string was read as what."""
    for line, spans in zip(article.lines, chosen, strict=True):
        for start, end, label, score in spans:
            name = line.text[start:end]
            if " " not in name and not _SENTENCE_START.search(line.text, max(0, start - 3), start):
                article.inside.add(name)
            article.votes[name][label] += 2 if score >= 3 else 1
            if (
                _IN_PLACE.search(line.text, max(0, start - 10), start)
                and not _forms(name)
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
    if _FIRM_END.search(name) and len(words) > 1:
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
    if any(form.kind in sport.CLUB_KINDS for form in _forms(name)) and len(words) > 1:
        found.append(words[-1])
    return [
        short
        for short in found
        if len(short) > 2 and short not in _GENERIC and short not in ("Madrid", "Munich", "Bank")
    ]


def _forms(name: str) -> list[Form]:
    return gazetteer().forms.get(name, [])


def _type(article: Article, line: Line, start: int, end: int, label: str) -> str:
    """What a chosen span is, by knowledge, form, the article's people and the words around it."""
    text, name = line.text, line.text[start:end]
    if line.place and line.place[0] <= start and end <= line.place[1]:
        return "LOCATION"
    forms = _forms(name)
    types = {form.type for form in forms}
    strongest = max((form.strength for form in forms), default=0)
    if (
        " " not in name
        and "PERSON" not in types
        and name in article.people
        and label in ("PERSON", "ORGANIZATION", "LOCATION", "WORK", "PRODUCT", "GROUP")
    ):
        full = article.people[name].split()
        if strongest < CERTAIN or _titled(text, start) or (full[-1] == name and strongest < CERTAIN):
            if not (
                strongest == LIKELY
                and label != "PERSON"
                and article.votes[name][label] > 2 * article.votes[name]["PERSON"] + 2
            ):
                return "PERSON"
    if {"ORGANIZATION", "LOCATION"} <= types or (
        article.sport
        and types == {"LOCATION"}
        and any(form.kind in ("city", "state") for form in forms)
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
        label == "PERSON"
        and not types
        and not patterns.person_like(name)
        and _IN_PLACE.search(text[max(0, start - 10) : start])
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


_OWNED = re.compile(r"\s(?:driver|team|car|garage|pair|boss|principal)\b")
_IN_PLACE = re.compile(r"\b(?:in|near|outside)\s$")


def _team(article: Article, line: Line, start: int, end: int, forms: Sequence[Form]) -> bool | None:
    if any(form.kind == "country" for form in forms):
        return False
    clubs = [form for form in forms if form.type == "ORGANIZATION"]
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


def _acronyms(article: Article) -> None:
    """ "African Union (AU)": the short form is what the long one is."""
    for line in article.lines:
        for start, end, low, high in patterns.acronyms(line.text):
            labels = [label for s, e, label in line.spans if s >= start and e <= end]
            exact = [label for s, e, label in line.spans if (s, e) == (start, end)]
            label = (exact or ["ORGANIZATION"])[0]
            if label in ("PERSON", "GROUP") or (
                not exact and not labels and not patterns.ORG_SUFFIX.search(line.text[start:end])
            ):
                continue
            if not exact and not labels:
                line.spans.append((start, end, label))
            short = line.text[low:high]
            article.acronyms[short] = label
            line.spans = sorted(
                [span for span in line.spans if span[1] <= low or span[0] >= high] + [(low, high, label)]
            )
            article.votes[short][label] += 4


_BESIDE = re.compile(r"(?:, and|,|;| and| &) ")


def _like_neighbours(line: Line) -> None:
    """In "from Goi, Oruma and Ikot Ada Udo" what nobody knows is what stands beside it."""
    spans = sorted(line.spans)
    group = [0] if spans else []
    for index in range(1, len(spans) + 1):
        joined = index < len(spans) and _BESIDE.fullmatch(line.text, spans[index - 1][1], spans[index][0])
        if joined:
            group.append(index)
            continue
        counts = Counter(spans[i][2] for i in group)
        if len(group) > 2 and len(counts) == 2:
            label, most = counts.most_common(1)[0]
            if most >= 2 and most == len(group) - 1:
                for i in group:
                    name = line.text[spans[i][0] : spans[i][1]]
                    if (
                        spans[i][2] != label
                        and not _forms(name)
                        and label in ("PERSON", "LOCATION", "ORGANIZATION")
                    ):
                        if not patterns.ORG_SUFFIX.search(name) and not (
                            label != "PERSON" and patterns.person_like(name)
                        ):
                            spans[i] = (*spans[i][:2], label)
        group = [index]
    line.spans = spans


def _one_type(article: Article) -> None:
    """One string, one type, by votes, where knowledge and context leave it open."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for line in article.lines:
        for start, end, label in line.spans:
            counted[line.text[start:end]][label] += 1
    for line in article.lines:
        changed = []
        for start, end, label in line.spans:
            name = line.text[start:end]
            votes = counted[name]
            if (
                len(votes) > 1
                and not any(form.strength >= LIKELY for form in _forms(name))
                and not _forms(name)
            ):
                total = votes + article.votes[name]
                label = max(total, key=lambda kind: (total[kind], kind == "PERSON"))
            if name in article.acronyms:
                label = article.acronyms[name]
            changed.append((start, end, label))
        line.spans = changed


def _propagate(article: Article) -> None:
    """Names found once are found wherever they stand, and people by their last names."""
    names: dict[str, str] = {}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for line in article.lines:
        for start, end, label in line.spans:
            votes[line.text[start:end]][label] += 1
    for name, counts in votes.items():
        if len(name) >= 3 and name[0].isupper() and not (" " not in name and name in _NOT_NAMES):
            names[name] = counts.most_common(1)[0][0]
    for tail, full in article.people.items():
        forms = _forms(tail)
        if (
            names.get(full) == "PERSON"
            and tail[0].isupper()
            and tail.lower() not in ("the", "jr")
            and tail not in names
        ):
            if full.split()[-1] != tail and " " not in tail and tail not in given_names():
                continue
            if not any(form.strength >= CERTAIN and form.type != "PERSON" for form in forms):
                names[tail] = "PERSON"
    for short in article.shorts:
        if not any(form.strength >= LIKELY and form.type != "ORGANIZATION" for form in _forms(short)):
            names.setdefault(short, "ORGANIZATION")
    if not names:
        return
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in names:
        first = WORD.match(name)
        if first:
            by_first[first.group()].append(name)
    for options in by_first.values():
        options.sort(key=len, reverse=True)
    for line in article.lines:
        _fill(article, line, names, by_first)


def _fill(article: Article, line: Line, names: dict[str, str], by_first: dict[str, list[str]]) -> None:
    text = line.text
    taken = sorted(line.spans)
    added: list[tuple[int, int, str]] = []
    index, last = 0, 0
    for match in WORD.finditer(text):
        start = match.start()
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        if start < last or (index < len(taken) and taken[index][0] <= start) or match.group() not in by_first:
            continue
        limit = taken[index][0] if index < len(taken) else len(text)
        for name in by_first[match.group()]:
            end = start + len(name)
            if (
                end <= limit
                and text.startswith(name, start)
                and not text[end : end + 1].isalnum()
                and text[end : end + 1] != "_"
            ):
                if name in _NOT_NAMES or text[start - 1 : start] in ("@", "#", "_"):
                    break
                added.append((start, end, _type(article, line, start, end, names[name])))
                last = end
                break
    if added:
        line.spans = sorted(line.spans + added)


_SENTENCE_START = re.compile(r"(?:^|[.!?:] |[\"'(] ?)$")


def _finish(article: Article, line: Line) -> None:
    kept: list[tuple[int, int, str]] = []
    for start, end, label in sorted(line.spans):
        name = line.text[start:end]
        if name in _NOT_NAMES or not any(char.isalpha() for char in name) or (kept and start < kept[-1][1]):
            continue
        if (
            " " not in name
            and name.lower() in article.small
            and _SENTENCE_START.search(line.text, max(0, start - 3), start)
            and not any(form.strength >= LIKELY for form in _forms(name))
            and name not in article.people
            and name not in article.inside
        ):
            continue
        if name in _GENERIC and not (label == "PERSON" and name in article.people):
            continue
        if len(name) == 1 or (name.islower() and label in ("PERSON", "ORGANIZATION", "LOCATION")):
            continue
        kept.append((start, end, label))
    line.spans = kept
