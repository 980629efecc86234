"""`dateline serve`: the search page and the API."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from dateline.cli.output import UserError, say


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8321,
) -> None:
    """Open the search page on this machine."""
    import uvicorn

    from dateline import settings
    from dateline.stores import open_store
    from dateline.web.app import create_app

    chosen = settings.load()
    if not _is_loopback(host):
        raise UserError(f"--host {host}: beyond loopback the page needs a login, which this version lacks")
    store = open_store(chosen)
    say(f"http://{host}:{port}/  (Ctrl-C ends it)")
    try:
        uvicorn.run(create_app(chosen, store), host=host, port=port, log_level="warning", server_header=False)
    finally:
        store.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
