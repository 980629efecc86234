"""`dateline sources …`: a site's feeds are found, written, tried and exchanged with other readers.

A failure means that a team with 500 sources writes them by hand, or loses them on the way from another tool.
"""

from __future__ import annotations

import datetime as dt
import json
import mailbox
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from archive_home import DIGESTS, Home
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dateline.cli import main
from dateline.crawl.polling import Poll, begin, poll, settle_poll
from dateline.journal import Journal
from dateline.sources.catalogue import CatalogueError, Source, load, parse
from dateline.sources.expand import read_source
from dateline.sources.folders import deliveries, read_delivery
from dateline.sources.opml import OpmlError, name_for, read_opml, write_opml
from dateline.sources.writing import append, entry
from samples.site_server import Site

FEED = Source(name="tide", kind="feed", address="https://tide.example/rss")


class Desk:
    """The command line in this process, in a home of its own: a process each would cost CI a minute."""

    def __init__(self, home: Home, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]) -> None:
        self.folder, self._patch, self._output = home.folder, patch, output
        for name, value in home.environment.items():
            patch.setenv(name, value)

    def run(self, *arguments: str) -> SimpleNamespace:
        self._patch.setattr("sys.argv", ["dateline", "sources", *arguments])
        self._output.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        said = self._output.readouterr()
        return SimpleNamespace(returncode=status, stdout=said.out, stderr=said.err)


@pytest.fixture
def home(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(Home(tmp_path, site, DATELINE_PLAIN="1"), monkeypatch, capfd)


def test_a_site_is_added_listed_and_tried(home: Desk, site: Site) -> None:
    added = home.run("add", f"{site.url}/daily-tide", "--label", "sea", "--floor", "5m")
    assert added.returncode == 0, added.stderr
    (source,) = load(home.folder / "sources.toml")
    assert source == Source(
        name="daily-tide",
        kind="feed",
        address=f"{site.url}/daily-tide/rss.xml",
        title="Daily Tide",
        home=f"{site.url}/daily-tide",
        floor=dt.timedelta(minutes=5),
        language="en",
        labels=("sea",),
    )
    assert "also found: sitemap" in added.stdout
    assert "daily-tide" in home.run("list").stdout
    tried = home.run("test", "daily-tide")
    assert tried.returncode == 0 and "Lisbon shaken" in tried.stdout and "4 links; rss 2.0" in tried.stdout
    assert home.run("add", f"{site.url}/daily-tide").returncode == 2  # twice is a slip
    # by its robots.txt only; an index of sitemaps shows what its newest sitemap holds
    assert home.run("add", f"{site.url}/northern-herald", "--name", "herald").returncode == 0
    tried = home.run("test", "herald", "--json")
    assert {json.loads(line)["updated"] for line in tried.stdout.splitlines()} == {"2023-05-11", "2023-05-14"}
    kept = sorted(path.name for path in home.folder.rglob("*") if path.is_file())
    assert kept == ["sources.toml"]  # a trial stores nothing


def test_a_section_page_and_a_folder(home: Desk, site: Site) -> None:
    page = f"{site.url}/daily-tide"
    assert home.run("add", page, "--pattern", "/daily-tide/world/", "--name", "world").returncode == 0
    tried = home.run("test", "world", "--json")
    assert [json.loads(line)["title"][:6] for line in tried.stdout.splitlines()] == ["Floods", "Lisbon"]
    assert home.run("add", str(DIGESTS)).returncode == 0
    assert "8 digests" in home.run("test", "digests").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list"], "no sources; dateline sources add URL writes the first"),
        (["test", "nobody"], "no source 'nobody'"),
        (["add", "/no/such/folder"], "no such file or folder"),
        (["add", "http://127.0.0.1:1/"], "no feed and no sitemap found"),
        (["import-opml", "/no/such.opml"], "No such file"),
        (["add", "https://a.example/", "--pattern", "("], "no regular expression"),
    ],
)
def test_a_mistake_is_a_line(home: Desk, arguments: list[str], words: str) -> None:
    done = home.run(*arguments)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


OPML = b"""\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "b">]><opml version="1.1"><head/><body>
<outline text="News"><outline title="Europe">
<outline type="rss" text="The Daily &amp; Tide" xmlUrl="https://tide.example/rss" htmlUrl="https://tide.example/"/>
<outline text="Ledger" xmlurl="feed://ledger.example/f"/></outline>
<outline text="Again" xmlUrl="https://tide.example/rss" category="/Sea/Ports,Labour"/></outline>
<outline text="The Daily &amp; Tide" xmlUrl="feed:https://other.example/rss"/>
<outline text="no address"/><outline text="bad" xmlUrl="javascript:x"/></body></opml>"""


def test_opml_in() -> None:
    sources, notes = read_opml(OPML)
    assert [(source.name, source.address, source.labels) for source in sources] == [
        ("the-daily-tide", "https://tide.example/rss", ("News", "Europe", "Sea", "Ports", "Labour")),
        ("ledger", "http://ledger.example/f", ("News", "Europe")),
        ("the-daily-tide-2", "https://other.example/rss", ()),
    ]
    assert sources[0].title == "The Daily & Tide" and sources[0].home == "https://tide.example/"
    assert len(notes) == 2


