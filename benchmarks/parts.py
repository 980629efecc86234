"""The parts of the bench: each gives rows of the table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import corpus, environment, site, warc, workers
from benchmarks.measure import REPO, SINGLE, Row, Unavailable, module, pairs, run_json, spread

PAGES = REPO / ".bench" / "pages"
WARM = 160
FIRST_BYTE = 150  # ms, of a page


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each part does; `--quick` and `--pages …` change them."""

    pages: int = 240
    rounds: int = 3
    links: tuple[int, ...] = (100, 2_000)
    articles: tuple[int, ...] = (10_000, 100_000)
    questions: int = 30
    bulk: int = 2_000
    starts: int = 15
    crawled: int = 240  # by each worker
    crews: int = 1
    records: int = 20_000  # pages of the WARC


def _ms(run: dict[str, Any]) -> float:
    return float(run["cpu"]) / float(run["pages"]) * 1000


def _ratio(part: str, what: str, values: list[float], goal: float, note: str = "") -> Row:
    met = statistics.median(values) >= goal
    return Row(part, what, spread(values), f"≥ {goal}", met, note)


def floor(sizes: Sizes) -> list[Row]:
    """The whole way beside the floor, two processes each."""
    with site.serving(PAGES, sizes.pages + WARM) as served:
        runs = pairs(
            sizes.rounds,
            lambda: module("floor", sizes.pages, os.cpu_count() or 1),
            lambda: module("way", served.port, sizes.pages),
        )
    ways = [way for _, way in runs]
    roles = {role for way in ways for role in way["by"]} - {"site"}
    by = {role: statistics.median(w["by"].get(role, 0) / w["pages"] * 1000 for w in ways) for role in roles}
    where = ", ".join(f"{role} {value:.0f}" for role, value in sorted(by.items(), key=lambda row: -row[1]))
    wall = [low["wall"] / way["wall"] for low, way in runs]
    return [
        Row("floor", "floor, CPU ms a page", spread([_ms(low) for low, _ in runs], 0)),
        Row("floor", "Dateline, CPU ms a page", spread([_ms(w) for w in ways], 0), note=where),
        _ratio("floor", "floor ÷ Dateline, CPU", [_ms(low) / _ms(way) for low, way in runs], 0.9),
        Row("floor", "floor ÷ Dateline, wall", spread(wall), note="the site's own process shares the cores"),
    ]


def peers(sizes: Sizes) -> list[Row]:
    """Peers on the same pages, enrichment off on both sides."""
    python = environment.ensure()
    rows = []
    goals = {"scrapy": 1.2, "news-please": 5.0, "newspaper4k": 1.0}
    with (
        site.serving(PAGES, sizes.pages + WARM) as served,
        tempfile.NamedTemporaryFile("w", suffix=".txt") as file,
    ):
        file.write("\n".join(served.url(number) for number in range(sizes.pages)))
        file.flush()
        for name, goal in goals.items():
            command = [str(python), "benchmarks/peers.py", name, file.name]
            found = pairs(
                sizes.rounds,
                lambda command=command: run_json(command),  # type: ignore[misc]
                lambda: module("way", served.port, sizes.pages, "--bare"),
            )
            kept = f"{name} kept {found[0][0]['kept']} of {sizes.pages}"
            rows.append(
                _ratio("peers", f"{name} ÷ Dateline, CPU", [_ms(a) / _ms(b) for a, b in found], goal, kept)
            )
            wall = [a["wall"] / b["wall"] for a, b in found]
            rows.append(Row("peers", f"{name} ÷ Dateline, wall", spread(wall)))
    return rows


def prefect(sizes: Sizes) -> list[Row]:
    """What Prefect adds, on short pages without names or dates: what is dearer has it as a smaller share.

    Whatever grows with the run (the journal, the store, lists in memory, Prefect's database) shows best
    there, too. DATELINE_STORE chooses the store.
    """
    rows, costs = [], {}
    for count in sizes.links:
        with site.serving(PAGES, count + WARM, short=True) as served:
            runs = pairs(
                sizes.rounds if count < 5_000 else 1,
                lambda served=served, count=count: module("way", served.port, count, "--bare"),  # type: ignore[misc]
                lambda served=served, count=count: module("way", served.port, count, "--bare", "--plain"),  # type: ignore[misc]
            )
        shares = [100 * (1 - _ms(plain) / _ms(full)) for full, plain in runs]
        met = statistics.median(shares) < 5 if count >= 1_000 else None
        rows.append(Row("prefect", f"Prefect's share at {count:,} links, %", spread(shares, 1), "< 5", met))
        costs[count] = [_ms(full) for full, _ in runs]
        looks = runs[-1][0]["held"]
        held = ", ".join(
            f"{role} {' '.join(f'{look.get(role, 0):.0f}' for look in looks)}"
            for role in ("main", "workers", "prefect")
        )
        note = f"MB after a tenth, half and all of it: {held}"
        rows.append(Row("prefect", f"CPU ms a link, {count:,} links", spread(costs[count], 1), note=note))
    if len(large := [count for count in costs if count >= 1_000]) > 1:
        first, last = min(large), max(large)
        growth = [statistics.median(costs[last]) / statistics.median(costs[first])]
        met = growth[0] < 1.1
        rows.append(Row("prefect", f"a link of {last:,} ÷ of {first:,}", spread(growth), "< 1.1", met))
    return rows


