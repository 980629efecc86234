"""Texts held against each other: a publisher's versions, and a digest against its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dateline.models import Article

if TYPE_CHECKING:
    from dateline.versions import Change, Version

EDITS = 10  # newest edits that are compared
Marks = list[tuple[int, int, str]]


@dataclass(slots=True, kw_only=True)
class Edit:
    """What changed from one version to the next."""

    old: Version
    new: Version
    changes: list[Change]


@dataclass(slots=True, kw_only=True)
class Beside:
    """A digest's text held against the page's: sentences the digest has alone, or has otherwise."""

    changes: list[Change]
    more: int  # sentences that only the page has


def edits_of(versions: Sequence[Version]) -> list[Edit]:
    """Each version beside the one before it, the newest first."""
    if len(versions) < 2:
        return []
    from dateline.versions import compare

    pairs = list(pairwise(versions))[-EDITS:]
    return [Edit(old=old, new=new, changes=compare(old, new)) for old, new in reversed(pairs)]


def beside(item: Article) -> Beside | None:
    """The digest against the page; None where there is only one of them."""
    digest = item.item
    if digest is None or not digest.text or item.method == "digest":
        return None
    from dateline.versions import Version, compare, version_of

    seen = item.fetched_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    page = version_of(item, 2) if item.fetched_at else None
    printed = Version(
        article_id=item.article_id,
        number=1,
        seen_at=seen,
        archive=None,
        title=digest.title or item.title,
        text=digest.text,
        language=item.language,
        names=page.names if page else [],
    )
    if page is None:
        page = Version(
            article_id=item.article_id,
            number=2,
            seen_at=seen,
            archive=None,
            title=item.title,
            text=item.text,
            language=item.language,
        )
    changes = compare(printed, page)
    return Beside(
        changes=[change for change in changes if change.kind != "added"],
        more=sum(change.kind == "added" for change in changes),
    )


def sides(change: Change) -> tuple[Marks, Marks]:
    """The marks of a change's old and new text."""
    made: dict[str, Marks] = {"old": [], "new": []}
    for mark in change.marks:
        made[mark.side].append((mark.start, mark.end, mark.kind))
    return made["old"], made["new"]
