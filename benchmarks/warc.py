"""A WARC of many pages, imported: pages a second, what each process used, and memory as it goes on.

    python -m benchmarks.warc FILE [--names] [--home FOLDER] [--die PAGES]     prints what one import did

The file is made by warcio, which shares no code with our reader: short pages (3 KB, the sample site's,
each with changed text), a request record before each, as Common Crawl's have. Names and dates are left
out unless asked for: what grows with the file, and what is no work on pages, shows best without them.
`--die 400` kills the process, by itself and without a word, once so many pages are settled; the same
FOLDER given again is gone on with.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import statistics
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks import corpus
from benchmarks.measure import REPO, Row, Unavailable, Watch, module, pairs, spread

FOLDER = REPO / ".bench"
LOOKS = (400, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000)  # pages settled


def made(count: int, short: bool = True, first: int = 0) -> Path:
    """The file with so many pages from the `first` on, kept from run to run."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = FOLDER / f"{'short' if short else 'whole'}-{count}{f'-{first}' if first else ''}.warc.gz"
    if path.exists():
        return path
    FOLDER.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(first, first + count):
            url = f"https://news-{number % 97}.bench.example/2026/story-{number}.html"
            body = corpus.copy(number, url, short=short)
            http = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            asked = StatusAndHeaders("GET / HTTP/1.1", [("User-Agent", "other")], is_http_request=True)
            date = {"WARC-Date": f"2026-05-{1 + (number - first) * 28 // count:02}T{number % 24:02}:00:00Z"}
            for kind, payload, headers in (("request", b"", asked), ("response", body, http)):
                writer.write_record(
                    writer.create_warc_record(
                        url, kind, payload=io.BytesIO(payload), http_headers=headers, warc_headers_dict=date
                    )
                )
    part.rename(path)
    return path


class Memory:
    """What the main process holds (MB) as its pages are settled, looked at twice a second: its own, not
    the files of the index that it looks into, which the system keeps in memory as long as it likes."""

    def __init__(self, progress: Any, die: int | None = None) -> None:
        self._looks: list[tuple[int, float]] = []
        self._progress, self._die = progress, die
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(0.5):
            settled = self._progress.steps["settled"]
            if self._die is not None and settled >= self._die:
                os.kill(own.pid, signal.SIGKILL)
            memory = own.memory_info()
            self._looks.append((settled, (memory.rss - getattr(memory, "shared", 0)) / 1e6))

    def at(self, pages: Sequence[int]) -> dict[int, float]:
        """The most while the last twentieth of so many pages was settled, if it was."""
        self._stop.set()
        self._thread.join()
        found = {
            count: [mb for settled, mb in self._looks if 0.95 * count <= settled <= count] for count in pages
        }
        return {count: round(max(looks)) for count, looks in found.items() if looks}


def imported(path: str, names: bool, die: int | None, before: Path | None = None) -> dict[str, Any]:
    """Import a file in this process, in a workshop that is warm: it has the file `before` behind it."""
    from dateline import settings
    from dateline.workers import cores
    from dateline.workshop import shared
    from flows.importing import import_archive

    watch = Watch()
    with shared(settings.load(), enriching=names) as shop:
        shop._workers.count = cores()
        while not all(worker.ready for worker in shop._workers._workers) or not shop._workers._workers:
            list(shop._workers.map(len, ["warm"] * 8 * cores()))
        if before is not None:
            import_archive(str(before.absolute()))
        done = begun = None
        for run in shop.journal.unfinished_runs("import"):  # the one that was killed
            summary = shop.journal.summary(run.run_id)
            done, begun = summary.links - summary.pending, shop.journal.position(run.run_id, path)[0]
        memory = Memory(shop.progress, die)
        with watch:
            run_id = import_archive(path)
        outcomes = dict(shop.journal.check(run_id).outcomes)
        articles = shop.store.count()
        # a text that is new has a row of its own for each attempt: so what was done twice shows
        kept = Counter(page.final_url for _, page in shop.archive.scan())
    usage, pages = watch.usage, sum(outcomes.values())
    return {
        "pages": pages,
        "outcomes": outcomes,
        "articles": articles,
        "kept": len(kept),
        "twice": sum(count > 1 for count in kept.values()),
        "wall": usage.wall,
        "cpu": usage.total,
        "by": usage.cpu,
        "memory": memory.at(LOOKS),
        "most": usage.memory,  # by role, of one process
        "done": done,  # before this process began
        # two records a page: so many were taken out of the file once more, though they were settled
        "again": None if done is None else done - begun // 2,
    }


