"""What a run works with: journal, archive, store, the fetcher and the worker processes, opened once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dateline import logs, webarchive
from dateline.archive import Archive, ArchiveError
from dateline.fetch import Fetcher, FetchError, status_outcome, verdict
from dateline.fetch.browser import Browser
from dateline.journal import Journal
from dateline.journal.turns import new_holder
from dateline.models import Article, Link, Outcome, Page, to_json
from dateline.progress import CURRENT
from dateline.settings import Settings
from dateline.sources.expand import read_archived
from dateline.sources.found import Found
from dateline.sources.warc import Captured
from dateline.stores import open_store
from dateline.turn import Turn
from dateline.urls import normalise
from dateline.work import Fetched, Understood, enriched, goes_on_at, understand, warm
from dateline.workers import WorkError, Workers, cores

T = TypeVar("T")
Item = TypeVar("Item")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)
LISTING_BYTES = 50 * 1024 * 1024  # what a sitemap may have by its own protocol
READ_TIMEOUT = 30.0  # seconds for one listing
RENEW = 30.0  # seconds between two renewals of the hosts that are held
# Outcomes after which a page that did not change need not be read again.
_STANDS = (Outcome.INDEXED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.PAYWALLED)
BATCH = 8  # links that a worker takes at once: the language model likes company, a slow page does not
WORTH = 64  # links that pay for another process: a model takes as long to load as these to be read
MOST_PAGES = 20  # of one article, besides its first
TIMEOUT = 60.0  # seconds for them; past it the worker is killed and they are tried one by one


@dataclass(slots=True, frozen=True)
class Asked:
    """A listing to ask for, with what is known of it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    render: bool = False  # its source needs a browser


