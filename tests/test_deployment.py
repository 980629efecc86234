"""A newsroom's set-up: a Prefect server, `prefect deploy`, a worker, a schedule. Real ones.

If this fails, scheduled digests are not read although everything looks healthy.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from endings import end

from dateline.journal import Journal
from dateline.stores.embedded import EmbeddedStore
from samples.site_server import rewrite, serve_site

REPO = Path(__file__).resolve().parents[1]
PREFECT = str(Path(sys.executable).parent / "prefect")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a running Prefect server, with the sample site to fetch from."""
    port = free_port()
    with serve_site() as site:
        rewrite(REPO / "samples" / "digests", site.url, tmp_path / "digests")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")},
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "3",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DATELINE_CODE": str(REPO),
            "DATELINE_DIGESTS": str(tmp_path / "digests"),
            "DATELINE_HOME": str(tmp_path / "home"),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.2/32",
            "DATELINE_PORTS": site.url.rsplit(":", 1)[1],
            "DATELINE_DELAY": "0.01",
        }
        log = (tmp_path / "server.log").open("wb")
        server = subprocess.Popen(
            [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env={key: value for key, value in environment.items() if key != "PREFECT_API_URL"},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(lambda: httpx.get(f"http://127.0.0.1:{port}/api/health").status_code == 200, 150)
            yield environment
        finally:
            end(server)
            log.close()


def wait_for(condition: Any, seconds: float) -> Any:
    """What `condition` gives once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


def a_replay_asks_first(api: str, prefect: Callable[..., None], home: Path) -> None:
    """A replay that would change much pauses; nothing is changed until a person says yes in the page."""
    store = EmbeddedStore(home / "index")
    titles = {article.article_id: article.title for article in store.scan()}
    store.write([replace(article, title="Cookies") for article in store.scan()])

    def the_run(state: str) -> dict[str, Any] | None:
        runs = httpx.post(f"{api}/flow_runs/filter", json={"sort": "START_TIME_DESC"}).json()
        assert all(run["state_type"] not in ("FAILED", "CRASHED") for run in runs), runs
        named = [run for run in runs if run["name"].startswith("replay") and run["state_type"] == state]
        return named[0] if named else None

    prefect("deployment", "run", "replay/archive", "--param", "step=extract")
    paused = wait_for(lambda: the_run("PAUSED"), 300)
    artifacts = httpx.post(f"{api}/artifacts/filter", json={}).json()
    (shown,) = [artifact for artifact in artifacts if artifact["key"] == "replay-preview"]
    assert "Cookies" in shown["data"] and "articles would change (title" in shown["data"]
    assert {article.title for article in store.scan()} == {"Cookies"}
    said = httpx.post(f"{api}/flow_runs/{paused['id']}/resume", json={"run_input": {"replay": True}})
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
    prefect("deployment", "schedule", "create", "ingest/digests", "--interval", "45")
    log = (tmp_path / "worker.log").open("wb")
    worker = subprocess.Popen(
        [PREFECT, "worker", "start", "--pool", "local"], env=newsroom, cwd=REPO, stdout=log, stderr=log
    )
    api = newsroom["PREFECT_API_URL"]

    def completed() -> list[dict[str, Any]]:
        runs = httpx.post(f"{api}/flow_runs/filter", json={}).json()
        bad = [run for run in runs if run["state_type"] in ("FAILED", "CRASHED")]
        assert not bad, (tmp_path / "worker.log").read_text()[-3000:]
        return [run for run in runs if run["state_type"] == "COMPLETED" and run["auto_scheduled"]]

    try:
        [run, *_] = wait_for(completed, 300)
        assert run["name"].startswith("ingest digests")  # what was ingested, not an invented animal
        artifacts = httpx.post(f"{api}/artifacts/filter", json={}).json()
        assert {"outcomes", "sources", "run"} <= {artifact["key"] for artifact in artifacts}
        with Journal(f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}") as journal:
            last = journal.last_run("ingest")
            assert last is not None
            assert journal.check(last.run_id).links > 20
        httpx.patch(f"{api}/deployments/{run['deployment_id']}", json={"paused": True})
        a_replay_asks_first(api, prefect, tmp_path / "home")
    finally:
        end(worker)
        log.close()
