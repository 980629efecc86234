"""The OpenSearch store: a versioned index behind an alias, strict mapping, nested sentences.

The alias is the name in the settings; the index carries the mapping's version (`dateline-v1`), so that
a new mapping is built beside the old and the alias moved. Writes carry the article's version
(`external_gte`): the highest stands, in whatever order they arrive. Answers from part of the shards are
refused. A write is seen by the searches that follow it (one refresh at its end, unless
`refresh=False`, for loading much).
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

import msgspec

from dateline.models import Article
from dateline.query import Query, check
from dateline.stores import (
    facets,
    opensearch_aliases,
    opensearch_bulk,
    opensearch_parts,
    opensearch_query,
    opensearch_schema,
    paging,
    percolate,
)
from dateline.stores.analysis import ANALYSES
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
    VERSION,
    Document,
    alias_key,
    compound,
    digest_number,
    document_id,
    id_term,
)
from dateline.stores.opensearch_aliases import Names as Aliases
from dateline.stores.opensearch_bulk import Done, Item
from dateline.stores.opensearch_client import Client, Missing, Rejected
from dateline.stores.paging import Place
from dateline.stores.plan import Names, Plan, asked_names, plan
from dateline.stores.snippets import snippets
from dateline.stores.summary import summary
from dateline.stores.writing import Standing, decide, made_of, result
from dateline.texts.copies import Telling

_BATCH = 500
_SHARING = 50  # searches for copies in one request: each may bring 200 keys
_READING = 500  # articles in one request, some 10 KB each
_MAX_IDS = 1_000  # entities that one name may stand for
# an answer from a part of the shards is none; one that nobody waits for any more stops costing the node
_BOUNDED = {"allow_partial_search_results": "false", "cancel_after_time_interval": "20s"}
_LOOK = 5.0  # seconds between two looks at which indices there are, where one article is asked for
_READ_PATIENCE = 5.0  # seconds: somebody waits for the answer


class OpenSearchStore(Store):
    """The store at `url` under the alias `index`; nothing is asked before the first use.

    `patience` is how many seconds a write is tried again while the server is away or busy; `timeout`
    is that of one request. A certificate authority of one's own is named by OPENSEARCH_CA.
    """

    def __init__(
        self,
        url: str,
        index: str = "dateline",
        *,
        refresh: bool = True,
        patience: float = 60.0,
        timeout: float = 60.0,
        given: bool = False,
    ) -> None:
        ca_certs = os.environ.get("OPENSEARCH_CA")
        self._client = Client(url, patience=patience, timeout=timeout, ca_certs=ca_certs)
        self._alias = index
        self._refresh = refresh
        self._patience = patience
        self._ready = False
        self._behind: tuple[str, ...] = ()  # the indices behind the alias, as seen last
        self._looked = -_LOOK
        self._given = given  # the alias is there, or was removed on purpose: it is never made

    # writing

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

    def _beside(self, names: Aliases) -> OpenSearchStore | None:
        if names.building is None or self._given:
            return None
        made = OpenSearchStore(
            "", opensearch_aliases.building(self._alias), patience=self._patience, given=True
        )
        made._client, made.overlay = self._client, self.overlay
        return made

    def building(self) -> OpenSearchStore | None:
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

    # searching

    def _ask(self, method: str, path: str, body: Any, params: dict[str, Any] | None = None) -> Any:
        """The alias' answer; None where there is no index yet."""
        try:
            return self._client.ask(method, f"/{self._alias}/{path}", body, params, patience=_READ_PATIENCE)
        except Missing:
            return None
        except Rejected as error:
            raise self._client.unavailable(str(error)) from error

    def _search(self, body: dict[str, Any]) -> Any:
        # a word is as rare as it is in all shards and parts, not in the one that has the article; where
        # there is only one, the server takes the short way by itself
        scored = any("_score" in each for each in body.get("sort", ()))
        kind = {"search_type": "dfs_query_then_fetch"} if scored else {}
        answer = self._ask("POST", "_search", body, {**_BOUNDED, **kind})
        if answer and (answer.get("timed_out") or answer["_shards"]["failed"]):
            raise self._client.unavailable("only a part of the index answered")
        return answer

    def search(self, query: Query, facets_: Iterable[str] = ()) -> Answer:
        check(query)
        after = paging.decode(query)
        wanted = facets.read(facets_, query)
        names = self._resolve(asked_names(query))
        body = _body(query, names, after, wanted)
        answer = self._search(body)
        if answer is None:
            return Answer(hits=[], total=0, facets={facet.name: [] for facet in wanted}, entities=names)
        rows = answer["hits"]["hits"]
        hits = []
        for row in rows[: query.limit]:
            article = opensearch_schema.article(row["_source"])
            hits.append(
                Hit(article=article, score=row["_score"] or 0.0, snippets=snippets(article, query, names))
            )
        cursor = None
        if len(rows) > query.limit > 0:
            *score, key, id = rows[query.limit - 1]["sort"]
            seen = query.limit + (after.seen if after else 0)
            place = Place(seen=seen, score=score[0] if score else 0.0, key=key, id=id)
            cursor = paging.encode(query, place)
        return Answer(
            hits=hits,
            total=answer["hits"]["total"]["value"],
            cursor=cursor,
            facets=self._facets(body["query"], wanted, answer.get("aggregations", {})),
            entities=names,
        )

    def _facets(
        self, query: Any, wanted: list[facets.Facet | facets.Histogram], counted: dict[str, Any]
    ) -> dict[str, list[Bucket]]:
        found: dict[str, list[Bucket]] = {}
        again: dict[str, Any] = {}
        for number, facet in enumerate(wanted):
            counts = _counts(counted[str(number)])
            if isinstance(facet, facets.Histogram):
                found[facet.name] = facets.periods(facet, ((int(key), count) for key, count in counts))
            else:
                found[facet.name] = facets.values(facet, counts)
                asked = facets.unsure(facet, counts, found[facet.name])
                again |= {compound(facet.name, key): clause for key, clause in asked.items()}
        if again:
            filters = {
                str(number): {"filter": opensearch_query.filtering(clause)}
                for number, clause in enumerate(again.values())
            }
            answer = self._search({"size": 0, "query": query, "aggs": filters})
            right: dict[str, dict[str, int]] = {}
            for number, named in enumerate(again):
                name, key = named.split(SEPARATOR, 1)
                right.setdefault(name, {})[key] = answer["aggregations"][str(number)]["doc_count"]
            for name, numbers in right.items():
                found[name] = facets.counted_again(found[name], numbers)
        return found

    def skim(self, query: Query, shape: type[Shape]) -> Skimmed[Shape]:
        check(query)
        names = self._resolve(asked_names(query))
        answer = self._search(_body(query, names, paging.decode(query), []))
        if answer is None:
            return Skimmed(articles=[], total=0, entities=names)
        rows = answer["hits"]["hits"][: query.limit]
        return Skimmed(
            articles=[opensearch_schema.part(row["_source"], shape) for row in rows],
            total=answer["hits"]["total"]["value"],
            entities=names,
        )

    def _resolve(self, names: list[str]) -> Names:
        """The ids that names stand for: by any alias, or as an id itself; most articles first."""
        if not names:
            return {}
        lines: list[dict[str, Any]] = []
        for name in names:
            beginning = compound(alias_key(name), "")
            aliases = {
                "field": "alias",
                "include": opensearch_query.literal(beginning) + ".*",
                "size": _MAX_IDS,
            }
            having = [{"prefix": {"alias": beginning}}, {"term": {"entity": id_term(name)}}]
            lines += [
                {},
                {
                    "size": 0,
                    "query": {"bool": {"should": having, "minimum_should_match": 1}},
                    "aggs": {
                        "aliases": {"terms": aliases},
                        "itself": {"filter": {"term": {"entity": id_term(name)}}},
                    },
                },
            ]
        packed = b"\n".join(map(msgspec.json.encode, lines)) + b"\n"
        answer = self._ask("POST", "_msearch", packed)
        if answer is None:
            return {name: [] for name in names}
        found: Names = {}
        for name, part in zip(names, answer["responses"], strict=True):
            if "aggregations" not in part:
                if part.get("error", {}).get("type") == "index_not_found_exception":
                    return {name: [] for name in names}
                raise self._client.unavailable(str(part.get("error"))[:300])
            counts = _counts(part["aggregations"]["aliases"])
            ids = [
                value.partition(SEPARATOR)[2]
                for value, _ in sorted(counts, key=lambda row: (-row[1], row[0]))
            ]
            itself = [id_term(name)] if part["aggregations"]["itself"]["doc_count"] else []
            found[name] = list(dict.fromkeys(itself + ids))
        return found

    def resolve(self, names: Iterable[str]) -> Names:
        return self._resolve(list(names))

    def matching(self, queries: Mapping[str, Query], articles: Sequence[Article]) -> percolate.Found:
        docs = percolate.documents(self.laid_over(list(articles)))
        made, refused = percolate.plans(queries, self.resolve, ANALYSES)
        try:
            found = percolate.percolated(self._client, self._alias, made, docs)
        except Rejected as error:
            raise self._client.unavailable(str(error)) from error
        return {**refused, **percolate.named(found, articles)}

    def get(self, article_id: str) -> Article | None:
        # another process may have made a part since; what it wrote there a write of ours will see
        if time.monotonic() > self._looked + _LOOK:
            self._behind = opensearch_parts.behind(self._client, self._alias, _READ_PATIENCE)
            self._looked = time.monotonic()
        rows = self._rows([document_id(article_id)], "article", _READ_PATIENCE)
        return opensearch_schema.article(rows[0]["_source"]) if rows else None

    def sharing(
        self, asked: Sequence[Sequence[str]], known: Known, least: int = 2, limit: int = 200
    ) -> list[list[Telling]]:
        found: list[list[Telling]] = [[] for _ in asked]
        numbers = [number for number, terms in enumerate(asked) if len(terms) >= least]
        for start in range(0, len(numbers), _SHARING):
            part = numbers[start : start + _SHARING]
            lines: list[dict[str, Any]] = []
            for number in part:
                query = opensearch_query.at_least(least, "copy", asked[number])
                sort = [{"_score": "desc"}, {"newest": "desc"}, {"id": "asc"}]
                lines += [{}, {"query": query, "size": limit, "sort": sort, "_source": ["digest"]}]
            answer = self._ask("POST", "_msearch", b"\n".join(map(msgspec.json.encode, lines)) + b"\n")
            places: dict[int, dict[str, str]] = {}
            wanted: dict[int, list[int]] = {}
            for number, one in zip(part, answer["responses"] if answer else [], strict=False):
                if "hits" not in one:
                    if one.get("error", {}).get("type") == "index_not_found_exception":
                        return found
                    raise self._client.unavailable(str(one.get("error"))[:300])
                rows = {digest_number(row["_source"]["digest"]): row for row in one["hits"]["hits"]}
                wanted[number] = [key for key in rows if not known.ruled_out(number, key)]
                places |= {key: rows[key] for key in wanted[number]}
            tellings = self._tellings(places, known)
            for number, keys in wanted.items():
                found[number] = [tellings[key] for key in keys if key in tellings]
        return found

    def _tellings(self, places: dict[int, dict[str, str]], known: Known) -> dict[int, Telling]:
        """Articles by key, those that are not known read from where they stand; one that went meanwhile
        is left out."""
        found = {key: telling for key in places if (telling := known.get(key)) is not None}
        unread = [key for key in places if key not in found]
        for start in range(0, len(unread), _READING):
            keys = unread[start : start + _READING]
            docs = [{"_index": places[key]["_index"], "_id": places[key]["_id"]} for key in keys]
            try:
                answer = self._client.ask(
                    "POST", "/_mget", {"docs": docs}, {"_source": "article"}, patience=_READ_PATIENCE
                )
            except (Missing, Rejected) as error:
                raise self._client.unavailable(str(error)) from error
            for key, row in zip(keys, answer["docs"], strict=True):
                if row.get("found"):
                    found[key] = opensearch_schema.telling(row["_source"])
                    known.put(key, found[key])
        return found

    def _frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        each = {
            str(number): {"filter": {"term": {field: value}}} for number, (field, value) in enumerate(terms)
        }
        answer = self._search({"size": 0, "aggs": each})
        if answer is None:
            return [0] * len(terms)
        return [answer["aggregations"][str(number)]["doc_count"] for number in range(len(terms))]

    def _best(self, plan: Plan, limit: int) -> list[tuple[float, Article]]:
        query = opensearch_query.native(plan)
        answer = self._search(
            {"query": query, "size": limit, "_source": ["article"], "sort": _sort("relevance")}
        )
        rows = answer["hits"]["hits"] if answer else []
        return [(row["_score"], opensearch_schema.article(row["_source"])) for row in rows]

    def entities(self, name: str | None = None, limit: int = 50) -> list[EntitySummary]:
        if name is None:
            # some more than asked, so that ties at the end are cut by id as everywhere
            terms = {"field": "entity_named", "size": limit + 100}
            answer = self._search({"size": 0, "aggs": {"found": {"terms": terms}}})
            buckets = facets.named(_counts(answer["aggregations"]["found"])) if answer else []
            ids = [bucket.key for bucket in buckets]
        else:
            ids = self._resolve([name])[name]
        return self._summaries(ids, limit)

    def _summaries(self, ids: list[str], limit: int) -> list[EntitySummary]:
        if not ids:
            return []
        each = {str(number): {"term": {"entity": entity_id}} for number, entity_id in enumerate(ids)}
        answer = self._search(
            {
                "size": 0,
                "query": {"terms": {"entity": ids}},
                "aggs": {"each": {"filters": {"filters": each}}},
            }
        )
        if answer is None:
            return []
        counted = answer["aggregations"]["each"]["buckets"]
        counts = sorted(
            (-counted[str(number)]["doc_count"], entity_id) for number, entity_id in enumerate(ids)
        )
        shown = [(entity_id, -count) for count, entity_id in counts if count][:limit]
        listed = {
            str(number): {
                "filter": {"term": {"entity": entity_id}},
                "aggs": {"names": {"terms": _names(entity_id)}},
            }
            for number, (entity_id, _) in enumerate(shown)
        }
        answer = self._search({"size": 0, "aggs": listed})
        if answer is None:
            return []
        return [
            summary(entity_id, count, _counts(answer["aggregations"][str(number)]["names"]))
            for number, (entity_id, count) in enumerate(shown)
        ]

    def count(self) -> int:
        answer = self._ask("GET", "_count", None)
        return int(answer["count"]) if answer else 0

    def scan(self) -> Iterator[Article]:
        after: list[Any] = []
        while True:
            body: dict[str, Any] = {"size": 200, "sort": [{"id": "asc"}], "_source": ["article"]}
            if after:
                body["search_after"] = after
            answer = self._search(body)
            rows = answer["hits"]["hits"] if answer else []
            for row in rows:
                yield opensearch_schema.article(row["_source"])
            if not rows:
                return
            after = rows[-1]["sort"]

    def close(self) -> None:
        if self.overlay:
            self.overlay.close()
        self._client.close()


