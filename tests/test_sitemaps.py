"""Sitemaps, section pages, lists of addresses, and which of them hold the days of a backfill.

A failure means articles that are never found, a crawl that follows a lie, or a reader that hangs.
"""

from __future__ import annotations

import datetime as dt
import gzip
import time

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.models import Link
from dateline.sources.backfill import Days, covers, days_in_name, plan, within
from dateline.sources.found import Found, More
from dateline.sources.section import read_section
from dateline.sources.sitemap import elsewhere, read_sitemap
from dateline.sources.urllist import read_urls

HERE = "https://news.example/sitemap.xml"
NEWS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def read(text: str | bytes, **headers: str) -> Found:
    body = text.encode() if isinstance(text, str) else text
    return read_sitemap(body, headers, HERE, source="sitemap:x")


def urlset(*entries: str, attributes: str = NEWS) -> str:
    inner = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {attributes}>{inner}</urlset>'


def test_a_news_sitemap_with_all_that_it_says() -> None:
    found = read(
        urlset(
            """<loc> https://news.example/a?x=1&amp;y=2 </loc><lastmod>2024-05-07</lastmod>
            <news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language>
            </news:publication><news:publication_date>2024-05-06T07:08:09+02:00</news:publication_date>
            <news:title>Ports &amp; strikes</news:title><news:keywords>ports, strike</news:keywords>
            </news:news>
            <image:image><image:loc>https://cdn.example/a.jpg</image:loc><image:title>No!</image:title></image:image>
            <xhtml:link rel="alternate" hreflang="de" href="https://news.example/de/a"/>"""
        )
    )
    (link,) = found.links
    assert link.url == "https://news.example/a?x=1&y=2" and link.source == "sitemap:x"
    assert link.hints == {
        "title": "Ports & strikes",
        "published": "2024-05-06T07:08:09+02:00",
        "updated": "2024-05-07",
        "language": "en",
        "publisher": "The Paper",
        "topics": "ports, strike",
        "image": "https://cdn.example/a.jpg",
        "place": "sitemap",
    }
    assert found.kind == "sitemap" and not found.notes and not found.more


def test_an_index() -> None:
    found = read(
        """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://news.example/sitemap-2024-05.xml.gz</loc><lastmod>2024-05-31T10:00:00Z</lastmod></sitemap>
        <sitemap><loc>/sitemap-2024-04.xml</loc></sitemap><sitemap><loc>https://news.example/sitemap.xml</loc></sitemap>
        <sitemap><loc>ftp://x/</loc></sitemap></sitemapindex>"""
    )
    assert found.more == [
        More(
            url="https://news.example/sitemap-2024-05.xml.gz",
            kind="sitemap",
            modified=dt.datetime(2024, 5, 31, 10, tzinfo=dt.UTC),
        ),
        More(url="https://news.example/sitemap-2024-04.xml", kind="sitemap"),
    ]
    assert found.kind == "sitemap index"
    assert sorted(found.notes) == [
        "1 entry left out: a sitemap that names itself",
        "1 entry left out: no web address",
    ]


@pytest.mark.parametrize(
    "body",
    [
        urlset("<loc>https://news.example/a</loc>"),
        urlset("<loc>https://news.example/a</loc>", attributes=""),
        urlset("<loc>https://news.example/a</loc>", attributes='xmlns="http://wrong.example/"'),
        urlset("<loc><![CDATA[ https://news.example/a ]]></loc>"),
        urlset("<loc>\n/a\n</loc>"),
        urlset("<loc>https://news.example/a</loc>").replace("<?xml", "\n\n <?xml"),
        "<br>PHP Notice: x\n" + urlset("<loc>https://news.example/a</loc>"),
        urlset("<loc>https://news.example/a</loc>").replace("</urlset>", ""),
        urlset("<loc>https://news.example/a</loc>").partition("</url>")[0],
        urlset("<loc>https://news.example/a</loc><title>A & B</title>"),
        urlset("<loc>https://news.example/a</loc>", "<lastmod>2024</lastmod>"),
        b"\xef\xbb\xbf" + urlset("<loc>https://news.example/a</loc>").encode(),
        urlset("<loc>https://news.example/a</loc>").replace("UTF-8", "UTF-16").encode("utf-16"),
        urlset("<loc>https://news.example/a</loc><x>\xe9</x>").encode("latin-1"),
        urlset("<loc>https://news.example/a</loc>").replace("UTF-8", "no-such-set").encode(),
        urlset("<loc>https://news.example/a</loc>")
        .replace("<urlset", "<sm:urlset")
        .replace("</urlset", "</sm:urlset"),
        gzip.compress(urlset("<loc>https://news.example/a</loc>").encode()),
        gzip.compress(gzip.compress(urlset("<loc>https://news.example/a</loc>").encode())),
        "https://news.example/a\n# a comment\n\n",
        "\ufeffhttps://news.example/a\r\n",
        "<rss version='2.0'><channel><item><link>https://news.example/a</link></item></channel></rss>",
    ],
    ids=lambda body: "",
)
def test_however_it_is_written(body: str | bytes) -> None:
    assert [link.url for link in read(body).links] == ["https://news.example/a"]


