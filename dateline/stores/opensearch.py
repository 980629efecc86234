"""The OpenSearch store: a versioned index behind an alias, strict mapping, nested sentences.

The alias is the name in the settings; the index carries the mapping's version (`dateline-v1`), so that
a new mapping is built beside the old and the alias moved. Writes carry the article's version
(`external_gte`): the highest stands, in whatever order they arrive. Answers from part of the shards are
refused. A write is seen by the searches that follow it (one refresh at its end, unless
`refresh=False`, for loading much).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dateline.models import Article
from dateline.query import Query, check
from dateline.stores import facets, opensearch_query, opensearch_schema, paging, percolate
from dateline.stores import opensearch_counting as counting
from dateline.stores.analysis import ANALYSES
from dateline.stores.base import Answer, EntitySummary, Hit, Known, Skimmed
from dateline.stores.document import column_of, document_id
from dateline.stores.opensearch_client import Rejected
from dateline.stores.opensearch_writing import Writing
from dateline.stores.paging import Place
from dateline.stores.plan import Names, Plan, asked_names, plan
from dateline.stores.snippets import Choosing
from dateline.texts.scenes import Shape

if TYPE_CHECKING:
    from dateline.texts.copies import Telling

_SHARING = 50  # searches for copies in one request: each may bring 200 keys
_READING = 500  # articles in one request, some 10 KB each


class OpenSearchStore(Writing):
    """The store at `url` under the alias `index`; nothing is asked before the first use.

    `patience` is how many seconds a write is tried again while the server is away or busy; `timeout`
    is that of one request. A certificate authority of one's own is named by OPENSEARCH_CA.
    """

    def search(self, query: Query, facets_: Iterable[str] = ()) -> Answer:
        return self.searches([(query, facets_)])[0]

    def searches(self, asked: Sequence[tuple[Query, Iterable[str]]]) -> list[Answer]:
        for query, _ in asked:
            check(query)
        after = [paging.decode(query) for query, _ in asked]
        wanted = [facets.read(names, query) for query, names in asked]
        natives: list[Any] = []

        def bodies(names: Names) -> list[dict[str, Any]]:
            natives[:] = [opensearch_query.native(plan(query, names)) for query, _ in asked]
            # what is counted is asked for apart from the page: the next page counts the same
            found = [counting.body(native, one) for native, one in zip(natives, wanted, strict=True)]
            for (query, _), native, place in zip(asked, natives, after, strict=True):
                if query.limit:
                    found.append(_page(query, native, place, "article"))
            return found

        names, answers = self._named((name for query, _ in asked for name in asked_names(query)), bodies)
        if answers is None:
            return [_nothing(query, one, names) for (query, _), one in zip(asked, wanted, strict=True)]
        counted = [
            counting.Counting(native, one, answer.get("aggregations", {}))
            for native, one, answer in zip(natives, wanted, answers, strict=False)
        ]
        self._settle(counted)
        pages = iter(answers[len(asked) :])
        found = []
        for number, (query, _) in enumerate(asked):
            rows = next(pages)["hits"]["hits"] if query.limit else []
            found.append(
                Answer(
                    hits=_hits(rows[: query.limit], Choosing(query, names)),
                    total=answers[number]["hits"]["total"]["value"],
                    cursor=_cursor(query, after[number], rows),
                    facets=counted[number].found,
                    entities=_own(query, names),
                )
            )
        return found

    def _settle(self, counted: list[counting.Counting]) -> None:
        """Count again what is unsure in any of the searches."""
        unsure = [(one, body) for one in counted for body in one.again()]
        answers = self._searches([body for _, body in unsure]) if unsure else None
        for (one, _), answer in zip(unsure, answers or [], strict=False):
            one.settle(answer)

    def skim(self, query: Query, shape: type[Shape]) -> Skimmed[Shape]:
        check(query)
        after = paging.decode(query)

        def bodies(names: Names) -> list[dict[str, Any]]:
            native = opensearch_query.native(plan(query, names))
            page = [_page(query, native, after, column_of(shape))] if query.limit else []
            return [counting.body(native, []), *page]

        names, answers = self._named(asked_names(query), bodies)
        if answers is None:
            return Skimmed(articles=[], total=0, entities=names)
        rows = [row for answer in answers[1:] for row in answer["hits"]["hits"][: query.limit]]
        return Skimmed(
            articles=[opensearch_schema.part(row, shape) for row in rows],
            total=answers[0]["hits"]["total"]["value"],
            entities=names,
        )

    def matching(self, queries: Mapping[str, Query], articles: Sequence[Article]) -> percolate.Found:
        docs = percolate.documents(self.laid_over(list(articles)))
        made, refused = percolate.plans(queries, self.resolve, ANALYSES)
        try:
            found = percolate.percolated(self._client, self._alias, made, docs)
        except Rejected as error:
            raise self._client.unavailable(str(error)) from error
        return {**refused, **percolate.named(found, articles)}

    def refresh(self) -> None:
        self._ask("POST", "_refresh", None)

    def get_many(self, article_ids: Iterable[str]) -> dict[str, Article]:
        ids = {id: document_id(id) for id in article_ids}
        asked = list(dict.fromkeys(ids.values()))
        found: dict[str, opensearch_schema.Row] = {}
        for start in range(0, len(asked), _READING):
            part = asked[start : start + _READING]
            body = {"query": {"terms": {"id": part}}, "version": True, "size": 10 * len(part)}
            answer = self._search(body | opensearch_schema.columns("article", "id"))
            for row in answer["hits"]["hits"] if answer else []:
                key = row["fields"]["id"][0]
                # of an article that two processes are writing into different parts, the higher version
                if key not in found or row["_version"] > found[key]["_version"]:
                    found[key] = row
        return {id: opensearch_schema.article(found[key]) for id, key in ids.items() if key in found}

    def sharing(
        self, asked: Sequence[Sequence[str]], known: Known, least: int = 2, limit: int = 200
    ) -> list[list[Telling]]:
        found: list[list[Telling]] = [[] for _ in asked]
        numbers = [number for number, terms in enumerate(asked) if len(terms) >= least]
        for start in range(0, len(numbers), _SHARING):
            part = numbers[start : start + _SHARING]
            answers = self._searches([_sharing(asked[number], least, limit) for number in part])
            places: dict[int, str] = {}
            wanted: dict[int, list[int]] = {}
            for number, answer in zip(part, answers or [], strict=False):
                rows = {opensearch_schema.key(row): row["sort"][-1] for row in answer["hits"]["hits"]}
                wanted[number] = [key for key in rows if not known.ruled_out(number, key)]
                places |= {key: rows[key] for key in wanted[number]}
            tellings = self._tellings(places, known)
            for number, keys in wanted.items():
                found[number] = [tellings[key] for key in keys if key in tellings]
        return found

    def _tellings(self, places: dict[int, str], known: Known) -> dict[int, Telling]:
        """Articles by key, those that are not known read by their ids; one that went meanwhile is left
        out."""
        found = {key: telling for key in places if (telling := known.get(key)) is not None}
        unread = [key for key in places if key not in found]
        for start in range(0, len(unread), _READING):
            ids = sorted({places[key] for key in unread[start : start + _READING]})
            body = {"query": {"terms": {"id": ids}}, "size": _READING + len(self._behind) + 10}
            answer = self._search(body | opensearch_schema.columns("article", "digest"))
            for row in answer["hits"]["hits"] if answer else []:
                key = opensearch_schema.key(row)
                found[key] = opensearch_schema.telling(row)
                known.put(key, found[key])
        return found

    def _frequencies(self, terms: Sequence[tuple[str, str]]) -> tuple[list[int], int]:
        each = {
            str(number): {"filter": {"term": {field: value}}} for number, (field, value) in enumerate(terms)
        }
        answer = self._search({"size": 0, "track_total_hits": True, "aggs": each})
        if answer is None:
            return [0] * len(terms), 0
        counts = [answer["aggregations"][str(number)]["doc_count"] for number in range(len(terms))]
        return counts, answer["hits"]["total"]["value"]

    def _best(self, plan: Plan, limit: int) -> list[tuple[float, Article]]:
        body = {"query": opensearch_query.native(plan), "size": limit, "sort": _sort("relevance")}
        answer = self._search(body | opensearch_schema.columns("article"))
        rows = answer["hits"]["hits"] if answer else []
        return [(row["_score"], opensearch_schema.article(row)) for row in rows]

    def entities(self, name: str | None = None, limit: int = 50) -> list[EntitySummary]:
        if name is None:
            answer = self._search(counting.frequent(limit))
            buckets = facets.named(counting.counts(answer["aggregations"]["found"])) if answer else []
            ids = [bucket.key for bucket in buckets]
            answers = self._searches(_summing(ids, limit)) if ids else None
        else:
            names, answers = self._named([name], lambda names: _summing(names[name], limit))
            ids = names[name]
        if not answers:
            return []
        shown = counting.most(ids, answers[0], limit)
        if len(answers) > 1 or not shown:
            return counting.summaries(ids, shown, answers[-1])
        chosen = [id for id, _ in shown]
        answer = self._search(counting.named(chosen))
        return counting.summaries(chosen, shown, answer) if answer else []

    def count(self) -> int:
        answer = self._ask("GET", "_count", None)
        return int(answer["count"]) if answer else 0

    def scan(self) -> Iterator[Article]:
        after: list[Any] = []
        while True:
            body: dict[str, Any] = {"size": 200, "sort": [{"id": "asc"}]}
            if after:
                body["search_after"] = after
            answer = self._search(body | opensearch_schema.columns("article"))
            rows = answer["hits"]["hits"] if answer else []
            for row in rows:
                yield opensearch_schema.article(row)
            if not rows:
                return
            after = rows[-1]["sort"]

    def close(self) -> None:
        if self.overlay:
            self.overlay.close()
        self._client.close()


def _page(query: Query, native: Any, after: Place | None, column: str) -> dict[str, Any]:
    """The search for a page of a query."""
    order = paging.order_of(query)
    body: dict[str, Any] = {
        "query": native,
        "size": query.limit + 1,  # one more tells whether there is more
        "track_total_hits": False,
        "sort": _sort(order),
        **opensearch_schema.columns(column),
    }
    if after is not None:
        score = [after.score] if order == "relevance" else []
        body["search_after"] = [*score, after.key, after.id]
    return body


def _sort(order: paging.Order) -> list[dict[str, str]]:
    if order == "relevance":
        return [{"_score": "desc"}, {"newest": "desc"}, {"id": "asc"}]
    return [{order: "desc" if order == "newest" else "asc"}, {"id": "asc"}]


def _hits(rows: Iterable[Any], choosing: Choosing) -> list[Hit]:
    found = []
    for row in rows:
        article = opensearch_schema.article(row)
        found.append(Hit(article=article, score=row["_score"] or 0.0, snippets=choosing.of(article)))
    return found


def _cursor(query: Query, after: Place | None, rows: list[Any]) -> str | None:
    if not len(rows) > query.limit > 0:
        return None
    *score, key, id = rows[query.limit - 1]["sort"]
    seen = query.limit + (after.seen if after else 0)
    return paging.encode(query, Place(seen=seen, score=score[0] if score else 0.0, key=key, id=id))


def _own(query: Query, names: Names) -> Names:
    return {name: names[name] for name in asked_names(query)}


def _nothing(query: Query, wanted: list[facets.Facet | facets.Histogram], names: Names) -> Answer:
    return Answer(hits=[], total=0, facets={one.name: [] for one in wanted}, entities=_own(query, names))


def _summing(ids: list[str], limit: int) -> list[dict[str, Any]]:
    """The searches that sum up entities: where there are few, with all their names."""
    few = [counting.named(ids)] if len(ids) <= limit else []
    return [counting.standing(ids), *few] if ids else []


def _sharing(terms: Sequence[str], least: int, limit: int) -> dict[str, Any]:
    body = {"query": opensearch_query.at_least(least, "copy", terms), "size": limit}
    body["sort"] = _sort("relevance")
    return body | opensearch_schema.columns("digest")
