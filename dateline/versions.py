"""What a publisher changed: the versions of an article's text, and what differs between two of them.

The comparison is by sentence (`difflib` over the sentences that `dateline.texts.sentences` finds), then by
word inside a sentence that was rewritten. A changed figure, name or date is marked as such: those are
the edits that a reader wants to know of.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from dateline.models import Article, Moment, Outcome

ChangeKind = Literal["added", "removed", "changed", "moved"]
MarkKind = Literal["number", "name", "date", "word"]

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|\w+|[^\w\s]")
_LONG = 4000  # characters of a "sentence" past which its words are not compared one by one
_MANY = 1000  # sentences in the differing middle past which those that repeat are no landmarks
_ALIKE = 0.4  # share of words that two sentences have in common if one is the other rewritten


@dataclass(slots=True, kw_only=True)
class Version:
    """An article's text as it stood when it was seen at `seen_at` (aware, UTC).

    `number` counts from 1, the oldest. `silent`: the text changed while the publisher's own
    `modified_at` did not. `names` are the names found in the text, as they are printed there.
    """

    article_id: str
    number: int
    seen_at: dt.datetime
    archive: str | None
    title: str | None
    text: str
    authors: list[str] = field(default_factory=list)
    published_at: Moment | None = None
    modified_at: Moment | None = None
    silent: bool = False
    language: str | None = None
    names: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, frozen=True)
class Mark:
    """A changed span of a change's `old` or `new` text: `text` == side[start:end]."""

    side: Literal["old", "new"]
    start: int
    end: int
    text: str
    kind: MarkKind


@dataclass(slots=True, kw_only=True)
class Change:
    """One sentence (or the title) that differs; `old` is "" where added, `new` is "" where removed."""

    kind: ChangeKind
    part: Literal["title", "body"]
    old: str
    new: str
    marks: list[Mark] = field(default_factory=list)


def version_of(article: Article, number: int, former: Article | None = None) -> Version:
    """The article as its version `number`; `former` is what stood before it, for `silent`."""
    names = {
        mention.text
        for entity in article.entities
        for mention in entity.mentions
        if mention.part in ("body", "title")
    }
    return Version(
        article_id=article.article_id,
        number=number,
        seen_at=article.fetched_at or dt.datetime.fromtimestamp(article.version / 1000, dt.UTC),
        archive=article.archive,
        title=article.title,
        text=article.text,
        authors=list(article.authors),
        published_at=article.published_at,
        modified_at=article.modified_at,
        silent=former is not None and former.modified_at == article.modified_at,
        language=article.language,
        names=sorted(names),
    )


def is_edit(old: Article, new: Article) -> bool:
    """Whether the publisher changed headline or text between two fetches of one page.

    Not where one of them is only a digest's text, where both were read from the same fetch (a better
    extractor is no edit), or where the text came by another address (another rendition of it).
    """
    if Outcome.DIGEST_ONLY in (old.outcome, new.outcome) or "digest" in (old.method, new.method):
        return False
    if old.archive is not None and old.archive == new.archive:
        return False
    if not _same_address(old, new):
        return False
    return _words(old.title or "") != _words(new.title or "") or _words(old.text) != _words(new.text)


def _same_address(old: Article, new: Article) -> bool:
    from dateline.urls import normalise

    def addresses(article: Article) -> set[str]:
        return {normalise(url) for url in (article.requested_url, article.final_url) if url}

    one, other = addresses(old), addresses(new)
    return not one or not other or bool(one & other)


def compare(old: Version, new: Version) -> list[Change]:
    """What differs, in the order of the new text; removed sentences where they stood. [] if nothing."""
    language = new.language or old.language or "en"
    names = sorted({*old.names, *new.names}, key=len, reverse=True)
    changes: list[Change] = []
    if _words(old.title or "") != _words(new.title or ""):
        changes.append(_changed("title", old.title or "", new.title or ""))
    changes += _body(_sentences(old.text, language), _sentences(new.text, language))
    _find_moves(changes)
    for change in changes:
        if change.kind != "moved":
            change.marks = list(_marks(change, names, language))
    return changes


def _sentences(text: str, language: str) -> list[str]:
    from dateline.texts.sentences import split

    return [" ".join(text[start:end].split()) for start, end in split(text, language)]


