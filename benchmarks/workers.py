"""Two Prefect workers beside one: each on a core of its own, a share of the hosts each.

    python -m benchmarks.workers WORKERS PAGES       prints what one crew did, as JSON

What is compared is pages a second while the shares are in work, from each run's first batch to its last:
loading a model counts once an hour, not once a bench. The site, PostgreSQL, OpenSearch and Prefect's
server live on other machines where there is more than one; here they share the workers' cores, so the
part of the cores that they used meanwhile is taken off the time, evenly. Idle time is not.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks import site
from benchmarks.crew import Crew, balanced, newsroom, politeness, wait_for
from benchmarks.measure import REPO, Row, module, spread

HOSTS_EACH = 8
DELAY = 0.1  # seconds between two requests to one host
PATIENCE = 900.0


class Clocks:
    """CPU seconds of services and workers, looked at four times a second."""

    def __init__(self, crew: Crew, site_: list[psutil.Process]) -> None:
        self._crew, self._site = crew, site_
        self._stop = threading.Event()
        self._spent: dict[int, float] = {}
        self._role: dict[int, str] = {}
        self.looks: list[tuple[float, dict[str, float]]] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Clocks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            for role, processes in {**self._crew.processes(), "site": self._site}.items():
                for process in processes:
                    try:
                        times = process.cpu_times()
                    except psutil.Error:
                        continue
                    self._spent[process.pid] = times.user + times.system
                    self._role[process.pid] = role
            total: dict[str, float] = defaultdict(float)
            for pid, seconds in self._spent.items():
                total[self._role[pid]] += seconds
            self.looks.append((time.time(), dict(total)))

    def between(self, start: float, end: float) -> dict[str, float]:
        """CPU seconds by role between two moments."""
        first = max((look for look in self.looks if look[0] <= start), key=lambda look: look[0])
        last = min((look for look in self.looks if look[0] >= end), key=lambda look: look[0])
        return {role: last[1][role] - first[1].get(role, 0.0) for role in last[1]}


def measured(workers: int, pages: int) -> dict[str, Any]:
    """One crew over all pages."""
    hosts = balanced(2, HOSTS_EACH)
    cores = sorted(psutil.Process().cpu_affinity())
    folder = REPO / ".bench" / "pages-workers"
    with tempfile.NamedTemporaryFile("r", suffix=".log") as log:
        with site.serving(folder, pages, hosts=hosts, log=Path(log.name)) as served:
            urls = [served.url(number) for number in range(pages)]
            site_ = [one for one in psutil.Process().children() if "benchmarks.site" in one.cmdline()]
            with newsroom(served, urls, DELAY) as crew:
                crew.deploy(workers)
                for number in range(workers):
                    crew.hire(number, cores[number % len(cores)])
                with Clocks(crew, site_) as clocks:
                    runs = [crew.run(f"{nth}/{workers}") for nth in range(1, workers + 1)]
                    wait_for(lambda: all(crew.state(run) == "COMPLETED" for run in runs), PATIENCE)
                    time.sleep(0.5)  # one look after the last batch
                rates = _rates(crew, clocks, len(cores))
        return {"workers": workers, "pages": pages, **rates, **politeness(log.read())}


def _rates(crew: Crew, clocks: Clocks, cores: int) -> dict[str, Any]:
    """Pages a second of all runs together, as the clock says and without the services' part."""
    import sqlalchemy as sa

    from dateline.journal import Journal
    from dateline.journal.tables import attempts

    by_clock = own = 0.0
    spent: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    done = 0
    with Journal(crew.environment["DATELINE_JOURNAL"]) as journal:
        for run in journal.runs("crawl"):
            outcomes += journal.check(run.run_id).outcomes
            query = sa.select(attempts.c.ended).where(attempts.c.run_id == run.run_id)
            with journal._read() as connection:
                ends = sorted(at.timestamp() for at in connection.scalars(query))
            first, last = ends[0], ends[-1]
            after = sum(end > first for end in ends)  # the first batch is where the clock starts
            used = clocks.between(first, last)
            services = sum(seconds for role, seconds in used.items() if not role.startswith("worker"))
            by_clock += after / (last - first)
            own += after / (last - first - services / cores)
            spent.update(used)
            done += after
    return {
        "by_clock": by_clock,
        "rate": own,
        "outcomes": dict(outcomes),
        "cpu": {role: round(seconds / done * 1000, 1) for role, seconds in spent.items()},
    }


def _workers(run: dict[str, Any]) -> float:
    """CPU of a page in the workers."""
    return sum(ms for role, ms in run["cpu"].items() if role.startswith("worker"))


def workers(sizes: Any) -> list[Row]:
    """The part of the bench."""
    one = [module("workers", 1, sizes.crawled) for _ in range(sizes.crews)]
    two = [module("workers", 2, sizes.crawled) for _ in range(sizes.crews)]
    ratios = [b["rate"] / a["rate"] for a, b in zip(one, two, strict=True)]
    clock = [b["by_clock"] / a["by_clock"] for a, b in zip(one, two, strict=True)]
    both = [*one, *two]
    again, asked = sum(run["again"] for run in both), sum(run["asked"] for run in both)
    pause = min(run["pause"] for run in both)
    cost = "; ".join(
        f"{run['workers']}: " + ", ".join(f"{role} {ms:.0f}" for role, ms in sorted(run["cpu"].items()))
        for run in (one[0], two[0])
    )
    met = statistics.median(ratios) >= 1.8
    by_cpu = [2 * _workers(a) / _workers(b) for a, b in zip(one, two, strict=True)]
    return [
        Row(
            "workers",
            "two ÷ one, by the workers' CPU",
            spread(by_cpu),
            "≥ 1.8",
            statistics.median(by_cpu) >= 1.8,
            "twice what a page costs one worker ÷ what it costs each of two",
        ),
        Row("workers", "two ÷ one, pages a second", spread(ratios), "≥ 1.8", met, f"CPU ms a page: {cost}"),
        Row("workers", "two ÷ one, as the clock says", spread(clock), note="services share the two cores"),
        Row("workers", "pages asked for, again", f"{asked:,}, {again}", "0 again", again == 0),
        Row("workers", "shortest pause at a host, s", f"{pause:.3f}", f"≥ {DELAY}", pause >= DELAY * 0.9),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
