"""Two Prefect workers beside one: each on a core of its own, a share of the hosts each, PAGES each.

    python -m benchmarks.workers PAGES       prints what both crews did, as JSON

What is compared is pages a second over whole runs of as many pages each, from where a run stands in the
journal to its last outcome: loading a model is in all of them. The site, PostgreSQL, OpenSearch and
Prefect's server live on other machines where there is more than one; here they are kept on the second
worker's core, and what they used of it meanwhile is taken off that worker's time. Idle time is not. The
two work first, so that what is warm by then helps the one.
"""

from __future__ import annotations

import json
import os
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
from benchmarks.crew import Crew, balanced, newsroom, pin, politeness, wait_for
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


def measured(pages: int) -> dict[str, Any]:
    """Two workers over twice the pages, then one over as many as each of the two had."""
    hosts = balanced(2, HOSTS_EACH)
    cores = sorted(psutil.Process().cpu_affinity())
    folder = REPO / ".bench" / "pages-workers"
    with tempfile.NamedTemporaryFile("r", suffix=".log") as log:
        with site.serving(folder, 3 * pages, hosts=hosts, log=Path(log.name)) as served:
            urls = [served.url(number) for number in range(3 * pages)]
            site_ = [one for one in psutil.Process().children() if "benchmarks.site" in one.cmdline()]
            pin(site_, cores[-1])
            with newsroom(served, urls[: 2 * pages], DELAY) as crew:
                for role, processes in crew.services.items():
                    if role != "opensearch" or "OPENSEARCH_URL" not in os.environ:  # a node of others is free
                        pin(processes, cores[-1])
                crew.deploy(2)  # before a worker, which would make the pool at the same moment
                for number in range(2):
                    crew.hire(number, cores[number % len(cores)])
                two = _crew(crew, site_, ["1/2", "2/2"])
                crew.kill(1)
                crew.deploy(1)
                crew.wait(urls[2 * pages :])
                one = _crew(crew, site_, ["1/1"])
        return {"pages": pages, "one": one, "two": two, **politeness(log.read())}


def _crew(crew: Crew, site_: list[psutil.Process], shares: list[str]) -> dict[str, Any]:
    """A run of each share, all at once."""
    with Clocks(crew, site_) as clocks:
        runs = [crew.run(share) for share in shares]
        wait_for(lambda: all(crew.state(run) == "COMPLETED" for run in runs), PATIENCE)
        time.sleep(0.5)  # one look after the last batch
    return _rates(crew, clocks, runs)


def _rates(crew: Crew, clocks: Clocks, flow_runs: list[str]) -> dict[str, Any]:
    """Pages a second of all runs together, as the clock says and without the services' part."""
    import sqlalchemy as sa

    from dateline.journal import Journal
    from dateline.journal.tables import attempts

    by_clock = own = 0.0
    spent: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    done = 0
    with Journal(crew.environment["DATELINE_JOURNAL"]) as journal:
        for run in journal.runs("crawl")[-len(flow_runs) :]:
            outcomes += journal.check(run.run_id).outcomes
            query = sa.select(attempts.c.ended).where(attempts.c.run_id == run.run_id)
            with journal._read() as connection:
                ends = [at.timestamp() for at in connection.scalars(query)]
            seconds = max(ends) - run.started.timestamp()
            used = clocks.between(run.started.timestamp(), max(ends))
            worker = next(crew.who(id_) for id_ in flow_runs if id_ in run.parameters["flow_runs"])
            services = {role: cpu for role, cpu in used.items() if not role.startswith("worker")}
            by_clock += len(ends) / seconds
            # they share the second's core
            own += len(ends) / (seconds - (sum(services.values()) if worker else 0.0))
            spent[f"worker {worker}"] += used[f"worker {worker}"]
            for role, cpu in services.items():
                spent[role] += cpu / len(flow_runs)  # the runs are at work at the same time
            done += len(ends)
    return {
        "by_clock": by_clock,
        "rate": own,
        "outcomes": dict(outcomes),
        "cpu": {role: round(cpu / done * 1000, 1) for role, cpu in spent.items()},
    }


def _workers(run: dict[str, Any]) -> float:
    """CPU of a page in the workers."""
    return sum(ms for role, ms in run["cpu"].items() if role.startswith("worker"))


def workers(sizes: Any) -> list[Row]:
    """The part of the bench."""
    crews = [module("workers", sizes.crawled) for _ in range(sizes.crews)]
    pairs = [(crew["one"], crew["two"]) for crew in crews]
    ratios = [two["rate"] / one["rate"] for one, two in pairs]
    clock = [two["by_clock"] / one["by_clock"] for one, two in pairs]
    by_cpu = [2 * _workers(one) / _workers(two) for one, two in pairs]
    again, asked = sum(crew["again"] for crew in crews), sum(crew["asked"] for crew in crews)
    pause = min(crew["pause"] for crew in crews)
    cost = "; ".join(
        f"{name}: " + ", ".join(f"{role} {ms:.0f}" for role, ms in sorted(crews[0][name]["cpu"].items()))
        for name in ("one", "two")
    )
    said = "twice what a page costs one worker ÷ what it costs each of two"
    met = statistics.median(ratios) >= 1.8
    return [
        Row("workers", "two ÷ one, pages a second", spread(ratios), "≥ 1.8", met, f"CPU ms a page: {cost}"),
        Row("workers", "two ÷ one, by the workers' CPU", spread(by_cpu), note=said),
        Row("workers", "two ÷ one, as the clock says", spread(clock), note="services on the second's core"),
        Row("workers", "pages asked for, again", f"{asked:,}, {again}", "0 again", again == 0),
        Row("workers", "shortest pause at a host, s", f"{pause:.3f}", f"≥ {DELAY}", pause >= DELAY * 0.9),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
