"""Fetching from strangers: whatever a server does, the fetch ends in time, with a page or a reason."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ssl
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import brotli
import httpcore
import httpx
import psutil
import pytest
import pytest_asyncio
import trustme
import zstandard
from faultserver import FaultServer, Request, moved, reply
from hypothesis import given
from hypothesis import strategies as st

from dateline.fetch import Fetcher, FetchError, Limits, from_httpx, kind, status_outcome
from dateline.fetch.decode import decoder
from dateline.fetch.errors import BadAnswer, Resting, TooLarge, Truncated, UrlDenied
from dateline.fetch.hosts import retry_after
from dateline.models import Link, Outcome, Page

QUICK = Limits(delay=0, backoff=0.01, deadline=2, retries=1, patience=2)
Writer = asyncio.StreamWriter


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as running:
        yield running


def fetcher(*servers: FaultServer, limits: Limits = QUICK, **more: object) -> Fetcher:
    ports = [each.port for each in servers]
    return Fetcher(allow_networks=["127.0.0.2/31"], ports=ports, limits=limits, **more)  # type: ignore[arg-type]


async def fetch(server: FaultServer, path: str = "/", limits: Limits = QUICK) -> Page:
    async with fetcher(server, limits=limits) as client:
        return await client.fetch(server.url(path))


async def failure(server: FaultServer, path: str = "/", limits: Limits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(server, path, limits)
    return caught.value


# what a page is


async def test_a_page_says_what_was_answered(server: FaultServer) -> None:
    server.at("/a", moved("/b#part", 301))
    server.at("/b", reply(b"<p>x</p>", headers={"Set-Cookie": "a=1", "set-cookie": "b=2", "ETag": '"e"'}))
    async with fetcher(server, contact="https://us.test/bot") as client:
        page = await client.fetch(server.url("/a"))
    assert (page.requested_url, page.final_url) == (server.url("/a"), server.url("/b"))
    assert [(hop.url, hop.status) for hop in page.hops] == [(server.url("/a"), 301)]
    assert (page.status, page.body, page.peer) == (200, b"<p>x</p>", "127.0.0.2")
    assert page.headers["etag"] == '"e"' and page.headers["set-cookie"] == "a=1, b=2"
    assert ("Set-Cookie", "a=1") in page.header_lines
    assert page.fetched_at.tzinfo is not None
    agent = server.asked("/b")[0].headers["user-agent"]
    assert agent.startswith("Dateline/") and "(+https://us.test/bot)" in agent


async def test_an_unchanged_page_costs_no_body(server: FaultServer) -> None:
    server.at("/", b'HTTP/1.1 304 Not Modified\r\nETag: "e"\r\n\r\n')
    async with fetcher(server) as client:
        page = await client.fetch(server.url(), etag='"e"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT")
    asked = server.asked("/")[0].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"e"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert page.status == 304 and status_outcome(page.status) == (Outcome.UNCHANGED, "http-304")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None),
        (203, None),
        (204, (Outcome.FAILED, "http-204")),
        (404, (Outcome.GONE, "http-404")),
        (410, (Outcome.GONE, "http-410")),
        (403, (Outcome.BLOCKED, "http-403")),
        (451, (Outcome.BLOCKED, "http-451")),
        (418, (Outcome.FAILED, "http-418")),
        (500, (Outcome.FAILED, "http-500")),
    ],
)
async def test_every_status_is_a_page(
    server: FaultServer, status: int, expected: tuple[Outcome, str] | None
) -> None:
    server.at("/", reply(b"" if status == 204 else b"x", status=status))
    assert (await fetch(server)).status == status
    assert status_outcome(status) == expected


# redirects


async def test_a_loop_of_redirects_is_noticed(server: FaultServer) -> None:
    server.at("/a", moved("/b"))
    server.at("/b", moved("/a"))
    error = await failure(server, "/a")
    assert error.reason == "redirect-loop" and len(server.requests) == 3  # robots.txt, a, b


async def test_an_endless_chain_ends(server: FaultServer) -> None:
    async def onward(request: Request, writer: Writer) -> None:
        writer.write(moved(request.path + "x") if request.path != "/robots.txt" else reply(status=404))
        await writer.drain()

    server.at("*", onward)
    error = await failure(server, "/a")
    assert error.reason == "redirects" and len(error.hops) == 11


async def test_a_redirect_that_sets_a_cookie_and_comes_back_is_followed(server: FaultServer) -> None:
    """Consent pages do so. The cookie lives for this chain and is gone for the next fetch."""

    async def consent(request: Request, writer: Writer) -> None:
        if "seen=1" in request.headers.get("cookie", ""):
            writer.write(reply(b"article"))
        else:
            writer.write(reply(status=302, headers={"Location": "/", "Set-Cookie": "seen=1"}))
        await writer.drain()

    server.at("/", consent)
    async with fetcher(server) as client:
        for _ in range(2):
            page = await client.fetch(server.url())
            assert page.body == b"article" and len(page.hops) == 1
    assert len(server.asked("/")) == 4


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("ftp://x/", "scheme"),
        ("http://u:p@127.0.0.2/", "userinfo"),
        ("http://[::1", "redirect"),
        ("/" + "a" * 3000, "url"),
    ],
)
async def test_a_redirect_to_nonsense_is_said(server: FaultServer, location: str, reason: str) -> None:
    server.at("/", moved(location))
    assert (await failure(server)).reason == reason


async def test_a_meta_refresh_is_not_followed(server: FaultServer) -> None:
    server.at(
        "/", reply(b'<meta http-equiv="refresh" content="0;url=/next">', headers={"Refresh": "0;url=/n"})
    )
    await fetch(server)
    assert {request.path for request in server.requests} == {"/", "/robots.txt"}


# time


def dripping(head: bytes, drop: bytes = b"x") -> Callable[[Request, Writer], object]:
    async def answer(request: Request, writer: Writer) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        dripping(b"HTTP/1.1 200 OK\r\nX-Long: "),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"", b""),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["header", "headers", "body", "chunks", "silence", "continue"],
)
async def test_a_dripped_answer_ends_at_the_deadline(server: FaultServer, answer: bytes) -> None:
    """httpx's own time-outs start again with each byte: a server could hold us for ever."""
    server.at("/", answer)
    began = time.monotonic()
    error = await failure(server, limits=Limits(delay=0, deadline=0.4, retries=0))
    assert (error.outcome, error.reason) == (Outcome.FAILED, "timeout")
    assert time.monotonic() - began < 20


