"""One article's candidates to mentions: one type for one string, and names found wherever they stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from dateline.entities import mentions_patterns as patterns
from dateline.entities import mentions_sport as sport
from dateline.entities.knowledge_forms import CAPITALISED, CERTAIN, LIKELY, WORD, given_names
from dateline.entities.mentions_article import SENTENCE_START, Article, forms_of, learn
from dateline.entities.mentions_candidates import candidates, choose
from dateline.entities.mentions_text import Line
from dateline.entities.mentions_types import type_of
from dateline.entities.mentions_words import GENERIC, NOT_NAMES, TITLE_WORDS


def settle(lines: list[Line], found: Sequence[Sequence[tuple[int, int, str]]]) -> None:
    """Fills `spans` of the lines with (start, end, label), sorted and without overlap."""
    article = Article(lines, sport.is_sport([line.text for line in lines]))
    drafts = [candidates(line, spans, article.sport) for line, spans in zip(lines, found, strict=True)]
    article.small = lines[0].small if lines else frozenset()
    article.sport = article.sport or sum(athletes for _, athletes in drafts) >= 4
    chosen = [choose(line, draft) for line, (draft, _) in zip(lines, drafts, strict=True)]
    learn(article, chosen)
    for line, spans in zip(lines, chosen, strict=True):
        line.spans = [
            (start, end, type_of(article, line, start, end, label)) for start, end, label, _ in spans
        ]
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
    learn(article, [[(*span, 4.0) for span in line.spans] for line in lines])
    _propagate(article)
    for line in lines:
        _finish(article, line)


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
                    telling = forms_of(name) or patterns.ORG_SUFFIX.search(name)
                    if telling or (label != "PERSON" and patterns.person_like(name)):
                        continue
                    if label in ("PERSON", "LOCATION", "ORGANIZATION"):
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
                and not any(form.strength >= LIKELY for form in forms_of(name))
                and not forms_of(name)
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
        if len(name) >= 3 and name[0].isupper() and not (" " not in name and name in NOT_NAMES):
            names[name] = counts.most_common(1)[0][0]
    for tail, full in article.people.items():
        forms = forms_of(tail)
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
        if not any(form.strength >= LIKELY and form.type != "ORGANIZATION" for form in forms_of(short)):
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
    for match in CAPITALISED.finditer(text):
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
                if name in NOT_NAMES or text[start - 1 : start] in ("@", "#", "_"):
                    break
                added.append((start, end, type_of(article, line, start, end, names[name])))
                last = end
                break
    if added:
        line.spans = sorted(line.spans + added)


_NEXT_NAME = re.compile(r" [A-Z]")
_PLURAL = re.compile(r"[A-Z][a-z]+(?:ers|ors|ists|ants|ents|men|women|ees|ials|ians)")
_NEXT_SMALL = re.compile(r" [a-z]")


def _opens_with_plural(article: Article, line: Line, start: int, end: int, label: str) -> bool:
    """ "Rescuers dug": a noun whose capital is the sentence's."""
    name = line.text[start:end]
    return bool(
        label in ("ORGANIZATION", "PERSON", "GROUP")
        and _PLURAL.fullmatch(name)
        and SENTENCE_START.search(line.text, max(0, start - 3), start)
        and _NEXT_SMALL.match(line.text, end)
        and not forms_of(name)
        and name not in article.inside
        and name not in article.people
    )


def _finish(article: Article, line: Line) -> None:
    kept: list[tuple[int, int, str]] = []
    for start, end, label in sorted(line.spans):
        name = line.text[start:end]
        if name in NOT_NAMES or not any(char.isalpha() for char in name) or (kept and start < kept[-1][1]):
            continue
        if (
            " " not in name
            and name.lower() in article.small
            and SENTENCE_START.search(line.text, max(0, start - 3), start)
            and not any(form.strength >= LIKELY for form in forms_of(name))
            and name not in article.people
            and name not in article.inside
        ):
            continue
        if name in TITLE_WORDS and _NEXT_NAME.match(line.text, end):
            continue  # the "Sheikh" of "Sheikh Nawaf"
        if _opens_with_plural(article, line, start, end, label):
            continue
        if name in GENERIC and not (label == "PERSON" and name in article.people):
            continue
        if len(name) == 1 or (name.islower() and label in ("PERSON", "ORGANIZATION", "LOCATION")):
            continue
        kept.append((start, end, label))
    line.spans = kept
