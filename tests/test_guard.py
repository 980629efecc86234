"""The guard: no URL, name or redirect of a stranger reaches a host that is not public. Loopback only:
127.0.0.2 is allowed here, and a server on 127.0.0.1 counts who comes although nobody may.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from faultserver import FaultServer, moved, reply
from hypothesis import example, given
from hypothesis import strategies as st

from dateline.fetch import Fetcher, FetchError, Guard, Limits, is_public
from dateline.fetch.errors import AddressDenied, UrlDenied
from dateline.models import Outcome

QUICK = Limits(delay=0, backoff=0.01, deadline=5)
DENIED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.9 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1
192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 233.252.0.1 239.1.1.1 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1
64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:30::1
2001:db8::1 2002:7f00:1:: 2002:808:808:: 2620:4f:8000::1 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 4000::1 e000::1
""".split()
PUBLIC = (
    "8.8.8.8 1.1.1.1 100.128.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.255 2606:4700::1 2a00::1".split()
)


@pytest_asyncio.fixture
async def allowed() -> AsyncIterator[FaultServer]:
    async with FaultServer("127.0.0.2") as server:
        yield server


@pytest_asyncio.fixture
async def forbidden(allowed: FaultServer) -> AsyncIterator[FaultServer]:
    """A server at a denied address, on the allowed server's port: only the address tells them apart."""
    async with FaultServer("127.0.0.1", fixed_port=allowed.port) as server:
        server.at("*", reply(b"secret"))
        yield server


def fetcher(server: FaultServer, **more: object) -> Fetcher:
    given: dict[str, object] = {"allow_networks": ["127.0.0.2/32"], "ports": [server.port], "limits": QUICK}
    return Fetcher(**(given | more))  # type: ignore[arg-type]


