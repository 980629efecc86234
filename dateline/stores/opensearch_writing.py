"""Writing to the OpenSearch store, and building another index beside the one that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Literal, Self

import msgspec

from dateline.models import Article
from dateline.stores import opensearch_aliases, opensearch_bulk, opensearch_parts, opensearch_schema
from dateline.stores.base import Store, StoreUnavailable, WriteResult
from dateline.stores.document import VERSION, Document, document_id
from dateline.stores.opensearch_aliases import Names as Aliases
from dateline.stores.opensearch_asking import Asking
from dateline.stores.opensearch_bulk import Done, Item
from dateline.stores.opensearch_client import Missing, Rejected
from dateline.stores.writing import Standing, decide, made_of, result

_BATCH = 500


class Writing(Asking, Store):
    """The part of the store that writes."""

    def write(self, articles: Iterable[Article]) -> list[WriteResult]:
        results: list[WriteResult] = []
        rest = iter(articles)
        changed = False
        while batch := list(islice(rest, _BATCH)):
            before = self._names()
            found, wrote = self._write_batch(batch)
            results += found
            changed = changed or wrote
            self._write_beside(batch, before)
        if changed and self._refresh:
            self._client.ask("POST", f"/{self._alias}/_refresh")
        return results

    def _write_beside(self, batch: list[Article], before: Aliases) -> None:
        """The same into the index that is being built; if another took this one's place meanwhile,
        into that one."""
        after = self._names()
        if before.current is not None and (after.current, after.former) != (before.current, before.former):
            self._write_batch(batch)
        if (building := self._beside(after)) is not None:
            try:
                building.write(batch)
            except Missing:
                self._write_batch(batch)

    def _write_batch(self, batch: list[Article]) -> tuple[list[WriteResult], bool]:
        self._ensure()
        batch = self.laid_over(batch)
        made = [made_of(article) for article in batch]
        every = opensearch_parts.rollover()
        standing = self._known(doc.id for doc in made if isinstance(doc, Document))
        statuses: list[str] = []
        last: dict[str, Document] = {}  # of several versions in one batch the last decided one is sent
        for doc in made:
            if isinstance(doc, str):
                statuses.append("refused")
                continue
            decision = decide(doc, standing.get(doc.id))
            statuses.append(decision.status)
            if decision.write:
                last[doc.id] = doc
                there = standing.get(doc.id)
                standing[doc.id] = Standing(doc.version, doc.digest, there.index if there else "")
        places = self._places(last.values(), standing, every)
        done = self._send([_index_item(places[doc.id], doc) for doc in last.values()])
        if every:
            self._once([id for id, end in done.items() if end.status == "created"])
        results = []
        for article, doc, status in zip(batch, made, statuses, strict=True):
            end = done.get(doc.id) if isinstance(doc, Document) and status != "unchanged" else None
            if end is not None and end.status == "refused":
                results.append(
                    WriteResult(article_id=article.article_id, status="refused", reason=end.reason)
                )
            else:
                # somebody else wrote a newer version meanwhile: ours has nothing to add
                stands = end is not None and end.status == "stands"
                results.append(result(article, doc, "unchanged" if stands else status))
        return results, bool(last)

    def _places(
        self, docs: Iterable[Document], standing: Mapping[str, Standing], every: Literal["", "year", "month"]
    ) -> dict[str, str]:
        """id → the alias by which it is written: where it stands, else the part of its date."""
        base = self._behind[0] if self._behind else ""
        found = {}
        for doc in docs:
            part = opensearch_parts.part_of(doc, every) if base else ""
            index = standing[doc.id].index or base + part
            if part and index not in self._behind:
                if not opensearch_parts.make(self._client, self._alias, index):
                    index = base  # a rebuild took its place: the batch is written again into that one
                self._behind = opensearch_parts.behind(self._client, self._alias) or self._behind
            found[doc.id] = opensearch_parts.target(self._alias, index)
        return found

    def _once(self, ids: list[str]) -> None:
        """Of a new article that two processes wrote into different parts the higher version stays."""
        self._behind = opensearch_parts.behind(self._client, self._alias)
        if not ids or len(self._behind) < 2:
            return
        found: dict[str, list[tuple[int, str]]] = {}
        for row in opensearch_parts.rows(self._client, self._behind, ids, "false", self._patience):
            found.setdefault(row["_id"], []).append((row["_version"], row["_index"]))
        for id, rows in found.items():
            for version, index in sorted(rows)[:-1]:
                self._send([_delete_item(opensearch_parts.target(self._alias, index), id, version)])

    def _send(self, items: list[Item]) -> dict[str, Done]:
        try:
            return opensearch_bulk.send(self._client, items, self._patience)
        except Missing:  # somebody removed the index since we looked
            if self._given:
                raise
            self._ready = False
            self._ensure()
        try:
            return opensearch_bulk.send(self._client, items, self._patience)
        except Missing as error:
            raise self._client.unavailable(str(error)) from error

    def delete(self, article_ids: Iterable[str]) -> int:
        ids = [document_id(article_id) for article_id in article_ids]
        if (building := self.building()) is not None:
            building.delete(ids)
        standing = self._known(ids)
        if not standing:
            return 0
        items = [
            _delete_item(opensearch_parts.target(self._alias, known.index), id, known.version)
            for id, known in standing.items()
        ]
        done = self._send(items)
        if self._refresh:
            self._client.ask("POST", f"/{self._alias}/_refresh")
        return sum(end.status == "deleted" for end in done.values())

    def _known(self, ids: Iterable[str]) -> dict[str, Standing]:
        """Version and digest of those documents that are there, those not yet searchable included."""
        asked = list(dict.fromkeys(ids))
        found: dict[str, Standing] = {}
        self._behind = opensearch_parts.behind(self._client, self._alias)
        for start in range(0, len(asked), _BATCH):
            for row in self._rows(asked[start : start + _BATCH], "digest", self._patience):
                found[row["_id"]] = Standing(row["_version"], row["_source"]["digest"], row["_index"])
        return found

    def _rows(self, ids: list[str], source: str, patience: float) -> opensearch_parts.Rows:
        if len(self._behind) > 1:
            return opensearch_parts.rows(self._client, self._behind, ids, source, patience)
        answer = self._ask("POST", "_mget", {"ids": ids}, {"_source": source})
        return [row for row in answer["docs"] if row.get("found")] if answer else []

    def _ensure(self) -> None:
        """Make index and alias where they are not; refuse an index of another mapping."""
        if self._ready or self._given:
            return
        name = f"{self._alias}-v{VERSION}"
        body = {
            "settings": opensearch_schema.settings(),
            "mappings": opensearch_schema.mapping(),
            "aliases": {self._alias: {"is_write_index": True}},
        }
        try:
            answer = self._client.ask("GET", f"/{self._alias}/_mapping")
        except Missing:
            try:
                self._client.ask("PUT", f"/{name}", body)
            except Rejected as error:
                if "resource_already_exists_exception" not in str(error):
                    raise self._client.unavailable(str(error)) from error
                # made by another process at this moment, or left without its alias
                add = {"add": {"index": name, "alias": self._alias, "is_write_index": True}}
                self._client.ask("POST", "/_aliases", {"actions": [add]})
            answer = self._client.ask("GET", f"/{self._alias}/_mapping")
        for index, found in answer.items():
            version = found["mappings"].get("_meta", {}).get("mapping")
            if version != VERSION or index == self._alias:
                raise StoreUnavailable(
                    f"the index {index} at {self._client.shown} was not made for this version of Dateline: "
                    "name another one in DATELINE_INDEX, or build it again from the archive"
                )
        self._ready = True

    # rebuilding

    def _names(self) -> Aliases:
        return opensearch_aliases.read(self._client, self._alias)

    def _beside(self, names: Aliases) -> Self | None:
        if names.building is None or self._given:
            return None
        made = type(self)("", opensearch_aliases.building(self._alias), patience=self._patience, given=True)
        made._client, made.overlay = self._client, self.overlay
        return made

    def building(self) -> Self | None:
        return None if self._given else self._beside(self._names())

    def begin_rebuild(self) -> Store:
        opensearch_aliases.begin(self._client, self._alias)
        made = self.building()
        assert made is not None
        return made

    def swap(self) -> None:
        opensearch_aliases.swap(self._client, self._alias)
        self._ready = False

    def abandon(self) -> None:
        opensearch_aliases.abandon(self._client, self._alias)

    def adopt_former(self) -> dt.datetime:
        return opensearch_aliases.adopt_former(self._client, self._alias)


def _index_item(index: str, doc: Document) -> Item:
    action = {
        "index": {"_index": index, "_id": doc.id, "version": doc.version, "version_type": "external_gte"}
    }
    lines = (msgspec.json.encode(action), msgspec.json.encode(opensearch_schema.body(doc)), b"")
    return Item(doc.id, b"\n".join(lines))


def _delete_item(index: str, id: str, version: int) -> Item:
    # under the version that stands: the article may come back with the same one
    action = {"delete": {"_index": index, "_id": id, "version": version, "version_type": "external_gte"}}
    return Item(id, msgspec.json.encode(action) + b"\n")
