"""The bench runs; how fast is for a quiet machine to say."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from benchmarks import corpus, site
from benchmarks.__main__ import BEGIN, END, put, table
from benchmarks.measure import Row, Unavailable, module, spread
from dateline.models import Article, Entity
from dateline.stores.embedded import EmbeddedStore


def test_a_copy_is_another_article_and_the_same_each_time() -> None:
    """Copies that were alike would be answered from caches, and every figure would be too good."""
    one, other = corpus.copy(0, "http://a.test/0"), corpus.copy(len(corpus.originals()), "http://a.test/1")
    assert one == corpus.copy(0, "http://a.test/0")
    assert one != other and b"http://a.test/1" in other and b"http://a.test/0" not in other
    shared = set(one.split()) & set(other.split())
    assert 0.3 < len(shared) / len(set(one.split())) < 0.98


def test_the_whole_way_runs_over_the_bench_s_site(tmp_path: Path) -> None:
    """A bench that breaks unseen leaves docs/benchmarks.md to grow old."""
    with site.serving(tmp_path, 12, short=True) as served:
        found = module("way", served.port, 8, "--plain", "--bare", "--warm", "4")
    assert sum(found["outcomes"].values()) == 8 and found["outcomes"]["indexed"] >= 6
    assert found["cpu"] > 0 and {"main", "workers"} <= set(found["by"]) and found["memory"]["main"] > 10


def test_a_part_that_fails_says_why() -> None:
    """And the table goes on with the next one."""
    with pytest.raises(Unavailable, match="invalid literal"):
        module("floor", "many")


def test_the_table_is_put_between_its_marks(tmp_path: Path) -> None:
    """What a person wrote around it stays."""
    page = tmp_path / "page.md"
    page.write_text(f"# Bench\n{BEGIN}\nold\n{END}\nwords\n")
    put(page, table(["commit x"], [Row("floor", "ratio", spread([1.0, 3.0, 2.0]), "≥ 0.9", True)]))
    text = page.read_text()
    assert text.startswith("# Bench\n") and text.endswith("\nwords\n") and "old" not in text
    assert "| floor | ratio | 2.00 (1.00–3.00) | ≥ 0.9 | yes |" in text


@pytest.mark.parametrize(
    "name", ["articles", "indexing", "parts", "profile", "searching", "serving", "stores"]
)
def test_each_program_of_the_bench_finds_what_it_measures(name: str) -> None:
    """A function that moved elsewhere would else be missed by the next person who runs the bench."""
    importlib.import_module(f"benchmarks.{name}")


def test_every_question_is_one_that_the_stores_answer(tmp_path: Path) -> None:
    """A question that is refused would be timed as the quickest of all."""
    from benchmarks.searching import measured

    store = EmbeddedStore(tmp_path / "index")
    entity = Entity(entity_id="location/lyon", name="Lyon", type="LOCATION", names=["Lyon"])
    store.write(
        Article(article_id=str(number), text="The government of Lyon.", entities=[entity])
        for number in range(3)
    )
    found = measured(store, "embedded", 2)
    assert found["entity"]["total"] == 3 and all(one["p50"] > 0 for one in found.values())
    store.close()
