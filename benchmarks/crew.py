"""A newsroom on one machine: Prefect's server and the journal on PostgreSQL, articles in OpenSearch, a
site on many hosts, and as many Prefect workers as are asked for, each on a core of its own.

Everything is the real thing, started here and ended with the block; nothing of it is left.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks import stores
from benchmarks.measure import REPO, SINGLE, Unavailable
from benchmarks.site import Site

BIN = Path(sys.executable).parent
START = 180.0  # seconds for the server, which makes its tables first
PATIENT = httpx.Client(timeout=60.0)  # a server that shares its core with a worker takes its time


def balanced(shards: int, each: int) -> list[str]:
    """Hosts on loopback of which each share has as many: what thousands of hosts do by themselves."""
    from dateline.journal.frontier import in_shard

    names = [f"127.0.1.{number}" for number in range(1, 255)]
    parts = [[name for name in names if in_shard(name, (nth, shards))][:each] for nth in range(shards)]
    return [name for row in zip(*parts, strict=True) for name in row]


@dataclass
class Crew:
    """What runs. `index` and `journal` are fresh; `workers` are Prefect's, by number."""

    environment: dict[str, str]
    api: str
    folder: Path
    services: dict[str, list[psutil.Process]]
    workers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def deploy(self, shards: int) -> None:
        """A deployment for each share of the hosts, without a schedule: runs are asked for here."""
        command = [str(BIN / "dateline"), "deploy", "--shards", str(shards), "--paused"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=180)
        if done.returncode:
            raise Unavailable((done.stdout + done.stderr)[-500:])

    def hire(self, number: int, core: int | None) -> None:
        """Start a worker that takes one run at a time; all that it starts stays on its core."""
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        worker = [str(BIN / "prefect"), "worker", "start", "--pool", "local", "--limit", "1"]
        with (self.folder / f"worker-{number}.log").open("ab") as log:
            self.workers[number] = subprocess.Popen(
                [*pinned, *worker, "--name", f"w{number}"], env=self.environment, stdout=log, stderr=log
            )

    def kill(self, number: int) -> None:
        """A worker and all that it started, as a machine that lost its power."""
        worker = psutil.Process(self.workers.pop(number).pid)
        for process in [worker, *worker.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        worker.wait()

    def wait(self, urls: Sequence[str]) -> None:
        """Put more addresses into the frontier."""
        _wait(self.environment, urls)

    def who(self, run_id: str) -> int:
        """The number of the worker that has a run: by what its log says."""
        named = [n for n in self.workers if run_id in self._log(n)]
        return named[0]

    def _log(self, number: int) -> str:
        return (self.folder / f"worker-{number}.log").read_text(errors="replace")

    def run(self, shard: str) -> str:
        """Ask for a run of a share; its id in Prefect."""
        name = f"crawl/crawl-{shard.replace('/', '-of-')}"
        found = PATIENT.get(f"{self.api}/deployments/name/{name}").raise_for_status().json()
        made = PATIENT.post(f"{self.api}/deployments/{found['id']}/create_flow_run", json={})
        return str(made.raise_for_status().json()["id"])

    def state(self, run_id: str) -> str:
        """RUNNING, COMPLETED …

        Raises:
            Unavailable: the run failed; the message is the end of the workers' logs.
        """
        state = str(PATIENT.get(f"{self.api}/flow_runs/{run_id}").raise_for_status().json()["state_type"])
        if state == "FAILED":
            logs = [self._log(number)[-1500:] for number in self.workers]
            raise Unavailable("a run failed: " + "\n".join(logs))
        return state

    def processes(self) -> dict[str, list[psutil.Process]]:
        """The services, and the workers with all that they started."""
        found = dict(self.services)
        for number, worker in self.workers.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                own = psutil.Process(worker.pid)
                found[f"worker {number}"] = [own, *own.children(recursive=True)]
        return found


def pin(processes: Sequence[psutil.Process], core: int) -> None:
    """Keep processes, with all their threads, on one core."""
    for process in processes:
        command = ["taskset", "--all-tasks", "--cpu-list", "--pid", str(core), str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)


def politeness(log: str) -> dict[str, Any]:
    """From a site's own log: pages asked for, how many requests were for the same again, and the
    shortest pause at a host in seconds."""
    asked: Counter[str] = Counter()
    at: dict[str, list[float]] = defaultdict(list)
    for line in log.splitlines():
        moment, host, path = line.split(" ", 2)
        at[host].append(float(moment))
        if "story-" in path:
            asked[f"{host}{path}"] += 1
    pauses = [later - sooner for times in at.values() for sooner, later in pairwise(times)]
    return {"asked": len(asked), "again": asked.total() - len(asked), "pause": min(pauses)}


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    """What `condition` gives once it is true.

    Raises:
        Unavailable: it did not become true in time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if found := condition():
                return found
        time.sleep(0.5)
    raise Unavailable(f"not within {seconds:.0f} s")


@contextmanager
def newsroom(site: Site, urls: Sequence[str], delay: float) -> Iterator[Crew]:
    """All services, with these addresses waiting in the frontier.

    Raises:
        Unavailable: something of it is not here.
    """
    sys.path.insert(0, str(REPO / "tests"))
    try:
        import postgres  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    folder = Path(tempfile.mkdtemp(prefix="dateline-crew-"))
    folder.chmod(0o755)  # PostgreSQL's own user goes in
    (folder / "postgres").mkdir()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            database = stack.enter_context(postgres.running(folder / "postgres"))
        except (postgres.Missing, RuntimeError) as problem:
            raise Unavailable(str(problem)) from problem
        search = stack.enter_context(stores.opensearch())
        index = f"bench-crew-{os.getpid()}"
        stack.callback(PATIENT.delete, f"{search}/{index}-v*")
        port = postgres.free_port()
        environment = _environment(folder, port, site, delay)
        environment |= {
            "DATELINE_JOURNAL": database.url("journal"),
            "DATELINE_STORE": "opensearch",
            "DATELINE_INDEX": index,
            "OPENSEARCH_URL": search,
        }
        _wait(environment, urls)
        server = _server(environment, port, database.url("prefect"), folder)
        stack.callback(_end, server)
        api = environment["PREFECT_API_URL"]
        wait_for(lambda: httpx.get(f"{api}/health").status_code == 200, START)
        services = {"prefect": [psutil.Process(server.pid)], "opensearch": _listening(search)}
        crew = Crew(environment, api, folder, services)
        crew.services["postgres"] = _listening(f"http://127.0.0.1:{database.port}")
        stack.callback(lambda: [_end(worker) for worker in crew.workers.values()])
        yield crew


def _environment(folder: Path, port: int, site: Site, delay: float) -> dict[str, str]:
    from tasks.server import BATCHED

    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DATELINE_"))},
        **SINGLE,
        **BATCHED,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "DATELINE_HOME": str(folder / "home"),
        "DATELINE_ALLOW_NETWORKS": "127.0.0.0/8",
        "DATELINE_PORTS": str(site.port),
        "DATELINE_DELAY": str(delay),
    }


def _wait(environment: dict[str, str], urls: Sequence[str]) -> None:
    """Put the addresses into the frontier, and a source that names them into sources.toml."""
    from dateline.journal import Journal
    from dateline.models import Link
    from dateline.urls import article_id

    home = Path(environment["DATELINE_HOME"])
    home.mkdir(exist_ok=True)
    listed = home / "pages.txt"
    listed.write_text("\n".join(urls))
    (home / "sources.toml").write_text(f'[sources.pages]\nkind = "urls"\naddress = "{listed}"\n')
    with Journal(environment["DATELINE_JOURNAL"]) as journal:
        journal.add_links(Link(link_id=article_id(url), url=url, source="urls:pages") for url in urls)


def _server(environment: dict[str, str], port: int, database: str, folder: Path) -> subprocess.Popen[bytes]:
    own = {key: value for key, value in environment.items() if key != "PREFECT_API_URL"}
    own["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = database.replace("postgresql:", "postgresql+asyncpg:")
    command = [str(BIN / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(command, env=own, stdout=log, stderr=log)


def _listening(url: str) -> list[psutil.Process]:
    """The process that listens there, if it can be seen, with its children."""
    port = httpx.URL(url).port
    for each in psutil.net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN and each.laddr.port == port and each.pid:
            own = psutil.Process(each.pid)
            return [own, *own.children(recursive=True)]
    return []


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
