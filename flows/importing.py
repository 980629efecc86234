"""Import: a WARC file in, a searchable archive out, without a fetch."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from dateline import settings
from dateline.journal import Run
from dateline.sources.catalogue import Source
from dateline.sources.warc import Passed, Position, chunks, find_warcs, read_warc
from dateline.workshop import Workshop, opened
from flows.ingest import IN_FLIGHT, finish
from tasks import report
from tasks.abandoned import take_up
from tasks.collecting import close_lost, fetch, index, send, take, understand


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
    file = Path(path).expanduser().absolute()
    with opened(settings.load()) as shop:
        run_id = None
        for left in shop.journal.unfinished_runs("import"):
            if not left.alive:
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
    runs = []
    for source in sources:
        if source.kind == "warc" and source.enabled:
            files, _ = find_warcs([source.address])
            runs += [
                import_archive(str(file)) for file in files if done.get(str(file)) != file.stat().st_size
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
    """Take a file's pages through the steps, as they are read: no more than a few batches in memory."""
    report.begin(shop, run_id, 0)
    passed = Passed()
    records, offset = shop.journal.position(run_id, str(file))
    working = deque()
    for chunk in chunks(read_warc(file, passed, Position(records=records, offset=offset))):
        links, label = take(shop, run_id, chunk), f"to record {chunk[-1].position.records:,}"
        fetched = fetch.submit(shop, run_id, links, label)
        understood = understand.submit(shop, fetched, label)
        working.append((chunk, [fetched, understood, index.submit(shop, run_id, understood, label)]))
        if len(working) >= IN_FLIGHT:
            settle_chunk(shop, run_id, file, *working.popleft())
    while working:
        settle_chunk(shop, run_id, file, *working.popleft())
    send(shop)
    report.end(shop, run_id, shop.journal.end_run(run_id), passed.lines(file.name))


def settle_chunk(shop: Workshop, run_id: str, file: Path, chunk, steps) -> None:  # type: ignore[no-untyped-def]
    """A chunk is done: from here a killed import would go on."""
    finish(steps)
    for captured in chunk:
        shop.given.pop(captured.link.link_id, None)
    position = chunk[-1].position
    shop.journal.note_position(run_id, str(file), position.records, position.offset)
