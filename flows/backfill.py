"""Backfill: years of WARC files, or past days of sources, in pieces that any number of machines share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from dateline.sources.warc import find_warcs
from flows.crawl import crawl
from flows.importing import import_archive
from tasks.abandoned import sign_in
from tasks.fan_out import chosen

# a piece that is tried again goes on where it stopped: see the flow that it is
_POLICY: dict[str, Any] = {"cache_policy": NO_CACHE, "retries": 2, "retry_delay_seconds": [5, 60]}


@flow(name="backfill", task_runner=chosen())
def backfill(
    paths: Annotated[list[str] | None, Field(description="WARC files, folders or globs")] = None,
    source: Annotated[str | None, Field(description="past days of this source only")] = None,
    since: Annotated[dt.date | None, Field(description="past days of sources: from this day")] = None,
    until: Annotated[dt.date | None, Field(description="to this day, inclusive")] = None,
    shares: Annotated[int, Field(description="shares of the hosts, a piece for each", ge=1)] = 1,
    sources_file: Annotated[str | None, Field(description="sources.toml, if it is elsewhere")] = None,
) -> list[str]:
    """Import files, crawl past days: a piece for each file and each share of the hosts.

    Where the pieces run is a setting, DATELINE_TASK_RUNNER: Dask, Ray, or this process.

    Returns:
        The runs' ids in the journal.
    """
    sign_in()
    files, _ = find_warcs(paths or [])
    pieces = [import_file.submit(str(file)) for file in files]
    if since is not None:
        pieces += [
            crawl_share.submit(source, f"{nth}/{shares}", since, until, sources_file)
            for nth in range(1, shares + 1)
        ]
    return [piece.result() for piece in pieces]


@task(name="import a file", task_run_name="import {path}", **_POLICY)
def import_file(path: str) -> str:
    """One WARC file; its run's id."""
    return import_archive(path)


@task(name="crawl a share", task_run_name="crawl {shard} {since} to {until}", **_POLICY)
def crawl_share(
    source: str | None, shard: str, since: dt.date, until: dt.date | None, sources_file: str | None
) -> str:
    """Past days of one share of the hosts; its run's id."""
    return crawl(source, shard, since, until, sources_file)
