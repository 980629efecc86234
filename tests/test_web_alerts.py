"""Saved searches over HTTP: if these fail, a person can't save, try or follow a search from the page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest
from web_samples import articles, fill_journal, serving, settings

from dateline.alerts.notice import notice
from dateline.journal import Journal
from dateline.models import Article
from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app

SEARCH = "q=strike"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[httpx.Client, EmbeddedStore, Journal]]:
    chosen = settings(tmp_path)
    fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.write(articles())
    with (
        serving(create_app(chosen, store)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
        Journal(chosen.journal_url) as journal,
    ):
        yield client, store, journal
    store.close()


def fields(client: httpx.Client, path: str, marker: str) -> dict[str, str]:
    """The hidden fields of the form on a page that holds `marker`."""
    forms = re.findall(
        r'<form class="\w+" method="post" action="/alerts">.*?</form>', client.get(path).text, re.S
    )
    (found,) = [one for one in forms if marker in one]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))


def test_a_program_rehearses_saves_and_forgets(
    archive: tuple[httpx.Client, EmbeddedStore, Journal],
) -> None:
    client, _, _ = archive
    total = client.get(f"/api/search?{SEARCH}").json()["total"]
    told = client.get("/api/rehearse", params={"address": SEARCH, "days": 366, "until": "2024-12-31"}).json()
    assert 0 < len(told["messages"]) <= told["articles"] <= total
    assert sum(told["per_day"].values()) == len(told["messages"]) and len(told["per_day"]) == 366
    kept = client.put("/api/alerts/strikes", json={"address": SEARCH, "channels": ["mailto:a@b.example"]})
    assert kept.status_code == 200 and kept.json()["enabled"] is True
    assert [one["name"] for one in client.get("/api/alerts").json()] == ["strikes"]
    assert client.get("/api/alerts/strikes/sent").json() == []
    assert client.delete("/api/alerts/strikes").status_code == 204
    assert client.delete("/api/alerts/strikes").status_code == 409
    assert client.get("/api/alerts").json() == []


@pytest.mark.parametrize(
    ("address", "channels", "said"),
    [
        ("from=yesterday", [], "2021-03-22"),
        ("q=*x", [], "wildcard"),
        (SEARCH, ["javascript:alert(1)"], "webhook"),
        (SEARCH, ["file:///etc/passwd"], "webhook"),
    ],
)
def test_what_can_not_be_kept_is_a_400_that_says_what_to_write(
    archive: tuple[httpx.Client, EmbeddedStore, Journal], address: str, channels: list[str], said: str
) -> None:
    client, _, _ = archive
    answer = client.put("/api/alerts/strikes", json={"address": address, "channels": channels})
    assert answer.status_code == 400 and said in answer.json()["detail"]
    assert client.get("/api/alerts").json() == []


def test_a_person_saves_what_they_searched_for_and_follows_it(
    archive: tuple[httpx.Client, EmbeddedStore, Journal],
) -> None:
    client, store, journal = archive
    page = client.get(f"/?{SEARCH}").text
    (link,) = re.findall(r'href="(/alerts\?draft=[^"]+)"', page)
    draft = client.get(link.replace("&amp;", "&")).text
    assert "would have been sent" in draft
    form = fields(client, f"/alerts?draft={quote(SEARCH)}", 'value="save"')
    form |= {"name": "strikes", "channels": "anna@news.example", "who": "Mira"}
    assert client.post("/alerts", data=form).status_code == 303
    assert journal.search("strikes").channels == ["mailto:anna@news.example"]
    fresh = Article(
        article_id="fresh", title="<script>A strike</script>", text="A strike began.", language="en"
    )
    fresh.indexed_at = dt.datetime.now(dt.UTC)
    store.write([fresh])
    assert notice(store, journal, ["fresh"]) == 1
    page = client.get("/alerts").text
    assert "&lt;script&gt;A strike" in page and "<script>A strike" not in page
    feed = ET.fromstring(client.get("/alerts/strikes.xml").content)
    assert [item.findtext("guid") for item in feed.iter("item")] == ["fresh"]
    assert client.get("/alerts/nobody.xml").status_code == 404
    off = fields(client, "/alerts", 'value="off"') | {"action": "off"}
    assert client.post("/alerts", data=off).status_code == 303 and not journal.search("strikes").enabled
    assert [entry.what for entry in journal.audit()][:2] == ["off search", "save search"]


def test_another_site_saves_nothing(archive: tuple[httpx.Client, EmbeddedStore, Journal]) -> None:
    """A stranger's page must not make a visitor's browser save a search that mails the archive away."""
    client, _, journal = archive
    form = {"action": "save", "name": "theirs", "draft": SEARCH, "channels": "x@evil.example", "who": "x"}
    assert client.post("/alerts", data=form).status_code == 403
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.put("/api/alerts/theirs", json={"address": SEARCH}, headers=foreign).status_code == 403
    assert journal.searches() == []
