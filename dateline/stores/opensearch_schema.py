"""What the OpenSearch index holds of a `Document`: the mapping, and a document's body."""

from __future__ import annotations

import os
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dateline.models import Article
from dateline.stores import calendar
from dateline.stores.base import StoreUnavailable
from dateline.stores.calendar import UNITS, Span
from dateline.stores.document import (
    COUNTED,
    FILTERS,
    GAP,
    TEXTS,
    VERSION,
    Document,
    article_of,
    column_of,
    digest_number,
    part_of,
    telling_of,
)
from dateline.texts.scenes import Shape

if TYPE_CHECKING:
    from dateline.texts.copies import Telling

# The only sort of date that crosses: no zone, no fraction, and years of four digits.
_DATE = "strict_date_hour_minute_second"
# Values that are listed by their beginning (`alias`, `name`) need columns as those that are counted do.
_LISTED = ("alias", "name")

Row = Mapping[str, Any]  # a hit as the server gives it


def settings() -> dict[str, Any]:
    """Settings of a new index. Its tokeniser only cuts our own tokens apart again (see `analysis`).

    DATELINE_SHARDS (1) and DATELINE_REPLICAS say how it is parted and how often it is copied; see
    docs/scaling.md, and `dateline plan`, which works them out.

    Raises:
        StoreUnavailable: one of the two is no such number.
    """
    copies = os.environ.get("DATELINE_REPLICAS")
    return {
        "index": {
            "number_of_shards": _number("DATELINE_SHARDS", "1", least=1),
            # a copy as soon as there is a second node, none before
            **(
                {"number_of_replicas": _number("DATELINE_REPLICAS", "0", least=0)}
                if copies
                else {"auto_expand_replicas": "0-1"}
            ),
            # what is acknowledged is on disk: with "async" a kill lost 1,027 of 2,200 documents
            "translog.durability": "request",
            "analysis": {
                "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1_000}},
                "analyzer": {"tokens": {"type": "custom", "tokenizer": "spaces"}},
            },
        }
    }


def _number(name: str, default: str, *, least: int) -> int:
    text = os.environ.get(name) or default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= 1024:
        raise StoreUnavailable(f"{name} is {text!r}: write a number from {least} to 1024")
    return int(text)


def mapping() -> dict[str, Any]:
    """The strict mapping. Only the digest is kept as source; article and scene lie in columns, from
    which a search reads them in half the time, and the one without the other."""
    text = {"type": "text", "analyzer": "tokens", "position_increment_gap": GAP}
    forms = {"type": "text", "analyzer": "tokens", "index_options": "docs", "norms": False}
    span = {"type": "date_range", "format": _DATE}
    properties: dict[str, Any] = {
        "id": {"type": "keyword"},
        "article": {"type": "binary", "doc_values": True},
        "scene": {"type": "binary", "doc_values": True},
        "digest": {"type": "keyword", "index": False},
        "newest": {"type": "long"},
        "oldest": {"type": "long"},
        "published": span,
        # nothing of ours asks for it; dashboards want a date
        "published_at": {"type": "date", "format": _DATE},
        "mentioned": span,
        "sentences": {
            "type": "nested",
            "properties": {"entity": {"type": "keyword", "doc_values": False}, "mentioned": span},
        },
    }
    for tokens, bare in TEXTS.values():
        properties[tokens] = text
        if bare != tokens:
            properties[bare] = forms
    for name in COUNTED:
        properties[name] = {"type": "keyword"}
    for name in FILTERS:
        properties[name] = {"type": "keyword", "doc_values": name in _LISTED}
    for unit in UNITS:
        for kind in ("published", "mentioned"):
            properties[f"{kind}_{unit}"] = {"type": "integer", "index": False}
    return {
        "dynamic": "strict",
        "_meta": {"mapping": VERSION},
        "_source": {"includes": ["digest"]},
        "properties": properties,
    }


def body(made: Document) -> dict[str, Any]:
    """A document as JSON."""
    found: dict[str, Any] = {
        "id": made.id,
        "article": b64encode(made.article).decode("ascii"),
        "scene": b64encode(made.scene).decode("ascii"),
        "digest": made.digest,
        "newest": made.newest,
        "oldest": made.oldest,
        **made.texts,
        **made.terms,
        **made.numbers,
    }
    if made.published is not None:
        found["published"] = dates(made.published)
        found["published_at"] = _date(made.published[0])
    if made.mentioned:
        found["mentioned"] = [dates(span) for span in made.mentioned]
    if made.sentences:
        found["sentences"] = [
            {"entity": ids, "mentioned": [dates(span) for span in spans]} for ids, spans in made.sentences
        ]
    return {name: value for name, value in found.items() if value != []}


def columns(*names: str) -> dict[str, Any]:
    """What a search says to be given these columns of its hits and nothing else."""
    return {"_source": False, "stored_fields": "_none_", "docvalue_fields": list(names)}


def article(row: Row) -> Article:
    """The article of a hit."""
    return article_of(_column(row, "article"))


def telling(row: Row) -> Telling:
    """The part of a hit's article that tells whether it is a copy."""
    return telling_of(_column(row, "article"))


def part(row: Row, shape: type[Shape]) -> Shape:
    """As much of a hit as `shape` reads."""
    return part_of(_column(row, column_of(shape)), shape)


def key(row: Row) -> int:
    """The key of a hit's article as it is now, see `base.Known`."""
    return digest_number(row["fields"]["digest"][0])


def _column(row: Row, name: str) -> bytes:
    # the server writes a column for addresses, and without its padding
    return urlsafe_b64decode(row["fields"][name][0] + "==")


def dates(span: Span) -> dict[str, str]:
    """A half-open range; an end that is open, or past the year 9999, is left out."""
    start, end = span
    upper = {} if end >= calendar.FOREVER else {"lt": _date(end)}
    return {"gte": _date(start), **upper}


def _date(second: int) -> str:
    return calendar.moment(second).isoformat(timespec="seconds")
