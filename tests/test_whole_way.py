"""The whole way, on the real thing: sample digests and site, a real Prefect server, a real OpenSearch.

If these fail, someone with a folder of digests gets no archive, or one that is not what they sent in.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from archive_home import DATELINE, Home
from prefect_server import Shared

from samples.site_server import Site


@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_each_link_ends_with_one_outcome_and_a_reason_where_it_failed(home: Home) -> None:
    rows = home.first
    items = [
        item for path in (home.folder / "digests").iterdir() for item in home.run("read", "--json", str(path))
    ]
    assert len(rows) == len(items)
    outcomes = Counter(row["outcome"] for row in rows)
    assert None not in outcomes
    assert outcomes["indexed"] > 12 and outcomes["duplicate"] >= 4 and outcomes["gone"] == 1
    assert all(row["reason"] for row in rows if row["outcome"] not in ("indexed", "updated", "unchanged"))
    assert {row["outcome"] for row in rows if row["url"] and row["url"].endswith("/daily-tide")} == {
        "not_article"
    }


@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_a_second_run_doubles_nothing(home: Home) -> None:
    before = {hit["id"] for hit in home.search()}
    again = home.run("ingest", str(home.folder / "digests"), "--json")
    changed = [row for row in again if row["outcome"] in ("indexed", "updated", "digest_only")]
    assert changed == []
    assert {hit["id"] for hit in home.search()} == before


def test_entity_and_date_in_one_sentence(home: Home) -> None:
    hits = home.search("--entity", "Viktor Oresh", "--mentioned", "2021-12-01..2021-12-31", "--near")
    assert hits, "the Tallinn report says that he was detained in December 2021"
    assert all("Oresh" in hit["sentences"][0]["text"] for hit in hits)
    assert home.search("--entity", "Viktor Oresh", "--mentioned", "2019-12-01..2019-12-31", "--near") == []


def test_one_article_leads_to_its_story_and_to_similar_ones(home: Home) -> None:
    """Every article has a lineage, if only its own; what is similar is not itself."""
    for hit in home.search("--limit", "5")[:2]:
        (line,) = home.run("story", hit["id"])
        assert (
            hit["id"] in [told["article_id"] for told in line["told"]] and line["told"][0]["kind"] == "first"
        )
        assert hit["id"] not in [other["id"] for other in home.run("similar", hit["id"])]
    assert home.run("story", "nobody", status=2) == home.run("similar", "nobody", status=2) == []


def test_a_bad_query_is_one_line_that_says_what_to_write(home: Home) -> None:
    done = subprocess.run(
        [DATELINE, "search", "--from", "yesterday"], env=home.environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "2021-03-22" in done.stderr


@pytest.mark.prefect
@pytest.mark.opensearch
@pytest.mark.timeout(900)
def test_both_stores_answer_alike_over_the_sample_archive(
    home: Home, site: Site, opensearch_url: str, own_index: str, tmp_path: Path, prefect: Shared
) -> None:
    other = Home(
        tmp_path,
        site,
        DATELINE_STORE="opensearch",
        OPENSEARCH_URL=opensearch_url,
        DATELINE_INDEX=own_index,
        **prefect.environment(),
    )
    other.run("ingest", str(home.folder / "digests"), "--json")
    for question in (
        ["--sort", "newest"],
        ["sanctions"],
        ["--entity", "EU"],
        ["--entity", "Viktor Oresh", "--mentioned", "2021-12-01..2021-12-31", "--near"],
        ["--from", "2023-05-14", "--to", "2023-05-16", "--sort", "oldest"],
        ["--language", "de"],
        ["--outcome", "digest_only"],
    ):
        mine, theirs = home.search(*question), other.search(*question)
        assert {hit["id"] for hit in mine} == {hit["id"] for hit in theirs}, question
