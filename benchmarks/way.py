"""Dateline's whole way over the bench's site: fetch, archive, journal, extract, enrich, settle, index.

    python -m benchmarks.way SITE_PORT COUNT [--plain] [--bare] [--warm N]

`--plain` runs the same steps in the same order without Prefect, `--bare` without the enrichment.
Measured is what `flows.ingest.collect` does, after a warm-up of `--warm` links in the same workshop:
loading models and starting Prefect is told apart. The home is thrown away. Prints what `Watch` saw.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch
from benchmarks.site import NETWORK, Site


def links_of(port: int, first: int, count: int) -> list[Any]:
    """Links to pages of the site, as a list of addresses gives them."""
    from dateline.models import Link
    from dateline.urls import article_id

    urls = [Site(port).url(number) for number in range(first, first + count)]
    return [Link(link_id=article_id(url), url=url, source="bench") for url in urls]


def plain_collect(shop: Any, run_id: str, links: Sequence[Any]) -> None:
    """`flows.ingest.collect` without Prefect: the same tasks' functions, as many batches at once."""
    from flows.ingest import IN_FLIGHT
    from tasks import collecting
    from tasks.batches import batches

    def one(label: str, batch: list[Any]) -> None:
        fetched = collecting.fetch.fn(shop, run_id, batch, label)
        understood = collecting.understand.fn(shop, fetched, label)
        collecting.index.fn(shop, run_id, understood, label)

    working: deque[Any] = deque()
    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        for label, batch in batches(links):
            working.append(threads.submit(one, label, batch))
            if len(working) >= IN_FLIGHT:
                working.popleft().result()
        for step in working:
            step.result()
    shop.journal.end_run(run_id)


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """One run in a workshop of its own."""
    from dateline import settings
    from dateline.workshop import Workshop

    if options.plain:
        collect: Any = plain_collect
    else:
        from flows.ingest import collect
    watch = Watch()
    with Workshop(settings.load(), enriching=not options.bare) as shop:
        warm = links_of(options.port, options.count, options.warm)
        for links in (warm, None):
            run_id = shop.journal.begin_run("bench", {})
            if links is not None:
                collect(shop, run_id, shop.journal.expect(run_id, links))
                continue
            with watch:
                links = links_of(options.port, 0, options.count)
                collect(shop, run_id, shop.journal.expect(run_id, links))
        outcomes = dict(shop.journal.summary(run_id).outcomes)
        size = sum(
            file.stat().st_size for file in Path(os.environ["DATELINE_HOME"]).rglob("*") if file.is_file()
        )
    usage = watch.usage
    return {
        "cpu": usage.total - usage.cpu.get("site", 0.0),
        "by": usage.cpu,
        "wall": usage.wall,
        "memory": usage.memory,
        "held": usage.held,
        "pages": options.count,
        "outcomes": outcomes,
        "bytes": size,
    }


def main() -> None:
    """Make a home, run, print, throw the home away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--warm", type=int, default=160)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    os.environ.update(
        DATELINE_HOME=str(home),
        DATELINE_ALLOW_NETWORKS=NETWORK,
        DATELINE_PORTS=str(options.port),
        DATELINE_DELAY="0",
    )
    os.environ.setdefault("DATELINE_STORE", "embedded")
    os.environ["PREFECT_LOGGING_LEVEL"] = "CRITICAL"
    try:
        if options.plain:
            found = measured(options)
        else:
            from tasks.server import private_server

            with private_server(home) as server:
                from prefect import flow
                from prefect.task_runners import ThreadPoolTaskRunner

                from flows.ingest import IN_FLIGHT

                if server is not None:
                    server.wait()
                run = flow(name="bench", task_runner=ThreadPoolTaskRunner(max_workers=3 * IN_FLIGHT))(
                    measured
                )
                found = run(options)
        print(json.dumps(found))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
