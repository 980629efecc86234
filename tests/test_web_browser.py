"""The pages in Debian's Chromium, as a person meets them: by mouse, by keyboard, on a phone, in the dark.

Pictures of each go to screenshots/, to be looked at.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from web_samples import articles, fill_journal, hostile, serving, settings

from dateline.alerts.notice import notice
from dateline.corrections.overlay import Overlay
from dateline.journal import Journal
from dateline.models import Outcome
from dateline.query import Query
from dateline.replay import Asked, finish, redone, running, standing, write_again
from dateline.settle import settle
from dateline.stores import open_store
from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app
from dateline.work import Understood
from dateline.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REPO = Path(__file__).resolve().parents[1]
PICTURES = REPO / "screenshots"
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SEARCH = "/?entity=Ada+Vell&mentioned=2024-03-11..2024-03-24&sort=oldest"
PAGES = {
    "search": "/?q=strike",
    "near": f"{SEARCH}&near=1",
    "article": "/article/a01",
    "entity": "/entity/person/ada-vell",
    "edited": "/article/a02#edits",
    "timeline": "/timeline?q=strike",
    "alerts": "/alerts?draft=q%3Dstrike&days=31&until=2024-03-31",
    "sources": "/sources",
    "corrections": "/corrections",
    "nothing": "/?q=zeppelin&from=1999&to=1999",
    "problem": "/?to=soon",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.fail("no Chromium: `apt-get install chromium`, or name one in CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    chosen = settings(tmp_path_factory.mktemp("home"))
    fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.overlay = Overlay(chosen.journal_url)
    store.write(articles())
    edit(chosen.journal_url)
    app = create_app(chosen, store)
    app.state.ledger.of(Query(), 60)  # the journal is read
    with serving(app) as url:
        yield url
    store.close()


def edit(journal_url: str) -> None:
    """The second article's publisher takes back a number, and a name, and the headline."""
    old, new = articles()[1], articles()[1]
    old.text = new.text.replace("Dockers in", "Up to 400 dockers in", 1)
    old.title = "Hundreds stop work"
    new.fetched_at = dt.datetime(2024, 3, 12, 9, tzinfo=dt.UTC)
    old.fetched_at = new.fetched_at - dt.timedelta(hours=3)
    with Journal(journal_url) as journal:
        journal.note_edits([(old, new)])


@pytest.fixture
def opened(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the service in a fresh profile; whatever the console or the policy says fails."""
    contexts, said = [], []

    def open_(path: str, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        context = browser.new_context(base_url=url, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(url) else said.append(request.url))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    # a page of a refused query is answered with 400, which the console repeats
    assert [line for line in said if "status of 400" not in line] == []


def test_a_search_by_hand_narrowed_by_a_facet_to_an_article_and_an_entity(
    opened: Callable[..., Page],
) -> None:
    page = opened("/")
    page.get_by_label("Words").fill("strike")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("6 articles")
    page.locator("aside").get_by_role("link", name="Harbour Wire").click()
    expect(page.locator("h1")).to_have_text("2 articles")
    page.get_by_role("link", name="Remove publisher Harbour Wire").click()
    expect(page.locator("h1")).to_have_text("6 articles")
    page.get_by_role("link", name="Cranes stand still").click()
    expect(page.locator("article mark.entity").first).to_have_text("Lindhaven")
    page.locator(".names").get_by_role("link", name="Ada Vell").click()
    expect(page.locator("h1")).to_have_text("Ada Vell")
    page.get_by_role("link", name="All articles").click()
    expect(page.locator("h1")).to_have_text("5 articles")


def test_what_somebody_said_and_who_reported_it_first(opened: Callable[..., Page]) -> None:
    """The journalist's question, by hand: who said what in a week, and who had it first."""
    page = opened("/")
    page.get_by_text("Who said what, and more").click()
    page.get_by_label("Quoted").fill("Vell")
    page.get_by_label("saying").fill("offer")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("1 article")
    expect(page.locator(".sentence").first).to_contain_text("We have waited since October for an offer")
    expect(page.locator(".sentence mark.word")).to_have_text("offer")
    expect(page.locator(".first")).to_have_text("Reported by Lindhaven Courier alone, 2024-03-05 06:40")
    page.goto("/?q=strike")
    expect(page.locator(".first")).to_contain_text("First reported by Lindhaven Courier, 2024-03-05 06:40")


def test_a_second_search_keeps_the_filters_of_the_first(opened: Callable[..., Page]) -> None:
    page = opened("/?section=Economy&language=en&sort=oldest")
    page.get_by_label("Who or what").fill("Harbour Union")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("2 articles")
    assert "section=Economy" in page.url and "sort=oldest" in page.url


@pytest.mark.parametrize(
    ("kind", "last", "address", "count"),
    [
        ("published", "2024-03-13", "from=2024-03-11&to=2024-03-13", "3 articles"),
        ("mentioned", "2024-03-12", "mentioned=2024-03-11..2024-03-12", "3 articles"),
    ],
)
def test_dragging_over_a_histogram_narrows_the_search(
    opened: Callable[..., Page], kind: str, last: str, address: str, count: str
) -> None:
    page = opened("/?q=strike&from=2024-03-01&to=2024-03-31&mentioned=2024-03-01..2024-03-31")
    chart = page.locator(f'svg[data-kind="{kind}"]')
    begin = chart.locator('.hit[data-first="2024-03-11"]').bounding_box()
    end = chart.locator(f'.hit[data-first="{last}"]').bounding_box()
    assert begin and end
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile(re.escape(address)))
    expect(page.locator("h1")).to_have_text(count)


