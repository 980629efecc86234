"""The page's first byte: `dateline serve` over a filled store, asked over HTTP as a browser would.

    python -m benchmarks.serving embedded|opensearch ARTICLES [ROUNDS]

Prints one JSON line: {page: {"p50", "p95", "cpu"}} in ms; "cpu" is the mean of what the service's own
process used, without OpenSearch's.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil

from benchmarks import articles
from benchmarks.measure import REPO, SINGLE, Unavailable
from benchmarks.searching import WORDS, month
from benchmarks.stores import alias, filled, home


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


WARM = 5  # of each page, before it is timed


def pages(store: Any, count: int) -> dict[str, Callable[[random.Random], str]]:
    """Each kind of page by name; asked with other words, names and days each time."""
    known = store.entities(limit=40)

    def asked(chance: random.Random) -> list[tuple[str, str]]:
        span = month(chance)
        return [("entity", chance.choice(known).name), ("mentioned", f"{span}-01..{span}-28")]

    return {
        "newest": lambda _: "/",
        "results by words": lambda c: "/?" + urlencode([("q", f"{c.choice(WORDS)} {c.choice(WORDS)}")]),
        "results by word, entity and interval": lambda c: (
            "/?" + urlencode([("q", c.choice(WORDS)), *asked(c)])
        ),
        "timeline": lambda c: "/timeline?" + urlencode(asked(c)),
        "entity": lambda c: "/entity/" + quote(c.choice(known).entity_id),
        "article": lambda c: "/article/" + articles.article_id(c.randrange(count)),
    }


@contextmanager
def serving(kind: str, count: int, url: str) -> Iterator[tuple[int, psutil.Process]]:
    """The port and the process of a `dateline serve` over the filled store.

    Raises:
        Unavailable: it does not answer.
    """
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    environment |= SINGLE | {"DATELINE_HOME": str(home(count)), "DATELINE_STORE": kind}
    environment |= {"OPENSEARCH_URL": url, "DATELINE_INDEX": alias(count)} if url else {}
    program = Path(sys.executable).parent / "dateline"
    service = subprocess.Popen(
        [program, "serve", "--port", str(port)], env=environment, cwd=REPO, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                first_byte(port, "/health")
                break
            except OSError as error:
                if service.poll() is not None or time.monotonic() > deadline:
                    raise Unavailable(f"dateline serve does not answer: {error}") from error
                time.sleep(0.1)
        yield port, psutil.Process(service.pid)
    finally:
        service.terminate()
        service.wait()


def first_byte(port: int, path: str) -> float:
    """Seconds from asking for a page to the first byte of its text.

    Raises:
        Unavailable: it is an error page.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read(1)
        took = time.perf_counter() - began
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise Unavailable(f"{path} answers {answer.status}")
    return took


def measured(port: int, process: psutil.Process, kinds: dict[str, Any], rounds: int) -> dict[str, Any]:
    """All pages, `rounds` times each."""
    found = {}
    for name, make in kinds.items():
        chance = random.Random(name)
        for _ in range(WARM):
            first_byte(port, make(chance))
        before = process.cpu_times()
        times = [first_byte(port, make(chance)) * 1000 for _ in range(rounds)]
        after = process.cpu_times()
        found[name] = {
            "p50": statistics.median(times),
            "p95": statistics.quantiles(times, n=20)[-1],
            "cpu": (after.user + after.system - before.user - before.system) / rounds * 1000,
        }
    return found


if __name__ == "__main__":
    which, size = sys.argv[1], int(sys.argv[2])
    with filled(which, size) as store:
        url = "" if which == "embedded" else store._client._url
        with serving(which, size, url) as (port, process):
            often = int(sys.argv[3]) if sys.argv[3:] else 30
            print(json.dumps(measured(port, process, pages(store, size), often)))
