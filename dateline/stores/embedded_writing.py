"""Writing to the embedded store, and building another index beside the one that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Self

import msgspec

from dateline.models import Article
from dateline.stores import embedded_query
from dateline.stores.base import Store, StoreUnavailable, WriteResult
from dateline.stores.document import Document, document_id
from dateline.stores.embedded_folders import NAME, State
from dateline.stores.embedded_index import Opened
from dateline.stores.embedded_schema import written
from dateline.stores.writing import Standing, decide, made_of, result

_COMMIT_EVERY = 2_000  # documents of one long write


class Writing(Opened, Store):
    """The part of the store that writes."""

    _beside: Self | None = None  # the index that is being built

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

    # rebuilding

    def building(self) -> Self | None:
        name = None if self._only else self._folders.state().building
        return self._at(name) if name else None

    def _at(self, name: str) -> Self:
        beside = self._beside
        if beside is None or beside._only != name:
            beside = type(self)(self._folders.root, patience=self._patience, only=name)
            beside.overlay = self.overlay
            self._beside = beside  # whole, for other threads
        return beside

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
        with self._still():
            state = self._folders.state()
            if state.former is None or not self._folders.ready(state.former):
                raise StoreUnavailable(f"there is no former index in {self._folders.root} to go back to")
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