def test_a_bar_is_a_link_without_javascript(opened: Callable[..., Page]) -> None:
    page = opened("/?q=strike&from=2024-03-01&to=2024-03-31", java_script_enabled=False)
    page.get_by_role("link", name="2024-03-19: 2", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("2 articles")
    page = opened("/", java_script_enabled=False)
    page.get_by_label("Words").fill("strike")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("6 articles")


def test_all_of_a_search_can_be_done_by_keyboard(opened: Callable[..., Page]) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    assert page.locator(":focus").bounding_box()["x"] >= 0  # type: ignore[index]  # seen once it has focus
    field = page.get_by_label("Words")
    for _ in range(12):  # past the name of the house and its other pages
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            break
    expect(page.locator(":focus")).to_have_attribute("name", "q")
    page.keyboard.type("lighthouse")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("1 article")
    link = page.locator(".results a").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    outline = link.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/a12")


def test_an_entity_is_corrected_on_its_page_and_stays_so_after_a_refetch_and_a_replay(
    browser: Browser, tmp_path: Path
) -> None:
    """What a person mended is gone with the next fetch, if this fails."""
    chosen = settings(tmp_path)
    store = open_store(chosen)
    store.write(articles())
    with serving(create_app(chosen, store)) as url:
        page = browser.new_page(base_url=url)
        page.goto("/entity/person/tomas-brandt")
        page.get_by_text("It is the same as another").click()
        page.get_by_label("The other’s name or id").fill("Ada Vell")
        page.locator("#merge-who").fill("Mira")
        page.get_by_role("button", name="Merge").click()
        page.wait_for_url("**/entity/person/ada-vell")
        expect(page.get_by_text("Also called")).to_contain_text("Tomas Brandt")
        count = page.locator("p.facts").first.inner_text()
        # read again, as a crawl or a replay does: every article anew, through the last step of a run
        again = [
            dataclasses.replace(article, version=9, text=article.text + " More.") for article in articles()
        ]
        for article in again:
            article.content_hash = "anew"
        known = [
            Understood(link_id=article.article_id, article=article, outcome=article.outcome)
            for article in again
        ]
        assert {row.outcome for row in settle(store, known, {}, set())} <= {Outcome.UPDATED}
        page.goto("/entity/person/tomas-brandt")
        page.wait_for_url("**/entity/person/ada-vell")
        assert page.locator("p.facts").first.inner_text() == count
        # and replayed: a new index is built beside this one and takes its place
        asked = Asked(step="index")
        with Workshop(chosen, fetching=False, warmed=False) as shop, running(shop, asked) as work:
            for batch in standing(shop, asked):
                work.written += write_again(shop, work.built, redone(shop, asked, batch))
            assert "12 articles" in finish(shop, work, approved=False)
        page.goto("/entity/person/tomas-brandt")
        page.wait_for_url("**/entity/person/ada-vell")
        assert page.locator("p.facts").first.inner_text() == count
        page.goto("/corrections")
        page.get_by_role("button", name="Undo correction 1").click()
        expect(page.get_by_text("undone by Mira")).to_be_visible()
        page.goto("/entity/person/tomas-brandt")
        expect(page.locator("h1")).to_have_text("Tomas Brandt")
        page.close()
    store.close()


def test_an_alert_is_drafted_rehearsed_saved_followed_and_switched_off(
    browser: Browser, tmp_path: Path
) -> None:
    """A person who can't see beforehand what an alert would send learns it at night from their phone."""
    chosen = settings(tmp_path)
    store = open_store(chosen)
    store.write(articles())
    with serving(create_app(chosen, store)) as url, Journal(chosen.journal_url) as journal:
        page = browser.new_page(base_url=url)
        page.goto("/?q=strike")
        page.get_by_role("link", name="Alert me").click()
        page.get_by_label("Rehearse over days").fill("31")
        page.get_by_label("until").fill("2024-03-31")
        page.get_by_role("button", name="Rehearse").click()
        # six articles have the word; two of them tell of the strike's end, which is one message
        expect(page.get_by_text("would have been sent")).to_contain_text("5 messages")
        expect(page.get_by_text("would have been sent")).to_contain_text("of 6 articles")
        expect(page.locator(".strip rect")).to_have_count(5)
        assert journal.searches() == [] and journal.alerts() == [], "a rehearsal keeps and sends nothing"
        page.get_by_label("Name", exact=True).fill("strikes")
        page.locator("#who").fill("Mira")
        page.get_by_role("button", name="Save and alert me").click()
        row = page.locator("tr", has_text="strikes")
        expect(row).to_contain_text("on")
        address = row.get_by_role("link", name="feed").get_attribute("href")
        assert "<item>" not in page.request.get(f"{url}{address}").text(), (
            "what was there before sends nothing"
        )

        fresh = dataclasses.replace(articles()[4], article_id="fresh", story=None, title="A new strike")
        fresh.indexed_at = dt.datetime.now(dt.UTC)
        store.write([fresh])
        assert notice(store, journal, ["fresh"]) == 1
        feed = page.request.get(f"{url}{address}")
        assert "<title>A new strike</title>" in feed.text()
        assert "xml" in feed.headers["content-type"]
        page.reload()
        page.get_by_role("link", name="A new strike").click()
        expect(page.locator("h1")).to_have_text("A new strike")
        page.goto("/alerts")
        page.get_by_role("button", name="Switch strikes off").click()
        expect(page.locator("tr", has_text="strikes")).to_contain_text("off")
        assert not journal.search("strikes").enabled
        page.close()
    store.close()


def test_what_a_publisher_changed_is_shown_by_sentence(opened: Callable[..., Page]) -> None:
    page = opened("/article/a02")
    page.get_by_role("link", name="edited 1 time").click()
    changes = page.locator(".changes li")
    expect(changes.first).to_contain_text("headline changed")
    expect(changes.nth(1)).to_contain_text("Up to 400 dockers")
    expect(page.locator(".changes mark.number").first).to_have_text("400")
    page.get_by_text("A field of this article").click()
    expect(page.get_by_role("button", name="Correct the field")).to_be_visible()


def test_an_export_is_downloaded_as_it_says(opened: Callable[..., Page]) -> None:
    page = opened("/?q=strike")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    rows = Path(waiting.value.path()).read_text("utf-8").splitlines()
    assert waiting.value.suggested_filename == "dateline.csv" and rows[0].startswith("id,title,url")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen_and_pass_axe(opened: Callable[..., Page], width: int, scheme: str) -> None:
    """No page is wider than a phone, none has a serious fault for who reads by ear or needs contrast."""
    from axe_playwright_python.sync_playwright import Axe

    PICTURES.mkdir(exist_ok=True)
    page = opened(
        "/",
        viewport={"width": width, "height": 844 if width == 390 else 900},
        color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page; the policy itself is tested in test_web.py
    )
    for name, path in PAGES.items():
        page.goto(path)
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if (width == 390) != (scheme == "dark"):
            continue  # each width and each scheme is asked once
        faults = [
            (name, fault["id"], [node["html"][:150] for node in fault["nodes"][:3]])
            for fault in Axe().run(page).response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert faults == []


def test_hostile_articles_run_nothing(browser: Browser, tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "index")
    store.write(hostile())
    with serving(create_app(settings(tmp_path), store)) as url:
        page = browser.new_page()
        ran: list[str] = []
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        for path in ("/", "/?q=hostile", "/article/x-script", "/timeline"):
            page.goto(url + path)
            page.wait_for_timeout(100)
        assert ran == []
        # and should a template ever forget to escape: the policy stops it
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(7)>')")
        page.wait_for_timeout(300)
        assert ran == []
        page.close()
    store.close()


def test_the_picture_in_the_readme_can_be_made_again(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(
        "/?entity=Lindhaven&mentioned=2024-03-11..2024-03-24&near=1&sort=oldest", device_scale_factor=1.5
    )
    expect(page.locator("h1")).to_have_text("8 articles")
    picture = PICTURES / "readme.png"
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=picture)
    assert picture.stat().st_size < 300_000
