"""Corrections over HTTP: if these fail, a person can't mend the archive, or a stranger's page can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from web_samples import articles, fill_journal, serving, settings

from dateline.corrections.overlay import Overlay
from dateline.journal import Journal
from dateline.stores.embedded import EmbeddedStore
from dateline.web.access import Access
from dateline.web.app import create_app
from dateline.web.keyring import KeyRing

VELL = "person/ada-vell"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    chosen = settings(tmp_path)
    fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.overlay = Overlay(chosen.journal_url)
    store.write(articles())
    with serving(create_app(chosen, store)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client
    store.close()


def form(client: httpx.Client, path: str, kind: str, button: str = "/correct") -> dict[str, str]:
    """The hidden fields of the form of a kind on a page; the client keeps its cookie."""
    page = client.get(path).text
    forms = re.findall(rf'<form class="\w+" method="post" action="{button}">.*?</form>', page, re.S)
    (found,) = [one for one in forms if f'value="{kind}"' in one]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))


def test_a_program_corrects_lists_and_undoes(client: httpx.Client) -> None:
    asked = {"kind": "merge", "entity_id": "Tomas Brandt", "into": "Ada Vell", "who": "mira"}
    made = client.post("/api/corrections", json=asked)
    assert made.status_code == 201
    assert made.json()["correction"]["entity_id"] == "person/tomas-brandt"
    assert made.json()["articles"] > 0
    both = client.get("/api/search", params={"entity": "Tomas Brandt"}).json()
    assert both["entities"] == {"Tomas Brandt": [VELL]}
    (listed,) = client.get("/api/corrections", params={"entity": VELL}).json()
    assert (listed["number"], listed["who"], listed["undone"]) == (1, "mira", None)
    assert client.get("/api/entities/person/tomas-brandt").json()["entity_id"] == VELL
    assert client.get("/entity/person/tomas-brandt").headers["location"] == f"/entity/{VELL}"
    assert client.delete("/api/corrections/1", params={"who": "jo"}).status_code == 200
    again = client.delete("/api/corrections/1", params={"who": "jo"})
    assert again.status_code == 409 and "undone before, by jo" in again.json()["title"]
    assert client.get("/api/corrections").json() == []
    assert [entry["what"] for entry in client.get("/api/audit").json()] == ["undo", "correct"]


def test_what_makes_no_sense_is_a_400_that_says_what_to_write(client: httpx.Client) -> None:
    for asked, said in (
        ({"kind": "hide", "entity_id": "nobody", "who": "a"}, "no entity is called"),
        ({"kind": "hide", "entity_id": VELL}, "give a name"),
        (
            {"kind": "set", "article_id": "a01", "field": "published_at", "value": "soon", "who": "a"},
            "2021-03",
        ),
        ({"kind": "dance", "who": "a"}, "merge"),
    ):
        answer = client.post("/api/corrections", json=asked)
        assert answer.status_code == 400, asked
        assert said in answer.json()["detail"], answer.json()


def test_a_form_corrects_and_its_page_shows_what_was_there(client: httpx.Client) -> None:
    fields = form(client, "/article/a01", "set")
    answer = client.post(
        "/correct",
        data=fields | {"field": "authors", "value": "Kim Ode", "who": "Míra", "note": "<b>printed</b>"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/article/a01")
    page = client.get("/article/a01").text
    assert "Kim Ode" in page and "corrected by Míra" in page and "from “Mira Solberg”" in page
    assert "<b>printed" not in page, "a note is words, not markup"
    assert 'name="who" required maxlength="100" value="Míra"' in page, "a name is typed once"
    undo = form(client, "/article/a01", "1", "/correct/undo")
    assert client.post("/correct/undo", data=undo).status_code == 303
    assert "Kim Ode" not in client.get("/article/a01").text
    assert "undone by Míra" in client.get("/corrections").text


def test_another_site_can_change_nothing(client: httpx.Client) -> None:
    """No token, another's token, another origin: a page that a visitor has open elsewhere has none."""
    fields = form(client, f"/entity/{VELL}", "hide") | {"who": "evil"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/correct", data=fields, headers=headers).status_code == 403
        asked = {"kind": "hide", "entity_id": VELL, "who": "evil"}
        assert client.post("/api/corrections", json=asked, headers=headers).status_code == 403
        assert client.delete("/api/corrections/1", headers=headers).status_code == 403
    assert client.post("/correct", data=fields | {"token": "0" * 64}).status_code == 403
    with httpx.Client(base_url=client.base_url) as stranger:  # has no cookie, or its own
        assert stranger.post("/correct", data=fields).status_code == 403
    plain = client.post("/api/corrections", content=b'{"kind":"hide","entity_id":"x","who":"e"}')
    assert plain.status_code in (400, 415, 422), "a form of another site can only send text/plain"
    assert client.post("/correct", content=b"a=" + b"x" * 100_000).status_code in (403, 413)
    assert client.get("/api/corrections").json() == []
    leads = client.post("/correct", data=fields | {"back": "//evil.example/"})
    assert leads.headers["location"] == "/corrections"


def test_entities_over_the_api(client: httpx.Client) -> None:
    told = client.get(f"/api/entities/{VELL}/timeline").json()
    days = [moment["interval"]["start"] for moment in told["moments"]]
    assert days == sorted(days) and days
    beside = client.get(f"/api/entities/{VELL}/together").json()
    assert "organization/harbour-union" in {one["entity_id"] for one in beside}
    assert VELL not in {one["entity_id"] for one in beside}
    covered = client.get(f"/api/entities/{VELL}/coverage", params={"unit": "year"}).json()
    assert covered[0]["articles"] == sum(period["count"] for period in covered[0]["periods"])
    missing = client.get("/api/entities/person/nobody/together")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_counts_without_hits(client: httpx.Client) -> None:
    found = client.get("/api/facets", params={"q": "strike", "facet": ["publisher", "type:PERSON"]}).json()
    assert found["total"] == 6 and list(found["facets"]) == ["publisher", "type:PERSON"]
    months = client.get("/api/histogram", params={"q": "strike"}).json()["periods"]
    assert sum(period["count"] for period in months) <= 6 and months[0]["key"].endswith("-01")
    days = client.get("/api/histogram", params={"q": "strike", "unit": "day", "of": "mentioned"})
    assert days.status_code == 400 and "mentioned:month" in days.json()["detail"]


def test_sources_and_runs(client: httpx.Client) -> None:
    sources = {one["source"]: one for one in client.get("/api/sources").json()}
    assert sources["feed:nordblatt"]["outcomes"] == {"fetched": 1, "gone": 1, "failed": 1}
    assert sources["feed:nordblatt"]["health"] == "failing"
    assert sources["feed:le-quai"]["health"] == "new"
    (run,) = client.get("/api/runs").json()
    assert (run["links"], run["pending"], run["outcomes"]["indexed"]) == (17, 1, 12)
    page = client.get("/sources").text
    assert "failing" in page and "12 indexed" in page


def test_feeds_are_whole_as_exports(client: httpx.Client) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    for path, item in (("/api/export.rss", "channel/item"), ("/api/export.atom", f"{atom}entry")):
        answer = client.get(path)
        assert len(ET.fromstring(answer.content).findall(item)) == 12
        assert answer.headers["x-total-count"] == "12"
    feed = ET.fromstring(client.get("/feed.atom", params={"q": "strike"}).content)
    assert len(feed.findall(f"{atom}entry")) == 6
    for entry in feed.iter(f"{atom}entry"):
        assert entry.find(f"{atom}id") is not None and entry.find(f"{atom}updated") is not None


def test_versions_of_an_article(client: httpx.Client, tmp_path: Path) -> None:
    old, new = articles()[0], articles()[0]
    new.text = new.text.replace("will stop work", "may stop work")
    with Journal(settings(tmp_path).journal_url) as journal:
        journal.note_edits([(old, new)])
    kept = client.get("/api/articles/a01/versions").json()
    assert [one["number"] for one in kept["versions"]] == [1, 2]
    (change,) = kept["edits"][0]["changes"]
    assert change["kind"] == "changed" and "may stop" in change["new"]
    page = client.get("/article/a01").text
    assert "What the publisher changed" in page and '<mark class="word">may</mark>' in page
    assert client.get("/api/articles/a02/versions").json() == {"versions": [], "edits": []}


def test_a_key_may_correct_only_with_that_scope_and_is_named_in_the_log(tmp_path: Path) -> None:
    """Whoever holds a key can't correct in another's name, nor with a key that may only read."""
    chosen = settings(tmp_path)
    with Journal(chosen.journal_url) as journal:
        secrets = {scope: journal.add_key(f"{scope}er", scope) for scope in ("read", "correct")}
    store = EmbeddedStore(chosen.index_folder)
    store.overlay = Overlay(chosen.journal_url)
    store.write(articles())
    access = Access(token="a token of some length", keys=KeyRing(chosen.journal_url))
    asked = {"kind": "hide", "entity_id": VELL, "who": "the editor"}
    with serving(create_app(chosen, store, access)) as url:

        def post(secret: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {secret}"}
            return httpx.post(f"{url}/api/corrections", json=asked, headers=headers, timeout=30)

        assert post(secrets["read"]).status_code == 403
        made = post(secrets["correct"])
        assert made.status_code == 201
        assert made.json()["correction"]["who"] == "the editor (key correcter)"
    store.close()
