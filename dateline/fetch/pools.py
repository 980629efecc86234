"""A pool of connections for each origin.

httpcore looks at every connection that it keeps whenever a request begins and ends: in one pool for
hundreds of hosts that is most of what a request costs.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import httpcore

_Origin = tuple[bytes, bytes, int | None]
_IDLE = 15.0  # seconds for which connections that nobody uses are kept


class Pools:
    """Makes a pool where an origin has none, and closes those that rest; what httpx asks of a pool."""

    def __init__(self, make: Callable[[float], httpcore.AsyncConnectionPool], most: int) -> None:
        self._make, self._most = make, most
        self._pools: OrderedDict[_Origin, httpcore.AsyncConnectionPool] = OrderedDict()
        self._used: dict[_Origin, float] = {}

    async def __aenter__(self) -> Pools:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """The answer, its body not yet read."""
        origin = (request.url.scheme, request.url.host, request.url.port)
        if origin in self._pools:
            self._use(origin)
        for resting in self._resting():
            await resting.aclose()
        return await self._use(origin).handle_async_request(request)

    def _use(self, origin: _Origin) -> httpcore.AsyncConnectionPool:
        if origin not in self._pools:
            self._pools[origin] = self._make(_IDLE)
        self._pools.move_to_end(origin)
        self._used[origin] = time.monotonic()
        return self._pools[origin]

    def _resting(self) -> list[httpcore.AsyncConnectionPool]:
        """Those that were not used for a while, and the longest unused of too many, unless they are busy:
        taken out, to be closed."""
        found = []
        late = time.monotonic() - _IDLE
        for origin in list(self._pools):
            if self._used[origin] > late and len(self._pools) <= self._most:
                break
            if all(each.is_idle() or each.is_closed() for each in self._pools[origin].connections):
                del self._used[origin]
                found.append(self._pools.pop(origin))
        return found

    async def aclose(self) -> None:
        """Close all connections."""
        while self._pools:
            await self._pools.popitem()[1].aclose()
