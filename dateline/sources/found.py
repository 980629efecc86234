"""What a reader of a feed, sitemap, section page or list finds: links, where to look next, and notes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from dateline.models import Link

MoreKind = Literal["sitemap", "page", "hub", "feed"]


@dataclass(slots=True, kw_only=True, frozen=True)
class More:
    """An address that holds more: a child sitemap, an older page of a feed, its hub, its new home."""

    url: str
    kind: MoreKind
    modified: dt.datetime | None = None  # aware; what the index says of when it changed


@dataclass(slots=True, kw_only=True, frozen=True)
class Pace:
    """What a source says of how often it changes; None where it says nothing."""

    every: dt.timedelta | None = None  # ttl, sy:updatePeriod, or max-age, the longest of them
    skip_hours: frozenset[int] = frozenset()  # hours of UTC, 0 to 23, in which nothing is new
    skip_days: frozenset[int] = frozenset()  # days of the week in UTC, Monday is 0
    expires: dt.datetime | None = None  # aware UTC; the answer itself is fresh until then
    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True, kw_only=True)
class Found:
    """Links in the source's order, each address once.

    `Link.hints` has, where the source says so: title, summary, text (the whole, paragraphs parted by a
    blank line), author, published, updated, section, language, id, image, and place ("feed" or
    "sitemap"). Dates stand as printed, in ISO 8601 where
    they could be read. `notes` say in one line each what was broken, left out or cut.
    """

    links: list[Link] = field(default_factory=list)
    more: list[More] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pace: Pace = field(default_factory=Pace)
    title: str | None = None  # the source's own name for itself
    language: str | None = None
    home: str | None = None
    kind: str = ""  # "rss 2.0", "atom 1.0", "json feed 1.1", "sitemap", "sitemap index"… "" if none
