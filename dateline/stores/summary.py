"""What the archive knows of an entity, from the terms of the field `name`."""

from __future__ import annotations

from collections.abc import Iterable

from dateline.stores.base import EntitySummary
from dateline.stores.document import SEPARATOR


def summary(entity_id: str, articles: int, counted: Iterable[tuple[str, int]]) -> EntitySummary:
    """The summary from (term, number of articles) pairs; the name most articles take as canonical."""
    canonical: list[tuple[int, str, str]] = []
    names: dict[str, int] = {}
    for value, count in counted:
        _, kind, rank, name = value.split(SEPARATOR, 3)
        names[name] = max(names.get(name, 0), count)
        if rank == "0":
            canonical.append((-count, name, kind))
    _, name, kind = min(canonical, default=(0, entity_id, ""))
    others = sorted(names, key=lambda other: (other != name, -names[other], other))
    return EntitySummary(entity_id=entity_id, name=name, type=kind, names=others, articles=articles)
