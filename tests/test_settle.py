"""If these fail, running a digest twice doubles articles, or what stands depends on what came first."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.enrich import hash_of
from dateline.models import Article, DigestItem, Outcome
from dateline.settle import Settled, settle
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.work import Understood

ID = "a" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = EmbeddedStore(tmp_path / "index")
    yield store
    store.close()


def page(text: str, source: str, minute: int = 0, article_id: str = ID) -> Understood:
    fetched = dt.datetime(2021, 3, 24, 12, minute, tzinfo=dt.UTC)
    article = Article(
        article_id=article_id,
        title="Talks in Geneva",
        text=text,
        sources=[source],
        fetched_at=fetched,
        version=int(fetched.timestamp() * 1000),
    )
    article.content_hash = hash_of(article)
    return Understood(link_id="link", article=article, outcome=Outcome.INDEXED)


def digest(text: str, source: str, article_id: str = ID, link_id: str = "link") -> Understood:
    article = Article(
        article_id=article_id, title="Talks", text=text, sources=[source], outcome=Outcome.DIGEST_ONLY
    )
    article.content_hash = hash_of(article)
    return Understood(
        link_id=link_id, article=article, outcome=Outcome.DIGEST_ONLY, reason="timeout: no answer"
    )


def run(store: Store, *batch: Understood, former: dict[str, str] | None = None) -> list[Settled]:
    """One run with one batch."""
    return settle(store, batch, former or {}, set())


def test_the_same_again_is_unchanged_and_there_once(store: Store) -> None:
    assert [row.outcome for row in run(store, page("The ministers met.", "digest:a"))] == [Outcome.INDEXED]
    again = run(store, page("The ministers met.", "digest:a", minute=5))
    assert [row.outcome for row in again] == [Outcome.UNCHANGED]
    assert store.count() == 1


def test_an_edited_page_is_updated(store: Store) -> None:
    run(store, page("The ministers met.", "digest:a"))
    assert run(store, page("The ministers met twice.", "digest:a", minute=5))[0].outcome is Outcome.UPDATED
    article = store.get(ID)
    assert article is not None and article.text == "The ministers met twice."


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_stands_does_not_depend_on_the_order_of_arrival(store: Store, order: tuple[int, ...]) -> None:
    arrivals = [
        digest("The ministers met.", "digest:a"),
        digest("The ministers met, and then they talked.", "digest:b"),
        page("The ministers met. They talked. They left.", "digest:c"),
    ]
    for number in order:
        run(store, arrivals[number])
    article = store.get(ID)
    assert article is not None
    assert article.text == "The ministers met. They talked. They left."
    assert article.outcome is Outcome.INDEXED
    assert article.sources == ["digest:a", "digest:b", "digest:c"]


def test_a_page_that_can_no_longer_be_had_keeps_its_article_and_says_why(store: Store) -> None:
    run(store, page("The ministers met.", "digest:a"))
    [row] = run(store, digest("Met.", "digest:a"))
    assert row.outcome is Outcome.UNCHANGED
    assert "timeout" in row.reason
    article = store.get(ID)
    assert article is not None and article.outcome is Outcome.INDEXED


def test_an_article_moves_to_its_true_address_and_leaves_no_double(store: Store) -> None:
    digests_own = "b" * 32
    run(store, digest("The ministers met.", "digest:a", article_id=digests_own))
    run(store, page("The ministers met.", "digest:a"), former={"link": digests_own})
    assert store.get(digests_own) is None
    assert store.count() == 1
    # and when the page is away again, the digest's text does not come back beside it
    run(store, digest("The ministers met.", "digest:a", article_id=digests_own), former={"link": ID})
    assert store.count() == 1


def test_two_links_to_one_article_are_one_article_and_two_outcomes(store: Store) -> None:
    first, second = page("The ministers met.", "digest:a"), page("The ministers met.", "digest:b")
    second.link_id = "other"
    rows = run(store, first, second)
    assert [row.outcome for row in rows] == [Outcome.INDEXED, Outcome.DUPLICATE]
    article = store.get(ID)
    assert article is not None and article.sources == ["digest:a", "digest:b"]
    assert store.count() == 1


def test_one_page_by_two_links_is_unchanged_in_every_later_run(store: Store) -> None:
    """One link's digest knows the section, the other's says nothing: neither may undo the other."""

    def both(minute: int) -> list[Understood]:
        plain, rich = page("They met.", "list", minute), page("They met.", "digest:a", minute)
        assert rich.article is not None
        rich.article.section = "World"
        rich.article.item = DigestItem(file="a", start_line=1, end_line=2, section="World")
        rich.article.content_hash = hash_of(rich.article)
        rich.link_id = "other"
        return [plain, rich]

    assert [row.outcome for row in run(store, *both(0))] == [Outcome.INDEXED, Outcome.DUPLICATE]
    for minute in (5, 6):
        assert {row.outcome for row in run(store, *both(minute))} == {Outcome.UNCHANGED}
    article = store.get(ID)
    assert article is not None and article.section == "World"


def test_a_link_with_nothing_to_show_keeps_its_reason(store: Store) -> None:
    nothing = Understood(link_id="link", article=None, outcome=Outcome.GONE, reason="404")
    [row] = run(store, nothing)
    assert (row.outcome, row.reason, row.article_id) == (Outcome.GONE, "404", None)
    assert store.count() == 0


def test_a_page_that_a_digest_names_and_that_is_gone_keeps_its_article_marked_gone(store: Store) -> None:
    """What the digest says is less than what stands, and stands in for nothing."""
    run(store, page("The ministers met in Geneva.", "digest:a"))
    dead = digest("They met.", "digest:b")
    dead.gone, dead.reason = True, "http-410"
    (row,) = run(store, dead, former={"link": ID})
    assert (row.outcome, row.reason, row.article_id) == (Outcome.GONE, "http-410", ID)
    standing = store.get(ID)
    assert standing is not None and standing.outcome is Outcome.GONE
    assert (standing.text, standing.sources) == ("The ministers met in Geneva.", ["digest:a", "digest:b"])
    assert [row.outcome for row in run(store, dead, former={"link": ID})] == [Outcome.GONE]
    assert store.get(ID).version == standing.version  # type: ignore[union-attr]
