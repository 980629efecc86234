"""The pages that are measured on: real ones, copied with changed text, so that no cache helps.

From ../shared/eval where it is there (215 news pages of 100 publishers and more, 20 KB to 1 MB), and
the sample site; without the former the sample site alone. A copy differs from its original in a fifth
of its longer words, has a sentence of its own in each paragraph, and an address of its own that the
page declares, too: each is another article for every extractor.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared" / "eval"

# made-up names, so that the model has some to find in each copy
_PEOPLE = "Marta Velling, Jonas Drake, Ilse Kantor, Pavel Orsk, Aisha Bello, Tomas Rey, Nora Quist".split(
    ", "
)
_PLACES = "Ostrava, Lyon, Tampere, Izmir, Valencia, Cork, Bergen, Graz, Leipzig, Turin".split(", ")


@dataclass(frozen=True, slots=True)
class Original:
    """A page as crawled."""

    name: str
    body: bytes


@cache
def originals() -> tuple[Original, ...]:
    """All pages, the same order each time; a publisher's do not stand side by side."""
    found = []
    for name in ("article", "fundus"):
        for line in (SHARED / name / "truth.jsonl").open() if (SHARED / name).is_dir() else ():
            record = json.loads(line)
            path = SHARED / name / record["html"]
            if path.is_file():
                found.append(Original(f"{name}/{record['id']}", gzip.decompress(path.read_bytes())))
    for path in sorted((REPO / "samples" / "site").rglob("*.html")):
        found.append(Original(path.stem, path.read_bytes()))
    random.Random(8).shuffle(found)
    return tuple(found)


@cache
def _short() -> tuple[Original, ...]:
    """The sample site's articles; its home pages and stubs are none."""
    site = REPO / "samples" / "site"
    pages = [Original(path.stem, path.read_bytes()) for path in sorted(site.rglob("*.html"))]
    return tuple(page for page in pages if page.name != "index" and page.body.count(b"<p") > 3)


def origin() -> str:
    """What the corpus is, for the table."""
    pages = originals()
    size = sum(len(page.body) for page in pages) / len(pages) / 1000
    where = "../shared/eval and samples/site" if SHARED.is_dir() else "samples/site only"
    return f"{len(pages)} pages of {where}, {size:.0f} KB on average"


_CANONICAL = re.compile(rb"""<link\b[^>]*rel=["']?canonical\b[^>]*>""", re.I)
_OG_URL = re.compile(rb"""<meta\b[^>]*property=["']?og:url\b[^>]*>""", re.I)
_HEAD = re.compile(rb"<head\b[^>]*>", re.I)
_BODY_TEXT = re.compile(rb'("articleBody"\s*:\s*")')
# text between tags; what stands in a script or style is left alone
_SKIPPED = re.compile(rb"<(script|style|svg|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.I | re.S)
_WORD = re.compile(rb"(?<![\w&;#-])[a-z]{5,}(?![\w;])")
_PARAGRAPH = re.compile(rb"<p\b[^>]*>", re.I)


def copy(number: int, url: str, *, short: bool = False) -> bytes:
    """The `number`th page: original and changes depend on nothing else; it declares `url` as its own.

    `short` takes the sample site's articles alone, 3 KB each, and changes all their longer words.
    """
    pages = _short() if short else originals()
    page = pages[number % len(pages)]
    chance = random.Random(number)
    own = url.encode()
    body = _HEAD.sub(
        lambda found: found[0] + b'<link rel="canonical" href="' + own + b'">',
        _OG_URL.sub(b"", _CANONICAL.sub(b"", page.body)),
        count=1,
    )
    body = _PARAGRAPH.sub(lambda found: found[0] + _sentence(chance), body)
    body = _BODY_TEXT.sub(lambda found: found[0] + _sentence(chance), body)
    # a dozen originals make thousands of short copies, which must not be copies of each other to Dateline
    return _swapped(body, chance, _short_words(), 1.0) if short else _swapped(body, chance, _words(body), 0.2)


def _sentence(chance: random.Random) -> bytes:
    """A sentence with a number in each five words: those are what tells copies of a text."""
    person, place = chance.choice(_PEOPLE), chance.choice(_PLACES)
    one, other = chance.randrange(2, 99_999), chance.randrange(2, 99_999)
    return f"{person} counted {one} of them in {place}, {other} times. ".encode()


def _words(body: bytes) -> list[bytes]:
    return sorted(set(_WORD.findall(_SKIPPED.sub(b" ", body)))) or [b"words"]


@cache
def _short_words() -> list[bytes]:
    return sorted({word for page in _short() for word in _words(page.body)})


def _swapped(body: bytes, chance: random.Random, words: list[bytes], share: float) -> bytes:
    """A share of the longer words for others."""

    def other(found: re.Match[bytes]) -> bytes:
        return chance.choice(words) if chance.random() < share else found[0]

    out, at = [], 0
    for tag in _SKIPPED.finditer(body):
        out += [_WORD.sub(other, body[at : tag.start()]), tag[0]]
        at = tag.end()
    out.append(_WORD.sub(other, body[at:]))
    return b"".join(out)


def copies(
    count: int, url: str = "http://bench.dateline.test/{}", start: int = 0
) -> Iterator[tuple[str, bytes]]:
    """(url, page) of each."""
    for number in range(start, start + count):
        address = url.format(number)
        yield address, copy(number, address)
