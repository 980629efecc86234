"""Random archives and random queries: both stores answer as a naive reading of the contract does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import store_reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import article, interval

from dateline.models import Article, Quote
from dateline.query import And, Node, Not, Or, Phrase, Query, Word
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.opensearch import OpenSearchStore

WORDS = [
    "the",
    "US",
    "us",
    "sanctions",
    "sanction",
    "die",
    "négociation",
    "negociation",
    "Häuser",
    "x-y",
    "U.S.",
]
NAMES = ["Wang Yi", "Lavrov", "Sergei Lavrov", "Meng", "US", "person/wang-yi", "nobody"]
DAYS = [f"2021-03-{day:02}" for day in range(20, 25)]
HOURS = [("2021-03-22T09:00:00", "2021-03-22T09:00:01"), ("2021-03-22T00:00:00", "2021-03-22T09:00:00")]
SPANS = [*DAYS, *HOURS, ("2021-03-01", "2021-04-01"), ("2021-03-21T23:59:59", "2021-03-23T00:00:01")]

words = st.sampled_from(WORDS)
sentences = st.builds(
    lambda text, names, days: (" ".join([*text, *names]) + ".", days),
    st.lists(words, max_size=4),
    st.lists(st.sampled_from(NAMES[:5]), max_size=2),
    st.lists(st.sampled_from(SPANS), max_size=2),
)


def quoting(made: Article, speakers: list[str | None]) -> Article:
    """The article with quotes: each of its first sentences says who speaks in it ("" for somebody)."""
    for sentence, speaker in zip(made.sentences, speakers, strict=False):
        if speaker is not None:
            quote = Quote(start=sentence.start, end=sentence.end, text="", speaker_id=speaker or None)
            made.quotes.append(quote)
    return made


articles = st.builds(
    lambda number, title, body, language, day, publisher, speakers: quoting(
        article(
            f"{number:08x}",
            *body,
            title=title,
            language=language,
            published=day,
            publisher=publisher,
        ),
        speakers,
    ),
    st.integers(0, 2**32 - 1),
    st.none() | st.lists(words, min_size=1, max_size=3).map(" ".join),
    st.lists(sentences, min_size=1, max_size=4),
    st.sampled_from(["en", "en", "de", "fr", None]),
    st.none() | st.sampled_from(DAYS),
    st.sampled_from([None, "AP", "DW"]),
    st.lists(st.sampled_from([None, "", "person/wang-yi", "person/sergei-lavrov"]), max_size=3),
)
archives = st.lists(articles, max_size=8, unique_by=lambda one: one.article_id)

fields = st.sampled_from([None, None, "title"])
leaves = st.one_of(
    st.builds(Word, words.filter(lambda word: "-" not in word), st.just(False), fields),
    st.builds(
        lambda text, field: Word(text, True, field), st.sampled_from(["sanc", "nég", "us", "hau"]), fields
    ),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(tuple), st.integers(0, 3), fields),
)
nodes: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
plain = st.builds(Word, words)
said = plain | st.builds(
    And,
    st.lists(
        plain | st.builds(Or, st.lists(plain, min_size=2, max_size=2).map(tuple)), min_size=2, max_size=2
    ).map(tuple),
)
names = st.lists(st.sampled_from(NAMES), max_size=2)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    query = Query(sort="newest", limit=50)
    if draw(st.booleans()):
        query.words = draw(nodes)
    if draw(st.booleans()):
        query.entities = draw(names)
        query.any_entities = draw(names)
        query.no_entities = draw(st.just([]) | names)
        query.role = draw(st.sampled_from([None, None, "body", "caption"]))
    if draw(st.integers(0, 2)) == 0:
        query.speakers = draw(st.lists(st.sampled_from(NAMES), max_size=2))
        query.said = draw(st.none() | said)
    if draw(st.booleans()):
        query.mentioned = interval(draw(st.sampled_from(SPANS)))
    if draw(st.integers(0, 3)) == 0:
        query.published = interval(draw(st.sampled_from(SPANS)))
        query.languages = draw(st.just([]) | st.just(["en"]))
        query.publishers = draw(st.just([]) | st.just(["AP"]))
    named = len(query.entities) + bool(query.any_entities)
    if named and (query.mentioned or named > 1) and query.role in (None, "body"):
        query.near = draw(st.booleans())
    return query


@pytest.fixture(scope="module")
def stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Store]]:
    folder: Path = tmp_path_factory.mktemp("agreement")
    alias = f"test-{uuid.uuid4().hex[:12]}"
    opensearch = OpenSearchStore(request.getfixturevalue("opensearch_url"), alias, patience=10)
    yield {"embedded": EmbeddedStore(folder), "opensearch": opensearch}
    opensearch._client.ask("DELETE", f"/{alias}*")


@pytest.mark.opensearch
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(archive=archives, asked=st.lists(queries(), min_size=8, max_size=16))
def test_both_stores_answer_as_the_contract_reads(
    stores: dict[str, Store], archive: list[Article], asked: list[Query]
) -> None:
    """Whoever moves from a laptop to a server must get the same answers, in the same order."""
    for name, store in stores.items():
        store.delete([one.article_id for one in store.scan()])
        store.write(archive)
        for query in asked:
            found = [hit.article.article_id for hit in store.search(query).hits]
            assert found == store_reference.answer(query, archive), (name, query)
