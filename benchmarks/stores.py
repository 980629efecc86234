"""Stores for the index and search parts: the embedded one in a folder, OpenSearch at OPENSEARCH_URL or
started here; filled once for each size and kept under .bench until `make clean`.

    python -m benchmarks.stores embedded|opensearch COUNT          # fills, by as many processes as cores
    python -m benchmarks.stores embedded|opensearch COUNT N OF     # one of those processes

A fill that was stopped goes on where it stopped: only what is missing is made and written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import articles
from benchmarks.measure import REPO, SINGLE, Unavailable
from dateline.stores.document import VERSION

BULK = 2_000
HEAP = "1g"  # of a node started here


@contextmanager
def opensearch() -> Iterator[str]:
    """The address of a server.

    Raises:
        Unavailable: none answers, and none can be started.
    """
    if url := os.environ.get("OPENSEARCH_URL"):
        yield url
        return
    sys.path.insert(0, str(REPO / "infra" / "opensearch"))
    try:
        import server  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    folder = articles.FOLDER / "opensearch"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        node = server.start(folder, heap=HEAP, ends_with_us=True, for_tests=False)
    except (server.Missing, RuntimeError) as problem:
        raise Unavailable(str(problem)) from problem
    try:
        yield node.url
    finally:
        node.stop()


def home(count: int) -> Path:
    """The DATELINE_HOME whose embedded store has so many articles."""
    return articles.FOLDER / f"home-{count}-v{VERSION}"


def alias(count: int) -> str:
    """The OpenSearch store that has so many articles."""
    return f"bench-{count}-v{VERSION}"


@contextmanager
def opened(kind: str, count: int) -> Iterator[Any]:
    """A store of this kind ("embedded", "opensearch"), as full as it is."""
    if kind == "embedded":
        from dateline.stores.embedded import EmbeddedStore

        store: Any = EmbeddedStore(home(count) / "index", patience=600)
        try:
            yield store
        finally:
            store.close()
        return
    from dateline.stores.opensearch import OpenSearchStore

    with opensearch() as url:
        store = OpenSearchStore(url, alias(count), refresh=False, patience=300)
        try:
            yield store
        finally:
            store.close()


def fill_part(store: Any, count: int, number: int = 0, of: int = 1) -> None:
    """Write every `of`th batch of the first `count` articles, from the `number`th on."""
    for start in range(number * BULK, count, of * BULK):
        numbers = range(start, min(start + BULK, count))
        standing = store._known(map(articles.article_id, numbers))
        missing = [each for each in numbers if articles.article_id(each) not in standing]
        bad = [row for row in store.write(map(articles.article, missing)) if row.status == "refused"]
        if bad:
            raise RuntimeError(f"{len(bad)} articles refused: {bad[0].reason}")


@contextmanager
def filled(kind: str, count: int) -> Iterator[Any]:
    """A store of this kind with `count` articles; filled first where it is not.

    Raises:
        Unavailable: it can't be filled.
    """
    with opened(kind, count) as store:
        if store.count() < count:
            articles.understood()
            where = {} if kind == "embedded" else {"OPENSEARCH_URL": store._client._url}
            parts = min(os.cpu_count() or 1, -(-count // BULK))
            command = [sys.executable, "-m", "benchmarks.stores", kind, str(count)]
            running = [
                subprocess.Popen(
                    [*command, str(number), str(parts)], env={**os.environ, **SINGLE, **where}, cwd=REPO
                )
                for number in range(parts)
            ]
            if any([process.wait() for process in running]):  # noqa: C419 (each is waited for)
                raise Unavailable(f"{kind} could not be filled with {count:,} articles")
            if kind == "opensearch":
                store._client.ask("POST", f"/{alias(count)}/_refresh")
        yield store


if __name__ == "__main__":
    if sys.argv[3:]:
        with opened(sys.argv[1], int(sys.argv[2])) as part:
            fill_part(part, int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        with filled(sys.argv[1], int(sys.argv[2])) as whole:
            print(whole.count())
