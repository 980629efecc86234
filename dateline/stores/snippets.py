"""The sentences of an article that answer a query, with what matched marked.

Made here from the article itself, for both stores alike, and only for the hits that are shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline.models import Article, Sentence
from dateline.query import And, Node, Not, Or, Query, Word
from dateline.stores import calendar
from dateline.stores.analysis import analyse, analysis_of, is_stopword
from dateline.stores.base import Snippet
from dateline.stores.calendar import Span
from dateline.stores.document import id_term
from dateline.stores.places import places
from dateline.stores.plan import Names

BEST = 3  # sentences shown of an article
MAX_SENTENCES = 1_000  # looked at in an article
MAX_TEXT = 200_000  # characters looked at in an article
MAX_LOOK = 20_000  # characters looked at in a sentence; a table or a list may be one
LONG = 800  # a longer sentence is shown around its first mark

_QUOTING = 2.0  # what it adds to a sentence's worth that it quotes whom the query asks for

Mark = tuple[int, int, str]


@dataclass(slots=True)
class _Sought:
    """What to mark, in texts of one analysis."""

    analysis: str
    stems: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    beginnings: tuple[str, ...] = ()
    ids: set[str] = field(default_factory=set)
    groups: list[set[str]] = field(default_factory=list)  # for near: one id of each must be there
    span: Span | None = None
    speakers: set[str] = field(default_factory=set)
    quoting: bool = False  # sentences that quote the speakers (anybody, where there are none) go first


def snippets(article: Article, query: Query, names: Names) -> list[Snippet]:
    """The sentences that answer best, best first; none where only fields answer, or nothing was asked.

    With `near`, those sentences in which entities and date stand together.
    """
    return Choosing(query, names).of(article)


class Choosing:
    """The same for many articles: what is asked for is worked out once for each of their languages."""

    def __init__(self, query: Query, names: Names) -> None:
        self._query = query
        self._names = names
        self._sought: dict[str, _Sought] = {}  # by analysis

    def of(self, article: Article) -> list[Snippet]:
        """See `snippets`."""
        query, analysis = self._query, analysis_of(article.language)
        sought = self._sought.get(analysis)
        if sought is None:
            sought = self._sought[analysis] = _sought(analysis, query, self._names)
        marks = _entity_marks(article, sought) + _date_marks(article, sought) + _word_marks(article, sought)
        marks.sort()
        starts = [mark[0] for mark in marks]
        quotes = _quotes(article, sought)
        found: list[tuple[float, int, Snippet, bool]] = []
        for place, sentence in enumerate(_sentences(article)):
            start, stop = sentence.start, sentence.end
            if query.near and not _stand_together(sentence, sought):
                continue
            end = stop if stop < start + MAX_LOOK else start + MAX_LOOK
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            quoting = bool(quotes) and any(one < stop and start < other for one, other in quotes)
            if first == last and not (query.near or quoting):
                continue
            inside = [mark for mark in marks[first:last] if mark[1] <= end]
            if not (inside or query.near or quoting):
                continue
            snippet = _snippet(article.text[start:end], start, inside)
            found.append((-_worth(snippet) - _QUOTING * quoting, place, snippet, quoting))
        if quotes and query.words is None:  # what somebody said is asked for, and nothing else of the text
            found = [entry for entry in found if entry[3]] or found
        found.sort(key=lambda entry: entry[:2])
        return [snippet for _, _, snippet, _ in found[:BEST]]


def _sought(analysis: str, query: Query, names: Names) -> _Sought:
    sought = _Sought(analysis)
    if query.words is not None:
        _collect(query.words, sought)
    groups = [names.get(name, []) for name in query.entities]
    if query.any_entities:
        groups.append([entity_id for name in query.any_entities for entity_id in names.get(name, [])])
    sought.groups = [set(group) for group in groups]
    sought.ids = set().union(*sought.groups)
    sought.span = calendar.span(query.mentioned) if query.mentioned else None
    sought.quoting = bool(query.speakers) or query.said is not None
    sought.speakers = {entity_id for name in query.speakers for entity_id in names.get(name, [])}
    sought.ids |= sought.speakers
    if query.said is not None:
        _collect(query.said, sought)
    return sought


def _collect(node: Node, sought: _Sought) -> None:
    """The tokens of the words that may be there; those after NOT are not."""
    if isinstance(node, Not):
        return
    if isinstance(node, And | Or):
        for part in node.parts:
            _collect(part, sought)
        return
    if node.field not in (None, "title"):
        return
    if isinstance(node, Word) and node.prefix:
        forms = [token.form for token in analyse(node.text, sought.analysis)]
        sought.beginnings += tuple(forms[-1:])
        sought.forms.update(forms[:-1])
        return
    text = node.text if isinstance(node, Word) else " ".join(node.words)
    tokens = analyse(text, sought.analysis)
    telling = [token for token in tokens if not is_stopword(token.form, sought.analysis)]
    for token in telling or tokens:
        sought.stems.add(token.stem)
        sought.forms.add(token.form)


def _sentences(article: Article) -> Iterator[Sentence]:
    """The article's sentences; a rough cut where it was not enriched."""
    if article.sentences:
        yield from article.sentences[:MAX_SENTENCES]
        return
    cut = re.finditer(
        r"\S[^\n]*?(?:[.!?。！？]+[\"'”’)]*(?=\s|$)|(?=\n|$)|(?<=[。！？]))", article.text[:MAX_TEXT]
    )
    for count, match in enumerate(cut):
        if count == MAX_SENTENCES:
            return
        yield Sentence(start=match.start(), end=match.end())


