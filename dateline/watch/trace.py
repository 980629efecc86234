"""One URL through every step, from journal, archive and store."""

from __future__ import annotations

from typing import Any

from dateline.archive import Archive
from dateline.journal import Journal
from dateline.settings import Settings
from dateline.urls import article_id, host_of, normalise, unwrap
from dateline.warc import ArchiveError


def trace_of(settings: Settings, url: str) -> dict[str, Any] | None:
    """All that is on record of a link, by its URL in any variant or by its id; None if there is nothing.

    Keys: link_id, url, article_id, and `steps`, each with `step`, `at` (aware UTC, or None) and facts:
    discover, poll, frontier, for each attempt fetch and settle, then version, host; extract, enrich and
    index are of the article as it stands now, next is the visit to come.
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
            steps += _polled(journal, row)
            steps.append({"step": "frontier", "at": row["first_seen"], "source": row["source"]})
        for attempt in journal.rows(link_id=link_id, limit=10_000):
            steps += _visited(settings, attempt)
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
    steps += _stored(settings, id_)
    if row is not None:
        steps.append({"step": "next", "at": row["next_visit"], "state": row["state"], "url": row["url"]})
    return {"link_id": link_id, "url": normalise(address), "article_id": id_, "steps": steps}


def _place(item: Any) -> dict[str, Any]:
    return {"file": item.file, "line": item.start_line} if item is not None else {}


def _polled(journal: Journal, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The poll that put the link into the frontier: the first of its source that was noted after."""
    name = str(row["source"]).partition(":")[2]
    for reading in journal.readings(name):
        if reading.at is not None and reading.at >= row["first_seen"] and reading.new:
            facts = {"source": name, "start": reading.start, "end": reading.end, "new": reading.new}
            places = ", ".join(place for _, place in reading.archives[:3])
            return [{"step": "poll", "at": reading.at, **facts, "archive": places}]
    return []


def _visited(settings: Settings, attempt: dict[str, Any]) -> list[dict[str, Any]]:
    """What one attempt did: the fetch, as the archive has it, and what it was settled as."""
    steps: list[dict[str, Any]] = []
    ended = attempt["ended"] or attempt["started"]
    if attempt["archive"]:
        steps.append({"step": "fetch", "at": ended, "archive": attempt["archive"]})
        try:
            page = Archive(settings.archive_folder).read(attempt["archive"])
        except ArchiveError as error:
            steps[-1]["error"] = str(error)
        else:
            hops = " > ".join(f"{hop.status} {hop.url}" for hop in page.hops)
            facts = {"at": page.fetched_at, "url": page.final_url, "status": page.status}
            steps[-1] |= facts | {"bytes": len(page.body), "hops": hops}
    settled = {name: attempt[name] for name in ("reason", "status", "place") if attempt[name]}
    steps.append(
        {
            "step": "settle",
            "at": ended,
            "run": attempt["run_id"],
            "outcome": attempt["outcome"] or "pending",
            **settled,
            "article": attempt["article_id"],
        }
    )
    return steps


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
        return [{"step": "index", "at": None, "error": str(error)}]
    if article is None:
        return [{"step": "index", "at": None, "article": id_, "state": "not in the store"}]
    return [
        {
            "step": "extract",
            "at": article.fetched_at,
            "archive": article.archive,
            "method": article.method,
            "language": article.language,
            "characters": len(article.text),
            "published": article.published_at.value if article.published_at else None,
        },
        {
            "step": "enrich",
            "at": None,
            "names": len(article.entities),
            "times": len(article.times),
            "quotes": len(article.quotes),
        },
        {
            "step": "index",
            "at": article.indexed_at,
            "article": id_,
            "outcome": article.outcome.value,
            "title": article.title,
            "story": article.story,
            "sources": ", ".join(article.sources),
        },
    ]
