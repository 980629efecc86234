"""Feeds: what publishers really serve becomes links with what the feed says of them.

A failure means articles that are never found, or dates, titles and names that are lost or wrong.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import time

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.meet import meet
from dateline.models import Outcome
from dateline.sources.feed import read_feed
from dateline.sources.found import Found, More

HERE = "https://news.example/feeds/rss.xml"


def read(text: str | bytes, url: str = HERE, **headers: str) -> Found:
    body = text.encode() if isinstance(text, str) else text
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_feed(body, {"content-type": "application/xml", **sent}, url, source="feed:x")


def rss(items: str, channel: str = "", version: str = "2.0", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="{version}" {attributes}><channel>'
        f"<title>The Paper</title><link>https://news.example/</link>{channel}{items}</channel></rss>"
    )


def atom(entries: str, feed: str = "", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" {attributes}>'
        f"<title>The Paper</title>{feed}{entries}</feed>"
    )


def one(found: Found) -> dict[str, str]:
    (link,) = found.links
    return {"url": link.url or "", **link.hints}


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ITEM = "<item><title>A</title><link>https://news.example/a</link>{}</item>"


def test_rss_2_with_all_that_it_says() -> None:
    found = read(
        rss(
            """<item><title>Ports &amp; strikes: 3 &lt; 4</title>
            <link>https://news.example/2024/a?utm_source=rss</link>
            <guid isPermaLink="false">42</guid>
            <description><![CDATA[<p>Dockers <b>walked</b> out.</p>]]></description>
            <dc:creator>Jane Doe</dc:creator><dc:creator>Richard Roe</dc:creator><category>Economy</category>
            <pubDate>Mon, 06 May 2024 07:08:09 +0200</pubDate>
            <media:thumbnail url="https://news.example/a.jpg"/></item>""",
            channel="<language>en-gb</language><ttl>30</ttl>",
            attributes='xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"',
        ),
        etag='"x"',
        last_modified="Mon, 06 May 2024 06:00:00 GMT",
    )
    assert one(found) == {
        "url": "https://news.example/2024/a?utm_source=rss",
        "title": "Ports & strikes: 3 < 4",
        "summary": "Dockers walked out.",
        "author": "Jane Doe; Richard Roe",
        "published": "2024-05-06T07:08:09+02:00",
        "section": "Economy",
        "topics": "Economy",
        "language": "en",
        "image": "https://news.example/a.jpg",
        "id": "42",
        "place": "feed",
    }
    assert (found.kind, found.title, found.language, found.home) == (
        "rss 2.0",
        "The Paper",
        "en",
        "https://news.example/",
    )
    assert found.pace.every == dt.timedelta(minutes=30)
    assert (found.pace.etag, found.pace.last_modified) == ('"x"', "Mon, 06 May 2024 06:00:00 GMT")
    assert found.links[0].source == "feed:x" and not found.notes


def test_atom_with_all_that_it_says() -> None:
    found = read(
        atom(
            """<entry><title type="html">AT&amp;amp;T &amp;lt;b&amp;gt;</title><id>tag:1</id>
            <link rel="edit" href="/edit/1"/><link rel="enclosure" href="/a.mp3"/>
            <link rel="alternate" type="application/json" href="/a.json"/>
            <link rel="alternate" type="text/html" hreflang="en" href="../a"/>
            <published>2024-05-06T07:08:09Z</published><updated>2024-05-07T07:08:09.123Z</updated>
            <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <i>word</i></div></summary>
            </entry>""",
            feed="""<author><name>The Desk</name><email>desk@news.example</email></author>
            <link rel="self" href="/feeds/atom"/><link rel="next" href="/feeds/atom?page=2"/>
            <link rel="hub" href="https://hub.example/"/><link href="https://news.example/"/>""",
            attributes='xml:lang="de-AT" xml:base="https://news.example/world/x/"',
        )
    )
    said = one(found)
    assert said["url"] == "https://news.example/world/a"
    assert said["title"] == "AT&T <b>"
    assert (said["published"], said["updated"]) == ("2024-05-06T07:08:09+00:00", "2024-05-07T07:08:09+00:00")
    assert (said["author"], said["summary"], said["language"]) == ("The Desk", "One word", "de")
    assert found.more == [
        More(url="https://news.example/feeds/atom?page=2", kind="page"),
        More(url="https://hub.example/", kind="hub"),
    ]


def test_plain_text_in_atom_keeps_what_looks_like_markup() -> None:
    found = read(atom('<entry><title>How &lt;b&gt; works, AT&amp;amp;T</title><link href="/a"/></entry>'))
    assert one(found)["title"] == "How <b> works, AT&amp;T"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link> \n https://news.example/a \n</link>", "https://news.example/a"),
        ("<link>/a b</link>", "https://news.example/a%20b"),
        ("<link>a?x=1&amp;y=2#top</link>", "https://news.example/feeds/a?x=1&y=2"),
        ("<link>//cdn.example/a</link>", "https://cdn.example/a"),
        ("<link><![CDATA[https://news.example/a]]></link>", "https://news.example/a"),
        ("<guid>https://news.example/g</guid>", "https://news.example/g"),
        ('<guid isPermaLink="true">https://news.example/g</guid>', "https://news.example/g"),
        ('<link xml:base="https://other.example/x/">a</link>', "https://other.example/x/a"),
        (
            '<link>https://feeds.example/~r/1</link><feedburner:origLink xmlns:feedburner="http://rssnamespace.org/'
            'feedburner/ext/1.0">https://news.example/o</feedburner:origLink>',
            "https://news.example/o",
        ),
        (
            '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="alternate" href="https://news.example/at"/>',
            "https://news.example/at",
        ),
        (
            "<link>https://news.example/a</link>"
            '<enclosure url="https://news.example/a.mp3" type="audio/mpeg"/>'
            "<comments>https://news.example/a#comments</comments>",
            "https://news.example/a",
        ),
        ("<link>https://www.google.com/url?q=https://news.example/r&amp;sa=D</link>", "https://news.example/r"),
    ],
)  # fmt: skip
def test_which_address_is_the_article(item: str, url: str) -> None:
    assert one(read(rss(f"<item><title>T</title>{item}</item>")))["url"] == url


@pytest.mark.parametrize(
    "item",
    [
        "<title>no link</title>",
        '<guid isPermaLink="false">https://news.example/g</guid>',
        "<link>javascript:alert(1)</link>",
        "<link>mailto:a@b.example</link>",
        "<link>file:///etc/passwd</link>",
        "<link>http://[::1/</link>",
        "<link>https://news.example:99999/</link>",
        "<link>" + "https://news.example/" + "a" * 5000 + "</link>",
        '<enclosure url="https://news.example/a.mp3" type="audio/mpeg"/>',
    ],
)
def test_an_entry_without_an_article_is_counted(item: str) -> None:
    found = read(rss(f"<item>{item}</item>" + ITEM.format("")))
    assert [link.url for link in found.links] == ["https://news.example/a"]
    assert any(note.startswith("1 entry left out") for note in found.notes)


def test_one_article_twice_is_one_link_with_what_both_say() -> None:
    found = read(
        rss(
            "<item><link>http://www.news.example/a/?utm_medium=rss</link></item>"
            "<item><title>T</title><link>https://news.example/a</link></item>"
        )
    )
    assert one(found)["title"] == "T"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("<pubDate>Thu, 01 Jan 04 19:48:21 GMT</pubDate>", "2004-01-01T19:48:21Z"),
        ("<pubDate>Thu, 1 Jan 2004 19:48:21 EST</pubDate>", "2004-01-01T19:48:21-05:00"),
        ("<pubDate>01 Jan 2004 19:48 +0100</pubDate>", "2004-01-01T19:48+01:00"),
        ("<pubDate>Thursday, 1. January 2004</pubDate>", "2004-01-01"),
        ("<pubDate>2004-01-01</pubDate>", "2004-01-01"),
        ("<pubDate>2004-01-01T10:11:12Z</pubDate>", "2004-01-01T10:11:12Z"),
        ("<pubDate>2004-01-01 10:11:12</pubDate>", "2004-01-01T10:11:12"),
        (f"<dc:date {DC}>2004-01-01T10:11+09:00</dc:date>", "2004-01-01T10:11+09:00"),
        ("<pubDate>Thu, 01 Jan 2004 19:48:21 UT</pubDate>", "2004-01-01T19:48:21Z"),
        ("<pubDate>Thu, 1 Jan 2004 7:48 PM EST</pubDate>", "2004-01-01T19:48-05:00"),
        ("<pubDate>Thu, 01 Jul 2004 19:48:21 MEST</pubDate>", "2004-07-01T19:48:21+02:00"),
        ("<pubDate>04-01-02</pubDate>", "2004-01-02T00:00:00Z"),
        ("<pubDate>2004年1月2日 07:08</pubDate>", "2004-01-02T07:08"),
        ("<pubDate>jeu., 01 janv. 2004 19:48:21 +0100</pubDate>", "2004-01-01T19:48:21+01:00"),
        ("<pubDate>Чт, 01 янв 2004 19:48:21 +0300</pubDate>", "2004-01-01T19:48:21+03:00"),
        ("<pubDate>20040101T194821Z</pubDate>", "2004-01-01T19:48:21Z"),
        ("<pubDate>1073000000</pubDate>", "2004-01-01T23:33:20Z"),
    ],
)  # fmt: skip
def test_dates_in_odd_forms(printed: str, said: str) -> None:
    published = one(read(rss(ITEM.format(printed))))["published"]
    assert published.replace("+00:00", "Z") == said


@pytest.mark.parametrize("printed", ["", "yesterday", "99/99/9999", "Mon, 99 Foo 2024 77:88:99 GMT", "0"])
def test_a_date_that_is_none_is_no_hint(printed: str) -> None:
    assert "published" not in one(read(rss(ITEM.format(f"<pubDate>{printed}</pubDate>"))))


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("<author>jane@news.example (Jane Doe)</author>", "Jane Doe"),
        ("<author>Jane Doe</author>", "Jane Doe"),
        ("<author>Jane Doe &lt;jane@news.example&gt;</author>", "Jane Doe"),
        ("<author>jane@news.example</author>", None),
        ("<author>admin</author>", None),
    ],
)
def test_authors_are_names(item: str, names: str | None) -> None:
    assert one(read(rss(ITEM.format(item)))).get("author") == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (rss(ITEM.format(""), version="0.91"), "rss 0.91"),
        (rss(ITEM.format(""), version="0.92"), "rss 0.92"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            "<channel><title>T</title></channel><item rdf:about='https://news.example/a'><title>A</title>"
            "<link>https://news.example/a</link></item></rdf:RDF>",
            "rss 1.0",
        ),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://my.netscape.com/rdf/simple/0.9/">'
            "<item><title>A</title><link>https://news.example/a</link></item></rdf:RDF>",
            "rss 0.90",
        ),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title>'
            '<link rel="alternate" href="https://news.example/a"/></entry></feed>',
            "atom 0.3",
        ),
    ],
)  # fmt: skip
def test_old_dialects(text: str, kind: str) -> None:
    found = read(text)
    assert (one(found)["url"], found.kind) == ("https://news.example/a", kind)


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM.format("")).replace("utf-8", "iso-8859-1").replace(">A<", ">Zoë<").encode("latin-1"),
        rss(ITEM.format("")).replace("utf-8", "windows-1252").replace(">A<", ">Zoë<").encode("cp1252"),
        b"\xef\xbb\xbf" + rss(ITEM.format("")).replace(">A<", ">Zoë<").encode(),
        rss(ITEM.format("")).replace("utf-8", "utf-16").replace(">A<", ">Zoë<").encode("utf-16"),
        rss(ITEM.format("")).replace('encoding="utf-8"', "").replace(">A<", ">Zoë<").encode(),
        rss(ITEM.format("")).replace(">A<", ">Zo&#235;<").encode(),
        rss(ITEM.format("")).replace(">A<", ">Zo&amp;euml;<").encode(),
        rss(ITEM.format("")).replace(">A<", ">Zo&euml;<").encode(),
        rss(ITEM.format("")).replace(">A<", "><![CDATA[Zo&euml;]]><").encode(),
        b"\r\n\r\n  " + rss(ITEM.format("")).replace(">A<", ">Zoë<").encode(),
        b"<br />\n<b>Warning</b>: mysql_connect() on line 4\n"
        + rss(ITEM.format("")).replace(">A<", ">Zoë<").encode(),
        rss(ITEM.format("")).replace(">A<", ">Zo\x00\x08ë\x1b<").encode(),
        rss(ITEM.format("") + "<item><title>A & B</title>").replace(">A<", ">Zoë<").encode(),
        gzip.compress(rss(ITEM.format("")).replace(">A<", ">Zoë<").encode()),
    ],
    ids=lambda body: "",
)
def test_encodings_and_broken_markup(body: bytes) -> None:
    assert read(body).links[0].hints["title"] == "Zoë"


def test_a_feed_cut_in_the_middle_gives_what_was_whole() -> None:
    whole = rss("".join(ITEM.format("").replace("/a", f"/{n}") for n in range(20)))
    found = read(whole[:1200])
    assert len(found.links) >= 10
    assert any("broken" in note for note in found.notes)


def test_its_own_pace() -> None:
    found = read(
        rss(
            ITEM.format(""),
            channel="<skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours>"
            "<skipDays><day>Sunday</day></skipDays>"
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            attributes='xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"',
        ),
        date="Mon, 06 May 2024 06:00:00 GMT",
        cache_control="public, max-age=600",
        age="60",
    )
    assert found.pace.every == dt.timedelta(hours=6)
    assert found.pace.skip_hours == {0, 5} and found.pace.skip_days == {6}
    assert found.pace.expires == dt.datetime(2024, 5, 6, 6, 9, tzinfo=dt.UTC)
    assert read(rss(ITEM.format("")), cache_control="no-cache", expires="0").pace.expires is None


def test_a_page_instead_of_a_feed_names_the_feeds() -> None:
    page = """<!doctype html><head><base href="/x/">
    <link rel="alternate" type="application/rss+xml" href="all.xml">
    <link rel=alternate type=application/atom+xml href=https://news.example/atom></head><body>No!</body>"""
    found = read(page, content_type="text/html")
    assert found.links == [] and found.notes == ["an HTML page, no feed"]
    assert [more.url for more in found.more] == [
        "https://news.example/x/all.xml",
        "https://news.example/atom",
    ]
    for body in (b"", b"   ", b"\x00", b"hello", b"<xml>", b"%PDF-1.4", b"{", b"[]", b'{"a": 1}'):
        assert read(body).links == [] and read(body).notes


