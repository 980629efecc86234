"""The workshop: everything that a run works with, opened once. `with Workshop(settings) as shop`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dateline.settings import Settings
from dateline.workshop.base import Asked
from dateline.workshop.keeping import Keeping
from dateline.workshop.understanding import Understanding

__all__ = ["Asked", "Workshop", "opened", "shared"]


class Workshop(Keeping, Understanding):
    """Everything that a run keeps open, and what is done with it."""


_shared: list[Workshop] = []


@contextmanager
def shared(settings: Settings, *, enriching: bool = True) -> Iterator[Workshop]:
    """Keep one workshop for all runs of this process: a model that is loaded once serves them all."""
    with Workshop(settings, enriching=enriching, warmed=False) as shop:
        _shared.append(shop)
        try:
            yield shop
        finally:
            _shared.pop()


@contextmanager
def opened(settings: Settings) -> Iterator[Workshop]:
    """The process's shared workshop, else one for this run."""
    if _shared:
        shop = _shared[-1]
        shop.touched = set()
        yield shop
    else:
        with Workshop(settings, warmed=False) as shop:
            yield shop