def main() -> None:
    """Make a home, import, print, throw the home away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--die", type=int)
    parser.add_argument("--before", type=Path, help="another file, imported unmeasured")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    os.environ.update(DATELINE_HOME=str(home), DATELINE_STORE="embedded", PREFECT_LOGGING_LEVEL="CRITICAL")
    path = options.path.absolute()
    try:
        from tasks.server import private_server

        with private_server(home) as server:
            if server is not None:
                server.wait()
            print(json.dumps(imported(str(path), options.names, options.die, options.before)))
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


def resumed(path: Path, die: int) -> dict[str, Any]:
    """What the second of two processes did, after the first was killed with so many pages settled."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-", ignore_cleanup_errors=True) as home:
        try:
            module("warc", path, "--home", home, "--die", die)
        except Unavailable:  # it was killed, as asked
            return dict(module("warc", path, "--home", home))
    raise Unavailable(f"{path.name} was done before it could be killed")


def warc(sizes: Any) -> list[Row]:
    """The part of the bench: whole pages with names beside the floor, many short ones, and a kill."""
    return [*_beside_the_floor(sizes), *_many(sizes)]


def _beside_the_floor(sizes: Any) -> list[Row]:
    """What an import adds to reading the same pages, with the names, in as many processes."""
    path, cores = made(sizes.pages, short=False), len(psutil.Process().cpu_affinity())
    before = made(64, short=False, first=1_000_000)
    runs = pairs(
        sizes.rounds,
        lambda: module("floor", sizes.pages, cores),
        lambda: module("warc", path, "--names", "--before", before),
    )
    cpu = [low["cpu"] / sizes.pages / (one["cpu"] / one["pages"]) for low, one in runs]
    wall = [low["wall"] / sizes.pages / (one["wall"] / one["pages"]) for low, one in runs]
    one = runs[-1][1]
    busy = [each["cpu"] / each["wall"] / cores for _, each in runs]
    held = ", ".join(f"{role} {mb:.0f}" for role, mb in sorted(one["most"].items()))
    return [
        Row("warc", "import, CPU ms a page", f"{one['cpu'] / one['pages'] * 1000:.0f}", note=_where(one)),
        Row("warc", "floor ÷ import, CPU", spread(cpu), "≥ 0.9", statistics.median(cpu) >= 0.9),
        Row("warc", "floor ÷ import, wall", spread(wall)),
        Row("warc", "CPU used of all there was", spread(busy), note="1 is nothing but CPU work"),
        Row("warc", "MB of one process, the most", held),
    ]


def _where(one: dict[str, Any]) -> str:
    by = {role: seconds / one["pages"] * 1000 for role, seconds in one["by"].items()}
    return ", ".join(f"{role} {ms:.1f}" for role, ms in sorted(by.items(), key=lambda row: -row[1]))


def _many(sizes: Any) -> list[Row]:
    """Short pages without names: what grows with the file, and what a kill costs."""
    size = max(400, sizes.records // 5)
    file, small = made(sizes.records), made(size)
    one, second = module("warc", file), resumed(small, 2 * size // 5)
    looks = {int(pages): mb for pages, mb in one["memory"].items()}
    # what is remembered of words and siblings has its size by then
    (first, *_) = [mb for pages, mb in looks.items() if pages >= sizes.records // 4] or [0.0]
    *_, last = looks.values()
    outcomes = second["outcomes"]
    articles = outcomes.get("indexed", 0) + outcomes.get("updated", 0)
    whole = second["pages"] == size and second["articles"] == articles and second["kept"] == size
    return [
        Row("warc", f"{one['pages']:,} short pages, a second", spread([one["pages"] / one["wall"]], 1)),
        Row("warc", "CPU ms a short page", f"{one['cpu'] / one['pages'] * 1000:.1f}", note=_where(one)),
        Row(
            "warc",
            "memory of the main process, all ÷ a quarter of them",
            f"{last / max(first, 1.0):.2f}",
            "≤ 1.1",
            last <= 1.1 * first,
            ", ".join(f"{pages:,} pages: {mb} MB" for pages, mb in looks.items()),
        ),
        Row(
            "warc",
            f"{size:,} pages, killed after {second['done']:,}: kept twice",
            f"{second['twice']}",
            "0",
            second["twice"] == 0 and whole,
            f"{second['articles']:,} articles, {second['again']} settled pages taken out of the file again",
        ),
    ]


if __name__ == "__main__":
    main()
