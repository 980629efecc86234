"""A page that came with other bytes and the same text. If these fail, each visit reads its names again,
which is most of the work, or an article stands without any."""

from __future__ import annotations

from faultserver import reply
from one_run import take
from test_several_pages import link, shop  # noqa: F401 - fixtures
from test_webarchive import World, world  # noqa: F401 - fixtures

from dateline.models import Article, Link
from dateline.workshop import Workshop

TEXT = (
    "Viktor Oresh met Anna Kovacs in Geneva on Monday to talk about the price of grain. "
    "The ministers said that they would meet again in Budapest next week, as the harvest is near."
)


def visit(shop: Workshop, world: World, link: Link, other: str, text: str = TEXT) -> tuple[bool, Article]:  # noqa: F811
    """Whether its names were left out, and the article that stands after the visit."""
    page = (
        '<!doctype html><html lang="en"><head><title>Talks in Geneva</title>'
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2021-03-19T08:00:00Z"></head>'
        f"<body><!-- {other} --><article><h1>Talks in Geneva</h1><p>{text}</p></article></body></html>"
    )
    world.publisher.at("/news/talks", reply(page.encode()))
    run_id = shop.journal.begin_run("ingest")
    shop.journal.expect(run_id, [link])
    fetched = shop.fetch([link])
    (understood,) = shop.understand(fetched)
    (row,) = take(shop, run_id, fetched)
    article = shop.store.get(row.article_id or "")
    assert article is not None
    return understood.same, article


def names(article: Article) -> set[str]:
    return {entity.name for entity in article.entities}


def test_names_and_dates_of_a_text_that_stands_are_not_read_again(world: World, shop: Workshop) -> None:  # noqa: F811
    talks = link(world, "/news/talks")
    same, first = visit(shop, world, talks, "an advertisement")
    assert not same and {"Anna Kovacs", "Viktor Oresh"} <= names(first) and first.times
    same, second = visit(shop, world, talks, "another one")
    assert same and second == first
    same, third = visit(shop, world, talks, "another one", TEXT + " Maria Lopez came late.")
    assert not same and "Maria Lopez" in names(third)


def test_what_the_store_has_lost_is_read_again(world: World, shop: Workshop) -> None:  # noqa: F811
    """The journal remembers a text whose article somebody removed from the index."""
    talks = link(world, "/news/talks")
    _, first = visit(shop, world, talks, "an advertisement")
    shop.store.delete([first.article_id])
    same, second = visit(shop, world, talks, "another one")
    assert same and names(second) == names(first) and second.times == first.times and second.sentences
