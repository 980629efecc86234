"""A server on loopback that answers as strangers do: raw bytes over asyncio, one handler per path.

A handler is `async def (request, writer)` and writes whatever bytes it likes, as slowly as it likes;
a `bytes` value is sent as it is; `reply(...)` makes well-formed ones. Every request is on record.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    at: float  # monotonic seconds


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def reply(
    body: bytes = b"",
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "text/html; charset=utf-8",
) -> bytes:
    """A whole HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def moved(to: str, status: int = 302) -> bytes:
    return reply(status=status, headers={"Location": to})


@dataclass
class FaultServer:
    """`async with FaultServer() as server`: `server.at(path, answer)`, `server.url(path)`.

    A path that nobody gave an answer for is 404, /robots.txt too. A list of answers is given one
    after the other, the last one for ever.
    """

    host: str = "127.0.0.2"
    tls: ssl.SSLContext | None = None
    fixed_port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._answers: dict[str, list[bytes | Handler]] = {}

    async def __aenter__(self) -> FaultServer:
        self._server = await asyncio.start_server(self._serve, self.host, self.fixed_port, ssl=self.tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._open: set[asyncio.StreamWriter] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    def at(self, path: str, *answers: bytes | Handler) -> None:
        self._answers[path] = list(answers)

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http{'s' if self.tls else ''}://{host or self.host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *rest = head.decode("latin-1").strip().split("\r\n")
                method, path, _ = first.split(" ", 2)
                headers = {
                    name.strip().lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in rest)
                }
                request = Request(method, path, headers, time.monotonic())
                self.requests.append(request)
                answers = self._answers.get(path) or self._answers.get("*") or [reply(status=404)]
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(request, writer)
                    return
        except (
            asyncio.IncompleteReadError,
            ConnectionError,
            asyncio.LimitOverrunError,
            asyncio.CancelledError,
        ):
            pass
        finally:
            self._open.discard(writer)
            writer.close()
