"""If these fail, a rebuild of the index loses articles, or shows a reader an archive with holes."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_samples import article

from dateline.models import Article
from dateline.query import Query
from dateline.stores.base import Store, StoreUnavailable
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.embedded_folders import NAME
from dateline.stores.opensearch import OpenSearchStore

Open = Callable[[], Store]


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Stores over one index, as several processes have them."""
    made: list[Store] = []
    alias = f"test-{uuid.uuid4().hex[:12]}"
    url = request.getfixturevalue("opensearch_url") if request.param == "opensearch" else ""

    def another() -> Store:
        made.append(
            OpenSearchStore(url, alias, patience=10)
            if url
            else EmbeddedStore(tmp_path / "index", patience=10)
        )
        return made[-1]

    yield another
    if isinstance(made[0], OpenSearchStore):
        made[0]._client.ask("DELETE", f"/{alias}*")
    for store in made:
        store.close()


def now(one: Article) -> Article:
    one.indexed_at = dt.datetime.now(dt.UTC)
    return one


def old(*names: str) -> list[Article]:
    return [article(name, f"The old text of {name}.", language="en") for name in names]


def new(*names: str) -> list[Article]:
    return [article(name, f"The new text of {name}.", language="en") for name in names]


def texts(store: Store) -> dict[str, str]:
    return {one.article_id: one.text.split()[1] for one in store.scan()}


def test_what_is_built_answers_only_once_it_is_swapped(opened: Open) -> None:
    store, reader = opened(), opened()
    store.write(old("a", "b"))
    assert reader.count() == 2
    store.begin_rebuild().write(new("a", "b", "c"))
    assert texts(reader) == {"a": "old", "b": "old"}
    store.swap()
    assert texts(reader) == texts(store) == {"a": "new", "b": "new", "c": "new"}
    assert store.building() is None
    assert [row.status for row in reader.write(new("a"))] == ["unchanged"]


def test_all_that_is_written_meanwhile_goes_to_both(opened: Open) -> None:
    """Whoever writes: a crawl in another process does not know of the rebuild."""
    store, crawl = opened(), opened()
    store.write(old("a", "b", "gone"))
    building = store.begin_rebuild()
    building.write(new("a"))
    crawl.write([*new("c"), article("b", "The newest text of b.", version=9)])
    crawl.delete(["gone"])
    building.write([*old("b"), *new("d")])  # comes later, and is older
    assert texts(crawl) == {"a": "old", "b": "newest", "c": "new"}
    store.swap()
    assert texts(crawl) == {"a": "new", "b": "newest", "c": "new", "d": "new"}
    crawl.write(new("e"))
    assert "e" in texts(store)


def test_a_rebuild_is_rolled_back_with_what_was_written_since(opened: Open) -> None:
    store, other = opened(), opened()
    store.write(old("a", "b"))
    with pytest.raises(StoreUnavailable, match="no former index"):
        store.roll_back()
    store.begin_rebuild().write(new("a", "b"))
    store.swap()
    other.write([now(one) for one in new("late")])
    assert store.roll_back() == 1
    assert texts(store) == texts(other) == {"a": "old", "b": "old", "late": "new"}
    store.roll_back()  # and forth again
    assert texts(other) == {"a": "new", "b": "new", "late": "new"}


def test_what_waited_for_the_swap_survives_going_back(opened: Open) -> None:
    """It was stamped before the swap and written after it: a comparison of times alone would lose it."""
    store, crawl = opened(), opened()
    store.write(old("a", "b"))
    store.begin_rebuild().write(new("a", "b"))
    late = [now(one) for one in [*new("late"), article("b", "The newest text of b.", version=9)]]
    store.swap()
    crawl.write(late)
    assert store.roll_back() == 2
    assert texts(store) == {"a": "old", "b": "newest", "late": "new"}


def test_what_is_given_up_leaves_nothing_behind(opened: Open) -> None:
    store = opened()
    store.write(old("a"))
    store.begin_rebuild().write(new("a"))
    store.abandon()
    store.abandon()
    assert store.building() is None and texts(store) == {"a": "old"}
    with pytest.raises(StoreUnavailable, match="no index is being built"):
        store.swap()
    store.begin_rebuild().write(new("x"))
    assert store.begin_rebuild().count() == 0, "a second one starts empty"


def test_an_archive_without_an_index_is_rebuilt_too(opened: Open) -> None:
    store = opened()
    store.begin_rebuild().write(new("a"))
    assert store.count() == 0
    store.swap()
    assert texts(store) == {"a": "new"}


@pytest.mark.timeout(400)
def test_searches_and_writes_see_no_gap_while_indexes_are_swapped(opened: Open) -> None:
    """A reader who searches at the moment of the swap must find all there is; a writer must lose nothing."""
    names = [f"n{number}" for number in range(12)]
    store = opened()
    store.write(old(*names))
    done = threading.Event()
    problems: list[str] = []
    written: list[str] = []

    def search(mine: Store) -> None:
        while not done.is_set():
            found = mine.search(Query(limit=1)).total
            if found < len(names) or mine.get("n0") is None:
                problems.append(f"found {found} articles")

    def write(mine: Store) -> None:
        while not done.is_set():
            name = f"w{len(written)}"
            written.append(name)  # noted before the work, as the journal does
            mine.write([now(one) for one in new(name)])

    threads = [threading.Thread(target=search, args=(opened(),)) for _ in range(2)]
    threads.append(threading.Thread(target=write, args=(opened(),)))
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            building = store.begin_rebuild()
            building.write([*new(*names), *new(*written)])
            store.swap()
        store.roll_back()
    finally:
        done.set()
        for thread in threads:
            thread.join(120)
    assert not problems, problems[:3]
    assert written and set(texts(store)) == {*names, *written}


def test_an_index_of_an_older_mapping_is_named_and_rebuilt(tmp_path: Path) -> None:
    """After an upgrade an empty archive would look like a lost one."""
    older = tmp_path / "index" / "v0"
    older.mkdir(parents=True)
    (older / "meta.json").write_text("{}")
    store = EmbeddedStore(tmp_path / "index")
    for ask in (store.count, lambda: store.write(new("a"))):
        with pytest.raises(StoreUnavailable, match="dateline replay"):
            ask()
    store.begin_rebuild().write(new("a"))
    store.swap()
    assert texts(store) == {"a": "new"} and texts(EmbeddedStore(tmp_path / "index")) == {"a": "new"}
    assert [folder.name.startswith(NAME) for folder in sorted((tmp_path / "index").glob("v*"))] == [
        False,
        True,
    ]
