"""Polling against real sites on loopback. If these fail, links are missed, or a publisher is asked for
what we have.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from crawl_world import D, H, World

from dateline import clock, settings
from dateline.crawl import backfilling, polling
from dateline.journal import Result
from dateline.journal.frontier import Visit
from dateline.journal.polls import Due
from dateline.models import Link, Outcome
from dateline.sources import catalogue
from dateline.urls import article_id
from dateline.watch.metrics import open_metrics
from dateline.watch.trace import trace_of
from dateline.work import Fetched
from dateline.workshop import Workshop

pytestmark = pytest.mark.usefixtures("shared_workers")
START = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Eight sites, one of each kind, a day and a half after they began."""
    clock.wind(tmp_path / "clock", (START + 1.5 * D - dt.datetime.now(dt.UTC)).total_seconds())
    monkeypatch.setenv("DATELINE_CLOCK", str(tmp_path / "clock"))
    world = World(START, sites=8, stories=3, days=3)
    with world.serve():
        for name, value in {
            "DATELINE_HOME": str(tmp_path / "home"),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PORTS": str(world.port),
            "DATELINE_DELAY": "0.01",
        }.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "sources.toml").write_text(world.sources())
        yield world


@contextmanager
def shop(enriching: bool = True) -> Iterator[Workshop]:
    with Workshop(settings.load(), warmed=False, enriching=enriching) as opened:
        yield opened


def poll(opened: Workshop, sources: list[catalogue.Source], due_only: bool = False) -> list[polling.Poll]:
    by_name = {source.name: source for source in sources}
    due = opened.journal.claim_polls({name: one.floor for name, one in by_name.items()}, due_only=due_only)
    polls = [polling.begin(by_name[one.source], one) for one in due]
    polling.poll(opened, polls)
    for one in polls:
        polling.settle_poll(opened, one, None)
    return polls


def test_every_kind_of_source_gives_each_story_once_and_then_nothing(world: World, tmp_path: Path) -> None:
    sources = list(catalogue.load(tmp_path / "sources.toml"))
    with shop() as opened:
        polls = {one.source.name: one for one in poll(opened, sources)}
        for number, site in enumerate(world.sites.values()):
            told = sum(story.published <= clock.now() for story in site.stories)
            assert polls[f"site-{number}"].reading.new == told, (site.kind, polls[f"site-{number}"].reading)
        asked = len(world.log)
        again = poll(opened, sources)
        assert sum(one.reading.new for one in again) == 0
        assert len(world.log) - asked <= len(sources) + 1, "an index costs one request more"
        assert {one.reading.outcome for one in again} <= {"read", "unchanged"}
        rows = {row["source"]: row for row in opened.journal.poll_rows()}
        for one in again:
            assert rows[one.source.name]["covered_to"] == one.due.end > polls[one.source.name].due.end
            assert one.due.start == polls[one.source.name].due.end, "the interval follows the last one"


def test_a_feed_that_hides_news_behind_not_modified_is_asked_for_the_whole_from_then_on(
    world: World, tmp_path: Path
) -> None:
    """If it were believed again and again, its articles would come a day late each time."""
    number, site = next((n, one) for n, one in enumerate(world.sites.values()) if one.kind == "rss-304")
    source = catalogue.load(tmp_path / "sources.toml").named(f"site-{number}")
    first, second, third = site.stories
    first.published, second.published, third.published = START, START + 2 * D, START + 3 * D
    with shop() as opened:
        assert [one.reading.new for one in poll(opened, [source])] == [1]
        clock.wind(tmp_path / "clock", (START + 2.5 * D - dt.datetime.now(dt.UTC)).total_seconds())
        assert [poll(opened, [source])[0].reading.new for _ in range(5)] == [0, 0, 0, 0, 1]
        clock.wind(tmp_path / "clock", (START + 3.5 * D - dt.datetime.now(dt.UTC)).total_seconds())
        assert [poll(opened, [source])[0].reading.new for _ in range(2)] == [1, 0]


