"""A saved search, and what it sends."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from dateline.address import from_params
from dateline.query import Query, QueryError, check
from dateline.query_text import format_words

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
MAX_CHANNELS = 10


@dataclass(slots=True, kw_only=True)
class SavedSearch:
    """A search that is kept. `address` is the query part of its URL, the same as everywhere.

    `channels` are "https://…" (a webhook) and "mailto:…"; its feed is always there. A search that can
    no longer be run is off (`enabled` False) with the reason in `problem`; it is never deleted for it.
    """

    name: str
    address: str
    channels: list[str] = field(default_factory=list)
    owner: str = ""
    created_at: dt.datetime | None = None  # aware, UTC; articles indexed before it send nothing
    enabled: bool = True
    problem: str = ""

    def query(self) -> Query:
        """The query, newest first and without a page.

        Raises:
            QueryError: the address means nothing (any more).
        """
        query = from_params(parse_qsl(self.address, keep_blank_values=True))
        query.cursor, query.sort = None, "newest"
        check(query)
        return query


@dataclass(slots=True, kw_only=True)
class Alert:
    """One message of a saved search: an article that answers it, the first of its story.

    `sentence` is the one that matched, `reason` says why in words.
    """

    search: str
    article_id: str
    title: str
    url: str | None
    publisher: str | None
    published_at: str | None
    sentence: str
    reason: str
    story: str | None = None
    number: int = 0
    at: dt.datetime | None = None  # aware, UTC


@dataclass(slots=True, kw_only=True)
class Delivery:
    """An alert on its way through one channel; `key` is the same at each try."""

    alert: Alert
    channel: str
    key: str
    tries: int = 0


def checked(search: SavedSearch) -> SavedSearch:
    """The search, if it may be kept.

    Raises:
        QueryError: its name, query or a channel can't be; the message says what to write.
    """
    if not NAME.fullmatch(search.name):
        raise QueryError(f"name {search.name[:60]!r}: write small letters, digits and hyphens, at most 60")
    search.query()
    if len(search.channels) > MAX_CHANNELS:
        raise QueryError(f"at most {MAX_CHANNELS} channels for one search")
    for channel in search.channels:
        parts = urlsplit(channel)
        web = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        mail = parts.scheme == "mailto" and re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", parts.path)
        if not (web or (mail and not parts.query)):
            raise QueryError(f"channel {channel[:100]!r}: write https://… for a webhook or mailto:name@host")
    return search


def reason_of(query: Query) -> str:
    """Why an article was sent, in words: what the search asked for."""
    said = []
    if query.entities:
        said.append("names " + " and ".join(query.entities))
    if query.any_entities:
        said.append("names one of " + ", ".join(query.any_entities))
    if query.role:
        said.append(f"as {query.role}")
    if query.speakers or query.said is not None:
        words = f"saying {format_words(query.said)}" if query.said is not None else ""
        said.append(" ".join(filter(None, ["quotes", " and ".join(query.speakers) or "somebody", words])))
    if query.words is not None:
        said.append(f"has the words {format_words(query.words)}")
    if query.mentioned:
        from dateline.address import written

        where = " in the same sentence" if query.near else ""
        said.append(f"tells of {written(query.mentioned)}{where}")
    for name, values in (("by", query.authors), ("in", query.publishers), ("under", query.sections)):
        if values:
            said.append(f"{name} {' or '.join(values)}")
    return ", ".join(said) or "is new"
