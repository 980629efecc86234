"""A week of crawling in minutes: a world of sites on loopback, a wound clock, real Prefect.

If these fail, a monitoring team misses articles or edits, or its crawler annoys a publisher.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from crawl_world import D, H, Request, Site, Story, World
from prefect_server import Shared

from dateline import clock
from dateline.crawl.revisits import after
from dateline.journal import Journal, JournalError
from dateline.models import Outcome
from dateline.settings import Settings
from dateline.stores import open_store
from dateline.urls import article_id
from tasks.server import PrivateServer, ServerDied

START = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
DELAY = 0.03  # seconds between two requests to one host
EVERY = 3 * H


@pytest.fixture
def full() -> bool:
    """The larger world, which `make world` asks for."""
    return bool(os.environ.get("DATELINE_WORLD"))


@contextmanager
def wound(folder: Path) -> Iterator[Path]:
    """The clock of this process and its children, at START."""
    before = os.environ.get("DATELINE_CLOCK")
    clock.wind(folder, (START - dt.datetime.now(dt.UTC)).total_seconds())
    os.environ["DATELINE_CLOCK"] = str(folder)
    try:
        yield folder
    finally:
        os.environ.pop("DATELINE_CLOCK")
        if before is not None:
            os.environ["DATELINE_CLOCK"] = before


class Crawl:
    """Crawlers of a world, and what they leave behind."""

    def __init__(self, folder: Path, world: World, every: dt.timedelta = EVERY, **more: str) -> None:
        self.world, self.folder, self.every = world, folder, every
        (folder / "sources.toml").write_text(world.sources())
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")},
            "DATELINE_HOME": str(folder),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PORTS": str(world.port),
            "DATELINE_DELAY": str(DELAY),
            "OMP_NUM_THREADS": "1",
            **more,
        }

    def start(self, until: dt.datetime, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "flows.crawl_command", "--until", until.isoformat()),
                *("--every", str(self.every.total_seconds()), *more),
            ],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def settings(self) -> Settings:
        return Settings(
            home=self.folder,
            store=self.environment.get("DATELINE_STORE", "embedded"),
            journal_url=f"sqlite:///{self.folder / 'journal.sqlite'}",
            opensearch_url=self.environment.get("OPENSEARCH_URL", ""),
            index=self.environment.get("DATELINE_INDEX", "dateline"),
            allow_networks=(),
            ports=(),
        )


def shown(world: World, site: Site, story: Story) -> str:
    """The article's id at the end: where it is now; a canonical link that lies is not believed."""
    path = world.new_path(story) if story.moved and not story.gone else world.path(story)
    return article_id(world.url(site, path))


def judge(crawl: Crawl) -> dict[str, float]:
    """Everything that the issue asks of a week; returns the numbers."""
    world, settings = crawl.world, crawl.settings()
    with Journal(settings.journal_url) as journal:
        runs = [(run.run_id, run.started) for run in journal.runs("crawl", limit=10_000)]
        assert journal.unfinished_runs("crawl") == []
        for run_id, _ in runs:
            journal.check(run_id)  # no link without an outcome
        store = open_store(settings)
        articles = {article.article_id: article for article in store.scan()}
        store.close()
        missing, edits, found = [], 0, 0
        for site in world.sites.values():
            for story in site.stories:
                id_ = shown(world, site, story)
                if id_ not in articles:
                    missing.append((site.kind, site.host, story))
                    continue
                article = articles[id_]
                assert article.title == world.title(site, story)
                assert (article.outcome is Outcome.GONE) == (story.gone is not None), (site.host, story)
                if story.edited and first_read(world, site, story) < story.edited:
                    edits += 1
                    versions = journal.versions(id_)
                    if len(versions) == 2 and versions[1].silent == story.silent:
                        found += 1
                    else:
                        missing.append((site.kind, site.host, story, versions))
                else:
                    assert journal.versions(id_) == [], (site.host, story)
        assert not missing, missing
        happened = sum(story.edited is not None for site in world.sites.values() for story in site.stories)
        assert edits >= 0.5 * happened > 0, f"{edits} of {happened} edits came after the first look"
        told = {shown(world, site, story) for site in world.sites.values() for story in site.stories}
        assert set(articles) == told, "something is there that is no article, or twice"
        least = least_requests(world, [at for _, at in runs], len(journal.readings(limit=1_000_000)))
    gaps_kept(world.log)
    asked = len([request for request in world.log if request.status != 0])
    return {
        "articles": len(told), "edits": edits, "found": found, "runs": len(runs),
        "requests": asked, "least": least, "ratio": asked / least,
    }  # fmt: skip


def first_read(world: World, site: Site, story: Story) -> dt.datetime:
    """When the article was first read: what changed before, as while its site was down, nobody can know."""
    return min(
        request.at
        for request in world.log
        if request.host == site.host
        and request.status == 200
        and request.path.partition("?")[0].removesuffix("/amp") in (world.path(story), world.new_path(story))
    )


def gaps_kept(log: list[Request]) -> None:
    """Each host was asked one thing at a time, and left alone for the delay: its own log says so."""
    last: dict[str, Request] = {}
    for request in sorted(log, key=lambda request: request.began):
        before = last.get(request.host)
        # what the log calls the end is a moment before the crawler has read the answer
        assert before is None or request.began - before.ended > DELAY - 0.002, (before, request)
        last[request.host] = request


