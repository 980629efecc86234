"""How much machine an archive needs: cores, memory, disk and shards, from figures that were measured.

Each figure says where: on pages of 219 KB as 100 publishers send them, two slow shared cores of an EPYC
(docs/benchmarks.md). Where your pages or processors differ, measure yours with `make bench`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

KB, GB = 1_000, 1_000_000_000
DAY, MONTH, YEAR = 86_400.0, 30.44, 365.25  # a day's seconds, and days


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one article costs, as measured. Milliseconds of CPU, bytes on disk, bytes of memory."""

    # `make bench --only floor`, 120 pages, two rounds, quiet machine
    read_ms: float = 108.0  # extract, names, dates: in worker processes, as many as there are cores
    main_ms: float = 24.0  # fetch, archive, journal, the store's document, stories: one process for each run
    prefect_ms: float = 3.0
    # `make bench --only workers`, busy machine
    opensearch_ms: float = 40.0  # in OpenSearch itself: what is written, looked up and merged
    # 100,000 articles in each store, and the archive and journal of the runs above
    archive_bytes: float = 43 * KB  # of a page, packed
    journal_bytes: float = 1.9 * KB
    embedded_bytes: float = 13 * KB
    opensearch_bytes: float = 25 * KB
    # what `make bench` saw the processes hold
    worker_memory: float = 0.70 * GB  # a process with the model
    main_memory: float = 0.30 * GB
    prefect_memory: float = 0.25 * GB

    @property
    def work_ms(self) -> float:
        """All of it but OpenSearch."""
        return self.read_ms + self.main_ms + self.prefect_ms


# What experience says rather than a measurement of ours; OpenSearch's own guidance.
SHARD_BYTES = 30 * GB  # a shard for search and updates: 10 to 50 GB
HEAP_SHARE = 0.5  # of a node's memory goes to the JVM, the other half to the file cache
HOT_SHARE = 0.05  # of the newest year's index that the cache should hold for answers in tens of milliseconds
COLD_SHARE = 0.01  # of what is older, which is asked for seldom
MOST_HEAP = 31 * GB  # beyond it object pointers double
NODE_DISK = 8_000 * GB  # more takes a day to copy to another node
ONE_INDEX = 10  # shards: with more, an index for each year is easier to search, move and drop
ONE_YEAR = 40  # shards of a year: with more, an index for each month
MOST_SHARDS = 10_000  # with their copies: a cluster's state, and a search over all of them, grow with it
EMBEDDED_MOST = 1_000_000  # articles: one writer, one machine, no copy
MACHINE = 16  # cores of one machine
LOCAL_DISK = 10_000 * GB  # of archive on a machine's own disks
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
    cores: int  # for all but OpenSearch
    workers: int  # worker processes
    runs: int  # side by side, each with its main process
    store_cores: int  # for OpenSearch to write; what searches need hangs on who asks
    memory: float
    archive: float
    journal: float
    index: float  # with its copies
    shards: int  # in all, without copies
    rollover: str  # "": one index; "year", "month": see DATELINE_ROLLOVER
    part_shards: int  # of one index
    nodes: int
    node_memory: float
    node_disk: float
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
    made.drivers = _drivers(figures, made)
    made.breaks = _breaks(asked, figures, made)
    return made


def _sized(asked: Asked, figures: Figures) -> Plan:
    articles = math.ceil(asked.per_day * asked.days)
    embedded = articles <= EMBEDDED_MOST
    one = articles * (figures.embedded_bytes if embedded else figures.opensearch_bytes)
    index = one if embedded else one * (1 + asked.copies)
    cached = index * (HOT_SHARE * _newest(asked) + COLD_SHARE * (1 - _newest(asked)))
    shards = max(1, math.ceil(one / SHARD_BYTES))
    rollover, days = _parts(shards, one / asked.days)
    part_shards = max(1, math.ceil(one / asked.days * days / SHARD_BYTES)) if rollover else shards
    if rollover:
        shards = max(shards, part_shards * math.ceil(asked.days / days))
    least = 3 if asked.copies else 1  # two of three are a majority when one is lost, one of two is none
    nodes = 0 if embedded else max(least, math.ceil(cached / MOST_HEAP), math.ceil(index / NODE_DISK))
    node_memory = max(2 * GB, min(2 * MOST_HEAP, cached / max(1, nodes) / (1 - HEAP_SHARE)))
    workers, runs = _busy(asked, figures.read_ms), _busy(asked, figures.main_ms)
    own = workers * figures.worker_memory + runs * figures.main_memory + figures.prefect_memory
    return Plan(
        articles=articles,
        store="embedded" if embedded else "opensearch",
        cores=_busy(asked, figures.work_ms),
        workers=workers,
        runs=runs,
        store_cores=0 if embedded else _busy(asked, figures.opensearch_ms * (1 + asked.copies)),
        memory=own + (1 * GB + cached if embedded else nodes * node_memory),
        archive=articles * figures.archive_bytes,
        journal=articles * figures.journal_bytes,
        index=index,
        shards=0 if embedded else shards,
        rollover="" if embedded else rollover,
        part_shards=0 if embedded else part_shards,
        nodes=nodes,
        node_memory=0 if embedded else node_memory,
        node_disk=0 if embedded else index / nodes,
    )


