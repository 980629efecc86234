"""A WARC of many pages, imported: pages a second, what each process used, and memory as it goes on.

    python -m benchmarks.warc FILE [--bare] [--kill SHARE]     prints what one import did, as JSON

The file is made by warcio, which shares no code with our reader: short pages (3 KB, the sample site's,
each with changed text), a request record before each, as Common Crawl's have. `--kill 0.4` ends the
importing process without a word after that share of the records; another one then goes on.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks import corpus
from benchmarks.measure import REPO, Row, Watch, module, spread

FOLDER = REPO / ".bench"


def made(count: int, short: bool = True) -> Path:
    """The file with so many pages, kept from run to run."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = FOLDER / f"{'short' if short else 'whole'}-{count}.warc.gz"
    if path.exists():
        return path
    FOLDER.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(count):
            url = f"https://news-{number % 97}.bench.example/2026/story-{number}.html"
            body = corpus.copy(number, url, short=short)
            http = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            asked = StatusAndHeaders("GET / HTTP/1.1", [("User-Agent", "other")], is_http_request=True)
            date = {"WARC-Date": f"2026-05-{1 + number * 28 // count:02}T{number % 24:02}:00:00Z"}
            for kind, payload, headers in (("request", b"", asked), ("response", body, http)):
                writer.write_record(
                    writer.create_warc_record(
                        url, kind, payload=io.BytesIO(payload), http_headers=headers, warc_headers_dict=date
                    )
                )
    part.rename(path)
    return path


class Memory:
    """What the main process holds (MB), looked at as the import goes on."""

    def __init__(self) -> None:
        self.looks: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(1.0):
            self.looks.append(own.memory_info().rss / 1e6)

    def quarters(self) -> list[float]:
        """The most in each quarter of the time."""
        self._stop.set()
        self._thread.join()
        size = max(1, len(self.looks) // 4)
        return [round(max(self.looks[n * size :][:size], default=0.0)) for n in range(4)]


def imported(path: str, bare: bool) -> dict[str, Any]:
    """Import a file in this process, in a workshop that is warm."""
    from dateline import settings
    from dateline.workshop import shared
    from flows.importing import import_archive

    watch = Watch()
    with shared(settings.load()) as shop:
        shop._enriching = not bare
        memory = Memory()
        with watch:
            run_id = import_archive(path)
        outcomes = dict(shop.journal.check(run_id).outcomes)
        articles = shop.store.count()
        # a text that is new has a row of its own for each attempt: so what was done twice shows
        twice = sum(count > 1 for count in _archived(shop.archive).values())
    usage = watch.usage
    return {
        "pages": sum(outcomes.values()),
        "outcomes": outcomes,
        "articles": articles,
        "twice": twice,
        "wall": usage.wall,
        "cpu": usage.total,
        "by": usage.cpu,
        "quarters": memory.quarters(),
    }


def _archived(archive: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, page in archive.scan():
        found[page.final_url] = found.get(page.final_url, 0) + 1
    return found


def _killed(path: Path, share: float, environment: dict[str, str]) -> int:
    """Import in a process that is killed after this share of the records; how many were done."""
    from dateline.journal import Journal

    command = [sys.executable, "-m", "flows", "ingest", "--json", "--", str(path)]
    process = subprocess.Popen(
        command, cwd=REPO, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    records = 0
    total = int(path.stem.split("-")[1].partition(".")[0]) * 2
    journal = Path(environment["DATELINE_HOME"]) / "journal.sqlite"
    while records < share * total and process.poll() is None:
        time.sleep(0.5)
        if journal.exists():
            with Journal(f"sqlite:///{journal}") as opened:
                for run in opened.unfinished_runs("import"):
                    records = opened.position(run.run_id, str(path))[0]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return records


def main() -> None:
    """Make a home, import, print, throw the home away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--kill", type=float)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    os.environ.update(DATELINE_HOME=str(home), DATELINE_STORE="embedded", PREFECT_LOGGING_LEVEL="CRITICAL")
    path = options.path.absolute()
    try:
        before = _killed(path, options.kill, dict(os.environ)) if options.kill else 0
        from tasks.server import private_server

        with private_server(home) as server:
            if server is not None:
                server.wait()
            print(json.dumps(imported(str(path), options.bare) | {"before": before}))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def warc(sizes: Any) -> list[Row]:
    """The part of the bench: the whole file, and a smaller one with a kill in the middle."""
    file, small = made(sizes.records), made(max(400, sizes.records // 20))
    one = module("warc", file)
    resumed = module("warc", small, "--kill", 0.4)
    by = {role: seconds / one["pages"] * 1000 for role, seconds in one["by"].items()}
    where = ", ".join(f"{role} {ms:.1f}" for role, ms in sorted(by.items(), key=lambda row: -row[1]))
    cores = len(psutil.Process().cpu_affinity())
    busy = one["cpu"] / one["wall"] / cores
    first, *_, last = one["quarters"]
    counted = sum(resumed["outcomes"].values())
    whole = counted == resumed["articles"] + sum(
        number for outcome, number in resumed["outcomes"].items() if outcome not in ("indexed", "updated")
    )
    return [
        Row("warc", f"{one['pages']:,} pages, a second", spread([one["pages"] / one["wall"]], 1), note=where),
        Row("warc", "CPU used of all there was", f"{busy:.2f}", note="1 is nothing but CPU work"),
        Row(
            "warc",
            "memory of the last quarter ÷ the first",
            f"{last / first:.2f}",
            "≤ 1.1",
            last <= 1.1 * first,
            f"MB by quarter: {', '.join(f'{mb:.0f}' for mb in one['quarters'])}",
        ),
        Row(
            "warc",
            f"{counted:,} pages, killed after {resumed['before']:,} records: kept twice",
            f"{resumed['twice']}",
            "0",
            resumed["twice"] == 0 and whole,
            f"{resumed['articles']:,} articles",
        ),
    ]


if __name__ == "__main__":
    main()
