"""What the journal is told, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dateline.models import Outcome


@dataclass(slots=True, kw_only=True)
class Result:
    """What `record` is told of one link; None leaves what the journal knew."""

    link_id: str
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    archive: str | None = None
    article_id: str | None = None
    content_hash: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    older: bool = False  # a page of before the one that stands: the link's page stays that one


@dataclass(slots=True, kw_only=True)
class Known:
    """What earlier runs know of a link; `outcome` is None if no run has ended for it yet."""

    link_id: str
    url: str | None
    outcome: Outcome | None
    reason: str | None
    article_id: str | None
    content_hash: str | None
    etag: str | None
    last_modified: str | None
    archive: str | None
    last_run: str | None
    last_ended: dt.datetime | None


@dataclass(slots=True, kw_only=True)
class Run:
    """One run. `alive`: its process still runs on this machine."""

    run_id: str
    kind: str
    started: dt.datetime
    ended: dt.datetime | None
    parameters: dict[str, Any]
    alive: bool
    owner: str = ""  # host:pid


@dataclass(slots=True, kw_only=True)
class Summary:
    """A run in numbers: `links` in (each place counts), `pending` of them without an outcome."""

    links: int = 0
    pending: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)  # (outcome, reason)
    sources: dict[str, Counter[str]] = field(default_factory=dict)  # source → outcomes


@dataclass(slots=True, kw_only=True)
class Coverage:
    """What came of a source's links in an interval, each link counted once, by its last outcome."""

    source: str
    expected: int = 0
    fetched: int = 0
    blocked: int = 0
    paywalled: int = 0
    gone: int = 0
    failed: int = 0
    pending: int = 0
    other: int = 0


@dataclass(slots=True, kw_only=True)
class DeadLetter:
    """A document that the store refused, as it was sent, and why."""

    number: int
    run_id: str | None
    document_id: str
    document: Any
    error_type: str
    reason: str
    at: dt.datetime
    replayed: dt.datetime | None


@dataclass(slots=True, kw_only=True)
class Entry:
    """One line of the audit log."""

    number: int
    at: dt.datetime
    who: str
    what: str
    subject: str
    detail: dict[str, Any]
