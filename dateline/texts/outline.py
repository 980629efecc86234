"""Outlines of texts: a few hundred bytes that prove of most pairs how little they can have in common.

An outline has a bit for each shingle, chosen by the shingle's last bits, some eight to sixteen bits a
shingle. Two texts share at most as many shingles as both have bits set, and what fell together on one
bit besides. So a pair that shares too little by its outlines shares too little: no text need be read.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_BITS = 8  # for each shingle, at least: of those that two texts do not share a tenth seem to be


class Outline(NamedTuple):
    """What is kept of a text. `bits` has `width` bits, a power of two."""

    tokens: int
    shingle: int  # tokens of a shingle
    shingles: int  # different ones
    width: int
    bits: int

    @property
    def room(self) -> int:
        """Bytes that it takes, about."""
        return self.width // 7 + 250


def outline_of(tokens: int, shingle: int, values: Any) -> Outline:
    """The outline of a text by its shingles (numpy, 64 bits each, repeats do not count)."""
    import numpy as np

    width = 64
    count = len(np.unique(values))
    while width < _BITS * count:
        width *= 2
    marked = np.zeros(width, dtype=bool)
    marked[(values & np.uint64(width - 1)).astype(np.int64)] = True
    bits = int.from_bytes(np.packbits(marked, bitorder="little").tobytes(), "little")
    return Outline(tokens, shingle, count, width, bits)


def shared_at_most(one: Outline, other: Outline) -> int:
    """More shingles than these two texts do not share; how many they do, only the texts tell."""
    width = min(one.width, other.width)
    a, b = _folded(one, width), _folded(other, width)
    spare = min(one.shingles - a.bit_count(), other.shingles - b.bit_count())
    return min(one.shingles, other.shingles, (a & b).bit_count() + spare)


def _folded(one: Outline, width: int) -> int:
    """The bits of an outline as they would be had it fewer of them."""
    bits, now = one.bits, one.width
    while now > width:
        now //= 2
        bits = (bits >> now) | (bits & ((1 << now) - 1))
    return bits
