"""The embedded store: a tantivy index in a folder, no server.

Writing. A batch takes the folder's write lock, is committed (fsync) and lets go of the lock, so that
several processes may write in turn; a killed one loses its batch and no commit. Searching needs no
lock: a reader sees the last commit, and looks for a newer one before each search.

`near` without nested documents: the field `marks` holds, at the position n, all that the nth sentence
puts together (entity ids, and the terms of its intervals, see `calendar`). "In the same sentence" is
then a phrase whose words all stand at one position, which tantivy answers exactly.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from dateline.models import Article
from dateline.query import Query, Word, check
from dateline.stores import embedded_query, facets, paging, percolate
from dateline.stores.base import (
    Answer,
    Bucket,
    EntitySummary,
    Hit,
    Known,
    Shape,
    Skimmed,
    Store,
    StoreUnavailable,
    WriteResult,
)
from dateline.stores.document import (
    SEPARATOR,
    Document,
    alias_key,
    article_of,
    compound,
    document_id,
    id_term,
    part_of,
    telling_of,
)
from dateline.stores.embedded_folders import NAME, Folders, State
from dateline.stores.embedded_schema import TOKENS, schema, tokenizer, written
from dateline.stores.facets import Counted
from dateline.stores.paging import Place
from dateline.stores.plan import Names, OneOf, Plan, asked_names, plan
from dateline.stores.snippets import snippets
from dateline.stores.summary import summary
from dateline.stores.writing import Standing, decide, made_of, result
from dateline.texts.copies import Telling

_COMMIT_EVERY = 2_000  # documents of one long write
_HEAP = 64_000_000  # bytes of new documents that the writer gathers before it puts them on disk
_MAX_SHARING = 3_000  # texts that share an equal part with one, before their order is given up
_MAX_IDS = 1_000  # entities that one name may stand for

_locks: dict[Path, threading.RLock] = {}  # one writer at a time among this process's threads
_locks_guard = threading.Lock()


class EmbeddedStore(Store):
    """A store in `folder`, made on the first write; `patience` is how many seconds a write waits for
    another process that writes.

    Raises:
        StoreUnavailable: the folder holds something else, or can't be read.
    """

    def __init__(self, folder: Path, *, patience: float = 60.0, only: str | None = None) -> None:
        # several indexes may lie in it: the one that answers, one that is being built, the former one
        self._folders = Folders(folder)
        self._only = only  # this one, whichever answers
        self._patience = patience
        self._index: Any = None
        self._seen: tuple[int, int] | None = None  # of meta.json, when the searcher was made
        self._reload_lock = threading.RLock()
        self._swept: Path | None = None  # the folder whose leftovers this store has thrown away
        self._beside: EmbeddedStore | None = None  # the index that is being built
        self._look_at(folder / (only or NAME))

    # writing

    def write(self, articles: Iterable[Article]) -> list[WriteResult]:
        results: list[WriteResult] = []
        rest = iter(articles)
        while batch := list(islice(rest, _COMMIT_EVERY)):
            results += self._write_batch(batch)
        return results

    def _write_batch(self, batch: list[Article]) -> list[WriteResult]:
        batch = self.laid_over(batch)
        made = [made_of(article) for article in batch]
        good = [doc for doc in made if isinstance(doc, Document)]
        # looked at without the lock first: a run that changes nothing needs no writer
        standing = self._known(doc.id for doc in good)
        written = any(decide(doc, standing.get(doc.id)).write for doc in good)
        if not written and self.building() is None:
            statuses = ["unchanged"] * len(batch)
        else:
            with self._writer() as writer:
                standing = self._known(doc.id for doc in good)
                statuses = [self._put(writer, doc, standing) for doc in made]
                if (building := self.building()) is not None:
                    building.write(batch)
        return [result(*row) for row in zip(batch, made, statuses, strict=True)]

    def _put(self, writer: Any, doc: Document | str, standing: dict[str, Standing]) -> str:
        """Write one document where it must be, and remember that it stands now."""
        if isinstance(doc, str):
            return "refused"
        decision = decide(doc, standing.get(doc.id))
        if decision.write:
            writer.delete_documents_by_term("id", doc.id)
            writer.add_document(written(doc))
            standing[doc.id] = Standing(doc.version, doc.digest)
        return decision.status

    def delete(self, article_ids: Iterable[str]) -> int:
        ids = {document_id(article_id) for article_id in article_ids}  # of a document's id, it is itself
        found = self._known(ids)
        if not found and self.building() is None:
            return 0
        with self._writer() as writer:
            found = self._known(ids)
            for id in found:
                writer.delete_documents_by_term("id", id)
            if (building := self.building()) is not None:
                building.delete(ids)
        return len(found)

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """A writer; what it did is durable and seen by this store's searches when the block ends."""
        lock, writer, folder = self._current_writer()
        try:
            yield writer
            writer.commit()
        except (OSError, ValueError) as error:
            raise StoreUnavailable(f"the index in {folder} can't be written: {error}") from error
        finally:
            # merges that this commit set off end here; nothing is left running behind the lock
            writer.wait_merging_threads()
            (folder / "writer.pid").unlink(missing_ok=True)
            lock.release()
        self._refresh()

    def _current_writer(self) -> tuple[threading.RLock, Any, Path]:
        """This process's lock (held), the writer and the folder of the index that answers; where
        another one took its place while we waited, all of that one."""
        while True:
            with self._reload_lock:
                self._follow()
                lock, folder = self._lock, self._folder
            lock.acquire()
            try:
                with self._reload_lock:
                    index = self._opened(create=True) if self._folder == folder else None
                if index is not None:
                    writer = self._locked_writer(index)
                    with self._reload_lock:
                        self._follow()
                        if self._folder == folder:
                            return lock, writer, folder
                    writer.wait_merging_threads()
            except BaseException:
                lock.release()
                raise
            lock.release()

    def _locked_writer(self, index: Any) -> Any:
        deadline = time.monotonic() + self._patience
        owner = self._folder / "writer.pid"
        while True:
            try:
                writer = index.writer(_HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise StoreUnavailable(
                        f"the index in {self._folder} can't be written: {error}"
                    ) from error
                if time.monotonic() >= deadline:
                    break
                time.sleep(0.05)
            else:
                # A process that was killed in mid-commit leaves files that the next commit would make,
                # and can't: what no commit names is thrown away before anything is written.
                if owner.exists() or self._swept != self._folder:
                    self._sweep(writer)
                owner.write_text(str(os.getpid()), "ascii")
                return writer
        try:
            who = f"process {owner.read_text('ascii')}"
        except OSError:
            who = "another process"
        raise StoreUnavailable(
            f"the index in {self._folder} is being written by {who}: wait until it is done, or stop it"
        )

    def _sweep(self, writer: Any) -> None:
        try:
            writer.garbage_collect_files()
        except (OSError, ValueError) as error:
            writer.wait_merging_threads()
            raise StoreUnavailable(f"the index in {self._folder} can't be written: {error}") from error
        self._swept = self._folder

    def _known(self, ids: Iterable[str]) -> dict[str, Standing]:
        """Version and digest of those documents that are there."""
        searcher = self._searcher()
        if searcher is None:
            return {}
        found: dict[str, Any] = {}
        for id in dict.fromkeys(ids):
            hits = searcher.search(embedded_query.having("id", id), 1, count=False).hits
            if hits:
                found[id] = hits[0][1]
        places = list(found.values())
        versions = searcher.fast_field_values("version", places)
        digests = searcher.fast_field_values("digest", places)
        rows = zip(found, versions, digests, strict=True)
        return {id: Standing(int(version), f"{int(digest):016x}") for id, version, digest in rows}

    # opening

    def _look_at(self, folder: Path) -> None:
        self._folder, self._index, self._seen, self._counted = folder, None, None, Counted()
        with _locks_guard:
            self._lock = _locks.setdefault(folder.absolute(), threading.RLock())

    def _follow(self) -> None:
        """Look at the index that answers now: a rebuild may have put another one in its place."""
        if self._only is None:
            folder = self._folders.root / self._folders.state().current
            if folder != self._folder:
                self._look_at(folder)

    def _opened(self, *, create: bool) -> Any:
        """The index; None where there is none yet and none shall be made."""
        import tantivy

        if self._index is not None:
            return self._index
        if self._only is None and not self._folders.ready(self._folder.name):
            self._folders.check(self._folder.name)
        try:
            if create:
                self._folder.mkdir(parents=True, exist_ok=True)
            elif not (self._folder / "meta.json").exists():
                return None
            index = tantivy.Index(schema(), str(self._folder), reuse=True)
            index.config_reader("manual", 0)
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"the index in {self._folder} can't be opened ({error}): move the folder away, "
                "and build it again from the archive"
            ) from error
        index.register_tokenizer(TOKENS, tokenizer())
        self._index = index
        return index

    def _refresh(self) -> None:
        """Look at the last commit, if it is newer than what was looked at before."""
        with self._reload_lock:
            try:
                meta = (self._folder / "meta.json").stat()
            except FileNotFoundError:
                return
            stamp = (meta.st_mtime_ns, meta.st_ino)
            if stamp != self._seen and self._index is not None:
                self._index.reload()
                self._seen, self._counted = stamp, Counted()

    def _looked_up(self) -> tuple[Any, Counted]:
        """The searcher of the last commit, None where there is no index, and what was counted in it."""
        with self._reload_lock:
            self._follow()
            if self._opened(create=False) is None:
                return None, self._counted
            self._refresh()
            return self._index.searcher(), self._counted

    def _searcher(self) -> Any:
        return self._looked_up()[0]

    # rebuilding

    def building(self) -> EmbeddedStore | None:
        name = None if self._only else self._folders.state().building
        return self._at(name) if name else None

    def _at(self, name: str) -> EmbeddedStore:
        if self._beside is None or self._beside._only != name:
            self._beside = EmbeddedStore(self._folders.root, patience=self._patience, only=name)
            self._beside.overlay = self.overlay
        return self._beside

    def begin_rebuild(self) -> Store:
        now = dt.datetime.now(dt.UTC)
        name = f"{NAME}-{now:%Y%m%d%H%M%S%f}"
        with self._still():
            self._folders.write(msgspec.structs.replace(self._folders.state(), building=name))
        return self._at(name)

    def swap(self) -> None:
        building = self.building()
        if building is None:
            raise StoreUnavailable("no index is being built")
        with self._still(), building._writer():
            state = self._folders.state()
            former = state.current if self._folders.ready(state.current) else None
            now = dt.datetime.now(dt.UTC)
            assert state.building is not None
            self._folders.write(State(current=state.building, former=former, since=now))

    def abandon(self) -> None:
        with self._still():
            self._folders.write(msgspec.structs.replace(self._folders.state(), building=None))

    def adopt_former(self) -> dt.datetime:
        state = self._folders.state()
        if state.former is None or not self._folders.ready(state.former):
            raise StoreUnavailable(f"there is no former index in {self._folders.root} to go back to")
        with self._still():
            self._folders.write(msgspec.structs.replace(state, building=state.former))
        return state.since or dt.datetime.min.replace(tzinfo=dt.UTC)

    @contextmanager
    def _still(self) -> Iterator[None]:
        """While nobody writes to the index that answers; where there is none, there is nothing to stop."""
        if self._folders.ready(self._folders.state().current):
            with self._writer():
                yield
        else:
            yield

    # searching

    def search(self, query: Query, facets_: Iterable[str] = ()) -> Answer:
        check(query)
        after = paging.decode(query)
        wanted = facets.read(facets_, query)
        names: Names = {name: [] for name in asked_names(query)}
        searcher, counted = self._looked_up()
        if searcher is None:
            plan(query, names)  # a query that makes no sense is refused by an empty store too
            return Answer(hits=[], total=0, facets={facet.name: [] for facet in wanted}, entities=names)
        names = {name: self._resolve(searcher, name) for name in names}
        planned = plan(query, names, _analyses(searcher))
        native = embedded_query.native(planned)
        total, ranked = _ranked(searcher, native, query, after)
        hits = []
        for place, address in ranked[: query.limit]:
            article = article_of(searcher.doc(address).get_first("article"))
            hits.append(Hit(article=article, score=place.score, snippets=snippets(article, query, names)))
        more = len(ranked) > query.limit > 0
        return Answer(
            hits=hits,
            total=total,
            cursor=paging.encode(query, ranked[query.limit - 1][0]) if more else None,
            facets=counted.of((planned, tuple(wanted)), lambda: self._facets(searcher, native, wanted)),
            entities=names,
        )

    def skim(self, query: Query, shape: type[Shape]) -> Skimmed[Shape]:
        check(query)
        after = paging.decode(query)
        names: Names = {name: [] for name in asked_names(query)}
        searcher = self._searcher()
        if searcher is None:
            plan(query, names)
            return Skimmed(articles=[], total=0, entities=names)
        names = {name: self._resolve(searcher, name) for name in names}
        native = embedded_query.native(plan(query, names, _analyses(searcher)))
        total, ranked = _ranked(searcher, native, query, after)
        read = [
            part_of(searcher.doc(address).get_first("article"), shape) for _, address in ranked[: query.limit]
        ]
        return Skimmed(articles=read, total=total, entities=names)

    def _resolve(self, searcher: Any, name: str) -> list[str]:
        """The ids that a name stands for: by any alias, or as an id itself; most articles first."""
        beginning = compound(alias_key(name), "")
        # only terms of articles that still stand: those deleted linger until segments merge
        counted = searcher.terms_with_prefix("alias", beginning, filter_query=embedded_query.everything())
        counted.sort(key=lambda entry: (-entry[1], entry[0]))
        ids = [value.partition(SEPARATOR)[2] for value, _ in counted[:_MAX_IDS]]
        having = embedded_query.having("entity", id_term(name))
        if searcher.doc_freq("entity", id_term(name)) and searcher.search(having, 1, count=True).count:
            ids.insert(0, id_term(name))
        return list(dict.fromkeys(ids))

    def _facets(
        self, searcher: Any, native: Any, wanted: list[facets.Facet | facets.Histogram]
    ) -> dict[str, list[Bucket]]:
        if not wanted:
            return {}
        asked = {str(number): _aggregation(facet) for number, facet in enumerate(wanted)}
        counted = searcher.aggregate(native, asked)
        found: dict[str, list[Bucket]] = {}
        for number, facet in enumerate(wanted):
            buckets = counted[str(number)]["buckets"]
            if isinstance(facet, facets.Histogram):
                periods = ((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
                found[facet.name] = facets.periods(facet, periods)
            else:
                values = [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
                found[facet.name] = shown = facets.values(facet, values)
                counts = {
                    key: self._filtered(searcher, native, clause)
                    # where all whom the filter finds print this very value, it was counted right
                    if searcher.doc_freq(clause.field, *clause.values) != searcher.doc_freq(facet.field, key)
                    else dict(values)[key]
                    for key, clause in facets.unsure(facet, values, shown).items()
                }
                found[facet.name] = facets.counted_again(shown, counts)
        return found

    def _filtered(self, searcher: Any, native: Any, clause: OneOf) -> int:
        return int(searcher.search(embedded_query.also(native, clause), 1, count=True).count)

    def resolve(self, names: Iterable[str]) -> Names:
        searcher = self._searcher()
        return {name: self._resolve(searcher, name) if searcher is not None else [] for name in names}

    def matching(self, queries: Mapping[str, Query], articles: Sequence[Article]) -> percolate.Found:
        docs = percolate.documents(self.laid_over(list(articles)))
        analyses = list(dict.fromkeys(value for doc in docs for value in doc.terms["analysis"]))
        made, refused = percolate.plans(queries, self.resolve, analyses)
        return {**refused, **percolate.named(percolate.in_memory(made, docs), articles)}

    def get(self, article_id: str) -> Article | None:
        searcher = self._searcher()
        return None if searcher is None else _article(searcher, document_id(article_id))

    def sharing(
        self, asked: Sequence[Sequence[str]], known: Known, least: int = 2, limit: int = 200
    ) -> list[list[Telling]]:
        found: list[list[Telling]] = [[] for _ in asked]
        searcher = self._searcher()
        for number, terms in enumerate(asked if searcher is not None else ()):
            if len(terms) < least:
                continue
            places = _sharing(searcher, terms, least, limit)
            for key, place in zip(searcher.fast_field_values("digest", places), places, strict=True):
                if known.ruled_out(number, key):
                    continue
                if (telling := known.get(key)) is None:
                    telling = telling_of(searcher.doc(place).get_first("article"))
                    known.put(key, telling)
                found[number].append(telling)
        return found

    def _frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        searcher = self._searcher()
        if searcher is None:
            return [0] * len(terms)
        return [
            int(searcher.search(embedded_query.having(field, value), 1, count=True).count)
            for field, value in terms
        ]

    def _best(self, plan: Plan, limit: int) -> list[tuple[float, Article]]:
        searcher = self._searcher()
        if searcher is None:
            return []
        by_relevance = Query(words=Word("similar"), limit=limit)  # only its order and limit are read
        _, ranked = _ranked(searcher, embedded_query.native(plan), by_relevance, None)
        return [
            (place.score, article_of(searcher.doc(address).get_first("article")))
            for place, address in ranked[:limit]
        ]

    def entities(self, name: str | None = None, limit: int = 50) -> list[EntitySummary]:
        searcher = self._searcher()
        if searcher is None:
            return []
        if name is None:
            # some more than asked, so that ties at the end are cut by id as everywhere
            terms = {"field": "entity_named", "size": limit + 100, "segment_size": 100_000}
            counted = searcher.aggregate(embedded_query.everything(), {"entity": {"terms": terms}})
            buckets = counted["entity"]["buckets"]
            found = facets.named((bucket["key"], bucket["doc_count"]) for bucket in buckets)
            counts = [(-bucket.count, bucket.key) for bucket in found]
        else:
            counts = []
            for entity_id in self._resolve(searcher, name):
                having = embedded_query.having("entity", entity_id)
                counts.append((-searcher.search(having, 1, count=True).count, entity_id))
        return [self._summary(searcher, entity_id, -count) for count, entity_id in sorted(counts)[:limit]]

    def _summary(self, searcher: Any, entity_id: str, articles: int) -> EntitySummary:
        having = embedded_query.having("entity", entity_id)
        return summary(
            entity_id,
            articles,
            searcher.terms_with_prefix("name", compound(entity_id, ""), filter_query=having),
        )

    def count(self) -> int:
        searcher = self._searcher()
        return 0 if searcher is None else int(searcher.num_docs)

    def scan(self) -> Iterator[Article]:
        searcher = self._searcher()  # one commit, to the end, whatever is written meanwhile
        if searcher is None:
            return
        # tantivy gives the terms of most documents first, those deleted counted, too
        for id in sorted(id for id, _ in searcher.terms_with_prefix("id", "")):
            article = _article(searcher, id)
            if article is not None:
                yield article

    def close(self) -> None:
        if self.overlay:
            self.overlay.close()
        self._index = None
        self._seen = None


def _analyses(searcher: Any) -> list[str]:
    """The analyses that any text here has: no other is asked for."""
    return [analysis for analysis, _ in searcher.terms_with_prefix("analysis", "")]


def _article(searcher: Any, id: str) -> Article | None:
    hits = searcher.search(embedded_query.having("id", id), 1, count=False).hits
    return article_of(searcher.doc(hits[0][1]).get_first("article")) if hits else None


def _sharing(searcher: Any, terms: Sequence[str], least: int, limit: int) -> list[Any]:
    """Where the documents stand that share the most of these terms, of equal ones the newest."""
    query = embedded_query.at_least(least, "copy", terms)
    hits = searcher.search(query, limit + 1, count=False).hits
    if len(hits) > limit and hits[-1][0] == hits[-2][0]:
        # equal ones come in no order that lasts: all of them are needed to take the newest
        hits = searcher.search(query, _MAX_SHARING, count=False).hits
    places = [place for _, place in hits]
    newest = searcher.fast_field_values("newest", places)
    rows = [(-round(score), -key, at) for at, ((score, _), key) in enumerate(zip(hits, newest, strict=True))]
    return [places[at] for _, _, at in sorted(rows)[:limit]]


def _aggregation(facet: facets.Facet | facets.Histogram) -> dict[str, Any]:
    if isinstance(facet, facets.Facet):
        # each segment gives its first thousand values: a count is exact unless a value of the answer
        # is not among them in some segment
        return {"terms": {"field": facet.field, "size": 2 * facets.SIZE, "segment_size": 1_000}}
    histogram: dict[str, Any] = {"field": facet.field, "interval": 1, "min_doc_count": 1}
    if facet.first is not None and facet.last is not None:
        histogram["hard_bounds"] = {"min": facet.first, "max": facet.last}
    return {"histogram": histogram}


def _ranked(
    searcher: Any, native: Any, query: Query, after: Place | None
) -> tuple[int, list[tuple[Place, Any]]]:
    """How many documents answer, and the page's in order with one more where there are more.

    tantivy puts documents in order of one number, and equal ones in no order that lasts. So more are
    taken until the last one taken differs from the last one needed, and the rest of the order (sort
    key, then id) is made here.
    """
    order = paging.order_of(query)
    by_score = order == "relevance"
    asked = native
    if after is not None and not by_score:
        beyond = embedded_query.at_or_after(order, after.key, descending=order == "newest")
        asked = embedded_query.both(native, beyond)
    need = query.limit + 1 + (after.seen if after is not None and by_score else 0)
    take = need + 8
    while True:
        answer = _search(searcher, asked, take, order)
        hits = answer.hits
        if len(hits) < take or hits[-1][0] != hits[need - 1][0]:
            break
        take *= 4
    addresses = [address for _, address in hits]
    keys = searcher.fast_field_values("newest" if by_score else order, addresses)
    sign = 1 if order == "oldest" else -1
    rows = [
        (float(value) if by_score else 0.0, int(key), address)
        for (value, address), key in zip(hits, keys, strict=True)
    ]
    shared = _repeated((score, key) for score, key, _ in rows)
    if after is not None:
        shared.add((after.score, after.key))
    named = []
    for score, key, address in rows:
        # an id is read only where it decides
        id = searcher.doc(address).get_first("id") if (score, key) in shared else ""
        named.append(((-score, sign * key, id), score, key, address))
    named.sort(key=lambda row: row[0])
    if after is not None:
        passed = (-after.score, sign * after.key, after.id)
        named = [row for row in named if row[0] > passed]
    before = after.seen if after is not None else 0
    ranked = []
    for number, ((_, _, id), score, key, address) in enumerate(named[: query.limit + 1], before + 1):
        id = id or searcher.doc(address).get_first("id")
        ranked.append((Place(seen=number, score=score, key=key, id=id), address))
    total = answer.count if asked is native else searcher.search(native, 1, count=True).count
    return int(total), ranked


def _repeated(values: Iterable[tuple[float, int]]) -> set[tuple[float, int]]:
    seen: set[tuple[float, int]] = set()
    return {value for value in values if value in seen or seen.add(value)}  # type: ignore[func-returns-value]


def _search(searcher: Any, native: Any, take: int, order: paging.Order) -> Any:
    import tantivy

    if order == "relevance":
        return searcher.search(native, take, count=True)
    direction = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
    return searcher.search(native, take, count=True, order_by_field=order, order=direction)
