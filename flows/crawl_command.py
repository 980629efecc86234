"""`python -m flows.crawl_command`: crawls from a terminal, once or until told to stop; what
`dateline crawl` hands over to.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys

from dateline import clock, settings
from dateline.journal import JournalError
from dateline.sources import catalogue
from dateline.sources.catalogue import Source
from dateline.workshop import Workshop, shared
from tasks.server import private_server

log = logging.getLogger(__name__)


def main() -> int:
    """Crawl; 0 where every pass went well."""
    parser = argparse.ArgumentParser(prog="dateline crawl")
    parser.add_argument("--source")
    parser.add_argument("--shard", default="1/1")
    parser.add_argument("--since", type=dt.date.fromisoformat)
    parser.add_argument("--until-day", type=dt.date.fromisoformat)
    parser.add_argument("--until", type=dt.datetime.fromisoformat)
    parser.add_argument("--every", type=float, default=60.0)
    parser.add_argument("--sources")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    home = settings.load().home
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with clock.joined(), private_server(home) as server:
        from flows.crawl import crawl
        from flows.importing import import_new
        from tasks.abandoned import signed
        from tasks.terminal import print_outcomes

        if server is not None:
            server.wait()
        with shared(settings.load()) as shop, signed():
            while True:
                began = clock.now()
                try:
                    import_new(_named(shop, given.sources, given.source))
                    run_id = crawl(given.source, given.shard, given.since, given.until_day, given.sources)
                except Exception as error:
                    log.debug("the run failed", exc_info=True)
                    print(f"dateline: {error}", file=sys.stderr)
                    if given.until is None or isinstance(error, JournalError):
                        return 1
                    run_id = ""
                if given.until is None:
                    return print_outcomes(run_id, given.json)
                at = _next(shop, given.sources, began + dt.timedelta(seconds=given.every))
                if at >= given.until:
                    return 0
                clock.wait_until(at)


def _named(shop: Workshop, sources: str | None, name: str | None) -> list[Source]:
    """The source of that name, else all."""
    listed = catalogue.load(catalogue.path_of(shop.settings, sources))
    return [listed.named(name)] if name is not None else list(listed)


def _next(shop: Workshop, sources: str | None, soonest: dt.datetime) -> dt.datetime:
    """When there is something to do again, at the soonest then."""
    listed = catalogue.load(catalogue.path_of(shop.settings, sources))
    due = [shop.journal.next_due(), shop.journal.next_poll(source.name for source in listed)]
    return max(soonest, min(filter(None, due), default=soonest))


if __name__ == "__main__":
    sys.exit(main())
