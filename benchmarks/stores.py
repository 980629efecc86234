"""Stores for the index and search parts: the embedded one in a folder, OpenSearch at OPENSEARCH_URL or
started here; filled once for each size and kept under .bench until `make clean`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import articles
from benchmarks.measure import REPO, Unavailable

BULK = 2_000


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
    folder = Path("/tmp/dateline-bench-opensearch")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    try:
        node = server.start(folder, ends_with_us=True)
    except (server.Missing, RuntimeError) as problem:
        raise Unavailable(str(problem)) from problem
    try:
        yield node.url
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)


def home(count: int) -> Path:
    """The DATELINE_HOME whose embedded store has so many articles."""
    return articles.FOLDER / f"home-{count}"


def fill(store: Any, count: int) -> None:
    """Bring a store to `count` articles; what stands is left."""
    standing = store.count()
    rest = articles.articles(count - standing, standing)
    while batch := list(islice(rest, BULK)):
        bad = [row for row in store.write(batch) if row.status == "refused"]
        if bad:
            raise RuntimeError(f"{len(bad)} articles refused: {bad[0].reason}")


@contextmanager
def filled(kind: str, count: int) -> Iterator[Any]:
    """A store of this kind ("embedded", "opensearch") with `count` articles."""
    if kind == "embedded":
        from dateline.stores.embedded import EmbeddedStore

        store: Any = EmbeddedStore(home(count) / "index")
        fill(store, count)
        yield store
        store.close()
        return
    from dateline.stores.opensearch import OpenSearchStore

    with opensearch() as url:
        store = OpenSearchStore(url, f"bench-{count}")
        fill(store, count)
        try:
            yield store
        finally:
            store.close()


if __name__ == "__main__":
    with filled(sys.argv[1], int(sys.argv[2])) as made:
        print(made.count())
