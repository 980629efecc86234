"""Whether two texts are copies of one: an agency's report under another headline, with another
intro, cut from its end, with paragraphs of the outlet's own.

Two steps, each a pure function of the texts, so that a grouping made of them can't depend on the
order of arrival:

1. `sketch` gives some forty terms of a text, the same ones for the same passages (the smallest
   hashes of its shingles, after Broder 1997). Both stores index them; texts that share `LEAST` of
   them are looked at.
2. `is_copy` reads both. At least half of the shorter text must stand in the longer one, word for
   word in shingles of five, and not only as a tail: what sites put under every article is no copy.

What looks like a copy and is none: reports made from one template (a market's close, a match, the
weather), which agree but for their numbers and names; a roundup, which holds many texts and would
join them all; a live blog; a stub.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from dateline.models import Dateline, Moment, Outcome

if TYPE_CHECKING:
    from dateline.models import Article

LEAST = 3  # terms of a sketch that two texts must share to be looked at
MIN_WORDS = 45  # a shorter text is a stub or a flash: that two are alike says nothing

_SHINGLE, _SHINGLE_UNSPACED = 5, 9  # tokens; a character is a token where no spaces are written
_SKETCH, _SKETCH_LEAD = 24, 12  # terms from the whole text, and from its beginning
_LEAD = 160  # tokens of the beginning
_MAX_TOKENS = 20_000
_DAYS_APART = 10  # agency copy runs within days; a text that comes later must be the same whole

_TOKEN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|\d+(?:[.,]\d+)*|[^\W\d_]+"
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_OPENS = frozenset(".!?…:;\n\"“„«'‘(|•–—")  # before a capital that opens a sentence, and need be no name
_LIVE = re.compile(
    r"\blive(?:[- ]?(?:blog|ticker|updates?|coverage|feed))?\s*[:|–—-]|\blive (?:updates|blog|ticker)\b"
    r"|\bliveblog|\bliveticker|\ben directo\b|\ben direct\b|as it happened|minuto a minuto"
    r"|/live[/-]|-live(?:[/-]|$)|/liveblog",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?:\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?)\b", re.IGNORECASE)
_STAMPS = 6  # paragraphs that begin with a time of day make a live blog


class Telling(msgspec.Struct, kw_only=True):
    """The part of an article that tells whether it is a copy; a store reads it without the rest."""

    article_id: str
    title: str | None = None
    text: str = ""
    publisher: str | None = None
    agency: str | None = None
    dateline: Dateline | None = None
    requested_url: str | None = None
    final_url: str | None = None
    canonical_url: str | None = None
    published_at: Moment | None = None
    outcome: Outcome = Outcome.INDEXED
    story: str | None = None


def telling(article: Article) -> Telling:
    """The telling of an article."""
    return Telling(**{name: getattr(article, name) for name in Telling.__struct_fields__})


@dataclass(slots=True)
class Body:
    """A text made ready for comparing. Places are numbers of tokens."""

    size: int  # tokens
    shingle: int  # tokens of a shingle
    places: dict[int, int] = field(default_factory=dict)  # shingle → where it first stands
    masked: dict[int, int] = field(default_factory=dict)  # the same without numbers and names
    numbers: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)


@lru_cache(maxsize=512)  # a store asks for it, and then the search for copies of what was written
def sketch(text: str) -> tuple[str, ...]:
    """The terms under which copies of a text are found; none for a text that is too short to tell."""
    tokens, size = _tokens(text)
    if len(tokens) < MIN_WORDS:
        return ()
    shingles = _shingles(tokens, size)
    chosen = dict.fromkeys(_smallest(shingles[:_LEAD], _SKETCH_LEAD))
    chosen |= dict.fromkeys(_smallest(shingles, _SKETCH))
    return tuple(f"{value & 0xFFFFFFFFFF:010x}" for value in chosen)


@lru_cache(maxsize=256)
def body(text: str) -> Body:
    """The text, ready for comparing."""
    tokens, numbers, names, size = _read(text)
    made = Body(size=len(tokens), shingle=size, numbers=numbers, names=names)
    if len(tokens) < size:
        return made
    for place, value in enumerate(_shingles(tokens, size).tolist()):
        made.places.setdefault(value, place)
    bare = list(tokens)
    for place, _ in numbers:
        bare[place] = "#"
    for place, _ in names:
        bare[place] = "@"
    for place, value in enumerate(_shingles(bare, size).tolist()):
        made.masked.setdefault(value, place)
    return made


def share(one: str, other: str) -> float:
    """How much of the text `one` stands in `other`, from 0 to 1."""
    mine, theirs = body(one), body(other)
    if not mine.places:
        return 0.0
    return len(mine.places.keys() & theirs.places.keys()) / len(mine.places)


def stands_in(sentence: str, text: str) -> bool:
    """Whether a sentence stands in a text: most of it word for word, a short one whole."""
    whole = body(text)
    tokens = _read(sentence)[0]
    if len(tokens) < whole.shingle + 3:
        return f" {' '.join(tokens)} " in f" {' '.join(_read(text)[0])} "
    found = _shingles(tokens, whole.shingle).tolist()
    return sum(value in whole.places for value in found) >= len(found) / 2


def is_copy(one: Telling, other: Telling) -> bool:
    """Whether two articles tell the same story in the same words; it does not matter which is first."""
    small, large = sorted((body(one.text), body(other.text)), key=lambda each: len(each.places))
    if min(small.size, large.size) < MIN_WORDS or small.shingle != large.shingle:
        return False
    shared = small.places.keys() & large.places.keys()
    contained = len(shared) / len(small.places)
    ratio = len(small.places) / len(large.places)
    if contained < _needed(one, other, small, ratio):
        return False
    if not _leads(shared, small.places, len(small.places) // 2, 0.25):
        return False  # nothing but a tail
    if ratio < 0.8 and not _opens(shared, small, large) and not _same_title(one, other):
        return False  # somewhere inside a longer text: an item of a roundup
    return _same_facts(small, large, contained)


def _needed(one: Telling, other: Telling, small: Body, ratio: float) -> float:
    """How much of the shorter text must stand in the longer one; above 1 for never."""
    needed = 0.5 if small.size >= 150 else 0.7
    if _is_live(one) or _is_live(other):
        needed = 0.9 if ratio >= 0.8 else 2.0
    if host_of(one) == host_of(other) or _days_apart(one, other) > _DAYS_APART:
        # one site's own furniture and templates; last year's report of the same yearly thing
        needed = max(needed, 0.8 if ratio >= 0.5 else 2.0)
    if ratio < 0.1:
        return 2.0
    return max(needed, 0.7) if ratio < 0.5 else needed


def _leads(shared: set[int], places: dict[int, int], until: int, part: float) -> bool:
    """Whether at least a part of what is shared stands before a place."""
    return sum(places[value] < until for value in shared) >= part * len(shared)


def _opens(shared: set[int], small: Body, large: Body) -> bool:
    """Whether the longer text is the shorter one gone on: agencies are cut from the end."""
    return _leads(shared, large.places, int(1.6 * small.size), 0.75)


def _same_title(one: Telling, other: Telling) -> bool:
    a, b = (set(_read(each.title or "")[0]) for each in (one, other))
    return min(len(a), len(b)) >= 4 and len(a & b) >= 0.6 * min(len(a), len(b))


def _same_facts(small: Body, large: Body, contained: float) -> bool:
    """Whether the numbers and names agree in what is alike but for them."""
    alike = small.masked.keys() & large.masked.keys()
    if contained < 0.75 * len(alike) / max(1, len(small.masked)):
        return False
    covered = {small.masked[value] + step for value in alike for step in range(small.shingle)}
    for mine, theirs, needed in (
        (small.numbers, large.numbers, 0.5),
        (small.names, large.names, 0.6),
    ):
        here = {value for place, value in mine if place in covered}
        there = {value for _, value in theirs}
        if len(here) >= 3 and len(here & there) < needed * len(here):
            return False
    return True


def _is_live(one: Telling) -> bool:
    if _LIVE.search(one.title or "") or _LIVE.search(_url(one)):
        return True
    return sum(bool(_STAMP.match(part)) for part in one.text.split("\n\n")) >= _STAMPS


def _url(one: Telling) -> str:
    return one.canonical_url or one.final_url or one.requested_url or ""


def host_of(one: Telling) -> str:
    """The host of an article's address without www, else its publisher, else its own id."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(_url(one)).hostname
    except ValueError:
        host = None
    return (host or "").removeprefix("www.") or (one.publisher or "").casefold() or one.article_id


