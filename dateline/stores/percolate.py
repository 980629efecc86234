"""Standing queries: which of the articles at hand answer which of the saved searches.

Turned around: not one query to all articles, but a few articles to all queries. Both stores run the
very clauses that a search runs: the embedded one on an index in memory that holds just these articles,
OpenSearch by its percolator, in an index beside the archive's. Neither needs the articles to be
searchable yet, and both take as long as there are queries, not as there are articles in the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from dateline.models import Article
from dateline.query import Query, QueryError, check
from dateline.stores import embedded_query, opensearch_query, opensearch_schema
from dateline.stores.document import VERSION, Document, document_id
from dateline.stores.opensearch_client import Client, Missing, Rejected
from dateline.stores.plan import Names, Plan, asked_names, plan
from dateline.stores.writing import made_of

Found = dict[str, list[str] | QueryError]
_HEAP = 15_000_000  # the least that tantivy takes
_DOCUMENTS = 50  # in one request: their texts travel whole


def plans(
    queries: Mapping[str, Query], resolve: Callable[[list[str]], Names], analyses: Sequence[str]
) -> tuple[dict[str, Plan], Found]:
    """The plan of each query, and those that can't be run with the reason."""
    made: dict[str, Plan] = {}
    refused: Found = {}
    for name, query in queries.items():
        try:
            check(query)
            made[name] = plan(query, resolve(asked_names(query)), analyses)
        except QueryError as error:
            refused[name] = error
    return made, refused


def documents(articles: Sequence[Article]) -> list[Document]:
    """The documents of the articles, without those of which none can be made."""
    return [doc for doc in map(made_of, articles) if isinstance(doc, Document)]


def named(found: Found, articles: Sequence[Article]) -> Found:
    """What was found by document id, by article id."""
    by_id = {document_id(article.article_id): article.article_id for article in articles}
    return {
        name: ids if isinstance(ids, QueryError) else [by_id[id] for id in ids] for name, ids in found.items()
    }


def in_memory(made: Mapping[str, Plan], docs: Sequence[Document]) -> Found:
    """Ids of the documents that answer each plan, in the order given; by tantivy."""
    if not docs:
        return {name: [] for name in made}
    import tantivy

    from dateline.stores.embedded_schema import TOKENS, schema, tokenizer, written

    index = tantivy.Index(schema())
    index.register_tokenizer(TOKENS, tokenizer())
    writer = index.writer(_HEAP, 1)
    for doc in docs:
        writer.add_document(written(doc))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    found: Found = {}
    for name, clauses in made.items():
        hits = searcher.search(embedded_query.native(clauses), len(docs), count=False).hits
        ids = {searcher.doc(address).get_first("id") for _, address in hits}
        found[name] = [doc.id for doc in docs if doc.id in ids]
    return found


def percolated(client: Client, alias: str, made: Mapping[str, Plan], docs: Sequence[Document]) -> Found:
    """The same by OpenSearch's percolator; the plans are kept in `alias`-searches-vN, each once."""
    index = f"{alias}-searches-v{VERSION}"
    stored = {_id(name, clauses): (name, opensearch_query.native(clauses)) for name, clauses in made.items()}
    if not stored:
        return {}
    try:
        client.ask("GET", f"/{index}/_mapping")
    except Missing:
        _make(client, index)
    _keep(client, index, stored)
    matched: dict[str, set[str]] = {name: set() for name in made}
    for start in range(0, len(docs), _DOCUMENTS):
        part = docs[start : start + _DOCUMENTS]
        asked = {"percolate": {"field": "query", "documents": [opensearch_schema.body(doc) for doc in part]}}
        body = {
            "query": {"bool": {"filter": [{"ids": {"values": list(stored)}}, asked]}},
            "size": len(stored),
            "_source": False,
        }
        answer = client.ask("POST", f"/{index}/_search", body, {"allow_partial_search_results": "false"})
        for hit in answer["hits"]["hits"]:
            name = stored[hit["_id"]][0]
            matched[name] |= {part[slot].id for slot in hit["fields"]["_percolator_document_slot"]}
    return {name: [doc.id for doc in docs if doc.id in ids] for name, ids in matched.items()}


def _id(name: str, clauses: Plan) -> str:
    """Another plan for the same name (a new alias, a changed search) is another stored query."""
    return blake2b(repr((name, clauses)).encode(), digest_size=20).hexdigest()


def _keep(client: Client, index: str, stored: Mapping[str, tuple[str, Any]]) -> None:
    answer = client.ask("POST", f"/{index}/_mget", {"ids": list(stored)}, {"_source": "false"})
    missing = [row["_id"] for row in answer["docs"] if not row.get("found")]
    if not missing:
        return
    lines = [
        line
        for id in missing
        for line in ({"index": {"_id": id}}, {"name": stored[id][0], "query": stored[id][1]})
    ]
    packed = b"\n".join(map(msgspec.json.encode, lines)) + b"\n"
    answer = client.ask("POST", f"/{index}/_bulk", packed, {"refresh": "true"})
    if len(answer["items"]) != len(missing) or answer["errors"]:
        raise client.unavailable(f"saved searches were not kept: {str(answer)[:300]}")
    # what these names asked before is of no use any more
    names = sorted({stored[id][0] for id in missing})
    former = {
        "bool": {"filter": [{"terms": {"name": names}}], "must_not": [{"ids": {"values": list(stored)}}]}
    }
    client.ask("POST", f"/{index}/_delete_by_query", {"query": former}, {"conflicts": "proceed"})


def _make(client: Client, index: str) -> None:
    mapping = opensearch_schema.mapping()
    mapping["properties"] |= {"query": {"type": "percolator"}, "name": {"type": "keyword"}}
    mapping["_source"] = {"includes": ["name"]}
    try:
        client.ask("PUT", f"/{index}", {"settings": opensearch_schema.settings(), "mappings": mapping})
    except Rejected as error:
        if "resource_already_exists_exception" not in str(error):
            raise client.unavailable(str(error)) from error
