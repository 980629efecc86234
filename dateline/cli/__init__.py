"""The command line. Importing it loads neither Prefect nor spaCy: a search must answer at once."""

from __future__ import annotations

import sys

import typer

from dateline.cli import collect, filters, find, service

app = typer.Typer(
    name="dateline",
    help="News digests, feeds and sitemaps into an archive searched by entity and by date.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would cost every command a fifth of a second
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(collect.ingest)
app.command()(collect.read)
app.command()(collect.journal)
app.command()(filters.process)
app.command()(find.search)
app.command()(find.show)
app.command()(find.entities)
app.command()(find.explain)
app.command()(service.serve)
app.command()(service.export)


def main() -> None:
    """Run the command line; what a user did wrong is one line on standard error, exit status 2."""
    try:
        app()
    except BrokenPipeError:
        # the reader of our output went away (`| head`): nothing is wrong
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        if not _is_users(error):
            raise
        print(f"dateline: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _is_users(error: Exception) -> bool:
    """Whether the error says what its user can mend, so that a traceback would only hide it."""
    from dateline.query import QueryError
    from dateline.stores.base import StoreUnavailable

    return isinstance(error, QueryError | StoreUnavailable | PermissionError) or (
        type(error).__name__
        in {
            "JournalError",
            "JournalUnavailable",
            "ArchiveError",
            "UserError",
            "NoSuchDigest",
            "UserEntitiesError",
        }
    )
