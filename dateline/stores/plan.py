"""A Query as clauses: what both stores compile, so that they can't understand it differently.

A text is searched as its own language is analysed. Tokens carry their analysis in the index, so a word
is simply any of its tokens ("sanctions" is `en:sanction` or `xx:sanctions` …), and all else is the same
for texts of every language. A stop word beside other words is not asked for in those languages in
which it is one. The names of entities have become ids before this (`Names`).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence

import msgspec

from dateline.query import And, Node, Not, Phrase, Query, QueryError, Word, said_words
from dateline.stores import calendar
from dateline.stores.analysis import ANALYSES, DEFAULT, analyse, fold, is_stopword
from dateline.stores.calendar import Span
from dateline.stores.document import (
    STEMMED,
    TEXTS,
    compound,
    document_id,
    language_key,
    quoted,
    spoken,
    stem_term,
    term,
    uttered,
    uttered_in,
)


class Token(msgspec.Struct, frozen=True):
    """One token in a field of `TEXTS`; it counts for relevance by its weight, not at all at 0."""

    field: str
    token: str
    weight: float = 1.0


class Counted(msgspec.Struct, frozen=True):
    """One exact value, or token; it counts the same wherever it stands."""

    field: str
    value: str
    weight: int


class Prefix(msgspec.Struct, frozen=True):
    """A token that begins so; it does not count for relevance."""

    field: str
    beginning: str


class Ordered(msgspec.Struct, frozen=True):
    """Tokens in this order with at most `slop` others among them."""

    field: str
    tokens: tuple[str, ...]
    slop: int = 0


class OneOf(msgspec.Struct, frozen=True):
    """At least one of these exact values; nothing where there are none."""

    field: str
    values: tuple[str, ...]


class Published(msgspec.Struct, frozen=True):
    """A published time whose span at its own precision overlaps this one."""

    span: Span


class Mentioned(msgspec.Struct, frozen=True):
    """An interval that overlaps this one."""

    span: Span


class Together(msgspec.Struct, frozen=True):
    """A sentence with one id of each group, and an interval that overlaps `span`."""

    groups: tuple[tuple[str, ...], ...]
    span: Span | None


class All(msgspec.Struct, frozen=True):
    parts: tuple[Clause, ...]


class Any(msgspec.Struct, frozen=True):
    parts: tuple[Clause, ...]


class Without(msgspec.Struct, frozen=True):
    part: Clause


# structs, which cost a start a tenth of what dataclasses do
Clause = Token | Counted | Prefix | Ordered | OneOf | Published | Mentioned | Together | All | Any | Without

Names = dict[str, list[str]]  # asked name → entity ids


class Plan(msgspec.Struct, frozen=True):
    """`words` count for relevance, `filters` only choose; all must hold."""

    words: Clause | None
    filters: tuple[Clause, ...]


def asked_names(query: Query) -> list[str]:
    """The entity names that must be resolved before `plan`."""
    return list(dict.fromkeys([*query.entities, *query.any_entities, *query.no_entities, *query.speakers]))


def plan(query: Query, names: Names, analyses: Sequence[str] = ANALYSES) -> Plan:
    """The clauses of a checked query, for texts of these analyses.

    Raises:
        QueryError: its words hold nothing that can be searched.
    """
    words = None if query.words is None else _words(query.words, analyses)
    spoken_ = tuple(_spoken(query, names, analyses or ANALYSES))
    return Plan(words, (*_filters(query, names), *spoken_))


def _filters(query: Query, names: Names) -> Iterable[Clause]:
    groups = [tuple(names[name]) for name in query.entities]
    if query.any_entities:
        groups.append(_ids(query.any_entities, names))
    for ids in groups:
        yield _standing(ids, query.role)
    if query.no_entities:
        yield Without(_standing(_ids(query.no_entities, names), query.role))
    if query.published and (span := calendar.span(query.published)):
        yield Published(span)
    mentioned = calendar.span(query.mentioned) if query.mentioned else None
    if query.near:
        yield Together(tuple(groups), mentioned)
    elif mentioned:
        yield Mentioned(mentioned)
    for field, values in (
        ("publisher_key", map(fold, query.publishers)),
        ("author_key", map(fold, query.authors)),
        ("section_key", map(fold, query.sections)),
        ("language", map(language_key, query.languages)),
        ("outcome", query.outcomes),
        ("source", query.sources),
        ("story", [query.story] if query.story else []),
        ("story", query.stories),
        ("correction", query.corrections),
        ("id", map(document_id, query.articles)),
    ):
        if asked := tuple(dict.fromkeys(map(term, values))):
            yield OneOf(field, asked)
    if query.disagreeing:
        yield OneOf("disagreeing", ("yes",))


def _spoken(query: Query, names: Names, analyses: Sequence[str]) -> Iterable[Clause]:
    """One sentence that quotes the speaker (anybody, where none is asked for) and has the words."""
    asked = [] if query.said is None else said_words(query.said)
    # in texts in which another word tells something, a stop word is not asked for
    sparing = {one for one in analyses if any(_telling(word, one) for words in asked for word in words)}
    ways = [found for words in asked if (found := _ways(words, analyses, sparing))]
    if asked and not any(analyse(word, DEFAULT) for words in asked for word in words):
        raise QueryError("said: there is no word to search for: write one")
    if len(ways) < len(asked):
        yield OneOf("id", ())  # in all texts that there are, a word says nothing
        return
    if not asked:
        yield from (_standing(tuple(names[name]), "speaker") for name in query.speakers)
        return
    speakers = [tuple(map(spoken, names[name])) for name in query.speakers]
    for ids in speakers or [(quoted(),)]:
        combined = (tuple(itertools.chain(*each)) for each in itertools.product(*ways))
        yield _one_or(Any, [Together((ids, *words), None) for words in combined])


def _ways(
    words: Sequence[str], analyses: Sequence[str], sparing: Collection[str]
) -> list[list[tuple[str, ...]]]:
    """In which ways one of the words is said: for each way its tokens, each as any analysis has it.

    Words of one token are one way together; one of several (a word of a script without spaces) is a way
    of its own, which asks for all of them.
    """
    # beside a word that tells something, a stop word is no alternative
    spared = {one for one in sparing if not any(_telling(word, one) for word in words)}
    single: dict[str, None] = {}
    ways: list[list[tuple[str, ...]]] = []
    for word in words:
        each = {one: _telling(word, one) or [uttered_in(one)] * (one in spared) for one in analyses}
        if max(map(len, each.values())) <= 1:
            single |= dict.fromkeys(itertools.chain(*each.values()))
        else:
            longest = max(map(len, each.values()))
            # where an analysis has fewer tokens (one of them a stop word), the rest is not asked for
            filled = [
                [*terms, *[uttered_in(one)] * (longest - len(terms))] for one, terms in each.items() if terms
            ]
            ways.append([tuple(dict.fromkeys(column)) for column in zip(*filled, strict=True)])
    return [*([[tuple(single)]] if single else []), *ways]


def _telling(word: str, analysis: str) -> list[str]:
    """The terms of a word's tokens, stop words left out."""
    found = [token for token in analyse(word, analysis) if not is_stopword(token.form, analysis)]
    return [uttered(stem_term(token.stem, None, analysis)) for token in found]


