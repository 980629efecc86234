"""kill -9 at random instants: nothing that was accepted is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from dateline.archive import Archive
from dateline.journal import Journal
from dateline.stores.embedded import EmbeddedStore
from dateline.urls import article_id
from tests.faultserver import reply
from torture.case import CASES, check
from torture.world import World, page

NEW = 2  # articles in each round's digest, beside one that all digests share
LIMIT = 330.0  # seconds for the rounds: on a machine too busy for fifty, fewer are done, and said


class Flow:
    """The forker's process."""

    def __init__(self, world: World, home: Path, *more: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        environment |= {
            "DATELINE_ALLOW_NETWORKS": ",".join(world.settings.allow_networks),
            "DATELINE_PORTS": ",".join(map(str, world.settings.ports)),
            "DATELINE_DELAY": "0.001",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "torture.forker", str(home), *more],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(home.parent / "forker.log").open("ab"),
            text=True,
        )
        check(self.answer() == "ready", "the flow's process did not start")

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self, words: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


def _kills(count: int, world: World, *more: str) -> list[str]:
    folder = world.folder / f"kills-{count}{len(more)}"
    home = folder / "home"
    home.mkdir(parents=True)
    shared = world.neighbour()
    chance = random.Random(20_210_401)
    digests: dict[str, list[str]] = {}

    def digest() -> str:
        urls = [shared]
        for _ in range(NEW):
            path = world.path()
            world.good.at(path, reply(page(f"Round article {path[1:]}")))
            urls.append(world.good.url(path))
        name = folder / f"{len(digests):03d}.txt"
        name.write_text("".join(f"Report {url.rsplit('/', 1)[1]}\n{url}\n\n" for url in urls))
        digests[str(name)] = urls
        return str(name)

    flow = Flow(world, home, *more)
    try:
        _, status, took = flow.ask(f"run {digest()}").split()
        check(status == "0", "the first, undisturbed run failed")
        span = float(took)
        began = time.monotonic()
        ends: Counter[str] = Counter()
        limit = max(30.0, min(LIMIT, world.deadline - began))
        while sum(ends.values()) < count and time.monotonic() - began < limit:
            ends[flow.ask(f"kill {digest()} {chance.uniform(0.0, span):.3f}").split()[0]] += 1
        last = digest()
        check(flow.ask(f"run {last}").split()[:2] == ["ended", "0"], "the run after the kills failed")
        seen = _accepted_are_there(home, digests)
        crashed = [] if more else _prefect_knows(flow, home)
    finally:
        flow.close()
    rounds = sum(ends.values())
    return [
        f"an undisturbed run takes {span:.1f} s; killed at {ends['killed']} random instants of it, "
        f"{ends['ended']} of {rounds} runs ended before"
        + ("" if rounds >= count else f" (of {count}: the time was over)"),
        *seen,
        *crashed,
        f"neighbours: the article of all {len(digests)} digests is there once",
    ]


def _accepted_are_there(home: Path, digests: dict[str, list[str]]) -> list[str]:
    """Each link of each run that the journal accepted has its outcome and its article, once."""
    with Journal(f"sqlite:///{home / 'journal.sqlite'}") as journal:
        check(not journal.unfinished_runs(), f"unfinished: {journal.unfinished_runs()[:2]}")
    with sqlite3.connect(home / "journal.sqlite") as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(
            "SELECT attempts.outcome, run_id, url FROM attempts JOIN links USING (link_id)"
        ).fetchall()
    check(all(row["outcome"] for row in rows), "a link has no outcome")
    bad = Counter(
        row["outcome"] for row in rows if row["outcome"] not in ("indexed", "unchanged", "duplicate")
    )
    check(not bad, f"outcomes {bad}")
    accepted = {row["url"] for row in rows}
    runs = {row["run_id"] for row in rows}
    store = EmbeddedStore(home / "index")
    ids = [article.article_id for article in store.scan()]
    store.close()
    check(len(ids) == len(set(ids)), "an article is there twice")
    lost = [url for url in accepted if article_id(url) not in ids]
    check(not lost, f"{len(lost)} of {len(accepted)} lost: {lost[:3]}")
    check(len(ids) == len(accepted), f"{len(ids)} articles of {len(accepted)} links")
    given = {url for urls in digests.values() for url in urls}
    pages = sum(1 for _ in Archive(home / "archive").scan())
    return [
        f"{len(runs)} runs accepted {len(accepted)} of {len(given)} links before they died: "
        f"{len(rows)} rows, each with its outcome; {len(ids)} articles, each once, none lost",
        f"the archive reads to its end: {pages} pages",
    ]


def _prefect_knows(flow: Flow, home: Path) -> list[str]:
    """No run of a dead process is left Running."""
    answer = flow.ask("states x")
    counts, _, running = answer.partition(" of")
    with sqlite3.connect(home / "journal.sqlite") as database:
        known = " ".join(row[0] for row in database.execute("SELECT parameters FROM runs"))
    left = [run for run in running.split() if run in known]
    check(not left, f"runs left behind that the journal knows: {left}")
    early = len(running.split())
    more = (
        f"; {early} of them died before they were in the journal, and nobody knows of those" if early else ""
    )
    return [f"Prefect's own states: {counts}{more}"]


CASES.add(
    "kill/steps-3",
    "kill -9 of the flow's steps at 3 random instants, each time with a new digest",
    lambda world: _kills(3, world, "--plain"),
)
CASES.add(
    "kill/flow-50",
    "kill -9 of the flow at 50 random instants, each time with a new digest",
    lambda world: _kills(50, world),
    quick=False,
)
