"""A news site of sixteen hosts on loopback, with the sizes and latencies of real ones.

Pages are copies (see `corpus`), made and packed before the clock starts, sent with gzip as nearly all
publishers do, each after a wait that is drawn once for its number (median 80 ms, at most half a
second). It runs in a process of its own, whose CPU time counts for nobody.

    python -m benchmarks.site FOLDER COUNT [short]      prints its port, serves until killed

BENCH_SITE_HOSTS (comma-separated) are other hosts than the sixteen; BENCH_SITE_LOG is a file that gets a
line for each request: the time, the host, the path.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus

HOSTS = [f"127.0.1.{number}" for number in range(1, 17)]
NETWORK = "127.0.1.0/24"


@dataclass(frozen=True, slots=True)
class Site:
    """The running site."""

    port: int
    hosts: Sequence[str] = tuple(HOSTS)

    def url(self, number: int) -> str:
        """The address of the page with this number; neighbours are on different hosts."""
        return f"http://{self.hosts[number % len(self.hosts)]}:{self.port}/2026/news/story-{number}.html"


@contextmanager
def serving(
    folder: Path, count: int, *, short: bool = False, hosts: Sequence[str] = (), log: Path | None = None
) -> Iterator[Site]:
    """The site with pages 0 … count - 1, until the block ends.

    Args:
        folder: where the packed pages are kept from run to run.
        count: how many pages there are.
        short: only the sample site's pages, 3 KB each, made while serving: for runs of many links.
        hosts: others than the sixteen.
        log: gets a line for each request.
    """
    command = [
        sys.executable,
        "-m",
        "benchmarks.site",
        str(folder),
        str(count),
        *(["short"] if short else []),
    ]
    environment = {**os.environ, "BENCH_SITE_HOSTS": ",".join(hosts), "BENCH_SITE_LOG": str(log or "")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=corpus.REPO, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield Site(int(process.stdout.readline()), tuple(hosts or HOSTS))
        finally:
            process.kill()


def latency(number: int) -> float:
    """Seconds that the page with this number takes to come."""
    return min(0.5, random.Random(f"wait {number}").lognormvariate(-2.5, 0.6))


class _Pages:
    """Packed pages by number; the port stands in them, so each port has a folder of its own."""

    def __init__(self, folder: Path, count: int, site: Site, short: bool) -> None:
        self._folder = folder / str(site.port)
        self._site, self._short = site, short
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(0 if short else count):
            path = self._folder / f"{number}.gz"
            if not path.exists():
                part = path.with_suffix(".part")
                part.write_bytes(gzip.compress(corpus.copy(number, site.url(number)), 6))
                part.rename(path)

    def packed(self, number: int) -> bytes:
        if self._short:
            return gzip.compress(corpus.copy(number, self._site.url(number), short=True), 1)
        return (self._folder / f"{number}.gz").read_bytes()


async def _serve(folder: Path, count: int, port: int, short: bool) -> None:
    hosts = [name for name in os.environ.get("BENCH_SITE_HOSTS", "").split(",") if name] or HOSTS
    site = Site(port, tuple(hosts))
    pages = _Pages(folder, count, site, short)
    log = open(path, "a", buffering=1) if (path := os.environ.get("BENCH_SITE_LOG")) else None  # noqa: PTH123, SIM115

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("latin-1")
                if log is not None:
                    log.write(f"{time.time()} {writer.get_extra_info('sockname')[0]} {path}\n")
                name = path.rpartition("story-")[2].removesuffix(".html")
                status, extra, body = "404 Not Found", "", b"<title>404</title>"
                if name.isdigit() and int(name) < count:
                    await asyncio.sleep(latency(int(name)))
                    status, body = "200 OK", pages.packed(int(name))
                    if b"gzip" in head.lower():
                        extra = "Content-Encoding: gzip\r\n"
                    else:
                        body = gzip.decompress(body)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
                    f"{extra}Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, hosts, port, backlog=512)
    print(port, flush=True)
    async with server:
        await server.serve_forever()


def _port() -> int:
    """The same port each time where it is free, so that the pages made for it are used again."""
    for port in (8931, 8932, 8933, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOSTS[0], port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), _port(), "short" in sys.argv[3:]))
