"""Making and undoing corrections: into the journal, then over the articles that are already indexed.

The journal comes first. A process that dies in between leaves a correction that is not `applied`;
`finish` takes it up, and articles written meanwhile have it anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from dateline.answers.export import every_hit
from dateline.corrections.model import FIELDS, Correction, apply, read_moment
from dateline.models import Article
from dateline.query import Query
from dateline.stores.base import EntitySummary, Store
from dateline.stores.document import TYPES

if TYPE_CHECKING:
    from dateline.journal import Journal  # SQLAlchemy takes a second, and the page imports this

MAX_TEXT = 1_000  # characters of a value, a name, a note
BATCH = 200  # articles written at once


class CorrectionError(ValueError):
    """The correction makes no sense; the message says what to write."""


@dataclass(slots=True, kw_only=True)
class Corrected:
    """A correction that was made or undone, and how many articles were written again for it."""

    correction: Correction
    articles: int


def make(store: Store, journal: Journal, asked: Correction) -> Corrected:
    """Record a correction and write again every article that it concerns.

    Entities may be given by any of their names, if only one has it.

    Raises:
        CorrectionError: it makes no sense, or names what the archive does not have.
        StoreUnavailable: recorded, but not all articles were written again: `finish` does it.
    """
    made = journal.correct(checked(store, asked))
    return _finish(store, journal, made)


def undo(store: Store, journal: Journal, number: int, who: str) -> Corrected:
    """Take a correction back and write again every article in which it shows.

    Raises:
        JournalError: there is none of this number, or it was undone before.
    """
    if not who.strip():
        raise CorrectionError("who undoes it? give a name")
    return _finish(store, journal, journal.undo_correction(number, who.strip()))


def finish(store: Store, journal: Journal) -> list[Corrected]:
    """Take up corrections whose articles were not all written again, the oldest first."""
    return [_finish(store, journal, one) for one in reversed(journal.corrections(applied=False))]


def _finish(store: Store, journal: Journal, made: Correction) -> Corrected:
    ids = list(dict.fromkeys(_concerned(store, made)))
    changed = 0
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        found = store.get_many(batch).values()
        changed += sum(row.status == "updated" for row in store.write(found))
    journal.correction_applied(made.number)
    return Corrected(correction=made, articles=changed)


def _concerned(store: Store, made: Correction) -> Iterator[str]:
    if made.article_id is not None:
        yield made.article_id
    elif made.undone is None:
        for hit in every_hit(store, Query(entities=[made.entity_id or ""], sort="newest")):
            yield hit.article.article_id
    if made.undone is not None:
        for hit in every_hit(store, Query(corrections=[str(made.number)], sort="newest")):
            yield hit.article.article_id


def checked(store: Store, asked: Correction) -> Correction:
    """The correction with ids in place of names.

    Raises:
        CorrectionError: it makes no sense, or names what the archive does not have.
    """
    texts = (asked.who, asked.note, asked.name, asked.value, asked.into, asked.entity_id, *asked.names)
    if any(text and len(text) > MAX_TEXT for text in texts) or len(asked.names) > 100:
        raise CorrectionError(f"too long: a value has at most {MAX_TEXT:,} characters")
    if not asked.who.strip():
        raise CorrectionError("who corrects it? give a name")
    made = replace(asked, who=asked.who.strip(), note=asked.note.strip(), applied=None, undone=None)
    article = store.get(made.article_id) if made.article_id else None
    if made.article_id and article is None:
        raise CorrectionError(f"no article {made.article_id}: a search gives the ids")
    if made.kind == "set":
        _check_field(made, article)
        return made
    entity = entity_of(store, made.entity_id or "", article)
    made.entity_id = entity.entity_id
    if made.kind in ("merge", "split"):
        _target(store, made, entity)
    if made.kind == "rename" and not (made.name or "").strip():
        raise CorrectionError("what is it called? give a name")
    if (made.type is not None and made.type.upper() not in TYPES) or (
        made.kind == "retype" and not made.type
    ):
        raise CorrectionError(f"there is no type {made.type!r}: write one of {', '.join(TYPES)}")
    made.type = made.type.upper() if made.type else None
    if article is not None and apply(article, [replace(made, number=1)]).corrections != [1]:
        raise CorrectionError(f"this would change nothing in article {made.article_id}")
    return made


def _check_field(made: Correction, article: Article | None) -> None:
    if article is None:
        raise CorrectionError("of which article? give its id")
    if made.field not in FIELDS:
        raise CorrectionError(
            f"there is no field {made.field!r} to correct: write one of {', '.join(FIELDS)}"
        )
    if made.value is None or (made.field == "title" and not made.value.strip()):
        raise CorrectionError(f"what is its {made.field}? give a value")
    if made.field == "published_at" and made.value.strip():
        try:
            read_moment(made.value)
        except ValueError as error:
            raise CorrectionError(str(error)) from None


def _target(store: Store, made: Correction, entity: EntitySummary) -> None:
    """Fill in what the entity that takes over is called."""
    if made.kind == "split" and not [name for name in made.names if name.strip()]:
        raise CorrectionError("which of its names are another's? give names as they stand in the texts")
    asked = (made.into or "").strip()
    if not asked:
        raise CorrectionError("into which entity? give its name or id")
    found = store.entities(asked, 20)
    exact = [one for one in found if one.entity_id == asked]
    if not exact and len(found) == 1:
        exact = found
    if exact:
        made.into, made.name, made.type = exact[0].entity_id, exact[0].name, exact[0].type or entity.type
    elif found and "/" not in asked:
        raise CorrectionError(_several(asked, found))
    else:
        # one that the archive does not have yet
        made.name = made.name or asked.rpartition("/")[2].replace("-", " ")
        made.type = made.type or entity.type
        if "/" not in asked:
            made.name = asked
            made.into = f"{made.type.lower()}/{'-'.join(asked.casefold().split())}"
    if made.into == entity.entity_id:
        raise CorrectionError(f"{asked} is this entity already")


def entity_of(store: Store, asked: str, article: Article | None = None) -> EntitySummary:
    """The one entity of a name or id; in an article, the one that stands there.

    Raises:
        CorrectionError: there is none, or more than one.
    """
    found = store.entities(asked, 20) if asked.strip() else []
    if not found:
        raise CorrectionError(f"no entity is called {asked!r}: `dateline entities` lists them")
    exact = [one for one in found if one.entity_id == asked]
    if not exact and article is not None:
        here = {entity.entity_id for entity in article.entities}
        exact = [one for one in found if one.entity_id in here]
    exact = exact or found
    if len(exact) > 1:
        raise CorrectionError(_several(asked, exact))
    return exact[0]


def _several(asked: str, found: list[EntitySummary]) -> str:
    ids = ", ".join(one.entity_id for one in found[:5])
    return f"{len(found)} entities are called {asked!r}: give an id, one of {ids}"