def json_feed(**more: object) -> bytes:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Paper",
            "home_page_url": "https://news.example/",
            "language": "en-US",
            "next_url": "/feed.json?page=2",
            "authors": [{"name": "The Desk"}],
            "items": [
                {
                    "id": 7,
                    "url": "/a",
                    "title": "Tom & Jerry <3",
                    "content_html": "<p>One<br>two</p>",
                    "date_published": "2024-05-06T07:08:09-04:00",
                    "tags": ["World"],
                }
            ],
            **more,
        }
    ).encode()


def test_json_feed() -> None:
    found = read(json_feed(), content_type="application/feed+json")
    assert one(found) == {
        "url": "https://news.example/a",
        "title": "Tom & Jerry <3",
        "summary": "One two",
        "author": "The Desk",
        "published": "2024-05-06T07:08:09-04:00",
        "section": "World",
        "topics": "World",
        "language": "en",
        "id": "7",
        "place": "feed",
    }
    assert found.kind == "json feed 1.1" and found.more == [
        More(url="https://news.example/feed.json?page=2", kind="page")
    ]
    old = read(json_feed(version="https://jsonfeed.org/version/1", authors=None, author={"name": "Jane"}))
    assert (one(old)["author"], old.kind) == ("Jane", "json feed 1")


@pytest.mark.parametrize(
    "items",
    [
        None,
        3,
        [None, 1, "x"],
        [{}],
        [{"url": 5}],
        [{"url": "x:y"}],
        [{"id": "9"}],
        [{"url": None, "tags": 3, "authors": 3}],
    ],
)
def test_json_that_is_no_feed(items: object) -> None:
    assert read(json_feed(items=items, hubs=[1], authors=["x", 4])).links == []


