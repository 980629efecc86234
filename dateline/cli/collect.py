"""The commands that collect: ingest, read, journal."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from dateline.cli.output import DIM, UserError, emit, paint, plain, say, table, wants_json


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(help="Digests and WARC files, folders, globs; URLs of articles, feeds, sitemaps."),
    ],
    received: Annotated[
        str | None, typer.Option(help="The day the digests came, 2021-03-24, if they don't say.")
    ] = None,
    fetch: Annotated[bool, typer.Option(help="Fetch the linked pages.")] = True,
    json: Annotated[bool, typer.Option("--json", help="The outcomes as JSON lines.")] = False,
) -> None:
    """Read digests, fetch what they link to, and make all of it searchable."""
    if received is not None:
        from dateline.query import QueryError, period

        try:
            period(received)
        except QueryError as error:
            raise QueryError(f"--received: {error}") from None
    # Imports point one way, flows → tasks → dateline: so the flow is another program, started here.
    command = [sys.executable, "-m", "flows", "ingest", *(["--received", received] if received else [])]
    command += ["--no-fetch"] * (not fetch) + ["--json"] * json + ["--", *paths]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - no shell: arguments go as they are


def read(
    paths: Annotated[list[str], typer.Argument(help="Digests: files, folders, globs.")],
    received: Annotated[str | None, typer.Option(help="The day the digests came.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One item a line, whole.")] = False,
) -> None:
    """Show what digests hold, without fetching anything."""
    from dateline.sources.digest import find_digests, read_digest, read_json

    failed = False
    for path in find_digests(paths):
        digest = read_digest(path, received=received)
        for note in digest.notes:
            print(f"dateline: {note}", file=sys.stderr)
        for item in digest.items:
            if wants_json(json):
                emit(read_json(item))
                continue
            say(f"{item.file}:{item.start_line}-{item.end_line}  {plain(item.title or item.text[:70])}")
            facts = [item.section, item.byline, item.printed_date, item.link]
            say(paint("  " + " · ".join(plain(fact) for fact in facts if fact), DIM))
        failed = failed or not digest.items
    if failed:
        raise SystemExit(1)


def journal(
    run: Annotated[str | None, typer.Option(help="One run; without it, the last one.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Only this outcome.")] = None,
    url: Annotated[str | None, typer.Option(help="Only links whose address holds this.")] = None,
    limit: Annotated[int, typer.Option(help="How many rows.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Show what became of each link: one row for each link and attempt."""
    from dateline import settings
    from dateline.journal import Journal

    rows = Journal(settings.load().journal_url).rows(run_id=run, outcome=outcome, url=url, limit=limit)
    if wants_json(json):
        for row in rows:
            emit(row)
        return
    if not rows:
        raise UserError("no rows: nothing was ingested yet, or nothing matches")
    table(
        ["run", "outcome", "attempt", "link", "reason"],
        [
            (
                row["run_id"],
                row["outcome"] or "pending",
                row["attempt"],
                row["url"] or row["link_id"],
                row["reason"] or "",
            )
            for row in rows
        ],
    )
