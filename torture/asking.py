"""robots.txt, Retry-After and what pages ask: politeness under provocation."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.faultserver import FaultServer, Request, moved, reply
from torture.case import CASES, check
from torture.world import Row, World, page


async def _reset(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def _host(world: World, robots: Any, **limits: float) -> tuple[Row, str, FaultServer, float]:
    """A page of a host of its own whose robots.txt is `robots`; its row, the neighbours, the host."""

    host = world.run(FaultServer("127.0.0.2").__aenter__())
    host.at("/robots.txt", *(robots if isinstance(robots, list) else [robots]))
    host.at("*", *(robots if isinstance(robots, list) else [robots]))
    host.at("/page", reply(page("Behind robots")))
    began = time.monotonic()
    (row,), beside = world.ingest(host.url("/page"), fetcher=world.fetcher(host.port, **limits))
    world.run(host.__aexit__())
    return row, beside, host, time.monotonic() - began


def _robots(name: str, sent: str, answers: Any, outcome: str, reason: str, *, asked: bool) -> None:
    def run(world: World) -> list[str]:
        chosen = (
            answers(world)
            if callable(answers) and not isinstance(answers, list) and answers is not _reset
            else answers
        )
        row, beside, host, _ = _host(world, chosen)
        check(
            (row.outcome, row.reason.partition(":")[0]) == (outcome, reason),
            f"{outcome} {reason} expected, seen {row}",
        )
        check(bool(host.asked("/page")) == asked, f"the page was {'not ' * asked}asked for")
        return [f"{row}; the page was asked for {len(host.asked('/page'))} times", beside]

    CASES.add(f"robots/{name}", sent, run)


_robots("disallowed", "Disallow: /", reply(b"User-agent: *\nDisallow: /\n"), "blocked", "robots", asked=False)
_robots("503", "robots.txt is 503", reply(status=503), "blocked", "robots-unreachable", asked=False)
_robots("reset", "robots.txt resets the connection", _reset, "blocked", "robots-unreachable", asked=False)
_robots("404", "robots.txt is 404", reply(status=404), "indexed", "", asked=True)
_robots(
    "private",
    "robots.txt redirects to a private address",
    lambda world: moved(f"http://127.0.0.1:{world.port}/robots.txt"),
    "blocked",
    "robots-unreachable",
    asked=False,
)
_robots(
    "huge",
    "600 KB of robots.txt with a rule at its end, beyond the 500 KiB that are read",
    reply(b"User-agent: *\n" + b"# filler\n" * 66_000 + b"Disallow: /\n"),
    "indexed",
    "",
    asked=True,
)


@CASES.case("robots/six-hops", "robots.txt that redirects six times to other files")
def _six(world: World) -> list[str]:
    async def hops(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(moved(f"{request.path}x"))
        await writer.drain()

    row, beside, host, _ = _host(world, hops)
    asked = len([request for request in host.requests if "robots" in request.path])
    check(row.outcome == "indexed" and asked == 6, f"{row}, asked {asked} times")
    return [f"{row}; robots.txt and five redirects followed, the sixth is none: all is allowed", beside]


@CASES.case("robots/crawl-delay", "Crawl-delay: 1e9")
def _crawl_delay(world: World) -> list[str]:
    row, beside, _, took = _host(world, reply(b"User-agent: *\nCrawl-delay: 1e9\n"), max_crawl_delay=0.5)
    check(row.outcome == "indexed", str(row))
    return [f"{row} in {took:.1f} s: clamped (to 30 s by default, here to 0.5)", beside]


@CASES.case("429/retry-after", "429 with Retry-After: 1, then the page; and one with Retry-After: 86400")
def _retry_after(world: World) -> list[str]:
    path = world.path()
    again = reply(status=429, headers={"Retry-After": "1"})
    world.server.at(path, again, reply(page("After a pause")))
    fetcher = world.fetcher(patience=3.0, retries=1)
    (row,), beside = world.ingest(world.server.url(path), fetcher=fetcher)
    one, two = world.server.asked(path)
    pause = two.at - one.at
    check(row.outcome == "indexed" and pause >= 1, f"{row}, asked again after {pause:.2f} s")
    later = world.path()
    world.server.at(later, reply(status=429, headers={"Retry-After": "86400"}))
    (long,), _ = world.ingest(world.server.url(later), fetcher=fetcher)
    rests = fetcher.resting()
    check(long.outcome == "failed" and "127.0.0.2" in rests, f"{long}, resting {rests}")
    return [
        f"{row}; asked again after {pause:.2f} s",
        f"{long}; the host rests until {rests['127.0.0.2']:%Y-%m-%d %H:%M}, also for the next process",
        beside,
    ]


@CASES.case(
    "asked/noindex", "X-Robots-Tag: noindex; <meta name=robots content=none>; TDM-Reservation: 1; noarchive"
)
def _asked(world: World) -> list[str]:
    urls = [
        world.at(reply(page("A"), headers={"X-Robots-Tag": "noindex"})),
        world.at(reply(page("B", head='<meta name="robots" content="none">'))),
        world.at(reply(page("C"), headers={"TDM-Reservation": "1"})),
        world.at(reply(page("Not to be kept"), headers={"X-Robots-Tag": "noarchive, noai"})),
    ]
    rows, beside = world.ingest(*urls)
    reasons = [row.reason.partition(":")[0] for row in rows]
    check(reasons[:3] == ["noindex", "noindex", "tdm-reservation"], str(reasons))
    article = world.shop.store.get(rows[3].article_id or "")
    check(article is not None and "the publisher asks: noai, noarchive" in article.notes, str(rows[3]))
    world.shop.archive.flush()
    kept = b"Not to be kept" in b"".join(page.body for _, page in world.shop.archive.scan())
    check(not kept, "noarchive, and kept all the same")
    return [*map(str, rows), "the noarchive page is not in the WARC files", beside]
