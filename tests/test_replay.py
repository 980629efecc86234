"""If these fail, a lost index is lost for good, or running a step again harms what stands."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from one_run import take
from story_samples import sentences

from dateline import settings
from dateline.archive import Archive
from dateline.changes import changes
from dateline.corrections import making as correcting
from dateline.corrections.model import Correction
from dateline.models import Article, DigestItem, Link, Moment, Outcome, Page
from dateline.replay import (
    Asked,
    Preview,
    ReplayError,
    finish,
    preview,
    put,
    redone,
    reread,
    running,
    standing,
    write_again,
)
from dateline.urls import article_id
from dateline.work import Fetched
from dateline.workshop import Workshop

pytestmark = pytest.mark.usefixtures("shared_workers")
DAY = dt.datetime(2021, 3, 24, 12, tzinfo=dt.UTC)


def html(seed: int, title: str, canonical: str | None = None) -> bytes:
    body = "".join(f"<p>{one} Sergei Lavrov spoke on 22 March 2021.</p>" for one in sentences(seed, 8))
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{link}'
        f'<meta property="og:type" content="article"><meta name="author" content="Jo Reed">'
        f'<meta property="article:published_time" content="2021-03-23T08:00:00Z"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


WALL = b"<html><head><title>Before you continue</title></head><body><p>Accept cookies</p></body></html>"


class Past:
    """An archive with a past: pages fetched, outcomes noted, articles settled as a run does it."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop

    def run(self, source: str, *visits: tuple[Link, Page | None, Outcome, str]) -> None:
        """One run that read these links: with their pages, or with why there was none."""
        shop = self.shop
        run_id = shop.journal.begin_run("ingest", {"paths": [source]})
        shop.journal.expect(run_id, [link for link, *_ in visits])
        fetched = []
        for link, page, outcome, reason in visits:
            location = shop.archive.write(page) if page else None
            fetched.append(Fetched(link=link, location=location, outcome=outcome, reason=reason))
        shop.archive.flush()
        take(shop, run_id, fetched)


def link(name: str, source: str, item: str | None = None) -> Link:
    url = f"https://{name}.example/news/{name}"
    found = None
    if item:
        found = DigestItem(
            file=source, start_line=1, end_line=9, title=f"As the digest has {name}", text=item
        )
    received = Moment(value="2021-03-24", precision="day")
    return Link(link_id=article_id(url), url=url, source=source, item=found, received_at=received)


def page(of: Link, body: bytes, minute: int = 0, status: int = 200) -> Page:
    assert of.url
    return Page(
        requested_url=of.url,
        final_url=of.url,
        status=status,
        headers={"content-type": "text/html; charset=utf-8"},
        body=body,
        fetched_at=DAY + dt.timedelta(minutes=minute),
    )


A = link("alpha", "digest:one.txt", "Short words of the digest about the talks in Geneva on Monday.")
B = link("beta", "digest:one.txt")
COPY = link("copy", "feed:other")
GONE = link("gone", "feed:other")
DEAD = link("dead", "digest:one.txt", " ".join(sentences(77, 5)))
MOVED = link("moved", "feed:other")
BARE = Link(
    link_id="bare" * 8,
    url=None,
    source="digest:two.txt",
    item=DigestItem(
        file="two.txt", start_line=1, end_line=4, title="No link", text=" ".join(sentences(88, 4))
    ),
    received_at=Moment(value="2021-03-24", precision="day"),
)
WALLED = link("walled", "feed:other")


