"""Indices by time behind one alias: an article is there once, whatever becomes of its date and its index.

If these fail, a large archive shows reports twice, loses those of a month, or has a gap while it is rebuilt.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from store_samples import article

from dateline.models import Article, Moment
from dateline.query import Query
from dateline.query_text import parse_words
from dateline.stores.base import StoreUnavailable
from dateline.stores.document import VERSION
from dateline.stores.opensearch import OpenSearchStore

pytestmark = pytest.mark.opensearch
Open = Callable[[], OpenSearchStore]


@pytest.fixture
def opened(opensearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Stores over one alias, as several processes have them; new articles are parted by the month."""
    monkeypatch.setenv("DATELINE_ROLLOVER", "month")
    made: list[OpenSearchStore] = []
    alias = f"test-{uuid.uuid4().hex[:12]}"

    def another() -> OpenSearchStore:
        made.append(OpenSearchStore(opensearch_url, alias, patience=10))
        return made[-1]

    yield another
    made[0]._client.ask("DELETE", f"/{alias}*")
    for store in made:
        store.close()


def of(name: str, day: str | None, text: str = "Of dockers.", version: int = 1) -> Article:
    moment = Moment(value=day, precision="day") if day else None
    return article(name, text, language="en", published_at=moment, version=version)


def parts(store: OpenSearchStore, alias: str | None = None) -> dict[str, set[str]]:
    """The end of each index behind the alias, with the articles that it holds."""
    found: dict[str, set[str]] = {}
    for index in store._client.ask("GET", f"/{alias or store._alias}/_alias"):
        store._client.ask("POST", f"/{index}/_refresh")
        rows = store._client.ask("POST", f"/{index}/_search", {"size": 100})["hits"]["hits"]
        found[index.partition("-p")[2]] = {row["_id"] for row in rows}
    return found


def hits(store: OpenSearchStore) -> list[str]:
    answer = store.search(Query(words=parse_words("dockers"), limit=50))
    assert answer.total == len(answer.hits) == store.count()
    return sorted(hit.article.article_id for hit in answer.hits)


def test_an_article_stays_where_it_is_when_its_date_changes(opened: Open) -> None:
    store, other = opened(), opened()
    store.write([of("a", "2016-05-03"), of("b", "2016-06-01"), of("c", None), of("z", "2999-01-01")])
    assert parts(store) == {"": {"c", "z"}, "201605": {"a"}, "201606": {"b"}}
    again = [of("a", "2019-01-01", version=2), of("c", "2016-06-02", version=2), of("b", "2016-06-01")]
    assert [row.status for row in other.write(again)] == ["updated", "updated", "unchanged"]
    assert parts(store) == {"": {"c", "z"}, "201605": {"a"}, "201606": {"b"}}
    assert hits(store) == ["a", "b", "c", "z"] == [each.article_id for each in store.scan()]
    found = store.get("a")
    assert found is not None and found.published_at is not None and found.published_at.value == "2019-01-01"
    assert [row.status for row in store.write([of("a", "2016-05-03")])] == ["unchanged"], "an older version"
    assert (store.delete(["a", "c", "x"]), hits(other), other.get("a")) == (2, ["b", "z"], None)


def test_parts_begin_over_a_standing_index_and_may_end(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to build ten years again for it, and a process without the setting spoils nothing."""
    monkeypatch.delenv("DATELINE_ROLLOVER")
    store = opened()
    store.write([of("a", "2016-05-03"), of("b", "2016-06-01")])
    monkeypatch.setenv("DATELINE_ROLLOVER", "year")
    store.write([of("a", "2016-05-03", version=2), of("c", "2016-05-04")])
    monkeypatch.delenv("DATELINE_ROLLOVER")
    other = opened()
    other.write([of("c", "2016-05-04", "Of dockers again.", version=2), of("d", "2016-05-04")])
    assert parts(store) == {"": {"a", "b", "d"}, "2016": {"c"}}
    assert hits(other) == hits(store) == ["a", "b", "c", "d"]
    monkeypatch.setenv("DATELINE_ROLLOVER", "week")
    with pytest.raises(StoreUnavailable, match="write year or month"):
        store.write([of("e", None)])


def test_a_rebuild_takes_its_parts_along_and_back(opened: Open) -> None:
    store, reader, crawl = opened(), opened(), opened()
    store.write([of("a", "2016-05-03"), of("b", "2016-06-01"), of("gone", "2016-07-01")])
    building = store.begin_rebuild()
    building.write([of("a", "2016-08-03", version=2), of("b", "2016-06-01", version=2)])
    crawl.write([of("new", "2016-09-01")])  # in a part that neither has yet
    assert hits(reader) == ["a", "b", "gone", "new"] and reader.get("new") is not None
    store.swap()
    assert hits(reader) == hits(crawl) == ["a", "b", "new"]
    assert parts(store) == {"": set(), "201608": {"a"}, "201606": {"b"}, "201609": {"new"}}
    assert set(parts(store, f"{store._alias}-former")) == {"", "201605", "201606", "201607", "201609"}
    crawl.write([of("later", "2016-10-01")])
    store.roll_back()
    assert hits(reader)[:3] == ["a", "b", "gone"] and reader.building() is None
    store.begin_rebuild().write([of("a", "2016-08-03", version=3)])
    store.swap()
    assert hits(reader) == ["a"]
    there = store._client.ask("GET", f"/{store._alias}-v*/_alias")
    behind = {name for row in there.values() for name in row["aliases"]}
    assert {f"{store._alias}", f"{store._alias}-former"} <= behind, "what was replaced twice is removed"
    assert all(
        f"{store._alias}" in row["aliases"] or f"{store._alias}-former" in row["aliases"]
        for row in there.values()
    )
    store.begin_rebuild().write([of("b", "2016-08-03")])
    store.abandon()
    assert hits(reader) == ["a"] and len(store._client.ask("GET", f"/{store._alias}-v*/_alias")) == len(there)


def test_two_that_write_a_new_article_at_once_leave_one(opened: Open) -> None:
    """Each looked before the other wrote, and each read another date on the page."""
    store, other = opened(), opened()
    known = store._known

    def late(ids: Any) -> Any:
        found = known(ids)
        other.write([of("a", "2016-06-01", version=9), of("b", "2016-06-01", version=2)])
        return found

    store._known = late  # type: ignore[method-assign]
    store.write([of("a", "2016-05-01", version=5), of("b", "2016-05-01", version=7)])
    assert parts(store) == {"": set(), "201605": {"b"}, "201606": {"a"}}
    assert hits(other) == ["a", "b"]


def test_a_part_that_vanishes_is_made_again(opened: Open) -> None:
    """Strictly mapped, as all: never one that the server guesses from the first document."""
    store = opened()
    store.write([of("a", "2016-05-03"), of("b", "2016-06-01")])
    store._client.ask("DELETE", f"/{store._alias}-v{VERSION}-p201605")
    assert hits(store) == ["b"]
    assert [row.status for row in store.write([of("a", "2016-05-03")])] == ["created"]
    mappings = store._client.ask("GET", f"/{store._alias}/_mapping")
    assert len(mappings) == 3 and {row["mappings"]["dynamic"] for row in mappings.values()} == {"strict"}