@pytest.mark.parametrize(
    "body", [b"", b"x", b"<html><body><p>x</p></body></html>", b"<opml><body/></opml>", b"\x00"]
)
def test_what_is_no_opml(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


def test_opml_out_and_in_again() -> None:
    sources, _ = read_opml(OPML)
    again, notes = read_opml(write_opml(sources).encode())
    assert sorted(again, key=lambda source: source.name) == sorted(sources, key=lambda source: source.name)
    assert not notes


@hypothesis_settings(deadline=None)  # a busy machine is no fault
@given(st.text(min_size=1, max_size=60))
def test_any_title_gives_a_name_that_is_taken(title: str) -> None:
    source = replace(FEED, name=name_for(title, {"source"}), title=None)
    assert parse(entry(source)).sources == (source,)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# mine\n[sources.old]\nkind = 'feed' # keep\naddress = 'https://old.example/'\n")
    whole = Source(
        name="néw.1",
        kind="section",
        address="https://a.example/x",
        title='He said: "No"\\',
        floor=dt.timedelta(seconds=90),
        ceiling=dt.timedelta(days=14),
        delay=1.5,
        concurrency=3,
        language="de",
        labels=("a", "b c"),
        catch_up="skip",
        since=dt.date(2021, 3, 24),
        link_pattern=r"/\d{4}/",
        render=True,
        enabled=False,
    )
    append(path, [whole])
    assert load(path).named("néw.1") == whole
    assert path.read_text().startswith("# mine\n[sources.old]\nkind = 'feed' # keep\n")
    before = path.read_text()
    for bad in ([whole], [replace(whole, name="x"), replace(whole, name="x", address="https://b.example/")]):
        with pytest.raises(CatalogueError):
            append(path, bad)
    assert path.read_text() == before


def test_patterns_and_a_first_day_hold_for_every_kind() -> None:
    feed = b"""<rss version="2.0"><channel>
    <item><link>https://tide.example/world/1</link><pubDate>2024-05-06</pubDate></item><item><link>https://tide.example/sport/2</link></item><item><link>https://tide.example/world/3</link>
    <pubDate>2020-05-06</pubDate></item><item><link>https://tide.example/world/4</link></item></channel></rss>"""
    source = replace(FEED, exclude="/sport/", since=dt.date(2021, 1, 1), language="en")
    found = read_source(source, feed, {}, FEED.address)
    assert [link.url for link in found.links] == [
        "https://tide.example/world/1",
        "https://tide.example/world/4",
    ]
    assert {link.hints["language"] for link in found.links} == {"en"}
    assert {link.source for link in found.links} == {"feed:tide"} and len(found.notes) == 2


MAIL = (
    "From: a@b.example\nSubject: Morning notes\nMessage-ID: <{0}@b.example>\n"
    "Date: Mon, 06 May 2024 07:00:00 +0200\n"
    "Content-Type: text/plain; charset=utf-8\n\nStory {0}: dockers walk out\nhttps://news.example/{0}\n"
    "The dockers of Rotterdam walked out on Monday over pay and hours, their union said.\n"
)


@pytest.mark.parametrize("form", ["maildir", "mbox", "folder"])
def test_mailboxes(tmp_path: Path, form: str) -> None:
    """A newsletter is read once, whatever holds it; what is still being delivered is not read."""
    if form == "maildir":
        address = tmp_path / "Maildir"
        maildir = mailbox.Maildir(address)
        for number in (1, 2):
            maildir.add(MAIL.format(number).encode())
        (address / "tmp" / "half").write_text("Subject: half")
    elif form == "mbox":
        address = tmp_path / "inbox.mbox"
        mbox = mailbox.mbox(address)
        for number in (1, 2):
            mbox.add(MAIL.format(number).encode())
        mbox.close()
    else:
        address = tmp_path / "mail"
        address.mkdir()
        for number in (1, 2):
            (address / f"{number}.eml").write_text(MAIL.format(number))
        (address / "3.eml.part").write_text("Subject: half")
    source = Source(name="post", kind="mailbox", address=str(address))
    found = list(deliveries(source))
    assert len({one.key for one in found}) == 2
    assert [one.key for one in deliveries(source)] == [one.key for one in found]
    links = [link for one in found for link in read_delivery(source, one).links]
    assert sorted(link.url or "" for link in links) == ["https://news.example/1", "https://news.example/2"]
    assert {link.source for link in links} == {"mailbox:post"}
    assert all(link.received_at and link.received_at.value.startswith("2024-05-06") for link in links)


def test_a_watched_mailbox_gives_each_message_once(tmp_path: Path) -> None:
    """A crawl looks again and again; a newsletter that was read is not read anew, a new one is."""
    source = Source(name="post", kind="mailbox", address=str(tmp_path / "inbox.mbox"))
    journal = Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    shop: Any = SimpleNamespace(journal=journal, archive=SimpleNamespace(flush=lambda: None))

    def look() -> Poll:
        (due,) = journal.claim_polls({"post": source.floor}, due_only=False)
        one = begin(source, due)
        poll(shop, [one])
        settle_poll(shop, one, None)
        return one

    assert look().reading.outcome == "failed"  # no mailbox yet: said, and looked for again
    for number in (1, 2):
        box = mailbox.mbox(source.address)
        box.add(MAIL.format(number).encode())
        box.close()
        first, second = look(), look()
        assert [link.url for link in first.links.values()] == [f"https://news.example/{number}"]
        assert (first.reading.outcome, first.reading.new) == ("read", 1)
        assert (second.reading.outcome, second.links) == ("unchanged", {})
    journal.close()
