"""Who reported it first: the outlets of a search, each with its first article, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dateline.models import Article, Moment
from dateline.query import Query
from dateline.stores.base import Hit, Store
from dateline.stories.lineage import surely_before
from dateline.texts.copies import host_of, telling


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


def first(store: Store, query: Query, limit: int = 200) -> First:
    """Who reported first what answers a search.

    Args:
        store: is asked once.
        query: its order and page are not looked at.
        limit: how many articles to read, the oldest.

    Raises:
        QueryError: the query can't be run.
        StoreUnavailable: the store can't be reached.
    """
    answer = store.search(replace(query, sort="oldest", limit=limit, cursor=None))
    outlets: dict[str, list[Hit]] = {}
    for hit in answer.hits:
        outlets.setdefault(_outlet(hit.article).casefold(), []).append(hit)
    firsts = [hits[0] for hits in outlets.values()]
    return First(
        total=answer.total,
        articles=len(answer.hits),
        sure=bool(firsts) and surely_before(firsts[0].article, [hit.article for hit in firsts[1:]]),
        reports=[_report(hits) for hits in outlets.values()],
    )


def _outlet(article: Article) -> str:
    return article.publisher or host_of(telling(article)) or "unknown"


def _report(hits: list[Hit]) -> Report:
    article = hits[0].article
    return Report(
        outlet=_outlet(article),
        article_id=article.article_id,
        title=article.title,
        url=article.canonical_url or article.final_url or article.requested_url,
        published_at=article.published_at,
        sentence=next((found.text for found in hits[0].snippets), ""),
        more=len(hits) - 1,
    )
