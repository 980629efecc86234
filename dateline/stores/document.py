"""The one mapping: what both stores hold of an article. Pure functions, no store's names in them.

A `Document` has everything as plain tokens, terms and numbers, so that the stores differ only in how
they write it down. Limits, each with a note in `Document.notes` and never a failed batch:

    text        the first 2,000,000 characters are searched (all is kept)
    values      names, sections … are cut at 1,000 characters, entity ids at 300, with a digest of
                the whole in place of what was cut: two that begin alike stay two
    entities    the first 2,000 of an article
    intervals   the first 2,000 of an article
    sentences   the first 5,000 that hold two entities, an entity and a date, or somebody's words
    dates       published before 1000 or after 2999 counts as unknown

NUL and lone surrogates become U+FFFD, one for one, so that offsets stay.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from dateline.entities import names
from dateline.models import Article, Entity, Interval, Moment, Sentence, from_json, learn, to_json
from dateline.stores import calendar
from dateline.stores.analysis import analysis_of, fold, shapes, stopwords
from dateline.stores.calendar import Span
from dateline.texts.scenes import Shape, packed, scene_of

if TYPE_CHECKING:
    from dateline.texts.copies import Telling

VERSION = 5  # of this mapping: an index made by another one must be rebuilt

MAX_TEXT = 2_000_000
MAX_VALUE = 1_000
MAX_KEY = 300  # of entity ids and alias keys, which OpenSearch lists by patterns of at most 1,000
MAX_ENTITIES = 2_000
MAX_INTERVALS = 2_000
MAX_SENTENCES = 5_000
MAX_ID = 400  # bytes; OpenSearch allows 512
GAP = 1_000  # places between the parts of a text: more than any phrase may span

MAX_SAID = 4_000  # characters of a quoting sentence of which each word can be asked for

SEPARATOR = "\x1f"  # between the parts of a compound term; cleaned out of every value

# Words are looked for in these: (tokens in order, forms for prefixes).
TEXTS: dict[str | None, tuple[str, str]] = {
    None: ("words", "forms"),
    "title": ("title", "title_forms"),
    "caption": ("caption", "caption_forms"),
    # names are not stemmed, so the tokens are the forms
    **{
        name: (f"{name}_words", f"{name}_words")
        for name in ("author", "publisher", "section", "agency", "topic")
    },
}
STEMMED = (None, "title", "caption")  # texts in the article's language; all others are names
TYPES = ("PERSON", "ORGANIZATION", "LOCATION", "EVENT", "WORK", "LAW", "PRODUCT", "GROUP", "OTHER")
# Exact values that facets count. Those of entities are id and name in one, so that a count comes with
# its label: an id has nearly always one name.
FACETS = ("publisher", "author", "section", "language", "outcome", "source")
ENTITY_FACETS = {"entity": "entity_named"} | {f"type:{kind}": f"entity_{kind.lower()}" for kind in TYPES}
COUNTED = (*FACETS, *ENTITY_FACETS.values())
# Exact values that filters ask for.
FILTERS = (
    "entity",
    "analysis",
    "publisher_key",
    "author_key",
    "section_key",
    "disagreement",
    "disagreeing",
    "story",
    "copy",
    "role",
    "alias",
    "name",
    "correction",
)


@dataclass(slots=True)
class Document:
    """An article as a store holds it.

    `texts` has each positional field as parts, each part its tokens joined by spaces: phrases do not
    run from one part into the next. `terms` has exact values without repeats. `numbers` holds
    period numbers (`published_day`, `mentioned_month` …). `published` is the half-open span that the
    published time stands for, in wall-clock seconds since the year 1, None if unknown; `newest` and
    `oldest` are the sort keys (see `order_keys`). `sentences` are the entity ids and spans that stand
    together; a sentence that quotes somebody has with them the terms of `quoted`, `spoken` and `uttered`.
    `article` is the whole, packed (`part_of`), `scene` what is shown of it beside others.
    """

    id: str
    version: int
    digest: str
    article: bytes
    scene: bytes = b""
    texts: dict[str, list[str]] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    published: Span | None = None
    newest: int = 0
    oldest: int = 0
    mentioned: list[Span] = field(default_factory=list)
    sentences: list[tuple[list[str], list[Span]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def document_id(article_id: str) -> str:
    """The id under which a store keeps an article: its own, or a digest of one that is too long."""
    raw = article_id.encode("utf-8", "surrogatepass")
    if len(raw) <= MAX_ID and article_id and not _DIRTY.search(article_id):
        return article_id
    return "sha256:" + sha256(raw).hexdigest()


def document(article: Article) -> Document:
    """The document of an article."""
    import deflate

    article, body = _cleaned(article)
    notes: list[str] = []
    made = Document(
        id=document_id(article.article_id),
        version=max(article.version, 0),
        digest=_digest(article),
        article=bytes(deflate.zlib_compress(body, 6)),
        scene=packed(scene_of(article)),
        notes=notes,
    )
    _texts(made, article)
    _values(made, article)
    _entities(made, article)
    _published(made, article.published_at)
    _mentioned(made, article)
    return made


def cleaned(article: Article) -> Article:
    """The article without NUL and lone surrogates; itself where it has none."""
    return _cleaned(article)[0]


def article_of(body: bytes) -> Article:
    """The article that a store kept."""
    return part_of(body, Article)


def column_of(shape: type[Shape]) -> str:
    """Which of the two that a store keeps has a shape in it: the article or its scene."""
    return "article" if shape is Article else "scene"


def part_of(body: bytes, shape: type[Shape]) -> Shape:
    """As much of what a store kept as `shape` reads."""
    return from_json(zlib.decompress(body), shape)


def telling_of(body: bytes) -> Telling:
    """The part of a kept article that tells whether it is a copy: less work than the whole."""
    from dateline.texts.copies import Telling

    return from_json(zlib.decompress(body), Telling)


# What a reader can't see, or what says only when and how often we looked: no reason to write again.
_VOLATILE: dict[str, Any] = {
    "indexed_at": None,
    "fetched_at": None,
    "archive": None,
    "version": 0,
    "outcome": "indexed",
    "outcome_reason": "",
}


def _digest(article: Article) -> str:
    same = dataclasses.replace(article, **_VOLATILE)
    return blake2b(to_json(same), digest_size=16).hexdigest()


def digest_number(digest: str) -> int:
    """As much of a digest as a number column holds: 64 bits tell an article's own versions apart."""
    return int(digest[:16], 16)


