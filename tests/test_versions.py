"""Versions: what a publisher changed. If these fail, an edit is not noticed, or shown where none was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.enrich import hash_of
from dateline.journal import Journal
from dateline.models import Article, Entity, Mention, Moment, Outcome
from dateline.settle import settle
from dateline.stores.embedded import EmbeddedStore
from dateline.versions import Version, compare, is_edit
from dateline.work import Understood

OLD = (
    "The ministers met in Geneva on Monday. Twelve people were hurt, said Anna Kovacs.\n\n"
    "The talks go on. A statement is due on 3 May 2021."
)


def version(text: str, number: int = 1, title: str = "Talks", names: tuple[str, ...] = ()) -> Version:
    return Version(
        article_id="a" * 32,
        number=number,
        seen_at=dt.datetime(2021, 3, 24, tzinfo=dt.UTC),
        archive=None,
        title=title,
        text=text,
        names=list(names),
        language="en",
    )


def article(text: str, minute: int = 0, modified: str | None = "2021-03-24T10:00", **more: object) -> Article:
    fetched = dt.datetime(2021, 3, 24, 12, minute, tzinfo=dt.UTC)
    made = Article(
        article_id="a" * 32,
        requested_url="https://site.test/talks",
        final_url="https://site.test/talks",
        title="Talks",
        text=text,
        language="en",
        fetched_at=fetched,
        archive=f"a.warc.gz:{minute}:x",
        version=int(fetched.timestamp() * 1000),
        modified_at=Moment(value=modified, precision="minute") if modified else None,
    )
    for name, value in more.items():
        setattr(made, name, value)
    made.content_hash = hash_of(made)
    return made


def test_a_changed_figure_name_and_date_are_marked_as_such() -> None:
    new = OLD.replace("Twelve", "Fourteen").replace("Kovacs", "Kovac").replace("3 May 2021", "5 May 2021")
    changes = compare(version(OLD, names=("Anna Kovacs",)), version(new, 2, names=("Anna Kovac",)))
    assert [change.kind for change in changes] == ["changed", "changed"]
    marks = {(mark.side, mark.kind, mark.text) for change in changes for mark in change.marks}
    assert ("old", "number", "Twelve") in marks and ("new", "number", "Fourteen") in marks
    assert ("new", "name", "Kovac") in marks
    assert {text for side, kind, text in marks if kind == "date"} == {"3", "5"}
    for change in changes:
        for mark in change.marks:
            assert (change.old if mark.side == "old" else change.new)[mark.start : mark.end] == mark.text


def test_added_removed_and_moved_sentences_are_told_apart() -> None:
    added = compare(version(OLD), version(OLD + " Nobody spoke to the press."))
    assert [(change.kind, change.new) for change in added] == [("added", "Nobody spoke to the press.")]
    removed = compare(version(OLD), version(OLD.replace("The talks go on. ", "")))
    assert [(change.kind, change.old) for change in removed] == [("removed", "The talks go on.")]
    moved = compare(
        version("First one here. Second stands. Third is last."),
        version("Third is last. First one here. Second stands."),
    )
    assert [change.kind for change in moved] == ["moved"]


def test_a_headline_counts_and_white_space_does_not() -> None:
    changes = compare(version(OLD), version(OLD, title="Talks fail"))
    assert [(change.part, change.old, change.new) for change in changes] == [("title", "Talks", "Talks fail")]
    assert compare(version(OLD), version(OLD.replace(" ", "  ").replace("\n\n", "\n \n"))) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    for change in compare(version(old), version(new)):
        assert change.old or change.new
        for mark in change.marks:
            assert (change.old if mark.side == "old" else change.new)[mark.start : mark.end] == mark.text


@pytest.mark.timeout(60)
def test_a_text_that_repeats_itself_does_not_hang_the_comparison() -> None:
    old = "Again and again. " * 20_000 + "The end."
    assert compare(version(old), version("A start. " + old + " One more.")) != []


def test_what_is_no_edit_of_the_publishers() -> None:
    old, new = article(OLD), article(OLD + " More.", minute=9)
    assert is_edit(old, new)
    assert not is_edit(old, article(OLD, minute=9)), "the same text"
    assert not is_edit(old, article(OLD + " More.", minute=9, archive=old.archive)), "a better extractor"
    assert not is_edit(article(OLD, outcome=Outcome.DIGEST_ONLY), new), (
        "a digest's text gives way to the page"
    )
    other = article(
        OLD + " More.", minute=9, requested_url="https://m.site.test/x", final_url="https://site.test/y"
    )
    assert not is_edit(old, other), "another rendition"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}") as opened:
        yield opened


def test_each_edit_is_a_version_and_a_silent_one_says_so(tmp_path: Path, journal: Journal) -> None:
    store = EmbeddedStore(tmp_path / "index")
    former: dict[str, str] = {}
    texts = [
        (OLD, "2021-03-24T10:00"),
        (OLD + " One more line came.", "2021-03-24T11:00"),
        (OLD + " One other line came.", "2021-03-24T11:00"),  # modified says nothing of it
        (OLD + " One other line came.", "2021-03-24T11:00"),
        (OLD, "2021-03-24T12:00"),  # back to what it was: a version too
    ]
    for minute, (text, modified) in enumerate(texts):
        one = article(text, minute, modified, entities=[
            Entity(entity_id="person/anna-kovacs", name="Anna Kovacs", type="PERSON",
                   mentions=[Mention(start=0, end=11, text="Anna Kovacs", label="PERSON")])
        ])  # fmt: skip
        settled = settle(
            store,
            [Understood(link_id="link", article=one, outcome=Outcome.INDEXED)],
            former,
            set(),
            on_edits=journal.note_edits,
        )
        former["link"] = settled[0].article_id or ""
    store.close()
    found = journal.versions("a" * 32)
    assert [(each.number, each.silent) for each in found] == [(1, False), (2, False), (3, True), (4, False)]
    assert found[0].names == ["Anna Kovacs"]
    assert [entry[1:] for entry in journal.edits_since(found[0].seen_at)] == [
        (2, False),
        (3, True),
        (4, False),
    ]
    assert journal.note_edits([(article(texts[2][0], 2), article(OLD, 4, "2021-03-24T12:00"))]) == 0
