"""Indices by time behind one alias: an article's part is the year or month of its publication.

    dateline-v4             the base: what has no date, and what was there before there were parts
    dateline-v4-p2016       a part, behind the same alias; searches ask all of them
    dateline-v4-p2016-own   its own alias: writes name an alias, never an index (see `opensearch_bulk`)

An article stays where it is, whatever becomes of its date: before each write all parts are asked for
it, in real time, so that it is there once. Two processes that write a new article at the same moment
under different dates each look again afterwards, and the lower version goes. A rebuild, a swap and a
rollback move a base with its parts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from dateline.stores import calendar, opensearch_schema
from dateline.stores.base import StoreUnavailable
from dateline.stores.document import Document
from dateline.stores.opensearch_client import Client, Missing, Rejected, pauses

_PART = re.compile(r"-p(\d{4}|\d{6})$")
_FIRST, _LAST = 1900, 2100  # years that have parts: a slip of a publisher must not make an index
_OWN = "-own"

Rows = list[dict[str, Any]]


def rollover() -> Literal["", "year", "month"]:
    """DATELINE_ROLLOVER: how new articles are parted; "" leaves all in the base.

    Raises:
        StoreUnavailable: it is something else.
    """
    value = os.environ.get("DATELINE_ROLLOVER", "").strip()
    if value not in ("", "year", "month"):
        raise StoreUnavailable(f"DATELINE_ROLLOVER is {value!r}: write year or month, or leave it out")
    return value  # type: ignore[return-value]


def base_of(index: str) -> str:
    """The base that an index is a part of, or itself."""
    return _PART.sub("", index)


def is_part(index: str) -> bool:
    """Whether an index is a part of another."""
    return _PART.search(index) is not None


def part_of(doc: Document, every: Literal["", "year", "month"]) -> str:
    """The end of the name of a new document's index: "-p2016", "-p201605"; "" for the base."""
    if not every or doc.published is None:
        return ""
    day = calendar.moment(doc.published[0])
    if not _FIRST <= day.year <= _LAST:
        return ""
    return f"-p{day:%Y}" if every == "year" else f"-p{day:%Y%m}"


def behind(client: Client, alias: str, patience: float | None = None) -> tuple[str, ...]:
    """The indices behind an alias, the base first; () where there is none."""
    try:
        answer = client.ask("GET", f"/{alias}/_alias", patience=patience)
        found = sorted(answer, key=lambda name: (is_part(name), name))
    except Missing:
        return ()
    return tuple(found)


def target(alias: str, index: str) -> str:
    """The alias by which an index behind `alias` is written to."""
    return f"{index}{_OWN}" if is_part(index) else alias


def make(client: Client, alias: str, index: str) -> bool:
    """Make a part behind the alias that its base is behind; whether it is there now.

    False where a rebuild took the base's place meanwhile: there is nothing to write to any more.
    """
    body = {
        "settings": opensearch_schema.settings(),
        "mappings": opensearch_schema.mapping(),
        "aliases": {alias: {"is_write_index": False}, f"{index}{_OWN}": {}},
    }
    try:
        client.ask("PUT", f"/{index}", body)
    except Rejected as error:
        if "resource_already_exists_exception" not in str(error):
            raise client.unavailable(str(error)) from error
    if base_of(index) in (found := behind(client, alias)) and index in found:
        return True
    if index in found:
        client.ask("POST", "/_aliases", {"actions": [{"remove": {"index": index, "alias": alias}}]})
    return False


def rows(client: Client, indices: Sequence[str], ids: Iterable[str], source: str, patience: float) -> Rows:
    """What stands under these ids in any of the indices, in real time.

    Raises:
        StoreUnavailable: a part does not answer: what it holds must not be taken for absent.
    """
    docs = [{"_index": index, "_id": id} for id in ids for index in indices]
    problem = ""
    for _ in pauses(patience):
        answer = client.ask("POST", "/_mget", {"docs": docs}, {"_source": source}, patience=patience)
        wrong = [row["error"] for row in answer["docs"] if "error" in row]
        bad = [error for error in wrong if error.get("type") != "index_not_found_exception"]
        if not bad:
            return [row for row in answer["docs"] if row.get("found")]
        problem = str(bad[0].get("reason"))[:200]
    raise client.unavailable(problem)
