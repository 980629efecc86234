"""A store that turns writes away, blocks, closes, dies in mid-write; an OpenSearch of one's own."""

from __future__ import annotations

import importlib.util
import json
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dateline.models import Article
from dateline.stores.base import StoreUnavailable
from dateline.stores.opensearch import OpenSearchStore
from torture.case import CASES, check
from torture.world import World


def server() -> Any:
    """infra/opensearch/server.py as a module."""
    path = Path(__file__).parents[1] / "infra" / "opensearch" / "server.py"
    spec = importlib.util.spec_from_file_location("torture_opensearch_server", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def articles(count: int, name: str) -> list[Article]:
    text = "Viktor Oresh spoke in Lindhaven on Monday about the quay. " * 20
    return [
        Article(article_id=f"{name}-{n}", title=f"{name} {n}", text=text, version=5) for n in range(count)
    ]


@contextmanager
def node(world: World, **settings: str) -> Iterator[Any]:
    """A node of one's own, ended with the case."""
    running = server().start(
        world.folder / f"node-{time.monotonic_ns()}", settings=settings, ends_with_us=True
    )
    try:
        yield running
    finally:
        running.stop(signal.SIGKILL)


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        url + path,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def ids_of(store: OpenSearchStore) -> set[str]:
    return {article.article_id for article in store.scan()}


@CASES.case(
    "store/429", "twelve writers at a node whose write queue holds one request: real 429s", quick=False
)
def _too_many(world: World) -> list[str]:
    with node(world, **{"thread_pool.write.queue_size": "1", "thread_pool.write.size": "1"}) as running:
        store = OpenSearchStore(running.url, "t429", refresh=False, patience=120.0)
        store.write(articles(1, "first"))
        results: list[str] = []

        def write(name: str) -> None:
            mine = OpenSearchStore(running.url, "t429", refresh=False, patience=120.0)
            for start in range(0, 200, 25):
                results.extend(row.status for row in mine.write(articles(200, name)[start : start + 25]))
            mine.close()

        threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pool = ask(running.url, "GET", "/_nodes/stats/thread_pool")
        rejected = sum(each["thread_pool"]["write"]["rejected"] for each in pool["nodes"].values())
        ask(running.url, "POST", "/t429/_refresh")
        found = ids_of(store)
        store.close()
    check(results.count("created") == 2400, f"{results.count('created')} of 2,400 created")
    check(len(found) == 2401, f"{len(found)} in the index")
    return [
        f"{rejected} requests turned away by the node; 2,400 of 2,400 written, each id there once",
        "neighbours: 1 of 1 indexed",
    ]


@CASES.case(
    "store/kill-9", "kill -9 of OpenSearch in mid-bulk, started again after three seconds", quick=False
)
def _killed(world: World) -> list[str]:
    infra = server()
    folder = world.folder / "killed-node"
    running = infra.start(folder, ends_with_us=True)
    store = OpenSearchStore(running.url, "tkill", patience=180.0)
    store.write(articles(2, "before"))
    rows: list[str] = []
    under_way = threading.Event()

    def write() -> None:
        for start in range(0, 6000, 200):
            rows.extend(row.status for row in store.write(articles(6000, "bulk")[start : start + 200]))
            under_way.set()

    writer = threading.Thread(target=write)
    writer.start()
    under_way.wait(120)
    time.sleep(0.05)
    at = len(rows)
    running.stop(signal.SIGKILL)
    time.sleep(3)
    again = infra.start(folder, int(running.url.rsplit(":", 1)[1]), ends_with_us=True)
    writer.join()
    found = ids_of(store)
    store.close()
    again.stop(signal.SIGKILL)
    check(len(rows) == 6000 and "refused" not in rows, f"{len(rows)} answers")
    check(
        found == {a.article_id for a in [*articles(2, "before"), *articles(6000, "bulk")]},
        f"{len(found)} found",
    )
    return [
        f"killed after {at:,} answers; the writer waited and went on: 6,000 of 6,000, ids compared",
        "neighbours: 2 of 2 indexed",
    ]


@CASES.case(
    "store/blocks",
    "flood stage (read-only index), then a closed index, each lifted after two seconds",
    quick=False,
)
def _blocks(world: World) -> list[str]:
    with node(world) as running:
        store = OpenSearchStore(running.url, "tblock", patience=60.0)
        store.write(articles(2, "before"))
        index = next(iter(ask(running.url, "GET", "/tblock/_alias")))
        lines = []
        for name, begin, end in (
            ("flood stage", ("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": True}), ("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})),
            ("closed", ("POST", f"/{index}/_close", None), ("POST", f"/{index}/_open", None)),
        ):  # fmt: skip
            ask(running.url, *begin)
            threading.Timer(2, ask, (running.url, *end)).start()
            began = time.monotonic()
            statuses = {row.status for row in store.write(articles(50, name.replace(" ", "-")))}
            check(statuses == {"created"}, f"{name}: {statuses}")
            lines.append(f"{name}: waited {time.monotonic() - began:.1f} s, then 50 of 50 written")
        check(store.count() == 102, f"{store.count()} in the index")
        store.close()
    return [*lines, "neighbours: 2 of 2 indexed"]


@CASES.case("store/away", "a store that does not answer, and then does")
def _away(world: World) -> list[str]:
    urls = [world.neighbour(), world.neighbour()]
    from torture.world import link

    real, world.shop.store = world.shop.store, OpenSearchStore("http://127.0.0.1:9", "x", patience=0.5)
    said = ""
    try:
        world.settle([link(url) for url in urls], world.shop)
    except StoreUnavailable as error:
        said = str(error)
    finally:
        world.shop.store = real
    check("nothing is lost" in said and "127.0.0.1:9" in said, f"said {said!r}")
    left = world.shop.journal.unfinished_runs("torture")
    (run,) = [one for one in left if len(world.shop.journal.pending(one.run_id)) == 2]
    kept = world.shop.journal.archived(run.run_id, [link(url).link_id for url in urls])
    check(len(kept) == 2, f"{len(kept)} of 2 pages kept for the next run")
    rows = world.finish(run.run_id)
    check([row.outcome for row in rows] == ["indexed"] * 2, str(rows))
    asked = [len(world.good.asked("/" + url.rpartition("/")[2])) for url in urls]
    check(asked == [1, 1], f"asked {asked} times")
    return [
        said[:150],
        f"the next run took both pages from the archive (asked {asked} times) and indexed them",
        "neighbours: 2 of 2 indexed",
    ]


@CASES.case("store/dead-letter", "a document that the store refuses, and its replay")
def _dead_letter(world: World) -> list[str]:
    from dateline.stores.base import WriteResult
    from torture.world import link

    urls = [world.neighbour() for _ in range(3)]
    real = world.shop.store

    class Refusing:
        """The real store, but for one document."""

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def write(self, batch: Any) -> list[WriteResult]:
            given = list(batch)
            if len(given) != 3:  # what is written again for its story
                return real.write(given)
            victim = given[1]
            done = {row.article_id: row for row in real.write([one for one in given if one is not victim])}
            done[victim.article_id] = WriteResult(
                article_id=victim.article_id, status="refused", reason="mapper_parsing_exception: no"
            )
            return [done[one.article_id] for one in given]

    world.shop.store = Refusing()  # type: ignore[assignment]
    try:
        rows = world.settle([link(url) for url in urls], world.shop)
    finally:
        world.shop.store = real
    check([row.outcome for row in rows] == ["indexed", "refused", "indexed"], str(rows))
    (letter,) = world.shop.journal.dead_letters()
    from dateline.models import from_json, to_json

    (row,) = world.shop.store.write([from_json(to_json(letter.document), Article)])
    world.shop.journal.dead_letter_replayed(letter.number)
    check(row.status == "created" and not world.shop.journal.dead_letters(), str(row))
    return [
        str(rows[1]),
        f"dead letter {letter.number}, whole; replayed: {row.status}",
        "neighbours: 2 of 2 indexed",
    ]
