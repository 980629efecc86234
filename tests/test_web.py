"""The pages, over real HTTP: if these fail, a reader is shown what a stranger wrote as code, gets no
answer where there is one, or can't tell "no hits" from "not collected"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from store_samples import article
from web_samples import articles, fill_journal, hostile, serving, settings

from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app
from dateline.web.headers import HEADERS


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the service over the sample archive, hostile articles among them."""
    chosen = settings(tmp_path_factory.mktemp("home"))
    fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.write([*articles(), *hostile()])
    with serving(create_app(chosen, store)) as url, httpx.Client(base_url=url, timeout=20) as client:
        client.get("/api/coverage")  # waits until the journal is read
        yield client
    store.close()


def page(client: httpx.Client, path: str, **params: str) -> str:
    answer = client.get(path, params=params or None)  # {} would take the path's own away
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.mark.parametrize(
    "path", ["/", "/api/search", "/static/style.css", "/nowhere", "/api/nowhere", "/?to=x"]
)
def test_no_answer_lets_a_browser_run_or_load_what_is_not_ours(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize(
    "path", ["/?q=hostile", "/article/x-script", "/timeline?q=hostile", "/?q=hostile&from=2024-02-01"]
)
def test_markup_in_titles_texts_and_publishers_stays_words(client: httpx.Client, path: str) -> None:
    text = page(client, path)
    assert "<script>alert" not in text and "<img" not in text and "<svg onload" not in text
    if "timeline" not in path:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_javascript_link_is_not_offered_for_a_click(client: httpx.Client) -> None:
    text = page(client, "/article/x-script")
    assert "javascript:" not in re.sub(r"<td>.*?</td>", "", text)


def test_what_was_asked_is_shown_back_as_words(client: httpx.Client) -> None:
    for typed in ('"><script>alert(9)</script>', '"a" ><script>alert(9)</script>'):
        text = client.get("/", params={"q": typed, "entity": '"><b>x'}).text
        assert "&lt;script&gt;alert" in text
        assert "<script>alert" not in text and "<b>x" not in text


def test_a_search_shows_the_sentence_that_matched_with_entity_and_date_marked(client: httpx.Client) -> None:
    text = page(client, "/", entity="Ms Vell", mentioned="2024-03-13", near="1")
    assert "<h1>2 articles</h1>" in text
    assert '<mark class="entity">Vell</mark>' in text and '<mark class="date">on Wednesday</mark>' in text
    assert "Hafenstreik" not in text


def test_near_leaves_out_an_article_where_name_and_date_stand_apart(client: httpx.Client) -> None:
    loose = page(client, "/", entity="Tomas Brandt", mentioned="2024-03-11")
    near = page(client, "/", entity="Tomas Brandt", mentioned="2024-03-11", near="1")
    assert "Cranes stand still" in loose and "Cranes stand still" not in near
    assert "Hafenstreik" in near


def test_a_facet_narrows_and_its_chip_takes_it_away_again(client: httpx.Client) -> None:
    text = page(client, "/", q="strike")
    link = re.search(r'<a href="(/\?[^"]*publisher=Harbour[^"]*)"', text)
    assert link
    narrowed = page(client, link[1].replace("&amp;", "&"))
    assert "<h1>2 articles</h1>" in narrowed and "Cranes" not in narrowed
    back = re.search(r'<a href="([^"]*)" aria-label="Remove publisher Harbour Wire"', narrowed)
    assert back and page(client, back[1].replace("&amp;", "&")).count("<h2>") == text.count("<h2>")


def test_a_chip_calls_an_entity_by_its_name(client: httpx.Client) -> None:
    text = page(client, "/", entity="person/ada-vell")
    assert '<span class="key">entity</span> <b>Ada Vell</b>' in text


def test_taking_away_the_date_takes_near_along(client: httpx.Client) -> None:
    """Without this, a click on a chip's × leads to an error."""
    text = page(client, "/", entity="Ada Vell", mentioned="2024-03-13", near="1")
    for link in re.findall(r'<a href="([^"]*)" aria-label="Remove', text):
        page(client, link.replace("&amp;", "&"))


def test_a_name_of_two_says_so_and_can_be_chosen(tmp_path: Path) -> None:
    """Who asks for "Meridian" must learn that it is a company and a town, and be able to choose."""
    town = {"location/meridian": ("LOCATION", ["Meridian"])}
    ships = {"organization/meridian-shipping": ("ORGANIZATION", ["Meridian Shipping", "Meridian"])}
    made = [
        article("town", "A town: Meridian.", people=town),
        article("ship", "Meridian sails.", people=ships),
    ]
    store = EmbeddedStore(tmp_path / "index")
    store.write(made)
    with serving(create_app(settings(tmp_path), store)) as url, httpx.Client(base_url=url) as client:
        text = page(client, "/", entity="Meridian")
        assert "<h1>2 articles</h1>" in text and "stands for" in text
        (link,) = re.findall(r'<a href="(/\?[^"]*)">Meridian Shipping</a> \(organization, 1\)', text)
        chosen = page(client, link.replace("&amp;", "&"))
        assert "<h1>1 article</h1>" in chosen and "stands for" not in chosen
    store.close()


def test_other_outlets_of_a_story_are_folded_under_the_first(client: httpx.Client) -> None:
    text = page(client, "/", q="accepted offer")
    assert text.count("<h2>") + text.count("Same story:") >= 1
    text = page(client, "/", story="strike-ends")
    assert "<h1>2 articles</h1>" in text and text.count("<h2>") == 1 and "Same story:" in text


def test_each_answer_says_what_was_collected(client: httpx.Client) -> None:
    text = page(client, "/", q="lighthouse")
    assert "17 links expected" in text
    for said in (
        "12 fetched",
        "1 blocked",
        "1 paywalled",
        "1 gone",
        "1 failed",
        "1 still to come",
        "4 sources",
    ):
        assert said in text


def test_no_hits_and_nothing_collected_is_told_from_no_hits(client: httpx.Client) -> None:
    collected = page(client, "/", q="zeppelin", **{"from": "2024-03-19", "to": "2024-03-19"})
    assert "11 links expected" in collected and "Nothing in the archive answers this" in collected
    nothing = page(client, "/", q="zeppelin", **{"from": "1999", "to": "1999"})
    assert "Nothing was collected" in nothing


def test_a_missing_journal_is_said_and_not_made(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    store = EmbeddedStore(chosen.index_folder)
    with serving(create_app(chosen, store)) as url:
        found = httpx.get(f"{url}/api/coverage").json()
        assert found["known"] is False and "no journal yet" in found["note"]
        assert "Not known what was collected" in httpx.get(url).text
        assert httpx.get(f"{url}/article/none").status_code == 404
    assert not (tmp_path / "journal.sqlite").exists()


def test_a_broken_journal_takes_the_coverage_line_only(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    (tmp_path / "journal.sqlite").write_bytes(b"no database" * 500)
    store = EmbeddedStore(chosen.index_folder)
    store.write(articles())
    with serving(create_app(chosen, store)) as url:
        assert httpx.get(f"{url}/api/coverage").json()["known"] is False
        assert "12 articles" in httpx.get(url).text
        assert httpx.get(f"{url}/article/a01").status_code == 200


def test_histograms_narrow_the_search_by_a_link(client: httpx.Client) -> None:
    text = page(client, "/", q="strike", **{"from": "2024-03-01", "to": "2024-03-31"})
    bars = re.findall(r'<a href="([^"]*)" aria-label="2024-03-19: 2"', text)
    published = [bar.replace("&amp;", "&") for bar in bars if "from=2024-03-19" in bar]
    assert published
    narrowed = page(client, published[0])
    assert "<h1>2 articles</h1>" in narrowed and "Cranes" not in narrowed
    march = page(client, "/", q="strike", mentioned="2024-03")
    told = re.search(r'<a href="([^"]*mentioned=2024-03-18\.\.2024-03-18[^"]*)"', march)
    assert told and "Union accepts offer" in page(client, told[1].replace("&amp;", "&"))


def test_an_entity_page_has_its_names_a_timeline_and_what_it_said(client: httpx.Client) -> None:
    text = page(client, "/entity/person/ada-vell")
    assert "<h1>Ada Vell</h1>" in text and "Ms Vell" in text and "Tomas Brandt" in text
    days = re.findall(r'<time datetime="([^"]*)"', text)
    assert days == sorted(days) and "2024-01-13" in days and "2023-10-01" in days
    assert "for an offer,”" in text and "In its own words" in text
    assert "second day" not in text  # a sentence that does not name her


def test_an_unknown_entity_has_a_page_that_says_so(client: httpx.Client) -> None:
    assert "No article of the archive names it" in page(client, "/entity/person/nobody")


def test_an_article_says_where_each_field_came_from(client: httpx.Client) -> None:
    text = page(client, "/article/a01")
    assert "Sources disagree on published at" in text and "json-ld" in text and "Strike called" in text
    assert '<mark class="entity">Ms Vell</mark>' in text and '<mark class="date">on Monday</mark>' in text
    assert "The same story elsewhere" in text and "Dockers to walk out" in text


def test_a_timeline_is_in_order_of_what_happened_with_one_line_for_a_story(client: httpx.Client) -> None:
    text = page(client, "/timeline", q="strike OR walk OR accepted")
    days = re.findall(r'<time datetime="([^"]*)"', text)
    assert days == sorted(days) and len(days) > 5
    ends = [line for line in text.split("<li>") if "on Monday</mark>" in line and "accepted" in line]
    assert len(ends) == 1 and "Harbour Wire" in ends[0] and "Lindhaven Courier" in ends[0]


def test_a_timeline_keeps_to_the_name_and_time_asked_for(client: httpx.Client) -> None:
    text = page(client, "/timeline", entity="Ada Vell", mentioned="2024-03-13")
    assert set(re.findall(r'<time datetime="([^"]*)"', text)) == {"2024-03-13"}
    assert "mediator" not in text


def test_a_feed_is_xml_with_absolute_links_and_no_markup_of_strangers(client: httpx.Client) -> None:
    answer = client.get("/feed.xml", params={"q": "hostile OR strike"})
    assert answer.headers["content-type"].startswith("application/rss+xml")
    items = ET.fromstring(answer.content).findall("channel/item")
    assert items and all(item.findtext("link", "").startswith(str(client.base_url)) for item in items)
    dated = {item.findtext("guid"): item.findtext("pubDate") for item in items}
    assert dated["a05"] == "Mon, 11 Mar 2024 18:02:00 +0000"
    script = next(item for item in items if item.findtext("guid") == "x-script")
    assert "<img" not in (script.findtext("description") or "")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?to=2024-13", "write 2021, 2021-03 or 2021-03-22"),
        ("/?q=*ing", "write its beginning"),
        ("/?near=1", "near needs an entity"),
        ("/timeline?sort=size", "write relevance, newest or oldest"),
        ("/feed.xml?limit=²", "write a number from 1 to 100"),
        ("/?limit=5000", "go on with the cursor"),
        ("/?cursor=../..", "leave it out"),
        ("/?q=x&cursor=bm9uZQ", "leave it out"),
    ],
)
def test_a_bad_query_says_what_to_write(client: httpx.Client, path: str, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert said in answer.text


def test_what_is_not_there_is_a_page_with_404(client: httpx.Client) -> None:
    for path in ("/article/none", "/nowhere", "/static/none.js", "/static/../app.py"):
        answer = client.get(path)
        assert answer.status_code == 404 and "Dateline" in answer.text


def test_only_reading_is_spoken(client: httpx.Client) -> None:
    assert client.post("/", data={"q": "x"}).status_code == 405
    assert client.delete("/api/articles/a01").status_code == 405
    assert client.get("/api/articles/a01").status_code == 200


def test_the_journal_s_numbers_can_be_scraped(client: httpx.Client) -> None:
    """Whoever watches a crawl from a dashboard gets nothing else of it."""
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(
        "application/openmetrics-text"
    )
    assert 'dateline_links{outcome="indexed"}' in answer.text and answer.text.endswith("# EOF\n")
