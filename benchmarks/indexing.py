"""Writing: documents per second into each store, beside the store's own client with the same bodies.

    python -m benchmarks.indexing embedded|opensearch COUNT

Ours is `Store.write`, which looks first what stands and answers for each document. Bare is a loop
over the same bodies, made beforehand: tantivy's writer with one commit, or `_bulk` by a bare HTTP
client. Making the bodies, which both need, is timed apart. Prints seconds, and bytes for each article.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.articles import articles
from dateline.stores.document import Document, document

BULK = 500


def clocked(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds of the wall and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def weight(folder: Path) -> int:
    """Bytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def embedded(count: int) -> dict[str, Any]:
    """The embedded store beside tantivy's writer."""
    import tantivy

    from dateline.stores.embedded import EmbeddedStore
    from dateline.stores.embedded_index import HEAP
    from dateline.stores.embedded_schema import TOKENS, schema, tokenizer, written

    folder = Path(tempfile.mkdtemp(prefix="dateline-bench-index-"))
    made = list(articles(count))
    documents: list[Document] = []
    try:
        making = clocked(lambda: documents.extend(document(one) for one in made))
        store = EmbeddedStore(folder / "ours")
        ours = clocked(lambda: store.write(made))
        store.close()

        def bare() -> None:
            (folder / "bare").mkdir()
            index = tantivy.Index(schema(), str(folder / "bare"))
            index.register_tokenizer(TOKENS, tokenizer())
            writer = index.writer(HEAP, 1)
            for one in documents:
                writer.add_document(written(one))
            writer.commit()
            writer.wait_merging_threads()

        raw = clocked(bare)
        return {
            "ours": ours,
            "bare": raw,
            "making": making,
            "bytes": weight(folder / "ours"),
            "fields": by_field(made),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def opensearch(count: int) -> dict[str, Any]:
    """The OpenSearch store beside `_bulk`."""
    import httpx

    from benchmarks.stores import opensearch as server
    from dateline.stores import opensearch_schema
    from dateline.stores.opensearch import OpenSearchStore

    made = list(articles(count))
    documents: list[Document] = []
    making = clocked(lambda: documents.extend(document(one) for one in made))
    with server() as url, httpx.Client(base_url=url, timeout=120) as client:
        for name in ("bench-ours", "bench-bare"):
            client.delete(f"/{name}*")
        store = OpenSearchStore(url, "bench-ours")
        ours = clocked(lambda: store.write(made))
        store.close()
        body = {"settings": opensearch_schema.settings(), "mappings": opensearch_schema.mapping()}
        client.put("/bench-bare", json=body).raise_for_status()

        def bare() -> None:
            for start in range(0, count, BULK):
                lines = []
                for one in documents[start : start + BULK]:
                    lines += [
                        msgspec.json.encode({"index": {"_id": one.id}}),
                        msgspec.json.encode(opensearch_schema.body(one)),
                    ]
                answer = client.post(
                    "/bench-bare/_bulk",
                    content=b"\n".join(lines) + b"\n",
                    headers={"content-type": "application/x-ndjson"},
                )
                assert not answer.raise_for_status().json()["errors"]
            client.post("/bench-bare/_refresh").raise_for_status()

        raw = clocked(bare)
        client.post("/bench-ours/_forcemerge", params={"max_num_segments": 1})
        stats = client.get("/bench-ours/_stats/store").json()
        size = stats["_all"]["primaries"]["store"]["size_in_bytes"]
        for name in ("bench-ours", "bench-bare"):
            client.delete(f"/{name}*")
    return {"ours": ours, "bare": raw, "making": making, "bytes": size, "fields": {}}


# What can be left out of an article to see what it costs in the embedded index.
PARTS = {
    "the article itself (stored, packed)": ("article",),
    "words of the text": ("words", "forms"),
    "titles and captions": ("title", "title_forms", "caption", "caption_forms"),
    "entities, aliases, roles": ("entity", "role", "alias", "name"),
    "facets of entities": (
        "entity_named",
        *(f"entity_{kind}" for kind in "person organization location".split()),
    ),
    "times and sentences": ("mentioned", "sentences"),
}


def by_field(made: list[Any]) -> dict[str, int]:
    """Bytes that each part costs: the index with all of it less the index without."""
    import tantivy

    from dateline.stores.embedded_schema import TOKENS, schema, tokenizer, written

    def size(left_out: tuple[str, ...]) -> int:
        folder = Path(tempfile.mkdtemp(prefix="dateline-bench-field-"))
        try:
            index = tantivy.Index(schema(), str(folder))
            index.register_tokenizer(TOKENS, tokenizer())
            writer = index.writer(64_000_000, 1)
            for article in made:
                one = document(article)
                if "article" in left_out:
                    one.article = b""
                if "mentioned" in left_out:
                    one.mentioned, one.sentences = [], []
                one.texts = {name: parts for name, parts in one.texts.items() if name not in left_out}
                one.terms = {name: parts for name, parts in one.terms.items() if name not in left_out}
                writer.add_document(written(one))
            writer.commit()
            writer.wait_merging_threads()
            return weight(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    whole = size(())
    return {name: whole - size(parts) for name, parts in PARTS.items()}


if __name__ == "__main__":
    kind, number = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"embedded": embedded, "opensearch": opensearch}[kind](number)))
