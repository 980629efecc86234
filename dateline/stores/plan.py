"""A Query as clauses: what both stores compile, so that they can't understand it differently.

A text is searched as its own language is analysed: the words become one clause for each analysis
("sanctions" is `sanction` in English texts and `sanctions` where no stemmer is known), and analyses
that give the same clause share it. A stop word beside other words is not asked for in the languages
in which it is one. The names of entities have become ids before this (`Names`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dateline.query import And, Node, Not, Phrase, Query, QueryError, Word
from dateline.stores import calendar
from dateline.stores.analysis import ANALYSES, DEFAULT, analyse, fold, is_stopword
from dateline.stores.calendar import Span
from dateline.stores.document import TEXTS, compound, language_key, term


@dataclass(slots=True, frozen=True)
class Token:
    """One token in a field of `TEXTS`; it counts for relevance by its weight, not at all at 0."""

    field: str
    token: str
    weight: float = 1.0


@dataclass(slots=True, frozen=True)
class Prefix:
    """A token that begins so; it does not count for relevance."""

    field: str
    beginning: str


@dataclass(slots=True, frozen=True)
class Ordered:
    """Tokens in this order with at most `slop` others among them."""

    field: str
    tokens: tuple[str, ...]
    slop: int = 0


@dataclass(slots=True, frozen=True)
class OneOf:
    """At least one of these exact values; nothing where there are none."""

    field: str
    values: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Published:
    """A published time whose span at its own precision overlaps this one."""

    span: Span


@dataclass(slots=True, frozen=True)
class Mentioned:
    """An interval that overlaps this one."""

    span: Span


@dataclass(slots=True, frozen=True)
class Together:
    """A sentence with one id of each group, and an interval that overlaps `span`."""

    groups: tuple[tuple[str, ...], ...]
    span: Span | None


@dataclass(slots=True, frozen=True)
class All:
    parts: tuple[Clause, ...]


@dataclass(slots=True, frozen=True)
class Any:
    parts: tuple[Clause, ...]


@dataclass(slots=True, frozen=True)
class Without:
    part: Clause


Clause = Token | Prefix | Ordered | OneOf | Published | Mentioned | Together | All | Any | Without

Names = dict[str, list[str]]  # asked name → entity ids


@dataclass(slots=True, frozen=True)
class Plan:
    """`words` count for relevance, `filters` only choose; all must hold."""

    words: Clause | None
    filters: tuple[Clause, ...]


def asked_names(query: Query) -> list[str]:
    """The entity names that must be resolved before `plan`."""
    return list(dict.fromkeys([*query.entities, *query.any_entities, *query.no_entities]))


def plan(query: Query, names: Names) -> Plan:
    """The clauses of a checked query.

    Raises:
        QueryError: its words hold nothing that can be searched.
    """
    return Plan(None if query.words is None else _words(query.words), tuple(_filters(query, names)))


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
    ):
        if asked := tuple(dict.fromkeys(map(term, values))):
            yield OneOf(field, asked)
    if query.disagreeing:
        yield OneOf("disagreeing", ("yes",))


def _ids(asked: Iterable[str], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entity_id for name in asked for entity_id in names[name]))


def _standing(ids: tuple[str, ...], role: str | None) -> Clause:
    if role is None:
        return OneOf("entity", ids)
    return OneOf("role", tuple(compound(role, entity_id) for entity_id in ids))


def _words(node: Node) -> Clause:
    groups: dict[Clause | None, list[str]] = {}
    for analysis in ANALYSES:
        groups.setdefault(_compile(node, analysis), []).append(analysis)
    clauses = {clause: analyses for clause, analyses in groups.items() if clause is not None}
    if not clauses:
        raise QueryError(
            "there is no word to search for: write one, or leave the words out to list everything"
        )
    if len(groups) == 1:
        return next(iter(clauses))
    parts: list[Clause] = [
        All((OneOf("analysis", tuple(analyses)), clause)) for clause, analyses in clauses.items()
    ]
    return _one_or(Any, parts)


def _compile(node: Node, analysis: str) -> Clause | None:
    """The clause of a node in texts of one analysis; None where it holds no token."""
    if isinstance(node, Word):
        return _word(node, analysis)
    if isinstance(node, Phrase):
        return _tokens(" ".join(node.words), node.field, analysis, node.slop)
    if isinstance(node, Not):
        part = _compile(node.part, analysis)
        return None if part is None else Without(part)
    parts = node.parts
    if isinstance(node, And):
        telling = tuple(part for part in parts if not _says_nothing(part, analysis))
        # "the sanctions" asks for sanctions, and "the" alone for "the"
        parts = telling if any(not isinstance(part, Not) for part in telling) else parts
    found = [clause for part in parts if (clause := _compile(part, analysis)) is not None]
    return _one_or(All if isinstance(node, And) else Any, found) if found else None


def _one_or(kind: type[All] | type[Any], parts: list[Clause]) -> Clause:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _says_nothing(node: Node, analysis: str) -> bool:
    if not isinstance(node, Word) or node.prefix or node.field is not None:
        return False
    return all(is_stopword(token.form, analysis) for token in analyse(node.text, analysis))


def _word(word: Word, analysis: str) -> Clause | None:
    if not word.prefix:
        return _tokens(word.text, word.field, analysis)
    analysis = _analysis_in(word.field, analysis)
    *first, last = [token.form for token in analyse(word.text, analysis)] or [""]
    if not last:
        return None
    if not last.isascii() and len(analyse(last + last, analysis)) > 1:
        # a script without spaces: each character is a token, and its word a phrase without an end
        return _tokens(word.text, word.field, analysis)
    prefix = Prefix(TEXTS[word.field][1], last)
    before = _tokens(" ".join(first), word.field, analysis) if first else None
    return prefix if before is None else All((before, prefix))


def _analysis_in(field: str | None, analysis: str) -> str:
    return analysis if field in (None, "title", "caption") else DEFAULT


def _tokens(text: str, field: str | None, analysis: str, slop: int = 0) -> Clause | None:
    found = analyse(text, _analysis_in(field, analysis))
    tokens, forms = TEXTS[field]
    stems = tuple(token.stem for token in found)
    if not stems:
        return None
    if len(stems) > 1:
        body: Clause = Ordered(tokens, stems, slop)
        return body if field else Any((body, Ordered("title", stems, slop)))
    parts: list[Clause] = [Token(tokens, stems[0])]
    if field is None:
        parts.append(Token("title", stems[0], 2.0))
    if forms != tokens:
        # typed without its accents, which the stemmer needed: the bare form still finds itself
        parts.append(Token(forms, found[0].form, 0.0))
    return _one_or(Any, parts)
