"""Which hosts may be asked: the check stands where the connection is made.

`GuardedBackend` is httpcore's network backend, so nothing that the client does (a redirect, a
robots.txt, a feed, a retry, a refilled pool) goes past it: the name is resolved once, every
address judged, and the socket opened to an address that was judged. A name that answers
differently the second time gains nothing, and no packet reaches a denied host.

Why ours: what PyPI has was read and run against the addresses of tests/test_guard.py.
`ipaddress.is_global` (3.12) lets in 27 of those 61 (multicast, 6to4, NAT64, fec0::/10, ::127.0.0.1);
httpx-secure 2.0 rests on it, and opens a TCP connection to the denied host to find its address;
egressweave adds the stdlib's other flags and allows by host name; safehttpx resolves through one
company's DNS; drawbridge 0.1 wraps the client, not the connection. ssrfguard 0.4 is sound, but
unwraps translated addresses (NAT64, 6to4) and lets public ones through, where we want none, and is
5,500 lines in place of these.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from dateline.fetch.errors import AddressDenied, NoSuchHost, Unreachable, UrlDenied, from_dns
from dateline.fetch.pools import Pools

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Awaitable[list[str]]]

MAX_URL = 2_000  # characters; the sitemap protocol allows 2,048, and ten hops must fit a WARC header
_MOST_ADDRESSES = 4  # tried in turn, within the caller's deadline

# IANA's special-purpose registries and RFC 6890 with its heirs. All of IPv4 that is not here is
# public unicast; of IPv6 only 2000::/3 can be, less what is listed.
DENIED_V4 = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; clouds answer 169.254.169.254 with credentials
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")  # IPv4-mapped, NAT64, ULA, fe80, fec0, multicast are all outside
DENIED_V6 = tuple(
    ip_network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID, drones
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, returned
        "3fff::/20",  # documentation
    )
)


@lru_cache(maxsize=8)
def networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks of an allow-list in CIDR notation.

    Raises:
        ValueError: one of them is no network, or is so wide that it allows all (prefix under 8).
    """
    found = []
    for text in texts:
        network = ip_network(text)
        if network.prefixlen < 8:
            raise ValueError(f"{text} in the allow-list is wider than a /8: name the networks you need")
        found.append(network)
    return tuple(found)


def is_public(address: Address) -> bool:
    """Whether an address is plain public unicast, by the explicit list above."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in DENIED_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in DENIED_V6)


_lookups = ThreadPoolExecutor(32, thread_name_prefix="dns")  # slow names must not hold asyncio's few threads


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order (`/etc/hosts`, search domains and all).

    Raises:
        socket.gaierror: there is no such name, or no answer.
    """
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _lookups, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """The judge of URLs and addresses.

    `allow` are networks in CIDR notation that may be asked although they are not public; `ports`
    may be used besides 80 and 443. There is no switch that allows everything.
    """

    def __init__(
        self, allow: Iterable[str] = (), ports: Iterable[int] = (), resolver: Resolver = resolve
    ) -> None:
        self._allow = networks(tuple(allow))
        self._ports = {80, 443, *ports}
        self._resolve = resolver

    def check_url(self, url: str) -> httpx.URL:
        """The URL in the form that is asked for, without its fragment.

        Raises:
            UrlDenied: too long, not http or https, a port or userinfo that we do not speak, no host.
        """
        if len(url) > MAX_URL:
            raise UrlDenied(f"URL of {len(url)} characters", "url")
        try:
            parsed = httpx.URL(url.strip())
            host = parsed.host
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise UrlDenied(f"not a URL: {error}", "url") from error
        if parsed.scheme not in ("http", "https"):
            raise UrlDenied(f"scheme {parsed.scheme or 'missing'!r}", "scheme")
        if not host or len(host) > 253 or len(str(parsed)) > 3 * MAX_URL:
            raise UrlDenied("no host, or one that is too long", "url")
        if parsed.userinfo:
            raise UrlDenied("a user name in the URL", "userinfo")
        if self.port(parsed) not in self._ports:
            raise UrlDenied(f"port {self.port(parsed)}", "port")
        return parsed.copy_with(fragment=None)

    @staticmethod
    def port(url: httpx.URL) -> int:
        """The port that the URL leads to."""
        return url.port or (443 if url.scheme == "https" else 80)

    def permits(self, address: str) -> bool:
        """Whether a connection to this address may be opened."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return is_public(parsed) or any(
            parsed in network for network in self._allow if network.version == parsed.version
        )

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to, resolved once, however it is spelled.

        Raises:
            AddressDenied: it has addresses, and none of them may.
            NoSuchHost, Unreachable: it has none.
        """
        try:
            # A name's root dot is dropped, a literal is resolved like a name: what the system makes
            # of "0x7f.1", "2130706433" or "127.1" is what is judged.
            found = await self._resolve(host.strip("[]").rstrip("."), port)
        except socket.gaierror as error:
            raise from_dns(error) from error
        except (UnicodeError, ValueError) as error:
            raise NoSuchHost(f"not a host name: {host[:80]!r}") from error
        permitted = [address for address in found if self.permits(address)]
        if found and not permitted:
            raise AddressDenied(f"{host} is {', '.join(found[:3])}, which is not public")
        if not permitted:
            raise NoSuchHost(f"{host} has no address")
        return permitted[:_MOST_ADDRESSES]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to judged addresses only; the rest is httpcore's own backend."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the host's permitted addresses; by number, so nothing resolves again."""
        failure: Exception = Unreachable(f"{host} did not answer", "refused")
        for address in await self._guard.addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never: a URL from a stranger names no socket of this machine."""
        raise AddressDenied(f"unix socket {path}")

    async def sleep(self, seconds: float) -> None:
        """As httpcore's own."""
        await self._inner.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool that connects through the guard.

    `_pool` is httpx's private name (it takes no backend): the version is pinned, and
    tests/test_guard.py sees no connection at a denied host.
    """

    def __init__(self, guard: Guard, *, connections: int, verify: Any) -> None:
        super().__init__(verify=verify, http2=True, trust_env=False)
        backend = GuardedBackend(guard)

        def pool(idle: float) -> httpcore.AsyncConnectionPool:
            return httpcore.AsyncConnectionPool(
                ssl_context=verify,
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=idle,
                http1=True,
                http2=True,
                network_backend=backend,
            )

        self._pool = Pools(pool, most=connections)  # type: ignore[assignment]
