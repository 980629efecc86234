"""Fingerprints of texts: one hash for "the same", one SimHash for "nearly the same".

SimHash after Charikar (2002), over words shingles of four: two texts of one agency report differ in
few of its 64 bits, two reports of one event in about half.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_WORD = re.compile(r"\w+")
_SHINGLE = 4


def words(text: str) -> list[str]:
    """The text's words, case and compatibility forms folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(*parts: str) -> str:
    """SHA-256 (32 hex digits) of the parts, told apart by position, white space folded."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(" ".join(part.split()).encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()[:32]


def simhash(text: str) -> str:
    """SimHash of the text's word shingles as 16 hex digits; "" for a text without words."""
    tokens = words(text)
    if not tokens:
        return ""
    shingles = {" ".join(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1))}
    # each shingle votes bit by bit; one big-integer trick would be faster, numpy is faster still
    import numpy as np

    hashes = np.frombuffer(
        b"".join(hashlib.blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles),
        dtype=np.uint8,
    ).reshape(-1, 8)
    votes = np.unpackbits(hashes, axis=1).sum(axis=0)
    return np.packbits(votes * 2 > len(shingles)).tobytes().hex()


def distance(one: str, other: str) -> int:
    """In how many of 64 bits two SimHashes differ; 64 where one is empty."""
    if not one or not other:
        return 64
    return (int(one, 16) ^ int(other, 16)).bit_count()
