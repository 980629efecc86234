"""The last step of a batch: what stands in the store meets what was just understood.

Two rules make the order of arrival not matter: a page outranks any digest, and of two digests'
versions of one article the same one always wins. Each link leaves with exactly one outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dateline import clock
from dateline.corrections.model import restored
from dateline.enrich import hash_of
from dateline.models import Article, DigestItem, Outcome, to_json
from dateline.stores.base import Store
from dateline.stories.grouping import group
from dateline.versions import is_edit
from dateline.work import Understood

# Told of edits, (what stood, what replaces it), before the store is: what a crash leaves half done is
# done again, and noting it twice adds nothing.
OnEdits = Callable[[list[tuple[Article, Article]]], object]

_AHEAD = dt.timedelta(days=1)  # clocks of several machines differ, but not by so much
_SAME = "another link of this run leads to the same article"


@dataclass(slots=True, kw_only=True)
class Settled:
    """A link's outcome, ready for the journal."""

    link_id: str
    outcome: Outcome
    reason: str = ""
    article_id: str | None = None
    content_hash: str | None = None
    edited: bool = False  # the publisher changed the text
    older: bool = False  # its page was fetched before the one that stands
    dead: Article | None = None  # what the store refused, whole


def settle(
    store: Store,
    understood: Sequence[Understood],
    former_ids: dict[str, str],
    touched: set[str],
    on_edits: OnEdits | None = None,
    enriched: Callable[[Sequence[Article]], list[Article]] | None = None,
) -> list[Settled]:
    """Write a batch; one Settled for each link, in order.

    Args:
        store: where the articles go.
        understood: a batch, after extract and enrich.
        former_ids: link_id → article_id of the link's last run; an article that lived under its
            digest's address until its page told the true one is moved, not doubled.
        touched: articles that this run has made or changed, kept up here: a second link to one of
            them is a duplicate, in a later run it is unchanged.
        on_edits: told of the texts that publishers changed.
        enriched: finds the names and dates of articles for which that was left out (`Understood.same`),
            where the store lacks what the journal says it has.

    Raises:
        StoreUnavailable: nothing of the batch is settled; the whole batch can be tried again.
    """
    settled: list[Settled] = []
    writing: dict[str, Article] = {}
    moved: set[str] = set()
    places: dict[str, list[Settled]] = {}
    edits: list[tuple[Article, Article]] = []
    ungrouped: set[str] = set()  # written by a run that was killed before it came to stories
    store.refresh()
    stand = _standing(store, understood, former_ids)
    for result in understood:
        row = Settled(link_id=result.link_id, outcome=result.outcome, reason=result.reason)
        settled.append(row)
        former = former_ids.get(result.link_id)
        if result.article is None or _was_page(result, former, stand, writing, touched):
            _lost(stand, result, row, former, writing, touched, places)
            continue
        article = result.article
        if former and former != article.article_id:
            if article.outcome is Outcome.DIGEST_ONLY:
                article.article_id = former  # its page was here once and told the true address
            else:
                moved.add(former)
        standing = writing.get(article.article_id) or stand.get(article.article_id)
        before = standing or (stand.get(former) if former and former in moved else None)
        winner, row.outcome, row.reason = _meet(standing, article, article.article_id in touched, result)
        if result.same and winner is article and enriched is not None:
            (winner,) = (article,) = enriched([article])
        row.article_id = article.article_id
        row.older = winner is not article and standing is not None and _before(article, standing)
        places.setdefault(article.article_id, []).append(row)
        if before is not None and winner is article and is_edit(before, article):
            edits.append((before, article))
            row.edited = True
        if winner is None:
            if not former:
                ungrouped.add(article.article_id)
        else:
            winner.story = standing.story if standing is not None else None
            winner.indexed_at = clock.now()
            writing[winner.article_id] = winner
            touched.add(winner.article_id)
            row.content_hash = winner.content_hash
    if edits and on_edits is not None:
        on_edits(edits)
    for written in store.write(writing.values()) if writing else []:
        if written.status == "refused":
            for row in places[written.article_id]:
                row.outcome, row.reason = Outcome.REFUSED, written.reason
                row.dead = writing[written.article_id]
    gone = moved - set(places)
    stories = [stand[former].story or "" for former in gone if former in stand]
    if gone:
        store.delete(gone)
    group(store, sorted({*writing, *ungrouped}), stories)
    return settled


