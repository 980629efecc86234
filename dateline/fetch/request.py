"""One address → the server's answer: a deadline for all of it, a body under a cap, retries.

httpx's own time-outs never fire on a body that drips, and a cap on what it has inflated comes too late
for a bomb; it knows nothing of Retry-After.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx

from dateline.fetch.decode import decoder
from dateline.fetch.errors import BadAnswer, FetchError, Temporary, TimedOut, TooLarge, from_httpx
from dateline.fetch.hosts import Host, Hosts, backoff, retry_after

REDIRECTS = (301, 302, 303, 307, 308)
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
class Answer:
    """What a server said to one request; the body is empty where it leads elsewhere."""

    url: httpx.URL
    status: int
    header_lines: list[tuple[str, str]]
    headers: httpx.Headers
    body: bytes
    peer: str | None
    cookies: httpx.Cookies = field(repr=False)


class Requests:
    """Sends requests by a client, at most so many at once, each in its host's turn."""

    def __init__(self, client: httpx.AsyncClient, hosts: Hosts, limits: Limits) -> None:
        self._client = client
        self._hosts = hosts
        self._limits = limits
        self._gate = asyncio.Semaphore(limits.connections)

    async def ask(
        self,
        url: httpx.URL,
        headers: dict[str, str],
        cap: int,
        cookies: httpx.Cookies,
        spent: list[float],
        *,
        cut: bool,
    ) -> Answer:
        """One URL, with retries; a redirect is an answer.

        Args:
            cap: bytes of the body, as sent and as inflated.
            spent: adds up the seconds of the whole fetch, which has a budget.
            cut: whether of a longer body the first `cap` bytes do.

        Raises:
            FetchError: there is no answer to keep.
        """
        with self._hosts[url.host].used() as host:
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
    ) -> Answer:
        clock = asyncio.get_running_loop().time
        attempt = 0
        while True:
            left = self._limits.budget - spent[0]
            if left <= 0:
                raise TimedOut(f"all requests together took over {self._limits.budget:.0f} s")
            answer: Answer | None = None
            failure: FetchError | None = None
            async with host.turn(self._limits.patience), self._gate:
                began = clock()
                try:
                    answer = await self._once(
                        url, headers, cap, cookies, min(self._limits.deadline, left), cut
                    )
                except Temporary as error:
                    failure = error
                finally:
                    spent[0] += clock() - began
            pause = backoff(attempt, self._limits.backoff)
            if answer is not None:
                if answer.status not in _AGAIN:
                    host.answered()
                    return answer
                asked = retry_after(answer.headers.get("retry-after"))
                if answer.status in (429, 503):
                    pause = pause if asked is None else asked
                    host.slow_down(pause)
            attempt += 1
            if attempt > self._limits.retries or pause > self._limits.patience:
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
    ) -> Answer:
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

    async def _read(self, response: httpx.Response, cap: int, cookies: httpx.Cookies, cut: bool) -> Answer:
        if sum(len(name) + len(value) for name, value in response.headers.raw) > _MAX_HEADERS:
            raise BadAnswer("headers over 64 KiB", "headers")
        cookies.extract_cookies(response)
        stream = response.extensions.get("network_stream")  # asked now: it may be closed after the body
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        body = b""
        if response.status_code not in REDIRECTS:
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
        return Answer(
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
