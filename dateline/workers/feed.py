"""Reading ahead of the workers, but not far."""

from __future__ import annotations

import collections
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Feed(Generic[Item]):
    """Reads an iterable in a thread, a bounded way ahead, and rings a bell that `wait` hears."""

    def __init__(self, items: Iterable[Item], most: int) -> None:
        self._items = items
        self._most = most
        self._held: collections.deque[Item] = collections.deque()
        self._change = threading.Condition()
        self._stopped = self._read_all = False
        self._error: Exception | None = None
        self.bell, self._ring = socket.socketpair()
        self.bell.setblocking(False)
        self._ring.setblocking(False)
        threading.Thread(target=self._read, daemon=True, name="feed").start()

    def _read(self) -> None:
        try:
            for item in self._items:
                with self._change:
                    self._change.wait_for(lambda: len(self._held) < self._most or self._stopped)
                    if self._stopped:
                        break
                    self._held.append(item)
                    self._sound()
        except Exception as error:
            self._error = error
        with self._change:
            self._read_all = True
            self._sound()

    def _sound(self) -> None:
        """Ring; under the lock, so that no other socket has the number of one that was closed meanwhile."""
        with suppress(OSError):  # it rings already, or nobody listens any more
            self._ring.send(b"!")

    def take(self, most: int, takers: int) -> list[Item]:
        """What is there, at most so many; less towards the end, so that all takers end together."""
        with self._change:
            if self._read_all:
                most = min(most, -(-len(self._held) // (2 * takers)))
            found = [self._held.popleft() for _ in range(min(most, len(self._held)))]
            self._change.notify()
            return found

    @property
    def ended(self) -> bool:
        with self._change:
            return self._read_all and not self._held

    def hush(self) -> None:
        with suppress(OSError):
            while self.bell.recv(4096):
                pass

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        with self._change:
            self._stopped = True
            self._change.notify()
            self.bell.close()
            self._ring.close()
