"""Articles for the index and search parts: understood pages of the corpus, copied with changed text.

A copy has an id, a title and an address of its own; a tenth of its longer words are other words of the
same length, so that every offset still holds; its publication lies somewhere in eight years and what
it tells of moves along. Names that stand in one original alone are those of one of forty bearers in each
copy: as in an archive, few names stand in much and most in few articles.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path

from benchmarks import corpus
from dateline.models import Article, Interval, Moment, from_json, to_json

FOLDER = corpus.REPO / ".bench"
_WORD = re.compile(r"\b[a-z]{5,12}\b")
_FIRST = dt.date(2018, 1, 1)
_DAYS = 8 * 365
_BEARERS = 40  # of a name that stands in one original


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
def _base() -> tuple[list[bytes], dict[int, list[str]], set[str]]:
    """The articles' JSON, their longer words by length, and the ids that stand in one of them alone."""
    lines = understood().read_bytes().splitlines()
    words: dict[int, set[str]] = {}
    standing: Counter[str] = Counter()
    for line in lines:
        one = from_json(line, Article)
        for word in _WORD.findall(one.text):
            words.setdefault(len(word), set()).add(word)
        standing.update({entity.entity_id for entity in one.entities})
    rare = {entity_id for entity_id, count in standing.items() if count == 1}
    return lines, {length: sorted(found) for length, found in words.items()}, rare


def article_id(number: int) -> str:
    """The id of the `number`th article: a digest, as real ones are, so that ids do not follow the order."""
    return blake2b(str(number).encode(), digest_size=16).hexdigest()


def article(number: int) -> Article:
    """The `number`th article, the same each time."""
    lines, words, rare = _base()
    chance = random.Random(number)
    made = from_json(lines[number % len(lines)], Article)
    day = _FIRST + dt.timedelta(days=chance.randrange(_DAYS))
    years = day.year - 2021

    def other(found: re.Match[str]) -> str:
        return chance.choice(words[len(found[0])]) if chance.random() < 0.1 else found[0]

    made.text = _WORD.sub(other, made.text)
    made.article_id = article_id(number)
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
    _rename(made, rare, chance.randrange(_BEARERS))
    return made


def _rename(made: Article, rare: set[str], bearer: int) -> None:
    """Another bearer's id and name for the article's rare names; the words of the text stand."""
    other = {one.entity_id: f"{one.entity_id}-{bearer}" for one in made.entities if one.entity_id in rare}
    for entity in made.entities:
        if entity.entity_id in rare:
            entity.entity_id, entity.name = other[entity.entity_id], f"{entity.name} {bearer}"
    for sentence in made.sentences:
        sentence.entity_ids = [other.get(entity_id, entity_id) for entity_id in sentence.entity_ids]
    for quote in made.quotes:
        quote.speaker_id = other.get(quote.speaker_id or "", quote.speaker_id)


def _moved(interval: Interval | None, years: int) -> Interval | None:
    return interval and Interval(start=_shifted(interval.start, years), end=_shifted(interval.end, years))


def _shifted(moment: dt.datetime | None, years: int) -> dt.datetime | None:
    if moment is None or not 1 <= moment.year + years <= 9998:
        return moment
    return moment.replace(year=moment.year + years, day=min(moment.day, 28))


def articles(count: int, first: int = 0) -> Iterator[Article]:
    """Articles by number."""
    return map(article, range(first, first + count))
