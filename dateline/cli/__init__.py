"""The command line. Importing it loads neither Prefect nor spaCy: a search must answer at once."""

from __future__ import annotations

import sys

import typer

from dateline.cli.lazy import LazyGroup


class Commands(LazyGroup):
    """Each command and where it stands; the order is that of `dateline --help`."""

    modules = {  # noqa: RUF012 - a class variable by its parent's annotation
        "ingest": "dateline.cli.collect:ingest",
        "crawl": "dateline.cli.crawl:crawl",
        "deploy": "dateline.cli.crawl:deploy",
        "trace": "dateline.cli.crawl:trace",
        "metrics": "dateline.cli.crawl:metrics",
        "read": "dateline.cli.collect:read",
        "journal": "dateline.cli.collect:journal",
        "sources": "dateline.cli.sources:app",
        "process": "dateline.cli.filters:process",
        "search": "dateline.cli.find:search",
        "show": "dateline.cli.find:show",
        "entities": "dateline.cli.find:entities",
        "explain": "dateline.cli.find:explain",
        "first": "dateline.cli.related:first",
        "story": "dateline.cli.related:story",
        "similar": "dateline.cli.related:similar",
        "versions": "dateline.cli.versions:versions",
        "timeline": "dateline.cli.counts:timeline",
        "facets": "dateline.cli.counts:facets",
        "histogram": "dateline.cli.counts:histogram",
        "together": "dateline.cli.counts:together",
        "publishers": "dateline.cli.counts:publishers",
        "coverage": "dateline.cli.counts:coverage",
        "health": "dateline.cli.counts:health",
        "runs": "dateline.cli.counts:runs",
        "replay": "dateline.cli.replay:replay",
        "serve": "dateline.cli.service:serve",
        "export": "dateline.cli.service:export",
        "deadletters": "dateline.cli.keeping:deadletters",
        "keys": "dateline.cli.keys:app",
        "backup": "dateline.cli.keeping:backup",
        "restore": "dateline.cli.keeping:restore",
        "correct": "dateline.cli.correct:app",
        "meaning": "dateline.cli.meaning:app",
        "alerts": "dateline.cli.alerts:app",
        "plan": "dateline.cli.sizing:plan",
    }


app = typer.Typer(
    name="dateline",
    cls=Commands,
    help="News digests, feeds and sitemaps into an archive searched by entity and by date.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich would cost every command a fifth of a second
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _group() -> None:
    """A group, though its commands are not known yet; its help is the app's own."""


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
            "CatalogueError",
            "JournalError",
            "ReplayError",
            "JournalUnavailable",
            "ArchiveError",
            "SettingsError",
            "UserError",
            "NoSuchDigest",
            "UserEntitiesError",
            "BackupError",
            "CorrectionError",
            "SemanticMissing",
        }
    )
