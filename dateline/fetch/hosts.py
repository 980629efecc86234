"""Politeness: each host is asked seldom, in turn, and left alone when it says so.

Many hosts go at once; what one of them answers slows that one alone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from email.utils import parsedate_to_datetime

from dateline.fetch.errors import Resting

_LONGEST_REST = 24 * 3600.0  # seconds; a Retry-After beyond a day is a mistake or a joke
_DOWN_AFTER = 3  # fetches in a row without any answer
_DOWN_FOR = 120.0  # seconds, doubled with each further failure up to an hour


class Host:
    """One host's turn, delay and rest. Times are of the monotonic clock: the wall clock jumps."""

    def __init__(self, delay: float, lanes: int) -> None:
        self._least = delay
        self._delay = delay
        self._next = 0.0
        self._lanes = asyncio.Semaphore(lanes)
        self._alone = asyncio.Lock()
        self.rest_until = 0.0
        self.failures = 0

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for this host's next free moment.

        A host with a delay is asked one thing at a time, and the delay counts from the end of the
        answer: only so does the host's own log show it, however slow the network is.

        Raises:
            Resting: the host's rest is longer than `patience` seconds.
        """
        async with self._lanes, self._alone if self._delay > 0 else nullcontext():
            while True:
                now = time.monotonic()
                if self.rest_until - now > patience:
                    raise Resting(f"the host rests for {self.rest_until - now:.0f} s more")
                start = max(now, self._next, self.rest_until)
                if start <= now:
                    break
                await asyncio.sleep(start - now)  # and look again: the host may have asked for more
            try:
                yield
            finally:
                self._next = time.monotonic() + self._delay

    def at_least(self, delay: float) -> None:
        """A crawl-delay from robots.txt."""
        self._least = max(self._least, delay)
        self._delay = max(self._delay, delay)

    def answered(self) -> None:
        """A good answer: the delay falls back by half of what it was raised."""
        self.failures = 0
        self._delay = self._least + (self._delay - self._least) / 2

    def slow_down(self, seconds: float) -> None:
        """429 or 503: leave it alone for that long, and ask more slowly after."""
        self._delay = min(max(2 * self._delay, 0.5), 60.0)
        self.rest_until = max(self.rest_until, time.monotonic() + min(seconds, _LONGEST_REST))

    def silent(self) -> None:
        """No answer at all after every retry; three in a row, and the host is taken for down."""
        self.failures += 1
        if self.failures >= _DOWN_AFTER:
            pause = min(_DOWN_FOR * 2 ** (self.failures - _DOWN_AFTER), 3600.0)
            self.rest_until = max(self.rest_until, time.monotonic() + pause)


class Hosts:
    """All hosts of a fetcher; `resting` is what an earlier process knew (UTC until when)."""

    def __init__(self, delay: float, lanes: int, resting: Mapping[str, dt.datetime] | None = None) -> None:
        self._delay = delay
        self._per_host = lanes
        self._known: dict[str, Host] = {}
        now = dt.datetime.now(dt.UTC)
        for name, until in (resting or {}).items():
            left = (until - now).total_seconds()
            if left > 0:
                self[name].rest_until = time.monotonic() + min(left, _LONGEST_REST)

    def __getitem__(self, name: str) -> Host:
        host = self._known.get(name)
        if host is None:
            host = self._known[name] = Host(self._delay, self._per_host)
        return host

    def resting(self) -> dict[str, dt.datetime]:
        """The hosts that must be left alone now, and until when (UTC): for the journal."""
        now, at = time.monotonic(), dt.datetime.now(dt.UTC)
        return {
            name: at + dt.timedelta(seconds=host.rest_until - now)
            for name, host in self._known.items()
            if host.rest_until > now
        }


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, in its form of seconds or of a date; None where it says nothing."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), _LONGEST_REST)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return min(max((when - dt.datetime.now(dt.UTC)).total_seconds(), 0.0), _LONGEST_REST)


def backoff(attempt: int, base: float) -> float:
    """Seconds to wait after the attempt (from 0): exponential, with jitter, at most 30."""
    longest: float = min(base * 2**attempt, 30.0)
    return random.uniform(0.5, 1.0) * longest  # noqa: S311 (no secret)
