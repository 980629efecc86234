"""The words of the house as types: Link, Page, Article, Mention, Entity, TimeExpression, Outcome.

Plain dataclasses, so that importing them costs nothing: `dateline search` must answer in less time
than pydantic or spaCy take to import. `msgspec` turns them into JSON and back (`to_json`,
`from_json`), strictly typed, and FastAPI describes them in OpenAPI as they are.

Times. A published time is kept as printed: ISO 8601 at its own precision, with the zone only if the
source gave one (`Moment`). An `Interval` is half-open and holds naive wall-clock times of the place
that the text speaks from: "on Monday" is a day there, whatever UTC says.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Literal, TypeVar

import msgspec

Precision = Literal["year", "month", "day", "hour", "minute", "second"]
Role = Literal["body", "title", "caption", "credit", "byline", "dateline", "speaker"]


class Outcome(StrEnum):
    """What became of a link in a run; each link ends each run with exactly one."""

    INDEXED = "indexed"  # new in the archive, from its page
    UPDATED = "updated"  # the page's or the item's text or fields changed
    UNCHANGED = "unchanged"  # seen before, nothing to do
    DIGEST_ONLY = "digest_only"  # the digest's text stands; the reason says why the page does not
    PAYWALLED = "paywalled"  # the page shows a stub; what it shows is indexed
    NOT_ARTICLE = "not_article"  # a home page, a consent wall, an error page with status 200
    DUPLICATE = "duplicate"  # another link of the same run leads to the same article
    BLOCKED = "blocked"  # robots.txt, an address that is not public, a scheme we do not speak
    GONE = "gone"  # 404, 410
    FAILED = "failed"  # no answer, 5xx after all retries, unreadable; will be tried again
    REFUSED = "refused"  # the store refused the document; it waits among the dead letters


@dataclass(slots=True, kw_only=True, frozen=True)
class Interval:
    """Half-open [start, end) in naive wall-clock time; None is an open end."""

    start: dt.datetime | None = None
    end: dt.datetime | None = None

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share an instant."""
        return (self.start is None or other.end is None or self.start < other.end) and (
            other.start is None or self.end is None or other.start < self.end
        )


@dataclass(slots=True, kw_only=True, frozen=True)
class Moment:
    """A point in time as a source printed it.

    `value` is ISO 8601 cut at `precision` ("2021-03-23", "2021-04-01T20:01"), with an offset only
    where the source gave a zone; `zone` is that zone as printed ("EST", "+08:00"), None if unknown.
    """

    value: str
    precision: Precision
    zone: str | None = None


@dataclass(slots=True, kw_only=True)
class Caption:
    """A picture's caption with its credit ("Lu Boan/Xinhua via AP"), apart from the text."""

    text: str
    credit: str | None = None


@dataclass(slots=True, kw_only=True)
class Dateline:
    """The place and agency that open a report: "BEIJING (AP) —"."""

    place: str | None = None
    agency: str | None = None


@dataclass(slots=True, kw_only=True)
class DigestItem:
    """One item of a digest, as printed; None or empty where the digest has none.

    `start_line` and `end_line` count from 1, both inclusive. `lines` says for each field that was
    found which lines it came from. `text` has whole paragraphs, one blank line between them.
    """

    file: str
    start_line: int
    end_line: int
    title: str | None = None
    section: str | None = None
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    printed_date: str | None = None
    link: str | None = None
    links: list[str] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    dateline: Dateline | None = None
    text: str = ""
    lines: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Link:
    """A URL with where it was found and what the source already says about it.

    `url` is None for a digest item that prints no link. `link_id` is the identity in the journal:
    the article_id of the normalised URL, or of the normalised text where there is none.
    """

    link_id: str
    url: str | None
    source: str  # name of the source: "digest:news-0401.txt", "feed:example"
    item: DigestItem | None = None
    received_at: Moment | None = None  # the digest's own date, which anchors what it says
    hints: dict[str, str] = field(default_factory=dict)  # title, published… from feed or sitemap


@dataclass(slots=True, kw_only=True)
class Hop:
    """One redirect: the address that answered, and its status."""

    url: str
    status: int


@dataclass(slots=True, kw_only=True)
class Page:
    """What a server answered, as raw bytes after decoding of Content-Encoding.

    Raised errors never become pages; a status of 4xx or 5xx does. `headers` has lower-case names.
    """

    requested_url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: dt.datetime  # aware, UTC
    hops: list[Hop] = field(default_factory=list)
    archive: str | None = None  # "file.warc.gz:offset:record-id" once archived
    header_lines: list[tuple[str, str]] = field(default_factory=list)  # as sent: order, case, repeats
    peer: str | None = None  # the address that answered


def merged(header_lines: list[tuple[str, str]]) -> dict[str, str]:
    """`Page.headers` of the lines as they were sent: of one that was repeated all values, in order."""
    found: dict[str, str] = {}
    for name, value in header_lines:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


@dataclass(slots=True, kw_only=True)
class Candidate:
    """One value that a field could have had, with its evidence."""

    value: str
    place: str  # where it stood: "json-ld", "og:title", "h1", "digest", "url", "header"…
    rule: str = ""  # the rule that read or judged it
    confidence: float = 0.5  # 0 to 1
    chosen: bool = False


