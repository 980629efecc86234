"""One URL through every step, from journal, archive and store."""

from __future__ import annotations

from typing import Any

from dateline.journal import Journal
from dateline.settings import Settings
from dateline.urls import article_id, host_of, normalise, unwrap


def trace_of(settings: Settings, url: str) -> dict[str, Any] | None:
    """All that is on record of a link, by its URL in any variant or by its id; None if there is nothing.

    Keys: link_id, url, article_id, and `steps`, each with `step`, `at` (aware UTC, or None) and facts.
    """
    link_id = url if len(url) == 32 and "/" not in url else article_id(unwrap(url))
    with Journal(settings.journal_url) as journal:
        known = journal.known([link_id]).get(link_id)
        row = journal.frontier_row(link_id)
        if known is None and row is None:
            return None
        steps: list[dict[str, Any]] = [
            {"step": "discover", "at": None, "source": link.source, **_place(link.item)}
            for link in journal.links([link_id]).get(link_id, [])
        ]
        if row is not None:
            steps.append({"step": "frontier", "at": row["first_seen"], "source": row["source"]})
        for attempt in journal.rows(link_id=link_id, limit=10_000):
            steps.append(
                {
                    "step": "visit",
                    "at": attempt["ended"] or attempt["started"],
                    "run": attempt["run_id"],
                    "outcome": attempt["outcome"] or "pending",
                    "reason": attempt["reason"],
                    "status": attempt["status"],
                    "archive": attempt["archive"],
                    "article": attempt["article_id"],
                }
            )
        id_ = (known.article_id if known else None) or (row["article_id"] if row else None)
        for version in journal.versions(id_) if id_ else []:
            steps.append(
                {
                    "step": "version",
                    "at": version.seen_at,
                    "number": version.number,
                    "silent": version.silent,
                    "archive": version.archive,
                }
            )
        address = (row["url"] if row else None) or (known.url if known else None) or url
        host = host_of(address)
        for turn in journal.turns(resting=True):
            if turn.host == host:
                steps.append({"step": "host", "at": turn.down_since, "resting_until": turn.rest_until})
        steps.sort(key=lambda step: (step["at"] is not None, step["at"]))
        if row is not None:
            steps.append({"step": "next", "at": row["next_visit"], "state": row["state"], "url": row["url"]})
    steps += _stored(settings, id_)
    return {"link_id": link_id, "url": normalise(address), "article_id": id_, "steps": steps}


def _place(item: Any) -> dict[str, Any]:
    return {"file": item.file, "line": item.start_line} if item is not None else {}


def _stored(settings: Settings, id_: str | None) -> list[dict[str, Any]]:
    from dateline.stores import open_store
    from dateline.stores.base import StoreUnavailable

    if id_ is None:
        return []
    try:
        store = open_store(settings)
        try:
            article = store.get(id_)
        finally:
            store.close()
    except StoreUnavailable as error:
        return [{"step": "store", "at": None, "error": str(error)}]
    if article is None:
        return [{"step": "store", "at": None, "article": id_, "state": "not in the store"}]
    return [
        {
            "step": "store",
            "at": article.indexed_at,
            "article": id_,
            "outcome": article.outcome.value,
            "title": article.title,
            "sources": ", ".join(article.sources),
        }
    ]
