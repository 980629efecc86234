"""`dateline alerts`: saved searches that say when something new answers them."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from dateline.cli.output import DIM, UserError, emit, paint, plain, say, table, wants_json

if TYPE_CHECKING:
    from dateline.journal import Journal

app = typer.Typer(
    help="Saved searches that say by feed, webhook or mail when something new answers them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(help="Its name: small letters, digits and hyphens.")]
Search = Annotated[
    str, typer.Argument(help='The search\'s address: "entity=Lavrov&q=sanctions", or a URL of the page.')
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")]


@app.command()
def add(
    name: Name,
    search: Search,
    to: Annotated[
        list[str] | None, typer.Option(help="https://… (a webhook) or mailto:name@host; repeat for several.")
    ] = None,
) -> None:
    """Save a search: from now on, what is new and answers it is sent. Its feed is always there."""
    from dateline.alerts.model import SavedSearch, checked

    made = checked(SavedSearch(name=name, address=_address(search), channels=to or [], owner="cli"))
    with _journal() as journal:
        journal.save_search(made)
        journal.log("cli", "save search", name, {"address": made.address})
    say(f"{name} is on; try it: dateline alerts rehearse {name}")


@app.command(name="list")
def list_(json: Json = False) -> None:
    """All saved searches, those that are off with the reason."""
    with _journal() as journal:
        searches = journal.searches()
        waiting = journal.undelivered()
    if wants_json(json):
        for search in searches:
            emit(search)
        return
    table(
        ["search", "", "asks for", "sends to", "waiting"],
        [
            (
                search.name,
                "on" if search.enabled else f"off: {search.problem or 'by hand'}",
                search.address,
                ", ".join(search.channels) or "its feed",
                sum(1 for row in waiting if row["search"] == search.name) or "",
            )
            for search in searches
        ],
    )


@app.command()
def rehearse(
    name: Annotated[str, typer.Argument(help="A saved search, or the address of a draft.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 7,
    until: Annotated[str | None, typer.Option(help="The last day, 2021-03-28; today without it.")] = None,
    json: Json = False,
) -> None:
    """What would it have sent over past days? Nothing is sent, and nothing is kept."""
    from dateline import settings
    from dateline.alerts.model import NAME, SavedSearch
    from dateline.alerts.rehearse import rehearse as run
    from dateline.query import period
    from dateline.stores import open_store

    if NAME.fullmatch(name):
        with _journal() as journal:
            search = journal.search(name)
    else:
        search = SavedSearch(name="draft", address=_address(name))
    last = period(until)[1] if until else dt.datetime.now(dt.UTC).date()
    store = open_store(settings.load())
    try:
        found = run(store, search, days, last)
    finally:
        store.close()
    if wants_json(json):
        emit(found)
        return
    for message in found.messages:
        say(f"{message.published_at or 'date unknown'}  {plain(message.title)}")
        say(paint(f"  {plain(message.sentence)}", DIM))
    count = len(found.messages)
    messages = f"{count} message{'' if count == 1 else 's'}"
    say(f"\n{found.first} to {found.last}: {messages} of {found.articles} articles")
    if not found.whole:
        say("more than 1,000 articles answer: narrow the search")


@app.command()
def sent(
    name: Annotated[str | None, typer.Argument(help="Of one search; of all without it.")] = None,
    limit: Annotated[int, typer.Option(help="How many to show.")] = 30,
    json: Json = False,
) -> None:
    """What was sent, newest first."""
    with _journal() as journal:
        alerts = journal.alerts(name, limit)
    if wants_json(json):
        for alert in alerts:
            emit(alert)
        return
    table(
        ["at", "search", "title", "sentence"],
        [
            (f"{a.at:%Y-%m-%d %H:%M}Z" if a.at else "", a.search, a.title[:70], a.sentence[:100])
            for a in alerts
        ],
    )


@app.command()
def deliver() -> None:
    """Send what waits: runs do so at their end, this is for in between."""
    from dateline import settings
    from dateline.alerts.deliver import deliver as send

    with _journal() as journal:
        counts = send(journal, settings.load())
        waiting = journal.undelivered()
    say(f"{counts['sent']} sent, {len(waiting)} waiting")
    for row in waiting[:20]:
        if row["problem"]:
            print(f"dateline: {row['search']} to {row['channel']}: {row['problem']}", file=sys.stderr)


@app.command()
def on(name: Name) -> None:
    """Switch a search on again; it is checked first."""
    from dateline.alerts.model import checked

    with _journal() as journal:
        checked(journal.search(name))
        journal.switch_search(name, True)


@app.command()
def off(name: Name) -> None:
    """Switch a search off, and keep it."""
    with _journal() as journal:
        journal.switch_search(name, False)


@app.command()
def remove(name: Name) -> None:
    """Forget a search; what it sent stays on record."""
    with _journal() as journal:
        journal.search(name)
        journal.remove_search(name)
        journal.log("cli", "remove search", name)


def _journal() -> Journal:
    from dateline import settings
    from dateline.journal import Journal

    return Journal(settings.load().journal_url)


def _address(text: str) -> str:
    """The query part of a search's URL, or the address as given."""
    asked = urlsplit(text).query if "?" in text else text
    if "=" not in asked:
        raise UserError(
            f'{text!r} is no search: write "q=sanctions&entity=Lavrov", or copy a URL of the page'
        )
    return asked
