"""The world of the cases: a hostile server and a good one, an archive, and traps that must stay silent.

The archive is the product's own: journal, WARC, store and worker processes of a `Workshop`, driven by
the functions of the flow's tasks (without the Prefect server, which has cases of its own).
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
import tempfile
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from dateline.fetch import Fetcher, Limits
from dateline.models import Link
from dateline.query import Query
from dateline.settings import Settings
from dateline.urls import article_id
from dateline.workshop import Workshop
from tests.faultserver import FaultServer, Handler, reply
from torture.case import check

T = TypeVar("T")
HOSTILE, GOOD = "127.0.0.2", "127.0.0.3"
# names that the cases' own resolver knows; a rebinding name answers differently each time
NAMES: dict[str, list[list[str]]] = {
    "inside.test": [["127.0.0.1"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "rebind.test": [[HOSTILE], ["127.0.0.1"]],
    "both.test": [["127.0.0.1", "::1"]],
}


@dataclass(frozen=True)
class Row:
    """A link's end."""

    url: str | None
    outcome: str
    reason: str
    article_id: str | None

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason[:150]}" if self.reason else self.outcome


class Trap:
    """A listener that nobody may reach: what it accepts is counted."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.caught = 0
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((host, port))
        self._listener.listen()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.caught += 1
                connection.close()

    def close(self) -> None:
        self._listener.close()


class World:
    """`with World() as world`: everything on loopback, gone when it ends."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-torture-"))
        self.folder.chmod(0o755)
        self.deadline = float("inf")  # monotonic; long cases do less where it comes near
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.server = FaultServer(HOSTILE)
        self.run(self.server.__aenter__())
        self.good = FaultServer(GOOD)
        self.run(self.good.__aenter__())
        self.port = self.server.port
        self.traps: list[Trap] = []
        for host in ("127.0.0.1", "::1"):
            with suppress(OSError):  # a machine without IPv6
                self.traps.append(Trap(host, self.port))
        self._asked: dict[str, int] = {}
        self.settings = Settings(
            home=self.folder / "home",
            store="embedded",
            journal_url=f"sqlite:///{self.folder / 'home' / 'journal.sqlite'}",
            opensearch_url="",
            index="torture",
            allow_networks=(f"{HOSTILE}/32", f"{GOOD}/32"),
            ports=(self.port, self.good.port),
            delay=0.0,
        )
        self.shop = Workshop(self.settings, fetcher=self.fetcher())

    def fetcher(self, *ports: int, verify: Any = None, **limits: Any) -> Fetcher:
        """A fetcher with little patience, which knows of no host yet."""
        given = {"delay": 0.0, "deadline": 3.0, "budget": 9.0, "retries": 0, "backoff": 0.01, "patience": 1.0}
        return Fetcher(
            allow_networks=self.settings.allow_networks,
            ports=(*self.settings.ports, *ports),
            limits=Limits(**(given | limits)),
            resolver=self._resolve,
            verify=verify,
        )

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.shop.__exit__(None, None, None)
        for trap in self.traps:
            trap.close()
        self.run(self._quiet())
        self._loop.call_soon_threadsafe(self._loop.stop)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something of the servers' event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _quiet(self) -> None:
        for server in (self.server, self.good):
            await server.__aexit__()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _resolve(self, host: str, port: int) -> list[str]:
        from dateline.fetch.guard import resolve

        answers = NAMES.get(host)
        if answers is None:
            return await resolve(host, port)
        turn = self._asked[host] = self._asked.get(host, -1) + 1
        return answers[min(turn, len(answers) - 1)]

    # what the servers say

    def path(self) -> str:
        """A path that nobody has used."""
        return f"/{next(self._numbers)}"

    def at(self, *answers: bytes | Handler) -> str:
        """The URL of a new page of the hostile server that gives these answers."""
        path = self.path()
        self.server.at(path, *answers)
        return self.server.url(path)

    def neighbour(self) -> str:
        """The URL of a new, harmless article of the good server."""
        path = self.path()
        self.good.at(path, reply(page(f"Neighbour {path[1:]}")))
        return self.good.url(path)

    # what comes of it

    def ingest(self, *urls: str, fetcher: Fetcher | None = None) -> tuple[list[Row], str]:
        """Take the URLs through the whole way between two harmless neighbours; their rows, and the line
        that says that the neighbours were indexed. Each call has a fetcher of its own, which rests no host
        for what an earlier case did.
        """
        first, last = self.neighbour(), self.neighbour()
        self.shop._fetcher = fetcher or self.fetcher()
        rows = self.settle([link(first), *map(link, urls), link(last)], self.shop)
        beside = [rows[0], rows[-1]]
        check(all(row.outcome == "indexed" for row in beside), f"neighbours: {beside[0]} / {beside[1]}")
        store = self.shop.store
        check(all(store.get(row.article_id or "") for row in beside), "a neighbour is not in the store")
        found = store.search(Query(words=None, publishers=[], limit=1)).total
        check(found >= 2, "the store answers nothing")
        check(not any(trap.caught for trap in self.traps), "a connection reached a denied address")
        return rows[1:-1], "neighbours: 2 of 2 indexed"

    def settle(self, links: list[Link], shop: Workshop) -> list[Row]:
        """One run of these links; each one's row, in order. N in, N out, or it raises."""
        run_id = shop.journal.begin_run("torture", {})
        todo = shop.journal.expect(run_id, links)
        return self._work(run_id, links, todo, shop)

    def finish(self, run_id: str) -> list[Row]:
        """Go on with a run that was left, as the next run does."""
        todo = self.shop.journal.pending(run_id)
        return self._work(run_id, todo, todo, self.shop)

    def _work(self, run_id: str, links: list[Link], todo: list[Link], shop: Workshop) -> list[Row]:
        from tasks.collecting import fetch, index, understand

        index.fn(shop, run_id, understand.fn(shop, fetch.fn(shop, run_id, todo, ""), ""), "")
        shop.journal.end_run(run_id)
        rows = {row["link_id"]: row for row in shop.journal.rows(run_id=run_id, limit=100_000)}
        return [
            Row(
                one.url,
                rows[one.link_id]["outcome"],
                rows[one.link_id]["reason"] or "",
                rows[one.link_id].get("article_id"),
            )
            for one in links
        ]


def link(url: str) -> Link:
    """A link as a list of URLs gives it."""
    return Link(link_id=article_id(url), url=url, source="torture")


def page(title: str, text: str = "", head: str = "") -> bytes:
    """A page with an article that every reader takes for one."""
    body = text or "".join(
        f"<p>{title}: the council of Lindhaven met on Monday, and paragraph {n} of its minutes says what "
        f"Viktor Oresh told the harbour office about the new quay and its cost.</p>"
        for n in range(6)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}"
        f'<meta property="og:type" content="article"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


class Memory:
    """`with Memory() as memory`: `memory.grown` is the most that this process grew meanwhile, in MB."""

    def __enter__(self) -> Memory:
        self._process = psutil.Process()
        self._start = self._most = self._process.memory_info().rss
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self._most = max(self._most, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def grown(self) -> float:
        return (self._most - self._start) / 1e6
