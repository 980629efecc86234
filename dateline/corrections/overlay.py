"""Corrections on their way into a store: laid over every batch that is written, whoever writes it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.corrections.model import Correction, apply, ids_of, restored
from dateline.models import Article
from dateline.stores.document import cleaned

if TYPE_CHECKING:
    from dateline.journal import Journal


class Index:
    """Corrections by what they concern, so that thousands cost an article nothing."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self._articles: dict[str, list[Correction]] = defaultdict(list)
        self._entities: dict[str, list[Correction]] = defaultdict(list)
        for one in corrections:
            if one.kind == "set":
                self._articles[one.article_id or ""].append(one)
            else:
                self._entities[one.entity_id or ""].append(one)

    def of(self, article: Article) -> list[Correction]:
        """Those that may concern an article that is as it was before any; what one merges into, another
        may concern."""
        if not (self._articles or self._entities):
            return []
        found: dict[int, Correction] = {}
        for id in ids_of(article):
            found.update((one.number, one) for one in self._articles.get(id, ()))
        waiting = [entity.entity_id for entity in article.entities] if self._entities else []
        seen: set[str] = set()
        while waiting:
            id = waiting.pop()
            if id in seen:
                continue
            seen.add(id)
            for one in self._entities.get(id, ()):
                found[one.number] = one
                if one.into:
                    waiting.append(one.into)
        return list(found.values())


class Overlay:
    """The corrections of the journal at `url`, looked at again before each batch.

    Raises (when called):
        JournalError: the journal can't be read; nothing may be written without it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._journal: Journal | None = None
        self._stamp = (-1, -1)
        self._index = Index()
        self._lock = threading.Lock()

    def __call__(self, articles: list[Article]) -> list[Article]:
        """The articles as they are to be written."""
        index = self._read()
        return [self._laid(index, article) for article in articles]

    def _laid(self, index: Index, article: Article) -> Article:
        before = restored(article) if article.originals else article
        corrections = index.of(before)
        try:
            return apply(before, corrections)
        except UnicodeEncodeError:
            return apply(cleaned(before), corrections)

    def _read(self) -> Index:
        with self._lock:
            if self._journal is None:
                path = self._url.removeprefix("sqlite:///")
                if path != self._url and not Path(path).exists():
                    return self._index  # no journal, so no corrections, and asking must not make one
                from dateline.journal import Journal

                self._journal = Journal(self._url)
            stamp = self._journal.corrections_stamp()
            if stamp != self._stamp:
                self._index = Index(self._journal.corrections(active=True))
                self._stamp = stamp
            return self._index

    def close(self) -> None:
        """Let go of the journal; the next batch opens it again."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
            self._journal, self._stamp = None, (-1, -1)