_DIRTY = re.compile("[\x00\ud800-\udfff]")


def _cleaned(article: Article) -> tuple[Article, bytes]:
    """The article without NUL and lone surrogates, and its JSON."""
    try:
        body = to_json(article)
        if b"\\u0000" not in body:
            return article, body
    except UnicodeEncodeError:
        pass
    learn(Article)
    clean = msgspec.convert(_clean(dataclasses.asdict(article)), Article)
    return clean, to_json(clean)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _DIRTY.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _texts(made: Document, article: Article) -> None:
    analysis = analysis_of(article.language)
    text = article.text
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        made.notes.append(f"only the first {MAX_TEXT:,} characters of the text are searched")
    title = [article.title] if article.title else []
    captions = [caption.text for caption in article.captions]
    credits = [caption.credit for caption in article.captions if caption.credit]
    for name, parts in (
        (None, [text, *title, *captions]),
        ("title", title),
        ("caption", [*captions, *credits]),
    ):
        _text(made, name, parts, analysis)
    host = _host(article)
    for name, parts in (
        ("author", article.authors),
        ("publisher", [article.publisher or "", host]),
        ("section", [article.section or ""]),
        ("agency", [article.agency or "", article.dateline.agency or "" if article.dateline else ""]),
        ("topic", article.topics),
    ):
        _text(made, name, parts, analysis_of(None))