def test_a_page_that_moved_is_read_again_though_its_bytes_are_the_same(world: World) -> None:
    """Else its article keeps an address at which it is not."""
    site = next(one for one in world.sites.values() if one.canonical_lies)
    story = site.stories[0]
    story.published, story.edited, story.gone, story.moved = START, None, None, None
    url = world.url(site, world.path(story))
    link = Link(link_id=article_id(url), url=url, source="test")
    with shop() as opened:
        run = opened.journal.begin_run("crawl", {})
        opened.journal.expect(run, [link])
        opened.journal.add_links([link])
        [before] = opened.fetch([link])
        what = {"link_id": link.link_id, "outcome": Outcome.INDEXED, "article_id": link.link_id}
        opened.journal.record(run, [Result(**what, archive=before.location)])
        opened.journal.visited(run, [Visit(**what, body_hash=before.body_hash)])
        assert [again.reason for again in opened.fetch([link])] == ["the same bytes"]
        story.moved = clock.now()
        [after] = opened.fetch([link])
        assert after.location not in (None, before.location), after


def test_a_past_interval_is_read_again_from_the_archive(world: World, tmp_path: Path) -> None:
    source = catalogue.load(tmp_path / "sources.toml").named("site-0")
    with shop() as opened:
        [first] = poll(opened, [source])
        asked = len(world.log)
        links = polling.reread(opened, source, opened.journal.readings("site-0"))
        assert [link.url for link in links] == [link.url for link in first.links.values()]
        assert len(world.log) == asked


def test_missed_time_is_caught_up_or_skipped_as_the_source_says(world: World, tmp_path: Path) -> None:
    source = catalogue.load(tmp_path / "sources.toml").named("site-0")
    due = Due(source="site-0", start=START, end=START + D, missed=True, interval=2 * H, polls=3, failures=0)
    assert polling.begin(source, due).reading.start == START
    assert polling.begin(replace(source, catch_up="skip"), due).reading.start == START + 22 * H


def backfilled(opened: Workshop, source: catalogue.Source, days: float) -> polling.Poll:
    """The first days of the world, as one run reads them."""
    one = polling.begin(
        source,
        Due(
            source=source.name,
            start=START,
            end=START + days * D,
            missed=False,
            interval=H,
            polls=0,
            failures=0,
        ),
    )
    one.backfill = True
    found = backfilling.past(opened, one)
    polling.poll(opened, [one] if found.missing else [])
    backfilling.settle(opened, found, None)
    return one


@pytest.mark.parametrize("kind", ["sitemap", "index", "rss"])
def test_a_backfill_is_days_each_read_once_and_the_same_again(
    world: World, tmp_path: Path, kind: str
) -> None:
    """Listings are asked for once for all days; again, they come from the archive; what was too old is woken;
    a longer backfill asks for the days that it lacks."""
    number = next(n for n, site in enumerate(world.sites.values()) if site.kind == kind)
    source = catalogue.load(tmp_path / "sources.toml").named(f"site-{number}")
    site = list(world.sites.values())[number]
    clock.wind(tmp_path / "clock", (START + 20 * D - dt.datetime.now(dt.UTC)).total_seconds())
    shown = [(story, f"{story.published:%Y-%m-%d}") for story, _ in world.listed(site, clock.now())]
    with shop() as opened:
        [first] = poll(opened, [source])
        old = 0 if kind == "rss" else len(shown)
        assert (first.reading.new, first.reading.links) == (
            len(shown) - old,
            len(shown) if kind != "index" else 0,
        )
        asked = len(world.log)
        one = backfilled(opened, source, 2)
        two_days = [story for story, day in shown if day < "2027-01-06" and day >= "2027-01-04"]
        assert len(one.links) == len(two_days) > 0
        assert set(one.links) <= opened.journal.are_due(one.links), "what was only known is due now"
        paths = [request.path for request in world.log[asked:]]
        assert len(paths) == len(set(paths)) and paths, paths
        asked = len(world.log)
        again = backfilled(opened, source, 2)
        assert list(again.links) == list(one.links) and len(world.log) == asked
        days = [(r.start, r.end - r.start, r.reason) for r in opened.journal.readings(source.name)[1:]]
        assert days == [(START + n * D, D, "") for n in (0, 1)] + [
            (START + n * D, D, "from the archive") for n in (0, 1)
        ]
        more = backfilled(opened, source, 3)
        three_days = [story for story, day in shown if "2027-01-04" <= day < "2027-01-07"]
        assert len(more.links) == len(three_days) and len(world.log) > asked


def test_a_source_that_fails_is_asked_ever_more_rarely_and_is_not_dropped(
    world: World, tmp_path: Path
) -> None:
    source = replace(catalogue.load(tmp_path / "sources.toml").named("site-0"), name="lost")
    source = replace(source, address=source.address + "-that-is-not-there")
    gaps = []
    with shop() as opened:
        for _ in range(8):
            [one] = poll(opened, [source])
            assert one.reading.outcome == "failed" and one.reading.reason.startswith("http-404")
            [row] = opened.journal.poll_rows()
            gaps.append(round((row["next_poll"] - row["last_poll"]).total_seconds()))
            ahead = float((Path(os.environ["DATELINE_CLOCK"]) / "ahead").read_text())
            clock.wind(Path(os.environ["DATELINE_CLOCK"]), ahead + gaps[-1] + 60)
        assert row["failures"] == 8 and row["covered_to"] is None
    assert gaps == sorted(gaps) and gaps[-1] == D.total_seconds()


