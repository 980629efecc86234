"""How much machine an archive needs: cores, memory, disk and shards, from figures that were measured.

The figures are those of docs/benchmarks.md, on pages of 219 KB as 100 publishers send them, on one slow
shared core. Where your pages or processors differ, measure yours with `make bench`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

KB, GB = 1_000, 1_000_000_000
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one article costs. Milliseconds of CPU, bytes on disk, bytes of memory."""

    work_ms: float = 128.0  # fetch, archive, extract, names, dates, journal, index, Prefect
    archive_bytes: float = 43 * KB  # of a page, packed
    journal_bytes: float = 1.9 * KB
    embedded_bytes: float = 10.4 * KB
    opensearch_bytes: float = 18.6 * KB
    worker_memory: float = 0.70 * GB  # a process with the model
    main_memory: float = 0.30 * GB
    prefect_memory: float = 0.25 * GB


# What experience says rather than a measurement of ours; OpenSearch's own guidance.
SHARD_BYTES = 30 * GB  # a shard for search and updates: 10 to 50 GB
HEAP_SHARE = 0.5  # of a node's memory goes to the JVM, the other half to the file cache
HOT_SHARE = 0.05  # of an index that the file cache should hold for answers in tens of milliseconds
MOST_HEAP = 31 * GB  # beyond it object pointers double
ONE_INDEX = 10  # shards: with more, an index for each year is easier to search, move and drop
ONE_YEAR = 40  # shards of a year: with more, an index for each month
EMBEDDED_MOST = 1_000_000  # articles: one writer, one machine, no copy
BUSY = 0.6  # of a day's hours: news comes by day, and a machine must catch up after a stop


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to keep: articles a day, for how many days, with how many copies."""

    per_day: float
    days: float
    copies: int = 1
    hosts: int = 500
    delay: float = 1.0  # seconds between two requests to one host


@dataclass(slots=True)
class Plan:
    """What that needs. Bytes and cores; `drivers` and `breaks` are sentences for a person."""

    articles: int
    store: str
    cores: int
    workers: int
    memory: float
    archive: float
    journal: float
    index: float  # with its copies
    shards: int  # in all, without copies
    rollover: str  # "": one index; "year", "month": see DATELINE_ROLLOVER
    part_shards: int  # of one index
    nodes: int
    node_memory: float
    drivers: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)


def plan(asked: Asked, figures: Figures | None = None) -> Plan:
    """What an archive of this volume needs.

    Raises:
        ValueError: a number that is not positive.
    """
    if asked.per_day <= 0 or asked.days <= 0 or asked.hosts <= 0 or asked.copies < 0:
        raise ValueError("articles a day, days and hosts must be more than nothing")
    figures = figures or Figures()
    made = _sized(asked, figures)
    made.drivers = _drivers(asked, figures, made)
    made.breaks = _breaks(asked, figures, made)
    return made


def _sized(asked: Asked, figures: Figures) -> Plan:
    articles = math.ceil(asked.per_day * asked.days)
    embedded = articles <= EMBEDDED_MOST
    workers = max(1, math.ceil(asked.per_day * figures.work_ms / 1000 / (DAY * BUSY)))
    one = articles * (figures.embedded_bytes if embedded else figures.opensearch_bytes)
    index = one if embedded else one * (1 + asked.copies)
    shards = max(1, math.ceil(one / SHARD_BYTES))
    rollover, days = _parts(shards, one / asked.days)
    part_shards = max(1, math.ceil(one / asked.days * days / SHARD_BYTES)) if rollover else shards
    if rollover:
        shards = max(shards, part_shards * math.ceil(asked.days / days))
    nodes = 0 if embedded else max(1 + min(asked.copies, 2), math.ceil(index * HOT_SHARE / MOST_HEAP))
    node_memory = max(2 * GB, min(2 * MOST_HEAP, index * HOT_SHARE / max(1, nodes) / (1 - HEAP_SHARE)))
    own = workers * figures.worker_memory + figures.main_memory + figures.prefect_memory
    return Plan(
        articles=articles,
        store="embedded" if embedded else "opensearch",
        cores=workers,
        workers=workers,
        memory=own + (1 * GB + one * HOT_SHARE if embedded else nodes * node_memory),
        archive=articles * figures.archive_bytes,
        journal=articles * figures.journal_bytes,
        index=index,
        shards=0 if embedded else shards,
        rollover="" if embedded else rollover,
        part_shards=0 if embedded else part_shards,
        nodes=nodes,
        node_memory=0 if embedded else node_memory,
    )


def _parts(shards: int, a_day: float) -> tuple[str, float]:
    """How an index is parted by time, and the days of a part."""
    if shards <= ONE_INDEX:
        return "", 0.0
    return ("year", 365.25) if a_day * 365.25 <= ONE_YEAR * SHARD_BYTES else ("month", 30.44)


def _drivers(asked: Asked, figures: Figures, made: Plan) -> list[str]:
    disk = made.archive + made.journal + made.index
    return [
        f"CPU: {figures.work_ms:.0f} ms an article, about half of it names and dates, half reading the page",
        f"disk: the archive is {made.archive / disk:.0%} of it; pages kept for a year and texts for ever "
        "would cost a fraction",
        f"memory: {figures.worker_memory / GB:.1f} GB for each worker process"
        + (f", {made.node_memory / GB:.0f} GB for each of {made.nodes} nodes" if made.nodes else ""),
    ]


def _breaks(asked: Asked, figures: Figures, made: Plan) -> list[str]:
    found = []
    for times in (10, 100):
        more = _sized(replace(asked, per_day=asked.per_day * times), figures)
        found.append(f"at {times}×: {_first(replace(asked, per_day=asked.per_day * times), made, more)}")
    return found


def _first(asked: Asked, now: Plan, more: Plan) -> str:
    """What gives way first when there are that many more."""
    polite = asked.hosts * DAY / max(asked.delay, 0.001)
    if asked.per_day > polite:
        return (
            f"politeness: {asked.hosts} hosts at one request in {asked.delay:g} s give {polite:,.0f} pages a "
            "day at most; more hosts, or archives of others (WARC import), not more machines"
        )
    if now.store == "embedded" and more.store == "opensearch":
        return f"the embedded store ({more.articles:,} articles): DATELINE_STORE=opensearch, then rebuild"
    if now.cores <= 2 < more.cores:
        return f"one machine's CPU: {more.cores} cores, so workers on more than one and PostgreSQL"
    if more.nodes > max(3, now.nodes):
        return f"the search cluster: {more.nodes} nodes and {more.shards} shards" + (
            f", an index for each {more.rollover} (DATELINE_ROLLOVER)" if more.rollover else ""
        )
    if more.archive > 10_000 * GB > now.archive:
        return f"local disks: {more.archive / GB / 1000:,.0f} TB of archive belongs on object storage"
    return f"nothing new: {more.cores} cores, {(more.archive + more.index) / GB:,.0f} GB of disk"