def _text(made: Document, name: str | None, parts: Iterable[str], analysis: str) -> None:
    tokens, forms = TEXTS[name]
    shaped = [shape for shape in (shapes(part, analysis) for part in parts) if shape]
    mark = stem_term("", name, analysis)
    made.texts[tokens] = [" ".join([mark + stem for _, stem in shape]) for shape in shaped]
    if forms != tokens:
        # stop words are found as stems; as forms, the English "us" would answer for "US" in another
        made.terms[forms] = sorted({form for shape in shaped for form, _ in shape} - stopwords(analysis))


def stem_term(stem: str, name: str | None, analysis: str) -> str:
    """A stem as the index has it: with its analysis, where a field has texts of several languages."""
    return f"{analysis}:{stem}" if name in STEMMED else stem


def _host(article: Article) -> str:
    """The host of the article's address: the publisher's name where none is printed."""
    try:
        host = urlsplit(article.canonical_url or article.final_url or article.requested_url or "").hostname
    except ValueError:
        return ""
    return (host or "").removeprefix("www.")


def _values(made: Document, article: Article) -> None:
    from dateline.texts.copies import sketch  # a search does without

    host = _host(article)
    terms = {
        "publisher": [article.publisher or host],
        "publisher_key": [fold(article.publisher or ""), host],
        "author": article.authors,
        "author_key": map(fold, article.authors),
        "section": [article.section or ""],
        "section_key": [fold(article.section or "")],
        "language": [language_key(article.language or "")],
        "analysis": [analysis_of(article.language)],
        "outcome": [str(article.outcome)],
        "source": article.sources,
        "disagreement": article.disagreements,
        "disagreeing": ["yes"] if article.disagreements else [],
        "story": [article.story or ""],
        "correction": list(map(str, article.corrections)),
        "copy": sketch(article.text),
    }
    for name, values in terms.items():
        made.terms[name] = [_value(made, value) for value in dict.fromkeys(values) if value]


def language_key(language: str) -> str:
    """A language as filters and facets know it: "EN" and "en" are one."""
    return language.lower()


def _value(made: Document, value: str) -> str:
    """A value as a term: no separators, and short enough for any store."""
    short = term(value)
    if short != value and len(value) > MAX_VALUE:
        made.notes.append(f"a value of {len(value):,} characters is searched by its beginning")
    return short


@lru_cache(maxsize=65_536)
def id_term(entity_id: str) -> str:
    """An entity's id as the index has it."""
    return term(entity_id, MAX_KEY)


def term(value: str, limit: int = MAX_VALUE) -> str:
    """A value as the index has it; filters pass through here too, so that long ones still meet."""
    value = _DIRTY.sub("\ufffd", value).replace(SEPARATOR, " ")
    if len(value) <= limit:
        return value
    # `limit` long again, so that a cut value passes through unchanged
    return f"{value[: limit - 17]}…{blake2b(value.encode(), digest_size=8).hexdigest()}"


@lru_cache(maxsize=65_536)
def alias_key(name: str) -> str:
    """The key under which names that are one are found: "U.S.", "US" and "the US" are."""
    name = term(name)
    return term(names.alias_key(name) or fold(name), MAX_KEY)


def compound(*parts: str) -> str:
    """One term of several parts."""
    return SEPARATOR.join(parts)


