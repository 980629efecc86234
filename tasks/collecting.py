"""The three tasks of a batch: fetch, understand, index.

What a task has done is on record before it returns, so one that Prefect runs again asks the journal
first and does no work twice. Batches of about a hundred links: a task for each article would cost
the server more than the work itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from dateline.alerts.deliver import deliver
from dateline.alerts.notice import notice
from dateline.crawl.visiting import visit_of
from dateline.journal import Result
from dateline.logs import note
from dateline.models import Link, Outcome
from dateline.settle import settle
from dateline.urls import article_id
from dateline.work import Fetched, Understood
from dateline.workshop import Workshop

# Inputs are live objects and whole texts: hashing them for Prefect's cache would cost more than it
# saves, since the journal knows what is done and the stores' writes are idempotent.
_POLICY: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "retries": 2,
    "retry_delay_seconds": [2, 15],
}


@task(name="fetch", task_run_name="fetch {label}", **_POLICY)
def fetch(shop: Workshop, run_id: str, links: Sequence[Link], label: str) -> list[Fetched]:
    """Fetch a batch into the archive; one Fetched for each link, failures included, in order."""
    done = shop.journal.archived(run_id, [link.link_id for link in links])
    fresh = shop.fetch([link for link in links if link.link_id not in done])
    shop.journal.note_archived(run_id, {row.link.link_id: row.location for row in fresh if row.location})
    for row in fresh:
        if row.location:  # the steps behind this one read it there: hundreds of pages need not be held
            shop.given.pop(row.link.link_id, None)
        note(
            "fetched",
            run_id,
            row.link.link_id,
            url=row.link.url,
            archive=row.location,
            outcome=None if row.location else row.outcome.value,
            reason=row.reason,
        )
    by_id = {row.link.link_id: row for row in fresh}
    shop.progress.add("fetched", len(links))
    return [by_id.get(link.link_id) or Fetched(link=link, location=done[link.link_id]) for link in links]


@task(name="understand", task_run_name="understand {label}", **_POLICY)
def understand(shop: Workshop, fetched: Sequence[Fetched], label: str) -> list[Understood]:
    """Extract and enrich a batch in worker processes; a page that kills one fails alone."""
    understood = shop.understand(fetched)
    shop.progress.add("understood", len(understood))
    return understood


@task(name="index", task_run_name="index {label}", **_POLICY)
def index(shop: Workshop, run_id: str, understood: Sequence[Understood], label: str) -> Counter[str]:
    """Write a batch into the store, then each link's outcome into the journal; counts by outcome."""
    for result in understood:
        if (article := result.article) is not None:
            facts = {"method": article.method, "language": article.language, "characters": len(article.text)}
            names = {"names": len(article.entities), "times": len(article.times)}
            same = {"same": True} if result.same else {}
            note("understood", run_id, result.link_id, outcome=result.outcome.value, **facts, **names, **same)
    with shop.writing:  # the embedded store has one writer
        ids = [result.link_id for result in understood]
        former = {id_: known.article_id for id_, known in shop.journal.known(ids).items() if known.article_id}
        settled = settle(
            shop.store,
            understood,
            former,
            shop.touched,
            on_edits=shop.journal.note_edits,
            enriched=shop.enrich,
        )
        for row in settled:
            if row.dead is not None:
                shop.journal.bury(row.article_id or row.link_id, row.dead, "refused", row.reason, run_id)
        # before the outcomes: a run that is killed here takes the batch again, and nothing is noted twice
        written = [row.article_id for row in settled if row.article_id and row.dead is None]
        notice(shop.store, shop.journal, written)
        shop.journal.record(
            run_id,
            [
                Result(
                    link_id=row.link_id,
                    outcome=row.outcome,
                    reason=row.reason,
                    status=result.status,
                    archive=result.archive,
                    article_id=row.article_id,
                    content_hash=row.content_hash,
                    etag=result.etag,
                    last_modified=result.last_modified,
                    older=row.older and row.link_id in shop.imported,
                )
                for row, result in zip(settled, understood, strict=True)
            ],
        )
        shop.journal.visited(
            run_id, [visit_of(row, result) for row, result in zip(settled, understood, strict=True)]
        )
    for row in settled:
        note(
            "settled",
            run_id,
            row.link_id,
            outcome=row.outcome.value,
            reason=row.reason,
            article=row.article_id,
            edited=row.edited or None,
        )
    counts = Counter(row.outcome.value for row in settled)
    shop.progress.add("settled", len(settled), counts)
    return counts


@task(name="send alerts", **_POLICY)
def send(shop: Workshop) -> Counter[str]:
    """Send what saved searches have to say; what is not taken now waits for the next run."""
    return deliver(shop.journal, shop.settings)


CHILDREN = 100  # sitemaps of an index that one command follows, the newest


def unfold(shop: Workshop, run_id: str, links: Sequence[Link], notes: list[str]) -> list[Link]:
    """Feeds and sitemaps among addresses that were given → their links, expected by this run too."""
    given = {link.link_id: link for link in links if link.source == "command line"}
    known = shop.journal.known(given)
    places = [
        (row.archive, row.url or "")
        for row in known.values()
        if row.outcome is Outcome.NOT_ARTICLE and row.archive and row.last_run == run_id
    ]
    more: dict[str, Link] = {}
    for (_, url), found in zip(places, shop.discovered(places) if places else [], strict=True):
        if found is None:
            continue
        notes.extend(f"{url}: {note}" for note in found.notes)
        for link in found.links:
            link.source = f"{'sitemap' if 'sitemap' in found.kind else 'feed'}:{url}"
            more.setdefault(link.link_id, link)
        children = [child for child in found.more if child.kind == "sitemap"]
        children.sort(key=lambda child: child.modified.timestamp() if child.modified else 0.0, reverse=True)
        if len(children) > CHILDREN:
            notes.append(f"{url}: the newest {CHILDREN} of its {len(children)} sitemaps were read")
        for child in children[:CHILDREN]:
            link = Link(link_id=article_id(child.url), url=child.url, source="command line")
            more.setdefault(link.link_id, link)
    return shop.journal.expect(run_id, [link for id_, link in more.items() if id_ not in given])
