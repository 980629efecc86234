"""`python -m flows ingest …`: a flow run from a terminal; what `dateline ingest` hands over to.

The order matters: the private server starts first, then Prefect is imported while it starts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
from collections.abc import Callable

from dateline import settings
from tasks.server import private_server

log = logging.getLogger(__name__)


def main() -> int:
    """Run a flow, print what became of it, return the exit status."""
    parser = argparse.ArgumentParser(prog="dateline")
    flows = parser.add_subparsers(dest="flow", required=True)
    arguments = flows.add_parser("ingest")
    arguments.add_argument("paths", nargs="+")
    arguments.add_argument("--received")
    arguments.add_argument("--no-fetch", action="store_true")
    arguments.add_argument("--json", action="store_true")
    arguments = flows.add_parser("replay")
    arguments.add_argument("--step", default="extract")
    arguments.add_argument("--since")
    arguments.add_argument("--source")
    given = parser.parse_args()
    # the display says how it goes, and what went wrong is said once, below
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with private_server(settings.load().home) as server:
        from tasks.terminal import Display, print_outcomes

        with Display() as display:
            display.say("starting Prefect")
            try:
                work = _ingest(given) if given.flow == "ingest" else _replay(given)
                if server is not None:
                    server.wait()
                from tasks.abandoned import signed

                with signed():
                    ended = display.watch(work)
            except Exception as error:
                log.debug("the run failed", exc_info=True)
                display.say(f"dateline: {error}")
                display.say("what was done is in the journal; the same command goes on from there")
                return 1
    if given.flow == "ingest":
        return max(print_outcomes(run_id, given.json) for run_id in ended)
    sys.stdout.write("\n".join(ended) + "\n")
    return 0


def _ingest(given: argparse.Namespace) -> Callable[[], list[str]]:
    from dateline.sources.warc import find_warcs
    from dateline.workshop import shared
    from flows.importing import import_archive
    from flows.ingest import ingest

    warcs, others = find_warcs(given.paths)

    def run() -> list[str]:
        runs = [ingest(others, given.received, not given.no_fetch)] if others else []
        if warcs and settings.load().task_runner:  # side by side, where the settings say
            from flows.backfill import backfill

            return runs + backfill([str(path) for path in warcs])
        if not warcs:
            return runs
        with shared(settings.load()):  # the model is loaded once for all files
            return runs + [import_archive(str(path)) for path in warcs]

    return run


def _replay(given: argparse.Namespace) -> Callable[[], list[str]]:
    from flows.replay import replay

    since = dt.date.fromisoformat(given.since) if given.since else None
    # the command has shown the preview, and asked
    return lambda: [replay(given.step, since, given.source, approved=True)]


if __name__ == "__main__":
    sys.exit(main())