@pytest.fixture(scope="module")
def original(shared_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with all that links can come to, made once."""
    home = tmp_path_factory.mktemp("original")
    with shop_in(home) as shop:
        past = Past(shop)
        ok, none = Outcome.INDEXED, ""
        past.run(
            "one",
            (A, page(A, html(1, "Talks in Geneva end")), ok, none),
            (B, page(B, html(2, "A bridge reopens")), ok, none),
            (DEAD, None, Outcome.GONE, "http-404"),
            (BARE, None, Outcome.DIGEST_ONLY, "the item prints no link"),
        )
        past.run(
            "two",
            (COPY, page(COPY, html(1, "Geneva: no deal")), ok, none),
            (GONE, page(GONE, html(3, "A report that vanishes")), ok, none),
            (MOVED, page(MOVED, html(4, "Moved", "https://moved.example/true/address")), ok, none),
            (WALLED, page(WALLED, html(5, "Behind a wall by now")), ok, none),
        )
        past.run(
            "three",
            (GONE, None, Outcome.GONE, "http-410"),
            (WALLED, page(WALLED, WALL, 30), ok, none),
            (B, page(B, html(6, "A bridge reopens, updated"), 60), ok, none),
        )
    return home


def shop_in(home: Path) -> Workshop:
    os.environ["DATELINE_HOME"] = str(home)
    return Workshop(settings.load(), fetching=False, warmed=False)


@pytest.fixture
def home(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    shutil.copytree(original, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def shop(home: Path) -> Iterator[Workshop]:
    with shop_in(home) as made:
        yield made


def same(article: Article) -> Article:
    """Without what says only when we looked."""
    return dataclasses.replace(article, indexed_at=None, version=0)


def articles(shop: Workshop) -> dict[str, Article]:
    return {article.article_id: same(article) for article in shop.store.scan()}


def replay(shop: Workshop, asked: Asked, approved: bool = False) -> str:
    """What the flow does, without Prefect."""
    shop.touched.clear()
    with running(shop, asked) as work:
        if asked.step == "extract":
            ids = [id for id in shop.journal.replayable(asked.since, asked.source) if id not in work.done]
            put(shop, work.built, work.run_id, reread(shop, shop.journal.pasts(ids)))
        else:
            for batch in standing(shop, asked):
                work.written += write_again(shop, work.built, redone(shop, asked, batch))
        return finish(shop, work, approved)


def test_an_index_that_is_lost_comes_back_from_journal_and_archive(home: Path) -> None:
    """Digest items without a page, a page that is gone, one that a wall hides by now, stories: all of it."""
    with shop_in(home) as shop:
        before = articles(shop)
    shutil.rmtree(home / "index")
    with shop_in(home) as shop:
        assert shop.store.count() == 0
        told = replay(shop, Asked())
        after = articles(shop)
        assert "8 links" in told and after.keys() == before.keys()
        assert {id: changes(before[id], after[id]) for id in before} == {id: [] for id in before}
        assert after == before
        outcomes = {article.title: (article.outcome, article.outcome_reason) for article in after.values()}
        assert outcomes["A report that vanishes"] == (Outcome.GONE, "http-410")
        assert outcomes["As the digest has dead"] == (Outcome.DIGEST_ONLY, "http-404")
        assert {article.title for article in after.values() if article.story} == {
            "Talks in Geneva end",
            "Geneva: no deal",
        }
        assert shop.journal.unfinished_runs("replay") == []


@pytest.mark.opensearch
def test_it_comes_back_on_the_other_store_too(
    home: Path, opensearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same journal and archive give the same articles, whichever store they are put into."""
    with shop_in(home) as shop:
        before = articles(shop)
    alias = f"test-{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("DATELINE_STORE", "opensearch")
    monkeypatch.setenv("OPENSEARCH_URL", opensearch_url)
    monkeypatch.setenv("DATELINE_INDEX", alias)
    with shop_in(home) as shop:
        replay(shop, Asked())
        assert articles(shop) == before
        replay(shop, Asked(step="index"))
        assert articles(shop) == before and shop.store.roll_back() == 0
        assert articles(shop) == before
        shop.store._client.ask("DELETE", f"/{alias}*")  # type: ignore[attr-defined]


def test_a_preview_says_what_would_change_and_writes_nothing(shop: Workshop) -> None:
    seen = preview(shop, Asked())
    assert (seen.sampled, seen.changed, seen.lost, seen.added) == (8, 0, [], []), seen.changes
    # as if an older Dateline had read it: no author, another title
    id = article_id(str(A.url))
    worse = shop.store.get(id)
    assert worse is not None
    worse.authors, worse.title = [], "Cookies"
    shop.store.write([worse])
    seen = preview(shop, Asked())
    assert seen.fields == {"title": 1, "authors": 1} and seen.many
    found = {change.field: (change.old, change.new) for change in seen.changes}
    assert found == {"title": ("Cookies", "Talks in Geneva end"), "authors": ("", "Jo Reed")}
    still = shop.store.get(id)
    assert still is not None and still.title == "Cookies"
    assert shop.store.building() is None and not list(shop.settings.home.glob("preview-*"))
    assert preview(shop, Asked(), sample=3).sampled <= 4, "a sample, and what leads to the same articles"
    replay(shop, Asked())
    mended = shop.store.get(id)
    assert mended is not None and mended.title == "Talks in Geneva end"
    assert shop.store.roll_back() == 0
    again = shop.store.get(id)
    assert again is not None and again.title == "Cookies"


def test_a_part_is_replayed_where_it_stands_and_the_rest_is_left(shop: Workshop) -> None:
    mine, other = article_id(str(GONE.url)), article_id(str(A.url))
    for id in (mine, other):
        worse = shop.store.get(id)
        assert worse is not None
        worse.title, worse.version = "Worse", worse.version + 5  # written again since, of the same page
        shop.store.write([worse])
    told = replay(shop, Asked(source="feed:other"))
    assert "1 articles changed, 0 removed" in told
    titles = {id: article.title for id, article in articles(shop).items()}
    assert titles[mine] == "A report that vanishes" and titles[other] == "Worse"
    assert shop.journal.replayable(since=dt.datetime.now(dt.UTC) + dt.timedelta(days=1)) == []


def test_enrich_and_index_work_on_what_stands(shop: Workshop) -> None:
    before = articles(shop)
    id = article_id(str(B.url))
    bare = shop.store.get(id)
    assert bare is not None and bare.entities
    bare.entities, bare.sentences, bare.story = [], [], "story-nonsense"
    shop.store.write([bare])
    assert preview(shop, Asked(step="index")).changed == 0
    seen = preview(shop, Asked(step="enrich"))
    assert seen.fields["entities"] == 1 and seen.changed == 1
    replay(shop, Asked(step="index"))
    after = articles(shop)
    assert after[id].entities == [] and after[id].story is None, "stories are put together anew"
    replay(shop, Asked(step="enrich"))
    assert articles(shop) == before


def test_what_a_person_corrected_outlives_every_step(shop: Workshop) -> None:
    """A name hidden and a date mended by hand come back wrong with the next release, if this fails."""
    before = articles(shop)
    id = article_id(str(B.url))
    name = before[id].entities[0].entity_id
    for asked in (
        Correction(kind="set", article_id=id, field="published_at", value="2020-01-02", who="anna"),
        Correction(kind="hide", entity_id=name, who="anna"),
    ):
        correcting.make(shop.store, shop.journal, asked)
    corrected = articles(shop)
    assert corrected[id].published_at == Moment(value="2020-01-02", precision="day")
    for step in ("index", "enrich", "extract"):
        replay(shop, Asked(step=step))  # type: ignore[arg-type]
        assert articles(shop) == corrected, step
    assert shop.store.entities(name) == []
    for number in (1, 2):
        correcting.undo(shop.store, shop.journal, number, "anna")
    assert articles(shop) == before


def test_a_rebuild_that_lost_articles_is_not_swapped_in(shop: Workshop) -> None:
    """An archive folder that was not mounted must not empty the search."""
    before = articles(shop)
    for file in Archive(shop.settings.archive_folder).files():
        file.unlink()
    assert preview(shop, Asked()).many
    with pytest.raises(ReplayError, match="is not used"):
        replay(shop, Asked())
    assert articles(shop) == before and shop.store.building() is None
    replay(shop, Asked(source="feed:other"))
    assert articles(shop).keys() == before.keys(), "what can't be read takes nothing away"


def test_a_killed_replay_goes_on_where_it_was(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = articles(shop)
    with pytest.raises(KeyboardInterrupt), running(shop, Asked()) as work:
        part = shop.journal.replayable()[:3]
        put(shop, work.built, work.run_id, reread(shop, shop.journal.pasts(part)))
        raise KeyboardInterrupt
    with pytest.raises(ReplayError, match="at work"):
        replay(shop, Asked())
    monkeypatch.setattr("dateline.journal.runs.lives", lambda *_: False)
    with running(shop, Asked()) as again:
        assert again.done == set(part) and again.run_id == work.run_id
        assert again.built.count() > 0
        left = [id for id in shop.journal.replayable() if id not in again.done]
        put(shop, again.built, again.run_id, reread(shop, shop.journal.pasts(left)))
        finish(shop, again, approved=False)
    assert articles(shop) == before


def test_what_is_collected_meanwhile_is_in_the_new_index(shop: Workshop, home: Path) -> None:
    late, early = link("late", "feed:late"), link("early", "feed:late")
    with running(shop, Asked()) as work:
        ids = shop.journal.replayable()
        Past(shop).run("late", (late, page(late, html(9, "Late news")), Outcome.INDEXED, ""))
        put(shop, work.built, work.run_id, reread(shop, shop.journal.pasts(ids)))
        building = shop.store.building()
        assert building is not None
        # as of a run that had looked for a rebuild just before this one began
        Past(shop).run("early", (early, page(early, html(10, "Early news")), Outcome.INDEXED, ""))
        building.delete([article_id(str(early.url))])
        finish(shop, work, approved=False)
    assert {"Late news", "Early news"} <= {article.title for article in articles(shop).values()}


def test_what_may_not_be_kept_is_taken_over(shop: Workshop) -> None:
    """A publisher may forbid to keep the page: then only the index has what was read."""
    journal, id = shop.journal, article_id(str(MOVED.url))
    old = next(one for one in shop.store.scan() if one.title == "Moved")
    import sqlalchemy as sa

    from dateline.journal.tables import attempts, links

    with journal._write() as connection:
        for table in (attempts, links):
            connection.execute(sa.update(table).where(table.c.link_id == id).values(archive=None))
    replay(shop, Asked())
    assert same(old) == articles(shop)[old.article_id]
    replay(shop, Asked(source="feed:other"))
    assert same(old) == articles(shop)[old.article_id]
    Past(shop).run("gone by now", (MOVED, None, Outcome.GONE, "http-404"))
    replay(shop, Asked())
    assert articles(shop)[old.article_id].outcome is Outcome.GONE


def test_a_preview_counts_its_share() -> None:
    assert Preview().share == 0 and not Preview().many
    assert Preview(sampled=10, changed=1).many is False
    assert Preview(sampled=10, changed=1, lost=["a"]).many is True
