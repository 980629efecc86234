"""The commands that count: timeline, facets, histogram, together, coverage, health, runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.output import DIM, UserError, emit, marked, paint, plain, say, table, wants_json

if TYPE_CHECKING:
    from dateline.stores.base import Store

Search = Annotated[
    str, typer.Argument(help='A search\'s address: "entity=Lavrov&from=2021-03", or a whole URL of the page.')
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")]


def _store() -> Store:
    from dateline import settings
    from dateline.stores import open_store

    return open_store(settings.load())


def timeline(search: Search = "", json: Json = False) -> None:
    """Show what happened when, as a search's articles tell it: one line for each story and date."""
    from dateline.address import from_address, written
    from dateline.answers.timeline import timeline as told

    found = told(_store(), from_address(search))
    if wants_json(json):
        for moment in found.moments:
            emit(moment)
        return
    for moment in found.moments:
        first, _, last = written(moment.interval).partition("..")
        when = first if first == last else f"{first} to {last}"
        others = "".join(f", {plain(name)}" for _, name in moment.also)
        say(f"{when:25} {marked(' '.join(moment.text.split()), [])}")
        say(paint(f"{'':25} {plain(moment.publisher or moment.title or moment.article_id)}{others}", DIM))
    if found.articles < found.total:
        say(paint(f"from the newest {found.articles} of {found.total} articles", DIM))


def facets(
    search: Search = "",
    facet: Annotated[
        list[str] | None,
        typer.Option(help="publisher, section, type:PERSON, entity … ; repeat for several."),
    ] = None,
    json: Json = False,
) -> None:
    """Count a search's articles by publisher, section, language, outcome, people …"""
    from dateline.address import from_address
    from dateline.stores.document import FACETS

    query = from_address(search)
    query.limit, query.cursor = 0, None
    answer = _store().search(query, facet or [*FACETS, "entity"])
    if wants_json(json):
        for name, buckets in answer.facets.items():
            for bucket in buckets:
                emit({"facet": name, "key": bucket.key, "label": bucket.label, "count": bucket.count})
        return
    table(
        ["facet", "articles", "value"],
        [
            (name, bucket.count, bucket.label or bucket.key)
            for name, buckets in answer.facets.items()
            for bucket in buckets
        ],
    )


def histogram(
    search: Search = "",
    of: Annotated[str, typer.Option(help="published or mentioned.")] = "published",
    unit: Annotated[str, typer.Option(help="day, month or year.")] = "month",
    json: Json = False,
) -> None:
    """Count a search's articles by time."""
    from dateline.address import from_address

    query = from_address(search)
    query.limit, query.cursor = 0, None
    buckets = _store().search(query, [f"{of}:{unit}"]).facets[f"{of}:{unit}"]
    if wants_json(json):
        for bucket in buckets:
            emit({"first_day": bucket.key, "count": bucket.count})
        return
    peak = max((bucket.count for bucket in buckets), default=1)
    for bucket in buckets:
        say(f"{bucket.key}  {bucket.count:>8,}  {'█' * max(1, round(40 * bucket.count / peak))}")


def together(search: Search = "", limit: Annotated[int, typer.Option()] = 30, json: Json = False) -> None:
    """Show who and what stands in a search's articles, most articles first."""
    from dateline.address import from_address
    from dateline.answers import together as company

    found = company.together(_store(), from_address(search))[:limit]
    if wants_json(json):
        for one in found:
            emit(one)
        return
    table(
        ["articles", "type", "name", "id"],
        [(one.articles, one.type, one.name, one.entity_id) for one in found],
    )


def publishers(
    search: Search = "",
    unit: Annotated[str, typer.Option(help="month or year.")] = "month",
    json: Json = False,
) -> None:
    """Show which publishers a search's articles come from, over time: the eight with the most."""
    from dateline.address import from_address
    from dateline.answers.together import coverage as covered

    if unit not in ("month", "year"):
        raise UserError(f"--unit {unit}: write month or year")
    found = covered(_store(), from_address(search), unit)
    if wants_json(json):
        for one in found:
            emit(one)
        return
    for one in found:
        say(f"{one.articles:>8,}  {plain(one.publisher)}")
        for bucket in one.periods:
            say(paint(f"{bucket.count:>8,}    {bucket.key[:7] if unit == 'month' else bucket.key[:4]}", DIM))


def coverage(search: Search = "", json: Json = False) -> None:
    """Show how many links were expected for a search's sources and days, and what became of them."""
    from dateline import settings
    from dateline.address import from_address
    from dateline.web.coverage import COLUMNS, Ledger

    found = Ledger(settings.load()).of(from_address(search), patience=600)
    if not found.known:
        raise UserError(found.note)
    if wants_json(json):
        emit(found)
        return
    rows = [
        (name, *(counts[column] for column in ("expected", *COLUMNS)))
        for name, counts in found.by_source.items()
    ]
    rows.append(("all", found.expected, *(getattr(found, column) for column in COLUMNS)))
    table(["source", "expected", *COLUMNS], rows)


def health(json: Json = False) -> None:
    """Show each source's last day against its usual; those that need somebody first."""
    import datetime as dt

    from dateline import settings
    from dateline.journal import Journal
    from dateline.watch.health import health as told
    from dateline.web.coverage import Ledger

    cube, note = Ledger(settings.load()).cube(patience=600)
    if note:
        raise UserError(note)
    with Journal(settings.load().journal_url) as journal:
        found = told(cube, dt.datetime.now(dt.UTC).date(), journal.poll_rows())
    if wants_json(json):
        for one in found:
            emit(one)
        return
    table(
        ["health", "last day", "links", "usual", "in all", "source"],
        [
            (
                one.health,
                one.last,
                one.links,
                f"{one.usual:g}" if one.usual is not None else "",
                one.total,
                one.source,
            )
            for one in found
        ],
    )


def runs(limit: Annotated[int, typer.Option(help="How many.")] = 10, json: Json = False) -> None:
    """Show the last runs with their counts, the newest first."""
    from dateline import settings
    from dateline.journal import Journal
    from dateline.watch.health import reports

    with Journal(settings.load().journal_url) as journal:
        found = reports(journal.latest_runs(limit))
    if wants_json(json):
        for one in found:
            emit(one)
        return
    table(
        ["run", "kind", "state", "began", "links", "outcomes"],
        [
            (
                one.run_id,
                one.kind,
                one.state,
                f"{one.started:%Y-%m-%d %H:%M}",
                one.links,
                ", ".join(f"{count} {name}" for name, count in one.outcomes.items()),
            )
            for one in found
        ],
    )
