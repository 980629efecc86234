"""Articles that just arrived meet the saved searches.

Called for each batch after it stands in the store and before the journal notes its outcomes: a run
that is killed in between takes the batch again, and what was noted before is not noted twice. One
message goes out for each story: a copy by another outlet, or a change of the article, sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dateline.alerts.model import Alert, SavedSearch, reason_of
from dateline.journal import Journal
from dateline.models import Article
from dateline.query import Query, QueryError
from dateline.stores.base import Store

_LISTED = 100  # articles of a story that are looked at for an alert sent before


def notice(store: Store, journal: Journal, article_ids: Iterable[str]) -> int:
    """Note an alert for each saved search and story that these articles begin; how many are new.

    A search that can't be run any more is switched off, and says why.

    Raises:
        StoreUnavailable: nothing is noted; the same call may be made again.
    """
    searches = [search for search in journal.searches() if search.enabled]
    if not searches:
        return 0
    found = store.get_many(article_ids).values()
    articles = [article for article in found if article.indexed_at is not None]
    queries, alerts = _queries(journal, searches), []
    by_id = {article.article_id: article for article in articles}
    for name, matched in store.matching(queries, articles).items():
        if isinstance(matched, QueryError):
            journal.switch_search(name, False, str(matched))
            continue
        search = next(search for search in searches if search.name == name)
        fresh = [by_id[id] for id in matched if _is_new(by_id[id], search)]
        alerts += _alerts(store, journal, search, queries[name], fresh)
    return journal.note_alerts(alerts)


def _queries(journal: Journal, searches: Sequence[SavedSearch]) -> dict[str, Query]:
    queries = {}
    for search in searches:
        try:
            queries[search.name] = search.query()
        except QueryError as error:
            journal.switch_search(search.name, False, str(error))
    return queries


def _is_new(article: Article, search: SavedSearch) -> bool:
    return bool(article.indexed_at and search.created_at and article.indexed_at >= search.created_at)


def _alerts(
    store: Store, journal: Journal, search: SavedSearch, query: Query, articles: Sequence[Article]
) -> list[Alert]:
    """One for each story of which none was sent before, with the outlet that was first."""
    told: set[str] = set()
    alerts = []
    for article in sorted(articles, key=_earliest):
        kin = _kin(store, article)
        if told & kin or journal.alerted(search.name, kin):
            continue
        told |= kin
        alerts.append(alert_of(store, search.name, query, article))
    return alerts


def _earliest(article: Article) -> tuple[bool, str, str]:
    published = article.published_at
    return published is None, published.value if published else "", article.article_id


def _kin(store: Store, article: Article) -> set[str]:
    """The article and all that tell its story: a story's id may change as it grows, its articles' do not."""
    if not article.story:
        return {article.article_id}
    answer = store.search(Query(story=article.story, sort="oldest", limit=_LISTED))
    return {article.article_id, *(hit.article.article_id for hit in answer.hits)}


def alert_of(store: Store, name: str, query: Query, article: Article) -> Alert:
    """The message about an article, with the sentence that matched."""
    return Alert(
        search=name,
        article_id=article.article_id,
        title=article.title or " ".join(article.text.split())[:90],
        url=article.canonical_url or article.final_url or article.requested_url,
        publisher=article.publisher,
        published_at=article.published_at.value if article.published_at else None,
        sentence=next(iter(store.sentences_for(query, article)), "") or article.text[:300],
        reason=reason_of(query),
        story=article.story,
    )