def test_one_url_is_traced_and_the_numbers_are_open_metrics(world: World, tmp_path: Path) -> None:
    source = catalogue.load(tmp_path / "sources.toml").named("site-0")
    with shop() as opened:
        [one] = poll(opened, [source])
        text = open_metrics(opened.journal)
    link = next(iter(one.links.values()))
    found = trace_of(settings.load(), f"{link.url}?utm_source=mail")
    assert found is not None and found["link_id"] == link.link_id
    assert [step["step"] for step in found["steps"]] == ["frontier", "poll", "next"]
    assert trace_of(settings.load(), "https://never.seen/") is None
    assert 'dateline_source_polls_total{source="site-0"} 1\n' in text and text.endswith("# EOF\n")
    assert json.dumps(found, default=str)


def test_a_watched_folder_gives_what_came_since(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "digests"
    folder.mkdir()
    (folder / "monday.txt").write_text(
        f"Talks go on\n<{world.url(next(iter(world.sites.values())), '/a')}>\n"
    )
    source = catalogue.Source(name="mail", kind="digests", address=str(folder))
    with shop() as opened:
        [one] = poll(opened, [source])
        assert one.reading.new == 1 and next(iter(one.links.values())).source == "digests:mail"
        assert [again.reading.outcome for again in poll(opened, [source])] == ["unchanged"]
        (folder / "tuesday.txt").write_text(
            f"Talks end\n<{world.url(next(iter(world.sites.values())), '/b')}>\n"
        )
        assert [late.reading.new for late in poll(opened, [source])] == [1]
        (folder / "monday.txt").unlink()
        (folder / "tuesday.txt").unlink()
        folder.rmdir()
        [gone] = poll(opened, [source])
        assert gone.reading.outcome == "failed" and str(folder) in gone.reading.reason


def test_what_a_second_source_says_of_a_link_counts_too(world: World, tmp_path: Path) -> None:
    """A page that a section names first and then a feed and a digest: visited once, with the feed's date, the
    digest's text, and all three names; else what came second would be lost."""
    site = next(iter(world.sites.values()))
    url = world.url(site, world.path(world.listed(site, clock.now())[0][0]))
    folder = tmp_path / "digests"
    folder.mkdir()
    feed = catalogue.load(tmp_path / "sources.toml").named("site-0")
    page = replace(
        feed, name="front", kind="section", address=world.url(site, "/world"), link_pattern="story-"
    )
    digests = catalogue.Source(name="mail", kind="digests", address=str(folder))
    with shop(enriching=False) as opened:
        [first] = poll(opened, [page])
        assert url in [link.url for link in first.links.values()]
        assert [one.reading.new for one in poll(opened, [feed])] == [0]
        run = opened.journal.begin_run("crawl")
        id_ = next(link.link_id for link in first.links.values() if link.url == url)
        links = opened.journal.due_links(opened.journal.due_hosts())
        others = opened.journal.also_named([id_])
        assert [other.source for other in others] == ["feed:site-0"]
        opened.journal.expect(run, [*links, *others])
        opened.journal.taken_along(others)
        assert opened.journal.also_named([id_]) == []
        opened.journal.visited(run, [Visit(link_id=id_, outcome=Outcome.INDEXED)])
        assert opened.journal.are_due([id_]) == set()
        (folder / "monday.txt").write_text(f"Talks go on\nThey went on in Oslo.\n<{url}>\n")
        poll(opened, [digests, feed, page])
        assert opened.journal.are_due([id_]) == {id_}, "a digest may say more than the page"
        [more] = opened.journal.also_named([id_])
        assert more.source == "digests:mail" and more.item is not None
        opened.journal.expect(opened.journal.begin_run("crawl"), [*links, more])
        mine = next(link for link in links if link.link_id == id_)
        [row] = opened.understand([Fetched(link=mine, outcome=Outcome.FAILED, reason="timeout")])
        assert row.article is not None and "Oslo" in row.article.text
        assert row.article.sources == ["digests:mail", "feed:site-0", "section:front"]
