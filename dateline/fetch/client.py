"""Link → Page: one client for the process, many hosts at once, few requests to each.

What httpx does not do is done here and in `request`: redirects by hand, so that every hop is judged
by the guard and by robots.txt and is on record, with cookies that live for one chain of them and no
longer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any

import httpx

from dateline import __version__, clock
from dateline.fetch.desk import Ledger
from dateline.fetch.errors import (
    AddressDenied,
    BadAnswer,
    FetchError,
    NoSuchHost,
    Resting,
    RobotsDenied,
    TooManyRedirects,
    Untrusted,
)
from dateline.fetch.guard import Guard, GuardedTransport, Resolver, resolve
from dateline.fetch.hosts import Hosts
from dateline.fetch.request import REDIRECTS, Answer, Limits, Requests
from dateline.fetch.robots import MAX_BYTES, MAX_REDIRECTS, Kept, Robots, Rules
from dateline.models import Hop, Link, Page, merged
from dateline.settings import Settings
from dateline.urls import normalise

AGENT = "dateline"  # the product token that robots.txt may name


OnPage = Callable[[Link, Page | FetchError], Awaitable[None]]
# link_id → (etag, last_modified) of what is already kept
Validators = Mapping[str, tuple[str | None, str | None]]


class Fetcher:
    """Fetches pages, politely and under guard; `async with Fetcher(...) as fetcher`.

    Args:
        allow_networks, ports: see `Guard`.
        contact: a URL or mail address for the User-Agent, so that a publisher can reach a person.
        limits: see `Limits`.
        resting: hosts to be left alone, and until when (UTC), from an earlier process.
        ledger: where hosts are held, so that other processes don't ask them meanwhile.
        kept_robots: where robots.txt files are kept for other processes.
        resolver: host and port to addresses; for tests of names that change.
        verify: an `ssl.SSLContext` in place of the default one.
    """

    def __init__(
        self,
        *,
        allow_networks: Iterable[str] = (),
        ports: Iterable[int] = (),
        contact: str = "",
        limits: Limits | None = None,
        resting: Mapping[str, dt.datetime] | None = None,
        ledger: Ledger | None = None,
        kept_robots: Kept | None = None,
        resolver: Resolver = resolve,
        verify: Any = None,
    ) -> None:
        self.limits = limits or Limits()
        self.user_agent = f"Dateline/{__version__}" + (f" (+{contact})" if contact else "")
        self._guard = Guard(allow_networks, ports, resolver)
        self.hosts = Hosts(self.limits.delay, self.limits.lanes, resting, ledger)
        self._robots = Robots(self._get_robots, AGENT, kept=kept_robots)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(
                self._guard,
                connections=self.limits.connections,
                verify=verify or _trusted(),
            ),
            timeout=httpx.Timeout(self.limits.deadline, connect=min(10.0, self.limits.deadline), pool=None),
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would connect past the guard
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # takes none
            headers={
                "User-Agent": self.user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Encoding": "gzip, deflate, br, zstd",
            },
        )
        self._requests = Requests(self._client, self.hosts, self.limits)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        limits: Limits | None = None,
        resting: Mapping[str, dt.datetime] | None = None,
        ledger: Ledger | None = None,
        kept_robots: Kept | None = None,
    ) -> Fetcher:
        """A fetcher with the settings' allow-list, ports, contact and delay."""
        return cls(
            allow_networks=settings.allow_networks,
            ports=settings.ports,
            contact=settings.contact,
            limits=limits or Limits(delay=settings.delay),
            resting=resting,
            ledger=ledger,
            kept_robots=kept_robots,
        )

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()
        await self.hosts.let_go(self.hosts)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
    ) -> Page:
        """What the server answers in the end, whatever its status; 304 where nothing changed since.

        Raises:
            FetchError: there is no answer to keep; its `outcome`, `reason`, `url` and `hops` say why.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        hops: list[Hop] = []
        try:
            answer = await self._follow(
                self._guard.check_url(url), hops, headers=headers, cap=max_bytes or self.limits.max_bytes
            )
        except FetchError as error:
            error.url, error.hops = url, hops
            raise
        return Page(
            requested_url=url,
            final_url=str(answer.url),
            status=answer.status,
            headers=merged(answer.header_lines),
            body=answer.body,
            fetched_at=clock.now(),
            hops=hops,
            header_lines=answer.header_lines,
            peer=answer.peer,
        )

    async def fetch_many(
        self, links: Iterable[Link], on_page: OnPage, *, validators: Validators | None = None
    ) -> None:
        """Fetch each link that has a URL, and hand each page or error to `on_page`, once each.

        Every host has a queue of its own, so a host with a thousand links delays no other. `on_page`
        is awaited before that host's next request: a slow taker slows the fetching, and memory stays
        flat. What `on_page` raises ends the whole call.
        """
        queues: dict[str, list[Link]] = {}
        for link in links:
            if link.url is not None:
                queues.setdefault(_host_of(link.url), []).append(link)

        async def lane(queue: list[Link]) -> None:
            while queue:
                link = queue.pop()
                assert link.url is not None
                etag, last_modified = (validators or {}).get(link.link_id, (None, None))
                result: Page | FetchError
                try:
                    result = await self.fetch(link.url, etag=etag, last_modified=last_modified)
                except FetchError as error:
                    result = error
                await on_page(link, result)

        await self.hosts.hold(queues)
        async with asyncio.TaskGroup() as group:
            for host, queue in queues.items():
                queue.reverse()  # popped from its end, in the order given
                for _ in range(min(self.hosts[host].lanes, len(queue))):
                    group.create_task(lane(queue))
        await self.hosts.let_go()

    async def rules(self, url: str) -> Rules:
        """What robots.txt of the URL's origin says to us: also its sitemaps.

        Raises:
            UrlDenied: see `Guard.check_url`.
        """
        return await self._robots.rules(self._guard.check_url(url))

    def resting(self) -> dict[str, dt.datetime]:
        """The hosts that must be left alone, and until when (UTC)."""
        return self.hosts.resting()

    async def _follow(
        self,
        url: httpx.URL,
        hops: list[Hop],
        *,
        headers: dict[str, str],
        cap: int,
        robots: bool = True,
        most: int | None = None,
    ) -> Answer:
        """Ask, and go where the answers lead; each hop is judged and noted."""
        most = self.limits.max_hops if most is None else most
        cookies = httpx.Cookies()
        seen: set[tuple[str, str]] = set()
        spent = [0.0]
        while True:
            if robots:
                await self._obey(url)
            seen.add((str(url), _cookie_text(cookies)))
            answer = await self._requests.ask(url, headers, cap, cookies, spent, cut=not robots)
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                return answer
            hops.append(Hop(url=str(url), status=answer.status))
            if len(hops) > most:
                raise TooManyRedirects(f"more than {most} redirects")
            former = url
            try:
                url = self._guard.check_url(str(url.join(target)))
            except (httpx.InvalidURL, ValueError) as error:
                raise BadAnswer(f"redirect to no URL: {error}", "redirect") from error
            if headers and normalise(str(url)) != normalise(str(former)):
                headers = {}  # an ETag is one address's own: "not modified" of another would tell nothing
            if (str(url), _cookie_text(cookies)) in seen:
                raise TooManyRedirects(f"a loop of redirects at {str(url)[:200]}", "redirect-loop")

    async def _obey(self, url: httpx.URL) -> None:
        rules = await self._robots.rules(url)
        if not rules.allows(str(url)):
            if rules.state == "unreachable":
                why = rules.error
                if why is not None and not why.hops and _whole_host(why):
                    raise type(why)(str(why), why.reason)  # not robots.txt: nothing can be had there
                raise RobotsDenied("robots.txt could not be had, which means no", "robots-unreachable")
            raise RobotsDenied("robots.txt disallows it")
        if rules.crawl_delay:
            self.hosts[url.host].at_least(min(rules.crawl_delay, self.limits.max_crawl_delay))

    async def _get_robots(self, url: httpx.URL) -> tuple[int, bytes]:
        hops: list[Hop] = []
        try:
            answer = await self._follow(
                url, hops, headers={}, cap=MAX_BYTES + 1, robots=False, most=MAX_REDIRECTS
            )
        except FetchError as error:
            error.hops = hops
            raise
        return answer.status, answer.body


@lru_cache(maxsize=1)
def _trusted() -> Any:
    """certifi's authorities, or those of SSL_CERT_FILE; reading them takes a tenth of a second."""
    return httpx.create_ssl_context()


def _whole_host(error: FetchError) -> bool:
    """Whether an error says that nothing of this host can be had, whichever path is asked for."""
    return isinstance(error, AddressDenied | NoSuchHost | Untrusted | Resting) or error.reason in (
        "dns",
        "refused",
    )


def _host_of(url: str) -> str:
    try:
        return httpx.URL(url).host
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""


def _cookie_text(cookies: httpx.Cookies) -> str:
    return "; ".join(sorted(f"{cookie.name}={cookie.value}" for cookie in cookies.jar))
