"""A newsroom's set-up: a Prefect server, `prefect deploy`, a worker, a schedule. Real ones.

If this fails, scheduled digests are not read although everything looks healthy.
"""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from endings import end
from prefect_server import HTTP, PREFECT, Shared, newsroom_server, wait_for

from dateline.journal import Journal
from dateline.stores.embedded import EmbeddedStore
from samples.site_server import rewrite, serve_site

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture
def newsroom(tmp_path: Path, prefect: Shared) -> Iterator[dict[str, str]]:
    """The environment of a running Prefect server, with the sample site to fetch from."""
    with serve_site() as site:
        rewrite(REPO / "samples" / "digests", site.url, tmp_path / "digests")
        settings = {
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "DATELINE_CODE": str(REPO),
            "DATELINE_DIGESTS": str(tmp_path / "digests"),
            "DATELINE_HOME": str(tmp_path / "home"),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.2/32",
            "DATELINE_PORTS": site.url.rsplit(":", 1)[1],
            "DATELINE_DELAY": "0.01",
        }
        with newsroom_server(tmp_path, prefect, settings) as environment:
            yield environment


def a_replay_asks_first(api: str, home: Path) -> None:
    """A replay that would change much pauses; nothing is changed until a person says yes in the page."""
    store = EmbeddedStore(home / "index")
    titles = {article.article_id: article.title for article in store.scan()}
    store.write([replace(article, title="Cookies") for article in store.scan()])

    def the_run(state: str) -> dict[str, Any] | None:
        runs = HTTP.post(f"{api}/flow_runs/filter", json={"sort": "START_TIME_DESC"}).json()
        assert all(run["state_type"] not in ("FAILED", "CRASHED") for run in runs), runs
        named = [run for run in runs if run["name"].startswith("replay") and run["state_type"] == state]
        return named[0] if named else None

    found = HTTP.get(f"{api}/deployments/name/replay/archive").json()
    asked = HTTP.post(
        f"{api}/deployments/{found['id']}/create_flow_run", json={"parameters": {"step": "extract"}}
    )
    assert asked.status_code == 201, asked.text
    paused = wait_for(lambda: the_run("PAUSED"), 300)
    artifacts = HTTP.post(f"{api}/artifacts/filter", json={}).json()
    (shown,) = [artifact for artifact in artifacts if artifact["key"] == "replay-preview"]
    assert "Cookies" in shown["data"] and "articles would change (title" in shown["data"]
    assert {article.title for article in store.scan()} == {"Cookies"}
    said = HTTP.post(f"{api}/flow_runs/{paused['id']}/resume", json={"run_input": {"replay": True}})
    assert said.json()["status"] == "ACCEPT", said.text
    wait_for(lambda: the_run("COMPLETED"), 300)
    assert {article.article_id: article.title for article in store.scan()} == titles
    store.close()


@pytest.mark.prefect
@pytest.mark.timeout(1200)
def test_a_scheduled_run_ends_well_and_shows_its_outcomes(newsroom: dict[str, str], tmp_path: Path) -> None:
    def prefect(*arguments: str) -> None:
        done = subprocess.run(
            [PREFECT, *arguments], env=newsroom, cwd=REPO, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    prefect("work-pool", "create", "local", "--type", "process")
    prefect("--no-prompt", "deploy", "--all")
    api = newsroom["PREFECT_API_URL"]
    deployed = HTTP.get(f"{api}/deployments/name/ingest/digests").json()
    # one more schedule beside that of prefect.yaml, whose full hour may be far
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=8)
    schedule = {"interval": 45, "anchor_date": soon.isoformat(), "timezone": "UTC"}
    added = HTTP.post(
        f"{api}/deployments/{deployed['id']}/schedules", json=[{"active": True, "schedule": schedule}]
    )
    assert added.status_code == 201, added.text
    log = (tmp_path / "worker.log").open("wb")
    worker = subprocess.Popen(
        [PREFECT, "worker", "start", "--pool", "local"], env=newsroom, cwd=REPO, stdout=log, stderr=log
    )

    def completed() -> list[dict[str, Any]]:
        runs = HTTP.post(f"{api}/flow_runs/filter", json={}).json()
        bad = [run for run in runs if run["state_type"] in ("FAILED", "CRASHED")]
        assert not bad, (tmp_path / "worker.log").read_text()[-3000:]
        return [run for run in runs if run["state_type"] == "COMPLETED" and run["auto_scheduled"]]

    try:
        [run, *_] = wait_for(completed, 300)
        assert run["name"].startswith("ingest digests")  # what was ingested, not an invented animal
        artifacts = HTTP.post(f"{api}/artifacts/filter", json={}).json()
        assert {"outcomes", "sources", "run"} <= {artifact["key"] for artifact in artifacts}
        with Journal(f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}") as journal:
            last = journal.last_run("ingest")
            assert last is not None
            assert journal.check(last.run_id).links > 20
        HTTP.patch(f"{api}/deployments/{run['deployment_id']}", json={"paused": True})
        a_replay_asks_first(api, tmp_path / "home")
    finally:
        end(worker)
        log.close()
