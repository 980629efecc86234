"""Interim knowledge base, used until dateline/entities/knowledge.py is there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Known:
    """An entity of the knowledge base; `aliases` without the name itself."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()


def lookup(key: str) -> list[Known]:
    """The entities that `alias_key` form names, the most prominent first."""
    return []
