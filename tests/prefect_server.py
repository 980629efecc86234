"""Real Prefect servers for tests: one that a whole session shares, others of a test's own.

Half of a server's start is the making of its database: the shared one's, as it is before anybody used
it, is kept as a pattern that the others copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from endings import end
from postgres import free_port

from tasks.server import PrivateServer, ServerDied

PREFECT = str(Path(sys.executable).parent / "prefect")
SHARED = "DATELINE_TEST_PREFECT"  # where the shared server's environment begins, by a folder's name


class _Patient(httpx.HTTPTransport):
    """Asks again where the server's database is busy, as Prefect's own client does."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for pause in (0.2, 0.5, 1, 2, 4, 8, 16):
            response = super().handle_request(request)
            if response.status_code != 503:
                return response
            response.close()
            time.sleep(pause)
        return super().handle_request(request)


# One for all: each client that is made reads the world's certificates anew. It keeps no connection that
# a server may close just as it is used again.
HTTP = httpx.Client(
    timeout=60, transport=_Patient(limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)
)


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    """What `condition` gives once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s")


def without_prefect() -> dict[str, str]:
    """This process's environment without what it says of Prefect."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}


class Shared:
    """The session's server. Who asks `environment` waits until it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pattern, self.died = folder, folder / "pattern.db", folder / "died"

    def start(self) -> PrivateServer:
        """Start it and return at once."""
        before = dict(os.environ)
        for name in set(before) - set(without_prefect()):
            del os.environ[name]
        try:
            server = PrivateServer(self.folder)
            lines = [f"{key}={value}\n" for key, value in os.environ.items() if key.startswith("PREFECT_")]
        finally:
            os.environ.clear()
            os.environ.update(before)
        (self.folder / "environment").write_text("".join(lines))
        return server

    def make_pattern(self, server: PrivateServer) -> None:
        """Wait for the server and keep its database as it is before anybody uses it."""
        half = self.folder / "half.db"
        try:
            server.wait()
            with (
                closing(sqlite3.connect(self.folder / "prefect" / "prefect.db")) as source,
                closing(sqlite3.connect(half)) as copy,
            ):
                source.backup(copy)
            half.rename(self.pattern)
        except (ServerDied, OSError, sqlite3.Error) as error:
            self.died.write_text(str(error))

    def _wait(self) -> None:
        wait_for(lambda: self.pattern.exists() or self.died.exists(), 400)
        if self.died.exists():
            raise ServerDied(self.died.read_text())

    def environment(self) -> dict[str, str]:
        """What leads a command to this server; PREFECT_HOME is for each to choose."""
        self._wait()
        lines = (self.folder / "environment").read_text().splitlines()
        found = dict(line.split("=", 1) for line in lines)
        del found["PREFECT_HOME"]
        return found

    def database_for(self, home: Path) -> None:
        """Spare a server whose PREFECT_HOME is `home` the making of its database."""
        self._wait()
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.pattern, home / "prefect.db")


@contextmanager
def newsroom_server(folder: Path, shared: Shared, settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """`prefect server start` with all its services; the environment of who works with it.

    Its log is server.log in `folder`.
    """
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **without_prefect(),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": api,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        **settings,
    }
    shared.database_for(folder / "prefect")
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env={key: value for key, value in environment.items() if key != "PREFECT_API_URL"}
            | {"PREFECT_SERVER_UI_API_URL": api},  # for a browser
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(lambda: HTTP.get(f"{api}/health").status_code == 200, 150)
            yield environment
        finally:
            end(server)
