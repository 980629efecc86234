"""`make cluster`: several Prefect workers on PostgreSQL and OpenSearch, one of them killed in mid-work.

A share of the hosts belongs to no worker: whichever is free takes its next run. If this fails, the
sources of a dead machine are not crawled any more, or its pages are fetched twice.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from benchmarks import site
from benchmarks.crew import balanced, newsroom, politeness, wait_for
from dateline.journal import Journal
from dateline.stores.opensearch import OpenSearchStore

PAGES, PATIENCE = 320, 900.0


@pytest.mark.timeout(1800)
def test_a_dead_worker_hands_its_share_on(tmp_path: Path) -> None:
    hosts, log = balanced(2, 8), tmp_path / "site.log"
    with (
        tempfile.TemporaryDirectory() as folder,
        site.serving(Path(folder), PAGES, short=True, hosts=hosts, log=log) as served,
    ):
        urls = [served.url(number) for number in range(PAGES)]
        with newsroom(served, urls, delay=1.0) as crew:
            crew.deploy(2)
            crew.hire(0, None)
            crew.hire(1, None)
            lost, kept = crew.run("1/2"), crew.run("2/2")
            wait_for(lambda: {crew.state(lost), crew.state(kept)} == {"RUNNING"}, PATIENCE)
            with Journal(crew.environment["DATELINE_JOURNAL"]) as journal:
                runs = {run.parameters["shard"]: run for run in wait_for(lambda: two(journal), PATIENCE)}
                wait_for(lambda: "story-" in log.read_text(), PATIENCE)  # it is in the middle of asking
                holder = crew.who(lost)
                crew.kill(holder)
                # the other worker's next run, of whichever share, takes up what was left
                wait_for(lambda: crew.state(kept) == "COMPLETED", PATIENCE)
                again = crew.run("2/2")
                wait_for(lambda: crew.state(again) == "COMPLETED", PATIENCE)
                assert crew.state(lost) == "CRASHED"  # so its deployment's one place is free
                summary = journal.check(runs["1/2"].run_id)
                assert summary.links == sum(summary.outcomes.values()) > 100
                after = crew.run("1/2")
                wait_for(lambda: crew.state(after) == "COMPLETED", PATIENCE)
                assert not journal.unfinished_runs()
                assert not journal.due_hosts()
            store = OpenSearchStore(crew.environment["OPENSEARCH_URL"], crew.environment["DATELINE_INDEX"])
            articles = {article.final_url for article in store.scan()}
            store.close()
    seen = politeness(log.read_text())
    print(f"{seen}; {summary.outcomes}")
    assert seen["asked"] == PAGES == len(articles)
    # only what the dead worker had asked for and not yet put down may be asked for again
    assert seen["again"] <= 100
    assert seen["pause"] > 0.9, "a host was asked too soon"


def two(journal: Journal) -> list:  # type: ignore[type-arg]
    runs = journal.unfinished_runs("crawl")
    return runs if len(runs) == 2 else []
