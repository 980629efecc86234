"""The embedded store: a tantivy index in a folder, no server.

Writing. A batch takes the folder's write lock, is committed (fsync) and lets go of the lock, so that
several processes may write in turn; a killed one loses its batch and no commit. Searching needs no
lock: a reader sees the last commit, and looks for a newer one before each search.

`near` without nested documents: the field `marks` holds, at the position n, all that the nth sentence
puts together (entity ids, and the terms of its intervals, see `calendar`). "In the same sentence" is
then a phrase whose words all stand at one position, which tantivy answers exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dateline.models import Article
from dateline.query import Query, Word, check
from dateline.stores import embedded_counting as counting
from dateline.stores import embedded_query, facets, paging
from dateline.stores.base import Answer, EntitySummary, Hit, Known, Skimmed
from dateline.stores.document import article_of, column_of, document_id, part_of, telling_of
from dateline.stores.embedded_ranking import ranked, sharing
from dateline.stores.embedded_writing import Writing
from dateline.stores.plan import Names, Plan, asked_names, plan
from dateline.stores.snippets import Choosing
from dateline.texts.scenes import Shape

if TYPE_CHECKING:
    from dateline.stores.percolate import Found
    from dateline.texts.copies import Telling


class EmbeddedStore(Writing):
    """A store in `folder`, made on the first write; `patience` is how many seconds a write waits for
    another process that writes.

    Raises:
        StoreUnavailable: the folder holds something else, or can't be read.
    """

    def search(self, query: Query, facets_: Iterable[str] = ()) -> Answer:
        check(query)
        after = paging.decode(query)
        wanted = facets.read(facets_, query)
        names: Names = {name: [] for name in asked_names(query)}
        searcher, counted = self._looked_up()
        if searcher is None:
            plan(query, names)  # a query that makes no sense is refused by an empty store too
            return Answer(hits=[], total=0, facets={facet.name: [] for facet in wanted}, entities=names)
        names = {name: counting.resolve(searcher, name) for name in names}
        planned = plan(query, names, counting.analyses(searcher))
        native = embedded_query.native(planned)
        total, rows = ranked(searcher, native, query, after)
        hits, choosing = [], Choosing(query, names)
        for place, address in rows[: query.limit]:
            article = article_of(searcher.doc(address).get_first("article"))
            hits.append(Hit(article=article, score=place.score, snippets=choosing.of(article)))
        more = len(rows) > query.limit > 0
        return Answer(
            hits=hits,
            total=total,
            cursor=paging.encode(query, rows[query.limit - 1][0]) if more else None,
            facets=counted.of((planned, tuple(wanted)), lambda: counting.counts(searcher, native, wanted)),
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
        names = {name: counting.resolve(searcher, name) for name in names}
        native = embedded_query.native(plan(query, names, counting.analyses(searcher)))
        total, rows = ranked(searcher, native, query, after)
        column = column_of(shape)
        bodies = (searcher.doc(address).get_first(column) for _, address in rows[: query.limit])
        read = [part_of(body, shape) for body in bodies]
        return Skimmed(articles=read, total=total, entities=names)

    def resolve(self, names: Iterable[str]) -> Names:
        searcher = self._searcher()
        return {name: counting.resolve(searcher, name) if searcher is not None else [] for name in names}

    def matching(self, queries: Mapping[str, Query], articles: Sequence[Article]) -> Found:
        from dateline.stores import percolate  # has both stores in it: a search does without

        docs = percolate.documents(self.laid_over(list(articles)))
        analyses = list(dict.fromkeys(value for doc in docs for value in doc.terms["analysis"]))
        made, refused = percolate.plans(queries, self.resolve, analyses)
        return {**refused, **percolate.named(percolate.in_memory(made, docs), articles)}

    def refresh(self) -> None:
        """Nothing to do: what is not committed is nowhere yet."""

    def get_many(self, article_ids: Iterable[str]) -> dict[str, Article]:
        searcher = self._searcher()
        if searcher is None:
            return {}
        found = {id: _article(searcher, document_id(id)) for id in dict.fromkeys(article_ids)}
        return {id: article for id, article in found.items() if article is not None}

    def sharing(
        self, asked: Sequence[Sequence[str]], known: Known, least: int = 2, limit: int = 200
    ) -> list[list[Telling]]:
        found: list[list[Telling]] = [[] for _ in asked]
        searcher = self._searcher()
        for number, terms in enumerate(asked if searcher is not None else ()):
            if len(terms) < least:
                continue
            places = sharing(searcher, terms, least, limit)
            for key, place in zip(searcher.fast_field_values("digest", places), places, strict=True):
                if known.ruled_out(number, key):
                    continue
                if (telling := known.get(key)) is None:
                    telling = telling_of(searcher.doc(place).get_first("article"))
                    known.put(key, telling)
                found[number].append(telling)
        return found

    def _frequencies(self, terms: Sequence[tuple[str, str]]) -> tuple[list[int], int]:
        searcher = self._searcher()
        if searcher is None:
            return [0] * len(terms), 0
        return [counting.having(searcher, field, value) for field, value in terms], int(searcher.num_docs)

    def _best(self, plan: Plan, limit: int) -> list[tuple[float, Article]]:
        searcher = self._searcher()
        if searcher is None:
            return []
        by_relevance = Query(words=Word("similar"), limit=limit)  # only its order and limit are read
        _, rows = ranked(searcher, embedded_query.native(plan), by_relevance, None)
        return [
            (place.score, article_of(searcher.doc(address).get_first("article")))
            for place, address in rows[:limit]
        ]

    def entities(self, name: str | None = None, limit: int = 50) -> list[EntitySummary]:
        searcher = self._searcher()
        return [] if searcher is None else counting.entities(searcher, name, limit)

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


def _article(searcher: Any, id: str) -> Article | None:
    hits = searcher.search(embedded_query.having("id", id), 1, count=False).hits
    return article_of(searcher.doc(hits[0][1]).get_first("article")) if hits else None
