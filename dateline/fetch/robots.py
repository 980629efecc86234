"""robots.txt by RFC 9309, and what a page says of itself in X-Robots-Tag.

Protego matches paths: it passes the public suites on wildcards, percent-encoding and precedence,
and runs in linear time on hostile patterns. Whose group holds is decided here, because protego
takes any prefix of our name for our name ("User-agent: date" would bind "dateline"), and lets a
Crawl-delay between two User-agent lines split a group; the RFC does neither.

What an answer means (RFC 9309, 2.3.1): 2xx is read; 4xx allows all; 5xx, a timeout, a broken
connection, a denied address or nonsense disallow all; so do more than five redirects not: then the
file counts as unavailable, which allows. At most 500 KiB are read, and kept for a day.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import httpx
from protego import Protego

from dateline.fetch.errors import FetchError, TooManyRedirects

MAX_BYTES = 500 * 1024
MAX_REDIRECTS = 5
_KEEP = 24 * 3600.0  # seconds
_KEEP_UNREACHABLE = 10 * 60.0  # a site that is back must not stay shut for a day
_MOST_ORIGINS = 20_000

_AGENT = re.compile(r"user[- ]?agent", re.I)
_RULE = re.compile(
    r"(allow|dis+al+ow|disallaw|diasllow|dissalow)", re.I
)  # with the misspellings Google takes
_FIELD = re.compile(r"\s*(user[- ]?agent|[^\s:#]+)(?:\s*:\s*|\s+)(.*)", re.I)
_NOT_EOL = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")  # str.splitlines breaks here


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
    _matcher: Protego | None = field(default=None, repr=False)
    _agent: str = "*"

    def allows(self, url: str) -> bool:
        """Whether we may fetch a URL of this origin."""
        if self.state == "unreachable":
            return False
        return self._matcher is None or self._matcher.can_fetch(url, self._agent)


def parse(body: bytes, agent: str) -> Rules:
    """The rules of a robots.txt for one product token ("dateline"); any bytes give rules, never an error."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").translate(_NOT_EOL)
    if len(body) > MAX_BYTES:
        text = text.rpartition("\n")[0]  # half a rule may forbid or allow more than the whole one
    own = Protego.parse(_own_group(text, agent))
    return Rules(
        state="read",
        crawl_delay=own.crawl_delay(agent),
        sitemaps=tuple(own.sitemaps),
        _matcher=own,
        _agent=agent,
    )


def _own_group(text: str, agent: str) -> str:
    """The lines that hold for `agent`, as one group in its name: its own groups, else those for "*"."""
    groups: dict[str, list[str]] = {}
    anywhere: list[str] = []
    names: list[str] = []
    in_rules = False
    for line in text.splitlines():
        found = _FIELD.match(line.partition("#")[0])
        if not found:
            continue
        name, value = found[1].lower(), found[2].strip()
        if _AGENT.fullmatch(name):
            if in_rules:
                names, in_rules = [], False
            # the product token ends at the first character that may not stand in one
            token = "*" if value.startswith("*") else re.match(r"[\w-]*", value, re.A)[0].lower()  # type: ignore[index]
            names.append(token)
            groups.setdefault(token, [])
        elif name in ("sitemap", "site-map", "sitemaps"):
            anywhere.append(line)
        else:
            in_rules = in_rules or bool(_RULE.fullmatch(name))
            for token in dict.fromkeys(names):
                groups[token].append(f"{name}: {value}")
    rules = groups.get(agent.lower(), groups.get("*", []))
    return "\n".join([f"User-agent: {agent}", *rules, *anywhere])


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


_DIRECTIVES = frozenset(
    ("noindex", "nofollow", "noarchive", "nosnippet", "none", "noai", "noimageai", "unavailable_after")
)


def page_directives(header_lines: Iterable[tuple[str, str]], agent: str = "dateline") -> list[str]:
    """What a page's headers ask of us, sorted: X-Robots-Tag for all robots or for us, "none" written
    out as noindex and nofollow; "tdm-reservation" where the TDM header reserves its rights.
    """
    found: set[str] = set()
    for name, value in header_lines:
        match name.lower():
            case "x-robots-tag":
                scope = ""
                for part in value.lower().split(","):
                    head, colon, rest = part.partition(":")
                    if colon and head.strip() not in _DIRECTIVES:
                        scope, part = head.strip(), rest  # "otherbot: noindex, nofollow"
                    if scope in ("", agent):
                        found.add(part.partition(":")[0].strip())
            case "tdm-reservation" if value.strip() == "1":
                found.add("tdm-reservation")
    if "none" in found:
        found |= {"noindex", "nofollow"}
    return sorted(found & (_DIRECTIVES - {"none"}) | found & {"tdm-reservation"})
