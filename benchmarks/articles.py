"""Articles for the index and search parts: understood pages of the corpus, copied with changed text.

A copy has an id, a title and an address of its own; a tenth of its longer words are other words of the
same length, so that every offset still holds; its publication lies somewhere in eight years and what
it tells of moves along.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from benchmarks import corpus
from dateline.models import Article, Interval, Moment, from_json, to_json

FOLDER = corpus.REPO / ".bench"
_WORD = re.compile(r"\b[a-z]{5,12}\b")
_FIRST = dt.date(2018, 1, 1)
_DAYS = 8 * 365


def understood() -> Path:
    """The file of the corpus' articles, one JSON a line; made by Dateline itself when first needed."""
    path = FOLDER / f"articles-{len(corpus.originals())}.jsonl"
    if not path.exists():
        from dateline.enrich import enrich
        from dateline.extract import extract, read_page

        found = []
        for number, page in enumerate(corpus.originals()):
            url = f"https://news.bench.example/{number}"
            article = extract(read_page(page.body, {}, url))
            article.article_id = f"{number:032x}"
            if len(article.text) > 300:
                found.append(article)
        for start in range(0, len(found), 8):
            enrich(found[start : start + 8])
        FOLDER.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(b"".join(to_json(article) + b"\n" for article in found))
        part.rename(path)
    return path


@cache
def _base() -> tuple[list[bytes], dict[int, list[str]]]:
    lines = understood().read_bytes().splitlines()
    words: dict[int, set[str]] = {}
    for line in lines:
        for word in _WORD.findall(from_json(line, Article).text):
            words.setdefault(len(word), set()).add(word)
    return lines, {length: sorted(found) for length, found in words.items()}


def article(number: int) -> Article:
    """The `number`th article, the same each time."""
    lines, words = _base()
    chance = random.Random(number)
    made = from_json(lines[number % len(lines)], Article)
    day = _FIRST + dt.timedelta(days=chance.randrange(_DAYS))
    years = day.year - 2021

    def other(found: re.Match[str]) -> str:
        return chance.choice(words[len(found[0])]) if chance.random() < 0.1 else found[0]

    made.text = _WORD.sub(other, made.text)
    made.article_id = f"{number:032x}"
    made.title = f"{made.title or 'Untitled'} {number}"
    made.canonical_url = made.final_url = f"https://news-{number % 97}.bench.example/{number}"
    made.published_at = Moment(
        value=f"{day}T{chance.randrange(24):02}:{chance.randrange(60):02}", precision="minute"
    )
    for time in made.times:
        time.interval = _moved(time.interval, years)
    made.sentences = [
        replace(sentence, intervals=[span for each in sentence.intervals if (span := _moved(each, years))])
        for sentence in made.sentences
    ]
    made.version = 1
    return made


def _moved(interval: Interval | None, years: int) -> Interval | None:
    return interval and Interval(start=_shifted(interval.start, years), end=_shifted(interval.end, years))


def _shifted(moment: dt.datetime | None, years: int) -> dt.datetime | None:
    if moment is None or not 1 <= moment.year + years <= 9998:
        return moment
    return moment.replace(year=moment.year + years, day=min(moment.day, 28))


def articles(count: int, first: int = 0) -> Iterator[Article]:
    """Articles by number."""
    return map(article, range(first, first + count))
