"""`dateline correct …`: what a person knows better, kept apart from the articles, undone at will."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.output import emit, say, table, wants_json

if TYPE_CHECKING:
    from dateline.corrections.making import Corrected

app = typer.Typer(
    help="Merge, split, hide or rename entities; fix an article's date, authors or title.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Who = Annotated[str, typer.Option(help="Who corrects; without it, the name of this login.")]
Note = Annotated[str, typer.Option(help="Why.")]
Only = Annotated[str | None, typer.Option("--article", help="In this article only.")]
EntityName = Annotated[str, typer.Argument(help="The entity: its id, or a name that only it has.")]
ArticleId = Annotated[str, typer.Argument(help="The id that search prints.")]


@app.command()
def merge(
    entity: EntityName,
    into: Annotated[str, typer.Argument(help="The entity that it is.")],
    article: Only = None,
    who: Who = "",
    note: Note = "",
) -> None:
    """Two entities are one: the first becomes the second."""
    _make(kind="merge", entity_id=entity, into=into, article_id=article, who=who, note=note)


@app.command()
def split(
    entity: EntityName,
    into: Annotated[str, typer.Argument(help="Whose names they are: an id or name, also a new one.")],
    name: Annotated[list[str], typer.Option(help="A name as it stands in the texts; repeat for several.")],
    article: Only = None,
    who: Who = "",
    note: Note = "",
) -> None:
    """One entity is two: some of its names are another's."""
    _make(kind="split", entity_id=entity, into=into, names=name, article_id=article, who=who, note=note)


@app.command()
def hide(entity: EntityName, article: Only = None, who: Who = "", note: Note = "") -> None:
    """This is no entity."""
    _make(kind="hide", entity_id=entity, article_id=article, who=who, note=note)


@app.command()
def rename(
    entity: EntityName,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    who: Who = "",
    note: Note = "",
) -> None:
    """It is called otherwise; its id and all its names stay."""
    _make(kind="rename", entity_id=entity, name=name, who=who, note=note)


@app.command()
def retype(
    entity: EntityName,
    type: Annotated[str, typer.Argument(help="PERSON, ORGANIZATION, LOCATION, EVENT, WORK …")],
    who: Who = "",
    note: Note = "",
) -> None:
    """It is of another type."""
    _make(kind="retype", entity_id=entity, type=type, who=who, note=note)


@app.command("set")
def set_(
    article: ArticleId,
    field: Annotated[
        str, typer.Argument(help="title, published_at, authors, publisher, section or language.")
    ],
    value: Annotated[
        str, typer.Argument(help='2021-03-22, "Anna Berg; Luis Ortega", …; "" says that there is none.')
    ],
    who: Who = "",
    note: Note = "",
) -> None:
    """Fix a field of an article."""
    _make(kind="set", article_id=article, field=field, value=value, who=who, note=note)


@app.command()
def undo(
    number: Annotated[int, typer.Argument(help="The number that `dateline correct list` shows.")],
    who: Who = "",
) -> None:
    """Take a correction back."""
    from dateline import settings
    from dateline.corrections import making as correcting
    from dateline.journal import Journal
    from dateline.stores import open_store

    chosen = settings.load()
    with Journal(chosen.journal_url) as journal:
        store = open_store(chosen)
        try:
            _said(correcting.undo(store, journal, number, who or _login()))
        finally:
            store.close()


@app.command()
def finish() -> None:
    """Write again what a correction that was cut short had left."""
    from dateline import settings
    from dateline.corrections import making as correcting
    from dateline.journal import Journal
    from dateline.stores import open_store

    chosen = settings.load()
    with Journal(chosen.journal_url) as journal:
        store = open_store(chosen)
        try:
            for one in correcting.finish(store, journal):
                _said(one)
        finally:
            store.close()


@app.command("list")
def list_(
    all: Annotated[bool, typer.Option("--all", help="Those that were undone, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Show the corrections, the newest first."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        found = journal.corrections(active=not all)
    if wants_json(json):
        for one in found:
            emit(one)
        return
    table(
        ["number", "when", "who", "what", ""],
        [
            (
                one.number,
                f"{one.at:%Y-%m-%d %H:%M}" if one.at else "",
                one.who,
                f"{one.article_id + ': ' if one.article_id else ''}{one.told}",
                f"undone by {one.undone_by}" if one.undone else "" if one.applied else "not finished",
            )
            for one in found
        ],
    )


@app.command()
def log(
    limit: Annotated[int, typer.Option(help="How many lines.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Show who did what and when, the newest first."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        found = journal.audit(limit=limit)
    if wants_json(json):
        for one in found:
            emit(one)
        return
    table(
        ["when", "who", "what", "subject", "detail"],
        [
            (f"{one.at:%Y-%m-%d %H:%M}", one.who, one.what, one.subject, one.detail.get("told", ""))
            for one in found
        ],
    )


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _make(**asked: object) -> None:
    from dateline import settings
    from dateline.corrections import making as correcting
    from dateline.corrections.model import Correction
    from dateline.journal import Journal
    from dateline.stores import open_store

    asked["who"] = asked["who"] or _login()
    chosen = settings.load()
    with Journal(chosen.journal_url) as journal:
        store = open_store(chosen)
        try:
            _said(correcting.make(store, journal, Correction(**asked)))  # type: ignore[arg-type]
        finally:
            store.close()


def _said(made: Corrected) -> None:
    one = made.correction
    if wants_json(False):
        emit({"number": one.number, "told": one.told, "articles": made.articles})
        return
    undone = "undone: " if one.undone else ""
    articles = f"{made.articles} article{'' if made.articles == 1 else 's'}"
    say(f"{one.number}  {undone}{one.told}  ({articles} written again)")
