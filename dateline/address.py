"""A query as an address and back: the same parameters in the page's URL, the API and a saved search.

    q, entity, any, none, role, speaker, said, from, to, mentioned (FROM..TO), near, publisher, author,
    section, language, outcome, source, correction, article, disagreeing, story, sort, limit, cursor

Keys that may be given several times are lists in the `Query`; an empty value is no value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from dateline.models import Interval
from dateline.query import Query, QueryError, check, period
from dateline.query_text import format_words, parse_words

# parameter → field of Query, for those that are lists of exact values
LISTS = {
    "entity": "entities",
    "any": "any_entities",
    "none": "no_entities",
    "speaker": "speakers",
    "publisher": "publishers",
    "author": "authors",
    "section": "sections",
    "language": "languages",
    "outcome": "outcomes",
    "source": "sources",
    "correction": "corrections",
    "article": "articles",
}
SORTS = ("relevance", "newest", "oldest")
_DAY = dt.timedelta(days=1)


def span(first: str | None, last: str | None) -> Interval | None:
    """The half-open interval from the first day of `first` to the last day of `last`.

    Each is "2021", "2021-03" or "2021-03-22", or empty for an open end; None if both are.

    Raises:
        QueryError: one is none of these, or the interval ends before it begins.
    """
    start = dt.datetime.combine(period(first)[0], dt.time()) if first else None
    final = period(last)[1] if last else dt.date.max
    # the calendar ends with the year 9999: what lasts to its end is open
    end = dt.datetime.combine(final + _DAY, dt.time()) if final < dt.date.max else None
    if start and end and end <= start:
        raise QueryError(f"{first}..{last} ends before it begins: write the earlier day first")
    return Interval(start=start, end=end) if start or end else None


def mentioned(text: str | None) -> Interval | None:
    """The interval of "FROM..TO", of "FROM.." or "..TO", or of one period."""
    if not text:
        return None
    first, dots, last = text.partition("..")
    return span(first.strip() or None, last.strip() or None) if dots else span(text, text)


def written(interval: Interval | None) -> str:
    """ "2021-03-22..2021-03-28" for an interval of whole days; "" for None."""
    if interval is None:
        return ""
    first, last = days(interval)
    return f"{first}..{last}"


def days(interval: Interval | None) -> tuple[str, str]:
    """First and last day of an interval as ISO dates, "" for an open end."""
    if interval is None:
        return "", ""
    first = interval.start.date().isoformat() if interval.start else ""
    last = (interval.end - dt.timedelta(microseconds=1)).date().isoformat() if interval.end else ""
    return first, last


def from_params(params: Iterable[tuple[str, str]]) -> Query:
    """The query that an address stands for; parameters that are no part of a query are left alone.

    Raises:
        QueryError: a value means nothing; the message names the parameter and says what to write.
    """
    values: dict[str, list[str]] = {}
    for key, value in params:
        if value.strip():
            values.setdefault(key, []).append(value.strip())
    one = {key: given[-1] for key, given in values.items()}
    query = Query(
        words=parse_words(" ".join(values.get("q", []))),
        role=one.get("role"),
        said=parse_words(" ".join(values.get("said", []))),
        published=_named("from, to", span, one.get("from"), one.get("to")),
        mentioned=_named("mentioned", mentioned, one.get("mentioned")),
        near=_flag(one.get("near")),
        disagreeing=_flag(one.get("disagreeing")),
        story=one.get("story"),
        cursor=one.get("cursor"),
    )
    for key, name in LISTS.items():
        setattr(query, name, values.get(key, []))
    if (sort := one.get("sort", "relevance")) not in SORTS:
        raise QueryError(f"sort={sort}: write relevance, newest or oldest")
    query.sort = sort  # type: ignore[assignment]
    limit = one.get("limit", "20")
    if not re.fullmatch(r"[0-9]{1,4}", limit) or not 1 <= int(limit) <= 100:
        raise QueryError(f"limit={limit}: write a number from 1 to 100; for more, go on with the cursor")
    query.limit = int(limit)
    if query.cursor and not re.fullmatch(r"[A-Za-z0-9_=-]{1,700}", query.cursor):
        raise QueryError("cursor: take the one that the last answer gave, or leave it out")
    check(query)
    return query


def from_address(text: str) -> Query:
    """The query of a search's address: "entity=Lavrov&from=2021-03", or a whole URL of the page.

    Raises:
        QueryError: a value means nothing.
    """
    asked = urlsplit(text).query if "?" in text else text
    return from_params(parse_qsl(asked, keep_blank_values=True))


def to_params(query: Query) -> list[tuple[str, str]]:
    """The parameters of a query, in one order, so that one query has one address."""
    first, last = days(query.published)
    pairs = [("q", format_words(query.words) if query.words else "")]
    for key, name in LISTS.items():
        pairs += [(key, value) for value in getattr(query, name)]
    pairs += [
        ("role", query.role or ""),
        ("said", format_words(query.said) if query.said else ""),
        ("from", first),
        ("to", last),
        ("mentioned", written(query.mentioned)),
        ("near", "1" if query.near else ""),
        ("disagreeing", "1" if query.disagreeing else ""),
        ("story", query.story or ""),
        ("sort", query.sort if query.sort != "relevance" else ""),
        ("limit", str(query.limit) if query.limit != 20 else ""),
        ("cursor", query.cursor or ""),
    ]
    return [(key, value) for key, value in pairs if value]


def address(query: Query) -> str:
    """The query part of the URL."""
    return urlencode(to_params(query))


def _flag(text: str | None) -> bool:
    return (text or "").lower() in ("1", "true", "yes", "on")


def _named(name: str, read: Callable[..., Interval | None], *texts: str | None) -> Interval | None:
    try:
        return read(*texts)
    except QueryError as error:
        raise QueryError(f"{name}: {error}") from None