def least_requests(world: World, passes: list[dt.datetime], polls: int) -> int:
    """What the same polls and visits cost at the least: one request each, one robots.txt a day and
    host, one for a redirect that must be learnt, and each sitemap once for each time that it changed.
    """
    total = polls
    robots: dict[str, dt.datetime] = {}
    for request in sorted(world.log, key=lambda request: request.at):
        if request.host not in robots or request.at - robots[request.host] >= D:
            robots[request.host] = request.at  # what robots.txt says holds for a day
            total += 1
    for site in world.sites.values():
        if site.kind == "index":
            changes = {(s.published, f"{s.published:%Y-%m-%d}") for s in site.stories}
            total += len(changes) + sum(1 for s in site.stories for t in (s.gone, s.moved) if t)
            total += polls // len(
                world.sites
            )  # the index in the index, which says nothing of when it changed
        for story in site.stories:
            mine = [
                request.at
                for request in world.log
                if request.host == site.host
                and request.path.partition("?")[0].removesuffix("/amp") == world.path(story)
                and request.status == 200
            ]
            total += ladder(story, min(mine), passes) if mine else 0
            total += story.moved is not None
    return total


def ladder(story: Story, first: dt.datetime, passes: list[dt.datetime]) -> int:
    """How many visits the policy asks for from the first on."""
    at, visits, step, seen = first, 0, 0, first
    while True:
        gone = story.gone is not None and at >= story.gone
        edited = story.edited is not None and visits > 0 and seen < story.edited <= at
        outcome = Outcome.GONE if gone else Outcome.UPDATED if edited else Outcome.UNCHANGED
        age = at - story.published
        next_ = after(outcome, "", at, visits=visits, step=step, edited=edited, age=age)
        seen, visits, step = at, visits + 1, next_.step
        assert next_.at is not None
        later = bisect_left(passes, next_.at)
        if later == len(passes):
            return visits
        at = passes[later]


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """A real Prefect server that several crawlers share: the environment that leads to it."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    running = PrivateServer(folder)
    try:
        try:
            running.wait()
        except ServerDied:  # a machine that does much else at once
            running.wait()
        yield {key: value for key, value in os.environ.items() if key.startswith("PREFECT_")}
    finally:
        running.stop()
        os.environ.clear()
        os.environ.update(before)


def passes(crawl: Crawl) -> int:
    """How many passes are over."""
    try:
        with Journal(crawl.settings().journal_url) as journal:
            return sum(run.ended is not None for run in journal.runs("crawl", limit=10_000))
    except JournalError:
        return 0


@pytest.mark.prefect
@pytest.mark.timeout(1800)
def test_a_week_of_many_sites(tmp_path: Path, full: bool, prefect: Shared) -> None:
    """Twenty sites of all kinds, two passes a day; `make world` has eighty, and twelve passes."""
    prefect.database_for(tmp_path / "prefect")
    world = World(START, sites=80 if full else 20, stories=6 if full else 3, days=7)
    with wound(tmp_path / "clock"), world.serve():
        crawl = Crawl(tmp_path, world, every=2 * H if full else 12 * H)
        worker = crawl.start(world.end)
        _, errors = worker.communicate(timeout=1700)
        assert worker.returncode == 0, errors
        numbers = judge(crawl)
    print(json.dumps(numbers))
    assert numbers["ratio"] <= 1.2


@pytest.mark.skipif(not os.environ.get("DATELINE_WORLD"), reason="minutes of work: make world")
@pytest.mark.prefect
@pytest.mark.opensearch
@pytest.mark.timeout(1800)
def test_two_crawlers_at_once_and_one_is_killed(tmp_path: Path, opensearch_url: str, full: bool) -> None:
    """They take the same hosts in turn; what the killed one held goes to the other."""
    world = World(START, sites=50 if full else 12, stories=3 if full else 2, days=7, seed=8)
    name = f"dateline-world-{os.getpid()}"
    with wound(tmp_path / "clock"), world.serve(), server(tmp_path / "server") as prefect:
        crawl = Crawl(
            tmp_path,
            world,
            every=4 * H if full else 10 * H,
            DATELINE_STORE="opensearch",
            OPENSEARCH_URL=opensearch_url,
            DATELINE_INDEX=name,
            **prefect,
        )
        workers = [crawl.start(world.end), crawl.start(world.end)]
        while passes(crawl) < 6:
            assert all(worker.poll() is None for worker in workers), workers[0].communicate()
            time.sleep(0.1)
        workers[0].send_signal(signal.SIGKILL)
        workers[0].communicate()
        workers[0] = crawl.start(world.end)
        for worker in workers:
            _, errors = worker.communicate(timeout=1700)
            assert worker.returncode == 0, errors
        numbers = judge(crawl)
        for line in httpx.get(f"{opensearch_url}/_cat/indices/{name}*?h=index").text.split():
            httpx.delete(f"{opensearch_url}/{line}").raise_for_status()
    print(json.dumps(numbers))
    assert numbers["ratio"] <= 1.2
