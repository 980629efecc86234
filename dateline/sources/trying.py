"""What one source would yield now, without storing anything: for `dateline sources test`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from dateline import settings
from dateline.fetch import Fetcher, FetchError
from dateline.models import Link, Page
from dateline.sources.catalogue import Source
from dateline.sources.expand import read_source
from dateline.sources.found import Found, More
from dateline.sources.writing import duration
from dateline.workers import WorkError, Workers

_TIMEOUT = 60.0  # seconds that a stranger's file may take
_CHILDREN = 3  # sitemaps of an index, the newest
_CAPTURED = 200  # pages of a WARC file


@dataclass(slots=True, kw_only=True)
class Trial:
    """The links, what was wrong, and a line about the rest ("; rss 2.0, asked again after 30 min")."""

    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    summary: str = ""


def attempt(source: Source) -> Trial:
    """What a source yields now. Never raises what a stranger's file or server caused: that is a note."""
    if source.online:
        return asyncio.run(_online(source))
    match source.kind:
        case "warc":
            return _warc(source)
        case "urls":
            return _file(source)
        case _:
            return _folder(source)


def _job(source: Source, pages: Sequence[Page]) -> list[Found]:
    return [read_source(source, page.body, page.headers, page.final_url) for page in pages]


async def _online(source: Source) -> Trial:
    trial = Trial()
    with Workers(1) as workers:
        async with Fetcher.from_settings(settings.load()) as fetcher:
            found = await _read(fetcher, workers, source, source.address, trial)
            if found is None:
                return trial
            trial.links.extend(found.links)
            children = _newest([more for more in found.more if more.kind == "sitemap"])
            for child in children:
                below = await _read(fetcher, workers, source, child.url, trial)
                if below is not None:
                    trial.links.extend(below.links)
    facts = [found.kind]
    if found.pace.every is not None:
        facts.append(f"asks to be read every {duration(found.pace.every)}")
    if found.more:
        facts.append(f"{len(found.more)} more pages, sitemaps or hubs")
        if children:
            facts.append(f"{len(children)} of them read here")
    trial.summary = "; " + ", ".join(fact for fact in facts if fact)
    return trial


def _newest(children: list[More]) -> list[More]:
    ranked = sorted(
        children, key=lambda more: more.modified.timestamp() if more.modified else 0.0, reverse=True
    )
    return ranked[:_CHILDREN]


async def _read(fetcher: Fetcher, workers: Workers, source: Source, url: str, trial: Trial) -> Found | None:
    try:
        page = await fetcher.fetch(url)
    except FetchError as error:
        trial.notes.append(f"{url}: {error.reason}: {error}")
        return None
    if not 200 <= page.status < 300:
        trial.notes.append(f"{url}: status {page.status}")
        return None
    (answer,) = workers.map_batches(partial(_job, source), [page], size=1, timeout=_TIMEOUT)
    if isinstance(answer, WorkError):
        trial.notes.append(f"{url}: not readable: {answer}")
        return None
    trial.notes.extend(f"{url}: {note}" for note in answer.notes)
    return answer


def _file(source: Source) -> Trial:
    try:
        body = Path(source.address).read_bytes()
    except OSError as error:
        return Trial(notes=[f"{source.address}: {error.strerror}"])
    found = read_source(source, body, {}, Path(source.address).as_uri())
    return Trial(links=found.links, notes=[f"{source.address}: {note}" for note in found.notes])


def _folder(source: Source) -> Trial:
    from dateline.sources.folders import deliveries, read_delivery

    trial = Trial()
    count = 0
    try:
        for delivery in deliveries(source):
            count += 1
            found = read_delivery(source, delivery)
            trial.links.extend(found.links)
            trial.notes.extend(found.notes)
    except OSError as error:
        trial.notes.append(f"{source.address}: {error.strerror or error}")
    trial.summary = f"; {count} digests"
    return trial


def _warc(source: Source) -> Trial:
    from dateline.sources.warc import Passed, find_warcs, read_warc

    files, _ = find_warcs([source.address])
    trial = Trial(notes=[] if files else [f"{source.address}: no WARC file"])
    for file in files[:1]:
        passed = Passed()
        trial.links = [one.link for one in islice(read_warc(file, passed), _CAPTURED)]
        trial.notes += passed.lines(file.name)
    trial.summary = f"; the first {len(trial.links)} pages of {len(files)} WARC files" if files else ""
    return trial
