"""`dateline sources …`: what is crawled: add, list, test, OPML in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dateline.cli.output import DIM, UserError, emit, paint, plain, say, table, wants_json

app = typer.Typer(
    no_args_is_help=True,
    help="The sources that are crawled: sources.toml.",
    rich_markup_mode=None,
    add_completion=False,
)

File = Annotated[
    str | None, typer.Option("--sources", help="Another file than sources.toml under DATELINE_HOME.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")]


def _path(option: str | None) -> Path:
    from dateline import settings
    from dateline.sources.catalogue import path_of

    return path_of(settings.load(), option)


@app.command("add")
def add(
    address: Annotated[str, typer.Argument(help="A site, feed or sitemap; a folder, mailbox, list or WARC.")],
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="digests, mailbox, feed, sitemap, section, urls or warc.")
    ] = None,
    pattern: Annotated[
        str | None, typer.Option(help="The page is a section: what an article's address holds.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All feeds and sitemaps, not the best one.")] = False,
    label: Annotated[list[str] | None, typer.Option(help="A label; may be given again.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, 'en'.")] = None,
    floor: Annotated[str | None, typer.Option(help="The shortest time between two looks, '5m'.")] = None,
    ceiling: Annotated[str | None, typer.Option(help="The longest.")] = None,
    sources: File = None,
    json: Json = False,
) -> None:
    """Find the feeds and sitemaps of a site, and write the best into sources.toml."""
    from dateline.sources.catalogue import load
    from dateline.sources.opml import name_for
    from dateline.sources.writing import append, entry

    path = _path(sources)
    taken = {source.name for source in load(path)}
    more = {"labels": label, "language": language, "floor": floor, "ceiling": ceiling}
    offers: list[dict[str, Any]] = []
    if "://" not in address or kind in ("section", "urls") or pattern:
        offers = [_local(address, kind, pattern)]
    else:
        offers = _survey(address, kind)
    written = []
    for number, offer in enumerate(offers if every else offers[:1]):
        own = (
            name
            if name and not number
            else name_for(name or offer.pop("named", None) or offer["address"], taken)
        )
        offer.pop("named", None)
        taken.add(own)
        written.append(_made(own, offer | {key: value for key, value in more.items() if value}))
    append(path, written)
    for source in written:
        emit(_shown(source)) if wants_json(json) else say(entry(source).rstrip())
    if not wants_json(json):
        say(paint(f"written to {path}", DIM))
        for offer in [] if every else offers[1:]:
            say(paint(f"also found: {offer['kind']} {plain(offer['address'])}", DIM))


def _local(address: str, kind: str | None, pattern: str | None) -> dict[str, Any]:
    from dateline.sources.warc import is_warc

    if "://" in address:
        said = kind or "section"
        offer: dict[str, Any] = {"kind": said, "address": address}
        return offer | ({"link_pattern": pattern} if pattern else {})
    path = Path(address).expanduser()
    if not path.exists() and not any(sign in address for sign in "*?["):
        raise UserError(f"{address}: no such file or folder")
    if kind is None:
        holds_warcs = path.is_dir() and any(is_warc(child) for child in path.iterdir())
        if is_warc(path) or holds_warcs:
            kind = "warc"
        elif (path / "cur").is_dir() or path.suffix.lower() == ".mbox":
            kind = "mailbox"
        else:
            kind = "digests"
    return {"kind": kind, "address": str(path.absolute()), "named": path.name}


def _survey(address: str, kind: str | None) -> list[dict[str, Any]]:
    """What a site offers, the best first."""
    import asyncio

    from dateline import settings
    from dateline.fetch import Fetcher
    from dateline.sources.discovery import survey

    async def ask() -> Any:
        async with Fetcher.from_settings(settings.load()) as fetcher:
            return await survey(fetcher, address)

    found = asyncio.run(ask())
    offers = [offer for offer in found.offers if kind is None or offer.kind == kind]
    for note in found.notes:
        print(f"dateline: {plain(note)}", file=sys.stderr)
    if not offers:
        raise UserError(
            f"{address}: no feed and no sitemap found; for a page that links to articles give --pattern"
        )
    home = None if len(found.offers) == 1 and found.offers[0].where == "as given" else address
    return [
        {
            "kind": offer.kind,
            "address": offer.url,
            "title": offer.title or found.title,
            "language": offer.language or found.language,
            "home": home,
            "named": offer.title or found.title,
        }
        for offer in offers
    ]


def _made(name: str, values: dict[str, Any]) -> Any:
    """A source out of what was found and asked for, checked as sources.toml is."""
    import json

    from dateline.sources.catalogue import parse

    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    (source,) = parse(
        f"[sources.{json.dumps(name, ensure_ascii=False)}]\n" + "\n".join(lines), Path.cwd() / "new"
    )
    return source


@app.command("list")
def list_(
    label: Annotated[str | None, typer.Option(help="Only with this label.")] = None,
    sources: File = None,
    json: Json = False,
) -> None:
    """List the sources of sources.toml, or say what is wrong in it."""
    from dateline.sources.catalogue import load

    path = _path(sources)
    found = [source for source in load(path) if label is None or label in source.labels]
    if wants_json(json):
        for source in found:
            emit(_shown(source))
        return
    if not found:
        raise UserError(f"{path}: no sources; dateline sources add URL writes the first")
    table(
        ["name", "kind", "every", "labels", "address"],
        [
            (
                source.name + ("" if source.enabled else " (off)"),
                source.kind,
                f"{_time(source.floor)}–{_time(source.ceiling)}",
                ", ".join(source.labels),
                source.address,
            )
            for source in found
        ],
    )


@app.command("test")
def test(
    name: Annotated[str, typer.Argument(help="The source's name.")],
    limit: Annotated[int, typer.Option(help="How many links to show.")] = 20,
    sources: File = None,
    json: Json = False,
) -> None:
    """Show what one source would yield now; nothing is stored."""
    from dateline.sources.catalogue import load
    from dateline.sources.trying import Trial, attempt

    source = load(_path(sources)).named(name)
    trial: Trial = attempt(source)
    for note in trial.notes:
        print(f"dateline: {plain(note)}", file=sys.stderr)
    if wants_json(json):
        for link in trial.links[:limit]:
            emit({"url": link.url, "title": link.item.title if link.item else None, **link.hints})
    else:
        for link in trial.links[:limit]:
            title = (link.item.title if link.item else None) or link.hints.get("title") or ""
            said = " · ".join(
                link.hints[key] for key in ("published", "author", "section") if key in link.hints
            )
            say(
                f"{plain(link.url or '(no link)')}\n  {plain(title)}"
                + (paint(f"  {plain(said)}", DIM) if said else "")
            )
        rest = len(trial.links) - limit
        say(
            paint(
                f"{len(trial.links)} links" + (f", {rest} not shown" if rest > 0 else "") + trial.summary, DIM
            )
        )
    if not trial.links:
        raise SystemExit(1)


@app.command("readings")
def readings(
    name: Annotated[str | None, typer.Argument(help="The source's name; all without it.")] = None,
    run: Annotated[str | None, typer.Option(help="Only what this run read.")] = None,
    limit: Annotated[int, typer.Option(help="The last so many.")] = 50,
    json: Json = False,
) -> None:
    """Show what was read of a source: each interval with its outcome, and where the listings are kept."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        found = journal.readings(name, limit=limit, run_id=run)
    if wants_json(json):
        for reading in found:
            emit(reading)
        return
    table(
        ["source", "from", "to", "outcome", "requests", "links", "new", "reason"],
        [
            (
                one.source,
                f"{one.start:%Y-%m-%d %H:%M}",
                f"{one.end:%Y-%m-%d %H:%M}",
                one.outcome,
                one.requests,
                one.links,
                one.new,
                one.reason,
            )
            for one in found
        ],
    )


