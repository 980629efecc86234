"""Crawl: sources that are due are asked, new pages fetched and old ones visited again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from prefect import flow
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from dateline import settings
from dateline.journal.frontier import parse_shard
from dateline.sources import catalogue
from dateline.workshop import opened
from flows.ingest import IN_FLIGHT, collect
from tasks import crawling, report_crawl
from tasks.abandoned import sign_in
from tasks.batches import batches_of


def _run_name() -> str:
    given = flow_run.parameters
    what = given.get("source") or f"shard {given.get('shard') or '1/1'}"
    days = f" {given['since']} to {given['until']}" if given.get("since") else ""
    return f"crawl {what}{days}"


@flow(name="crawl", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=3 * IN_FLIGHT))  # type: ignore[arg-type]
def crawl(
    source: Annotated[str | None, Field(description="only this source")] = None,
    shard: Annotated[str, Field(description="which share of the hosts: 1/4 to 4/4")] = "1/1",
    since: Annotated[dt.date | None, Field(description="backfill: from this day")] = None,
    until: Annotated[dt.date | None, Field(description="backfill: to this day, inclusive")] = None,
    sources_file: Annotated[str | None, Field(description="sources.toml, if it is elsewhere")] = None,
) -> str:
    """One pass: poll what is due, fetch what is new, visit again what is due; or backfill past days.

    Returns:
        The run's id in the journal, where each link has its outcome.
    """
    sign_in()
    with opened(settings.load()) as shop:
        listed = catalogue.load(catalogue.path_of(shop.settings, sources_file))
        crawling.be_gentle(shop, listed)
        for left in crawling.left_behind(shop):  # killed in mid-work: its links are this run's first
            with crawling.holding(shop, shop.journal.pending(left.run_id)) as links:
                crawling.be_gentle(shop, listed, links)
                collect(shop, left.run_id, links)
        wanted = crawling.chosen(listed, source, parse_shard(shard))
        run_id = crawling.begin_run(shop, source, shard, since, until)
        polls = crawling.due(shop, wanted, since, until, by_name=source is not None)
        for step in [
            crawling.poll.submit(shop, run_id, batch, label) for label, batch in batches_of(polls, "sources")
        ]:
            step.result()
        with crawling.taking(shop, parse_shard(shard), wanted if source else None) as links:
            links = [*links, *crawling.again(polls, links)]
            crawling.be_gentle(shop, listed, links)
            collect(shop, run_id, crawling.expected(shop, run_id, links))
        report_crawl.tell(shop, run_id, polls)
    return run_id
