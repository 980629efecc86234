"""The tasks of a replay: preview, read a batch again, write it where the replay is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from dateline import replay
from dateline.models import Article
from dateline.replay import Asked, Preview, Running
from dateline.work import Understood
from dateline.workshop import Workshop

# See tasks/collecting.py: inputs are live objects, and what is done is on record.
_POLICY: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "retries": 2,
    "retry_delay_seconds": [2, 15],
}


@task(name="preview", **_POLICY)
def preview(shop: Workshop, asked: Asked, sample: int) -> Preview:
    """What the replay would change, on a sample."""
    return replay.preview(shop, asked, sample)


@task(name="read again", task_run_name="read again {label}", **_POLICY)
def reread(shop: Workshop, link_ids: Sequence[str], label: str) -> list[Understood]:
    """Extract and enrich a batch from archive and journal."""
    understood = replay.reread(shop, shop.journal.pasts(link_ids))
    shop.progress.add("understood", len(understood))
    return understood


@task(name="write", task_run_name="write {label}", **_POLICY)
def put(shop: Workshop, work: Running, understood: Sequence[Understood], label: str) -> Counter[str]:
    """Write a batch where the replay is built; counts by outcome."""
    counts = replay.put(shop, work.built, work.run_id, understood)
    shop.progress.add("settled", len(understood), counts)
    return counts


@task(name="write again", task_run_name="write again {label}", **_POLICY)
def write_again(shop: Workshop, work: Running, articles: Sequence[Article], label: str) -> int:
    """Enrich (where asked) and write a batch of articles that stand; how many were written."""
    redone = replay.redone(shop, work.asked, articles)
    shop.progress.add("understood", len(redone))
    written = replay.write_again(shop, work.built, redone)
    shop.progress.add("settled", written)
    return written
