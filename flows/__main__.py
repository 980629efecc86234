"""`python -m flows ingest …`: a flow run from a terminal; what `dateline ingest` hands over to.

The order matters: the private server starts first, then Prefect is imported while it starts.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys

from dateline import settings
from tasks.server import private_server

log = logging.getLogger(__name__)


def main() -> int:
    """Run a flow, print each link's outcome, return the exit status."""
    parser = argparse.ArgumentParser(prog="dateline ingest")
    parser.add_argument("flow", choices=["ingest"])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--received")
    parser.add_argument("--no-fetch", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    home = settings.load().home
    # the display says how it goes, and what went wrong is said once, below
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with private_server(home) as server:
        from tasks.terminal import Display, print_outcomes

        with Display() as display:
            display.say("starting Prefect")
            from dateline.sources.warc import find_warcs
            from flows.importing import import_archive
            from flows.ingest import ingest

            warcs, others = find_warcs(arguments.paths)

            def run() -> list[str]:
                runs = [ingest(others, arguments.received, not arguments.no_fetch)] if others else []
                return runs + [import_archive(str(path)) for path in warcs]

            try:
                if server is not None:
                    server.wait()
                runs = display.watch(run)
            except Exception as error:
                log.debug("the run failed", exc_info=True)
                display.say(f"dateline: {error}")
                display.say("what was done is in the journal; the same command goes on from there")
                return 1
    return max(print_outcomes(run_id, arguments.json) for run_id in runs)


if __name__ == "__main__":
    sys.exit(main())
