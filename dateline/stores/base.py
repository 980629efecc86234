"""The store's contract, written once; each backend inherits it and passes the same tests.

A store is a view of the articles: it can be lost and rebuilt from journal and archive.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Generic, Protocol

from dateline.models import Article
from dateline.query import Query, QueryError
from dateline.stores.document import document_id
from dateline.stores.plan import Plan
from dateline.texts.scenes import Card, Shape

if TYPE_CHECKING:
    from dateline.stores.writing import Standing
    from dateline.texts.copies import Telling


@dataclass(slots=True, kw_only=True)
class Snippet:
    """A sentence that answers the query; `marks` are (start, end, kind) offsets into `text`.

    kind is "word", "entity" or "date".
    """

    text: str
    marks: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Hit:
    """One article that answers, with its score and the sentences that matched (best first)."""

    article: Article
    score: float = 0.0
    snippets: list[Snippet] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Bucket:
    """A facet's value or a histogram's period (ISO date of its first day) with its count."""

    key: str
    count: int
    label: str = ""


@dataclass(slots=True, kw_only=True)
class Answer:
    """What a search returns; `total` counts all matches, not only the page shown.

    `cursor` continues after the last hit, None at the end. `facets` by name.
    """

    hits: list[Hit]
    total: int
    cursor: str | None = None
    facets: dict[str, list[Bucket]] = field(default_factory=dict)
    entities: dict[str, list[str]] = field(default_factory=dict)  # asked name → entity ids


@dataclass(slots=True, kw_only=True)
class Skimmed(Generic[Shape]):
    """As much of the articles that answer as was asked for; see `Store.skim`."""

    articles: list[Shape]
    total: int
    entities: dict[str, list[str]] = field(default_factory=dict)  # asked name → entity ids


@dataclass(slots=True, kw_only=True)
class EntitySummary:
    """An entity of the archive: all names seen for its id, and in how many articles it stands."""

    entity_id: str
    name: str
    type: str
    names: list[str]
    articles: int


@dataclass(slots=True, kw_only=True)
class WriteResult:
    """What became of one document of a bulk write.

    `status` is "created", "updated", "unchanged" (same or newer version stands) or "refused".
    """

    article_id: str
    status: str
    reason: str = ""


class Overlay(Protocol):
    """What is laid over articles before they are written: what people corrected."""

    def __call__(self, articles: list[Article]) -> list[Article]:
        """The articles as they are to be written, in the order given."""

    def close(self) -> None:
        """Let go of what it reads from."""


class Known(Protocol):
    """What an asker for copies knows by itself. A key stands for an article as it is now: it is the first
    64 bits of its digest."""

    def ruled_out(self, number: int, key: int) -> bool:
        """Whether what was asked for by `asked[number]` can do without this article."""

    def get(self, key: int) -> Telling | None:
        """The article, None where it must be read."""

    def put(self, key: int, telling: Telling) -> None:
        """An article that was read."""


class Store(ABC):
    """The contract. Writes are idempotent by article_id and version; the highest version stands.

    `overlay`, if set, is laid over all that is written, so that no way into the store passes by it.
    """

    overlay: Overlay | None = None

    @abstractmethod
    def write(self, articles: Iterable[Article]) -> list[WriteResult]:
        """Index the articles, durable when it returns; one result each, in the order given.

        A document that the store refuses does not stop its neighbours.

        Raises:
            StoreUnavailable: the store can't be reached or stays too busy; nothing is known lost.
        """

    def laid_over(self, articles: list[Article]) -> list[Article]:
        """The articles with the overlay; each backend writes these."""
        return self.overlay(articles) if self.overlay else articles

    @abstractmethod
    def search(self, query: Query, facets: Iterable[str] = ()) -> Answer:
        """The articles that answer `query`.

        Facets: "type:PERSON" (entities of a type), "publisher", "section", "language", "outcome",
        "author", "published:day|month|year", "mentioned:day|month|year".

        Raises:
            QueryError: the query would hurt the store or makes no sense; says what to write.
        """

    def searches(self, asked: Sequence[tuple[Query, Iterable[str]]]) -> list[Answer]:
        """The answers of several searches, each a query with its facets; a store at a distance is
        reached once for all.

        Raises:
            QueryError: as `search`, if one of them can't be run.
        """
        return [self.search(query, facets) for query, facets in asked]

    @abstractmethod
    def skim(self, query: Query, shape: type[Shape]) -> Skimmed[Shape]:
        """The page of a query as `Card` or `Scene`, for answers made of many articles and little of
        each, or as `Article`, whole. No sentences are chosen.

        Raises:
            QueryError: as `search`.
        """

    def cards(self, query: Query) -> tuple[list[Card], int]:
        """The page of a query, of each article its card, and how many answer."""
        read = self.skim(query, Card)
        return read.articles, read.total

    @abstractmethod
    def resolve(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The entity ids that each name stands for in the archive: by any alias, or as an id itself;
        those in most articles first."""

    @abstractmethod
    def matching(
        self, queries: Mapping[str, Query], articles: Sequence[Article]
    ) -> dict[str, list[str] | QueryError]:
        """For each of the named queries the ids of those of `articles` that answer it, in the order
        given, whether they are indexed or not; or why the query can't be run."""

    def sentences_for(self, query: Query, article: Article) -> list[str]:
        """The article's sentences that answer the query, best first."""
        from dateline.stores.plan import asked_names
        from dateline.stores.snippets import snippets

        return [found.text for found in snippets(article, query, self.resolve(asked_names(query)))]

    def get(self, article_id: str) -> Article | None:
        """The article, whole, or None."""
        return self.get_many([article_id]).get(article_id)

    @abstractmethod
    def get_many(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """Those of the articles that are there, whole, by the ids asked for and in their order: for a
        batch in one question, where one for each would wait for the store a hundred times."""

    @abstractmethod
    def refresh(self) -> None:
        """See from now on what other processes have written so far, though their write is still under
        way: for who will write articles again."""

    @abstractmethod
    def sharing(
        self, asked: Sequence[Sequence[str]], known: Known, least: int = 2, limit: int = 200
    ) -> list[list[Telling]]:
        """For each list of copy terms (`copies.sketch`) the articles that have at least `least` of
        them: the `limit` with the most, of equal ones the newest. Those that `known` rules out are
        left out, unread."""

    def similar(self, article_id: str, limit: int = 10) -> list[Hit]:
        """Articles like one of the store's, see `alike`; empty where there is no such article."""
        article = self.get(article_id)
        return [] if article is None else self.alike(article, limit)

    def alike(self, article: Article, limit: int = 10) -> list[Hit]:
        """Articles about the same, most alike first: they share its rarest words and names.

        Those of its own story are left out. `score` is the part that is shared, from 0 to 1.
        """
        from dateline.stores import similar

        found = similar.features(article)
        if not found or limit < 1:
            return []
        counts, total = self._frequencies([(feature.field, feature.value) for feature in found])
        asked = similar.weighed(found, counts, total)
        whole = sum(one.weight for one in asked)
        if not whole:
            return []
        rows = self._best(similar.plan_of(article, asked), limit)
        return [
            Hit(article=other, score=round(score / whole, 4))
            for score, other in rows
            if score >= similar.LEAST * whole
        ]

    @abstractmethod
    def _frequencies(self, terms: Sequence[tuple[str, str]]) -> tuple[list[int], int]:
        """How many articles have each of these (field, value), and how many there are."""

    @abstractmethod
    def _best(self, plan: Plan, limit: int) -> list[tuple[float, Article]]:
        """The articles that answer, with their scores, the highest first, equal ones newest first."""

    @abstractmethod
    def entities(self, name: str | None = None, limit: int = 50) -> list[EntitySummary]:
        """Entities by name (any alias, any case), or the most frequent ones; most articles first."""

    @abstractmethod
    def delete(self, article_ids: Iterable[str]) -> int:
        """Remove articles; how many stood."""

    @abstractmethod
    def building(self) -> Store | None:
        """The index that is being built beside this one; all that is written here is written there too,
        whichever process writes."""

    @abstractmethod
    def begin_rebuild(self) -> Store:
        """An empty index beside this one, see `building`; one left unfinished is given up."""

    @abstractmethod
    def swap(self) -> None:
        """The index that was built answers from now on, in one step; this one is kept as the former."""

    @abstractmethod
    def abandon(self) -> None:
        """Give up what is being built."""

    @abstractmethod
    def adopt_former(self) -> dt.datetime:
        """Make the former index the one that is being built; returns when it ceased to answer (UTC).

        Raises:
            StoreUnavailable: there is none, or it is of another mapping.
        """

    @abstractmethod
    def _known(self, ids: Iterable[str]) -> dict[str, Standing]:
        """Version and digest of those documents that are there, by id."""

    def roll_back(self) -> int:
        """Let the former index answer again, with what was written since; returns how many that were."""
        since = self.adopt_former()
        former = self.building()
        assert former is not None
        count, rest = 0, self.scan()
        while batch := list(islice(rest, 500)):
            by_id = {document_id(article.article_id): article for article in batch}
            standing = former._known(by_id)
            newer = [article for id, article in by_id.items() if _is_newer(article, standing.get(id), since)]
            former.write(newer)
            count += len(newer)
        self.swap()
        return count

    @abstractmethod
    def count(self) -> int:
        """How many articles the store holds."""

    @abstractmethod
    def scan(self) -> Iterator[Article]:
        """Every article, in order of article_id."""

    @abstractmethod
    def close(self) -> None:
        """Let go of locks and connections."""


class StoreUnavailable(RuntimeError):
    """The store can't be reached or is locked; the message says which and what to do."""


class StoreDenied(StoreUnavailable):
    """The store does not accept our credentials, or not for this: trying again would not help."""


def _is_newer(article: Article, formerly: Standing | None, since: dt.datetime) -> bool:
    """Whether an article was written after its index took the former one's place.

    The stamp alone does not tell: who had stamped an article before the swap may have waited for it
    with writing. Then the former index lacks it, or has an older version.
    """
    if formerly is None or article.version > formerly.version:
        return True
    return article.indexed_at is not None and article.indexed_at >= since