def index(sizes: Sizes) -> list[Row]:
    """Writing, and what an article weighs."""
    rows = []
    for kind in ("embedded", "opensearch"):
        try:
            found = [module("indexing", kind, sizes.bulk) for _ in range(sizes.rounds)]
        except Unavailable as problem:
            rows.append(Row("index", kind, "not run", note=str(problem)))
            continue
        clock = "cpu" if kind == "embedded" else "wall"
        ratios = [(one["making"][clock] + one["bare"][clock]) / one["ours"][clock] for one in found]
        rows.append(_ratio("index", f"{kind}: bodies and bare client ÷ ours, {clock}", ratios, 0.95))
        speed = [sizes.bulk / one["ours"]["wall"] for one in found]
        rows.append(Row("index", f"{kind}: articles a second, one process", spread(speed, 0)))
        weight = found[0]["bytes"] / sizes.bulk / 1000
        parts = ", ".join(
            f"{name} {size / sizes.bulk / 1000:.1f}" for name, size in found[0]["fields"].items()
        )
        rows.append(Row("index", f"{kind}: KB on disk for each article", f"{weight:.1f}", note=parts))
    return rows


def search(sizes: Sizes) -> list[Row]:
    """Questions to filled stores, and the pages over them."""
    rows = []
    for kind in ("embedded", "opensearch"):
        for count in sizes.articles:
            try:
                found = module("searching", kind, count, sizes.questions)
                pages = module("serving", kind, count, sizes.questions)
            except Unavailable as problem:
                rows.append(Row("search", f"{kind}, {count:,}", "not run", note=str(problem)))
                continue
            found.pop("articles")
            for name, one in found.items():
                limit = {"all of it": 100, "timeline": None}.get(name, 50)
                limit = 100 if name in ("facets", "histograms") else limit
                note = f"raw p50 {one['raw50']:.1f}, p95 {one['raw95']:.1f}, ours ÷ raw {one['ratio']:.1f}; "
                note += f"CPU {one['cpu50']:.1f} and {one['cpu95']:.1f}; {one['total']:,} answers"
                rows.append(_quick(f"{kind}, {count:,}: {name}, ms", one, limit, note))
            for name, one in pages.items():
                note = f"CPU {one['cpu']:.0f} on average"
                rows.append(_quick(f"{kind}, {count:,}: page, first byte: {name}, ms", one, FIRST_BYTE, note))
    return rows


def _quick(what: str, one: dict[str, float], limit: int | None, note: str) -> Row:
    """A row of times; the goal is for p95."""
    value = f"p50 {one['p50']:.1f}, p95 {one['p95']:.1f}"
    goal, met = (f"< {limit}", one["p95"] < limit) if limit else ("", None)
    return Row("search", what, value, goal, met, note)


def startup(sizes: Sizes) -> list[Row]:
    """`dateline search` from the shell to the answer."""
    from benchmarks.stores import filled, home

    with filled("embedded", 200):
        pass
    environment = {**os.environ, **SINGLE, "DATELINE_HOME": str(home(200)), "DATELINE_STORE": "embedded"}
    program = Path(sys.executable).parent / "dateline"
    seconds = []
    for _ in range(sizes.starts):
        before = os.times()
        done = subprocess.run(
            [program, "search", "government", "--entity", "China"], env=environment, capture_output=True
        )
        after = os.times()
        if done.returncode:
            raise Unavailable(done.stderr.decode()[-300:])
        seconds.append(after[2] + after[3] - before[2] - before[3])
    met = statistics.median(seconds) < 0.4
    return [Row("startup", "dateline search, CPU s", spread(seconds), "< 0.4", met)]


PARTS: dict[str, Callable[[Sizes], list[Row]]] = {
    "startup": startup,
    "floor": floor,
    "peers": peers,
    "prefect": prefect,
    "index": index,
    "search": search,
    "workers": workers.workers,
    "warc": warc.warc,
}


def about() -> list[str]:
    """What the numbers hang on: machine, versions, commit, corpus."""
    from importlib.metadata import version

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=REPO)
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else "unknown processor"
    names = ("trafilatura", "spacy", "prefect", "tantivy", "opensearch-py", "lxml")
    load = os.getloadavg()[0]
    return [
        f"commit {commit.stdout.strip()}, Python {sys.version.split()[0]}",
        f"{os.cpu_count()} × {model}, load {load:.1f} when it began",
        ", ".join(f"{name} {version(name)}" for name in names),
        corpus.origin(),
    ]