def _changed(part: Literal["title", "body"], old: str, new: str) -> Change:
    kind: ChangeKind = "changed" if old and new else "added" if new else "removed"
    return Change(kind=kind, part=part, old=old, new=new)


def _body(old: list[str], new: list[str]) -> list[Change]:
    changes: list[Change] = []
    keys = [" ".join(_words(sentence)) for sentence in old], [" ".join(_words(sentence)) for sentence in new]
    for kind, a, b, c, d in _opcodes(*keys):
        if kind != "equal":
            changes += [_changed("body", one, other) for one, other in _pairs(old[a:b], new[c:d])]
    return changes


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """As `SequenceMatcher.get_opcodes`, but never quadratic on a text that repeats one sentence."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    matcher = SequenceMatcher(None, *middle, autojunk=len(middle[1]) > _MANY)
    return [(kind, a + start, b + start, c + start, d + start) for kind, a, b, c, d in matcher.get_opcodes()]


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Sentences of one replaced stretch: each new one with the old one that it rewrites, in order."""
    at = 0
    for sentence in new:
        partner = next((i for i in range(at, min(len(old), at + 50)) if _alike(old[i], sentence)), None)
        if partner is None:
            yield "", sentence
            continue
        yield from ((gone, "") for gone in old[at:partner])
        yield old[partner], sentence
        at = partner + 1
    yield from ((gone, "") for gone in old[at:])


def _alike(one: str, other: str) -> bool:
    a, b = Counter(_words(one)), Counter(_words(other))
    return 2 * (a & b).total() >= 2 * _ALIKE * max(a.total(), b.total()) and bool(a and b)


def _find_moves(changes: list[Change]) -> None:
    """A sentence that was removed here and added there has moved: one change, not two."""
    removed: dict[str, Change] = {}
    for change in changes:
        if change.kind == "removed" and change.part == "body":
            removed.setdefault(" ".join(_words(change.old)), change)
    for change in changes:
        partner = removed.pop(" ".join(_words(change.new)), None) if change.kind == "added" else None
        if partner is not None:
            change.kind, change.old = "moved", partner.old
            changes.remove(partner)


def _marks(change: Change, names: Sequence[str], language: str) -> Iterator[Mark]:
    if max(len(change.old), len(change.new)) > _LONG:
        return
    old, new = _tokens(change.old), _tokens(change.new)
    matcher = SequenceMatcher(
        None, [text.casefold() for *_, text in old], [text.casefold() for *_, text in new], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        for side, tokens, whole in (("old", old[a:b], change.old), ("new", new[c:d], change.new)):
            known = _known_spans(whole, names, language)
            for start, end, sort in _runs(tokens, known, language):
                if sort != "word" or change.kind == "changed":
                    yield Mark(side=side, start=start, end=end, text=whole[start:end], kind=sort)  # type: ignore[arg-type]


def _tokens(text: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]


Known = list[tuple[int, int, MarkKind]]


def _known_spans(text: str, names: Sequence[str], language: str) -> Known:
    """Where dates and names stand in a sentence; the first to claim a place has it."""
    from dateline.dates.timex import find_times

    spans: Known = [(time.start, time.end, "date") for time in find_times(text, None, language)]
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if not any(start < match.end() and match.start() < end for start, end, _ in spans):
                spans.append((match.start(), match.end(), "name"))
    return spans


def _runs(
    tokens: list[tuple[int, int, str]], known: Known, language: str
) -> Iterator[tuple[int, int, MarkKind]]:
    """Changed tokens as spans: neighbours of one kind are one span, punctuation alone is none."""
    found: list[tuple[int, int, MarkKind]] = []
    for start, end, text in tokens:
        sort = next((kind for a, b, kind in known if a <= start and end <= b), None)
        if sort is None:
            if not (text[0].isalnum() or text[0] == "_"):
                continue
            sort = "number" if _is_number(text, language) else "word"
        if found and found[-1][2] == sort and start - found[-1][1] <= 1:
            found[-1] = (found[-1][0], end, sort)
        else:
            found.append((start, end, sort))
    yield from found


def _is_number(text: str, language: str) -> bool:
    from dateline.dates.timex_language import language as tables

    return text[0].isdigit() or tables(language).words.get(text.casefold(), ("", None))[0] == "number"


def _words(text: str) -> list[str]:
    from dateline.texts.fingerprint import words

    return words(text)
