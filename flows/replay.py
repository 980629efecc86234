"""Replay: a step run again from journal and archive, without a fetch; the old index answers until the end."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from prefect import flow
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import opaque  # see flows.ingest.through

from dateline import replay as steps
from dateline import settings
from dateline.replay import BATCH, SAMPLE, Asked, Running, Step
from dateline.workshop import Workshop
from flows.ingest import finish
from tasks import approval
from tasks.abandoned import sign_in
from tasks.replaying import preview, put, reread, write_again

IN_FLIGHT = 3  # batches at once: one is read, one is written, one waits


@flow(
    name="replay", flow_run_name="replay {step}", task_runner=ThreadPoolTaskRunner(max_workers=2 * IN_FLIGHT)
)
def replay(
    step: Step = "extract",
    since: dt.date | None = None,
    source: str | None = None,
    sample: int = SAMPLE,
    approved: bool = False,
) -> str:
    """Run a step and all after it again.

    Args:
        step: extract (from the archived pages), enrich or index (of the articles that stand).
        since: only links that ended on this day (UTC) or later; without it and `source`, all of them,
            into a new index that takes the old one's place.
        source: only links of sources whose name holds this.
        sample: how many are compared first; where many would change, a person is asked.
        approved: the person has said yes.

    Returns:
        One line that says what was done.
    """
    sign_in()
    moment = dt.datetime.combine(since, dt.time(), dt.UTC) if since else None
    asked = Asked(step=step, since=moment, source=source)
    with Workshop(settings.load(), fetching=False) as shop:
        if not approved:
            seen = preview(shop, asked, sample)
            approval.show(seen)
            if seen.many:
                approval.ask(seen)
        with steps.running(shop, asked) as work:
            for batch in limited(reading(shop, work) if step == "extract" else writing(shop, work)):
                work.written += batch if isinstance(batch, int) else 0
            return steps.finish(shop, work, approved)


def reading(shop: Workshop, work: Running) -> Iterator[list[PrefectFuture[Any]]]:
    """The steps of batches of links, from archive and journal."""
    link_ids = [
        id for id in shop.journal.replayable(work.asked.since, work.asked.source) if id not in work.done
    ]
    shop.progress.begin(len(link_ids))
    whole = opaque(work)  # it holds the ids of all that is done: not to be walked through for a batch
    for start in range(0, len(link_ids), BATCH):
        part = link_ids[start : start + BATCH]
        label = f"{start + 1}–{start + len(part)} of {len(link_ids)}"
        read = reread.submit(shop, opaque(part), label)
        yield [read, put.submit(shop, whole, opaque(read), label)]


def writing(shop: Workshop, work: Running) -> Iterator[list[PrefectFuture[Any]]]:
    """The one step of batches of the articles that stand."""
    for number, articles in enumerate(steps.standing(shop, work.asked)):
        shop.progress.begin(len(articles))
        label = f"{number * BATCH + 1}–{number * BATCH + len(articles)}"
        yield [write_again.submit(shop, opaque(work), opaque(articles), label)]


def limited(batches: Iterable[list[PrefectFuture[Any]]]) -> Iterator[Any]:
    """The results of batches' last steps, a few of them at work at once."""
    at_work: deque[list[PrefectFuture[Any]]] = deque()
    for batch in batches:
        at_work.append(batch)
        if len(at_work) >= IN_FLIGHT:
            yield finish(at_work.popleft())
    while at_work:
        yield finish(at_work.popleft())
