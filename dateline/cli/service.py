"""`dateline serve`: the search page and the API; `dateline export`: all that a search finds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.output import UserError, say


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8321,
) -> None:
    """Open the search page on this machine.

    Beyond loopback only with DATELINE_TOKEN (or DATELINE_TOKEN_FILE) set, which is then the password,
    or with an API key made (`dateline keys add`).
    """
    import gc

    import uvicorn

    from dateline import settings
    from dateline.journal import Journal
    from dateline.web.access import AccessError, choose
    from dateline.web.keyring import KeyRing

    chosen = settings.load()
    with Journal(chosen.journal_url) as journal:
        some = any(key.revoked is None for key in journal.api_keys())
    try:
        access = choose(host, KeyRing(chosen.journal_url), have_keys=some)
    except AccessError as error:
        raise UserError(str(error)) from None

    from dateline.stores import open_store
    from dateline.web.app import create_app

    store = open_store(chosen)
    say(f"http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C ends it)")
    sys.stdout.flush()
    try:
        app = create_app(chosen, store, access)
        # each answer makes thousands of small objects that hold no rings: the collector, called as
        # often as it is by default, was a third of the time of a search
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
    finally:
        store.close()


def export(
    search: Annotated[
        str,
        typer.Argument(help='A search\'s address: "entity=Lavrov&from=2021-03", or a whole URL of the page.'),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="The file to write, with FILE.manifest.json beside it; else standard output."
        ),
    ] = None,
    format: Annotated[str, typer.Option(help="csv, jsonl, rss or atom; else by the file's name.")] = "",
) -> None:
    """Write all that a search finds, without a cap, as CSV, JSON lines, RSS or Atom."""
    import msgspec

    from dateline import settings
    from dateline.address import from_address
    from dateline.answers.export import Export
    from dateline.stores import open_store

    chosen = format or (out.suffix[1:] if out else "") or "jsonl"
    query = from_address(search)
    store = open_store(settings.load())
    try:
        made = Export(store, query, chosen)  # type: ignore[arg-type]  # checked there
        if out is None:
            for chunk in made.chunks():
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            # under its name only when it is whole
            part = out.with_name(f"{out.name}.part")
            with part.open("wb") as file:
                file.writelines(made.chunks())
            part.replace(out)
            manifest = msgspec.json.format(msgspec.json.encode(made.manifest), indent=2)
            out.with_name(f"{out.name}.manifest.json").write_bytes(manifest + b"\n")
    finally:
        store.close()
    rows = made.manifest.rows
    print(f"{rows} article{'' if rows == 1 else 's'}, SHA-256 {made.manifest.sha256}", file=sys.stderr)
