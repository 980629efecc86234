"""If these fail, a dead link stays dead although a copy exists, or a copy passes for the page itself."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from faultserver import FaultServer, moved, reply
from one_run import take
from story_samples import sentences

from dateline import settings, webarchive
from dateline.models import Article, DigestItem, Link, Moment, Outcome
from dateline.replay import Asked, finish, put, reread, running
from dateline.urls import article_id
from dateline.workshop import Workshop

STAMP = "20210320101112"


def html(seed: int, title: str) -> bytes:
    body = "".join(f"<p>{one}</p>" for one in sentences(seed, 8))
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        '<meta property="og:type" content="article"><meta name="author" content="Jo Reed">'
        '<meta property="article:published_time" content="2021-03-19T08:00:00Z"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


class World:
    """A publisher that removed its pages, and a web archive that has some of them, on loopback."""

    def __init__(self) -> None:
        self.publisher, self.archive = FaultServer(), FaultServer(host="127.0.0.3")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def link(self, name: str, text: str = "") -> Link:
        url = self.publisher.url(f"/news/{name}")
        item = None
        if text:
            item = DigestItem(file="d.txt", start_line=1, end_line=3, title="In the digest", text=text)
        received = Moment(value="2021-03-24", precision="day")
        return Link(link_id=article_id(url), url=url, source="digest:d.txt", item=item, received_at=received)

    def copy(self, link: Link, answer: bytes) -> None:
        """The archive has this: the day that is asked for leads to the day of the copy."""
        there = f"/web/{STAMP}id_/{link.url}"
        self.archive.at(f"/web/20210324000000id_/{link.url}", moved(there))
        self.archive.at(there, answer)

    def asked(self) -> list[str]:
        """What was asked of the archive."""
        return [request.path for request in self.archive.requests if request.path.startswith("/web/")]


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.thread.start()
    for server in (made.publisher, made.archive):
        made.do(server.__aenter__())
    yield made
    for server in (made.publisher, made.archive):
        made.do(server.__aexit__(None, None, None))
    made.loop.call_soon_threadsafe(made.loop.stop)
    made.thread.join(5)


@pytest.fixture
def shop(
    world: World, shared_workers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workshop]:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.setenv("DATELINE_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_PORTS", f"{world.publisher.port},{world.archive.port}")
    monkeypatch.setenv("DATELINE_DELAY", "0")
    template = world.archive.url("/web/{timestamp}id_/{url}")
    monkeypatch.setenv("DATELINE_WEB_ARCHIVE", template)
    with Workshop(settings.load(), warmed=False) as made:
        yield made


def collect(shop: Workshop, *links: Link) -> dict[str, Article | None]:
    """One run: fetch, understand, settle, record; the article of each link."""
    run_id = shop.journal.begin_run("ingest")
    shop.journal.expect(run_id, links)
    settled = take(shop, run_id, shop.fetch(list(links)))
    return {row.link_id: shop.store.get(row.article_id) if row.article_id else None for row in settled}


def test_a_dead_page_is_read_from_a_copy_that_says_what_it_is(shop: Workshop, world: World) -> None:
    link = world.link("dead", "The digest has a line of it.")
    world.publisher.at("/news/dead", reply(b"gone", 410))
    world.copy(link, reply(html(1, "Talks in Geneva end"), headers={"ETag": '"theirs"'}))
    article = collect(shop, link)[link.link_id]
    assert article is not None and article.title == "Talks in Geneva end"
    assert article.outcome is Outcome.INDEXED and article.article_id == link.link_id
    assert article.outcome_reason == "the page is gone (http-410), a web archive has a copy"
    there = world.archive.url(f"/web/{STAMP}id_/{link.url}")
    assert f"read from a copy in a web archive, taken on 2021-03-20: {there}" in article.notes
    titles = [each for each in article.candidates["title"] if each.chosen]
    assert titles and all(each.place.startswith("web archive, ") for each in titles)
    assert article.method.endswith(", web archive") and article.final_url == link.url
    assert article.publisher != "127.0.0.3", "the archive is no publisher"
    known = shop.journal.known([link.link_id])[link.link_id]
    assert known.etag is None, "the archive's tag means nothing to the publisher"
    # once we have it, it is not asked for again; and a replay knows it for what it is, without the settings
    assert len(world.asked()) == 2
    again = collect(shop, link)[link.link_id]
    assert again is not None and again.text == article.text and len(world.asked()) == 2
    shop.settings = dataclasses.replace(shop.settings, web_archive="", allow_networks=())
    with running(shop, Asked()) as work:
        put(shop, work.built, work.run_id, reread(shop, shop.journal.pasts(shop.journal.replayable())))
        finish(shop, work, approved=False)
    replayed = shop.store.get(article.article_id)
    assert replayed is not None and (replayed.text, replayed.notes) == (article.text, article.notes)


def test_the_page_itself_replaces_the_copy_when_it_comes_back(shop: Workshop, world: World) -> None:
    link = world.link("back")
    world.publisher.at("/news/back", reply(b"gone", 404), reply(html(2, "As the publisher has it now")))
    world.copy(link, reply(html(1, "As it was")))
    first = collect(shop, link)[link.link_id]
    assert first is not None and first.title == "As it was"
    second = collect(shop, link)[link.link_id]
    assert second is not None and second.title == "As the publisher has it now"
    assert not any("web archive" in note for note in second.notes) and second.outcome_reason == ""


def test_where_there_is_no_copy_the_link_is_gone_and_says_so(shop: Workshop, world: World) -> None:
    """The digest's words stand; a copy of an error page, or a broken archive, puts nothing in their place."""
    none, worthless, broken = world.link("none", "Words of the digest."), world.link("wall"), world.link("x")
    for link in (none, worthless, broken):
        world.publisher.at(f"/news/{str(link.url).rsplit('/', 1)[1]}", reply(b"gone", 404))
    world.copy(worthless, reply(b"<html><head><title>Home</title></head><body>Subscribe</body></html>"))
    world.archive.at(f"/web/20210324000000id_/{broken.url}", b"\x00\x01 no HTTP at all\r\n\r\n")
    found = collect(shop, none, worthless, broken)
    digest = found[none.link_id]
    assert digest is not None and digest.outcome is Outcome.DIGEST_ONLY
    assert digest.outcome_reason == "http-404; the web archive has no copy (http-404)"
    rows = {row["link_id"]: row for row in shop.journal.rows()}
    for link, said in ((worthless, "the web archive's copy is no article"), (broken, "no copy from the web")):
        assert found[link.link_id] is None and rows[link.link_id]["outcome"] == "gone"
        assert said in rows[link.link_id]["reason"]


