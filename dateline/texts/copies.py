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
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from dateline.models import Dateline, Moment, Outcome
from dateline.texts.outline import Outline, outline_of, shared_at_most
from dateline.texts.shingles import read, shingles, smallest, token_hash, tokens_of

if TYPE_CHECKING:
    from dateline.models import Article
    from dateline.texts.scenes import Card

LEAST = 3  # terms of a sketch that two texts must share to be looked at
MIN_WORDS = 45  # a shorter text is a stub or a flash: that two are alike says nothing

_SKETCH, _SKETCH_LEAD = 24, 12  # terms from the whole text, and from its beginning
_LEAD = 160  # tokens of the beginning
_DAYS_APART = 10  # agency copy runs within days; a text that comes later must be the same whole

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
    """A text made ready for comparing, all but its two sizes as numpy arrays. Places are numbers of
    tokens; shingles, numbers and names are hashes of 64 bits."""

    size: int  # tokens
    shingle: int  # tokens of a shingle
    values: Any  # the different shingles in order
    places: Any  # where each first stands
    masked: Any  # the same without numbers and names
    masked_places: Any
    numbers: tuple[Any, Any]  # places, values
    names: tuple[Any, Any]


@lru_cache(maxsize=512)  # a store asks for it, and then the search for copies of what was written
def _cut(text: str) -> tuple[tuple[str, ...], Outline]:
    tokens, size = tokens_of(text)
    found = shingles(tokens, size)
    terms: tuple[str, ...] = ()
    if len(tokens) >= MIN_WORDS:
        chosen = dict.fromkeys(smallest(found[:_LEAD], _SKETCH_LEAD))
        chosen |= dict.fromkeys(smallest(found, _SKETCH))
        terms = tuple(f"{value & 0xFFFFFFFFFF:010x}" for value in chosen)
    return terms, outline_of(len(tokens), size, found)


def sketch(text: str) -> tuple[str, ...]:
    """The terms under which copies of a text are found; none for a text that is too short to tell."""
    return _cut(text)[0]


def outline(text: str) -> Outline:
    """What tells of most texts, unread, that they are no copies of this one: `may_be_copy`."""
    return _cut(text)[1]


@lru_cache(maxsize=1_024)  # some 13 KB for 500 words
def body(text: str) -> Body:
    """The text, ready for comparing."""
    import numpy as np

    tokens, numbers, names, size = read(text)
    values, places = np.unique(shingles(tokens, size), return_index=True)
    bare = list(tokens)
    for place, _ in numbers:
        bare[place] = "#"
    for place, _ in names:
        bare[place] = "@"
    masked, masked_places = np.unique(shingles(bare, size), return_index=True)
    return Body(
        size=len(tokens),
        shingle=size,
        values=values,
        places=places.astype(np.int32),
        masked=masked,
        masked_places=masked_places.astype(np.int32),
        numbers=_facts(numbers),
        names=_facts(names),
    )


def _facts(found: list[tuple[int, str]]) -> tuple[Any, Any]:
    import numpy as np

    places = np.fromiter((place for place, _ in found), dtype=np.int32, count=len(found))
    values = np.fromiter((token_hash(value) for _, value in found), dtype=np.uint64, count=len(found))
    return places, values


def share(one: str, other: str) -> float:
    """How much of the text `one` stands in `other`, from 0 to 1."""
    mine, theirs = body(one).values, body(other).values
    return len(_common(mine, theirs)[0]) / len(mine) if len(mine) else 0.0


def stands_in(sentence: str, text: str) -> bool:
    """Whether a sentence stands in a text: most of it word for word, a short one whole."""
    import numpy as np

    whole = body(text)
    tokens = read(sentence)[0]
    if len(tokens) < whole.shingle + 3:
        return f" {' '.join(tokens)} " in f" {' '.join(read(text)[0])} "
    found = shingles(tokens, whole.shingle)
    return bool(np.isin(found, whole.values).sum() >= len(found) / 2)