@pytest.mark.parametrize(
    "body", ["", "  ", "<html><body>404</body></html>", "hello", "\x00\x01", "<urlset>", "<a><b></a>", "{}"]
)
def test_what_is_no_sitemap_gives_nothing_or_a_note(body: str) -> None:
    found = read(body)
    assert found.links == [] and found.more == []
    assert found.notes or found.kind == "sitemap"


def test_entries_that_lie() -> None:
    found = read(
        urlset(
            "<loc>https://news.example/a</loc>",
            "<loc>http://www.news.example/a/?utm_source=x</loc>",
            "<loc>javascript:alert(1)</loc>",
            "<loc></loc>",
            "<loc>https://elsewhere.example/b</loc>",
            "<loc>https://sub.news.example/c</loc>",
        )
    )
    assert len(found.links) == 3
    assert elsewhere(found, HERE) == 1


def test_a_bomb_of_entities_and_one_of_gzip() -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 15))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lines}]>'
        + urlset("<loc>https://news.example/a</loc><x>&l14;</x>").partition("?>")[2]
    )
    before, began = psutil.Process().memory_info().rss, time.process_time()
    assert [link.url for link in read(bomb).links] == ["https://news.example/a"]
    packed = gzip.compress(urlset("<loc>https://news.example/a</loc>").encode() + b" " * 100_000_000)
    found = read(packed)
    assert [link.url for link in found.links] == ["https://news.example/a"]
    assert any("cut at" in note for note in found.notes)
    assert psutil.Process().memory_info().rss - before < 250_000_000
    assert time.process_time() - began < 20


def test_an_external_entity_is_not_read() -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + urlset("<loc>https://news.example/a&e;</loc>").partition("?>")[2]
    )
    assert all(len(link.url or "") <= len("https://news.example/a&e;") for link in read(body).links)


def test_half_a_gzip_gives_what_is_there() -> None:
    """A connection that broke, or a disk that was full: the first entries are still entries."""
    entries = [f"<loc>https://news.example/{n * 7919 % 100_003}/{n:x}</loc>" for n in range(3000)]
    packed = gzip.compress(urlset(*entries).encode())
    found = read(packed[: len(packed) // 2])
    assert 500 < len(found.links) < 3000
    assert any("no end" in note for note in found.notes)


def test_a_large_one_stays_small_in_memory() -> None:
    entries = [f"<loc>https://news.example/{n}</loc><lastmod>2024-05-06</lastmod>" for n in range(20_000)]
    body = urlset(*entries).encode()
    before = psutil.Process().memory_info().rss
    found = read(body)
    assert len(found.links) == 20_000
    assert psutil.Process().memory_info().rss - before < 80_000_000


@settings(deadline=None)  # a busy machine is no fault
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_raising(body: bytes) -> None:
    read(body)
    read(b"<urlset><url><loc>" + body + b"</loc></url></urlset>")
    read_urls(body, {}, HERE)
    read_section(b"<a href='/x'>" + body + b"</a>", {}, HERE)


PAGE = """<!doctype html><html lang="en-GB"><head><title>World</title><base href="https://news.example/world/"></head><body>
<nav><a href="/">Home</a><a href="/sport/">Sport</a></nav>
<article><a href="2024/a"><img alt=""></a><h2><a href="2024/a">Dockers walk out in Rotterdam</a></h2>
<time datetime="2024-05-06T07:08:09+02:00">today</time></article>
<article><h2><a href="2024/b?utm_source=front">Ministers meet in Riga</a></h2>
<time datetime="2024-05-05">5 May</time></article>
<div><a href="2024/c">More</a> <a href="2024/c/video">Film</a></div>
<a rel="next" href="?page=2">Older</a></body></html>"""


def test_a_section_page() -> None:
    found = read_section(
        PAGE.encode(),
        {},
        "https://news.example/world",
        pattern=r"/world/\d{4}/",
        exclude="/video",
        source="section:w",
    )
    assert [(link.url, link.hints.get("title"), link.hints.get("published")) for link in found.links] == [
        ("https://news.example/world/2024/a", "Dockers walk out in Rotterdam", "2024-05-06T07:08:09+02:00"),
        ("https://news.example/world/2024/b?utm_source=front", "Ministers meet in Riga", "2024-05-05"),
        ("https://news.example/world/2024/c", None, None),
    ]
    assert found.more == [More(url="https://news.example/world/?page=2", kind="page")]
    assert (found.title, found.language) == ("World", "en")
    nothing = read_section(PAGE.encode(), {}, HERE, pattern="nowhere")
    assert nothing.links == [] and nothing.notes == ["no link of the page fits the pattern"]


def test_a_list_of_addresses() -> None:
    found = read_urls(
        b"# ours\nhttps://news.example/a  # the first\n\nTitle;https://news.example/b;2024\nwww.news.example/c\nnothing\n"
        b"https://www.news.example/a/\n",
        {},
        "list.txt",
        source="urls:x",
    )
    assert [link.url for link in found.links] == [
        "https://news.example/a",
        "https://news.example/b;2024",
        "https://www.news.example/c",
    ]
    assert found.notes == ["no address in line 6"]


def days(*numbers: int) -> Days:
    return Days(dt.date(*numbers[:3]), dt.date(*numbers[3:]))


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://a.example/sitemap-2021-03.xml", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap-2021-12.xml.gz", days(2021, 12, 1, 2022, 1, 1)),
        ("https://a.example/sitemaps/2021/03/24.xml", days(2021, 3, 24, 2021, 3, 25)),
        ("https://a.example/2021/sitemap-3.xml", days(2021, 1, 1, 2022, 1, 1)),
        ("https://a.example/sitemap_20210324.xml", days(2021, 3, 24, 2021, 3, 25)),
        ("https://a.example/sitemap-202103.xml", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap-03-2021.xml", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap/2021/march.xml", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap-mar-2021.xml", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap-2021.xml", days(2021, 1, 1, 2022, 1, 1)),
        ("https://a.example/sitemap-2021-q2.xml", days(2021, 4, 1, 2021, 7, 1)),
        ("https://a.example/sitemap-2021-w05.xml", days(2021, 2, 1, 2021, 2, 8)),
        ("https://a.example/sitemap.xml?yyyy=2021&mm=03&dd=24", days(2021, 3, 24, 2021, 3, 25)),
        ("https://a.example/sitemap.xml?year=2021&month=3", days(2021, 3, 1, 2021, 4, 1)),
        ("https://a.example/sitemap-2021-02-30.xml", days(2021, 2, 1, 2021, 3, 1)),
        ("https://a.example/sitemap-news.xml", None),
        ("https://a.example/sitemap-12.xml", None),
        ("https://a.example/post-sitemap20213.xml", None),
        ("http://[::1/", None),
    ],
)
def test_the_days_that_a_name_says(url: str, named: Days | None) -> None:
    assert days_in_name(url) == named