def test_an_entity_bomb_costs_nothing() -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lines}]>'
        + rss("<item><title>&l11;</title><link>https://news.example/a</link></item>").partition("?>")[2]
    )
    before, began = psutil.Process().memory_info().rss, time.process_time()
    found = read(bomb)
    assert time.process_time() - began < 5
    assert psutil.Process().memory_info().rss - before < 100_000_000
    assert all(len(link.hints.get("title", "")) <= 1001 for link in found.links)


def test_an_external_entity_is_not_read() -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + rss("<item><title>A&e;</title><link>https://news.example/a</link></item>").partition("?>")[2]
    )
    with open("/etc/hostname", encoding="utf-8") as file:  # noqa: PTH123
        secret = file.read().strip()
    assert all(secret not in str(link.hints) for link in read(body).links)


def test_a_gzip_bomb_is_cut() -> None:
    bomb = gzip.compress(b"<rss><channel>" + b" " * 120_000_000)
    before = psutil.Process().memory_info().rss
    found = read(bomb)
    assert found.links == [] and any("cut at" in note for note in found.notes)
    assert psutil.Process().memory_info().rss - before < 300_000_000


def test_a_huge_feed_is_cut_at_an_entry() -> None:
    items = "".join(
        ITEM.format(f"<description>{'word ' * 1_800}</description>").replace("/a", f"/{n}")
        for n in range(750)
    )
    found = read(rss(items))
    assert 600 < len(found.links) < 700
    assert found.links[0].url == "https://news.example/0"
    assert any("cut at" in note for note in found.notes)