def _days_apart(one: Telling, other: Telling) -> float:
    """Days between two publications; 0 where one is unknown or not known to the day."""
    import datetime as dt

    days = []
    for each in (one, other):
        try:
            days.append(dt.date.fromisoformat((each.published_at.value if each.published_at else "")[:10]))
        except ValueError:
            return 0
    return abs((days[0] - days[1]).days)


def _read(text: str) -> tuple[list[str], list[tuple[int, str]], list[tuple[int, str]], int]:
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


def _tokens(text: str) -> tuple[list[str], int]:
    """The tokens that `_read` finds, and how many make a shingle: every text that is written is cut."""
    if _UNSPACED.search(text):
        tokens, _, _, size = _read(text)
        return tokens, size
    raws = _TOKEN.findall(text)[:_MAX_TOKENS]
    tokens = "\n".join(raws).casefold().split("\n")
    return [_plain(token) if token[:1].isdecimal() else token for token in tokens if token], _SHINGLE


def _plain(number: str) -> str:
    return number.replace(",", "").replace(".", "")


@lru_cache(maxsize=65_536)
def _hash(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _shingles(tokens: list[str], size: int) -> Any:
    """A hash for each run of `size` tokens, as a numpy array of 64-bit numbers; overflow is wanted."""
    import numpy as np

    words = np.fromiter(map(_hash, tokens), dtype=np.uint64, count=len(tokens))
    count = max(0, len(tokens) - size + 1)
    found = np.zeros(count, dtype=np.uint64)
    for step in range(size):
        found = found * np.uint64(0x9E3779B97F4A7C15) + words[step : step + count]
        found ^= found >> np.uint64(29)
    return found


def _smallest(shingles: Any, count: int) -> list[int]:
    """The same shingles of any text that has them: the smallest after mixing, smallest first."""
    import numpy as np

    values = np.unique(shingles)
    mixed = values * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    return [int(value) for value in values[np.argsort(mixed, kind="stable")[:count]]]
