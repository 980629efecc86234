"""Where hosts are held across processes, and how one fetcher asks there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from dateline.turn import Turn

_HOLD = 120.0  # seconds for which a host is held, and no other process asks it


class Ledger(Protocol):
    """Where hosts are held across processes; all calls may block, and are made in threads."""

    def take(self, hosts: Iterable[str], seconds: float) -> dict[str, Turn]:
        """Hold the hosts where nobody else does; how each stands."""

    def give(self, turns: Iterable[Turn]) -> None:
        """Let go of hosts."""


class Desk:
    """The ledger as the hosts of one fetcher ask it: one thing at a time, since a host that is taken
    while it is just being given back would be nobody's."""

    def __init__(self, ledger: Ledger) -> None:
        self.open = asyncio.Lock()
        self._ledger = ledger

    async def take(self, names: Iterable[str]) -> dict[str, Turn]:
        """Hold hosts for as long as a request may take."""
        async with self.open:
            return await asyncio.to_thread(self._ledger.take, names, _HOLD)

    async def give(self, turns: Iterable[Turn]) -> None:
        """Let go of hosts; the desk is open to who calls this."""
        await asyncio.to_thread(self._ledger.give, turns)
