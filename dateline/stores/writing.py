"""What to do with each document of a write: the same decision in both stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dateline.models import Article
from dateline.stores.base import WriteResult
from dateline.stores.document import Document, document


@dataclass(slots=True, frozen=True)
class Standing:
    """The version and digest (its first 16 digits at least) of a document that a store holds."""

    version: int
    digest: str
    index: str = ""  # where it stands, in a store of several


@dataclass(slots=True, frozen=True)
class Decision:
    """Whether to write a document, and what to say of it."""

    write: bool
    status: Literal["created", "updated", "unchanged"]


def made_of(article: Article) -> Document | str:
    """The document of an article, or why there is none."""
    try:
        return document(article)
    except (ValueError, TypeError, AttributeError) as error:
        return f"can't be made into a document: {error}"


def decide(doc: Document, standing: Standing | None) -> Decision:
    """The highest version stands; of equal versions the last written, if it says something else."""
    if standing is None:
        return Decision(True, "created")
    if doc.version < standing.version:
        return Decision(False, "unchanged")
    if doc.digest[:16] == standing.digest[:16]:
        # a newer version of the same must be kept as such: what lies between may not overwrite it
        return Decision(doc.version > standing.version, "unchanged")
    return Decision(True, "updated")


def result(article: Article, doc: Document | str, status: str) -> WriteResult:
    """The result of one article, with the notes of its document."""
    if isinstance(doc, str):
        return WriteResult(article_id=article.article_id, status="refused", reason=doc)
    reason = "; ".join(dict.fromkeys(doc.notes))
    return WriteResult(article_id=article.article_id, status=status, reason=reason)