def _entities(made: Document, article: Article) -> None:
    kept = article.entities[:MAX_ENTITIES]
    if len(kept) < len(article.entities):
        made.notes.append(
            f"only the first {MAX_ENTITIES:,} of {len(article.entities):,} entities are searched"
        )
    ids: dict[str, None] = {}  # dicts as sets that keep their order
    roles: dict[str, None] = {}
    aliases: dict[str, None] = {}
    known_as: dict[str, None] = {}
    named: dict[str, dict[str, None]] = {field: {} for field in ENTITY_FACETS.values()}
    for entity in kept:
        entity_id = id_term(entity.entity_id)
        if entity_id not in ids:
            for facet in ("entity", f"type:{_type(entity)}"):
                named[ENTITY_FACETS[facet]][compound(entity_id, term(entity.name))] = None
        ids[entity_id] = None
        shown = dict.fromkeys([entity.name, *entity.names, *(mention.text for mention in entity.mentions)])
        for name in filter(None, map(term, shown)):
            rank = "0" if name == term(entity.name) else "1"
            known_as[compound(entity_id, _type(entity), rank, name)] = None
            aliases[compound(alias_key(name), entity_id)] = None
        for former in entity.formerly:
            aliases[compound(alias_key(former), entity_id)] = None
        for mention in entity.mentions:
            roles[compound(mention.role, entity_id)] = None
    for quote in article.quotes:
        if quote.speaker_id and id_term(quote.speaker_id) in ids:
            roles[compound("speaker", id_term(quote.speaker_id))] = None
    made.terms |= {"entity": list(ids), "role": list(roles), "alias": list(aliases), "name": list(known_as)}
    made.terms |= {field: list(found) for field, found in named.items()}


def _type(entity: Entity) -> str:
    """One type in all articles: "Russian" names a group of people, but it is Russia that is counted."""
    if entity.type == "GROUP" and entity.entity_id.startswith("location/"):
        return "LOCATION"
    return entity.type if entity.type in TYPES else "OTHER"


def _mentioned(made: Document, article: Article) -> None:
    intervals = [time.interval for time in article.times if time.interval is not None]
    for sentence in article.sentences:
        intervals += sentence.intervals
    made.mentioned = _spans(intervals)
    if len(made.mentioned) > MAX_INTERVALS:
        made.notes.append(
            f"only the first {MAX_INTERVALS:,} of {len(made.mentioned):,} intervals are searched"
        )
        made.mentioned = made.mentioned[:MAX_INTERVALS]
    for unit in calendar.UNITS:
        found = {number for times in made.mentioned for number in calendar.periods(unit, times)}
        made.numbers[f"mentioned_{unit}"] = sorted(found)
    known, times = set(made.terms["entity"]), set(made.mentioned)
    for sentence in article.sentences:
        made.sentences += _together(sentence, known, times, _quoting(article, sentence, known))
    if len(made.sentences) > MAX_SENTENCES:
        made.notes.append(f"only the first {MAX_SENTENCES:,} sentences are searched for names beside dates")
        made.sentences = made.sentences[:MAX_SENTENCES]


def quoted() -> str:
    """What stands in each sentence that quotes anybody."""
    return compound("quoted", "")


def spoken(entity_id: str) -> str:
    """What stands in each sentence that quotes this entity."""
    return compound("spoken", entity_id)


def uttered(stem: str) -> str:
    """What stands in each sentence that quotes somebody and has this token (`stem_term`)."""
    return compound("uttered", stem)


def uttered_in(analysis: str) -> str:
    """What stands in each sentence that quotes somebody in texts of this analysis."""
    return uttered(stem_term("", None, analysis))


def _quoting(article: Article, sentence: Sentence, known: set[str]) -> list[str]:
    """The terms of a sentence that quotes somebody, its own words with theirs: in "“It is wrong,” he said
    of the sanctions" the sanctions are what he spoke of."""
    over = [quote for quote in article.quotes if quote.start < sentence.end and sentence.start < quote.end]
    if not over:
        return []
    speakers = (id_term(quote.speaker_id) for quote in over if quote.speaker_id)
    analysis = analysis_of(article.language)
    end = min(sentence.end, sentence.start + MAX_SAID)
    words = [
        uttered(stem_term(stem, None, analysis))
        for form, stem in shapes(article.text[sentence.start : end], analysis)
        if form not in stopwords(analysis)
    ]
    return list(
        dict.fromkeys(
            [quoted(), uttered_in(analysis), *(spoken(id) for id in speakers if id in known), *words]
        )
    )