async def test_retries_and_redirects_share_one_budget(server: FaultServer) -> None:
    server.at("/", dripping(b"HTTP/1.1 200 OK\r\nX: "))
    began = time.monotonic()
    await failure(server, limits=Limits(delay=0, deadline=0.3, budget=0.5, retries=50, backoff=0.001))
    assert time.monotonic() - began < 20


async def test_a_host_that_accepts_and_says_nothing_does_not_hold_the_others(server: FaultServer) -> None:
    server.at("/", dripping(b"", b""))
    async with FaultServer("127.0.0.3") as good:
        good.at("/", reply(b"fine"))
        seen: list[str] = []

        async def on_page(link: Link, result: Page | FetchError) -> None:
            seen.append("page" if isinstance(result, Page) else result.reason)

        links = [
            Link(link_id=str(n), url=s.url(), source="t") for n, s in enumerate([server] * 3 + [good] * 3)
        ]
        async with fetcher(server, good, limits=Limits(delay=0, deadline=1.5, retries=0)) as client:
            await client.fetch_many(links, on_page)
    assert seen == ["page"] * 3 + ["timeout"] * 3


# size


def bombs() -> dict[str, bytes]:
    """A gigabyte of nothing in each encoding, as one small piece said a thousand times."""
    zeros = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    head = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255))
    return {
        "gzip": head + piece * 1024,
        "deflate": b"\x78\x9c" + piece * 1024,
        "br": brotli.compress(bytes(1 << 28), quality=1),
        "zstd": zstandard.compress(zeros) * 1024,
    }


