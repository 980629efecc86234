"""Answers that never end, that inflate, that are not what they say."""

from __future__ import annotations

import asyncio
import time
import zlib
from functools import partial

import brotli
import zstandard

from tests.faultserver import Handler, Request, reply
from torture.case import CASES, check
from torture.world import Memory, World, page

GIGABYTE = 1 << 30


def _gzip_bomb(kind: str) -> bytes:
    # one piece of a megabyte, said a thousand times: a bomb is cheap to make
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = pack.compress(bytes(1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    head = {"gzip": bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255)), "deflate": b"\x78\xda"}[kind]
    return head + piece * 1024 + b"\x03\x00"


def _brotli_bomb() -> bytes:
    pack = brotli.Compressor(quality=1, lgwin=24)
    zeros = bytes(1 << 20)
    return b"".join(pack.process(zeros) for _ in range(1024)) + pack.finish()


def _zstd_bomb() -> bytes:
    pack = zstandard.ZstdCompressor(level=3).compressobj()
    zeros = bytes(1 << 20)
    return b"".join(pack.compress(zeros) for _ in range(1024)) + pack.flush()


def _bomb(encoding: str, world: World) -> list[str]:
    body = {
        "gzip": partial(_gzip_bomb, "gzip"),
        "deflate": partial(_gzip_bomb, "deflate"),
        "br": _brotli_bomb,
        "zstd": _zstd_bomb,
    }[encoding]()
    url = world.at(reply(body, headers={"Content-Encoding": encoding}))
    with Memory() as memory:
        (row,), beside = world.ingest(url)
    check(row.reason.startswith("too-large"), str(row))
    check(memory.grown < 200, f"grew by {memory.grown:.0f} MB")
    return [
        f"{len(body):,} bytes sent: {row}",
        f"this process grew by {memory.grown:.0f} MB (200 allowed)",
        beside,
    ]


for _encoding, _quick in (("gzip", True), ("deflate", False), ("br", True), ("zstd", True)):
    CASES.add(f"bomb/{_encoding}", f"1 GB of zeros in {_encoding}", partial(_bomb, _encoding), quick=_quick)


def _expect(answer: bytes | Handler, expected: tuple[str, ...], world: World) -> list[str]:
    began = time.monotonic()
    (row,), beside = world.ingest(world.at(answer))
    check(
        f"{row.outcome} {row.reason.partition(':')[0]}".strip() in expected,
        f"{expected} expected, seen {row}",
    )
    return [f"{row} after {time.monotonic() - began:.1f} s", beside]


def _dripping(head: bytes, drop: bytes) -> Handler:
    async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.05)

    return drip


def _plain(text: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + text


_whole = page("Whole")
for _name, _sent, _answer, _outcomes in (
    ("dripped/body", "a body of a byte every 50 ms", _dripping(_plain(b"Content-Length: 99999\r\n\r\n"), b"x"), ("failed timeout",)),
    ("dripped/headers", "a header line every 50 ms", _dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), ("failed timeout", "failed headers")),
    ("dripped/nothing", "a connection that is accepted, and silence", _dripping(b"", b""), ("failed timeout",)),
    ("dripped/100-continue", "100 Continue for ever", _dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), ("failed timeout", "failed bad-answer")),
    ("body/stacked", "Content-Encoding: gzip, gzip", reply(b"x", headers={"Content-Encoding": "gzip, gzip"}), ("failed encoding",)),
    ("body/truncated", "half of the Content-Length", _plain(b"Content-Length: 5000\r\nConnection: close\r\n\r\n" + _whole[:500]), ("failed truncated", "failed timeout")),
    ("body/truncated-gzip", "a gzip body without its end", reply(zlib.compress(_whole)[:-20], headers={"Content-Encoding": "deflate"}), ("failed truncated",)),
    ("body/pdf", "a PDF called text/html", reply(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>endobj\n" + bytes(range(256)) * 40), ("not_article the answer is no page but a PDF",)),
    ("body/jpeg", "a JPEG called text/html", reply(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)) * 40), ("not_article the answer is no page but an image",)),
    ("body/empty", "no body at all", reply(b""), ("not_article no text found",)),
    ("headers/huge", "200 KB of headers", reply(b"x", headers={f"X-{n}": "y" * 1000 for n in range(200)}), ("failed headers", "failed bad-answer")),
    ("headers/charset", "charset=klingon-8", reply(_whole, content_type="text/html; charset=klingon-8"), ("indexed",)),
    ("headers/not-http", "SSH in place of HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", ("failed bad-answer",)),
):  # fmt: skip
    CASES.add(
        _name,
        _sent,
        partial(_expect, _answer, _outcomes),
        quick=_name not in ("dripped/100-continue", "dripped/nothing"),
    )


@CASES.case("parse/attributes", "a megabyte of attributes, and 20,000 nested elements")
def _parse(world: World) -> list[str]:
    urls = [
        world.at(
            reply(page("Attributes", "<p " + " ".join(f"data-{n}='v'" for n in range(60_000)) + ">x</p>"))
        ),
        world.at(reply(page("Nested", "<div>" * 20_000 + "deep" + "</div>" * 20_000))),
    ]
    rows, beside = world.ingest(*urls)
    return [*map(str, rows), beside]


def feed_bombs() -> dict[str, bytes]:
    """XML that grows when it is believed: entities in entities, a file, an address, a quadratic blow-up."""
    lines = "\n".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    feed = "<rss version='2.0'><channel><title>t</title><item><title>{}</title><link>http://127.0.0.2/a</link></item></channel></rss>"
    return {
        "billion laughs": f"<?xml version='1.0'?><!DOCTYPE rss [{lines}]>{feed.format('&e9;')}".encode(),
        "quadratic": f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a '{'a' * 50_000}'>]>{feed.format('&a;' * 5_000)}".encode(),
        "file": f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>{feed.format('&x;')}".encode(),
        "nested": ("<?xml version='1.0'?><rss><channel>" + "<item>" * 20_000).encode(),
    }  # fmt: skip


@CASES.case(
    "bomb/feed",
    "feeds and sitemaps: a billion laughs, a quadratic blow-up, a file as entity, 20,000 nested items, 1 GB in gzip",
)
def _feed_bombs(world: World) -> list[str]:
    from pathlib import Path

    from dateline.sources.feed import read_feed
    from dateline.sources.sitemap import read_sitemap

    url = "http://127.0.0.2/feed"
    lines = []
    given = feed_bombs() | {"1 GB in gzip": _gzip_bomb("gzip")}
    host = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "\0"
    most = 0.0
    for name, body in given.items():
        for read in (read_feed, read_sitemap):
            with Memory() as memory:
                found = read(body, {"content-type": "application/xml"}, url)
            most = max(most, memory.grown)
            titles = "".join(link.hints.get("title", "") for link in found.links)
            check(
                len(titles) < 100_000 and (not host or host not in titles), f"{name}: an entity was believed"
            )
        lines.append(
            f"{name}, {len(body):,} bytes: {len(found.links)} links, {'; '.join(found.notes)[:90] or 'nothing said'}"
        )
    check(most < 200, f"grew by {most:.0f} MB")
    good = b"<rss version='2.0'><channel><item><title>A</title><link>http://127.0.0.2/a</link></item></channel></rss>"
    check(len(read_feed(good, {}, url).links) == 1, "a good feed is not read")
    return [
        *lines,
        f"this process grew by {most:.0f} MB at most (200 allowed)",
        "neighbours: the good feed after them is read",
    ]
