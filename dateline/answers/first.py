"""Who reported it first: the outlets of a search, each with its first article, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dateline.models import Moment
from dateline.query import Query
from dateline.stores.base import Store
from dateline.stories.lineage import surely_before
from dateline.texts.copies import host_of
from dateline.texts.scenes import Card

READ = 200  # articles that are read, the oldest
SHOWN = 50  # outlets whose matching sentence is shown


@dataclass(slots=True, kw_only=True)
class Report:
    """What an outlet published first of what answers; `sentence` is the one that matched best."""

    outlet: str
    article_id: str
    title: str | None
    url: str | None
    published_at: Moment | None
    sentence: str = ""
    more: int = 0  # further articles of this outlet, as far as was read


@dataclass(slots=True, kw_only=True)
class First:
    """Who reported it, the first before the others; those without a known time last.

    `sure` is false where the published times that are known (to the day, or in no known zone) do not
    tell which of two outlets was first. `articles` of `total` were read, the oldest.
    """

    total: int
    articles: int
    sure: bool
    reports: list[Report] = field(default_factory=list)


def first(store: Store, query: Query, limit: int = READ, *, sentences: bool = True) -> First:
    """Who reported first what answers a search.

    Args:
        store: is asked once, and once more for the sentences.
        query: its order and page are not looked at.
        limit: how many articles to read, the oldest.
        sentences: whether to show what matched, of the first `SHOWN` outlets.

    Raises:
        QueryError: the query can't be run.
        StoreUnavailable: the store can't be reached.
    """
    told, total = store.cards(replace(query, sort="oldest", limit=limit, cursor=None))
    outlets: dict[str, list[Card]] = {}
    for one in told:
        outlets.setdefault(_outlet(one).casefold(), []).append(one)
    firsts = [theirs[0] for theirs in outlets.values()]
    found = _sentences(store, query, [one.article_id for one in firsts[:SHOWN]]) if sentences else {}
    return First(
        total=total,
        articles=len(told),
        sure=bool(firsts) and surely_before(firsts[0], firsts[1:]),
        reports=[_report(theirs, found) for theirs in outlets.values()],
    )


def _sentences(store: Store, query: Query, ids: list[str]) -> dict[str, str]:
    """The sentence that matched best, by article."""
    asked = replace(query, articles=[*ids], sort="oldest", limit=max(len(ids), 1), cursor=None)
    return {
        hit.article.article_id: next((found.text for found in hit.snippets), "")
        for hit in store.search(asked).hits
    }


def _outlet(one: Card) -> str:
    return one.publisher or host_of(one) or "unknown"


def _report(theirs: list[Card], sentences: dict[str, str]) -> Report:
    one = theirs[0]
    return Report(
        outlet=_outlet(one),
        article_id=one.article_id,
        title=one.title,
        url=one.canonical_url or one.final_url or one.requested_url,
        published_at=one.published_at,
        sentence=sentences.get(one.article_id, ""),
        more=len(theirs) - 1,
    )