def test_a_backfill_asks_for_what_can_hold_its_days() -> None:
    def child(name: str, modified: str | None = None) -> More:
        at = dt.datetime.fromisoformat(modified).replace(tzinfo=dt.UTC) if modified else None
        return More(url=f"https://a.example/{name}", kind="sitemap", modified=at)

    wanted = days(2021, 3, 10, 2021, 4, 2)
    children = [
        child("sitemap-2021-02.xml", "2024-01-01"),
        child("sitemap-2021-03.xml"),
        child("sitemap-2021-04.xml"),
        child("part-1.xml", "2020-01-01"),
        child("part-2.xml", "2022-01-01"),
        child("part-3.xml", "2021-03-15"),
        child("part-4.xml"),
    ]
    assert [covers(one, wanted) for one in children] == [False, True, True, False, None, None, None]
    assert [more.url.rpartition("/")[2] for more in plan(children, wanted)] == [
        "sitemap-2021-04.xml",
        "sitemap-2021-03.xml",
        "part-3.xml",
        "part-2.xml",
        "part-4.xml",
    ]


def test_links_of_a_backfill() -> None:
    def link(path: str, **hints: str) -> Link:
        return Link(link_id=path, url=f"https://a.example/{path}", source="x", hints=hints)

    kept = [
        link("a", published="2021-03-10T23:59:00+02:00"), link("2021/03/24/b", updated="2024-01-01"),
        link("c", updated="2024-01-01"), link("d"), link("2021/e"),
    ]  # fmt: skip
    dropped = [
        link("f", published="2021-03-09"), link("2021/03/09/g", updated="2024-01-01"),
        link("h", updated="2020-01-01"), link("2020/i"), link("2021/03/24/j", published="2021-05-01"),
    ]  # fmt: skip
    assert within([*dropped, *kept], days(2021, 3, 10, 2021, 4, 2)) == kept


def test_a_bare_ampersand_and_a_stray_byte_lead_to_the_right_page() -> None:
    """Both are common; the parser goes on at them, but with the address "/a?x=1=2"."""
    body = (
        b"<?xml version='1.0' encoding='UTF-8'?><urlset><url><loc>https://h.example/a?x=1&y=2&amp;z=3</loc></url>"
        b"<url><loc><![CDATA[https://h.example/b?x=1&y=2]]></loc></url>"
        b"<url><loc>https://h.example/caf\xe9-\xc3\xa9</loc></url></urlset>"
    )
    found = read_sitemap(body, {}, "https://h.example/sitemap.xml")
    assert [link.url for link in found.links] == [
        "https://h.example/a?x=1&y=2&z=3",
        "https://h.example/b?x=1&y=2",
        "https://h.example/caf\u00e9-\u00e9",
    ]
    assert not found.notes
