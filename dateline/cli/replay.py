"""`dateline replay`: steps run again from journal and archive, without a fetch."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.output import BOLD, DIM, UserError, emit, paint, plain, say, table, wants_json

if TYPE_CHECKING:
    import datetime as dt

    from dateline.replay import Preview

STEPS = ("extract", "enrich", "index")  # as dateline.replay has them, which takes a second to import
WIDTH = 60  # characters of a value there
SHOWN = 40  # changes in a terminal; --json has them all


def replay(
    step: Annotated[
        str, typer.Option(help="extract (from the archived pages), enrich or index; and all after it.")
    ] = "extract",
    since: Annotated[
        str | None, typer.Option(help="Only links that ended on this day (UTC) or later: 2021-03-22.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only links of sources whose name holds this.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would change on a sample; write nothing.")
    ] = False,
    sample: Annotated[int, typer.Option(min=1, help="How many are compared.")] = 100,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, however much changes.")] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Let the index answer that the last replay replaced.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The preview as JSON lines.")] = False,
) -> None:
    """Run a step again from archive and journal, without a fetch.

    Without --since and --source a new index is built beside the one that answers, and takes its place
    once its counts are right.
    """
    if rollback:
        _roll_back()
        return
    if step not in STEPS:
        raise UserError(f"there is no step {step!r}: write {', '.join(STEPS)}")
    day = _day(since)
    if not yes:
        seen = _preview(step, day, source, sample)
        _print(seen, wants_json(json) if preview else False)
        if preview:
            return
        if seen.many and not _agreed():
            raise UserError("that is more than a tenth: nothing was changed; --yes replays all the same")
    # Imports point one way, flows → tasks → dateline: so the flow is another program, started here.
    command = [sys.executable, "-m", "flows", "replay", "--step", step]
    command += ["--since", day.isoformat()] if day else []
    command += ["--source", source] if source else []
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - no shell: arguments go as they are


def _roll_back() -> None:
    from dateline import settings
    from dateline.stores import open_store

    store = open_store(settings.load())
    newer = store.roll_back()
    say(f"the former index answers again, with {newer} written since; {store.count():,} articles")


def _day(since: str | None) -> dt.date | None:
    from dateline.query import QueryError, period

    try:
        return period(since)[0] if since else None
    except QueryError as error:
        raise QueryError(f"--since: {error}") from None


def _preview(step: str, since: dt.date | None, source: str | None, sample: int) -> Preview:
    import datetime as dt

    from dateline import settings
    from dateline.replay import Asked, preview
    from dateline.workshop import Workshop

    moment = dt.datetime.combine(since, dt.time(), dt.UTC) if since else None
    with Workshop(settings.load(), fetching=False) as shop:
        return preview(shop, Asked(step=step, since=moment, source=source), sample)  # type: ignore[arg-type]


def _print(seen: Preview, as_json: bool) -> None:
    if as_json:
        for change in seen.changes:
            emit(change)
        for name, ids in (("(new)", seen.added), ("(lost)", seen.lost)):
            for id in ids:
                emit({"article_id": id, "field": name, "old": "", "new": ""})
        print(f"dateline: {seen.told}", file=sys.stderr)
        return
    say(paint(seen.told, BOLD))
    if seen.changes:
        table(
            ["article", "field", "now", "after"],
            [(one.article_id, one.field, _short(one.old), _short(one.new)) for one in seen.changes[:SHOWN]],
        )
    if len(seen.changes) > SHOWN:
        say(paint(f"… and {len(seen.changes) - SHOWN} more: --preview --json", DIM))
    for id in seen.lost[:SHOWN]:
        say(f"{id} would be lost: neither journal nor archive give it")


def _short(text: str) -> str:
    return plain(text).replace("\n", " ")[:WIDTH]


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stdout.flush()
    return typer.confirm("Replay?", default=False, err=True)
