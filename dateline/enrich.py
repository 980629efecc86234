"""Enrich: mentions, entities, time expressions, quotes, sentences, fingerprints, in that order.

One batch at a time, because the language model is several times faster on many texts than on one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from dateline.models import Article, Mention, Moment, TimeExpression
from dateline.texts.fingerprint import content_hash, simhash

Parts = tuple[list[tuple[str, str]], str]  # (part, text) of one article, and its language

# What the language model reads of one article. The rest is kept and searched by words; a note says so.
TEXT_LIMIT = 200_000


def parts_of(article: Article) -> list[tuple[str, str]]:
    """The parts of an article that name people, places and firms: (part, text), the body first."""
    parts = [("body", article.text[:TEXT_LIMIT])]
    if article.title:
        parts.append(("title", article.title))
    for number, caption in enumerate(article.captions):
        parts.append((f"caption:{number}", caption.text))
        if caption.credit:
            parts.append((f"credit:{number}", caption.credit))
    if article.byline or article.authors:
        parts.append(("byline", article.byline or ", ".join(article.authors)))
    if article.dateline and article.dateline.place:
        parts.append(("dateline:place", article.dateline.place))
    return parts


def anchor_of(article: Article) -> Moment | None:
    """What relative expressions count from: the published time, else the digest's own date.

    Where only a month or year of publication is known, the digest's day inside it.
    """
    from dateline.dates.timex import finer

    return finer(article.published_at, article.received_at)


def enrich(articles: Sequence[Article]) -> None:
    """Fill what can be understood of each article, in place.

    A step that fails on one article leaves a note there and does not touch its neighbours.
    """
    batch = [(parts_of(article), article.language or "en") for article in articles]
    for article, (parts, language), mentions in zip(articles, batch, _mentions(batch), strict=True):
        try:
            if isinstance(mentions, Exception):
                raise mentions
            _understand(article, dict(parts), language, mentions)
        except Exception as error:
            article.notes.append(f"not enriched: {type(error).__name__}: {error}")
        if len(article.text) > TEXT_LIMIT:
            article.notes.append(f"names were read in the first {TEXT_LIMIT:,} characters only")
        seal(article)


def seal(article: Article) -> None:
    """Give an article its fingerprint and its hash, in place."""
    article.fingerprint = simhash(article.text)
    article.content_hash = hash_of(article)


def _mentions(batch: Sequence[Parts]) -> list[list[Mention] | Exception]:
    """The mentions of each article: all at once, or one by one where one of them breaks the batch."""
    from dateline.entities.mentions import find_mentions_batch

    try:
        return list(find_mentions_batch(batch))
    except Exception as error:
        if len(batch) <= 1:
            return [error for _ in batch]
        return [found for one in batch for found in _mentions([one])]


def _understand(article: Article, parts: dict[str, str], language: str, mentions: list[Mention]) -> None:
    from dateline.dates.timex import find_times
    from dateline.entities import resolve
    from dateline.entities.mentions_fields import by_fields
    from dateline.entities.quotes import find_quotes
    from dateline.texts.sentences import sentences_of, split

    place = article.dateline.place if article.dateline else None
    mentions = by_fields(mentions, article.byline, article.authors, place)
    text = parts["body"]
    article.times = find_times(text, anchor_of(article), language)
    article.entities = resolve(_no_dates(mentions, article.times), parts, language)
    article.quotes = find_quotes(text, split(text, language), article.entities, language)
    article.sentences = sentences_of(text, article.entities, article.times, language)


def _no_dates(mentions: Sequence[Mention], times: Sequence[TimeExpression]) -> list[Mention]:
    """Without what the resolver of dates has read as a date: the "May" of "in May 2006" names no place.

    What is more than part of a date stays: "Super Bowl Sunday", "Easter".
    """
    starts = [time.start for time in times]
    kept = []
    for mention in mentions:
        at = bisect_right(starts, mention.start) - 1
        whole = mention.part == "body" and at >= 0 and mention.end <= times[at].end
        if not whole or (mention.label == "EVENT" and (mention.start, mention.end) != _span(times[at])):
            kept.append(mention)
    return kept


def _span(time: TimeExpression) -> tuple[int, int]:
    return time.start, time.end


def hash_of(article: Article) -> str:
    """The hash by which a second look tells "unchanged": text and fields, not times of fetching."""
    published = article.published_at.value if article.published_at else ""
    captions = "\n".join(f"{caption.text}\t{caption.credit or ''}" for caption in article.captions)
    return content_hash(
        article.title or "",
        article.text,
        "\n".join(article.authors),
        published,
        article.publisher or "",
        article.section or "",
        captions,
        article.outcome.value,
    )