def test_no_archive_is_asked_unless_the_settings_name_one(shop: Workshop, world: World) -> None:
    link, other = world.link("off"), world.link("busy")
    world.publisher.at("/news/off", reply(b"gone", 404))
    world.publisher.at("/news/busy", reply(b"no", 403))
    world.copy(link, reply(html(1, "A copy")))
    world.copy(other, reply(html(1, "A copy")))
    assert collect(shop, other)[other.link_id] is None and world.asked() == [], "a closed door is not dead"
    shop.settings = dataclasses.replace(shop.settings, web_archive="")
    assert collect(shop, link)[link.link_id] is None and world.asked() == []


def test_the_archive_is_judged_by_the_guard_like_any_host(
    shop: Workshop, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that leads to a machine of our own must not open it."""
    link = world.link("inside")
    world.publisher.at("/news/inside", reply(b"gone", 404))
    shop.settings = dataclasses.replace(shop.settings, web_archive="http://169.254.169.254/{timestamp}/{url}")
    assert collect(shop, link)[link.link_id] is None
    (row,) = shop.journal.rows()
    assert row["outcome"] == "gone" and "no copy from the web archive: " in row["reason"]


def test_settings_refuse_a_template_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WEB_ARCHIVE", "web.archive.org")
    with pytest.raises(ValueError, match="DATELINE_WEB_ARCHIVE"):
        settings.load()
    link = Link(
        link_id="a", url="https://a.example/x?y=1", source="s", hints={"published": "2021-04-05T06:07Z"}
    )
    address = webarchive.address("https://web.archive.org/web/{timestamp}id_/{url}", link)
    assert address == "https://web.archive.org/web/20210405000000id_/https://a.example/x?y=1"