def _stand_together(sentence: Sentence, sought: _Sought) -> bool:
    ids = set(map(id_term, sentence.entity_ids))
    if not all(group & ids for group in sought.groups):
        return False
    spans = map(calendar.span, sentence.intervals)
    return sought.span is None or any(span is not None and _overlap(span, sought.span) for span in spans)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _entity_marks(article: Article, sought: _Sought) -> list[Mark]:
    if not sought.ids:
        return []
    return [
        (mention.start, mention.end, "entity")
        for entity in article.entities
        if id_term(entity.entity_id) in sought.ids
        for mention in entity.mentions
        if mention.part == "body"
    ]


def _quotes(article: Article, sought: _Sought) -> list[tuple[int, int]]:
    """Where those who are asked for are quoted."""
    if not sought.quoting:
        return []
    return [
        (quote.start, quote.end)
        for quote in article.quotes
        if not sought.speakers or (quote.speaker_id and id_term(quote.speaker_id) in sought.speakers)
    ]


def _date_marks(article: Article, sought: _Sought) -> list[Mark]:
    if sought.span is None:
        return []
    return [
        (time.start, time.end, "date")
        for time in article.times
        if time.interval is not None
        and (span := calendar.span(time.interval)) is not None
        and _overlap(span, sought.span)
    ]


def _word_marks(article: Article, sought: _Sought) -> list[Mark]:
    if not (sought.stems or sought.beginnings):
        return []
    wanted = sought.stems | sought.forms
    found = places(article.text[:MAX_TEXT], sought.analysis, wanted, sought.beginnings)
    return [(start, end, "word") for start, end in found]


def _snippet(text: str, start: int, marks: list[Mark]) -> Snippet:
    """The sentence with its marks in order, none over another: names and dates go before words."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark[2] == "word", mark[0], -mark[1])):
        if not any(mark[0] < other[1] and other[0] < mark[1] for other in kept):
            kept.append(mark)
    inside = [(a - start, b - start, kind) for a, b, kind in sorted(kept)]
    return _shortened(Snippet(text=text, marks=inside))


def _shortened(snippet: Snippet) -> Snippet:
    """A very long sentence around its first mark, with … for what is left out."""
    text = snippet.text
    if len(text) <= LONG:
        return snippet
    middle = snippet.marks[0][0] if snippet.marks else 0
    first = 0 if middle < LONG // 2 else max(text.rfind(" ", 0, middle - LONG // 3), middle - LONG // 2) + 1
    last = first + LONG if first + LONG < len(text) else len(text)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    moved = len(before) - first
    marks = [(a + moved, b + moved, kind) for a, b, kind in snippet.marks if first <= a and b <= last]
    return Snippet(text=before + text[first:last] + after, marks=marks)


def _worth(snippet: Snippet) -> float:
    """How well a sentence answers: each different thing counts one, a second time a tenth."""
    things = {(kind, snippet.text[start:end].casefold()) for start, end, kind in snippet.marks}
    kinds = {kind for _, _, kind in snippet.marks}
    return len(things) + len(kinds) + 0.1 * (len(snippet.marks) - len(things))
