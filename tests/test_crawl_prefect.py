"""Scheduled crawls as a newsroom runs them: `dateline deploy`, a real Prefect server and worker, and the
page on which a person watches the run, in a real browser.

If this fails, sources are not polled although everything looks healthy, or nobody can see how it went.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from crawl_world import World
from endings import end
from playwright.sync_api import sync_playwright
from prefect_server import HTTP, PREFECT, Shared, newsroom_server, wait_for

from dateline.journal import Journal
from dateline.journal.polls import Reading

REPO = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ARGUMENTS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking".split()


@pytest.fixture
def newsroom(tmp_path: Path, prefect: Shared) -> Iterator[dict[str, str]]:
    """The environment of a running Prefect server, with a small world to crawl."""
    world = World(dt.datetime.now(dt.UTC) - dt.timedelta(days=2.5), sites=8, stories=3, days=3)
    with world.serve():
        (tmp_path / "home").mkdir()
        # one that can't be read, and a list of pages of which none can be had
        (tmp_path / "home" / "dead.txt").write_text(
            "".join(f"http://127.0.10.1:1/{number}\n" for number in range(60))
        )
        (tmp_path / "home" / "sources.toml").write_text(
            f'{world.sources()}\n[sources.dead]\nkind = "urls"\naddress = "dead.txt"\n[sources.lost]\n'
            f'kind = "feed"\naddress = "{world.url(next(iter(world.sites.values())), "/lost")}"\n'
        )
        a_past(f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}")
        settings = {
            "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "2",
            "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
            "DATELINE_HOME": str(tmp_path / "home"),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PORTS": str(world.port),
            "DATELINE_DELAY": "0.02",
        }
        with newsroom_server(tmp_path, prefect, settings) as environment:
            yield environment


def a_past(journal_url: str) -> None:
    """Of a source that gave twelve links a day until four days ago, and of one that failed four times."""
    today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with Journal(journal_url) as journal:
        for days in range(20, 0, -1):
            end_ = today - dt.timedelta(days=days, hours=-6)
            journal.note_backfill(
                Reading(
                    source="site-0",
                    start=end_ - dt.timedelta(days=1),
                    end=end_,
                    outcome="read",
                    new=12 if days > 4 else 0,
                )
            )
        for _ in range(4):
            [due] = journal.claim_polls({"lost": dt.timedelta(seconds=1)}, due_only=False)
            failed = Reading(source="lost", start=due.start, end=due.end, outcome="failed", reason="http-404")
            journal.note_reading(failed, None, dt.datetime.now(dt.UTC), dt.timedelta(seconds=1))


class Hook:
    """A chat's webhook: what it was sent, by subject."""

    def __enter__(self) -> Hook:
        self.told: dict[str, str] = {}
        told = self.told

        class Taker(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told[sent["subject"]] = sent["text"]
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def orphan(api: str, flow_id: str) -> str:
    """A run whose process was killed before the journal knew of it; its id."""
    made = HTTP.post(
        f"{api}/flow_runs/",
        json={
            "flow_id": flow_id,
            "name": "the orphan",
            "tags": ["dateline", f"process:{socket.gethostname()[:90]}:99999999:0-0"],
            "state": {"type": "RUNNING", "name": "Running"},
        },
    ).json()
    return str(made["id"])


@pytest.mark.prefect
@pytest.mark.browser
@pytest.mark.timeout(900)
def test_a_scheduled_crawl_can_be_watched(newsroom: dict[str, str], tmp_path: Path) -> None:
    with Hook() as hook:
        watched(newsroom, tmp_path, hook)


def watched(newsroom: dict[str, str], tmp_path: Path, hook: Hook) -> None:
    for _ in range(2):  # deploying again changes what changed, and doubles nothing
        done = subprocess.run(
            [str(BIN / "dateline"), "deploy", "--notify", hook.url],
            env=newsroom,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    api = newsroom["PREFECT_API_URL"]
    found = HTTP.post(f"{api}/automations/filter", json={}).json()
    automations = [one["name"] for one in found]
    assert len(automations) == len(set(automations)) == 6 and "Dateline: a source went quiet" in automations
    [deployment] = HTTP.post(f"{api}/deployments/filter", json={}).json()
    assert deployment["name"] == "crawl-1-of-1" and deployment["schedules"][0]["active"]
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    # a living run must beat several times within the silence after which it is called dead: Prefect's own
    # pause between heartbeats is 180 s
    [dead] = [one["trigger"] for one in found if "heartbeat" in one["name"]]
    planned = [one["work_pool"] for one in yaml.safe_load((REPO / "prefect.yaml").read_text())["deployments"]]
    for one in [deployment, *planned]:
        beat = int(one["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
        assert 4 * beat <= dead["within"] and dead["match_related"]
    killed = orphan(api, deployment["flow_id"])
    run = HTTP.post(f"{api}/deployments/{deployment['id']}/create_flow_run", json={}).json()
    wait_for(lambda: "Dateline: a run is late" in hook.told, 180)  # no worker is there yet
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [PREFECT, "worker", "start", "--pool", "local"], env=newsroom, stdout=log, stderr=log
        )
        try:

            def ended() -> Any:
                state = HTTP.get(f"{api}/flow_runs/{run['id']}").json()
                assert state["state_type"] not in ("FAILED", "CRASHED", "CANCELLED"), (
                    tmp_path / "worker.log"
                ).read_text()[-3000:]
                return state if state["state_type"] == "COMPLETED" else None

            state = wait_for(ended, 400)
        finally:
            end(worker)
    assert state["name"] == "crawl shard 1/1" and "dateline" in state["tags"]
    assert HTTP.get(f"{api}/flow_runs/{killed}").json()["state_type"] == "CRASHED"
    wait_for(lambda: len(hook.told) == 5, 180)
    assert hook.told["Dateline: a run crashed or failed"].startswith("the orphan: its process")
    assert hook.told["Dateline: a run is late"].startswith("crawl-1-of-1 should have begun")
    assert hook.told["Dateline: a source went quiet"].startswith("site-0 has given much less than its usual")
    assert "lost failed 5 times in a row: http-404" in hook.told["Dateline: a source can't be read"]
    assert hook.told["Dateline: failures rise"].startswith("60 of ")
    artifacts = {one["key"]: one for one in HTTP.post(f"{api}/artifacts/filter", json={}).json()}
    assert {"crawl", "outcomes", "sources"} <= set(artifacts)
    [progress] = [one for key, one in artifacts.items() if key and key.startswith("progress-")]
    assert progress["data"] == 100 and "links done" in progress["description"]
    with Journal(f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}") as journal:
        last = journal.last_run("crawl")
        assert last is not None and journal.check(last.run_id).links >= 15
    assert "site-3" in artifacts["crawl"]["data"] and '"new": ' in artifacts["crawl"]["data"]
    picture(f"{api.removesuffix('/api')}/runs/flow-run/{run['id']}")


def picture(address: str) -> None:
    """The run's page as a person sees it; the picture goes to screenshots/."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.fail("no Chromium: `apt-get install chromium`, or name one in CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            page.get_by_text("crawl shard 1/1").first.wait_for(timeout=60_000)
            page.get_by_text("Artifacts", exact=True).click()
            page.get_by_text("what each source gave").first.wait_for(timeout=60_000)
            (REPO / "screenshots").mkdir(exist_ok=True)
            page.screenshot(path=REPO / "screenshots" / "crawl-run.png")
        finally:
            browser.close()