def _together(
    sentence: Sentence, known: set[str], times: set[Span], quoting: list[str]
) -> list[tuple[list[str], list[Span]]]:
    """The sentence's ids and spans, where it puts anything together, and what it quotes."""
    ids = [entity_id for entity_id in dict.fromkeys(map(id_term, sentence.entity_ids)) if entity_id in known]
    spans = [times_ for times_ in _spans(sentence.intervals) if times_ in times]
    if not (quoting or (ids and (spans or len(ids) > 1))):
        return []
    return [([*ids, *quoting], spans)]


def _spans(intervals: Iterable[Interval]) -> list[Span]:
    return [found for found in dict.fromkeys(map(calendar.span, intervals)) if found is not None]


_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ](?P<hour>\d\d)(?::(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def read_moment(moment: Moment) -> tuple[Span, dt.timedelta] | None:
    """The wall-clock span that a moment stands for at its precision, and its offset from UTC.

    None where it is no ISO 8601 time between the years 1000 and 2999. An unknown zone is read as UTC
    when articles are put in order, never when they are filtered.
    """
    match = _MOMENT.fullmatch(moment.value)
    if match is None or not 1000 <= int(match["year"]) <= 2999:
        return None
    parts = [int(match[name]) for name in ("year", "month", "day", "hour", "minute", "second") if match[name]]
    try:
        start = dt.datetime(*(parts + [1, 1][len(parts) - 1 :] if len(parts) < 3 else parts))  # type: ignore[arg-type]
        end = _after(start, len(parts))
        offset = dt.timedelta()
        if match["zone"]:
            offset = dt.datetime.fromisoformat(f"2000-01-01T00:00{match['zone']}").utcoffset() or offset
    except ValueError:
        return None
    times = calendar.span(Interval(start=start, end=end))
    return None if times is None else (times, offset)


def _after(start: dt.datetime, parts: int) -> dt.datetime:
    """The end of the year, month, day … that starts at `start`."""
    if parts == 1:
        return start.replace(year=start.year + 1)
    if parts == 2:
        return (start + dt.timedelta(days=31)).replace(day=1)
    names = ("days", "hours", "minutes", "seconds")
    return start + dt.timedelta(**{names[parts - 3]: 1})


def _published(made: Document, published_at: Moment | None) -> None:
    read = read_moment(published_at) if published_at else None
    if published_at and read is None:
        made.notes.append(f"published_at {published_at.value[:40]!r} is no date between 1000 and 2999")
    instant = None
    if read is not None:
        made.published, offset = read
        instant = made.published[0] - int(offset.total_seconds())
        for unit in calendar.UNITS:
            made.numbers[f"published_{unit}"] = [calendar.period(unit, made.published[0])]
    made.newest, made.oldest = order_keys(instant, made.id)


_TIE_BITS = 26  # with 36 bits of seconds since the year 1000 they fill 62: a signed long in both stores
_FIRST_SECOND = (dt.date(999, 12, 31).toordinal() - 1) * 86_400  # a day's room for zones
_SECONDS = 1 << 36


def order_keys(instant: int | None, id: str) -> tuple[int, int]:
    """The sort keys of an article: newest first by the one descending, oldest by the other ascending.

    Articles of the same second stand in order of id (of its first 26 bits, which for ids that are
    digests is nearly all there is to it; the stores order the rest by the id itself). Those without
    a published time come last in both.
    """
    if re.fullmatch(r"[0-9a-f]{7,}", id):
        tie = int(id[:7], 16) >> 2
    else:
        tie = int.from_bytes(blake2b(id.encode(), digest_size=4).digest(), "big") >> 6
    first = (1 << _TIE_BITS) - 1 - tie
    if instant is None:
        return first, ((_SECONDS - 1) << _TIE_BITS) | tie
    seconds = min(max(instant - _FIRST_SECOND, 1), _SECONDS - 2)
    return (seconds << _TIE_BITS) | first, (seconds << _TIE_BITS) | tie