def _newest(asked: Asked) -> float:
    """The share of the articles that are of the newest year."""
    return min(1.0, YEAR / asked.days)


def _busy(asked: Asked, ms: float) -> int:
    """Processes that are busy with so many milliseconds an article."""
    return max(1, math.ceil(asked.per_day * ms / 1000 / (DAY * BUSY)))


def _parts(shards: int, a_day: float) -> tuple[str, float]:
    """How an index is parted by time, and the days of a part."""
    if shards <= ONE_INDEX:
        return "", 0.0
    return ("year", YEAR) if a_day * YEAR <= ONE_YEAR * SHARD_BYTES else ("month", MONTH)


def _drivers(figures: Figures, made: Plan) -> list[str]:
    disk = made.archive + made.journal + made.index
    return [
        f"CPU: {figures.work_ms:.0f} ms an article, {figures.read_ms / figures.work_ms:.0%} of it to read "
        "the page, its names and dates"
        + (f"; {figures.opensearch_ms:.0f} more in OpenSearch for each copy" if made.nodes else ""),
        f"disk: the archive is {made.archive / disk:.0%} of it; pages kept for a year and texts for ever "
        "would cost a fraction",
        f"memory: {figures.worker_memory / GB:.1f} GB for each worker process"
        + (f", {made.node_memory / GB:.0f} GB for each of {made.nodes} nodes" if made.nodes else ""),
        f"to fill it from the past (WARC files) in a month: {_cores_for_the_past(figures, made):,} cores",
        *([_unmeasured(made)] if made.nodes else []),
    ]


def _cores_for_the_past(figures: Figures, made: Plan) -> int:
    return math.ceil(made.articles * figures.work_ms / 1000 / (MONTH * DAY))


def _unmeasured(made: Plan) -> str:
    return (
        "not measured: searches at this size. At 100,000 articles on two cores they took tens of "
        f"milliseconds; one over all {made.shards:,} shards asks each of them, one within an interval only "
        "those of its time"
    )


def _walls(asked: Asked, figures: Figures, made: Plan) -> list[tuple[float, str]]:
    """What gives way as more comes, with how many times as much that is: below 1 it has given way."""
    polite = asked.hosts * DAY / max(asked.delay, 0.001)
    a_run = DAY * BUSY * 1000 / figures.main_ms
    a_machine = DAY * BUSY * 1000 * MACHINE / figures.work_ms
    walls = [
        (
            polite,
            f"politeness: {asked.hosts} hosts at one request in {asked.delay:g} s give {_about(polite)} "
            "pages a day at most; more hosts, or archives of others (WARC import), not more machines",
        ),
        (
            a_run,
            f"one run's main process: {_about(a_run)} articles a day; runs side by side (dateline deploy "
            "--shards) and PostgreSQL for their journal",
        ),
        (
            a_machine,
            f"one machine of {MACHINE} cores: {_about(a_machine)} articles a day; workers on several",
        ),
        (
            LOCAL_DISK / figures.archive_bytes / asked.days,
            f"local disks: more than {LOCAL_DISK / GB / 1000:.0f} TB of archive belongs on object storage "
            "(DATELINE_ARCHIVE=s3://…)",
        ),
    ]
    found = [(per_day / asked.per_day, words) for per_day, words in walls]
    if made.store == "embedded":
        words = f"the embedded store ({EMBEDDED_MOST:,} articles): DATELINE_STORE=opensearch, then rebuild"
        return [*found, (EMBEDDED_MOST / made.articles, words)]
    words = f"one search cluster: {MOST_SHARDS:,} shards; fewer years in it, or two clusters"
    return [*found, (MOST_SHARDS / (made.shards * (1 + asked.copies)), words)]


def _about(number: float) -> str:
    """With two figures that say something: 1,234,286 is 1,200,000."""
    return f"{round(number, 1 - int(math.log10(number))):,.0f}"


def _breaks(asked: Asked, figures: Figures, made: Plan) -> list[str]:
    """What has given way already, what does at ten and at a hundred times as much, the first one first."""
    walls = sorted(_walls(asked, figures, made))
    found = [f"already: {words}" for times, words in walls if times < 1]
    for least, most in ((1, 10), (10, 100)):
        there = [f"from {times:.1f}× on {words}" for times, words in walls if least <= times < most]
        more = _sized(replace(asked, per_day=asked.per_day * most), figures)
        disk = (more.archive + more.journal + more.index) / GB / 1000
        size = f"cores: {more.cores}, disk: {disk:,.1f} TB"
        if more.nodes:
            size += f", nodes: {more.nodes:,}, shards: {more.shards:,}"
        found.append(f"at {most}× ({size}): " + ("; ".join(there) or "nothing new"))
    return found
