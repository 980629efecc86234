"""The contract once more, naively: one article at a time, no index. Both stores must agree with it.

It shares with the stores only what cuts a text into tokens and what makes an alias key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dateline.entities.names import alias_key
from dateline.models import Article, Interval, Sentence
from dateline.query import And, Node, Not, Or, Phrase, Query, Word, said_words
from dateline.stores.analysis import ANALYSES, Token, analyse, analysis_of, is_stopword


def answer(query: Query, articles: Sequence[Article]) -> list[str]:
    """The ids of the articles that answer, newest first (ties by id)."""
    found = [article for article in articles if _matches(query, article, articles)]
    return [article.article_id for article in sorted(found, key=_newest_first)]


def _newest_first(article: Article) -> tuple[bool, float, str]:
    published = _published(article)
    start = published.start if published else None
    return start is None, -(start - dt.datetime.min).total_seconds() if start else 0.0, article.article_id


def _published(article: Article) -> Interval | None:
    """Only the shapes that these tests write: a day, or nothing."""
    if article.published_at is None:
        return None
    day = dt.datetime.fromisoformat(article.published_at.value)
    return Interval(start=day, end=day + dt.timedelta(days=1))


def _matches(query: Query, article: Article, articles: Sequence[Article]) -> bool:
    def standing(name: str, role: str | None = query.role) -> set[str]:
        """The ids that a name means anywhere, as far as they stand in this article in that role."""
        meant = {
            entity.entity_id
            for one in articles
            for entity in one.entities
            if entity.entity_id == name
            or alias_key(name) in {alias_key(known) for known in (entity.name, *entity.names)}
        }
        return meant & {
            entity.entity_id
            for entity in article.entities
            if role is None or any(mention.role == role for mention in entity.mentions)
        }

    if not _spoken(query, article, [standing(name, None) for name in query.speakers]):
        return False
    groups = [standing(name) for name in query.entities]
    if query.any_entities:
        groups.append(set().union(*map(standing, query.any_entities)))
    if not all(groups) or any(map(standing, query.no_entities)):
        return False
    mentioned = [one for sentence in article.sentences for one in sentence.intervals]
    if query.mentioned and not any(query.mentioned.overlaps(one) for one in mentioned):
        return False
    if query.near and not any(
        all(group & set(sentence.entity_ids) for group in groups)
        and (query.mentioned is None or any(query.mentioned.overlaps(one) for one in sentence.intervals))
        for sentence in article.sentences
    ):
        return False
    published = _published(article)
    if query.published and not (published and query.published.overlaps(published)):
        return False
    if query.languages and article.language not in query.languages:
        return False
    if query.publishers and article.publisher not in query.publishers:
        return False
    return query.words is None or _says(query.words, article)


def _spoken(query: Query, article: Article, speakers: list[set[str]]) -> bool:
    """One sentence quotes the speaker (anybody, where none is asked for) and has the words."""
    analysis = analysis_of(article.language)
    asked = (
        [[_telling(word, analysis) for word in words] for words in said_words(query.said)]
        if query.said
        else []
    )
    if asked and not any(map(any, asked)):
        return False
    asked = [[word for word in words if word] or words for words in asked]

    def holds(sentence: Sentence, quoted: set[str | None]) -> bool:
        stems = _telling(article.text[sentence.start : sentence.end], analysis)
        return bool(quoted) and all(any(word <= stems for word in words) for words in asked)

    def quoting(sentence: Sentence) -> set[str | None]:
        over = [one for one in article.quotes if one.start < sentence.end and sentence.start < one.end]
        return {one.speaker_id for one in over}

    if query.said is None:
        return all(ids & {one.speaker_id for one in article.quotes} for ids in speakers)
    if not speakers:
        return any(holds(sentence, quoting(sentence)) for sentence in article.sentences)
    return all(
        any(holds(sentence, quoting(sentence) & ids) for sentence in article.sentences) for ids in speakers
    )


def _telling(text: str, analysis: str) -> set[str]:
    return {token.stem for token in analyse(text, analysis) if not is_stopword(token.form, analysis)}


def _says(node: Node, article: Article) -> bool:
    analysis = analysis_of(article.language)
    if isinstance(node, And):
        telling = [part for part in node.parts if not _says_nothing(part, analysis)]
        parts = telling if any(not isinstance(part, Not) for part in telling) else list(node.parts)
        return all(_says(part, article) for part in parts)
    if isinstance(node, Or):
        return any(_says(part, article) for part in node.parts)
    if isinstance(node, Not):
        return not _says(node.part, article)
    title = [article.title] if article.title else []
    parts_ = title if node.field == "title" else [*title, article.text]
    texts = [analyse(part, analysis) for part in parts_]
    if isinstance(node, Phrase):
        asked = analyse(" ".join(node.words), analysis)
        if len(asked) == 1:
            forms = _forms(" ".join(node.words))
            return any(_is(one, asked[0].stem, forms, analysis) for text in texts for one in text)
        return any(_in_order(asked, text, node.slop) for text in texts)
    (token,) = analyse(node.text, analysis)
    forms = _forms(node.text)
    if node.prefix:
        forms = {form for other in ANALYSES for form in [analyse(node.text, other)[-1].form]}
        return any(
            one.form.startswith(tuple(forms)) and not is_stopword(one.form, analysis)
            for text in texts
            for one in text
        )
    return any(_is(one, token.stem, forms, analysis) for text in texts for one in text)


def _forms(text: str) -> set[str]:
    """The bare forms of a word in every analysis, where it is no stop word."""
    found = [(analyse(text, analysis), analysis) for analysis in ANALYSES]
    return {
        tokens[0].form
        for tokens, analysis in found
        if len(tokens) == 1 and not is_stopword(tokens[0].form, analysis)
    }


def _is(one: Token, stem: str, forms: set[str], analysis: str) -> bool:
    return one.stem == stem or (one.form in forms and not is_stopword(one.form, analysis))


def _says_nothing(node: Node, analysis: str) -> bool:
    if not isinstance(node, Word) or node.prefix or node.field:
        return False
    return all(is_stopword(token.form, analysis) for token in analyse(node.text, analysis))


def _in_order(asked: list[Token], text: list[Token], slop: int) -> bool:
    stems = [one.stem for one in text]

    def place(number: int, after: int, left: int) -> bool:
        if number == len(asked):
            return True
        return any(
            stems[at] == asked[number].stem and place(number + 1, at, left - (at - after - 1))
            for at in range(after + 1, min(after + 2 + left, len(stems)))
        )

    return any(stems[at] == asked[0].stem and place(1, at, slop) for at in range(len(stems)))