def _standing(
    store: Store, understood: Sequence[Understood], former_ids: dict[str, str]
) -> dict[str, Article]:
    """What the archive has of a batch, as its publishers printed it: what a person corrected is no edit."""
    ids = [result.article.article_id for result in understood if result.article is not None]
    ids += [former_ids[result.link_id] for result in understood if result.link_id in former_ids]
    found = store.get_many(ids).items()
    return {id: restored(article) if article.originals else article for id, article in found}


def _was_page(
    result: Understood,
    former: str | None,
    stand: dict[str, Article],
    writing: dict[str, Article],
    touched: set[str],
) -> bool:
    """Whether a page is gone that was read before: what its digest says is less than what stands."""
    if not result.gone or former is None or former in touched:
        return False
    standing = writing.get(former) or stand.get(former)
    return standing is not None and standing.outcome is not Outcome.DIGEST_ONLY


def _lost(
    stand: dict[str, Article],
    result: Understood,
    row: Settled,
    former: str | None,
    writing: dict[str, Article],
    touched: set[str],
    places: dict[str, list[Settled]],
) -> None:
    """A page that is gone keeps its article, marked gone."""
    if result.gone:
        row.outcome = Outcome.GONE
    row.article_id = former if row.outcome in (Outcome.GONE, Outcome.UNCHANGED) else None
    if row.outcome is not Outcome.GONE or former is None or former in touched:
        return
    standing = writing.get(former) or stand.get(former)
    sources = result.article.sources if result.article is not None else []
    if standing is None or standing.outcome is Outcome.DIGEST_ONLY:
        return
    if standing.outcome is Outcome.GONE and set(sources) <= set(standing.sources):
        return
    standing.sources = sorted({*standing.sources, *sources})
    standing.outcome, standing.outcome_reason = Outcome.GONE, result.reason
    standing.content_hash = hash_of(standing)
    standing.version = max(standing.version + 1, int(clock.now().timestamp() * 1000))
    standing.indexed_at = clock.now()
    writing[former] = standing
    touched.add(former)
    places.setdefault(former, []).append(row)


def _meet(
    standing: Article | None, new: Article, touched: bool, result: Understood
) -> tuple[Article | None, Outcome, str]:
    """What to write (None: nothing), the link's outcome, and its reason."""
    if standing is None:
        return new, result.outcome, result.reason
    sources = sorted({*standing.sources, *new.sources})
    winner, loser = _ranked(standing, new)
    if winner is standing or winner.content_hash == standing.content_hash:
        reason = result.reason if result.outcome is Outcome.DIGEST_ONLY else ""
        if reason and standing.outcome is not Outcome.DIGEST_ONLY:
            reason = f"the archived page stands ({reason})"
        outcome = Outcome.DUPLICATE if touched else Outcome.UNCHANGED
        reason = reason or (_SAME if touched else "")
        if sources == standing.sources:
            return None, outcome, reason
        standing.sources = sources
        standing.version += 1
        return standing, outcome, reason
    winner.sources = sources
    winner.version = max(winner.version, standing.version + 1)
    if winner.item is None:
        winner.item = loser.item
    if touched:
        return winner, Outcome.DUPLICATE, result.reason or _SAME
    return winner, Outcome.UPDATED, result.reason


def _ranked(one: Article, other: Article) -> tuple[Article, Article]:
    """The two versions, the one that stands first; the same whichever came first."""

    def rank(article: Article) -> tuple[bool, int, int, int, str]:
        from_page = article.outcome is not Outcome.DIGEST_ONLY
        # the same page reached by two links: the one whose digest said more is the fuller record
        age = _age(article) if from_page and one.text != other.text else 0
        return from_page, age, len(article.text), _fullness(article.item), article.content_hash

    same = one.text == other.text and _fullness(one.item) == _fullness(other.item)
    if same and one.outcome is not Outcome.DIGEST_ONLY and other.outcome is not Outcome.DIGEST_ONLY:
        return (one, other) if _age(one) > _age(other) else (other, one)  # a field was edited
    pair = sorted((one, other), key=rank, reverse=True)
    return pair[0], pair[1]


def _before(article: Article, standing: Article) -> bool:
    pages = Outcome.DIGEST_ONLY not in (article.outcome, standing.outcome)
    return pages and article.version < standing.version


def _age(article: Article) -> int:
    """The version, which says when the page was fetched; 0 for one of the future, which a clock made that
    had jumped: else no edit would come through until that day. The next version goes above it all the same.
    """
    latest = (clock.now() + _AHEAD).timestamp() * 1000
    return article.version if article.version <= latest else 0


def _fullness(item: DigestItem | None) -> int:
    return len(to_json(item)) if item is not None else 0