async def test_bombs_are_stopped_while_they_inflate(server: FaultServer) -> None:
    """1 GB in a few kilobytes must not become 1 GB of memory."""
    packed = bombs()
    for name, body in packed.items():
        server.at(f"/{name}", reply(body, headers={"Content-Encoding": name}))
    process = psutil.Process()
    before = highest = process.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not done.wait(0.005):
            highest = max(highest, process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        async with fetcher(server, limits=Limits(delay=0)) as client:
            for name in packed:
                with pytest.raises(TooLarge) as caught:
                    await client.fetch(server.url(f"/{name}"))
                assert (caught.value.outcome, caught.value.reason) == (Outcome.FAILED, "too-large")
    finally:
        done.set()
        thread.join()
    assert highest - before < 100_000_000, f"{(highest - before) / 1e6:.0f} MB"


async def test_a_body_without_end_is_cut(server: FaultServer) -> None:
    async def endless(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(100_000))
            await writer.drain()

    server.at("/", endless)
    assert (await failure(server, limits=Limits(delay=0, max_bytes=1_000_000))).reason == "too-large"


async def test_headers_without_end_are_cut(server: FaultServer) -> None:
    server.at("/many", reply(b"x", headers={f"X-{number}": "y" * 900 for number in range(90)}))
    server.at("/one", reply(b"x", headers={"X": "y" * 300_000}))
    assert (await failure(server, "/many")).reason == "headers"
    assert (await failure(server, "/one")).reason == "bad-answer"


@pytest.mark.parametrize("name", ["gzip, gzip", "gzip, br", "br,deflate"])
async def test_stacked_encodings_are_refused(server: FaultServer, name: str) -> None:
    server.at("/", reply(gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": name}))
    assert (await failure(server)).reason == "encoding"


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda plain: plain,
    "identity": lambda plain: plain,
    "utf-8": lambda plain: plain,
    "gzip": gzip.compress,
    "GZIP": gzip.compress,
    "x-gzip": lambda plain: gzip.compress(plain[:5]) + gzip.compress(plain[5:]) + bytes(8),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def bare_deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(plain) + packer.flush()


@given(st.sampled_from(list(ENCODERS)), st.binary(max_size=3000), st.integers(1, 50), st.integers(0, 9))
def test_whatever_was_packed_is_unpacked(name: str, plain: bytes, times: int, step: int) -> None:
    """Whole, however the network cuts it, and never over the cap."""
    body = plain * times
    packed = ENCODERS[name](body)
    size = 1 + step * 300
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    whole = decoder(name, len(body))
    for piece in pieces:
        whole.feed(piece)
    assert whole.finish() == body
    if body:
        small = decoder(name, len(body) - 1)
        with pytest.raises(TooLarge):
            for piece in pieces:
                small.feed(piece)


def test_deflate_without_its_wrapper_is_unpacked() -> None:
    bare = decoder("deflate", 10_000)
    bare.feed(bare_deflate(b"text" * 99))
    assert bare.finish() == b"text" * 99


def test_several_zstd_frames_are_one_body() -> None:
    frames = decoder("zstd", 10_000)
    frames.feed(zstandard.compress(b"one") + zstandard.compress(b"two"))
    assert frames.finish() == b"onetwo"


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(max_size=200))
def test_no_bytes_break_a_decoder(name: str, junk: bytes) -> None:
    for body in (junk, ENCODERS[name](b"some text" * 20)[: len(junk) or 1] + junk):
        try:
            some = decoder(name, 100_000)
            some.feed(body)
            some.finish()
        except (BadAnswer, TooLarge, Truncated):
            pass


async def test_gzip_in_name_only_is_read_as_it_is(server: FaultServer) -> None:
    server.at("/", reply(b"<p>plain</p>", headers={"Content-Encoding": "gzip"}))
    assert (await fetch(server)).body == b"<p>plain</p>"


# broken answers


async def test_a_truncated_body_is_noticed(server: FaultServer) -> None:
    """Half an article must not be kept for the whole one."""

    async def half(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")
        await writer.drain()

    async def no_last_chunk(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        await writer.drain()

    packed = gzip.compress(b"a long text " * 500)
    server.at("/length", half)
    server.at("/chunks", no_last_chunk)
    server.at("/gzip", reply(packed[:-20], headers={"Content-Encoding": "gzip"}))
    for path in ("/length", "/chunks", "/gzip"):
        error = await failure(server, path)
        assert (error.outcome, error.reason) == (Outcome.FAILED, "truncated"), path
        assert len(server.asked(path)) == 2  # it was tried again


async def test_a_broken_connection_is_tried_again(server: FaultServer) -> None:
    async def reset(request: Request, writer: Writer) -> None:
        writer.transport.abort()

    server.at("/", reset, reply(b"fine"))
    assert (await fetch(server)).body == b"fine"
    server.at("/", reset)
    assert (await failure(server)).reason == "reset"


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x00" * 100 + b"\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_said(server: FaultServer, answer: bytes) -> None:
    server.at("/", answer)
    assert (await failure(server)).reason == "bad-answer"


async def test_a_wrong_certificate_is_refused() -> None:
    """Self-signed, for another host, expired: each is one clear reason, and nothing is read."""
    trusted, stranger = trustme.CA(), trustme.CA()
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    ours = ssl.create_default_context()
    trusted.configure_trust(ours)
    certificates = {
        "good": trusted.issue_cert("127.0.0.2"),
        "unknown": stranger.issue_cert("127.0.0.2"),
        "other host": trusted.issue_cert("other.test"),
        "expired": trusted.issue_cert("127.0.0.2", not_after=yesterday),
    }
    for name, certificate in certificates.items():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        async with FaultServer(tls=context) as server:
            server.at("/", reply(b"secret"))
            async with fetcher(server, verify=ours) as client:
                if name == "good":
                    assert (await client.fetch(server.url())).body == b"secret"
                    continue
                with pytest.raises(FetchError) as caught:
                    await client.fetch(server.url())
                assert (caught.value.outcome, caught.value.reason) == (Outcome.FAILED, "tls"), name
                assert not server.requests


# politeness


async def test_retry_after_is_obeyed(server: FaultServer) -> None:
    server.at("/", reply(status=429, headers={"Retry-After": "1"}), reply(b"fine"))
    assert (await fetch(server)).body == b"fine"
    first, second = server.asked("/")
    assert second.at - first.at >= 0.99


async def test_a_date_in_retry_after_is_obeyed(server: FaultServer) -> None:
    later = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), usegmt=True)
    server.at("/", reply(status=503, headers={"Retry-After": later}), reply(b"fine"))
    assert (await fetch(server)).body == b"fine"
    first, second = server.asked("/")
    assert second.at - first.at >= 0.9


async def test_a_long_rest_is_kept_without_waiting_for_it(server: FaultServer) -> None:
    """The host is not asked again by this fetcher nor by the next; other hosts go on."""
    server.at("/", reply(status=429, headers={"Retry-After": "3600"}))
    async with FaultServer("127.0.0.3") as other:
        other.at("/", reply(b"fine"))
        async with fetcher(server, other) as client:
            assert (await client.fetch(server.url())).status == 429
            with pytest.raises(Resting) as caught:
                await client.fetch(server.url("/next"))
            assert (caught.value.outcome, caught.value.reason) == (Outcome.FAILED, "resting")
            assert (await client.fetch(other.url())).body == b"fine"
            resting = client.resting()
        assert list(resting) == ["127.0.0.2"]
        async with fetcher(server, other, resting=resting) as next_process:
            with pytest.raises(Resting):
                await next_process.fetch(server.url())
    assert len(server.asked("/")) == 1 and not server.asked("/next")


async def test_a_host_that_is_down_is_soon_left_alone() -> None:
    """A digest with a thousand links to a dead host must not take hours."""
    async with FaultServer() as server:
        port = server.port
        server.at("/robots.txt", reply(status=404))

        async def reset(request: Request, writer: Writer) -> None:
            writer.transport.abort()

        server.at("*", reset)
        links = [Link(link_id=str(n), url=f"http://127.0.0.2:{port}/{n}", source="t") for n in range(30)]
        reasons: list[str] = []

        async def on_page(link: Link, result: Page | FetchError) -> None:
            assert isinstance(result, FetchError)
            reasons.append(result.reason)

        async with fetcher(server) as client:
            await client.fetch_many(links, on_page)
        assert len(reasons) == 30 and reasons.count("resting") >= 25
        assert len(server.requests) <= 1 + 2 * 5


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("0", 0, 0),
        ("120", 120, 120),
        (" 7 ", 7, 7),
        ("999999999999999999999", 86400, 86400),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400, 86400),
    ],
)
def test_retry_after_values(value: str, low: float, high: float) -> None:
    seconds = retry_after(value)
    assert seconds is not None and low <= seconds <= high


