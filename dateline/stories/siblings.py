"""What this process knows of the texts that it has looked at, so that each is read and cut once.

Whole families of reports are made of one template, and a new one finds hundreds of siblings by its
sketch. An outline of each (`copies.outline`, a few hundred bytes) rules out nearly all of them unread.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from dateline.texts.copies import Telling, may_be_copy, outline
from dateline.texts.outline import Outline

_ROOM = 64_000_000  # bytes of outlines: of some 100,000 articles
_TELLINGS = 1_000  # texts that outlines did not rule out


class Siblings:
    """Outlines and texts by the key of an article as a store holds it (`stores.base.Known`); those that
    were not asked for longest are forgotten."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._outlines: OrderedDict[int, Outline] = OrderedDict()
        self._tellings: OrderedDict[int, Telling] = OrderedDict()
        self._lock = threading.Lock()

    def ruled_out(self, mine: Outline, key: int) -> bool:
        """Whether the article is surely no copy of the text with this outline."""
        with self._lock:
            known = self._outlines.get(key)
            if known is None:
                return False
            self._outlines.move_to_end(key)
        return not may_be_copy(mine, known)

    def get(self, key: int) -> Telling | None:
        """The article, if it is known whole."""
        with self._lock:
            if key in self._tellings:
                self._tellings.move_to_end(key)
            return self._tellings.get(key)

    def put(self, key: int, telling: Telling) -> None:
        """An article that was read."""
        found = outline(telling.text)
        with self._lock:
            if key not in self._outlines:
                self._room -= found.room
            self._outlines[key] = found
            while self._room < 0 and self._outlines:
                self._room += self._outlines.popitem(last=False)[1].room
            self._tellings[key] = telling
            if len(self._tellings) > _TELLINGS:
                self._tellings.popitem(last=False)


class Asking:
    """What is known beside the articles that are just asked about, in the order asked."""

    def __init__(self, siblings: Siblings, texts: list[str]) -> None:
        self._siblings = siblings
        self._outlines = [outline(text) for text in texts]

    def ruled_out(self, number: int, key: int) -> bool:
        """See `Siblings.ruled_out`."""
        return self._siblings.ruled_out(self._outlines[number], key)

    def get(self, key: int) -> Telling | None:
        """See `Siblings.get`."""
        return self._siblings.get(key)

    def put(self, key: int, telling: Telling) -> None:
        """See `Siblings.put`."""
        self._siblings.put(key, telling)