def _body(
    query: Query, names: Names, after: Place | None, wanted: list[facets.Facet | facets.Histogram]
) -> dict[str, Any]:
    """The search for a page of a query, and what is counted beside it."""
    order = paging.order_of(query)
    body: dict[str, Any] = {
        "query": opensearch_query.native(plan(query, names)),
        "size": query.limit + 1 if query.limit else 0,  # one more tells whether there is more
        "track_total_hits": True,
        "_source": ["article"],
        "sort": _sort(order),
        "aggs": {str(number): _aggregation(facet) for number, facet in enumerate(wanted)},
    }
    if after is not None and query.limit:
        score = [after.score] if order == "relevance" else []
        body["search_after"] = [*score, after.key, after.id]
    return body


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


def _sort(order: paging.Order) -> list[dict[str, str]]:
    if order == "relevance":
        return [{"_score": "desc"}, {"newest": "desc"}, {"id": "asc"}]
    return [{order: "desc" if order == "newest" else "asc"}, {"id": "asc"}]


def _aggregation(facet: facets.Facet | facets.Histogram) -> dict[str, Any]:
    if isinstance(facet, facets.Facet):
        return {"terms": {"field": facet.field, "size": 2 * facets.SIZE, "shard_size": 200}}
    histogram: dict[str, Any] = {"field": facet.field, "interval": 1, "min_doc_count": 1}
    if facet.first is not None and facet.last is not None:
        histogram["hard_bounds"] = {"min": facet.first, "max": facet.last}
    return {"histogram": histogram}


def _names(entity_id: str) -> dict[str, Any]:
    beginning = compound(entity_id, "")
    return {"field": "name", "include": opensearch_query.literal(beginning) + ".*", "size": 1_000}


def _counts(aggregation: dict[str, Any]) -> list[tuple[Any, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"]]
