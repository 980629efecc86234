"""Corrections: if these fail, what a person mended is lost with the next fetch, or can't be taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import article, interval

from dateline.corrections import making as correcting
from dateline.corrections.making import CorrectionError
from dateline.corrections.model import Correction, apply, read_moment, restored
from dateline.corrections.overlay import Overlay
from dateline.journal import Journal, JournalError
from dateline.models import Article, Moment, Quote
from dateline.query import Query
from dateline.query_text import parse_words
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.opensearch import OpenSearchStore

LAVROV, WANG, MENG = "person/sergei-lavrov", "person/wang-yi", "person/meng-wanzhou"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}") as journal:
        yield journal


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path, journal: Journal) -> Iterator[Store]:
    alias = f"test-{uuid.uuid4().hex[:12]}"
    made: Store
    if request.param == "embedded":
        made = EmbeddedStore(tmp_path / "index")
    else:
        made = OpenSearchStore(request.getfixturevalue("opensearch_url"), alias, patience=10)
    made.overlay = Overlay(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    yield made
    if isinstance(made, OpenSearchStore):
        made._client.ask("DELETE", f"/{alias}*")
    made.close()


def news() -> list[Article]:
    quoted = article("a1", ("Lavrov met Wang Yi.", ["2021-03-22"]), "Mr Lavrov left.", published="2021-03-23")
    quoted.quotes = [Quote(start=0, end=6, text="Lavrov", speaker="Lavrov", speaker_id=LAVROV)]
    return [
        quoted,
        article("a2", "Meng waits.", title="Meng waits", authors=["Deng"], published="2021-03-24"),
        article("a3", "Wang Yi spoke.", published="2021-03-25"),
    ]


def find(store: Store, words: str | None = None, **asked: object) -> set[str]:
    query = Query(words=parse_words(words) if words else None, **asked)  # type: ignore[arg-type]
    return {hit.article.article_id for hit in store.search(query).hits}


def test_two_entities_become_one_in_old_and_new_articles(store: Store, journal: Journal) -> None:
    """And the old id, which stands in links that were shared, leads to the new one."""
    store.write(news())
    made = correcting.make(
        store, journal, Correction(kind="merge", entity_id="Meng", into="Wang Yi", who="anna")
    )
    assert made.articles == 1
    assert find(store, entities=["Wang Yi"]) == {"a1", "a2", "a3"}
    assert find(store, entities=[MENG]) == find(store, entities=["Meng"]) == {"a1", "a2", "a3"}
    assert find(store, entities=["Wang Yi"], role="body", published=interval("2021-03-24")) == {"a2"}
    later = article("a4", "Meng again.", published="2021-03-26")
    store.write([later])  # whoever writes: a crawl, a replay, a rebuild
    assert find(store, entities=[WANG]) == {"a1", "a2", "a3", "a4"}
    assert [entity.entity_id for entity in store.entities("Meng")] == [WANG]
    undone = correcting.undo(store, journal, made.correction.number, "bert")
    assert undone.articles == 2
    assert find(store, entities=["Meng"]) == {"a2", "a4"}
    assert find(store, entities=["Wang Yi"]) == {"a1", "a3"}
    assert store.get("a4") == later
    with pytest.raises(JournalError, match="undone before, by bert"):
        correcting.undo(store, journal, made.correction.number, "carl")
    log = [(entry.who, entry.what, entry.subject) for entry in journal.audit()]
    assert log == [("bert", "undo", MENG), ("anna", "correct", MENG)]


def test_a_field_stays_corrected_when_the_page_is_fetched_again(store: Store, journal: Journal) -> None:
    store.write(news())
    for name, value in (
        ("published_at", "2021-04-01"),
        ("authors", "Mira Solberg; Jo Ode"),
        ("title", "Waiting"),
    ):
        correcting.make(
            store,
            journal,
            Correction(kind="set", article_id="a2", field=name, value=value, who="anna", note="printed"),
        )
    again = news()[1]
    again.text += " She still does."
    again.version = 9
    store.write([again])
    found = store.get("a2")
    assert found is not None
    assert found.text == again.text
    assert (found.title, found.authors) == ("Waiting", ["Mira Solberg", "Jo Ode"])
    assert found.published_at == Moment(value="2021-04-01", precision="day")
    (chosen,) = [candidate for candidate in found.candidates["authors"] if candidate.chosen]
    assert chosen.place == "correction" and "by anna" in chosen.rule and "from “Deng”: printed" in chosen.rule
    assert find(store, published=interval("2021-04-01")) == {"a2"}
    assert find(store, published=interval("2021-03-24")) == set()
    assert find(store, "title:waiting") == {"a2"} and find(store, "author:deng") == set()
    assert [one.part for one in found.entities[0].mentions] == ["body"], "the new title does not name her"
    assert find(store, corrections=["1"]) == {"a2"} and find(store, corrections=["4"]) == set()
    for number in (2, 1, 3):
        correcting.undo(store, journal, number, "anna")
    assert store.get("a2") == again


def test_hiding_splitting_renaming_in_turn_and_back(store: Store, journal: Journal) -> None:
    store.write(news())

    def make(kind: str, **asked: object) -> int:
        made = correcting.make(store, journal, Correction(kind=kind, who="anna", **asked))  # type: ignore[arg-type]
        return made.correction.number

    split = make("split", entity_id=LAVROV, into="Igor Lavrov", names=["Mr Lavrov"])
    assert find(store, entities=["person/igor-lavrov"]) == find(store, entities=[LAVROV]) == {"a1"}
    found = store.get("a1")
    assert found is not None
    assert [sentence.entity_ids for sentence in found.sentences] == [[LAVROV, WANG], ["person/igor-lavrov"]]
    assert found.quotes[0].speaker_id == LAVROV, "his words stay his"
    hidden = make("hide", entity_id=LAVROV)
    assert find(store, entities=[LAVROV]) == set()
    assert find(store, entities=["Lavrov"], role="speaker") == set()
    renamed = make("rename", entity_id=WANG, name="Wang Yi (minister)")
    retyped = make("retype", entity_id=WANG, type="group")
    (wang,) = store.entities("Wang Yi")
    assert (wang.name, wang.type, wang.articles) == ("Wang Yi (minister)", "GROUP", 2)
    only = make("hide", entity_id="Wang Yi", article_id="a3")
    assert find(store, entities=["Wang Yi"]) == {"a1"}
    for number in (hidden, renamed, only, split, retyped):
        correcting.undo(store, journal, number, "anna")
    assert list(store.scan()) == news()


def test_what_makes_no_sense_is_refused_with_what_to_write(store: Store, journal: Journal) -> None:
    store.write(news())
    for asked, said in (
        (Correction(kind="hide", entity_id="nobody", who="a"), "dateline entities"),
        (Correction(kind="hide", entity_id=WANG, who=" "), "who"),
        (Correction(kind="merge", entity_id=WANG, into="", who="a"), "into which"),
        (Correction(kind="merge", entity_id=WANG, into="Wang Yi", who="a"), "already"),
        (Correction(kind="split", entity_id=WANG, into="X", who="a"), "which of its names"),
        (
            Correction(kind="split", entity_id=WANG, into="X", names=["Z"], article_id="a3", who="a"),
            "nothing",
        ),
        (Correction(kind="retype", entity_id=WANG, type="MOOD", who="a"), "PERSON"),
        (Correction(kind="rename", entity_id=WANG, who="a"), "called"),
        (Correction(kind="set", article_id="zz", field="title", value="x", who="a"), "no article zz"),
        (Correction(kind="set", article_id="a1", field="text", value="x", who="a"), "published_at"),
        (Correction(kind="set", article_id="a1", field="published_at", value="soon", who="a"), "2021-03-22"),
        (Correction(kind="set", article_id="a1", field="title", value="x" * 5_000, who="a"), "too long"),
    ):
        with pytest.raises(CorrectionError, match=said):
            correcting.make(store, journal, asked)
    assert journal.corrections() == [] and journal.audit() == []


def test_a_correction_that_was_cut_short_is_finished(store: Store, journal: Journal) -> None:
    """The process died after the journal and before the index: nothing may be forgotten."""
    store.write(news())
    journal.correct(Correction(kind="hide", entity_id=WANG, who="anna"))
    assert find(store, entities=[WANG]) == {"a1", "a3"}
    assert [made.articles for made in correcting.finish(store, journal)] == [2]
    assert find(store, entities=[WANG]) == set()
    assert correcting.finish(store, journal) == []


def test_a_corrected_date_moves_what_is_told_from_it() -> None:
    """ "On Monday" of an article dated a year too late told of the wrong Monday."""
    made = article("a1", ("He left on Monday.", ["2021-03-22"]), published="2021-03-24")
    made.times[0].start, made.times[0].end, made.times[0].text = 11, 17, "Monday"
    fixed = apply(
        made,
        [
            Correction(
                kind="set", article_id="a1", field="published_at", value="2020-03-25", who="a", number=1
            )
        ],
    )
    assert [time.interval for time in fixed.times] == [interval("2020-03-23")]
    assert fixed.sentences[0].intervals == [interval("2020-03-23")]
    assert restored(fixed) == made


def test_times_are_read_strictly() -> None:
    assert read_moment("2021-03").precision == "month"
    assert read_moment("2021-03-22 14:05+01:00") == Moment(
        value="2021-03-22T14:05+01:00", precision="minute", zone="+01:00"
    )
    for text in ("2021-13", "21", "2021-03-22+01:00", "2021-03-22T14", "now", "２０２１", ""):
        with pytest.raises(ValueError, match="no time"):
            read_moment(text)


_IDS = st.sampled_from([LAVROV, WANG, MENG, "person/new", "organization/other"])
_ASKED = st.builds(
    Correction,
    kind=st.sampled_from(["merge", "split", "hide", "rename", "retype"]),
    who=st.just("a"),
    article_id=st.sampled_from([None, "a1", "a2"]),
    entity_id=_IDS,
    into=_IDS,
    name=st.sampled_from(["New", "Lavrov"]),
    type=st.sampled_from(["PERSON", "GROUP"]),
    names=st.lists(st.sampled_from(["Lavrov", "Mr Lavrov", "Wang Yi"]), max_size=2),
    at=st.just(dt.datetime(2021, 4, 1, tzinfo=dt.UTC)),
)


@settings(max_examples=150, deadline=None)
@given(asked=st.lists(_ASKED, max_size=6))
def test_any_corrections_may_be_laid_twice_and_leave_nothing_behind(asked: list[Correction]) -> None:
    """Merges in a circle, splits into the hidden: the same again gives the same, none gives the original."""
    numbered = [dataclasses.replace(one, number=number) for number, one in enumerate(asked, 1)]
    for before in news():
        once = apply(before, numbered)
        assert apply(once, numbered) == once
        assert apply(once, []) == before
        ids = [entity.entity_id for entity in once.entities]
        assert len(ids) == len(set(ids))
        assert {id for sentence in once.sentences for id in sentence.entity_ids} <= set(ids)
        mentions = [m for entity in once.entities for m in entity.mentions]
        assert len(mentions) <= sum(len(entity.mentions) for entity in before.entities)
