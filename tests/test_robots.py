"""robots.txt by RFC 9309: a publisher's no is kept, and a publisher's yes is used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import pytest
import pytest_asyncio
from faultserver import FaultServer, Request, moved, reply
from hypothesis import given
from hypothesis import strategies as st

from dateline.fetch import Fetcher, FetchError, Limits, page_directives
from dateline.fetch.errors import Unreachable
from dateline.fetch.robots import MAX_BYTES, Robots, parse
from dateline.models import Outcome
from tests.effort import least_effort

QUICK = Limits(delay=0, backoff=0.01, deadline=3, patience=2)
SITE = "https://site.test"
TWICE = "User-agent: dateline\nDisallow: /a\nUser-agent: x\nAllow: /\nUser-agent: dateline\nDisallow: /b"


def allows(text: str | bytes, path: str) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return parse(body, "dateline").allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        # whose group: ours by its whole name, in any case, before the one for all
        ("User-agent: *\nDisallow: /a\nUser-agent: Dateline\nDisallow: /b", "/a", "/b"),
        ("user-agent: DATELINE\ndisallow: /b", "/a", "/b"),
        ("User-agent: dateline/2.0 (+x)\nDisallow: /b\nUser-agent: *\nDisallow: /a", "/a", "/b"),
        ("User-agent: dateline news\nDisallow: /b\nUser-agent: *\nDisallow: /a", "/a", "/b"),
        # a name that ours begins with, or that begins with ours, is another's
        ("User-agent: date\nDisallow: /\nUser-agent: *\nDisallow: /b", "/a", "/b"),
        ("User-agent: d\nDisallow: /", "/a", None),
        ("User-agent: datelinebot\nDisallow: /\nUser-agent: *\nDisallow: /b", "/a", "/b"),
        ("User-agent: otherbot\nDisallow: /", "/a", None),
        # several groups of one name are one, several names share a group
        (TWICE, "/c", "/b"),
        (TWICE, "/c", "/a"),
        ("User-agent: x\nUser-agent: dateline\n\nDisallow: /b", "/a", "/b"),
        ("User-agent: dateline\nCrawl-delay: 1\nUser-agent: x\nDisallow: /b", "/a", "/b"),
        ("User-agent: dateline\nSitemap: /s.xml\nUser-agent: x\nDisallow: /b", "/a", "/b"),
        # our own empty group frees us of the one for all
        ("User-agent: *\nDisallow: /\nUser-agent: dateline\nDisallow:", "/a", None),
        ("User-agent: *\nDisallow: /\nUser-agent: dateline", "/a", None),
        # rules before any group hold for nobody
        ("Disallow: /\nUser-agent: *\nDisallow: /b", "/a", "/b"),
        # the longest rule wins, allow where two are as long; paths are case-sensitive
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", "/a/c"),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", None),
        ("User-agent: *\nDisallow: /\nAllow: /$", "/", "/a"),
        ("User-agent: *\nDisallow: /B", "/b", "/B"),
        ("User-agent: *\nAllow: /p\nDisallow: /*.html", "/page", "/page.html"),
        # wildcards and ends
        ("User-agent: *\nDisallow: /*.php$", "/a.php5", "/x/a.php"),
        ("User-agent: *\nDisallow: /*/private/", "/private/", "/x/private/y"),
        ("User-agent: *\nDisallow: /*?print=", "/a?x=1", "/a?print=1"),
        ("User-agent: *\nDisallow: /a*b*c", "/acb", "/a1b2c3"),
        # percent-encoding and Unicode on either side
        ("User-agent: *\nDisallow: /ツ", "/a", "/%E3%83%84/x"),
        ("User-agent: *\nDisallow: /%e3%83%84", "/a", "/ツ"),
        ("User-agent: *\nDisallow: /a%3Cb", "/a", "/a%3cb"),
        # how files are really written
        ("\ufeffUser-agent: *\nDisallow: /b", "/a", "/b"),
        ("User-agent: *\r\nDisallow: /b\r\n", "/a", "/b"),
        ("User-agent: *\rDisallow: /b", "/a", "/b"),
        ("User-agent : *\n  Disallow :/b  # why", "/a", "/b"),
        ("User-agent *\nDisallow /b", "/a", "/b"),
        ("User-agent: *\nDissallow: /b", "/a", "/b"),
        ("# only a comment", "/a", None),
        ("<html><body>Not found</body></html>", "/a", None),
        ("", "/a", None),
        ("User-agent: *\nNoindex: /a\nUnknown: x\nDisallow: /b", "/a", "/b"),
    ],
)  # fmt: skip
def test_rules(text: str, yes: str, no: str | None) -> None:
    assert allows(text, yes)
    assert no is None or not allows(text, no)


def test_latin_1_bytes_are_no_error() -> None:
    assert not allows(b"User-agent: *\nDisallow: /caf\xe9\nDisallow: /b", "/b")


def test_what_stands_after_500_kib_does_not_hold() -> None:
    """The RFC asks to read at least that much; a rule cut in half holds not at all."""
    head = b"User-agent: *\nDisallow: /early\n"
    filler = b"# " + b"x" * 997 + b"\n"
    text = head + filler * ((MAX_BYTES - len(head)) // 1000)
    text += b"#" * (MAX_BYTES - len(text) - 12) + b"\nDisallow: /long-rule\nDisallow: /late\n"
    assert not allows(text, "/early")
    assert allows(text, "/late") and allows(text, "/long") and allows(text, "/")


def test_a_hostile_pattern_costs_no_time() -> None:
    """Wildcards that a backtracking matcher would need years for."""
    text = "User-agent: *\n" + ("Disallow: /" + "*a" * 200 + "*b\n") * 500
    assert least_effort(lambda: allows(text, "/" + "a" * 1900), 5) <= 5
    assert allows(text, "/" + "a" * 1900)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_rules(body: bytes, path: str) -> None:
    parse(b"User-agent: *\n" + body, "dateline").allows(SITE + "/" + path)


def test_sitemaps_and_delays_are_read() -> None:
    rules = parse(
        b"Sitemap: https://site.test/a.xml\nUser-agent: *\nCrawl-delay: 7.5\nSitemap: https://site.test/b.xml",
        "dateline",
    )
    assert rules.sitemaps == ("https://site.test/a.xml", "https://site.test/b.xml")
    assert rules.crawl_delay == 7.5
    assert parse(b"User-agent: *\nCrawl-delay: lots", "dateline").crawl_delay is None


# over HTTP


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as running:
        running.at("/page", reply(b"<p>fine</p>"))
        yield running


def fetcher(server: FaultServer, limits: Limits = QUICK) -> Fetcher:
    return Fetcher(allow_networks=["127.0.0.2/32"], ports=[server.port], limits=limits)


async def reset(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"#")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
async def test_4xx_means_yes(server: FaultServer, status: int) -> None:
    server.at("/robots.txt", reply(status=status))
    async with fetcher(server) as client:
        assert (await client.fetch(server.url("/page"))).body == b"<p>fine</p>"


@pytest.mark.parametrize("answer", [reply(status=500), reply(status=503), reset, b"nonsense\r\n\r\n"])
async def test_unreachable_means_no(server: FaultServer, answer: bytes) -> None:
    server.at("/robots.txt", answer)
    async with fetcher(server) as client:
        with pytest.raises(FetchError) as caught:
            await client.fetch(server.url("/page"))
    assert (caught.value.outcome, caught.value.reason) == (Outcome.BLOCKED, "robots-unreachable")
    assert not server.asked("/page")


async def test_a_dripped_robots_txt_means_no(server: FaultServer) -> None:
    server.at("/robots.txt", drip)
    async with fetcher(server, Limits(delay=0, backoff=0.01, deadline=0.3, retries=0)) as client:
        with pytest.raises(FetchError) as caught:
            await client.fetch(server.url("/page"))
    assert caught.value.reason == "robots-unreachable"


async def test_a_host_that_is_down_is_no_matter_of_robots(server: FaultServer) -> None:
    """The journal says "refused", which is tried again, not "robots", which sounds like a no for ever."""
    gone = server.port
    server._server.close()
    async with Fetcher(allow_networks=["127.0.0.2/32"], ports=[gone], limits=QUICK) as client:
        with pytest.raises(Unreachable) as caught:
            await client.fetch(f"http://127.0.0.2:{gone}/page")
    assert (caught.value.outcome, caught.value.reason) == (Outcome.FAILED, "refused")


@pytest.mark.parametrize(("hops", "fetched"), [(5, False), (6, True)])
async def test_five_redirects_are_followed_and_six_are_not(
    server: FaultServer, hops: int, fetched: bool
) -> None:
    """Beyond five the RFC lets the file count as unavailable, which means yes."""
    server.at("/robots.txt", moved("/r1"))
    for number in range(1, hops):
        server.at(f"/r{number}", moved(f"/r{number + 1}"))
    server.at(f"/r{hops}", reply(b"User-agent: *\nDisallow: /"))
    async with fetcher(server) as client:
        if fetched:
            assert (await client.fetch(server.url("/page"))).status == 200
        else:
            with pytest.raises(FetchError) as caught:
                await client.fetch(server.url("/page"))
            assert caught.value.reason == "robots"


async def test_it_is_asked_for_once_and_kept(server: FaultServer) -> None:
    server.at("/robots.txt", reply(b"User-agent: *\nDisallow: /no"))
    async with fetcher(server) as client:
        await asyncio.gather(*(client.fetch(server.url("/page")) for _ in range(8)))
        with pytest.raises(FetchError) as caught:
            await client.fetch(server.url("/no/way"))
    assert (caught.value.outcome, caught.value.reason) == (Outcome.BLOCKED, "robots")
    assert len(server.asked("/robots.txt")) == 1


async def test_it_is_asked_for_again_after_a_day() -> None:
    now, asked = [0.0], 0

    async def get(url: httpx.URL) -> tuple[int, bytes]:
        nonlocal asked
        asked += 1
        return 200, b"User-agent: *\nDisallow: /" if asked == 1 else b""

    robots = Robots(get, "dateline", clock=lambda: now[0])
    url = httpx.URL("https://site.test/page")
    assert not (await robots.rules(url)).allows(str(url))
    now[0] = 24 * 3600 - 1
    assert not (await robots.rules(url)).allows(str(url))
    now[0] = 24 * 3600 + 1
    assert (await robots.rules(url)).allows(str(url))
    await robots.rules(httpx.URL("http://site.test/page"))  # another scheme is another origin
    assert asked == 3


async def test_each_hop_asks_its_own_host(server: FaultServer) -> None:
    """A redirect does not lead around the other site's robots.txt."""
    server.at("/start", moved("/no/way"))
    server.at("/robots.txt", reply(b"User-agent: *\nDisallow: /no"))
    async with fetcher(server) as client:
        with pytest.raises(FetchError) as caught:
            await client.fetch(server.url("/start"))
    assert caught.value.reason == "robots" and len(caught.value.hops) == 1


