"""Articles into stories: the connected parts of the graph whose edges are copies.

An edge is a pure function of two texts (`copies`), a story is all that hangs together by edges, and
its id is made of the smallest article id in it. So the same articles give the same stories, whatever
the order in which they came, were changed, or which process wrote them. An article without a copy
has no story.

Adding an article costs one search for its sketch. Where an article that had a story changed or went,
that story is put together anew, since it may have fallen apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dateline.models import Article
from dateline.query import MAX_LIMIT, Query
from dateline.stores.base import Store
from dateline.stories.siblings import Asking, Siblings
from dateline.texts.copies import LEAST, Telling, is_copy, sketch, telling

_PREFIX = "story-"
_ROUNDS = 4  # each sees what other processes wrote since the one before
_siblings = Siblings()
_NEW = 100  # relabelled articles that are looked at once more, where another process was at work too


def story_id(article_ids: Iterable[str]) -> str:
    """The id of the story that these articles tell."""
    return _PREFIX + min(article_ids)


def article_in(story: str) -> str:
    """The article that a story is named after; it leads to the story also once another id is smaller."""
    return story.removeprefix(_PREFIX)


def members(store: Store, story: str) -> Iterator[Article]:
    """All articles of a story."""
    query = Query(story=story, sort="oldest", limit=MAX_LIMIT)
    while True:
        answer = store.search(query)
        yield from (hit.article for hit in answer.hits)
        if answer.cursor is None:
            return
        query = replace(query, cursor=answer.cursor)


def group(store: Store, article_ids: Iterable[str], stories: Iterable[str] = ()) -> int:
    """Put articles that were just written into their stories; returns how many got another one.

    Call it after the write: of two processes that write copies at once, the later one sees both.

    Args:
        article_ids: what was written.
        stories: those that articles had before they were changed or removed.

    Raises:
        StoreUnavailable: doing it again is harmless.
    """
    changed = list(dict.fromkeys(article_ids))
    broken = set(filter(None, stories))
    total = 0
    for _ in range(_ROUNDS):
        relabelled = _round(store, changed, broken)
        total += len(relabelled)
        if not relabelled:
            break
        changed, broken = list(dict.fromkeys([*changed, *relabelled[:_NEW]])), set()
    return total


def _round(store: Store, article_ids: list[str], broken: set[str]) -> list[str]:
    """One look at everything that hangs on these articles; the ids of those that were relabelled."""
    graph = _Graph()
    changed = list(store.get_many(article_ids).values())
    for article in changed:
        graph.add(article)
    anew = broken | {article.story for article in changed if article.story}
    for story in sorted(anew):
        for article in members(store, story):
            graph.add(article)
    graph.join_known()
    looked = [telling(article) for article in changed]
    texts = [each.text for each in looked]
    found = store.sharing(list(map(sketch, texts)), Asking(_siblings, texts), LEAST)
    for mine, others in zip(looked, found, strict=True):
        for other in others:
            graph.meet(mine, other, anew)
    labels = graph.labels()
    wrong = [
        (id, label) for id, label in labels.items() if id not in graph.outside and graph.stories[id] != label
    ]
    for node, story in graph.outside.items():
        if labels[node] != story:
            wrong += [(article.article_id, labels[node]) for article in members(store, story)]
    return _relabel(store, wrong)


def _relabel(store: Store, wrong: list[tuple[str, str | None]]) -> list[str]:
    rewritten = []
    if wrong:
        store.refresh()
    standing = store.get_many(id for id, _ in wrong)  # as they stand now, not as they were found
    for id, label in wrong:
        article = standing.get(id)
        if article is not None and article.story != label:
            article.story = label
            rewritten.append(article)
    written = store.write(rewritten) if rewritten else []
    return [row.article_id for row in written if row.status == "updated"]


class _Graph:
    """Articles joined by copies. A story that no changed article belongs to is one node: it holds
    together whatever comes."""

    def __init__(self) -> None:
        self.stories: dict[str, str | None] = {}  # article id → the story it has now
        self.outside: dict[str, str] = {}  # node → story of others that is taken as one
        self._tellings: dict[str, Telling] = {}
        self._parent: dict[str, str] = {}

    def add(self, article: Article) -> None:
        """An article whose edges are looked at."""
        self._add(telling(article))

    def _add(self, one: Telling) -> None:
        if one.article_id not in self._parent:
            self._parent[one.article_id] = one.article_id
            self._tellings[one.article_id] = one
            self.stories[one.article_id] = one.story

    def join_known(self) -> None:
        """The edges among the articles that are here."""
        having: dict[str, list[str]] = {}
        shared: dict[tuple[str, str], int] = {}
        for id in sorted(self._tellings):
            for term in sketch(self._tellings[id].text):
                for other in having.setdefault(term, []):
                    shared[other, id] = shared.get((other, id), 0) + 1
                having[term].append(id)
        for (one, other), count in sorted(shared.items(), key=lambda row: (-row[1], row[0])):
            if count >= LEAST:
                self._join(self._tellings[one], self._tellings[other])

    def meet(self, mine: Telling, other: Telling, anew: set[str]) -> None:
        """An edge to what a search has found, if it is one."""
        if other.article_id == mine.article_id:
            return
        if other.story and other.story not in anew and other.article_id not in self._parent:
            node = f"\x00{other.story}"
            if node not in self._parent:
                self._parent[node] = node
                self.outside[node] = other.story
            if self._root(node) != self._root(mine.article_id) and is_copy(mine, other):
                self._unite(node, mine.article_id)
            return
        self._add(other)
        self._join(mine, other)

    def _join(self, one: Telling, other: Telling) -> None:
        # a copy of a copy needs no proof of its own
        if self._root(one.article_id) != self._root(other.article_id) and is_copy(one, other):
            self._unite(one.article_id, other.article_id)

    def _root(self, node: str) -> str:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _unite(self, one: str, other: str) -> None:
        self._parent[self._root(one)] = self._root(other)

    def labels(self) -> dict[str, str | None]:
        """The story that each node belongs to."""
        parts: dict[str, list[str]] = {}
        for node in self._parent:
            parts.setdefault(self._root(node), []).append(node)
        found: dict[str, str | None] = {}
        for nodes in parts.values():
            ids = [article_in(self.outside[node]) if node in self.outside else node for node in nodes]
            alone = len(nodes) == 1 and nodes[0] not in self.outside
            found |= dict.fromkeys(nodes, None if alone else story_id(ids))
        return found
