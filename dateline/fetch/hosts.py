"""Politeness: each host is asked seldom, in turn, and left alone when it says so.

Many hosts go at once; what one of them answers slows that one alone. Where a ledger is kept (the
journal), a host is held while it is asked, so that several processes together keep its delay too.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from email.utils import parsedate_to_datetime

from dateline import clock
from dateline.fetch.desk import Desk, Ledger
from dateline.fetch.errors import Resting
from dateline.turn import Turn

_LONGEST_REST = 24 * 3600.0  # seconds; a Retry-After beyond a day is a mistake or a joke
_DOWN_AFTER = 3  # fetches in a row without any answer
_DOWN_FOR = 120.0  # seconds, doubled with each further failure up to a day, for as long as it is down
_RENEW = 70.0  # seconds left at which the hold is renewed: more than one request may take
_ASK_AGAIN = 2.0  # seconds between two looks at a host that another process holds


class Host:
    """One host's turn, delay and rest. Times are of the monotonic clock: the wall clock jumps."""

    def __init__(self, name: str, delay: float, lanes: int, desk: Desk | None = None) -> None:
        self.name = name
        self.lanes = lanes  # requests at once, as long as the host asks for nothing slower
        self.users = 0  # fetches that are under way, see `used`
        self.kept = False  # held for longer than its requests, see `Hosts.keep`
        self.held_until = 0.0
        self.down_since: dt.datetime | None = None
        self._desk = desk
        self._taking = asyncio.Lock()
        self._chosen = delay  # what we chose: the source's or the settings'
        self._least = delay
        self._delay = delay
        self._next = 0.0
        self._free = asyncio.Semaphore(lanes)
        self._alone = asyncio.Lock()
        self.rest_until = 0.0
        self.failures = 0

    @contextmanager
    def used(self) -> Iterator[Host]:
        """While this lasts, also between two attempts, the host is not given back."""
        self.users += 1
        try:
            yield self
        finally:
            self.users -= 1

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for this host's next free moment.

        A host with a delay is asked one thing at a time, and the delay counts from the end of the
        answer: only so does the host's own log show it, however slow the network is. Where a source
        wants several at once, it counts from one beginning to the next.

        Raises:
            Resting: the host's rest is longer than `patience` seconds.
        """
        async with self._free, AsyncExitStack() as beginning:
            await beginning.enter_async_context(self._alone)
            while True:
                await self._hold(patience)
                now = time.monotonic()
                if self.rest_until - now > patience:
                    raise Resting(f"the host rests for {self.rest_until - now:.0f} s more")
                start = max(now, self._next, self.rest_until)
                if start <= now:
                    break
                await asyncio.sleep(start - now)  # and look again: the host may have asked for more
            # what the host itself asked for (Crawl-delay, 429) is a delay between one and the next
            at_once = self._delay == 0 or (self.lanes > 1 and self._delay <= self._chosen)
            if at_once:
                self._next = time.monotonic() + self._delay
                await beginning.aclose()
            try:
                yield
            finally:
                if not at_once:
                    self._next = time.monotonic() + self._delay

    async def _hold(self, patience: float) -> None:
        """Hold the host in the ledger for as long as a request may take."""
        if self._desk is None:
            return
        waited = 0.0
        async with self._taking:
            while self.held_until - time.monotonic() < _RENEW:
                taken = await self._desk.take([self.name])
                if self.take(taken[self.name[:260]]):
                    return
                if waited >= patience:
                    raise Resting("another run is asking this host")
                waited += _ASK_AGAIN
                await asyncio.sleep(_ASK_AGAIN)

    def take(self, turn: Turn) -> bool:
        """Believe what the ledger says; whether the host is ours."""
        if not turn.mine:
            return False
        fresh = self.held_until <= time.monotonic()
        self.held_until = time.monotonic() + _left(turn.held_until)
        if fresh:  # what we did not know, or what another has learnt since
            self._next = max(self._next, time.monotonic() + _left(turn.next_at))
            self.rest_until = max(self.rest_until, time.monotonic() + _left(turn.rest_until))
            self._delay = max(self._delay, turn.delay)
            self.failures, self.down_since = turn.failures, turn.down_since
        return True

    def state(self) -> Turn:
        """The host as the ledger is told of it."""
        return Turn(
            host=self.name,
            mine=False,
            held_until=None,
            next_at=_at(self._next),
            rest_until=_at(self.rest_until),
            delay=self._delay if self._delay > self._least else 0.0,
            failures=self.failures,
            down_since=self.down_since,
        )

    @property
    def delay(self) -> float:
        """Seconds between two requests, as they are now."""
        return self._delay

    def choose(self, delay: float, lanes: int) -> None:
        """What a source says of its host; those under way go on as they began."""
        if lanes != self.lanes:
            self.lanes, self._free = lanes, asyncio.Semaphore(lanes)
        self._chosen = max(self._chosen, delay)
        self.at_least(self._chosen)

    def at_least(self, delay: float) -> None:
        """A crawl-delay from robots.txt."""
        self._least = max(self._least, delay)
        self._delay = max(self._delay, delay)

    def answered(self) -> None:
        """A good answer: the delay falls back by half of what it was raised."""
        self.failures, self.down_since = 0, None
        self._delay = self._least + (self._delay - self._least) / 2

    def slow_down(self, seconds: float) -> None:
        """429 or 503: leave it alone for that long, and ask more slowly after."""
        self._delay = min(max(2 * self._delay, 0.5), 60.0)
        self.rest_until = max(self.rest_until, time.monotonic() + min(seconds, _LONGEST_REST))

    def silent(self) -> None:
        """No answer at all after every retry; three in a row, and the host is taken for down.

        It is asked ever more rarely, in the end once a day, and never given up.
        """
        self.failures += 1
        self.down_since = self.down_since or clock.now()
        if self.failures >= _DOWN_AFTER:
            pause = min(_DOWN_FOR * 2 ** min(self.failures - _DOWN_AFTER, 20), _LONGEST_REST)
            self.rest_until = max(self.rest_until, time.monotonic() + pause)


class Hosts:
    """All hosts of a fetcher; `resting` is what an earlier process knew (UTC until when)."""

    def __init__(
        self,
        delay: float,
        lanes: int,
        resting: Mapping[str, dt.datetime] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._delay = delay
        self._per_host = lanes
        self._desk = Desk(ledger) if ledger is not None else None
        self._chosen: dict[str, tuple[float, int]] = {}
        self._known: dict[str, Host] = {}
        for name, until in (resting or {}).items():
            if (left := _left(until)) > 0:
                self[name].rest_until = time.monotonic() + min(left, _LONGEST_REST)

    def __getitem__(self, name: str) -> Host:
        host = self._known.get(name)
        if host is None:
            delay, lanes = self._chosen.get(name, (self._delay, self._lanes_with(self._delay)))
            host = self._known[name] = Host(name, delay, lanes, self._desk)
        return host

    def _lanes_with(self, delay: float) -> int:
        return self._per_host if delay == 0 else 1

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._known))

    def choose(self, name: str, delay: float | None = None, lanes: int | None = None) -> None:
        """A host's own delay and requests at once, as a source says, for as long as this lives.

        Nothing goes below the settings' delay; of several sources the most careful holds.
        """
        own = max(self._delay, delay or 0.0)
        most = lanes or self._lanes_with(own)
        if name in self._chosen:
            own, most = max(own, self._chosen[name][0]), min(most, self._chosen[name][1])
        self._chosen[name] = own, most
        if name in self._known:
            self._known[name].choose(own, most)

    async def keep(self, names: Iterable[str]) -> set[str]:
        """Hold hosts until `let_go`; those of them that are ours and may be asked now."""
        if self._desk is None:
            return set(names)
        wanted = set(names)
        for name, turn in (await self._desk.take(wanted)).items():
            host = self[name]
            host.kept = host.take(turn)
        return {name for name in wanted if self[name].kept}

    async def hold(self, names: Iterable[str]) -> None:
        """Hold hosts that are just about to be asked, all at once: one transaction in place of one for
        each. Those that another has are waited for when their turn comes."""
        if self._desk is None:
            return
        now = time.monotonic()
        with ExitStack() as using:
            hosts = [host for name in set(names) if name and (host := self[name]).held_until - now < _RENEW]
            for host in hosts:
                using.enter_context(host.used())  # so that it is not given back meanwhile
            names = [host.name for host in hosts]
            taken = await self._desk.take(names) if names else {}
            for host in hosts:
                host.take(taken[host.name[:260]])

    async def renew(self) -> None:
        """Hold on to what is kept: to be called once in a while, well within the time of a hold."""
        kept = [name for name, host in self._known.items() if host.kept]
        if kept and self._desk is not None:
            for name, turn in (await self._desk.take(kept)).items():
                self[name].take(turn)

    async def let_go(self, names: Iterable[str] | None = None) -> None:
        """Give back hosts that nobody here asks now; without names, those that are not kept."""
        if self._desk is None:
            return
        async with self._desk.open:  # who asks a host anew meanwhile takes it when it was given back
            gone = []
            for name in list(self._known) if names is None else list(names):
                host = self._known.get(name)
                if host is None or host.users or (names is None and host.kept):
                    continue
                del self._known[name]  # all that is known of it is in the ledger now
                if host.held_until:
                    gone.append(host.state())
            if gone:
                await self._desk.give(gone)

    def resting(self) -> dict[str, dt.datetime]:
        """The hosts that must be left alone now, and until when (UTC): for the journal."""
        now, at = time.monotonic(), clock.now()
        return {
            name: at + dt.timedelta(seconds=host.rest_until - now)
            for name, host in self._known.items()
            if host.rest_until > now
        }


def _left(until: dt.datetime | None) -> float:
    """Seconds until then, at least 0."""
    return max((until - clock.now()).total_seconds(), 0.0) if until is not None else 0.0


def _at(monotonic: float) -> dt.datetime | None:
    """A time of the monotonic clock as one of the day; None where it is past."""
    left = monotonic - time.monotonic()
    return clock.now() + dt.timedelta(seconds=left) if left > 0 else None


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
    return min(max((when - clock.now()).total_seconds(), 0.0), _LONGEST_REST)


def backoff(attempt: int, base: float) -> float:
    """Seconds to wait after the attempt (from 0): exponential, with jitter, at most 30."""
    longest: float = min(base * 2**attempt, 30.0)
    return random.uniform(0.5, 1.0) * longest  # noqa: S311 (no secret)
