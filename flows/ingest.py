"""Ingest: digests in, a searchable archive out."""

from __future__ import annotations

from collections import deque
from typing import Any

from prefect import flow
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import opaque

from dateline import settings
from dateline.models import Link
from dateline.sources.discover import discover
from dateline.workshop import Workshop
from tasks import report
from tasks.abandoned import sign_in, take_up
from tasks.batches import batches
from tasks.collecting import fetch, index, send, understand, unfold

IN_FLIGHT = 4  # batches at once: enough that neither network nor processors wait, few enough for memory


def _run_name() -> str:
    paths = flow_run.parameters.get("paths") or ["nothing"]
    return f"ingest {paths[0].rstrip('/').rsplit('/', 1)[-1]}" + (f" +{len(paths) - 1}" if paths[1:] else "")


@flow(name="ingest", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=3 * IN_FLIGHT))  # type: ignore[arg-type]
def ingest(paths: list[str], received: str | None = None, fetch_pages: bool = True) -> str:
    """Read the digests in `paths` (files, folders, globs, URLs), fetch, understand and index.

    Args:
        paths: what to read.
        received: the day on which the digests came (2021-03-24), where they don't say it.
        fetch_pages: False leaves the network alone; the digests' own texts are indexed.

    Returns:
        The run's id in the journal, where each link has its outcome.
    """
    sign_in()
    with Workshop(settings.load(), fetching=fetch_pages) as shop:
        for left in shop.journal.unfinished_runs("ingest"):
            if not left.alive and shop.journal.take_over(left):
                # killed in mid-work: its links are this run's first work
                take_up(shop, left)
                given = discover(left.parameters["paths"], left.parameters["received"])
                shop.journal.expect(left.run_id, given.links)  # those it had no time to note
                collect(shop, left.run_id, shop.journal.pending(left.run_id))
        found = discover(paths, received)
        run_id = shop.journal.begin_run(
            "ingest", {"paths": paths, "received": received, "flow_runs": [str(flow_run.id)]}
        )
        collect(shop, run_id, shop.journal.expect(run_id, found.links), found.notes)
    return run_id


def finish(steps: list[PrefectFuture[Any]]) -> Any:
    """Wait for a batch's steps and return what the last one gave.

    The earliest first: its error is the cause, while a step behind it says only that it never began
    ("Run is in PENDING state").
    """
    return [step.result() for step in steps][-1]


def collect(shop: Workshop, run_id: str, links: list[Link], notes: list[str] | None = None) -> None:
    """Take links through fetch, understand and index, then count: N in, N out.

    A feed or sitemap among the addresses that the user named is one more list of links.
    """
    notes = list(notes or [])
    with report.progressing(shop, run_id):
        shop.progress.begin(len(links))
        while links:
            work(shop, run_id, links)
            links = unfold(shop, run_id, links, notes)
            shop.progress.begin(len(links))
        send(shop)
    report.end(shop, run_id, shop.journal.end_run(run_id), notes)


def work(shop: Workshop, run_id: str, links: list[Link]) -> None:
    """Take links through fetch, understand and index, in batches, several at once."""
    working: deque[list[PrefectFuture[Any]]] = deque()
    for label, batch in batches(links):
        working.append(through(shop, run_id, batch, label))
        if len(working) >= IN_FLIGHT:
            finish(working.popleft())
    for steps in working:
        finish(steps)


def through(shop: Workshop, run_id: str, batch: list[Link], label: str) -> list[PrefectFuture[Any]]:
    """A batch's three steps, each waiting for the one before.

    Opaque: else Prefect walks through every field of every article, to look for futures in them, which
    takes 11 ms of CPU for an article with its names.
    """
    fetched = fetch.submit(shop, run_id, opaque(batch), label)
    understood = understand.submit(shop, opaque(fetched), label)
    return [fetched, understood, index.submit(shop, run_id, opaque(understood), label)]
