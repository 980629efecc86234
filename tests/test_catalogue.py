"""`sources.toml`: what a team writes is what is crawled, and a slip of the pen is named, not obeyed.

A failure means a source crawled too often, silently dropped, or an error that nobody can find.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from dateline import settings
from dateline.sources.catalogue import CatalogueError, Source, load, parse, path_of

WHOLE = """
[defaults]
delay = 2
labels = ["news"]

[sources.ledger]
kind = "feed"
address = "https://ledger.example/rss.xml"
title = "The Capital Ledger"
home = "https://ledger.example/"
floor = "5m"
ceiling = "12h"
language = "en-GB"
labels = ["business", "city"]
catch_up = "skip"
since = 2021-03-24

[sources.tide-news]
kind = "sitemap"
address = "https://tide.example/news.xml"
interval = "15m"
concurrency = 2
delay = "500s"

[sources.front]
kind = "section"
address = "https://tide.example/world"
link_pattern = '/world/\\d{4}/'
exclude = '/video/'
render = true
rules = "tide"
enabled = false

[sources.post]
kind = "digests"
address = "inbox"

[sources.lists]
kind = "urls"
address = "https://tide.example/list.txt"
"""


def test_a_whole_file(tmp_path: Path) -> None:
    catalogue = parse(WHOLE, tmp_path / "sources.toml")
    ledger, tide, front, post, lists = catalogue
    assert ledger == Source(
        name="ledger",
        kind="feed",
        address="https://ledger.example/rss.xml",
        title="The Capital Ledger",
        home="https://ledger.example/",
        floor=dt.timedelta(minutes=5),
        ceiling=dt.timedelta(hours=12),
        delay=2.0,
        language="en",
        labels=("business", "city"),
        catch_up="skip",
        since=dt.date(2021, 3, 24),
    )
    assert (ledger.host, ledger.link_source, ledger.online) == ("ledger.example", "feed:ledger", True)
    assert tide.floor == tide.ceiling == dt.timedelta(minutes=15)
    assert (tide.delay, tide.concurrency, tide.labels) == (500.0, 2, ("news",))
    assert front.takes("https://tide.example/world/2021/x") and not front.enabled
    assert not front.takes("https://tide.example/sport/2021/x")
    assert not front.takes("https://tide.example/world/2021/video/x")
    assert post.address == str(tmp_path / "inbox") and not post.online and post.host is None
    assert lists.online
    assert catalogue.named("post") is post
    with pytest.raises(CatalogueError, match=r"no source 'leger', did you mean 'ledger'\?"):
        catalogue.named("leger")


FEED = '[sources.a]\nkind = "feed"\naddress = "https://a.example/f"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[sources.a]\naddress = "https://a.example/"', "source 'a': kind is missing"),
        ('[sources.a]\nkind = "feed"', "source 'a': address is missing"),
        ('[sources.a]\nkind = "rss"\naddress = "x"', "source 'a': kind: 'rss' is none of digests,"),
        ('[sources.a]\nkind = "feed"\naddress = "feed.xml"', "source 'a': address: a feed has a URL"),
        ('[sources.a]\nkind = "feed"\naddress = "http://[::1/"', "source 'a': address: a feed has a URL"),
        ('[sources.a]\nkind = "warc"\naddress = "s3://x/y"', "source 'a': address: a source of kind warc is"),
        (
            '[sources.a]\nkind = "section"\naddress = "https://a.example/"',
            "source 'a': link_pattern is missing",
        ),
        (FEED + "flor = 5", "source 'a': flor: no such key; did you mean 'floor'?"),
        (FEED + 'floor = "soon"', "source 'a': floor: write a time such as '15m'"),
        (FEED + "floor = 0", "source 'a': floor: a time lies between"),
        (FEED + "floor = nan", "source 'a': floor: a time lies between"),
        (FEED + 'floor = "2h"\nceiling = "1h"', "source 'a': floor is longer than ceiling"),
        (FEED + "delay = -1", "source 'a': delay: seconds between 0 and 3600"),
        (FEED + "concurrency = 0", "source 'a': concurrency: a whole number"),
        (FEED + "concurrency = true", "source 'a': concurrency: a whole number"),
        (FEED + 'language = "english"', "source 'a': language: write a language code"),
        (FEED + 'labels = "x"', "source 'a': labels: write a list of texts"),
        (FEED + 'catch_up = "yes"', "source 'a': catch_up: 'yes' is none of catch_up, skip"),
        (FEED + 'since = "last year"', "source 'a': since: write a day"),
        (FEED + 'link_pattern = "("', "source 'a': link_pattern: no regular expression"),
        (FEED + "enabled = 1", "source 'a': enabled: write true or false"),
        (FEED + 'title = "a\\u0000b"', "source 'a': title: a control character"),
        ('[sources."a b"]\nkind = "feed"', "source 'a b': a name has letters"),
        ("[sources]\na = 1", "source 'a': write it as a table"),
        ("[source.a]", "source: no such table"),
        ("sources = 3", "as tables"),
        ('[defaults]\nkind = "feed"', "defaults: kind: no such key"),
        ("[sources.a]\n[sources.a]", "at line 2"),
        ("what", "Expected '=' after a key"),
    ],
)
def test_each_mistake_is_one_line_that_says_where(text: str, words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(text, Path("/etc/sources.toml"))
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith("/etc/sources.toml: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(FEED + 'floor = "x"\ndelay = "y"\n[sources.b]\nkind = "urls"')
    assert len(caught.value.problems) == 3


def test_a_floor_above_the_usual_ceiling_lifts_it() -> None:
    (source,) = parse(FEED + 'floor = "7d"')
    assert source.ceiling == dt.timedelta(days=7)
    (source,) = parse(FEED + 'ceiling = "5m"')
    assert source.floor == source.ceiling == dt.timedelta(minutes=5)


def test_which_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.delenv("DATELINE_SOURCES", raising=False)
    assert path_of(settings.load()) == tmp_path / "sources.toml"
    assert len(load(tmp_path / "sources.toml")) == 0  # no file yet: no sources, no error
    monkeypatch.setenv("DATELINE_SOURCES", str(tmp_path / "other.toml"))
    assert path_of(settings.load()) == tmp_path / "other.toml"
    assert path_of(settings.load(), tmp_path / "third.toml") == tmp_path / "third.toml"
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match=r"other\.toml: can't be read"):
        load(tmp_path / "other.toml")
