"""Link → Page: one client for the process, many hosts at once, few requests to each.

What httpx does not do is done here: a total deadline (its own time-outs never fire on a dripped
body), redirects by hand so that every hop is judged by the guard and by robots.txt and is on record,
bodies inflated under a cap, retries that obey Retry-After, cookies that live for one chain of
redirects and no longer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any

import httpx

from dateline import __version__, clock
from dateline.fetch.decode import decoder
from dateline.fetch.desk import Ledger
from dateline.fetch.errors import (
    AddressDenied,
    BadAnswer,
    FetchError,
    NoSuchHost,
    Resting,
    RobotsDenied,
    Temporary,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Untrusted,
    from_httpx,
)
from dateline.fetch.guard import Guard, GuardedTransport, Resolver, resolve
from dateline.fetch.hosts import Host, Hosts, backoff, retry_after
from dateline.fetch.robots import MAX_BYTES, MAX_REDIRECTS, Kept, Robots, Rules
from dateline.models import Hop, Link, Page
from dateline.settings import Settings
from dateline.urls import normalise

AGENT = "dateline"  # the product token that robots.txt may name
_REDIRECTS = (301, 302, 303, 307, 308)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_MAX_HEADERS = 64 * 1024  # bytes; h11 stops at 100 KiB of its own, h2 at 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much, how long, how often. Sizes in bytes, times in seconds."""

    max_bytes: int = 10 * 1024 * 1024  # of a body, as sent and as inflated
    deadline: float = 30.0  # connect, headers and body of one request
    budget: float = 90.0  # all requests of one fetch, retries and redirects, without the polite waits
    max_hops: int = 10
    retries: int = 2
    backoff: float = 1.0
    patience: float = 60.0  # the longest that a fetch waits because its host asked for it
    delay: float = 1.0  # from the end of an answer to the next request to that host
    lanes: int = 2  # requests to one host at once, where the delay is 0
    connections: int = 32  # requests at once
    max_crawl_delay: float = 30.0  # what robots.txt may ask for


@dataclass(slots=True)
class _Answer:
    url: httpx.URL
    status: int
    header_lines: list[tuple[str, str]]
    headers: httpx.Headers
    body: bytes
    peer: str | None
    cookies: httpx.Cookies = field(repr=False)


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
        self._gate = asyncio.Semaphore(self.limits.connections)
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
        merged: dict[str, str] = {}
        for name, value in answer.header_lines:
            key = name.lower()
            merged[key] = f"{merged[key]}, {value}" if key in merged else value
        return Page(
            requested_url=url,
            final_url=str(answer.url),
            status=answer.status,
            headers=merged,
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
    ) -> _Answer:
        """Ask, and go where the answers lead; each hop is judged and noted."""
        most = self.limits.max_hops if most is None else most
        cookies = httpx.Cookies()
        seen: set[tuple[str, str]] = set()
        spent = [0.0]
        while True:
            if robots:
                await self._obey(url)
            seen.add((str(url), _cookie_text(cookies)))
            answer = await self._ask(url, headers, cap, cookies, spent, cut=not robots)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
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

    async def _ask(
        self,
        url: httpx.URL,
        headers: dict[str, str],
        cap: int,
        cookies: httpx.Cookies,
        spent: list[float],
        *,
        cut: bool,
    ) -> _Answer:
        """One URL, with retries. `spent` adds up the seconds of the whole fetch."""
        with self.hosts[url.host].used() as host:
            return await self._retried(host, url, headers, cap, cookies, spent, cut)

    async def _retried(
        self,
        host: Host,
        url: httpx.URL,
        headers: dict[str, str],
        cap: int,
        cookies: httpx.Cookies,
        spent: list[float],
        cut: bool,
    ) -> _Answer:
        clock = asyncio.get_running_loop().time
        attempt = 0
        while True:
            left = self.limits.budget - spent[0]
            if left <= 0:
                raise TimedOut(f"all requests together took over {self.limits.budget:.0f} s")
            answer: _Answer | None = None
            failure: FetchError | None = None
            async with host.turn(self.limits.patience), self._gate:
                began = clock()
                try:
                    answer = await self._once(
                        url, headers, cap, cookies, min(self.limits.deadline, left), cut
                    )
                except Temporary as error:
                    failure = error
                finally:
                    spent[0] += clock() - began
            pause = backoff(attempt, self.limits.backoff)
            if answer is not None:
                if answer.status not in _AGAIN:
                    host.answered()
                    return answer
                asked = retry_after(answer.headers.get("retry-after"))
                if answer.status in (429, 503):
                    pause = pause if asked is None else asked
                    host.slow_down(pause)
            attempt += 1
            if attempt > self.limits.retries or pause > self.limits.patience:
                if answer is not None:
                    return answer
                assert failure is not None
                host.silent()
                raise failure
            await asyncio.sleep(pause)

    async def _once(
        self,
        url: httpx.URL,
        headers: dict[str, str],
        cap: int,
        cookies: httpx.Cookies,
        seconds: float,
        cut: bool,
    ) -> _Answer:
        """One request. The deadline holds for connect, headers and body together."""
        try:
            async with asyncio.timeout(seconds):
                request = self._client.build_request("GET", url, headers=headers)
                cookies.set_cookie_header(request)
                response = await self._client.send(request, stream=True)
                try:
                    return await self._read(response, cap, cookies, cut)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise TimedOut(f"no whole answer in {seconds:.0f} s") from error
        except FetchError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
            raise from_httpx(error) from error
        except (OSError, ValueError, RuntimeError) as error:  # what slips through from ssl, h2 or anyio
            raise from_httpx(error) from error

    async def _read(self, response: httpx.Response, cap: int, cookies: httpx.Cookies, cut: bool) -> _Answer:
        if sum(len(name) + len(value) for name, value in response.headers.raw) > _MAX_HEADERS:
            raise BadAnswer("headers over 64 KiB", "headers")
        cookies.extract_cookies(response)
        stream = response.extensions.get("network_stream")  # asked now: it may be closed after the body
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        body = b""
        if response.status_code not in _REDIRECTS:
            plain = decoder(response.headers.get("content-encoding", ""), cap)
            received = 0
            try:
                async for raw in response.aiter_raw():
                    received += len(raw)
                    plain.feed(raw)
                    if received > cap:
                        raise TooLarge(f"body over {cap:,} bytes as sent")
                body = plain.finish()
            except TooLarge:
                if not cut:  # of a robots.txt the first 500 KiB hold
                    raise
                body = bytes(plain.body)
        return _Answer(
            url=response.request.url,
            status=response.status_code,
            header_lines=[
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
            ],
            headers=response.headers,
            body=body,
            peer=str(peer[0]) if peer else None,
            cookies=cookies,
        )


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