@app.command("hosts")
def hosts(json: Json = False) -> None:
    """List the hosts that are left alone now: down, or they asked for it."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        turns = journal.turns(resting=True)
    if wants_json(json):
        for turn in turns:
            rest = {"until": turn.rest_until, "down_since": turn.down_since, "failures": turn.failures}
            emit({"host": turn.host, **rest, "delay": turn.delay})
        return
    table(
        ["host", "until", "down since", "failures"],
        [
            (
                turn.host,
                f"{turn.rest_until:%Y-%m-%d %H:%M}" if turn.rest_until else "",
                f"{turn.down_since:%Y-%m-%d %H:%M}" if turn.down_since else "",
                turn.failures,
            )
            for turn in turns
        ],
    )


@app.command("wake")
def wake(host: Annotated[str, typer.Argument(help="As `sources hosts` shows it.")]) -> None:
    """Let a host that is left alone be asked again: what is due there, at the next pass."""
    from dateline import settings
    from dateline.journal import Journal

    with Journal(settings.load().journal_url) as journal:
        if not journal.wake(host):
            raise UserError(
                f"{host}: no run has asked this host yet; `dateline sources hosts` shows who rests"
            )
    print(f"{host} is asked again at the next pass", file=sys.stderr)


@app.command("rules")
def rules(json: Json = False) -> None:
    """List the extraction rules for single sites, or say what is wrong in their files."""
    from dateline.extract.site_rules import folders, read_folder

    found, problems = [], []
    for folder in folders():
        here, wrong = read_folder(folder)
        found += here
        problems += wrong
    shown = [
        {
            "file": rule.name,
            "hosts": list(rule.hosts),
            "from": rule.since.isoformat() if rule.since else None,
            "fields": list(rule.selectors),
        }
        for rule in found
    ]
    if wants_json(json):
        for row in shown:
            emit(row)
    else:
        table(
            ["file", "from", "hosts", "fields"],
            [
                (rule.name, rule.since or "", ", ".join(rule.hosts), ", ".join(rule.selectors))
                for rule in found
            ],
        )
    if problems:
        raise UserError("\ndateline: ".join(problems))


@app.command("import-opml")
def import_opml(
    file: Annotated[Path, typer.Argument(help="The OPML file.")],
    label: Annotated[list[str] | None, typer.Option(help="A label for all of them.")] = None,
    sources: File = None,
) -> None:
    """Add the feeds of an OPML file; nested outlines become labels. Those that are there stay as they are."""
    from dataclasses import replace

    from dateline.sources.catalogue import load
    from dateline.sources.opml import OpmlError, name_for, read_opml
    from dateline.sources.writing import append

    path = _path(sources)
    try:
        found, notes = read_opml(file.read_bytes())
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error
    except OpmlError as error:
        raise UserError(f"{file}: {error}") from error
    have = load(path)
    names, addresses = {source.name for source in have}, {source.address for source in have}
    new = []
    for source in found:
        if source.address in addresses:
            notes.append(f"{source.address}: is there already")
            continue
        own = name_for(source.name, names)
        names.add(own)
        new.append(replace(source, name=own, labels=tuple(dict.fromkeys((*(label or ()), *source.labels)))))
    append(path, new)
    for note in notes:
        print(f"dateline: {plain(note)}", file=sys.stderr)
    print(f"{len(new)} sources added to {path}", file=sys.stderr)


@app.command("export-opml")
def export_opml(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output without it.")] = None,
    sources: File = None,
) -> None:
    """Write the feeds as OPML, labels as nested outlines."""
    from dateline.sources.catalogue import load
    from dateline.sources.opml import write_opml

    listed = load(_path(sources))
    left = sorted(source.name for source in listed if source.kind != "feed")
    if left:
        print(f"dateline: not in OPML, since they are no feeds: {', '.join(left)}", file=sys.stderr)
    text = write_opml(listed)
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}") from error


def _shown(source: Any) -> dict[str, Any]:
    from dataclasses import asdict

    values = asdict(source)
    values["floor"], values["ceiling"] = (
        source.floor.total_seconds(),
        source.ceiling.total_seconds(),
    )
    return {key: value for key, value in values.items() if value is not None}


def _time(value: Any) -> str:
    from dateline.sources.writing import duration

    return duration(value)
