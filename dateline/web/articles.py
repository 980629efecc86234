"""The page of one article: its text, and all that is known of where each part of it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response

from dateline.corrections.model import FIELDS, Correction
from dateline.models import Article, Candidate, Entity
from dateline.web.api import found
from dateline.web.coverage import missing
from dateline.web.edits import Edit, Marks, beside, edits_of, sides
from dateline.web.journal import journal_of
from dateline.web.render import KINDS, render

if TYPE_CHECKING:
    from dateline.stores.base import Store
    from dateline.stories.lineage import Lineage

router = APIRouter()

ALIKE = 5  # similar articles


@router.get("/article/{article_id}")
def article(request: Request, article_id: str) -> Response:
    """One article: clean text with names and dates marked, and where each field came from."""
    store = request.app.state.store
    item = found(store, article_id)
    told = told_elsewhere(store, item)
    edits, corrections = kept(request, item)
    return render(
        request,
        "article.html",
        {
            "article": item,
            "paragraphs": paragraphs(item),
            "story": told,
            "alike": store.alike(item, ALIKE),
            "history": request.app.state.ledger.history(article_id),
            "named": named(item),
            "fields": fields(item.candidates),
            "beside": beside(item),
            "edits": edits,
            "corrections": corrections,
            "correctable": FIELDS,
            "sides": sides,
            "back": f"/article/{article_id}",
        },
        forms=True,
    )


def told_elsewhere(store: Store, item: Article) -> Lineage | None:
    """How the article's story went round, copies told from own reporting; None where it is alone."""
    if not item.story:
        return None
    from dateline.stories.lineage import lineage, others

    found = others(store, item)
    return lineage([item, *found]) if found else None


def kept(request: Request, item: Article) -> tuple[list[Edit], list[Correction]]:
    """What the journal keeps of an article: its edits, the newest first, and what was corrected."""
    if missing(request.app.state.settings.journal_url):
        return [], []
    try:
        with journal_of(request) as journal:
            versions = journal.versions(item.article_id)
            corrections = journal.corrections(active=True, article_id=item.article_id)
            shown = set(item.corrections) - {one.number for one in corrections}
            if shown:
                corrections += [one for one in journal.corrections(active=True) if one.number in shown]
    except HTTPException:  # an article without its past is better than no article
        return [], []
    return edits_of(versions), corrections


def named(item: Article) -> list[tuple[str, list[Entity]]]:
    """The article's entities by type, people first."""
    kinds = dict.fromkeys([*KINDS, *(entity.type for entity in item.entities)])
    found = [(kind, [one for one in item.entities if one.type == kind]) for kind in kinds]
    return [(kind, entities) for kind, entities in found if entities]


def fields(
    candidates: Mapping[str, Sequence[Candidate]],
) -> list[tuple[str, list[Candidate], list[Candidate]]]:
    """Each field with what was chosen for it and what it was chosen over, likeliest first."""
    made = []
    for name, given in candidates.items():
        chosen = [one for one in given if one.chosen]
        losers = sorted((one for one in given if not one.chosen), key=lambda one: -one.confidence)
        made.append((name, chosen, losers))
    return made


def paragraphs(item: Article) -> list[tuple[str, Marks]]:
    """The text's paragraphs, each with the marks of its names and dates."""
    marks = [(m.start, m.end, "entity") for e in item.entities for m in e.mentions if m.part == "body"]
    marks += [(time.start, time.end, "date") for time in item.times]
    made, at = [], 0
    for paragraph in item.text.split("\n\n"):
        end = at + len(paragraph)
        made.append((paragraph, [(s - at, e - at, k) for s, e, k in marks if at <= s and e <= end]))
        at = end + 2
    return made