def may_be_copy(one: Outline, other: Outline) -> bool:
    """False where `is_copy` is False of any articles with two such texts, whatever else they say."""
    small, large = sorted((one, other), key=lambda each: each.shingles)
    if min(small.tokens, large.tokens) < MIN_WORDS or small.shingle != large.shingle:
        return False
    ratio = small.shingles / large.shingles
    tokens = small.tokens if ratio < 1 else max(small.tokens, large.tokens)  # either may be asked about
    return shared_at_most(small, large) / small.shingles >= _needed_by_size(tokens, ratio)


def is_copy(one: Telling, other: Telling) -> bool:
    """Whether two articles tell the same story in the same words; it does not matter which is first."""
    texts = sorted((one.text, other.text), key=lambda text: (len(body(text).values), text))
    small, large = map(body, texts)
    if min(small.size, large.size) < MIN_WORDS or small.shingle != large.shingle:
        return False
    here, there = _common(small.values, large.values)
    contained = len(here) / len(small.values)
    ratio = len(small.values) / len(large.values)
    if contained < _needed_by_size(small.size, ratio) or contained < _needed(one, other, ratio):
        return False
    if not _leads(small.places[here], len(small.values) // 2, 0.25):
        return False  # nothing but a tail
    # the longer text is the shorter one gone on: agencies are cut from the end
    opens = ratio >= 0.8 or _leads(large.places[there], int(1.6 * small.size), 0.75)
    if not opens and not _same_title(one, other):
        return False  # somewhere inside a longer text: an item of a roundup
    return _same_facts(small, large, contained)


def _common(few: Any, many: Any) -> tuple[Any, Any]:
    """Where in each of two arrays, sorted and without repeats, the values stand that both have."""
    import numpy as np

    if not len(many):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    here = np.flatnonzero(many[at] == few)
    return here, at[here]


def _needed_by_size(tokens: int, ratio: float) -> float:
    """How much of the shorter text must stand in the longer one at least, whoever prints them."""
    if ratio < 0.1:
        return 2.0
    return 0.5 if tokens >= 150 and ratio >= 0.5 else 0.7


def _needed(one: Telling, other: Telling, ratio: float) -> float:
    """How much of it for these two; above 1 for never."""
    needed = 0.0
    if _is_live(one) or _is_live(other):
        needed = 0.9 if ratio >= 0.8 else 2.0
    if host_of(one) == host_of(other) or _days_apart(one, other) > _DAYS_APART:
        # one site's own furniture and templates; last year's report of the same yearly thing
        needed = max(needed, 0.8 if ratio >= 0.5 else 2.0)
    return needed


def _leads(places: Any, until: int, part: float) -> bool:
    """Whether at least a part of what is shared stands before a place."""
    return bool((places < until).sum() >= part * len(places))


def _same_title(one: Telling, other: Telling) -> bool:
    a, b = (set(read(each.title or "")[0]) for each in (one, other))
    return min(len(a), len(b)) >= 4 and len(a & b) >= 0.6 * min(len(a), len(b))


def _same_facts(small: Body, large: Body, contained: float) -> bool:
    """Whether the numbers and names agree in what is alike but for them."""
    import numpy as np

    alike = _common(small.masked, large.masked)[0]
    if contained < 0.75 * len(alike) / max(1, len(small.masked)):
        return False
    covered = np.zeros(small.size, dtype=bool)
    for step in range(small.shingle):
        covered[small.masked_places[alike] + step] = True
    for (places, values), (_, theirs), needed in (
        (small.numbers, large.numbers, 0.5),
        (small.names, large.names, 0.6),
    ):
        here = set(values[covered[places]].tolist())
        if len(here) >= 3 and len(here.intersection(theirs.tolist())) < needed * len(here):
            return False
    return True


def _is_live(one: Telling) -> bool:
    if _LIVE.search(one.title or "") or _LIVE.search(_url(one)):
        return True
    return sum(bool(_STAMP.match(part)) for part in one.text.split("\n\n")) >= _STAMPS


def _url(one: Telling | Card) -> str:
    return one.canonical_url or one.final_url or one.requested_url or ""


def host_of(one: Telling | Card) -> str:
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
