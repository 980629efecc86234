"""If these fail, "similar articles" shows what has nothing to do with the one that is read."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import article
from story_samples import sentences, told

from dateline.stores.base import Hit, Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.opensearch import OpenSearchStore
from dateline.stories.grouping import group

pytestmark = pytest.mark.opensearch


@pytest.fixture
def stores(opensearch_url: str, tmp_path: Path) -> Iterator[list[Store]]:
    alias = f"test-{uuid.uuid4().hex[:12]}"
    opensearch = OpenSearchStore(opensearch_url, alias, patience=10)
    made: list[Store] = [EmbeddedStore(tmp_path / "index", patience=2), opensearch]
    yield made
    opensearch._client.ask("DELETE", f"/{alias}*", params={"ignore_unavailable": "true"})
    for store in made:
        store.close()


def shown(hits: list[Hit]) -> list[tuple[str, float]]:
    return [(hit.article.article_id, hit.score) for hit in hits]


TOPICS = {
    "sanctions": "Wang Yi sanctions Xinjiang cotton retaliation parliamentarians Brussels asset freeze visas",
    "extradition": "Meng Wanzhou extradition Vancouver hearing bail lawyers testimony border agents phone",
    "vaccine": "vaccine doses rollout clinics trial efficacy booster regulator approval storage",
    "harvest": "wheat harvest drought farmers yields irrigation silo export tonnes grain",
}
FILLER = (
    "the government said on a day that people in many places had been told to wait for news of it".split()
)


def about(topic: str, seed: int, id: str) -> object:
    rng = random.Random(seed)
    words = TOPICS[topic].split()
    said = []
    for _ in range(8):
        said.append(" ".join(rng.sample(FILLER, 8) + rng.sample(words, 4)).capitalize() + ".")
    text = " ".join(said)
    if topic == "extradition":
        text += " Meng Wanzhou was there."
    return article(
        id,
        text,
        language="en",
        title=" ".join(rng.sample(words, 3)),
        published=f"2021-03-{seed % 28 + 1:02d}",
    )


def test_similar_articles_are_about_the_same_on_both_stores_alike(stores: list[Store]) -> None:
    made = [
        about(topic, 7 * number + turn, f"{topic}-{turn}")
        for number, topic in enumerate(TOPICS)
        for turn in range(6)
    ]
    answers = []
    for store in stores:
        store.write(made)  # type: ignore[arg-type]
        answers.append({one.article_id: shown(store.similar(one.article_id, 5)) for one in made})  # type: ignore[attr-defined]
    assert answers[0] == answers[1], "both stores must answer alike, scores included"
    for id, found in answers[0].items():
        assert len(found) == 5 and id not in dict(found)
        assert {other.split("-")[0] for other, _ in found} == {id.split("-")[0]}, "about something else"
        assert all(0 < score <= 1 for _, score in found)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_copies_and_strangers_are_left_out(stores: list[Store]) -> None:
    """Copies are shown as the same story, not once more as similar; nothing is better than noise."""
    text = sentences(1, 20)
    alone = article("alone", "Zebras yodel; quixotic xylophones jangle.", language="en", title="Odd")
    for store in stores:
        store.write([told("a", text), told("b", text), told("c", sentences(5, 20)), alone])
        group(store, ["a", "b", "c", "alone"])
        assert "b" not in dict(shown(store.similar("a")))
        assert store.similar("alone") == []
        assert store.similar("nobody") == store.similar("a", 0) == []


def test_an_empty_archive_has_nothing_similar(stores: list[Store]) -> None:
    assert [store.similar("a") for store in stores] == [[], []]
