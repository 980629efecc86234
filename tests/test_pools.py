"""If these fail, a crawl of many hosts runs out of sockets, or an answer is cut off by another host's."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import httpcore
import pytest

from dateline.fetch import pools
from dateline.fetch.pools import Pools


class Server:
    """Answers on a port of its own; /slow only once it may. `connections` are those that are open."""

    def __init__(self) -> None:
        self.connections = self.port = 0
        self.may = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if b"/slow" in head:
                    await self.may.wait()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.connections -= 1
            writer.close()


async def get(of: Pools, server: Server, path: str = "/") -> bytes:
    url = f"http://127.0.0.1:{server.port}{path}"
    response = await of.handle_async_request(httpcore.Request("GET", url, headers={"Host": "127.0.0.1"}))
    try:
        return await response.aread()
    finally:
        await response.aclose()


async def until(servers: list[Server], connections: list[int]) -> None:
    async with asyncio.timeout(30):
        while [server.connections for server in servers] != connections:
            await asyncio.sleep(0.01)


async def test_pools_that_rest_are_closed_and_busy_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond two, whose turn is longest ago is closed, but for one that somebody still reads."""
    servers = [Server() for _ in range(4)]
    async with AsyncExitStack() as running:
        for server in servers:
            listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
            server.port = listening.sockets[0].getsockname()[1]
            await running.enter_async_context(listening)
        of = Pools(lambda idle: httpcore.AsyncConnectionPool(keepalive_expiry=idle), most=2)
        running.push_async_callback(of.aclose)
        slow = asyncio.create_task(get(of, servers[0], "/slow"))
        await until(servers, [1, 0, 0, 0])
        for server in servers[1:]:
            assert await get(of, server) == b"hi"
        await until(servers, [1, 0, 1, 1])
        servers[0].may.set()
        assert await slow == b"hi"
        monkeypatch.setattr(pools, "_IDLE", -1.0)  # as if all had rested long
        assert await get(of, servers[1]) == b"hi"
        await until(servers, [0, 1, 0, 0])
        await of.aclose()
        await until(servers, [0, 0, 0, 0])
