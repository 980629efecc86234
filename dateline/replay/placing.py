"""A replay begun or gone on with, and what it built put in place."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice

from dateline import clock
from dateline.models import Outcome
from dateline.replay.making import BATCH, parts, put, reread, scratch
from dateline.replay.model import Asked, ReplayError
from dateline.stores.base import Store
from dateline.stories.grouping import group
from dateline.workshop import Workshop

_LOOKS = 3  # for what other runs did meanwhile
_LEAST = 0.98  # of the articles that stand: a rebuild with fewer is not swapped in unasked


@dataclass(slots=True, kw_only=True)
class Running:
    """A replay at work: where it is built, since when, and the links that it is done with."""

    run_id: str
    asked: Asked
    built: Store
    began: dt.datetime
    done: set[str] = field(default_factory=set)
    written: int = 0


@contextmanager
def running(shop: Workshop, asked: Asked) -> Iterator[Running]:
    """Begin a replay, or go on with one of the whole archive that was killed.

    Raises:
        ReplayError: another one is at work.
    """
    began = clock.now()
    parameters = asdict(asked) | {"since": asked.since.isoformat() if asked.since else None}
    run_id, built = "", None
    for left in shop.journal.unfinished_runs("replay"):
        if left.alive:
            raise ReplayError(f"replay {left.run_id} is at work: wait until it is done, or stop it")
        if not shop.journal.take_over(left):  # another process was faster
            raise ReplayError(f"replay {left.run_id} was just taken up by another process")
        if asked.whole and left.parameters == parameters and (built := shop.store.building()) is not None:
            run_id, began = left.run_id, left.started
        else:
            shop.journal.end_run(left.run_id)
    run_id = run_id or shop.journal.begin_run("replay", parameters)
    done = shop.journal.replayed_links(run_id)
    if asked.whole:
        work = Running(
            run_id=run_id, asked=asked, built=built or shop.store.begin_rebuild(), began=began, done=done
        )
        try:
            yield work
        except ReplayError:
            shop.store.abandon()
            shop.journal.end_run(run_id)
            raise
    else:
        for left_behind in shop.settings.home.glob("replay-*"):  # by one that was killed
            shutil.rmtree(left_behind, ignore_errors=True)
        with scratch(shop, "replay-") as built:
            yield Running(run_id=run_id, asked=asked, built=built, began=began)
    shop.journal.end_run(run_id)


def finish(shop: Workshop, work: Running, approved: bool) -> str:
    """Put what was built in place; returns one line that says what was done.

    Raises:
        ReplayError: the counts are not right; what answered goes on to answer.
    """
    extracted = work.asked.step == "extract"
    if not work.asked.whole:
        changed = lay_over(shop, work.built)
        left = shop.journal.left_by(work.run_id) - shop.journal.not_kept() if extracted else set()
        stories = [old.story or "" for old in map(shop.store.get, left) if old is not None]
        gone = shop.store.delete(left) if left else 0
        group(shop.store, [], stories)
        shop.journal.adopt_replayed(work.run_id)
        return f"{_told(shop, work)}{changed:,} articles changed, {gone:,} removed"
    looked = catch_up(shop, work.built, work.run_id, work.began) if extracted else work.began
    if extracted:
        _carry(shop, work.built)
    checked(shop, work.built, work.asked, work.run_id, work.written, approved)
    before = shop.store.count()
    shop.store.swap()
    if extracted:
        catch_up(shop, shop.store, work.run_id, looked)  # what ended between the last look and the swap
        shop.journal.adopt_replayed(work.run_id)
    after = shop.store.count()
    return (
        f"{_told(shop, work)}the new index answers, with {after:,} articles (before: {before:,}); "
        "`dateline replay --rollback` goes back"
    )


def _told(shop: Workshop, work: Running) -> str:
    counts = shop.journal.replayed(work.run_id)
    each = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
    return f"{sum(counts.values()):,} links read again: {each}; " if counts else ""


def _carry(shop: Workshop, built: Store) -> None:
    """Take over what can't be made again: articles whose publishers let us read their pages, not keep
    them."""
    for part in parts(sorted(shop.journal.not_kept())):
        carried = [article for article in map(shop.store.get, part) if article is not None]
        carried = [article for article in carried if article.outcome is not Outcome.DIGEST_ONLY]
        built.write(carried)
        group(built, [article.article_id for article in carried])


def catch_up(shop: Workshop, built: Store, run_id: str, began: dt.datetime) -> dt.datetime:
    """Replay what other runs ended since `began`; returns when it looked last.

    What they write goes to both indexes anyway, but for what was on its way when the replay began. So
    under a crawl that never rests a few looks are enough.
    """
    for _ in range(_LOOKS):
        looked = clock.now()
        late = shop.journal.pasts(shop.journal.replayable(since=began))
        for part in parts(late):
            put(shop, built, run_id, reread(shop, part))
        began = looked
        if not late:
            break
    return began


def checked(shop: Workshop, built: Store, asked: Asked, run_id: str, written: int, approved: bool) -> None:
    """Whether the new index may answer.

    Raises:
        ReplayError: it lacks articles that it should hold.
    """
    held, stands = built.count(), shop.store.count()
    expected = len(shop.journal.replayed_articles(run_id)) if asked.step == "extract" else written
    if held < expected and (asked.step != "extract" or _missing(shop, built, run_id)):
        raise ReplayError(f"the new index holds {held:,} articles, {expected:,} were written: it is not used")
    if held < _LEAST * stands and not approved:
        raise ReplayError(
            f"the new index holds {held:,} articles, the one that answers {stands:,}: it is not used. "
            "Where journal or archive lack what stands, --step index keeps it; --yes takes the new one"
        )


def _missing(shop: Workshop, built: Store, run_id: str) -> bool:
    """Whether an article is not there that nobody removed meanwhile."""
    return any(
        built.get(id) is None and shop.store.get(id) is not None
        for id in shop.journal.replayed_articles(run_id)
    )


def lay_over(shop: Workshop, built: Store) -> int:
    """Put what was built of a part over what stands; returns how many articles changed.

    What was fetched meanwhile is newer and stands.
    """
    changed = 0
    rest = built.scan()
    while batch := list(islice(rest, BATCH)):
        fresh = []
        standing = shop.store.get_many(article.article_id for article in batch)
        for article in batch:
            old = standing.get(article.article_id)
            if old is not None:
                digests = {each.outcome is Outcome.DIGEST_ONLY for each in (article, old)}
                if article.archive == old.archive and len(digests) == 1:
                    # made of the same page: what was written again since raised only the number
                    article.version = max(article.version, old.version)
                article.story = old.story
            fresh.append(article)
        with shop.writing:
            rows = shop.store.write(fresh)
            written = [row.article_id for row in rows if row.status in ("created", "updated")]
            group(shop.store, written)
        changed += len(written)
    return changed
