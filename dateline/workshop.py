"""What a run works with: journal, archive, store, the fetcher and the worker processes, opened once."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from urllib.parse import urlsplit

from dateline.archive import Archive
from dateline.fetch import Fetcher, FetchError, status_outcome, verdict
from dateline.journal import Journal
from dateline.models import Link, Outcome, Page, to_json
from dateline.progress import CURRENT
from dateline.settings import Settings
from dateline.stores import open_store
from dateline.work import Fetched, Understood, understand, warm
from dateline.workers import WorkError, Workers

BATCH = 8  # links that a worker takes at once: the language model likes company, a slow page does not
WORTH = 64  # links that pay for another process: a model takes as long to load as these to be read
TIMEOUT = 60.0  # seconds for them; past it the worker is killed and they are tried one by one


class Workshop:
    """Everything that a run keeps open; `with Workshop(settings) as shop`.

    The fetcher lives in one event loop of its own thread, so that several batches share its
    politeness: a host's delay holds across all tasks of the process.
    """

    def __init__(self, settings: Settings, *, fetching: bool = True, fetcher: Fetcher | None = None) -> None:
        settings.home.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.fetching = fetching
        self.journal = Journal(settings.journal_url)
        self.archive = Archive(settings.archive_folder)
        self.store = open_store(settings)
        self._workers = Workers(1, initializer=warm)  # more once there is work for more, see understand
        self._workers.start()  # a model takes seconds to load: meanwhile the first pages are fetched
        self._one_at_a_time = threading.Lock()
        self.touched: set[str] = set()
        self.writing = threading.Lock()
        self.progress = CURRENT
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()
        self._fetcher = fetcher  # one with limits of its own; else made at the first fetch

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fetcher is not None:
            self.journal.rest_hosts(self._fetcher.resting())
            asyncio.run_coroutine_threadsafe(self._fetcher.__aexit__(None, None, None), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._workers.close()
        self.journal.close()
        self._thread.join(5)
        self.archive.close()
        self.store.close()

    def fetch(self, links: Sequence[Link]) -> list[Fetched]:
        """Fetch the links into the archive, flushed to disk; one Fetched for each, in order."""
        if not self.fetching:
            return [
                Fetched(link=link, outcome=Outcome.DIGEST_ONLY, reason="not fetched, as asked")
                for link in links
            ]
        asked = [link for link in links if link.url is not None]
        results = asyncio.run_coroutine_threadsafe(self._fetch(asked), self._loop).result() if asked else {}
        self.archive.flush()
        return [
            results.get(link.link_id)
            or Fetched(link=link, outcome=Outcome.DIGEST_ONLY, reason="the item prints no link")
            for link in links
        ]

    def understand(self, fetched: Sequence[Fetched]) -> list[Understood]:
        """Extract and enrich in worker processes; one result for each link, in order.

        A page that kills its worker, or takes too long, leaves its link with what the digest says.
        """
        known = self.journal.links(row.link.link_id for row in fetched)
        rows = [_with_all_sources(row, known.get(row.link.link_id, [])) for row in fetched]
        job = partial(understand, str(self.settings.archive_folder))
        with self._one_at_a_time:  # the processes are all busy with one batch anyway
            useful = min(os.cpu_count() or 1, -(-len(rows) // WORTH))
            self._workers.count = max(self._workers.count, useful)
            answers = list(self._workers.map_batches(job, rows, size=BATCH, timeout=TIMEOUT))
            broken = [number for number, answer in enumerate(answers) if isinstance(answer, WorkError)]
            # again without the page that broke the worker: the digest's own text must not go with it
            bare = [
                replace(
                    rows[number],
                    location=None,
                    outcome=Outcome.FAILED,
                    reason=f"not readable: {answers[number]}",
                )
                for number in broken
            ]
            for number, answer in zip(
                broken, self._workers.map_batches(job, bare, size=BATCH, timeout=TIMEOUT), strict=True
            ):
                answers[number] = answer
        return [
            answer
            if isinstance(answer, Understood)
            else Understood(
                link_id=row.link.link_id, article=None, outcome=Outcome.FAILED, reason=str(answer)
            )
            for row, answer in zip(rows, answers, strict=True)
        ]

    async def _fetch(self, links: Sequence[Link]) -> dict[str, Fetched]:
        if self._fetcher is None:
            resting = self.journal.resting_hosts()  # what an earlier run was told: "try again at noon"
            self._fetcher = Fetcher.from_settings(self.settings, resting=resting)
        results: dict[str, Fetched] = {}

        async def keep(link: Link, result: Page | FetchError) -> None:
            results[link.link_id] = self._kept(link, result)

        await self._fetcher.fetch_many(links, keep)
        return results

    def _kept(self, link: Link, result: Page | FetchError) -> Fetched:
        if isinstance(result, FetchError):
            return Fetched(link=link, outcome=result.outcome, reason=f"{result.reason}: {result}")
        bad = status_outcome(result.status)
        if bad is None:
            licensed = self.settings.is_licensed(urlsplit(result.final_url).hostname or "")
            wishes = verdict(result, licensed=licensed)
            if wishes.blocked is not None:
                return Fetched(link=link, outcome=wishes.blocked[0], reason=wishes.blocked[1])
            if not wishes.keep:
                return Fetched(link=link, page=result)  # read, and gone with this run
            return Fetched(link=link, location=self.archive.write(result))
        # kept in the archive, as what the server said; but there is no article to read in it
        self.archive.write(result)
        return Fetched(link=link, outcome=bad[0], reason=bad[1])


def _with_all_sources(row: Fetched, known: Sequence[Link]) -> Fetched:
    """The link as its fullest source gave it, with the names of all: whichever came first."""
    links = [row.link, *known]

    def fullness(link: Link) -> tuple[int, int, bytes]:
        item = link.item
        return (len(item.text), len(item.title or ""), to_json(item)) if item else (0, 0, b"")

    return replace(row, link=max(links, key=fullness), sources=sorted({link.source for link in links}))
