"""A text cut into tokens, and the hashes of the runs of tokens that stand in it: what copies of a text
have in common."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any

_SHINGLE, _SHINGLE_UNSPACED = 5, 9  # tokens; a character is a token where no spaces are written
_MAX_TOKENS = 20_000

_TOKEN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|\d+(?:[.,]\d+)*|[^\W\d_]+"
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_OPENS = frozenset(".!?…:;\n\"“„«'‘(|•–—")  # before a capital that opens a sentence, and need be no name


def read(text: str) -> tuple[list[str], list[tuple[int, str]], list[tuple[int, str]], int]:
    """Tokens, numbers and names with their places, and how many tokens make a shingle."""
    tokens: list[str] = []
    numbers: list[tuple[int, str]] = []
    names: list[tuple[int, str]] = []
    unspaced = end = 0
    for match in _TOKEN.finditer(text):
        raw = match[0]
        if raw[0].isdecimal():
            raw = _plain(raw)
            numbers.append((len(tokens), raw))
        elif len(raw) == 1 and _UNSPACED.match(raw):
            unspaced += 1
        elif raw[0].isupper() and tokens and not _OPENS.intersection(text[end : match.start()]):
            names.append((len(tokens), raw.casefold()))
        tokens.append(raw.casefold())
        end = match.end()
        if len(tokens) >= _MAX_TOKENS:
            break
    return tokens, numbers, names, _SHINGLE_UNSPACED if 2 * unspaced > len(tokens) else _SHINGLE


def tokens_of(text: str) -> tuple[list[str], int]:
    """The tokens that `read` finds, and how many make a shingle: every text that is written is cut."""
    if _UNSPACED.search(text):
        tokens, _, _, size = read(text)
        return tokens, size
    raws = _TOKEN.findall(text)[:_MAX_TOKENS]
    tokens = "\n".join(raws).casefold().split("\n")
    return [_plain(token) if token[:1].isdecimal() else token for token in tokens if token], _SHINGLE


def _plain(number: str) -> str:
    return number.replace(",", "").replace(".", "")


@lru_cache(maxsize=16_384)  # 3 MB; nearly all of a text's words are among so many, figures seldom
def token_hash(token: str) -> int:
    """A token as a number of 64 bits."""
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def shingles(tokens: list[str], size: int) -> Any:
    """A hash for each run of `size` tokens, as a numpy array of 64-bit numbers; overflow is wanted."""
    import numpy as np

    words = np.fromiter(map(token_hash, tokens), dtype=np.uint64, count=len(tokens))
    count = max(0, len(tokens) - size + 1)
    found = np.zeros(count, dtype=np.uint64)
    for step in range(size):
        found = found * np.uint64(0x9E3779B97F4A7C15) + words[step : step + count]
        found ^= found >> np.uint64(29)
    return found


def smallest(values: Any, count: int) -> list[int]:
    """The same shingles of any text that has them: the smallest after mixing, smallest first."""
    import numpy as np

    each = np.unique(values)
    mixed = each * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    return [int(value) for value in each[np.argsort(mixed, kind="stable")[:count]]]