class Workshop:
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
        self.given: dict[str, Captured] = {}  # link_id → a page out of a WARC file, which needs no fetch
        self.writing = threading.Lock()
        self.progress = CURRENT
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()
        self._fetcher = fetcher  # one with limits of its own; else made at the first fetch
        self._browser: Browser | None = None
        self._holder = new_holder()
        self._renewing: asyncio.Task[None] | None = None

    def __enter__(self) -> Workshop:
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

    def fetch(self, links: Sequence[Link]) -> list[Fetched]:
        """Fetch the links into the archive, flushed to disk; one Fetched for each, in order."""
        results = self._imported([link for link in links if link.link_id in self.given])
        if not self.fetching:
            self.archive.flush()
            return [
                results.get(link.link_id)
                or Fetched(link=link, outcome=Outcome.DIGEST_ONLY, reason="not fetched, as asked")
                for link in links
            ]
        asked = [link for link in links if link.url is not None and link.link_id not in results]
        if asked:
            results |= self.on_loop(self._fetch(asked, self._known(asked)))
        self.archive.flush()
        return [
            results.get(link.link_id)
            or Fetched(link=link, outcome=Outcome.DIGEST_ONLY, reason="the item prints no link")
            for link in links
        ]

    def _imported(self, links: Sequence[Link]) -> dict[str, Fetched]:
        """The pages that a WARC file gave; one that came in before is not kept twice."""
        ids = [link.link_id for link in links]
        known, records = (self._known(links), self.journal.kept_records(ids)) if links else ({}, {})
        results = {}
        for link in links:
            captured, kept = self.given[link.link_id], known.get(link.link_id)
            record, there = link.hints.get("record", ""), records.get(link.link_id, {})
            if kept and record in there:
                results[link.link_id] = _same(link, kept, "the same record")
            elif kept and self._reads(kept.archive) == captured.page.body:
                results[link.link_id] = _same(link, kept, "the same bytes")
            else:
                results[link.link_id] = self._kept(link, captured.page, kept, captured.packed)
        return results

    def _reads(self, location: str) -> bytes | None:
        try:
            return self.archive.read(location).body
        except ArchiveError:
            return None

    def discovered(self, pages: Sequence[tuple[str, str]]) -> list[Found | None]:
        """What feeds and sitemaps in the archive hold, read in worker processes, in order.

        Args:
            pages: where each lies in the archive, and the name of the source it stands for. None comes
                back for a page that is neither, or that broke its worker.
        """
        job = partial(read_archived, str(self.settings.archive_folder))
        with self._one_at_a_time:
            answers = list(self._workers.map_batches(job, pages, size=1, timeout=TIMEOUT))
        return [None if isinstance(answer, WorkError) else answer for answer in answers]

    def understand(self, fetched: Sequence[Fetched]) -> list[Understood]:
        """Extract and enrich in worker processes; one result for each link, in order.

        A page that kills its worker, or takes too long, leaves its link with what the digest says.
        """
        known = self.journal.links(row.link.link_id for row in fetched)
        rows = [_with_all_sources(row, known.get(row.link.link_id, [])) for row in fetched]
        plain = [row.location is None and row.page is None and row.link.item is None for row in rows]
        if all(plain):  # nothing to read: no process need be started for it
            return [_nothing(row) for row in rows]
        job = partial(understand, str(self.settings.archive_folder), enriching=self._enriching)
        with self._one_at_a_time:  # the processes are all busy with one batch anyway
            useful = min(cores(), -(-len(rows) // WORTH))
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
            longer = self._followed(rows, answers)
            whole = self._workers.map_batches(job, list(longer.values()), size=BATCH, timeout=TIMEOUT)
            for number, answer in zip(longer, whole, strict=True):
                if isinstance(answer, Understood):  # else the first page's text stands
                    answers[number] = answer
        return [
            answer
            if isinstance(answer, Understood)
            else Understood(
                link_id=row.link.link_id, article=None, outcome=Outcome.FAILED, reason=str(answer)
            )
            for row, answer in zip(rows, answers, strict=True)
        ]

    def _followed(
        self, rows: Sequence[Fetched], answers: Sequence[Understood | WorkError]
    ) -> dict[int, Fetched]:
        """The rows whose article goes on on further pages, by number, with these pages in the archive."""
        found: dict[int, Fetched] = {}
        for number, (row, answer) in enumerate(zip(rows, answers, strict=True)):
            if isinstance(answer, WorkError) or answer.following is None or not _is_read(answer):
                continue
            if more := row.more or (self._further(row, answer) if self.fetching else []):
                found[number] = replace(row, more=more)
        if found:
            self.archive.flush()
        return found

    def _further(self, row: Fetched, answer: Understood) -> list[str]:
        """Fetch an article's further pages into the archive, one after the other; where they lie."""
        assert answer.article is not None
        first = answer.article.final_url or row.link.url or ""
        following, seen = answer.following, {first}
        more: list[str] = []
        while following is not None and following not in seen and len(more) < MOST_PAGES:
            seen.add(following)
            try:
                page = self.on_loop(self.fetcher.fetch(following))
            except FetchError:
                break  # a note says where the text goes on
            if status_outcome(page.status) is not None or not verdict(page).keep:
                break
            location = self.archive.write(page)
            self.archive.flush()
            more.append(location)
            job = partial(goes_on_at, str(self.settings.archive_folder))
            (after,) = self._workers.map(job, [(location, first)], timeout=TIMEOUT)
            following = None if isinstance(after, WorkError) else after
        self.on_loop(self.fetcher.hosts.let_go())
        return more

    def enrich(self, articles: Sequence[Article]) -> list[Article]:
        """Enrich articles again in worker processes, in order; one that breaks its worker stays as it is."""
        with self._one_at_a_time:
            useful = min(cores(), -(-len(articles) // WORTH))
            self._workers.count = max(self._workers.count, useful)
            answers = list(self._workers.map_batches(enriched, articles, size=BATCH, timeout=TIMEOUT))
        return [
            old if isinstance(answer, WorkError) else answer
            for old, answer in zip(articles, answers, strict=True)
        ]

    def _known(self, links: Sequence[Link]) -> dict[str, _Kept]:
        """What is kept of these pages, so that publishers need not send it again."""
        ids = [link.link_id for link in links]
        bodies = self.journal.body_hashes(ids)
        return {
            id_: _Kept(known.etag, known.last_modified, known.archive, bodies.get(id_))
            for id_, known in self.journal.known(ids).items()
            if known.archive and known.article_id and known.outcome in _STANDS
        }

    async def _fetch(self, links: Sequence[Link], known: Mapping[str, _Kept]) -> dict[str, Fetched]:
        results: dict[str, Fetched] = {}

        async def keep(link: Link, result: Page | FetchError) -> None:
            if link.hints.get("render") and isinstance(result, Page):
                result = await self._rendered(result)
            kept = self._kept(link, result, known.get(link.link_id))
            if kept.outcome is Outcome.GONE and self.settings.web_archive and isinstance(result, Page):
                kept = await self._copied(link, result, kept)
            results[link.link_id] = kept
            self.progress.add("asked", 1)

        validators = {id_: (kept.etag, kept.last_modified) for id_, kept in known.items()}
        await self.fetcher.fetch_many(links, keep, validators=validators)
        return results

    async def _rendered(self, page: Page) -> Page | FetchError:
        """What a browser shows of a page, which is kept as it was sent as well; unless its publisher wants
        it read by nobody."""
        licensed = self.settings.is_licensed(urlsplit(page.final_url).hostname or "")
        if page.status != 200 or not verdict(page, licensed=licensed).keep:
            return page
        try:
            rendered = await self.browser.render(page)
        except FetchError as error:
            return error
        if rendered is not page:
            self.archive.write(page)
        return rendered

    async def _copied(self, link: Link, gone: Page, kept: Fetched) -> Fetched:
        """A dead page's copy in the web archive of the settings, unless we keep a page of our own."""
        before = self.journal.known([link.link_id]).get(link.link_id)
        if gone.status not in webarchive.GONE or (before is not None and before.archive):
            return kept
        try:
            copy = await self.fetcher.fetch(webarchive.address(self.settings.web_archive, link))
        except FetchError as error:
            return replace(kept, reason=f"{kept.reason}; no copy from the web archive: {error.reason}")
        if status_outcome(copy.status) is not None:
            return replace(kept, reason=f"{kept.reason}; the web archive has no copy (http-{copy.status})")
        found = self._kept(link, webarchive.labelled(copy, link, gone.status), None)
        return found if found.location or found.page else kept

    def _kept(
        self, link: Link, result: Page | FetchError, known: _Kept | None, packed: bytes | None = None
    ) -> Fetched:
        if isinstance(result, FetchError):
            return Fetched(link=link, outcome=result.outcome, reason=f"{result.reason}: {result}")
        if result.status == 304 and known is not None:
            return _same(link, known, "http-304")
        bad = status_outcome(result.status)
        if bad is not None:
            # kept in the archive, as what the server said; but there is no article to read in it
            self.archive.write(result)
            return Fetched(link=link, outcome=bad[0], reason=bad[1])
        licensed = self.settings.is_licensed(urlsplit(result.final_url).hostname or "")
        wishes = verdict(result, licensed=licensed)
        if wishes.blocked is not None:
            return Fetched(link=link, outcome=wishes.blocked[0], reason=wishes.blocked[1])
        if not wishes.keep:
            return Fetched(link=link, page=result)  # read, and gone with this run
        # with the address: a page that moved is news, though its bytes are the same
        where = normalise(result.final_url).encode()
        body_hash = hashlib.blake2b(where + b"\n" + result.body, digest_size=16).hexdigest()
        if known is not None and known.body_hash == body_hash:
            return _same(link, known, "the same bytes")
        location = self.archive.write(result, link.hints.get("record"), packed)
        return Fetched(link=link, location=location, body_hash=body_hash)


@dataclass(slots=True, frozen=True)
class _Kept:
    etag: str | None
    last_modified: str | None
    archive: str
    body_hash: str | None


def _same(link: Link, known: _Kept, reason: str) -> Fetched:
    """A page that did not change; a digest that names it may say more than it did, and meets it again."""
    if link.item is not None:
        return Fetched(link=link, location=known.archive, body_hash=known.body_hash)
    return Fetched(link=link, outcome=Outcome.UNCHANGED, reason=reason)


class _Ledger:
    """The journal as the fetcher's ledger of hosts."""

    def __init__(self, journal: Journal, holder: str, delay: float) -> None:
        self._journal, self._holder, self._delay = journal, holder, delay

    def take(self, hosts: Iterable[str], seconds: float) -> dict[str, Turn]:
        return self._journal.take_turns(hosts, self._holder, seconds, self._delay)

    def give(self, turns: Iterable[Turn]) -> None:
        self._journal.give_turns(turns, self._holder)


def _is_read(answer: Understood) -> bool:
    return answer.article is not None and answer.outcome in (Outcome.INDEXED, Outcome.PAYWALLED)


def _nothing(row: Fetched) -> Understood:
    """What is understood of a link without page and digest."""
    return Understood(link_id=row.link.link_id, article=None, outcome=row.outcome, reason=row.reason)


def _with_all_sources(row: Fetched, known: Sequence[Link]) -> Fetched:
    """The link as its fullest source gave it, with the names of all: whichever came first."""
    links = [row.link, *known]

    def fullness(link: Link) -> tuple[int, int, bytes]:
        item = link.item
        return (len(item.text), len(item.title or ""), to_json(item)) if item else (0, 0, b"")

    # what each says of itself is a candidate, whoever came first; who says most speaks first
    hints: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (-len(link.hints), link.source)):
        for name, value in link.hints.items():
            hints.setdefault(name, value)
    hints |= {"record": row.link.hints["record"]} if "record" in row.link.hints else {}
    fullest = replace(max(links, key=fullness), hints=hints)
    return replace(row, link=fullest, sources=sorted({link.source for link in links}))


_shared: list[Workshop] = []


@contextmanager
def shared(settings: Settings) -> Iterator[Workshop]:
    """Keep one workshop for all runs of this process: a model that is loaded once serves them all."""
    with Workshop(settings, warmed=False) as shop:
        _shared.append(shop)
        try:
            yield shop
        finally:
            _shared.pop()


@contextmanager
def opened(settings: Settings) -> Iterator[Workshop]:
    """The process's shared workshop, else one for this run."""
    if _shared:
        shop = _shared[-1]
        shop.touched = set()
        yield shop
    else:
        with Workshop(settings, warmed=False) as shop:
            yield shop
