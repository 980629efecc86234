"""Strangers' bytes in every reader that takes them: without these one odd byte stops a run.

Hypothesis makes the input, from pieces that readers care about. `make fuzz` lets it look for longer.
"""

# ruff: noqa: E501 — tables of pieces

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.dates.published_moment import parse_moment
from dateline.dates.timex import find_times
from dateline.fetch import verdict
from dateline.models import Link, Moment, Outcome, Page, from_json, to_json
from dateline.sources.digest import links_of, read_digest
from dateline.sources.feed import read_feed
from dateline.sources.section import read_section
from dateline.sources.sitemap import read_sitemap
from dateline.urls import article_id, unwrap

LONGER = int(os.environ.get("DATELINE_FUZZ", "1"))
few = settings(max_examples=60 * LONGER, deadline=None, suppress_health_check=list(HealthCheck))

_ODD = [
    "\0",
    "\ud800",
    "\ufffe",
    "\u202e",
    "\x1b[31m",
    "\u2028",
    "\r",
    "é",
    "𝒜",
    "&#0;",
    "&#xD800;",
    "&amp;amp;",
    "%00",
    "%zz",
]
_XML = """<rss version="2.0"> </rss> <channel> </channel> <item> </item> <title> </title> <link> </link>
<feed xmlns="http://www.w3.org/2005/Atom"> </feed> <entry> </entry> <link href="/a"/> <guid> <pubDate> <urlset> </urlset>
<url> <loc> </loc> <lastmod> <sitemapindex> <sitemap> <![CDATA[ ]]> <!-- --> <?xml version="1.0" encoding="utf-16"?> <!DOCTYPE x [
<!ENTITY a "b"> &a; ]> <a href=" "> </a> <base href=" <html> <script> { [ "items": "url": } ] https://a.example/1 //b
Mon, 06 May 2024 07:08:09 +0200 2024-13-99T25:61:61Z 99999999999999999999 http://[ http://a:b@c:99999/ javascript:""".split()
_TEXT = """By JANE ROE (AP) — Monday, March 32, 2021 ADVERTISEMENT --- *** https://a.example/1 http://[::1 [a](b) <a href="c">
1. • Photo: FROM: Subject: Date: > | \t # == @ 3/4/2021 the said “ ” ' " … 24:00 noon""".split(" ")
xml = st.lists(st.sampled_from(_XML + _ODD) | st.text(max_size=5), max_size=60).map(" ".join)
text = st.lists(st.sampled_from([*_TEXT, *_ODD, "\n", "\n\n"]) | st.text(max_size=6), max_size=80).map(
    " ".join
)


def encoded(words: str, charset: str) -> bytes:
    return words.encode(charset, "surrogatepass" if charset.startswith("utf") else "replace")


charsets = st.sampled_from(["utf-8", "utf-16", "utf-32", "latin-1", "cp1252", "shift-jis"])
URL = "https://news.example/feed"


@few
@given(
    xml, charsets, st.sampled_from(["", "application/xml", "application/json", "text/html; charset=klingon"])
)
def test_feeds_sitemaps_and_sections(words: str, charset: str, kind: str) -> None:
    """A feed is polled for years: what its owner breaks one day must cost a note, not the run."""
    body = encoded(words, charset)
    headers = {"content-type": kind}
    for read in (read_feed, read_sitemap, read_section):
        found = read(body, headers, URL)
        for link in found.links:
            assert urlsplit(link.url or "").scheme in ("http", "https")
            assert from_json(to_json(link), Link) == link


@few
@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed(body: bytes) -> None:
    for read in (read_feed, read_sitemap, read_section):
        read(body, {}, URL)
        read(b"\x1f\x8b" + body, {}, URL)


@few
@given(text, charsets, st.sampled_from(["a.txt", "a.md", "a.html", "a.eml", "a.csv", "a"]))
def test_digests(words: str, charset: str, name: str) -> None:
    """Every item of a digest has a place in its file, and can be kept, whatever the file holds."""
    digest = read_digest(name, encoded(words, charset))
    for link in links_of(digest):
        assert link.item is not None and 1 <= link.item.start_line <= link.item.end_line
        to_json(link).decode()


@pytest.mark.parametrize(
    "link", ["http://[", "http://[::1/x", "https://a]b/", "http://a:b:c/", "https://\u2100.example/"]
)
def test_a_broken_link_costs_its_item_the_page_and_no_more(link: str) -> None:
    """Found by fuzzing: a bracket in one link once raised, and the whole digest was lost with it."""
    from dateline.meet import meet
    from tasks.batches import batches

    body = f"Headline one two three\nBy Jane Roe\n{link}\n\nSome text about it, on Monday.\n\n---\n\nNext headline here\nhttps://a.example/1\n\nText.\n"
    links = links_of(read_digest("a.txt", body.encode()))
    assert "https://a.example/1" in [one.url for one in links]
    assert sum(len(batch) for _, batch in batches(links)) == len(links)
    broken = Link(link_id="x", url=link, source="t", item=links[0].item)
    assert meet(broken, None, Outcome.FAILED, "no page") is not None


@few
@given(
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp", "file", "javascript", ""]),
        st.sampled_from(["", "u:p@", "@", "%40"]),
        st.sampled_from(
            ["a.example", "A.EXAMPLE.", "[::1]", "[", "xn--", "ä.example", "a..b", "1.1.1.1:99999", "a:b", ""]
        ),
        st.text(max_size=12) | st.sampled_from(["%zz", "..//./x", "%2e%2e", "index.html", ";a=b"]),
        st.text(max_size=12)
        | st.sampled_from(["utm_source=x&a=1", "a=1&a=1", "&&", "url=https://b.example/x", "q=%00"]),
        st.text(max_size=5),
    )
    | st.text(max_size=60)
)
def test_addresses(url: str) -> None:
    """An identity is the same whenever it is asked for, and its own: it decides what is one article."""
    once = article_id(url)
    assert once and once == article_id(url)
    assert unwrap(url) == unwrap(unwrap(url)) or "url=" in url
    to_json(once)


@few
@given(
    st.text(max_size=40)
    | st.sampled_from(_TEXT)
    | st.from_regex(r"\d{0,5}[-/. ]\d{0,3}[-/. ]\d{0,5}T?\d{0,3}:?\d{0,3}Z?")
)
def test_printed_dates(printed: str) -> None:
    """What a page prints as its date is a date or nothing."""
    moment = parse_moment(printed)
    assert moment is None or moment.value[:4].isdigit()


@few
@given(text, st.sampled_from(["en", "de", "fr", "es", "xx"]))
def test_dates_in_texts(words: str, language: str) -> None:
    for anchor in (None, Moment(value="2021-03-24", precision="day"), Moment(value="2021", precision="year")):
        end = 0
        for one in find_times(words, anchor, language):
            assert end <= one.start < one.end
            end = one.end


@few
@given(xml, charsets)
def test_wishes(words: str, charset: str) -> None:
    import datetime as dt

    body = encoded(words.replace("<title>", '<meta name="robots" content="'), charset)
    verdict(
        Page(
            requested_url=URL,
            final_url=URL,
            status=200,
            headers={},
            body=body,
            fetched_at=dt.datetime.now(dt.UTC),
        )
    )
