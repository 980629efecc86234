"""Import: a WARC file in, a searchable archive out, without a fetch."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from prefect import flow
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from dateline import settings
from dateline.journal import Run
from dateline.models import Link
from dateline.sources.catalogue import Source
from dateline.sources.warc import CHUNK, Captured, Passed, Position, chunks, find_warcs, read_warc
from dateline.workshop import Workshop, opened
from flows.ingest import IN_FLIGHT, finish, through
from tasks import report
from tasks.abandoned import sign_in, take_up
from tasks.collecting import send
from tasks.importing import again, close_lost, rounds, take

PATIENCE = 10  # chunks that later captures of an address wait at most for others of their kind


class Work(NamedTuple):
    """A chunk under way; `position` is where a killed import would go on, once it is settled."""

    links: list[Link]
    position: Position | None
    steps: list[PrefectFuture[Any]]


def _run_name() -> str:
    return f"import {Path(flow_run.parameters.get('path') or 'nothing').name}"


@flow(name="import", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=3 * IN_FLIGHT))  # type: ignore[arg-type]
def import_archive(path: str) -> str:
    """Read the pages of a WARC file, keep them in the archive, understand and index them.

    An import that was killed goes on in the middle of its file.

    Args:
        path: the file; what other programs wrote is welcome.

    Returns:
        The run's id in the journal, where each page has its outcome.
    """
    sign_in()
    file = Path(path).expanduser().absolute()
    with opened(settings.load()) as shop:
        run_id = None
        for left in shop.journal.unfinished_runs("import"):
            if not left.alive and shop.journal.take_over(left):
                take_up(shop, left)
                if go_on(shop, left) == file:
                    run_id = left.run_id
        if run_id is None:
            given = {"path": str(file), "size": file.stat().st_size, "flow_runs": [str(flow_run.id)]}
            run_id = shop.journal.begin_run("import", given)
            read(shop, run_id, file)
    return run_id


def import_new(sources: Iterable[Source]) -> list[str]:
    """Import the files of WARC sources that were not imported yet; the runs' ids.

    Call it inside `dateline.workshop.shared`, so that all files share one warm workshop.
    """
    with opened(settings.load()) as shop:
        done = shop.journal.imported()
        at_work = {run.parameters["path"] for run in shop.journal.unfinished_runs("import") if run.alive}
    runs = []
    for source in sources:
        if source.kind == "warc" and source.enabled:
            files, _ = find_warcs([source.address])
            runs += [
                import_archive(str(file))
                for file in files
                if done.get(str(file)) != file.stat().st_size and str(file) not in at_work
            ]
    return runs


def go_on(shop: Workshop, left: Run) -> Path:
    """Finish an import that was killed; one whose file is gone ends with what it has."""
    file = Path(left.parameters["path"])
    if file.is_file():
        read(shop, left.run_id, file)
    else:
        close_lost(shop, left.run_id, f"its file {file} is gone")
        report.end(shop, left.run_id, shop.journal.end_run(left.run_id), [])
    return file


def read(shop: Workshop, run_id: str, file: Path) -> None:
    """Take a file's pages through the steps, and say what was passed over."""
    passed = Passed()
    with report.progressing(shop, run_id):
        read_pages(shop, run_id, file, passed)
        send(shop)
    report.end(shop, run_id, shop.journal.end_run(run_id), passed.lines(file.name))


def read_pages(shop: Workshop, run_id: str, file: Path, passed: Passed) -> None:
    """Take a file's pages through the steps, as they are read: no more than a few batches in memory."""
    records, offset = shop.journal.position(run_id, str(file))
    working: deque[Work] = deque()
    later: list[Captured] = []
    behind = 0  # chunks read since the first of `later`
    position = None
    for chunk in chunks(read_warc(file, passed, Position(records=records, offset=offset))):
        position = chunk[-1].position
        links, others = take(shop, run_id, chunk)
        later += others
        # a killed import goes on behind the last chunk that left nothing to do
        work = submit(shop, run_id, links, f"to record {position.records:,}", None if later else position)
        working.append(work)
        if len(working) >= IN_FLIGHT:
            settle(shop, run_id, file, working.popleft())
        behind += bool(later)
        if len(later) >= CHUNK or behind > PATIENCE:
            revisit(shop, run_id, file, working, later, position)
            later, behind = [], 0
    revisit(shop, run_id, file, working, later, position)


def submit(
    shop: Workshop, run_id: str, links: list[Link], label: str, position: Position | None = None
) -> Work:
    """The three steps of a chunk."""
    return Work(links, position, through(shop, run_id, links, label))


def settle(shop: Workshop, run_id: str, file: Path, work: Work) -> None:
    """A chunk is done: from here a killed import would go on."""
    finish(work.steps)
    for link in work.links:
        shop.given.pop(link.link_id, None)
        shop.imported.discard(link.link_id)
    if work.position is not None:
        shop.journal.note_position(run_id, str(file), work.position.records, work.position.offset)


def revisit(
    shop: Workshop,
    run_id: str,
    file: Path,
    working: deque[Work],
    later: list[Captured],
    position: Position | None,
) -> None:
    """All that is under way, then the later captures of its addresses: versions, in order."""
    while working:
        settle(shop, run_id, file, working.popleft())
    for captures in rounds(later):
        links = again(shop, run_id, captures)
        settle(shop, run_id, file, submit(shop, run_id, links, f"{len(links)} seen again"))
    if later and position is not None:
        shop.journal.note_position(run_id, str(file), position.records, position.offset)
