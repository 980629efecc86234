"""How links are cut into batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from dateline.models import Link
from dateline.urls import host_of

T = TypeVar("T")

# Two hundred would save Prefect another per cent and make a lost batch twice as dear.
BATCH = 100


def batches(links: Sequence[Link], size: int = BATCH) -> Iterator[tuple[str, list[Link]]]:
    """(label, links) in batches, the hosts spread over them like cards.

    A batch with one host in it would take a second for each link, at one polite request a second;
    with many hosts it takes as long as its busiest. The label says which part of the run it is.
    """
    queues: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        queues[host_of(link.url)].append(link)
    dealt: list[Link] = []
    while queues:
        for host in list(queues):
            dealt.append(queues[host].pop(0))
            if not queues[host]:
                del queues[host]
    for start in range(0, len(dealt), size):
        part = dealt[start : start + size]
        hosts = len({host_of(link.url) for link in part if link.url})
        yield f"{start + 1} to {start + len(part)} of {len(dealt)}, {hosts} hosts", part


def batches_of(items: Sequence[T], what: str, size: int = BATCH) -> Iterator[tuple[str, list[T]]]:
    """(label, items) in batches, in order."""
    for start in range(0, len(items), size):
        part = list(items[start : start + size])
        yield f"{start + 1} to {start + len(part)} of {len(items)} {what}", part