LINK = b"<item><link>https://news.example/a</link>"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel>" + b"<a>" * 40_000,
        b"<rss version='2.0'><channel><item " + b"".join(b"a%d='x' " % n for n in range(30_000)) + b">",
        b"<!DOCTYPE rss " * 30_000 + b"<rss>",
        b"<rss version='2.0'><channel>" + LINK + b"<author>" + b"a.a-" * 100_000 + b"@</author></item>",
        b"<rss version='2.0'><channel>" + LINK + b"<author>a@" + b"a." * 200_000 + b"</author></item>",
        b"<rss version='2.0'><channel>" + LINK + b"<title>" + b"&lt;a " * 100_000 + b"</title></item>",
        b"<rss version='2.0'><channel>" + LINK + b"<description>" + b"&lt;script&gt;" * 60_000,
        b"<rss version='2.0'><channel>" + LINK + b"<pubDate>" + b"1-" * 100_000 + b"</pubDate></item>",
    ],
    ids=["deep", "attributes", "doctypes", "mail", "mail host", "tags in text", "scripts", "date"],
)  # fmt: skip
def test_a_hostile_feed_costs_no_more_than_its_length(body: bytes) -> None:
    """Each took minutes, the square of its length, in the libraries below or in a pattern of ours."""
    began = time.process_time()
    read(body)
    assert time.process_time() - began < 20


