"""`dateline keys`: who may use the API, for what, how often."""

from __future__ import annotations

from typing import Annotated

import typer

from dateline.cli.output import emit, say, table, wants_json

app = typer.Typer(
    help="API keys for the search service: add, list, revoke.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose it is: a-z, 0-9, . _ -")],
    scope: Annotated[str, typer.Option(help="read, correct (and read) or operate (and both).")] = "read",
    per_minute: Annotated[int, typer.Option(help="How many requests a minute.")] = 600,
) -> None:
    """Make a key and print it, this once."""
    from dateline import settings
    from dateline.cli.keeping import login
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        secret = journal.add_key(name, scope, per_minute)
        journal.log(login(), "key-add", name, {"scope": scope, "per_minute": per_minute})
    say(secret)


@app.command("list")
def list_(
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """All keys; never the secrets, which nobody has."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        found = journal.api_keys()
    if wants_json(json):
        for key in found:
            emit(key)
        return
    table(
        ["name", "scope", "per minute", "made", "revoked"],
        [
            (
                key.name,
                key.scope,
                key.per_minute,
                f"{key.made:%Y-%m-%d}",
                f"{key.revoked:%Y-%m-%d}" if key.revoked else "",
            )
            for key in found
        ],
    )


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Its name in the list.")]) -> None:
    """End a key; its requests are refused two seconds later at the latest."""
    from dateline import settings
    from dateline.cli.keeping import login
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        journal.revoke_key(name)
        journal.log(login(), "key-revoke", name)
    say(f"{name}: revoked")
