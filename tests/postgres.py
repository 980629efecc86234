"""A real PostgreSQL on loopback for tests: started in a folder, stopped after, its data thrown away.

As root the server runs as the user `postgres`, since PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Missing(Exception):
    """PostgreSQL is not here; the message says what to install."""


def _program(name: str) -> str:
    places = [Path(found)] if (found := shutil.which(name)) else []
    places += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if not places:
        raise Missing(f"{name} is not here: install PostgreSQL (Debian: apt-get install -y postgresql)")
    return str(places[0])


def _find_or_install(name: str) -> str:
    try:
        return _program(name)
    except Missing:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise
        subprocess.run(["apt-get", "install", "-y", "postgresql"], check=False, capture_output=True)
        return _program(name)


def free_port() -> int:
    """A port of loopback for a server that takes seconds to bind it.

    Below those that the system hands out (from 32768 on): one of these might be another's by then.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """`url(name)` is a fresh, empty database; `kill()` and `start()` to see what a crash does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._numbers = itertools.count(1)
        self._as: dict[str, str | int] = {}
        if os.geteuid() == 0:
            self._as = {"user": "postgres", "group": "postgres"}
            shutil.chown(folder, "postgres", "postgres")
        self._data = folder / "data"
        self._run(
            _find_or_install("initdb"), "-D", str(self._data), "-A", "trust", "-U", "dateline", "--no-sync"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, **self._as)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")

    def start(self) -> None:
        self._process = subprocess.Popen(  # type: ignore[call-overload]
            [
                _program("postgres"), "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port),
                "-k", str(self.folder), "-c", "shared_buffers=16MB", "-c", "max_connections=30",
                "-c", "fsync=off",
            ],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.sql("SELECT 1")
                return
            except Exception:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start within 60 s")

    def sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="dateline", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def url(self, name: str = "") -> str:
        """The address of a new, empty database, by a name of its own."""
        name = name or f"test-{next(self._numbers)}"
        self.sql(f'CREATE DATABASE "{name}"')
        return f"postgresql://dateline@127.0.0.1:{self.port}/{name}"

    def kill(self) -> None:
        """As a power cut does: no shutdown, all at once."""
        assert self._process is not None
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True
        ).stdout.split()
        self._process.kill()
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(int(pid), 9)
        self._process.wait()
        time.sleep(0.2)  # the kernel frees the shared memory

    def stop(self) -> None:
        if self._process is not None:
            self.kill()  # the data is thrown away: nobody waits for a tidy end


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()
