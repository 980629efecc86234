"""robots.txt by RFC 9309.

What its lines mean stands in `robots_rules`; here is when it is asked for and what no answer means.

What an answer means (RFC 9309, 2.3.1): 2xx is read; 4xx allows all; 5xx, a timeout, a broken
connection, a denied address or nonsense disallow all; so do more than five redirects not: then the
file counts as unavailable, which allows. At most 500 KiB are read, and kept for a day.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

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


class Robots:
    """The robots.txt of each origin, asked for once a day, by however many tasks at once."""

    def __init__(self, get: Getter, agent: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._get = get
        self._agent = agent
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def rules(self, url: httpx.URL) -> Rules:
        """The rules of the URL's origin (scheme, host and port). Never raises a FetchError."""
        where = url.copy_with(raw_path=b"/robots.txt", fragment=None)
        origin = str(where)
        async with self._asking.setdefault(origin, asyncio.Lock()):
            known = self._known.get(origin)
            if known is None or known[0] <= self._clock():
                rules = await self._ask(where)
                keep = _KEEP_UNREACHABLE if rules.state == "unreachable" else _KEEP
                known = self._known[origin] = (self._clock() + keep, rules)
        self._known.move_to_end(origin)
        while len(self._known) > _MOST_ORIGINS:
            oldest, _ = self._known.popitem(last=False)
            self._asking.pop(oldest, None)
        return known[1]

    async def _ask(self, where: httpx.URL) -> Rules:
        try:
            status, body = await self._get(where)
        except TooManyRedirects:
            return Rules("unavailable")
        except FetchError as error:
            return Rules("unreachable", error=error)
        if 200 <= status < 300:
            return parse(body, self._agent)
        return Rules("unavailable" if 400 <= status < 500 else "unreachable")
