"""Links that lead where nobody should be led. No packet may reach a denied host: traps listen there."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from tests.faultserver import moved, reply
from torture.case import CASES, check
from torture.world import GOOD, HOSTILE, World, page

# host as written in the link; {port} is the port on which the traps listen
SPELLINGS = """127.0.0.1 [::1] localhost 2130706433 0x7f000001 0x7f.1 0177.0.0.1 127.1 127.0.1 0 0.0.0.0
127.0.0.1. localhost. [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
[2002:7f00:1::] [2001:0:7f00:1::] [fec0::1] [fe80::1] [fc00::1] [ff02::1] [::] [0:0:0:0:0:0:0:1] [100::1]
①②⑦.⓪.⓪.① 127。0。0。1 ⓛocalhost 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1 169.254.169.254 [fd00:ec2::254]
224.0.0.1 255.255.255.255 240.0.0.1 198.18.0.1 192.0.2.1 inside.test mapped.test both.test""".split()


def _spellings(world: World) -> list[str]:
    rows, beside = world.ingest(*(f"http://{host}:{world.port}/{n}" for n, host in enumerate(SPELLINGS)))
    seen = {row.reason.partition(":")[0] for row in rows}
    wrong = [
        f"{host} {row}"
        for host, row in zip(SPELLINGS, rows, strict=True)
        if row.outcome not in ("blocked", "failed")
    ]
    check(not wrong, f"let in: {wrong[:3]}")
    check("address" in seen, f"none was blocked for its address: {seen}")
    blocked = sum(row.reason.startswith("address") for row in rows)
    return [
        f"{len(rows)} spellings of addresses that are not public: {blocked} blocked: address, "
        f"{len(rows) - blocked} no such host or no URL",
        f"connections at the traps on 127.0.0.1 and ::1: {sum(trap.caught for trap in world.traps)}",
        beside,
    ]


CASES.add("address/spellings", f"links to {', '.join(SPELLINGS[:9])} … {len(SPELLINGS)} in all", _spellings)


def _one(url: str, outcome: str, reason: str, world: World) -> list[str]:
    (row,), beside = world.ingest(url.format(port=world.port, hostile=HOSTILE))
    check(
        (row.outcome, row.reason.partition(":")[0]) == (outcome, reason),
        f"{outcome}: {reason} expected, seen {row}",
    )
    return [str(row), beside]


for name, url, reason in (
    ("scheme/file", "file:///etc/passwd", "scheme"),
    ("scheme/ftp", "ftp://{hostile}/x", "scheme"),
    ("scheme/gopher", "gopher://{hostile}:70/_x", "scheme"),
    ("scheme/data", "data:text/html,<p>x", "scheme"),
    ("port/22", "http://{hostile}:22/", "port"),
    ("port/6379", "https://{hostile}:6379/", "port"),
    ("userinfo", "http://user:secret@{hostile}:{port}/", "userinfo"),
    ("userinfo/host-like", "http://example.com@127.0.0.1:{port}/", "userinfo"),
    ("url/broken", "http://[::1/x", "url"),
    ("url/too-long", "http://{hostile}:{port}/" + "x" * 5000, "url"),
):
    CASES.add(name, url[:60], partial(_one, url, "blocked", reason))


def _redirected(to: str, outcome: str, reason: str, world: World) -> list[str]:
    target = to.format(port=world.port, hostile=HOSTILE)
    (row,), beside = world.ingest(world.at(moved(target)))
    check(
        (row.outcome, row.reason.partition(":")[0]) == (outcome, reason),
        f"{outcome}: {reason} expected, seen {row}",
    )
    return [str(row), beside]


for name, to, outcome, reason in (
    ("redirect/metadata", "http://169.254.169.254:{port}/latest/meta-data/", "blocked", "address"),
    ("redirect/loopback", "http://127.0.0.1:{port}/admin", "blocked", "address"),
    ("redirect/loopback6", "http://[::1]:{port}/admin", "blocked", "address"),
    ("redirect/name", "http://inside.test:{port}/", "blocked", "address"),
    ("redirect/protocol-relative", "//127.0.0.1:{port}/", "blocked", "address"),
    ("redirect/file", "file:///etc/passwd", "blocked", "scheme"),
    ("redirect/port", "http://{hostile}:22/", "blocked", "port"),
    ("redirect/userinfo", "http://a:b@{hostile}:{port}/", "blocked", "userinfo"),
    ("redirect/nonsense", "http:// /", "failed", "no-such-host"),
):  # fmt: skip
    CASES.add(name, f"302 to {to}", partial(_redirected, to, outcome, reason))


@CASES.case("redirect/loop", "a page that redirects to itself, and two that redirect to each other")
def _loop(world: World) -> list[str]:
    path, one, two = world.path(), world.path(), world.path()
    world.server.at(path, moved(path))
    world.server.at(one, moved(two))
    world.server.at(two, moved(one))
    rows, beside = world.ingest(world.server.url(path), world.server.url(one))
    check(all(row.reason.startswith("redirect-loop") for row in rows), str(rows))
    return [*map(str, rows), beside]


@CASES.case("redirect/eleven", "eleven redirects in a row")
def _eleven(world: World) -> list[str]:
    paths = [world.path() for _ in range(12)]
    for here, there in pairwise(paths):
        world.server.at(here, moved(there))
    world.server.at(paths[-1], reply(page("The end")))
    (row,), beside = world.ingest(world.server.url(paths[0]))
    check(row.reason.startswith("redirects"), str(row))
    return [str(row), beside]


@CASES.case("address/rebinding", "a name that is allowed when first asked and 127.0.0.1 ever after")
def _rebinding(world: World) -> list[str]:
    world.server.at("/robots.txt", reply(status=404))
    one, two = world.path(), world.path()
    world.server.at(one, reply(page("Rebound one")))
    world.server.at(two, reply(page("Rebound two")))
    world._asked.pop("rebind.test", None)
    rows, beside = world.ingest(
        f"http://rebind.test:{world.port}{one}", f"http://rebind.test:{world.port}{two}"
    )
    for row in rows:
        check(row.outcome == "indexed" or row.reason.startswith("address"), str(row))
    return [f"{row} (resolved {world._asked['rebind.test'] + 1} times)" for row in rows] + [beside]


@CASES.case("address/mixed-case", "the allowed good host is still reached by its number")
def _allowed(world: World) -> list[str]:
    (row,), beside = world.ingest(world.neighbour().replace(GOOD, GOOD + "."))
    return [str(row), beside]