def test_long_text_without_spaces_is_kept() -> None:
    """Chinese has none, and some feeds write it as numeric references."""
    text = "北京的记者报道" * 400
    written = "".join(f"&#{ord(char)};" for char in text)
    found = read(rss(ITEM.format(f"<description>{text}</description>") + ITEM.format("").replace("/a", "/b")))
    assert found.links[0].hints["summary"].startswith("北京的记者报道")
    found = read(rss(ITEM.format(f"<description>{written}</description>")))
    assert found.links[0].hints["summary"].startswith("北京的记者报道")


def test_what_was_found_can_be_stored() -> None:
    """NUL bytes, lone surrogates and non-characters would break the journal and the store."""
    found = read(rss(ITEM.format("<description>a&#0;b&#xD800;c&#xFFFF;\x01d</description>")))
    assert all(text.encode() and "\x00" not in text for text in one(found).values())


@settings(deadline=None)  # a busy machine is no fault
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_raising(body: bytes) -> None:
    read(body)
    read(b"<rss version='2.0'><channel><item>" + body + b"</item></channel></rss>")
    read(b'{"version": "https://jsonfeed.org/version/1", "items": [' + body + b"]}")


def test_a_feeds_whole_text_stands_if_its_page_is_dead() -> None:
    """Else an article that came whole with the feed is lost with its page. A page that is shut (robots,
    noindex) is not read by this way round."""
    text = "The council met on Tuesday &amp; voted for the new bridge over the river. " * 7
    body = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>'
        "<title>A bridge</title><link>https://a.example/1</link><description>Short.</description>"
        "<author>Jo Reed</author><pubDate>Tue, 23 Mar 2021 08:00:00 GMT</pubDate>"
        f"<content:encoded><![CDATA[<p>{text}</p><p>It opens in May.</p><script>x()</script>]]>"
        "</content:encoded></item></channel></rss>"
    )
    [link] = read_feed(body.encode(), {}, "https://a.example/feed").links
    assert link.hints["text"].split("\n\n") == [text.replace("&amp;", "&").strip(), "It opens in May."]
    for outcome, stands in [(Outcome.GONE, True), (Outcome.FAILED, True), (Outcome.BLOCKED, False)]:
        article = meet(link, None, outcome, "why")
        assert (article is not None) == stands
    article = meet(link, None, Outcome.GONE, "http-410")
    assert article is not None and article.outcome is Outcome.DIGEST_ONLY and article.method == "feed"
    assert (article.title, article.authors, article.text) == ("A bridge", ["Jo Reed"], link.hints["text"])
    assert article.published_at is not None and article.published_at.value.startswith("2021-03-23")
    as_json = {"items": [{"url": "https://a.example/1", "content_html": f"<p>{text}</p>", "summary": "S."}]}
    [link] = read_feed(json.dumps(as_json).encode(), {}, "https://a.example/feed.json").links
    assert link.hints["text"] == text.replace("&amp;", "&").strip() and link.hints["summary"] == "S."


def test_slips_that_publishers_make_daily() -> None:
    """An ampersand by itself, an address without its scheme, a picture's relative address."""
    found = read(
        rss(
            "<item><title>AT&T buys</title><link>www.paper.example/1?a=1&b=2</link>"
            '<enclosure url="/i.jpg" type="image/jpeg"/><pubDate>2003-W52-4</pubDate></item>'
            "<item><title><![CDATA[Q&A; R&D]]></title><link><![CDATA[/2?a=1&b=2]]></link>"
            "<pubDate>2004-július-13T9:15-05:00</pubDate></item>"
        )
    )
    first, second = found.links
    assert (first.url, first.hints["title"]) == ("http://www.paper.example/1?a=1&b=2", "AT&T buys")
    assert first.hints["image"] == "https://news.example/i.jpg" and first.hints["published"] == "2003-12-25"
    assert (second.url, second.hints["title"]) == ("https://news.example/2?a=1&b=2", "Q&A; R&D")
    assert "published" not in second.hints, "feedparser would make it the first of this month"
    assert not found.notes, "an ampersand is no reason to call a feed broken"