@given(st.text(max_size=40))
def test_any_retry_after_is_a_sane_pause_or_none(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or 0 <= seconds <= 86400


async def test_one_host_is_asked_slowly_and_many_at_once(server: FaultServer) -> None:
    """The delay holds between two requests to one host, robots.txt included, and not between hosts."""
    async with FaultServer("127.0.0.3") as other:
        for each in (server, other):
            each.at("*", reply(b"x"))
        links = [
            Link(link_id=f"{s.host}{n}", url=s.url(f"/{n}"), source="t")
            for s in (server, other)
            for n in range(4)
        ]

        async def on_page(link: Link, result: Page | FetchError) -> None:
            assert isinstance(result, Page)

        async with fetcher(server, other, limits=Limits(delay=0.2, lanes=2)) as client:
            await client.fetch_many(links, on_page)
        for each in (server, other):
            times = [request.at for request in each.requests]
            assert len(times) == 5
            assert all(b - a >= 0.2 for a, b in pairwise(times))
        assert max(each.requests[0].at for each in (server, other)) < min(
            each.requests[-1].at for each in (server, other)
        )


async def test_a_source_may_want_several_requests_at_once(server: FaultServer) -> None:
    """`concurrency` holds: so many at once and no more; the host's own wish for a delay ends it."""
    at_once = most = 0
    full = asyncio.Event()

    async def slow(request: Request, writer: Writer) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == 3:
            full.set()  # an answer comes only once three wait for one
        await full.wait()
        await asyncio.sleep(0.05)
        at_once -= 1
        writer.write(reply(b"x", headers={"Connection": "close"}))

    server.at("*", slow)
    server.at("/robots.txt", reply(status=404))
    links = [Link(link_id=str(n), url=server.url(f"/{n}"), source="t") for n in range(9)]

    async def on_page(link: Link, result: Page | FetchError) -> None:
        assert isinstance(result, Page)

    async with fetcher(server, limits=Limits(delay=0.01)) as client:
        client.hosts.choose(server.host, None, 5)
        client.hosts.choose(server.host, 0.02, 3)  # of two sources the more careful holds
        await client.fetch_many(links, on_page)
    assert most == 3
    server.at("/robots.txt", reply(b"User-agent: *\nCrawl-delay: 0.03", content_type="text/plain"))
    most = 0
    async with fetcher(server, limits=Limits(delay=0.01)) as client:
        client.hosts.choose(server.host, None, 3)
        await client.fetch_many(links[:4], on_page)
    assert most == 1


async def test_many_links_each_have_one_answer(server: FaultServer) -> None:
    """Each link with a URL is answered once, in its host's order; a slow taker slows the fetching."""
    server.at("*", reply(b"x"))
    links = [Link(link_id=str(n), url=server.url(f"/{n}"), source="t") for n in range(20)]
    links += [Link(link_id="none", url=None, source="t"), Link(link_id="bad", url="nonsense", source="t")]
    seen: list[str] = []
    ahead = 0

    async def on_page(link: Link, result: Page | FetchError) -> None:
        nonlocal ahead
        await asyncio.sleep(0.01)
        seen.append(link.link_id)
        ahead = max(ahead, len(server.requests) - len(seen))
        assert isinstance(result, Page if link.link_id != "bad" else UrlDenied)

    async with fetcher(server, limits=Limits(delay=0, lanes=1)) as client:
        await client.fetch_many(links, on_page)
    assert sorted(seen) == sorted([str(n) for n in range(20)] + ["bad"])
    assert [word for word in seen if word != "bad"] == [str(n) for n in range(20)]
    assert ahead <= 3


async def test_what_the_taker_raises_ends_the_call(server: FaultServer) -> None:
    server.at("*", reply(b"x"))

    async def on_page(link: Link, result: Page | FetchError) -> None:
        raise RuntimeError("the archive is full")

    async with fetcher(server) as client:
        with pytest.raises(ExceptionGroup) as caught:
            await client.fetch_many([Link(link_id="1", url=server.url(), source="t")], on_page)
    assert "the archive is full" in repr(caught.value.exceptions)


async def test_fifty_pages_over_one_connection(server: FaultServer) -> None:
    server.at("*", reply(b"x"))
    async with fetcher(server, limits=Limits(delay=0, lanes=1)) as client:
        for number in range(50):
            await client.fetch(server.url(f"/{number}"))
    assert server.connections == 1


# what a body is


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        (b"%PDF-1.7\n...", "text/html", "pdf"),
        (b"\n\n  %PDF-1.4", "text/html; charset=utf-8", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "image"),
        (b"\xff\xd8\xff\xe0", "", "image"),
        (b"PK\x03\x04", "text/html", "archive"),
        (b"\x1f\x8b\x08", "text/html", "archive"),
        (b"<!doctype html><p>x", "text/plain", "html"),
        (b"<p>fragment</p>", "text/html", "html"),
        (b"\xef\xbb\xbf\n<html>", "", "html"),
        ("<html>".encode("utf-16"), "text/html", "html"),
        (b"<?xml version='1.0'?><rss version='2.0'>", "text/html", "feed"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", "text/xml", "feed"),
        (b"<urlset>", "text/xml", "sitemap"),
        (b"<?xml version='1.0'?><data/>", "", "xml"),
        (b'{"a": 1}', "application/json", "json"),
        (b"just words", "text/plain", "text"),
        (b"just words", "", "text"),
        (b"words in html", "text/html", "html"),
        (b"\x01\x02\x00\x03", "application/octet-stream", "binary"),
        (b"", "text/html", "empty"),
        (b" \n ", "text/html", "empty"),
    ],
)
def test_a_body_is_known_by_its_bytes(body: bytes, declared: str, expected: str) -> None:
    """A PDF called text/html must not reach the HTML parser as garbage."""
    page = Page(
        requested_url="u", final_url="u", status=200, headers={"content-type": declared}, body=body,
        fetched_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    assert kind(page) == expected


# errors


def _family(*roots: type[BaseException]) -> list[type[Exception]]:
    found: list[type[Exception]] = []
    for root in roots:
        if issubclass(root, Exception):
            found.append(root)
        found += _family(*root.__subclasses__())
    return list(dict.fromkeys(found))


VENDOR = [
    error
    for error in _family(
        httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict,
        *(each for each in vars(httpcore).values() if isinstance(each, type) and issubclass(each, Exception)),
    )
    if error.__module__.split(".")[0] in ("httpx", "httpcore")
]  # fmt: skip


@pytest.mark.parametrize("error", VENDOR, ids=lambda error: f"{error.__module__}.{error.__qualname__}")
def test_every_error_of_the_libraries_has_its_place(error: type[Exception]) -> None:
    """A new version's new error would else end a run, or be called by a name that says nothing."""
    from dateline.fetch.errors import _MAPPED

    made = error.__new__(error)
    Exception.__init__(made, "what happened")
    mapped = from_httpx(made)
    assert type(mapped) is not FetchError and mapped.reason and mapped.outcome in Outcome
    assert any(kind in _MAPPED for kind in error.__mro__), error


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    import re

    from dateline.fetch import errors

    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    real = [each.__name__ for each in _family(FetchError) if each is not FetchError]
    assert sorted(drawn) == sorted(real)
    for each in _family(FetchError):
        assert each.__doc__


def test_messages_are_one_short_line() -> None:
    error = from_httpx(httpx.RemoteProtocolError("\x1b[31mred\r\nX: y" + "z" * 1000))
    assert "\x1b" not in str(error) and "\n" not in str(error) and len(str(error)) <= 300


async def test_http_2_is_spoken(tmp_path: Path) -> None:
    """One connection for many pages of one publisher, where the publisher can."""
    pytest.importorskip("h2")
    from h2serve import Http2Server

    authority = trustme.CA()
    ours, theirs = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(ours)
    authority.issue_cert("127.0.0.2").configure_cert(theirs)
    async with (
        Http2Server(theirs) as server,
        Fetcher(allow_networks=["127.0.0.2/32"], ports=[server.port], limits=QUICK, verify=ours) as client,
    ):
        pages = await asyncio.gather(
            *(client.fetch(f"https://127.0.0.2:{server.port}/{n}") for n in range(5))
        )
    assert [page.body for page in pages] == [f"page /{n}".encode() for n in range(5)]
    assert server.connections == 1
