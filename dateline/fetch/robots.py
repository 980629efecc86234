"""robots.txt by RFC 9309.

What its lines mean stands in `robots_rules`; here is when it is asked for and what no answer means.

What an answer means (RFC 9309, 2.3.1): 2xx is read; 4xx allows all; 5xx, a timeout, a broken
connection, a denied address or nonsense disallow all; so do more than five redirects not: then the
file counts as unavailable, which allows. At most 500 KiB are read, and kept for a day.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from dateline import clock as house_clock
from dateline.fetch.errors import FetchError, TooManyRedirects
from dateline.fetch.robots_rules import Group, read_group

MAX_BYTES = 500 * 1024
MAX_REDIRECTS = 5
_KEEP = 24 * 3600.0  # seconds
_KEEP_UNREACHABLE = 10 * 60.0  # a site that is back must not stay shut for a day
_MOST_ORIGINS = 20_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What robots.txt of one origin says to us.

    `state` is "read", "unavailable" (all is allowed) or "unreachable" (nothing is); `error` then says
    why.
    """

    state: str
    error: FetchError | None = None
    crawl_delay: float | None = None  # seconds, as printed
    sitemaps: tuple[str, ...] = ()
    _group: Group = field(default_factory=Group, repr=False)

    def allows(self, url: str) -> bool:
        """Whether we may fetch a URL of this origin."""
        if self.state == "unreachable":
            return False
        return self._group.allows(url)


def parse(body: bytes, agent: str) -> Rules:
    """The rules of a robots.txt for one product token ("dateline"); any bytes give rules, never an error."""
    if len(body) > MAX_BYTES:  # half a rule may forbid or allow more than the whole one
        body = body[: max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES), 0)]
    group = read_group(body, agent)
    return Rules(state="read", crawl_delay=group.crawl_delay, sitemaps=group.sitemaps, _group=group)


# (url, most bytes) → (status, body); redirects and their guard are the fetcher's, errors the tree's
Getter = Callable[[httpx.URL], Awaitable[tuple[int, bytes]]]


class Kept(Protocol):
    """Where robots.txt files are kept for other processes; all calls may block."""

    def robots_of(self, origin: str) -> tuple[int, bytes, float] | None:
        """(status, body, seconds for which it still holds)."""

    def keep_robots(self, origin: str, status: int, body: bytes, seconds: float) -> None:
        """Keep an answer for so many seconds."""


def _seconds() -> float:
    return house_clock.now().timestamp()


class Robots:
    """The robots.txt of each origin, asked for once a day, by however many tasks at once.

    With `kept`, also by however many processes.
    """

    def __init__(
        self,
        get: Getter,
        agent: str,
        clock: Callable[[], float] = _seconds,
        kept: Kept | None = None,
    ) -> None:
        self._get = get
        self._agent = agent
        self._clock = clock
        self._kept = kept
        self._known: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def rules(self, url: httpx.URL) -> Rules:
        """The rules of the URL's origin (scheme, host and port). Never raises a FetchError."""
        where = url.copy_with(raw_path=b"/robots.txt", fragment=None)
        origin = str(where)
        async with self._asking.setdefault(origin, asyncio.Lock()):
            known = self._known.get(origin)
            if known is None or known[0] <= self._clock():
                rules, keep = await self._rules(where)
                known = self._known[origin] = (self._clock() + keep, rules)
        self._known.move_to_end(origin)
        while len(self._known) > _MOST_ORIGINS:
            oldest, _ = self._known.popitem(last=False)
            self._asking.pop(oldest, None)
        return known[1]

    async def _rules(self, where: httpx.URL) -> tuple[Rules, float]:
        """The rules of an origin, and for how many seconds they hold."""
        if self._kept is not None:
            kept = await asyncio.to_thread(self._kept.robots_of, str(where))
            if kept is not None:
                return self._read(*kept[:2]), kept[2]
        try:
            status, body = await self._get(where)
        except TooManyRedirects:
            status, body = 404, b""
        except FetchError as error:
            return Rules("unreachable", error=error), _KEEP_UNREACHABLE
        rules = self._read(status, body)
        keep = _KEEP_UNREACHABLE if rules.state == "unreachable" else _KEEP
        if self._kept is not None:
            await asyncio.to_thread(self._kept.keep_robots, str(where), status, body[: MAX_BYTES + 1], keep)
        return rules, keep

    def _read(self, status: int, body: bytes) -> Rules:
        if 200 <= status < 300:
            return parse(body, self._agent)
        return Rules("unavailable" if 400 <= status < 500 else "unreachable")
