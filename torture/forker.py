"""Runs the real flow again and again, each time in a fork that may be killed; asked line by line.

    python -m torture.forker HOME [--plain]
    < run PATH            > ended STATUS SECONDS
    < kill PATH SECONDS   > killed | ended STATUS SECONDS
    < states x            > how many flow runs are in each of Prefect's states

Prefect and the flow are imported once and the private server is started once: fifty kills would else
take an hour. What a fork does, and what is killed, is the flow's own process with all its threads.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tasks.server import private_server


def main() -> int:
    home = Path(sys.argv[1])
    os.environ["DATELINE_HOME"] = str(home)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    if sys.argv[2:] == ["--plain"]:
        import tasks.collecting  # noqa: F401 - loaded once, before the forks

        return _answer(_steps)
    with private_server(home) as server:
        from flows.ingest import ingest

        if server is not None:
            server.wait()
        return _answer(lambda path: ingest([path]))


def _steps(path: str) -> None:
    """The flow's own steps without Prefect: what a test suite can afford to kill."""
    from dateline import settings
    from dateline.models import Link
    from dateline.sources.discover import discover
    from dateline.workshop import Workshop
    from tasks.collecting import fetch, index, understand

    def work(run_id: str, links: list[Link]) -> None:
        index.fn(shop, run_id, understand.fn(shop, fetch.fn(shop, run_id, links, ""), ""), "")
        shop.journal.end_run(run_id)

    with Workshop(settings.load()) as shop:
        for left in shop.journal.unfinished_runs("ingest"):
            if not left.alive and shop.journal.take_over(left):
                shop.journal.expect(left.run_id, discover(left.parameters["paths"], None).links)
                work(left.run_id, shop.journal.pending(left.run_id))
        found = discover([path], None)
        run_id = shop.journal.begin_run("ingest", {"paths": [path], "received": None})
        work(run_id, shop.journal.expect(run_id, found.links))


def _answer(run: Callable[[str], object]) -> int:
    print("ready", flush=True)
    for line in sys.stdin:
        what, path, *rest = line.split()
        if what == "states":
            print(_states(), flush=True)
            continue
        print(
            _fork(lambda path=path: run(path), float(rest[0]) if what == "kill" else None),
            flush=True,
        )
    return 0


def _states() -> str:
    """The states of all flow runs that the server knows, counted."""
    from collections import Counter

    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(limit=200)
    counts = Counter(run.state.type.value if run.state else "NONE" for run in runs)
    running = [str(run.id) for run in runs if run.state and run.state.type.value == "RUNNING"]
    return " ".join([*(f"{name}={count}" for name, count in sorted(counts.items())), "of", *running])


def _fork(work, after: float | None) -> str:  # type: ignore[no-untyped-def]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        os.setsid()
        os.dup2(2, 1)
        try:
            work()
            status = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return f"ended {os.waitstatus_to_exitcode(status)} {time.monotonic() - began:.2f}"
        if after is not None and time.monotonic() - began >= after:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "killed"
        time.sleep(0.002)


if __name__ == "__main__":
    sys.exit(main())
