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
            from flows.ingest import ingest

            try:
                if server is not None:
                    server.wait()
                run_id = display.watch(
                    lambda: ingest(arguments.paths, arguments.received, not arguments.no_fetch)
                )
            except Exception as error:
                log.debug("the run failed", exc_info=True)
                display.say(f"dateline: {error}")
                display.say("what was done is in the journal; the same command goes on from there")
                return 1
    return print_outcomes(run_id, arguments.json)


if __name__ == "__main__":
    sys.exit(main())