def _ids(asked: Iterable[str], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entity_id for name in asked for entity_id in names[name]))


def _standing(ids: tuple[str, ...], role: str | None) -> Clause:
    if role is None:
        return OneOf("entity", ids)
    return OneOf("role", tuple(compound(role, entity_id) for entity_id in ids))


def _words(node: Node, analyses: Sequence[str]) -> Clause:
    # an archive that has no text yet still says whether a query makes sense
    clause = _compile(node, analyses or ANALYSES)
    if clause is None:
        raise QueryError(
            "there is no word to search for: write one, or leave the words out to list everything"
        )
    return clause


def _compile(node: Node, analyses: Sequence[str]) -> Clause | None:
    """The clause of a node; None where it holds no token in any analysis."""
    if isinstance(node, Word | Phrase):
        return _leaf(node, analyses)
    if isinstance(node, Not):
        part = _compile(node.part, analyses)
        return None if part is None else Without(part)
    if isinstance(node, And):
        parts = [_asked_for(part, node, analyses) for part in node.parts]
    else:
        parts = [_compile(part, analyses) for part in node.parts]
    found = [part for part in parts if part is not None]
    return _one_or(All if isinstance(node, And) else Any, found) if found else None


def _asked_for(part: Node, node: And, analyses: Sequence[str]) -> Clause | None:
    """A part of `node` as it is asked for: in texts of some languages a stop word is not."""
    spared = tuple(analysis for analysis in analyses if _spared(part, node, analysis))
    if not spared:
        return _compile(part, analyses)
    asking = [analysis for analysis in analyses if analysis not in spared]
    clause = _compile(part, asking) if asking else None
    return None if clause is None else Any((OneOf("analysis", spared), clause))


