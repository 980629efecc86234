"""`dateline meaning …`: search by meaning, where the extra is installed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dateline.cli.output import emit, say, wants_json

app = typer.Typer(
    help="Search by meaning: what says the same in other words or another language (an extra).",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def build() -> None:
    """Make the vectors that are missing; run it after collecting."""
    from dateline import semantic, settings
    from dateline.stores import open_store

    chosen = settings.load()

    def told(made: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{made:,} articles", end="", file=sys.stderr, flush=True)

    done = semantic.build(open_store(chosen), semantic.Vectors(chosen.meaning_file), told)
    if wants_json(False):
        emit(done)
        return
    failed = f", {done.failed:,} could not be read" if done.failed else ""
    say(f"{done.made:,} vectors made, {done.kept:,} kept, {done.gone:,} removed{failed}")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In whatever words: who dodges the oil embargo?")],
    filters: Annotated[
        str, typer.Argument(help='A search\'s address that filters: "entity=EU&from=2023"')
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Find what answers a question in whatever words, ranked together with what has its words."""
    from dateline import semantic, settings
    from dateline.address import from_address
    from dateline.answers.records import hit_record
    from dateline.cli.find import print_hit
    from dateline.stores import open_store

    chosen = settings.load()
    vectors = semantic.Vectors(chosen.meaning_file)
    for hit in semantic.search(open_store(chosen), vectors, question, from_address(filters)):
        if wants_json(json):
            emit(hit_record(hit))
        else:
            print_hit(hit)
