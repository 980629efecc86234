"""The commands that keep what was accepted: backup, restore, deadletters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.output import UserError, emit, plain, say, table, wants_json


def backup(
    folder: Annotated[Path, typer.Argument(help="Where to; an earlier backup there is brought up to date.")],
) -> None:
    """Copy journal, archive and articles into a folder."""
    from dateline import settings
    from dateline.backup import backup as make
    from dateline.stores import open_store

    chosen = settings.load()
    store = open_store(chosen)
    try:
        made = make(chosen, store, folder, say)
    finally:
        store.close()
    say(f"{folder}: whole, {sum(size for size, _ in made.files.values()):,} bytes")


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.")],
) -> None:
    """Bring a backup back, onto an empty DATELINE_HOME and index."""
    from dateline import settings
    from dateline.backup import restore as bring
    from dateline.journal import Journal
    from dateline.stores import open_store

    chosen = settings.load()
    store = open_store(chosen)
    try:
        made = bring(chosen, store, folder, say)
    finally:
        store.close()
    with Journal(chosen.journal_url) as journal:
        journal.log(login(), "restore", str(folder), {"made_at": made.made_at, "articles": made.articles})
    say("restored: searches answer as when the backup was made")


deadletters = typer.Typer(
    help="Documents that the store refused: list, show, replay.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@deadletters.callback(invoke_without_command=True)
def letters(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that were replayed, too.")] = False,
    limit: Annotated[int, typer.Option(help="How many.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Documents that the store refused: list (without a command), show, replay."""
    if context.invoked_subcommand:
        return
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        found = journal.dead_letters(replayed=every, limit=limit)
    if wants_json(json):
        for one in found:
            emit({
                "number": one.number, "run": one.run_id, "document": one.document_id, "error": one.error_type,
                "reason": one.reason, "at": one.at, "replayed": one.replayed,
            })  # fmt: skip
        return
    if not found:
        say("no dead letters")
        return
    table(
        ["number", "at", "document", "reason"],
        [(one.number, f"{one.at:%Y-%m-%d %H:%M}", one.document_id[:40], one.reason[:100]) for one in found],
    )


@deadletters.command()
def show(number: Annotated[int, typer.Argument(help="Its number in the list.")]) -> None:
    """A dead letter, whole, as JSON."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        emit(journal.dead_letter(number))


@deadletters.command()
def replay(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which; without any, all.")] = None,
) -> None:
    """Offer dead letters to the store again."""
    from dateline import settings
    from dateline.journal import Journal
    from dateline.models import Article, from_json, to_json
    from dateline.stores import open_store

    chosen = settings.load()
    store = open_store(chosen)
    failed = 0
    try:
        with Journal(chosen.journal_url) as journal:
            waiting = (
                [journal.dead_letter(number) for number in numbers]
                if numbers
                else journal.dead_letters(limit=1_000_000)
            )
            for letter in waiting:
                (row,) = store.write([from_json(to_json(letter.document), Article)])
                if row.status == "refused":
                    failed += 1
                else:
                    journal.dead_letter_replayed(letter.number)
                    journal.log(login(), "replay", letter.document_id, {"letter": letter.number})
                reason = f": {plain(row.reason)}" if row.reason else ""
                say(f"{letter.number}: {row.status}{reason}")
    finally:
        store.close()
    if failed:
        raise UserError(f"{failed} of {len(waiting)} were refused again: they wait on")


def login() -> str:
    """The name of this login, for the audit log."""
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError):
        return "unknown"