async def failure(client: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.fetch(url)
    return caught.value


@pytest.mark.parametrize("address", DENIED)
def test_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Guard().permits(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert Guard().permits(address)


@given(st.ip_addresses())
@example(ipaddress.ip_address("192.88.99.2"))
def test_whatever_passes_is_global_for_the_standard_library_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Our list is narrower than every other opinion that is at hand."""
    if is_public(address):
        assert address.is_global and not address.is_multicast and not address.is_reserved


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "localhost.", "LOCALHOST", "127.1", "127.0.1", "0x7f.1", "0x7f000001",
        "2130706433", "017700000001", "0177.0.0.1", "127.0.0.1.", "127。0。0。1", "①②⑦.⓪.⓪.①",
        "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]",
        "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1%25lo]", "%31%32%37.0.0.1", "127.0.0.1%00.site.test",
    ],
)  # fmt: skip
async def test_however_a_host_is_spelled(forbidden: FaultServer, host: str) -> None:
    """Not one TCP connection is opened to the denied host."""
    async with fetcher(forbidden) as client:
        error = await failure(client, f"http://{host}:{forbidden.port}/")
    assert error.reason in ("address", "url", "no-such-host", "dns"), error
    assert forbidden.connections == 0


async def test_a_rebinding_name_gains_nothing(allowed: FaultServer, forbidden: FaultServer) -> None:
    """The connection goes to the address that was judged; the next one is judged anew."""
    allowed.at("/", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine")
    asked = 0

    async def changing(host: str, port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return ["127.0.0.2"] if asked <= 2 else ["127.0.0.1"]  # one for robots.txt, one for the page

    async with fetcher(allowed, resolver=changing) as client:
        allowed.at("/robots.txt", b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        page = await client.fetch(f"http://rebinding.test:{allowed.port}/")
        assert (page.body, page.peer, asked) == (b"fine", "127.0.0.2", 2)
        error = await failure(client, f"http://rebinding.test:{allowed.port}/")
    assert isinstance(error, AddressDenied) and error.outcome is Outcome.BLOCKED
    assert forbidden.connections == 0


async def test_of_mixed_addresses_only_the_permitted_are_tried(
    allowed: FaultServer, forbidden: FaultServer
) -> None:
    allowed.at("/", reply(b"fine"))

    async def mixed(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "::1", "10.0.0.1", "127.0.0.2"]

    async with fetcher(allowed, resolver=mixed) as client:
        assert (await client.fetch(f"http://mixed.test:{allowed.port}/")).body == b"fine"
    assert forbidden.connections == 0


@pytest.mark.parametrize(
    "target", ["169.254.169.254/latest/meta-data/", "127.0.0.1:{port}/", "[::1]:{port}/"]
)
async def test_a_redirect_is_judged_as_a_link_is(
    allowed: FaultServer, forbidden: FaultServer, target: str
) -> None:
    allowed.at("/", moved("http://" + target.format(port=allowed.port)))
    async with fetcher(allowed) as client:
        error = await failure(client, allowed.url())
    assert (error.outcome, error.reason) == (Outcome.BLOCKED, "address")
    assert [(hop.url, hop.status) for hop in error.hops] == [(allowed.url(), 302)]
    assert forbidden.connections == 0


async def test_robots_txt_is_judged_too(allowed: FaultServer, forbidden: FaultServer) -> None:
    """A robots.txt that is redirected to a private address could not be had: that means no."""
    allowed.at("/robots.txt", moved(forbidden.url("/robots.txt")))
    allowed.at("/", reply(b"fine"))
    async with fetcher(allowed) as client:
        error = await failure(client, allowed.url())
    assert (error.outcome, error.reason) == (Outcome.BLOCKED, "robots-unreachable")
    assert forbidden.connections == 0 and not allowed.asked("/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://site.test/", "scheme"),
        ("gopher://site.test/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//site.test/", "scheme"),
        ("site.test/page", "scheme"),
        ("", "scheme"),
        ("http://site.test:22/", "port"),
        ("https://site.test:6379/", "port"),
        ("http://user:secret@site.test/", "userinfo"),
        ("http://user@site.test/", "userinfo"),
        ("http:///path", "url"),
        ("http://", "url"),
        ("http://site.test:99999/", "port"),
        ("http://[::1/", "url"),
        ("http://site.test/" + "a" * 2000, "url"),
        ("http://" + "a" * 300 + ".test/", "url"),
        ("http://site.test/\r\nHost: other", "url"),
    ],
)
def test_urls_that_we_do_not_speak(url: str, reason: str) -> None:
    with pytest.raises(UrlDenied) as caught:
        Guard().check_url(url)
    assert caught.value.reason == reason and "secret" not in str(caught.value)


@given(st.text(max_size=80) | st.text("http://:@[]%./?#0x7f&1é。\\ ", max_size=60).map("http://".__add__))
def test_any_text_is_a_url_or_is_denied(text: str) -> None:
    try:
        url = Guard().check_url(text)
    except UrlDenied:
        return
    assert url.scheme in ("http", "https") and url.host and not url.userinfo


async def test_a_proxy_in_the_environment_is_not_used(
    allowed: FaultServer, forbidden: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would connect for us, past the guard."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, forbidden.url())
    allowed.at("/", reply(b"fine"))
    async with fetcher(allowed) as client:
        assert (await client.fetch(allowed.url())).body == b"fine"
    assert forbidden.connections == 0


async def test_a_connection_is_not_shared_between_hosts(allowed: FaultServer, forbidden: FaultServer) -> None:
    """Two names of one address: each is resolved and judged by itself."""
    allowed.at("/", reply(b"fine"))
    asked: list[str] = []

    async def two(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2" if host == "good.test" else "127.0.0.1"]

    async with fetcher(allowed, resolver=two) as client:
        assert (await client.fetch(f"http://good.test:{allowed.port}/")).status == 200
        assert (await failure(client, f"http://bad.test:{allowed.port}/")).reason == "address"
    assert set(asked) == {"good.test", "bad.test"} and forbidden.connections == 0


def test_no_switch_allows_everything() -> None:
    for network in ("0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"):
        with pytest.raises(ValueError, match="wider"):
            Guard(allow=[network])
    with pytest.raises(ValueError, match="nonsense"):
        Guard(allow=["nonsense"])
    assert Guard(allow=["10.1.0.0/16"]).permits("10.1.2.3")
    assert not Guard(allow=["10.1.0.0/16"]).permits("10.2.0.1")


async def test_a_unix_socket_is_never_opened() -> None:
    from dateline.fetch.guard import GuardedBackend

    with pytest.raises(AddressDenied):
        await GuardedBackend(Guard()).connect_unix_socket("/run/docker.sock")


async def test_a_slow_dns_server_ends_at_the_deadline() -> None:
    async def never(host: str, port: int) -> list[str]:
        import asyncio

        await asyncio.sleep(60)
        return []

    async with Fetcher(resolver=never, limits=Limits(delay=0, deadline=0.2, retries=0)) as client:
        assert (await failure(client, "http://slow.test/")).reason in ("timeout", "robots-unreachable")


async def test_dns_that_fails_is_told_from_a_name_that_is_not_there() -> None:
    """The first is tried again, the second is not."""

    async def broken(host: str, port: int) -> list[str]:
        number = socket.EAI_AGAIN if host == "again.test" else socket.EAI_NONAME
        raise socket.gaierror(number, "no")

    async with Fetcher(resolver=broken, limits=QUICK) as client:
        assert (await failure(client, "http://again.test/")).reason == "dns"
        assert (await failure(client, "http://never.test/")).reason == "no-such-host"