@dataclass(slots=True, kw_only=True)
class Mention:
    """A span of one part of an article: `text` == that part's text[start:end].

    `part` is "body" (offsets into Article.text), "title", "caption:0", "byline", "dateline:place".
    """

    start: int
    end: int
    text: str
    label: str
    role: Role = "body"
    part: str = "body"


@dataclass(slots=True, kw_only=True)
class Entity:
    """What mentions resolve to: one id for all its names.

    `entity_id` does not depend on the order of arrival: from the knowledge base where it is known,
    else from type and canonical name ("person/sergei-lavrov"). `names` are all surface forms seen
    in the article plus those that the knowledge base knows, the canonical one first.
    """

    entity_id: str
    name: str
    type: str  # PERSON, ORGANIZATION, LOCATION, EVENT, WORK, LAW, PRODUCT, GROUP
    names: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)  # why names were merged
    formerly: list[str] = field(default_factory=list)  # ids that a person merged into this one


@dataclass(slots=True, kw_only=True)
class TimeExpression:
    """TIMEX3: a span of Article.text, what it means, and the interval it stands for.

    `type` is DATE, TIME, DURATION or SET. `interval` is None where nothing may be guessed: a vague
    expression ("in recent years", value PAST_REF), a duration, or no anchor.
    """

    start: int
    end: int
    text: str
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str
    interval: Interval | None = None
    vague: bool = False
    rule: str = ""


@dataclass(slots=True, kw_only=True)
class Quote:
    """Quoted words with who said them; `speaker_id` is None where that is not sure."""

    start: int
    end: int
    text: str
    speaker: str | None = None
    speaker_id: str | None = None
    cue: str | None = None
    direct: bool = True


@dataclass(slots=True, kw_only=True)
class Sentence:
    """A sentence of Article.text with the entities and intervals that stand in it."""

    start: int
    end: int
    entity_ids: list[str] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Article:
    """Title, text in paragraphs (separated by one blank line), fields, and their evidence.

    `candidates` keeps, for each field, every value found and which one was chosen; `disagreements`
    names the fields in which digest and page, or two places of the page, say different things.
    """

    article_id: str
    requested_url: str | None = None
    final_url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    text: str = ""
    authors: list[str] = field(default_factory=list)
    byline: str | None = None
    published_at: Moment | None = None
    modified_at: Moment | None = None
    publisher: str | None = None
    agency: str | None = None
    section: str | None = None
    topics: list[str] = field(default_factory=list)
    language: str | None = None  # ISO 639-1
    image: str | None = None
    captions: list[Caption] = field(default_factory=list)
    dateline: Dateline | None = None
    paywalled: bool = False
    method: str = ""  # which reading gave the body: "trafilatura", "json-ld", "digest"…
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    outcome: Outcome = Outcome.INDEXED
    outcome_reason: str = ""
    sources: list[str] = field(default_factory=list)  # where its links were found
    item: DigestItem | None = None  # the digest's own version, kept beside the page's
    received_at: Moment | None = None
    fetched_at: dt.datetime | None = None  # aware, UTC
    indexed_at: dt.datetime | None = None  # aware, UTC
    archive: str | None = None
    charset: str | None = None
    pages: list[str] = field(default_factory=list)  # where its further pages lie in the archive

    entities: list[Entity] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    content_hash: str = ""  # of the normalised text and fields: same hash, nothing to write
    fingerprint: str = ""  # SimHash of the text, 16 hex digits, for near duplicates
    story: str | None = None  # id of the story that it tells, the same for all who tell it
    version: int = 1  # milliseconds since the epoch of what it was made from; writes keep the highest
    corrections: list[int] = field(default_factory=list)  # numbers of the corrections that show here
    originals: dict[str, str] = field(default_factory=dict)  # field → JSON of it before corrections

    # Between processes an article travels packed: its hundreds of small parts, pickled one by one, took
    # two and a half times as long.
    def __getstate__(self) -> bytes | dict[str, Any]:
        try:
            return msgspec.msgpack.encode(self)
        except (UnicodeEncodeError, OverflowError, TypeError):  # half a surrogate pair, of a stranger's page
            return {one.name: getattr(self, one.name) for one in fields(self)}

    def __setstate__(self, state: bytes | dict[str, Any]) -> None:
        if isinstance(state, bytes):
            learn(Article)
            whole = msgspec.msgpack.decode(state, type=Article)
            state = {one.name: getattr(whole, one.name) for one in fields(Article)}
        for name, value in state.items():
            setattr(self, name, value)


T = TypeVar("T")

_learned: set[Any] = set()
_learning = threading.Lock()


def learn(type_: Any) -> None:
    """Let msgspec look at a type before it reads one.

    It does so at the first reading, and a second thread that reads meanwhile finds half of the type and
    ends the process: two searches at once, right after the start, were enough.
    """
    if type_ not in _learned:
        with _learning:
            msgspec.json.Decoder(type_)
            _learned.add(type_)


def to_json(value: Any) -> bytes:
    """JSON of any type of this module; datetimes as ISO 8601."""
    return msgspec.json.encode(value)


def from_json(data: bytes | str, type_: type[T]) -> T:
    """The value of `type_` in `data`.

    Raises:
        msgspec.ValidationError: the JSON does not have the type's shape.
    """
    learn(type_)
    return msgspec.json.decode(data, type=type_)
