"""Search on a filled store: each kind of question, in ratio to the store's own raw query.

    python -m benchmarks.searching embedded|opensearch ARTICLES [ROUNDS]

"Raw" is the same question asked of the store itself, ten documents back as they lie there: tantivy's
searcher, or a `_search` by a bare HTTP client. The rest is ours: names to ids, articles read, their
sentences chosen and marked. Prints one JSON line: {question: {"p50", "p95", "cpu50", "raw50" …}} in ms;
"cpu" is this process' own time, which is what the embedded store would take on a machine to itself.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from dateline.answers.timeline import timeline
from dateline.models import Interval
from dateline.query import Query
from dateline.query_text import parse_words

SHOWN = 10  # hits of a page
TIMELINE = ["timeline"]  # in place of facets
FACETS = ["type:PERSON", "type:ORGANIZATION", "type:LOCATION", "publisher", "language"]


WORDS = "government police election market hospital energy report climate school minister".split()


def month(chance: random.Random) -> str:
    """One of the months in which the articles were published, as in "2021-03"."""
    return f"{chance.randrange(2018, 2026)}-{chance.randrange(1, 12):02}"


def _span(start: str, end: str) -> Interval:
    return Interval(start=dt.datetime.fromisoformat(start), end=dt.datetime.fromisoformat(end))


def questions(names: list[str]) -> dict[str, Callable[[random.Random], tuple[Query, list[str]]]]:
    """Each kind of question by name; asked with other words, names and days each time."""
    phrases = ["prime minister", "united states", "last year", "climate change", "social media"]

    def some(chance: random.Random) -> Query:
        start = month(chance)
        return Query(entities=[chance.choice(names)], mentioned=_span(f"{start}-01", f"{start}-28"))

    def with_words(chance: random.Random, text: str) -> Query:
        return Query(words=parse_words(text))

    return {
        "words": lambda c: (with_words(c, f"{c.choice(WORDS)} {c.choice(WORDS)}"), []),
        "phrase": lambda c: (with_words(c, f'"{c.choice(phrases)}"'), []),
        "entity": lambda c: (Query(entities=[c.choice(names)]), []),
        "entity and interval": lambda c: (some(c), []),
        "same sentence": lambda c: (_near(some(c)), []),
        "facets": lambda c: (with_words(c, c.choice(WORDS)), FACETS),
        "histograms": lambda c: (with_words(c, c.choice(WORDS)), ["published:month", "mentioned:year"]),
        "timeline": lambda c: (some(c), TIMELINE),
        "all of it": lambda c: (
            _worded(some(c), c.choice(WORDS)),
            [*FACETS, "published:month", "mentioned:month"],
        ),
    }


def _near(query: Query) -> Query:
    query.near = True
    return query


def _worded(query: Query, word: str) -> Query:
    query.words = parse_words(word)
    return query


def raw_of(store: Any, kind: str) -> Callable[[Query, list[str]], Any]:
    """The store's own way to ask the same."""
    from dateline.stores import facets
    from dateline.stores.plan import asked_names, plan

    if kind == "embedded":
        from dateline.stores import embedded_counting as counting
        from dateline.stores import embedded_query, embedded_ranking, paging

        searcher = store._searcher()
        analyses = counting.analyses(searcher)

        def ask(query: Query, wanted: list[str]) -> Any:
            names = {name: counting.resolve(searcher, name) for name in asked_names(query)}
            native = embedded_query.native(plan(query, names, analyses))
            began = time.perf_counter()
            answer = embedded_ranking.search(searcher, native, SHOWN, paging.order_of(query))
            if wanted:
                read = facets.read(wanted, query)
                searcher.aggregate(native, {str(n): counting.aggregation(one) for n, one in enumerate(read)})
            for _, address in answer.hits:
                searcher.doc(address)
            return time.perf_counter() - began

        return ask
    import httpx

    from dateline.stores import opensearch, opensearch_counting, opensearch_query, opensearch_schema, paging

    client = httpx.Client(base_url=store._client._url)

    def search(query: Query, wanted: list[str]) -> Any:
        names = store._resolve(asked_names(query))
        body = {
            "query": opensearch_query.native(plan(query, names)),
            "size": SHOWN,
            "track_total_hits": True,
            **opensearch_schema.columns("article"),
            "sort": opensearch._sort(paging.order_of(query)),
            "aggs": {
                str(n): opensearch_counting.aggregation(one)
                for n, one in enumerate(facets.read(wanted, query))
            },
        }
        began = time.perf_counter()
        client.post(f"/{store._alias}/_search", json=body).raise_for_status().json()
        return time.perf_counter() - began

    return search


def measured(store: Any, kind: str, rounds: int) -> dict[str, Any]:
    """All questions, `rounds` times each, ours and raw in turn."""
    names = [entity.name for entity in store.entities(limit=40)]
    raw, found = raw_of(store, kind), {}
    for name, make in questions(names).items():
        ours, theirs, cpu, totals = [], [], [], []
        chance = random.Random(name)
        for number in range(rounds + 3):
            query, wanted = make(chance)
            query.limit = SHOWN
            special, wanted = wanted is TIMELINE, [] if wanted is TIMELINE else wanted
            between = raw(query, wanted) if number % 2 else None
            if kind == "embedded":  # what an earlier question counted is forgotten
                store._counted.forget()
            else:
                # with the requests alone named, what fields are counted by is cleared as well
                emptied = {"request": "true", "query": "true"}
                store._client.ask("POST", f"/{store._alias}/_cache/clear", None, emptied)
            began, busy = time.perf_counter(), time.process_time()
            answer = timeline(store, query) if special else store.search(query, wanted)
            took, busy = time.perf_counter() - began, time.process_time() - busy
            between = raw(query, wanted) if between is None else between
            if number >= 3:  # the first ones warm up
                ours.append(took * 1000)
                cpu.append(busy * 1000)
                theirs.append(between * 1000)
                totals.append(answer.total)
        found[name] = {
            "p50": statistics.median(ours),
            "p95": statistics.quantiles(ours, n=20)[-1],
            "cpu50": statistics.median(cpu),
            "cpu95": statistics.quantiles(cpu, n=20)[-1],
            "raw50": statistics.median(theirs),
            "raw95": statistics.quantiles(theirs, n=20)[-1],
            "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
            "total": int(statistics.median(totals)),
        }
    return found


if __name__ == "__main__":
    from benchmarks.stores import filled

    with filled(sys.argv[1], int(sys.argv[2])) as filled_store:
        gc.collect()  # as `dateline serve` does
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        rounds = int(sys.argv[3]) if sys.argv[3:] else 30
        print(json.dumps({"articles": filled_store.count(), **measured(filled_store, sys.argv[1], rounds)}))
