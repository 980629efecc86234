"""The API, over real HTTP: if these fail, a program gets half an answer, an error that it can't read,
or takes the service down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import web_samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the service over the sample archive."""
    chosen = web_samples.settings(tmp_path_factory.mktemp("home"))
    web_samples.fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.write([*web_samples.articles(), *web_samples.hostile()])
    app = create_app(chosen, store)
    with web_samples.serving(app) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client
    store.close()


def ask(client: httpx.Client, path: str = "/api/search", **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_pages_join_to_the_whole_without_gaps_or_repeats(client: httpx.Client) -> None:
    whole = [hit["id"] for hit in ask(client, sort="newest", limit="100")["hits"]]
    assert len(whole) == 14
    pages, cursor = [], ""
    while cursor is not None:
        answer = ask(client, sort="newest", limit="3", cursor=cursor)
        assert answer["total"] == 14
        pages += [hit["id"] for hit in answer["hits"]]
        cursor = answer["cursor"]
    assert pages == whole


def test_a_hit_has_its_facts_and_the_sentence_with_what_matched(client: httpx.Client) -> None:
    answer = ask(client, entity="Ms Vell", mentioned="2024-03-13", near="1", sort="oldest")
    assert [hit["id"] for hit in answer["hits"]] == ["a05", "a07"]
    assert answer["entities"] == {"Ms Vell": ["person/ada-vell"]}
    first = answer["hits"][0]
    assert first["published_at"] == "2024-03-11T18:02" and first["published_zone"] is None
    sentence = first["sentences"][0]
    marked = {sentence["text"][start:end] for start, end, _ in sentence["marks"]}
    assert marked == {"Vell", "on Wednesday"}


def test_who_said_it_and_who_had_it_first_is_one_question(client: httpx.Client) -> None:
    """The journalist's question: what did she say about the offer in that week, and who reported it first?"""
    week = {"speaker": "Vell", "said": "offer", "from": "2024-03-04", "to": "2024-03-10"}
    answer = ask(client, **week)
    assert [hit["id"] for hit in answer["hits"]] == ["a01"]
    assert answer["hits"][0]["sentences"][0]["text"].startswith("“We have waited")
    told = ask(client, "/api/first", **week)
    assert told["sure"] and [one["outlet"] for one in told["reports"]] == ["Lindhaven Courier"]
    assert ask(client, **week | {"said": "cranes"})["total"] == 0
    told = ask(client, "/api/first", q="strike")
    assert [one["outlet"] for one in told["reports"]] == ["Lindhaven Courier", "Harbour Wire", "Orrey Times"]
    assert told["reports"][0]["article_id"] == "a01" and told["reports"][0]["more"] == 2
    # of one day, one to the minute and one not: nobody can tell
    told = ask(client, "/api/first", story="strike-ends")
    assert not told["sure"] and len(told["reports"]) == 2


def test_facets_count_what_the_search_found_and_nothing_else(client: httpx.Client) -> None:
    facets = ask(client, q="strike", facet=["publisher", "type:PERSON", "published:month"])["facets"]
    assert {bucket["key"]: bucket["count"] for bucket in facets["publisher"]} == {
        "Lindhaven Courier": 3,
        "Harbour Wire": 2,
        "Orrey Times": 1,
    }
    assert facets["type:PERSON"][0]["label"] == "Ada Vell"
    assert [bucket["key"] for bucket in facets["published:month"]] == ["2024-03-01"]


def test_the_answer_says_what_was_collected(client: httpx.Client) -> None:
    coverage = ask(client, source="feed:nordblatt")["coverage"]
    counts = {name: coverage[name] for name in ("expected", "fetched", "gone", "failed", "pending")}
    assert counts == {"expected": 3, "fetched": 1, "gone": 1, "failed": 1, "pending": 0}
    whole = ask(client, "/api/coverage")
    assert whole["expected"] == 17 and whole["by_source"]["feed:orrey-times"]["pending"] == 1
    unheard = ask(client, "/api/coverage", source="feed:unheard-of")
    assert unheard["expected"] == 0 and "feed:unheard-of" in unheard["by_source"]


def test_articles_explain_and_entities(client: httpx.Client) -> None:
    whole = ask(client, "/api/articles/a01")
    assert whole["entities"][0]["entity_id"] == "organization/harbour-union"
    places = [one["place"] for one in ask(client, "/api/articles/a01/explain")["candidates"]["title"]]
    assert places == ["json-ld", "digest"]
    named = ask(client, "/api/entities", name="ms vell")
    assert [(one["entity_id"], one["articles"]) for one in named] == [("person/ada-vell", 5)]


def test_a_timeline_has_intervals_and_who_else_tells_it(client: httpx.Client) -> None:
    told = ask(client, "/api/timeline", mentioned="2024-03-18")
    moment = next(one for one in told["moments"] if one["interval"]["start"] == "2024-03-18T00:00:00")
    assert moment["interval"]["end"] == "2024-03-19T00:00:00"
    assert moment["story"] == "strike-ends" and len(moment["also"]) == 1


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/search?from=yesterday", 400, "write 2021, 2021-03 or 2021-03-22"),
        ("/api/search?facet=size", 400, "write one of"),
        ("/api/search?q=%22open", 400, "close it"),
        ("/api/entities?limit=0", 400, "limit"),
        ("/api/export.csv?cursor=abc", 400, "leave the cursor out"),
        ("/api/export.manifest?format=xls", 400, "csv"),
        ("/api/articles/none", 404, ""),
        ("/api/nothing", 404, ""),
    ],
)
def test_errors_are_problems_that_a_program_can_read(
    client: httpx.Client, path: str, status: int, said: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["title"] and said in body["detail"]


def test_the_description_names_every_parameter_and_shows_answers(client: httpx.Client) -> None:
    described = ask(client, "/api/openapi.json")
    search = described["paths"]["/api/search"]["get"]
    names = {parameter["name"] for parameter in search["parameters"]}
    assert names >= set(
        "q entity any none role from to mentioned near publisher author section language outcome source "
        "disagreeing story sort limit cursor facet".split()
    )
    assert all(parameter.get("description") for parameter in search["parameters"])
    assert search["responses"]["200"]["content"]["application/json"]["example"]["hits"]
    assert search["responses"]["400"]["content"]["application/problem+json"]["example"]["detail"]
    assert {"/api/export.csv", "/api/timeline", "/api/coverage"} <= described["paths"].keys()


PATHS = ["/", "/timeline", "/feed.xml", "/api/search", "/api/timeline", "/api/coverage", "/api/export.csv"]
DATES = st.one_of(
    st.text(max_size=12),
    st.dates().map(str),
    st.sampled_from(
        ["9999", "0001", "0000", "9999-12", "9999-12-31", "1-1-1", "2024-00", "-1", "٢٠٢٤", "2024-02-30"]
    ),
)
WORDS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet='ab"()~*?:-/ \\ORNT\x00\ud800', max_size=30).map(
        lambda text: text.encode("utf-8", "replace").decode()
    ),
)
PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "q": WORDS,
        "entity": st.one_of(WORDS, st.just("Ada Vell")),
        "any": WORDS,
        "none": WORDS,
        "role": st.one_of(st.sampled_from(["body", "speaker"]), WORDS),
        "from": DATES,
        "to": DATES,
        "mentioned": st.one_of(DATES, st.tuples(DATES, DATES).map("..".join)),
        "near": st.sampled_from(["1", "0", "x"]),
        "publisher": WORDS,
        "language": WORDS,
        "outcome": WORDS,
        "source": WORDS,
        "story": WORDS,
        "disagreeing": st.sampled_from(["1", "true", ""]),
        "sort": st.one_of(st.sampled_from(["newest", "oldest"]), WORDS),
        "limit": st.one_of(st.integers().map(str), st.text(max_size=4)),
        "cursor": st.one_of(st.text(max_size=30), st.text(alphabet="WyJhIiwxXQ0-_", max_size=60)),
        "facet": st.one_of(st.sampled_from(["publisher", "mentioned:day", "published:year"]), WORDS),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), params=PARAMETERS)
def test_no_parameters_make_the_service_fail(client: httpx.Client, path: str, params: dict[str, str]) -> None:
    answer = client.get(path, params=params)
    assert answer.status_code in (200, 400), (answer.status_code, answer.text[:500])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=60))
def test_no_name_makes_the_service_fail(client: httpx.Client, name: str) -> None:
    from urllib.parse import quote

    escaped = quote(name.encode("utf-8", "replace"), safe="")
    for path in (f"/entity/{escaped}", f"/article/{escaped}", f"/api/articles/{escaped}"):
        assert client.get(path).status_code in (200, 404, 307), path
    assert client.get("/api/entities", params={"name": name}).status_code == 200
