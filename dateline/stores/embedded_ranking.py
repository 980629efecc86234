"""The order of the embedded store's hits, and the page that a query asks for."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Any

from dateline.query import Query
from dateline.stores import embedded_query, paging
from dateline.stores.paging import Place

_MAX_SHARING = 3_000  # texts that share an equal part with one, before their order is given up


def ranked(
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
        answer = search(searcher, asked, take, order)
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


def search(searcher: Any, native: Any, take: int, order: paging.Order) -> Any:
    import tantivy

    if order == "relevance":
        return searcher.search(native, take, count=True)
    direction = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
    return searcher.search(native, take, count=True, order_by_field=order, order=direction)


def sharing(searcher: Any, terms: Sequence[str], least: int, limit: int) -> list[Any]:
    """Where the documents stand that share the most of these terms, of equal ones the newest."""
    query = embedded_query.at_least(least, "copy", terms)
    hits = searcher.search(query, limit + 1, count=False).hits
    if len(hits) > limit and hits[-1][0] == hits[-2][0]:
        # equal ones come in no order that lasts: all of them are needed to take the newest
        hits = searcher.search(query, _MAX_SHARING, count=False).hits
    least_taken = hits[min(limit, len(hits)) - 1][0] if hits else 0.0
    above = sum(score > least_taken for score, _ in hits)  # hits come with the most first
    tied = [place for score, place in hits[above:] if score == least_taken]
    newest = searcher.fast_field_values("newest", tied)
    taken = heapq.nlargest(limit - above, range(len(tied)), key=newest.__getitem__)
    return [place for _, place in hits[:above]] + [tied[at] for at in taken]
