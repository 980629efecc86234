"""Links and articles through the steps once more, and into the store where the replay is built."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from dateline.corrections.model import restored
from dateline.enrich import hash_of
from dateline.journal.replaying import Past
from dateline.models import Article, Outcome
from dateline.replay.model import Asked
from dateline.settle import settle
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stories.grouping import group
from dateline.work import Fetched, Understood
from dateline.workshop import Workshop

BATCH = 100  # links or articles that are worked on at once


@contextmanager
def scratch(shop: Workshop, prefix: str = "preview-") -> Iterator[Store]:
    """An empty store in a folder that is gone afterwards, with what people corrected laid over it."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=shop.settings.home) as folder:
        built = EmbeddedStore(Path(folder) / "index")
        built.overlay = shop.store.overlay
        try:
            yield built
        finally:
            built.overlay = None  # it is the other store's to close
            built.close()


def reread(shop: Workshop, pasts: Sequence[Past]) -> list[Understood]:
    """Extract and enrich links again; one result each, in order.

    The newest page that gives an article counts: one that was fetched later and gives none (a consent
    wall, an error page) does not undo what was read before.
    """
    results: dict[str, Understood] = {}
    waiting, age = list(pasts), 0
    while waiting:
        fetched = [_fetched(past, age, _pages(shop, past)) for past in waiting]
        again = []
        for past, result in zip(waiting, shop.understand(fetched), strict=True):
            from_page = result.article is not None and result.outcome is not Outcome.DIGEST_ONLY
            if not from_page and age + 1 < len(past.pages):
                again.append(past)
            if age == 0 or from_page:
                results[past.link.link_id] = result
        waiting, age = again, age + 1
    for past in pasts:
        article = results[past.link.link_id].article
        if past.gone and article is not None and article.outcome is not Outcome.DIGEST_ONLY:
            article.outcome, article.outcome_reason = Outcome.GONE, past.gone
            article.content_hash = hash_of(article)
    return [results[past.link.link_id] for past in pasts]


def _pages(shop: Workshop, past: Past) -> list[str]:
    """Where the further pages of an article of several pages lie: the article itself says so."""
    standing = shop.store.get(past.article_id) if past.article_id and past.pages else None
    return standing.pages if standing is not None else []


def _fetched(past: Past, age: int, more: list[str]) -> Fetched:
    if age < len(past.pages):
        return Fetched(link=past.link, location=past.pages[age], more=more if age == 0 else [])
    outcome = past.outcome
    if outcome in (Outcome.INDEXED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.REFUSED):
        outcome = Outcome.DIGEST_ONLY  # without a page it can only be the digest's own text
    return Fetched(link=past.link, outcome=outcome, reason=past.reason)


def put(shop: Workshop, built: Store, run_id: str, understood: Sequence[Understood]) -> Counter[str]:
    """Write a batch where the replay is built, and note what became of each link; counts by outcome."""
    pasts = shop.journal.pasts([result.link_id for result in understood])
    with shop.writing:
        settled = settle(built, understood, former(pasts), shop.touched)
    for row in settled:
        if row.dead is not None:
            shop.journal.bury(row.article_id or row.link_id, row.dead, "refused", row.reason, run_id)
    shop.journal.note_replayed(
        run_id,
        [
            {
                "link_id": row.link_id,
                "outcome": row.outcome.value,
                "reason": row.reason,
                "article_id": row.article_id,
                "archive": result.archive,
            }
            for row, result in zip(settled, understood, strict=True)
        ],
    )
    return Counter(row.outcome.value for row in settled)


def former(pasts: Iterable[Past]) -> dict[str, str]:
    """The articles of links without a page: what their page once told as its address still holds.

    A page that tells another address than before moves nothing here: where it is built, the former
    article never was.
    """
    return {past.link.link_id: past.article_id for past in pasts if past.article_id and not past.pages}


def redone(shop: Workshop, asked: Asked, articles: Sequence[Article]) -> list[Article]:
    """Articles that stand, ready to be written again: as they were before any correction."""
    bare = [restored(article) if article.originals else article for article in articles]
    return shop.enrich(bare) if asked.step == "enrich" else bare


def standing(shop: Workshop, asked: Asked) -> Iterator[list[Article]]:
    """The articles that `enrich` and `index` work on, in batches."""
    rest = standing_one_by_one(shop.store, asked)
    while batch := list(islice(rest, BATCH)):
        yield batch


def standing_one_by_one(store: Store, asked: Asked) -> Iterator[Article]:
    for article in store.scan():
        late = asked.since is None or (article.indexed_at is not None and article.indexed_at >= asked.since)
        if late and (asked.source is None or any(asked.source in source for source in article.sources)):
            yield article


def write_again(shop: Workshop, built: Store, articles: Sequence[Article]) -> int:
    """Write redone articles and put them into their stories; returns how many were written."""
    with shop.writing:
        rows = built.write(articles)
        group(built, [article.article_id for article in articles])
    return sum(row.status != "refused" for row in rows)


def parts(items: Sequence[Past] | Sequence[Article] | Sequence[str]) -> Iterator[list]:  # type: ignore[type-arg]
    for start in range(0, len(items), BATCH):
        yield list(items[start : start + BATCH])
