"""An article of several pages: if these fail, people search the first third of a long report only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from faultserver import reply
from story_samples import sentences
from test_webarchive import World, collect, world  # noqa: F401 - fixtures

from dateline import settings
from dateline.journal.replaying import Past
from dateline.models import Article, Link
from dateline.replay import reread
from dateline.urls import article_id
from dateline.workshop import Workshop


@pytest.fixture
def shop(
    world: World,  # noqa: F811
    shared_workers: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workshop]:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.setenv("DATELINE_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_PORTS", str(world.publisher.port))
    monkeypatch.setenv("DATELINE_DELAY", "0")
    with Workshop(settings.load(), warmed=False) as made:
        yield made


def serve(world: World, paths: list[str], said: list[list[str]]) -> None:  # noqa: F811
    """Pages of one article, each but the last with a link to the next."""
    for number, (path, texts) in enumerate(zip(paths, said, strict=True)):
        more = f'<link rel="next" href="{paths[number + 1]}">' if number + 1 < len(paths) else ""
        body = "".join(f"<p>{text}</p>" for text in texts)
        page = (
            f'<!doctype html><html lang="en"><head><title>The long road</title>{more}'
            '<meta property="og:type" content="article">'
            '<meta property="article:published_time" content="2021-03-19T08:00:00Z"></head>'
            f"<body><article><h1>The long road</h1>{body}</article></body></html>"
        )
        world.publisher.at(path, reply(page.encode()))


def link(world: World, path: str) -> Link:  # noqa: F811
    url = world.publisher.url(path)
    return Link(link_id=article_id(url), url=url, source="urls:list")


def paragraphs(article: Article | None) -> list[str]:
    assert article is not None
    return article.text.split("\n\n")


PARTS = [sentences(1, 8), sentences(2, 8), sentences(3, 8)]


@pytest.mark.parametrize(
    "paths",
    [
        ["/news/road", "/news/road?page=2", "/news/road?page=3"],
        ["/news/road.html", "/news/road-2.html", "/news/road-3.html"],
        ["/news/road/", "/news/road/2/", "/news/road/3/"],
    ],
)
def test_the_text_of_all_pages_is_one_article(world: World, shop: Workshop, paths: list[str]) -> None:  # noqa: F811
    serve(world, paths, PARTS)
    first = link(world, paths[0])
    (article,) = collect(shop, first).values()
    assert paragraphs(article) == [text for part in PARTS for text in part]
    assert article is not None and len(article.pages) == 2
    assert any("3 pages" in note for note in article.notes)
    assert shop.store.count() == 1
    asked = [request.path for request in world.publisher.requests if request.path.startswith("/news/")]
    assert asked == paths, "each page is asked for once"


def test_a_page_that_can_not_be_had_leaves_what_there_is(world: World, shop: Workshop) -> None:  # noqa: F811
    paths = ["/news/road", "/news/road?page=2", "/news/road?page=3"]
    serve(world, paths, PARTS)
    world.publisher.at(paths[2], reply(status=404))
    (article,) = collect(shop, link(world, paths[0])).values()
    assert paragraphs(article) == [*PARTS[0], *PARTS[1]]
    assert article is not None and any("2 pages; it goes on at" in note for note in article.notes)


def test_pages_that_lead_in_a_circle_or_on_for_ever_end(world: World, shop: Workshop) -> None:  # noqa: F811
    """A stranger's page must not keep a run busy with a next page that has a next page …"""
    paths = [f"/news/road?page={number}" for number in range(1, 49)]
    serve(world, ["/news/road", *paths[1:]], [sentences(number, 3) for number in range(48)])
    (article,) = collect(shop, link(world, "/news/road")).values()
    assert article is not None and len(article.pages) == 20
    serve(world, ["/news/ring", "/news/ring?page=2"], PARTS[:2])
    ring = b'<link rel="next" href="/news/ring?page=2">'
    world.publisher.at(
        "/news/ring?page=2", reply(b"<html><head>" + ring + b"</head><body><p>x</p></body></html>")
    )
    (article,) = collect(shop, link(world, "/news/ring")).values()
    assert article is not None and len(article.pages) == 1


def test_a_replay_reads_all_pages_again_without_a_fetch(world: World, shop: Workshop) -> None:  # noqa: F811
    paths = ["/news/road", "/news/road?page=2", "/news/road?page=3"]
    serve(world, paths, PARTS)
    first = link(world, paths[0])
    (article,) = collect(shop, first).values()
    assert article is not None and article.archive is not None
    before, shop.fetching = len(world.publisher.requests), False
    past = Past(link=first, outcome=article.outcome, article_id=article.article_id, pages=[article.archive])
    (again,) = reread(shop, [past])
    assert paragraphs(again.article) == paragraphs(article)
    assert len(world.publisher.requests) == before
