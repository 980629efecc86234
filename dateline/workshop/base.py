"""What a run keeps open: journal, archive, store, the fetcher in its loop, the worker processes."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from dateline import logs
from dateline.archive import Archive
from dateline.fetch import Fetcher, FetchError
from dateline.fetch.browser import Browser
from dateline.journal import Journal
from dateline.journal.turns import new_holder
from dateline.models import Page
from dateline.progress import CURRENT
from dateline.settings import Settings
from dateline.sources.warc import Captured
from dateline.stores import open_store
from dateline.turn import Turn
from dateline.work import warm
from dateline.workers import WorkError, Workers

T = TypeVar("T")
Item = TypeVar("Item")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)
LISTING_BYTES = 50 * 1024 * 1024  # what a sitemap may have by its own protocol
READ_TIMEOUT = 30.0  # seconds for one listing
RENEW = 30.0  # seconds between two renewals of the hosts that are held


@dataclass(slots=True, frozen=True)
class Asked:
    """A listing to ask for, with what is known of it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    render: bool = False  # its source needs a browser


class Opened:
    """Everything that a run keeps open; `with Workshop(settings) as shop`.

    The fetcher lives in one event loop of its own thread, so that several batches share its
    politeness: a host's delay holds across all tasks of the process.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        fetching: bool = True,
        enriching: bool = True,
        fetcher: Fetcher | None = None,
        warmed: bool = True,
    ) -> None:
        logs.set_up()
        _share_arenas()
        settings.home.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.fetching = fetching
        self._enriching = enriching  # False: texts and fields only, no names and dates
        self.journal = Journal(settings.journal_url)
        self.archive = Archive(settings.archive_folder)
        self.store = open_store(settings)
        # more once there is work for more, see understand
        self._workers = Workers(1, initializer=warm if enriching else None)
        if warmed:
            self._workers.start()  # a model takes seconds to load: meanwhile the first pages are fetched
        self._readers = Workers(1)  # for feeds and sitemaps: they need no model
        self._reading = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self.touched: set[str] = set()
        self.given: dict[str, Captured] = {}  # link_id → a page out of a WARC file, until it is archived
        self.imported: set[str] = set()  # links under way whose pages come out of a WARC file
        self.writing = threading.Lock()
        self.progress = CURRENT
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()
        self._fetcher = fetcher  # one with limits of its own; else made at the first fetch
        self._browser: Browser | None = None
        self._holder = new_holder()
        self._renewing: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fetcher is not None:
            self.on_loop(self._closed(self._fetcher), timeout=60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._workers.close()
        self._readers.close()
        self.journal.close()
        self._thread.join(5)
        self.archive.close()
        self.store.close()

    def on_loop(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Do `work` in the fetcher's event loop, from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    @property
    def fetcher(self) -> Fetcher:
        """The process's one fetcher; use it in its loop only (`on_loop`)."""
        if self._fetcher is None:
            self._fetcher = Fetcher.from_settings(
                self.settings,
                ledger=_Ledger(self.journal, self._holder, self.settings.delay),
                kept_robots=self.journal,
            )
        return self._fetcher

    @property
    def browser(self) -> Browser:
        """The process's one browser, started at its first page; use it in the fetcher's loop only."""
        if self._browser is None:
            self._browser = Browser(self.fetcher)
        return self._browser

    def ask(self, asked: Sequence[Asked]) -> list[Page | FetchError]:
        """Ask for listings (feeds, sitemaps, section pages), all hosts at once; one answer each, in order."""

        async def one(asked: Asked) -> Page | FetchError:
            try:
                page = await self.fetcher.fetch(
                    asked.url, etag=asked.etag, last_modified=asked.last_modified, max_bytes=LISTING_BYTES
                )
                return await self.browser.render(page) if asked.render else page
            except FetchError as error:
                return error

        async def all_() -> list[Page | FetchError]:
            answers = await asyncio.gather(*map(one, asked))
            await self.fetcher.hosts.let_go()
            return answers

        return self.on_loop(all_())

    def read(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer | WorkError]:
        """Read strangers' listings in a process that can be killed; one answer each, in order."""
        with self._reading:
            return list(self._readers.map(function, items, timeout=READ_TIMEOUT))

    def be_gentle(self, wishes: Iterable[tuple[str, float | None, int | None]]) -> None:
        """Hosts' own delays (seconds) and requests at once, as their sources say; None: the settings'."""

        async def choose() -> None:
            for host, delay, lanes in wishes:
                self.fetcher.hosts.choose(host, delay, lanes)

        self.on_loop(choose())

    def delays(self, hosts: Iterable[str]) -> dict[str, float]:
        """The seconds that lie between two requests to each host, as far as is known now."""

        async def asked() -> dict[str, float]:
            return {host: self.fetcher.hosts[host].delay for host in hosts}

        return self.on_loop(asked())

    def hold(self, hosts: Iterable[str]) -> set[str]:
        """Hold hosts until `let_go`, so that no other run asks them meanwhile; those that are ours."""
        return self.on_loop(self._hold(set(hosts)))

    def let_go(self, hosts: Iterable[str]) -> None:
        """Give back hosts that `hold` gave."""
        self.on_loop(self.fetcher.hosts.let_go(set(hosts)))

    async def _hold(self, hosts: set[str]) -> set[str]:
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        return await self.fetcher.hosts.keep(hosts)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            try:
                await self.fetcher.hosts.renew()
            except Exception as error:  # the hold ends by itself, and each request looks at it first
                log.warning("hosts could not be held on to: %s", error)

    async def _closed(self, fetcher: Fetcher) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
        if self._browser is not None:
            await self._browser.close()
        await fetcher.__aexit__(None, None, None)


def _share_arenas() -> None:
    """Let threads share two of malloc's arenas.

    With one for each thread, as glibc gives them, what batches leave behind was never used again, and
    the memory of a run of 1,500 links grew from 196 to 328 MB; shared, it stays near 220.
    """
    with suppress(AttributeError, OSError):  # another libc has no arenas
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


class _Ledger:
    """The journal as the fetcher's ledger of hosts."""

    def __init__(self, journal: Journal, holder: str, delay: float) -> None:
        self._journal, self._holder, self._delay = journal, holder, delay

    def take(self, hosts: Iterable[str], seconds: float) -> dict[str, Turn]:
        return self._journal.take_turns(hosts, self._holder, seconds, self._delay)

    def give(self, turns: Iterable[Turn]) -> None:
        self._journal.give_turns(turns, self._holder)