async def test_a_crawl_delay_is_kept_and_clamped(server: FaultServer) -> None:
    """1e9 seconds would be a no in other words; the clamp is ours to choose."""
    server.at("/robots.txt", reply(b"User-agent: *\nCrawl-delay: 1e9"))
    limits = Limits(delay=0, max_crawl_delay=0.3)
    async with fetcher(server, limits) as client:
        await asyncio.gather(*(client.fetch(server.url("/page")) for _ in range(3)))
    times = sorted(request.at for request in server.asked("/page"))
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


async def test_a_huge_robots_txt_is_read_up_to_the_cap(server: FaultServer) -> None:
    body = b"User-agent: *\nDisallow: /no\n" + b"# filler\n" * 200_000
    server.at("/robots.txt", reply(body))
    server.at("/no", reply(b"x"))
    async with fetcher(server) as client:
        assert (await client.fetch(server.url("/page"))).status == 200
        with pytest.raises(FetchError):
            await client.fetch(server.url("/no"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("X-Robots-Tag", "noindex, nofollow")], ["nofollow", "noindex"]),
        ([("x-robots-tag", "NONE")], ["nofollow", "noindex"]),
        ([("X-Robots-Tag", "otherbot: noindex"), ("X-Robots-Tag", "noarchive")], ["noarchive"]),
        ([("X-Robots-Tag", "dateline: noindex, noai")], ["noai", "noindex"]),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST")], ["unavailable_after"]),
        ([("TDM-Reservation", "1")], ["tdm-reservation"]),
        ([("TDM-Reservation", "0"), ("X-Robots-Tag", "all")], []),
        ([], []),
    ],
)
def test_what_headers_ask(lines: list[tuple[str, str]], expected: list[str]) -> None:
    assert page_directives(lines) == expected
