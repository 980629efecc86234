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
from dateline.entities.knowledge_forms import CERTAIN, LIKELY, WEAK, Form, gazetteer, given_names, surnames
from dateline.entities.mentions_text import Line
from dateline.entities.mentions_trim import is_number, is_office, trim

MODEL_SCORE = 2.5
_SEPARATORS = re.compile(r"[-/–,]|\b(?:and|v|vs|&)\b")
_NOT_NAMES = frozenset(
    """Internet COVID-19 Covid-19 COVID Covid Coronavirus coronavirus Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    GMT EST EDT ET BST CET PST UTC CEO CFO GDP CPI PMI IPO ETF EBITDA VAT PPE PCR DNA RNA HIV AIDS SARS MERS LGBT LGBTQ TV DVD
    PM MP MPs PhD ID FAQ Q1 Q2 Q3 Q4 UPDATE FACTBOX PREVIEW BRIEF WRAP EXCLUSIVE ANALYSIS ADVISORY BREAKING Extras Total Scorers Standings
    Results Fixtures Note OT ODI T20 T20I Twenty20 MVP KO TKO Email Eikon Web Internet God Mom Dad Mum World Earth Sun Quarter Dr Mr Mrs Ms
    Soccer Tennis Golf Cricket Rugby Boxing Cycling Athletics Swimming Basketball Baseball Football Biathlon Alpine Nordic Olympics
    Parliament Cabinet Government State Federal National Foreign Central North South East West Northern Southern Eastern Western""".split()
)


@dataclass(slots=True)
class Article:
    """What the whole article says of names: people in full, votes for each string, sport or not."""

    lines: list[Line]
    sport: bool = False
    people: dict[str, str] = field(default_factory=dict)  # last words to full names
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    acronyms: dict[str, str] = field(default_factory=dict)


def settle(lines: list[Line], found: Sequence[Sequence[tuple[int, int, str]]]) -> None:
    """Fills `spans` of the lines with (start, end, label), sorted and without overlap."""
    article = Article(lines, sport.is_sport([line.text for line in lines]))
    drafts = [_candidates(line, spans) for line, spans in zip(lines, found, strict=True)]
    chosen = [_choose(line, draft) for line, draft in zip(lines, drafts, strict=True)]
    _learn(article, chosen)
    for line, spans in zip(lines, chosen, strict=True):
        line.spans = [(start, end, _type(article, line, start, end, label)) for start, end, label, _ in spans]
    _acronyms(article)
    _one_type(article)
    _propagate(article)
    for line in lines:
        _finish(article, line)


Scored = tuple[int, int, str, float]


def _candidates(line: Line, found: Sequence[tuple[int, int, str]]) -> list[Scored]:
    text = line.text
    drafts: list[Scored] = []
    for start, end, label in found:
        start, end = trim(text, start, end, label)
        if start >= end or is_office(text[start:end]) or is_number(text[start:end]):
            continue
        drafts += _split(text, start, end, label)
    for start, end, forms in gazetteer().find(text):
        best = max(forms, key=lambda form: form.strength)
        if best.strength == WEAK:
            continue
        score = {CERTAIN: 4.0, LIKELY: 3.0}[best.strength] + (0.6 if " " in text[start:end] else 0.0)
        drafts.append((start, end, best.type, score))
    if line.role == "byline":
        drafts += [(s, e, label, 5.0) for s, e, label, _ in patterns.credits("By " + text)]
    for rule in (patterns.people, patterns.full_names, patterns.bodies, patterns.results, patterns.credits):
        for start, end, label, score in rule(text):
            start, end = trim(text, start, end, label)
            if start < end and not is_office(text[start:end]):
                drafts.append((start, end, label, score))
    if line.place:
        drafts += _places(text, *line.place)
    if line.agency:
        start, end = trim(text, *line.agency, "ORGANIZATION")
        drafts = [draft for draft in drafts if draft[1] <= start or draft[0] >= end]
        if start < end:
            drafts.append((start, end, "ORGANIZATION", 6.0))
    return drafts


def _places(text: str, start: int, end: int) -> list[Scored]:
    found = []
    for match in re.finditer(r"[^/,]+", text[start:end]):
        low, high = trim(text, start + match.start(), start + match.end(), "LOCATION")
        if low < high and text[low:high].replace(".", "").replace(" ", "").isalpha():
            found.append((low, high, "LOCATION", 6.0))
    return found


