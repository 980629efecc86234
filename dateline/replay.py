"""Steps run again from journal and archive, without a fetch: what a replay reads, builds and compares.

Every replay is built apart and put in place at its end. One of the whole archive is a new index beside
the one that answers (`Store.begin_rebuild`), which is swapped in when its counts are right and can be
rolled back. One of a part (some days, one source) is built in a folder of its own and then laid over
what stands. A preview builds a sample and compares.

    extract   pages are read from the archive again, items from the journal; then enrich and index
    enrich    the articles that stand are enriched again; then index
    index     the articles that stand are written again: for a new mapping, and to group stories anew
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from dateline import clock
from dateline.changes import Change, changes
from dateline.corrections.model import restored
from dateline.enrich import hash_of
from dateline.journal.replaying import Past
from dateline.models import Article, Outcome
from dateline.settle import settle
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stories.grouping import group
from dateline.work import Fetched, Understood
from dateline.workshop import Workshop

Step = Literal["extract", "enrich", "index"]
STEPS = get_args(Step)
BATCH = 100  # links or articles that are worked on at once
SAMPLE = 100  # links or articles of a preview
MANY = 0.1  # of the sample: where more would change, a person is asked first
_LOOKS = 3  # for what other runs did meanwhile
_LEAST = 0.98  # of the articles that stand: a rebuild with fewer is not swapped in unasked


class ReplayError(Exception):
    """The replay was not put in place; the message says why, and what to do."""


@dataclass(slots=True, kw_only=True)
class Asked:
    """What is to be replayed: `since` (UTC) and `source` (a part of its name) leave the rest as it is."""

    step: Step = "extract"
    since: dt.datetime | None = None
    source: str | None = None

    @property
    def whole(self) -> bool:
        """Whether all of the archive is."""
        return self.since is None and self.source is None


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a replay would change: `changed` of `sampled` articles, `fields` counted, `added` that do not
    stand now, `lost` that stand and would not."""

    sampled: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part of the sample that would change, 0 to 1."""
        return (self.changed + len(self.lost)) / max(1, self.sampled)

    @property
    def many(self) -> bool:
        """Whether a person should look first."""
        return self.share > MANY

    @property
    def told(self) -> str:
        """In one line."""
        fields = ", ".join(f"{name} {count}" for name, count in self.fields.most_common())
        lost = f", {len(self.lost)} would be lost" if self.lost else ""
        added = f", {len(self.added)} would be new" if self.added else ""
        return f"{self.changed} of {self.sampled} articles would change ({fields or 'nothing'}){added}{lost}"


def preview(shop: Workshop, asked: Asked, sample: int = SAMPLE) -> Preview:
    """What would change, on a sample that is the same each time; nothing is written."""
    with scratch(shop) as built:
        if asked.step == "extract":
            pasts = shop.journal.pasts(_sampled(shop.journal.replayable(asked.since, asked.source), sample))
            same = {past.article_id for past in pasts if past.article_id}
            # all links that lead to these articles: each by itself would tell only its own side
            pasts = shop.journal.pasts([*(past.link.link_id for past in pasts), *shop.journal.links_of(same)])
            for part in _parts(pasts):
                settle(built, reread(shop, part), _former(part), set())
            old = {past.article_id: shop.store.get(past.article_id) for past in pasts if past.article_id}
        else:
            standing = list(islice(_standing(shop.store, asked), 20 * sample))
            chosen = set(_sampled([article.article_id for article in standing], sample))
            old = {article.article_id: article for article in standing if article.article_id in chosen}
            for batch in _parts([article for article in old.values() if article is not None]):
                built.write(redone(shop, asked, batch))
        return _compared({id: one for id, one in old.items() if one is not None}, built.scan(), shop.store)


def _compared(old: dict[str, Article], built: Iterable[Article], store: Store) -> Preview:
    made = Preview()
    seen = set()
    for article in built:
        seen.add(article.article_id)
        standing = old.get(article.article_id) or store.get(article.article_id)
        made.sampled += 1
        if standing is None:
            made.added.append(article.article_id)
            continue
        found = changes(standing, article)
        made.changed += bool(found)
        made.fields.update(change.field for change in found)
        made.changes += found
    made.lost = sorted(old.keys() - seen)
    made.sampled += len(made.lost)
    return made


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
        settled = settle(built, understood, _former(pasts), shop.touched)
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


def _former(pasts: Iterable[Past]) -> dict[str, str]:
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
    rest = _standing(shop.store, asked)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _standing(store: Store, asked: Asked) -> Iterator[Article]:
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


def catch_up(shop: Workshop, built: Store, run_id: str, began: dt.datetime) -> dt.datetime:
    """Replay what other runs ended since `began`; returns when it looked last.

    What they write goes to both indexes anyway, but for what was on its way when the replay began. So
    under a crawl that never rests a few looks are enough.
    """
    for _ in range(_LOOKS):
        looked = clock.now()
        late = shop.journal.pasts(shop.journal.replayable(since=began))
        for part in _parts(late):
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
        for article in batch:
            old = shop.store.get(article.article_id)
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
    for part in _parts(sorted(shop.journal.not_kept())):
        carried = [article for article in map(shop.store.get, part) if article is not None]
        carried = [article for article in carried if article.outcome is not Outcome.DIGEST_ONLY]
        built.write(carried)
        group(built, [article.article_id for article in carried])


def _sampled(ids: Sequence[str], sample: int) -> list[str]:
    """A sample spread over all, the same each time."""
    return sorted(ids, key=lambda id: blake2b(id.encode(), digest_size=8).digest())[:sample]


def _parts(items: Sequence[Past] | Sequence[Article] | Sequence[str]) -> Iterator[list]:  # type: ignore[type-arg]
    for start in range(0, len(items), BATCH):
        yield list(items[start : start + BATCH])