def _spared(part: Node, node: And, analysis: str) -> bool:
    """ "the sanctions" asks for sanctions, and "the" alone for "the"."""
    if not _says_nothing(part, analysis):
        return False
    return any(not isinstance(other, Not) and not _says_nothing(other, analysis) for other in node.parts)


def _says_nothing(node: Node, analysis: str) -> bool:
    if not isinstance(node, Word) or node.prefix or node.field is not None:
        return False
    return all(is_stopword(token.form, analysis) for token in analyse(node.text, analysis))


def _one_or(kind: type[All] | type[Any], parts: Sequence[Clause]) -> Clause:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _leaf(leaf: Word | Phrase, analyses: Sequence[str]) -> Clause | None:
    """The leaf in each analysis, or in the one that the field's names have."""
    own = leaf.field in STEMMED
    found: dict[Clause, None] = {}
    for analysis in analyses if own else (DEFAULT,):
        if isinstance(leaf, Phrase):
            clauses = _tokens(" ".join(leaf.words), leaf.field, analysis, leaf.slop)
        elif leaf.prefix:
            clauses = _beginning(leaf, analysis)
        else:
            clauses = _tokens(leaf.text, leaf.field, analysis)
        found |= dict.fromkeys(clauses)
    return _one_or(Any, list(found)) if found else None


def _beginning(word: Word, analysis: str) -> list[Clause]:
    *first, last = [token.form for token in analyse(word.text, analysis)] or [""]
    if not last:
        return []
    if not last.isascii() and len(analyse(last + last, analysis)) > 1:
        # a script without spaces: each character is a token, and its word a phrase without an end
        return _tokens(word.text, word.field, analysis)
    prefix = Prefix(TEXTS[word.field][1], last)
    before = _tokens(" ".join(first), word.field, analysis) if first else []
    return [All((_one_or(Any, before), prefix))] if before else [prefix]


def _tokens(text: str, field: str | None, analysis: str, slop: int = 0) -> list[Clause]:
    """What finds the text's tokens in one analysis: any of these."""
    found = analyse(text, analysis)
    tokens, forms = TEXTS[field]
    stems = tuple(stem_term(token.stem, field, analysis) for token in found)
    if not stems:
        return []
    if len(stems) > 1:
        phrases: list[Clause] = [Ordered(tokens, stems, slop)]
        return phrases if field else [*phrases, Ordered("title", stems, slop)]
    parts: list[Clause] = [Token(tokens, stems[0])]
    if field is None:
        parts.append(Token("title", stems[0], 2.0))
    if forms != tokens and not is_stopword(found[0].form, analysis):
        # typed without its accents, which the stemmer needed: the bare form still finds itself
        parts.append(Token(forms, found[0].form, 0.0))
    return parts
