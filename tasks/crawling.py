"""Prefect policy for a crawl: which sources and hosts a run takes, and what it takes over from a dead one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from dateline import clock
from dateline.crawl import backfilling, polling
from dateline.crawl.polling import Poll
from dateline.journal import Result, Run
from dateline.journal.frontier import Shard, in_shard
from dateline.journal.polls import Due
from dateline.logs import note
from dateline.models import Link, Outcome
from dateline.sources.catalogue import Catalogue, Source
from dateline.urls import host_of
from dateline.workshop import Workshop
from tasks.abandoned import take_up

PASS = 120.0  # seconds that one host's links may take in one pass: the others must not wait for it
MOST = 2000  # links in one pass
DAY = dt.timedelta(days=1)
_HAD = "an earlier run has it"

_POLICY: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}


def left_behind(shop: Workshop) -> list[Run]:
    """Crawls whose process died; they are this process's own now."""
    left = [
        run for run in shop.journal.unfinished_runs("crawl") if not run.alive and shop.journal.take_over(run)
    ]
    for run in left:
        take_up(shop, run)
    return left


def chosen(listed: Catalogue, name: str | None, shard: Shard) -> list[Source]:
    """The source of that name, else all that are enabled and whose host is in the shard."""
    if name is not None:
        return [source for source in [listed.named(name)] if source.kind != "warc"]  # an import's, not ours
    return [
        source
        for source in listed
        if source.enabled and source.kind != "warc" and in_shard(source.host or source.name, shard)
    ]


def be_gentle(shop: Workshop, listed: Catalogue, links: Iterable[Link] = ()) -> None:
    """Delay and requests at once, as sources say, for their own hosts and for those of their links."""
    said = {source.link_source: source for source in listed if source.delay or source.concurrency}
    if not said:
        return
    hosts = {(source.host, source.link_source) for source in said.values() if source.host}
    hosts |= {(host_of(link.url), link.source) for link in links if link.url and link.source in said}
    shop.be_gentle((host or "", said[name].delay, said[name].concurrency) for host, name in sorted(hosts))


def begin_run(
    shop: Workshop, source: str | None, shard: str, since: dt.date | None, until: dt.date | None
) -> str:
    """A run in the journal, with the interval [start, end) that it covers."""
    now = clock.now()
    last = shop.journal.last_run("crawl")
    start, end = (last.started if last else now), now
    if since is not None:
        start = dt.datetime.combine(since, dt.time(), dt.UTC)
        end = dt.datetime.combine((until or since) + DAY, dt.time(), dt.UTC)
    given = {
        "source": source,
        "shard": shard,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "flow_runs": [str(flow_run.id)],
    }
    return shop.journal.begin_run("crawl", given)


def due(
    shop: Workshop, sources: Sequence[Source], since: dt.date | None, until: dt.date | None, by_name: bool
) -> list[Poll]:
    """The polls to make now; for a backfill one for each source, over all of its days."""
    by_source = {source.name: source for source in sources}
    if since is None:
        claimed = shop.journal.claim_polls(
            {source.name: source.floor for source in sources}, due_only=not by_name
        )
        return [polling.begin(by_source[one.source], one) for one in claimed]
    start = dt.datetime.combine(since, dt.time(), dt.UTC)
    end = dt.datetime.combine((until or since) + DAY, dt.time(), dt.UTC)
    polls = []
    for source in sources:
        range_ = Due(
            source=source.name,
            start=start,
            end=end,
            missed=False,
            interval=source.floor,
            polls=0,
            failures=0,
        )
        polls.append(polling.begin(source, range_))
        polls[-1].backfill = True
    return polls


@task(name="poll", task_run_name="poll {label}", **_POLICY)
def poll(shop: Workshop, run_id: str, polls: Sequence[Poll], label: str) -> int:
    """Ask a batch of sources; how many links were new. Past days that were read are read again from the
    archive."""
    pasts = [backfilling.past(shop, one) for one in polls if one.backfill]
    polling.poll(shop, [*(one for one in polls if not one.backfill), *(p.poll for p in pasts if p.missing)])
    count = 0
    for one, new in (
        *((found.poll, backfilling.settle(shop, found, run_id)) for found in pasts),
        *((one, polling.settle_poll(shop, one, run_id)) for one in polls if not one.backfill),
    ):
        count += len(new)
        for link_id in new:
            note("found", run_id, link_id, source=one.source.link_source)
    return count


@contextmanager
def holding(shop: Workshop, links: Sequence[Link]) -> Iterator[list[Link]]:
    """The links, while their hosts are held."""
    hosts = {host_of(link.url) for link in links if link.url}
    shop.hold(hosts)
    try:
        yield list(links)
    finally:
        shop.let_go(hosts)


@contextmanager
def taking(shop: Workshop, shard: Shard, sources: Sequence[Source] | None) -> Iterator[list[Link]]:
    """Links that are due, while their hosts are held: no other run visits them meanwhile."""
    only = sources[0].link_source if sources else None
    due = shop.journal.due_hosts(shard, only)
    held = shop.hold(due) if due else set()
    try:
        delays = shop.delays(held)
        most = {host: min(due[host], max(1, int(PASS / max(delays[host], 0.05)))) for host in held}
        yield shop.journal.due_links(most, only)[:MOST]
    finally:
        shop.let_go(held)


def again(polls: Iterable[Poll], taken: Iterable[Link]) -> list[Link]:
    """All links of past intervals but those that are taken anyway: a run that covers them says what became
    of each."""
    had = {link.link_id for link in taken}
    links = {id_: link for one in polls if one.backfill for id_, link in one.links.items()}
    return [link for id_, link in links.items() if id_ not in had]


def expected(shop: Workshop, run_id: str, links: Sequence[Link]) -> list[Link]:
    """The links in the journal, with what other sources say of them; those to be fetched."""
    others = shop.journal.also_named(link.link_id for link in links)
    todo = fresh(shop, run_id, shop.journal.expect(run_id, [*links, *others]))
    shop.journal.taken_along(others)
    return todo


def fresh(shop: Workshop, run_id: str, links: Sequence[Link]) -> list[Link]:
    """Those to be fetched; a link of a past interval that an earlier run fetched is unchanged."""
    known = shop.journal.known(link.link_id for link in links)
    due = shop.journal.are_due(link.link_id for link in links)
    todo, done = [], []
    for link in links:
        past = known.get(link.link_id)
        if link.link_id in due or past is None or past.outcome is None:
            todo.append(link)
        else:
            done.append(
                Result(link_id=link.link_id, outcome=Outcome.UNCHANGED, reason="an earlier run has it")
            )
    if done:
        shop.journal.record(run_id, done)
    return todo