def _split(text: str, start: int, end: int, label: str) -> list[Scored]:
    """A model's span, taken apart where it joins names: "U.S.-Russia", "France and Germany"."""
    known = [
        (start + low, start + high, forms)
        for low, high, forms in gazetteer().find(text[start:end])
        if max(form.strength for form in forms) >= LIKELY
    ]
    if len(known) > 1 and label != "WORK":
        covered = sum(high - low for low, high, _ in known)
        between = "".join(text[a[1] : b[0]] for a, b in zip(known, known[1:], strict=False))
        if (
            covered + len(between) >= end - start
            and not re.search(r"[A-Za-z]{3,}", between.replace("and", ""))
            and _SEPARATORS.search(between)
        ):
            return []  # all of it is known piece by piece
        if covered + len(between) == end - start and all(
            form.type == "LOCATION" for _, _, forms in known for form in forms
        ):
            return []
    if known and label == "PERSON" and known[0][0] == start and known[0][1] < end:
        types = {form.type for form in known[0][2]}
        rest = text[known[0][1] : end].lstrip(" '")
        if types == {"GROUP"} and rest[:1].isupper():
            return [(end - len(rest), end, label, MODEL_SCORE + 0.2)]
    score = MODEL_SCORE + (0.5 if label == "PERSON" and " " in text[start:end] else 0.0)
    if label == "PERSON" and patterns.person_like(text[start:end]):
        score += 0.5
    return [(start, end, label, score)]


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
    held = [c for c in all_ if start <= c[0] and c[1] <= end and (c[0], c[1]) != (start, end)]
    if held and score >= 1.9:
        best = max(c[3] for c in held)
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
            article.votes[name][label] += 2 if score >= 3 else 1
            if label == "PERSON" and " " in name and score >= 2.4:
                words = name.replace(" Jr.", "").replace(" Jr", "").split()
                for tail in (words[-1], " ".join(words[-2:]), words[0]):
                    if len(tail) > 2:
                        article.people.setdefault(tail, name)


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
        and sport.is_score_line(text)
    ):
        team = _team(article, line, start, end, forms)
        if team is not None:
            return "ORGANIZATION" if team else "LOCATION"
    if types and strongest >= LIKELY:
        if label in types:
            return label
        best = max(forms, key=lambda form: form.strength)
        return best.type
    if types and label not in types and label in ("WORK", "PRODUCT", "EVENT", "LAW", "GROUP"):
        return next(iter(types)) if len(types) == 1 else label
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


def _team(article: Article, line: Line, start: int, end: int, forms: Sequence[Form]) -> bool | None:
    if any(form.kind == "country" for form in forms):
        return False
    clubs = [form for form in forms if form.type == "ORGANIZATION"]
    if clubs and not any(
        form.kind in ("football clubs", "north american teams", "leagues, federations and other clubs")
        for form in clubs
    ):
        return None
    answer = sport.is_team(line.text, start, end, article.sport)
    if answer is None and clubs:
        places = [form for form in forms if form.type == "LOCATION"]
        if not article.sport and places:
            return False
        return None if clubs[0].strength < LIKELY and places else True
    return answer


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
    if not names:
        return
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in names:
        first = re.match(r"[^\W_]+", name)
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
    for match in re.finditer(r"[^\W_]+", text):
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
                weak = [form for form in _forms(name) if form.strength == WEAK]
                if (
                    weak
                    and " " not in name
                    and start == 0
                    and len(names)
                    and not line.text.isupper()
                    and names[name] != "PERSON"
                ):
                    pass
                added.append((start, end, _type(article, line, start, end, names[name])))
                last = end
                break
    if added:
        line.spans = sorted(line.spans + added)


def _finish(article: Article, line: Line) -> None:
    kept: list[tuple[int, int, str]] = []
    for start, end, label in sorted(line.spans):
        name = line.text[start:end]
        if name in _NOT_NAMES or not any(char.isalpha() for char in name) or (kept and start < kept[-1][1]):
            continue
        if len(name) == 1 or (name.islower() and label in ("PERSON", "ORGANIZATION", "LOCATION")):
            continue
        kept.append((start, end, label))
    line.spans = kept
