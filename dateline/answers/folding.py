"""A list of hits by story: other outlets of the same story folded under the one that stands first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dateline.query import Query
from dateline.stores.base import Hit, Store
from dateline.texts.scenes import Card, card_of

# Articles of a page's stories that are looked at. Of a story of which more answer, those that are not
# among them may be shown once more on a later page.
MOST = 200


@dataclass(slots=True)
class Row:
    """A hit with the others that answer and tell its story, in the order of the search."""

    hit: Hit
    also: list[Card] = field(default_factory=list)


def folded(store: Store, query: Query, hits: list[Hit]) -> list[Row]:
    """The hits of a page of `query` in their order, each story once in the whole list.

    A story stands on the page on which its first article stands, with all the others of it that answer,
    wherever they stand in the list; on later pages they are left out. The store is asked once more,
    and only where a hit tells a story.
    """
    stories = list(dict.fromkeys(hit.article.story for hit in hits if hit.article.story))
    told: dict[str, list[Card]] = {}
    for start in range(0, len(stories), 50):
        asked = replace(query, stories=stories[start : start + 50], cursor=None, limit=MOST)
        for one in store.cards(asked)[0]:
            told.setdefault(one.story or "", []).append(one)
    return _rows(hits, told)


def folded_here(hits: list[Hit]) -> list[Row]:
    """Hits of a list without pages by story."""
    told: dict[str, list[Card]] = {}
    for hit in hits:
        if hit.article.story:
            told.setdefault(hit.article.story, []).append(card_of(hit.article))
    return _rows(hits, told)


def _rows(hits: list[Hit], told: dict[str, list[Card]]) -> list[Row]:
    rows: list[Row] = []
    for hit in hits:
        story = told.get(hit.article.story or "", [])
        if story and story[0].article_id == hit.article.article_id:
            rows.append(Row(hit, story[1:]))
        elif not any(one.article_id == hit.article.article_id for one in story):
            rows.append(Row(hit))
    return rows
