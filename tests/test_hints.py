"""What a feed or sitemap says of an article reaches it: as candidates, and where the page is silent.

A failure means that an article from a feed loses the date, title or author that its publisher gave it.
"""

from __future__ import annotations

import datetime as dt

from dateline.archive import Archive
from dateline.extract import extract
from dateline.extract.reading import Reading
from dateline.models import Link, Outcome, Page
from dateline.sources.feed import read_feed
from dateline.work import Fetched, _read

TEXT = (
    "<p>"
    + "The dockers of Rotterdam walked out on Monday over pay and hours, their union said. " * 12
    + "</p>"
)
HINTS = {
    "title": "Dockers walk out",
    "author": "Jane Doe; Richard Roe",
    "published": "2024-05-06T07:08:09+02:00",
    "section": "Economy",
    "language": "nl",
    "place": "feed",
}


def article_of(head: str, hints: dict[str, str], body: str = TEXT):  # type: ignore[no-untyped-def]
    html = f"<html><head>{head}</head><body><article>{body}</article></body></html>"
    return extract(Reading.from_html(html, "https://news.example/a"), hints=hints)


def test_a_silent_page_takes_the_feeds_word() -> None:
    article = article_of("", HINTS)
    assert article.title == "Dockers walk out"
    assert article.authors == ["Jane Doe", "Richard Roe"]
    assert article.section == "Economy"
    assert article.published_at is not None and article.published_at.value == "2024-05-06T07:08:09+02:00"
    chosen = {field: c.place for field in article.candidates for c in article.candidates[field] if c.chosen}
    assert chosen["title"] == chosen["authors"] == chosen["section"] == "feed"
    assert chosen["published_at"] == "feed published"


def test_a_page_that_speaks_is_believed_and_the_feed_is_on_record() -> None:
    head = """<meta property="og:title" content="Port of Rotterdam stands still">
    <meta name="author" content="Ann Other">
    <meta property="article:published_time" content="2024-05-05T10:00:00+02:00">"""
    article = article_of(head, HINTS)
    assert (article.title, article.authors) == ("Port of Rotterdam stands still", ["Ann Other"])
    assert [c.value for c in article.candidates["title"] if c.place == "feed"] == ["Dockers walk out"]
    places = {c.place for c in article.candidates["published_at"]}
    assert "feed published" in places and len(places) >= 2


def test_the_whole_way_from_feed_to_article(tmp_path) -> None:  # type: ignore[no-untyped-def]
    feed = b"""<rss version="2.0"><channel><title>P</title><item><title>Dockers walk out</title>
    <link>https://news.example/a</link>
    <pubDate>Mon, 06 May 2024 07:08:09 +0200</pubDate></item></channel></rss>"""
    (link,) = read_feed(feed, {}, "https://news.example/rss", source="feed:p").links
    assert isinstance(link, Link)
    archive = Archive(tmp_path)
    page = Page(
        requested_url="https://news.example/a",
        final_url="https://news.example/a",
        status=200,
        headers={"content-type": "text/html"},
        body=f"<html><body><article>{TEXT}</article></body></html>".encode(),
        fetched_at=dt.datetime(2024, 5, 7, tzinfo=dt.UTC),
    )
    location = archive.write(page)
    archive.close()
    understood = _read(tmp_path, Fetched(link=link, location=location))
    assert understood.outcome is Outcome.INDEXED and understood.article is not None
    assert understood.article.title == "Dockers walk out"
    assert understood.article.published_at is not None
    assert understood.article.published_at.value == "2024-05-06T07:08:09+02:00"
    assert understood.article.sources == ["feed:p"]
