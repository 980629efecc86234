"""Names in an article: exact spans, their types, and the part they stand in.

`find_mentions` reads titles, body, captions, bylines and datelines. English is read by spaCy's medium
model with rules and a knowledge base over it; for German, French, Spanish and every other language in
Latin letters no model ships: see `mentions_other`.

Types: PERSON, ORGANIZATION (clubs, agencies, parties by name, media), LOCATION (countries, also as teams;
cities, regions, buildings, stadiums, the White House), EVENT (competitions, wars, holidays, storms),
WORK (films, books, songs, shows), LAW (acts, treaties), PRODUCT (vehicles, vaccines by name, indices),
GROUP (nationalities with their adjectives, religions, adherents of parties: "Russian", "Republicans").

A span holds no article, possessive, title or punctuation; "U.S." before an official name stays inside.
Texts longer than MAX_ARTICLE characters are read up to there. Any string is read: lone surrogates and
NUL are letters of no name. The work is linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from dateline.entities import mentions_other, model
from dateline.entities.mentions_settle import complete, settle
from dateline.entities.mentions_text import MAX_ARTICLE, Line, lines_of
from dateline.models import Mention

__all__ = ["MAX_ARTICLE", "find_mentions", "find_mentions_batch"]

Parts = Sequence[tuple[str, str]]
_BATCH_ARTICLES = 32


def find_mentions(parts: Parts, language: str | None = "en") -> list[Mention]:
    """The names in one article's parts, (name of the part as in Mention.part, its text).

    In the order of the parts and of the text. `language` is ISO 639-1; unknown is read as English.
    """
    return next(find_mentions_batch([(parts, language)]))


def find_mentions_batch(articles: Iterable[tuple[Parts, str | None]]) -> Iterator[list[Mention]]:
    """`find_mentions` for many articles, in order, with the model read in batches of lines."""
    stream = iter(articles)
    while batch := list(islice(stream, _BATCH_ARTICLES)):
        prepared = [lines_of([(part, _clean(text)) for part, text in parts]) for parts, _ in batch]
        readable = [
            line.model
            for (_, language), lines in zip(batch, prepared, strict=True)
            if _english(language)
            for line in lines
        ]
        found = model.read(readable) if readable else iter(())
        for (parts, language), lines in zip(batch, prepared, strict=True):
            if _english(language):
                settle(lines, [next(found) for _ in lines])
            else:
                for line, spans in zip(lines, mentions_other.read(lines, language or ""), strict=True):
                    line.spans = spans
                complete(lines)
            texts = dict(parts)  # what was cleaned of a text is part of no name
            yield [
                mention
                for line in lines
                for mention in _mentions(line)
                if texts[mention.part][mention.start : mention.end] == mention.text
            ]


def _english(language: str | None) -> bool:
    return not language or language[:2] == "en"


def _clean(text: str) -> str:
    """Same length, without what the model's tokenizer can't read."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        return "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _mentions(line: Line) -> Iterator[Mention]:
    for start, end, label in line.spans:
        yield Mention(
            start=line.offset + start,
            end=line.offset + end,
            text=line.raw[start:end],
            label=label,
            role=line.role,
            part=line.part,
        )
