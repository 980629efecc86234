"""The API's description of itself: what FastAPI makes of it, with an example of each answer.

The examples are made of our own types, so that they can't say what the API does not.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from dateline.alerts.model import Alert, SavedSearch
from dateline.alerts.rehearse import Rehearsal
from dateline.answers.timeline import Moment as Told
from dateline.answers.timeline import Timeline
from dateline.answers.together import Coverage, Together
from dateline.corrections.making import Corrected
from dateline.corrections.model import Correction
from dateline.journal.types import Entry
from dateline.models import Article, Candidate, Entity, Interval, Mention, Moment, Quote, Sentence
from dateline.stores.base import Bucket, EntitySummary
from dateline.stories.lineage import lineage
from dateline.watch.health import RunReport, SourceHealth
from dateline.web.examples import COVERAGE

_AT = dt.datetime(2024, 3, 12, 9, 30, tzinfo=dt.UTC)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once: as `app.openapi` is to answer."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        examples = _examples()
        for path, methods in made["paths"].items():
            for method, operation in methods.items():
                # what can't be read is answered with a 400 here, as all that is asked wrongly
                operation["responses"].pop("422", None)
                if (example := examples.get(f"{method} {path}")) is not None:
                    _put(operation["responses"], example)
        for unused in ("HTTPValidationError", "ValidationError"):
            made.get("components", {}).get("schemas", {}).pop(unused, None)
        app.openapi_schema = made
    return app.openapi_schema


def _put(responses: dict[str, Any], example: Any) -> None:
    answer = responses.get("200") or responses["201"]
    for media in answer.setdefault("content", {}).values():
        media["example"] = example


def _examples() -> dict[str, Any]:
    article = _article()
    vell = EntitySummary(
        entity_id="person/ada-vell",
        name="Ada Vell",
        type="PERSON",
        names=["Ada Vell", "Ms Vell"],
        articles=214,
    )
    interval = article.sentences[0].intervals[0]
    told = Told(
        interval=interval,
        text=article.text,
        marks=[(0, 8, "entity"), (33, 45, "date")],
        article_id=article.article_id,
        title=article.title,
        publisher=article.publisher,
    )
    timeline = Timeline(moments=[told], articles=1, total=1)
    beside = Together(entity_id="location/lindhaven", name="Lindhaven", type="LOCATION", articles=140)
    covered = Coverage(
        publisher="Lindhaven Courier", articles=120, periods=[Bucket(key="2024-03-01", count=120)]
    )
    correction = Correction(
        kind="merge",
        who="Mira",
        entity_id="person/a-vell",
        into="person/ada-vell",
        number=3,
        at=_AT,
        applied=_AT,
    )
    search = SavedSearch(name="vell", address="speaker=Ada+Vell&said=offer", owner="Mira", created_at=_AT)
    alert = Alert(
        search="vell",
        article_id=article.article_id,
        title=article.title or "",
        url=article.canonical_url,
        publisher=article.publisher,
        published_at="2024-03-11T18:02",
        sentence=article.text,
        reason="quotes Ada Vell saying talks",
        number=1,
        at=_AT,
    )
    rehearsal = Rehearsal(
        search="draft",
        first=dt.date(2024, 3, 11),
        last=dt.date(2024, 3, 12),
        articles=1,
        messages=[alert],
        per_day={"2024-03-11": 1, "2024-03-12": 0},
    )
    source = SourceHealth(
        source="feed:nordblatt",
        health="few",
        last="2024-03-12",
        links=4,
        usual=19.0,
        every=1.0,
        total=412,
        outcomes={"fetched": 400, "failed": 12},
    )
    run = RunReport(
        run_id="20240312T093000-4711",
        kind="crawl",
        state="ended",
        started=_AT,
        ended=_AT + dt.timedelta(seconds=40),
        links=35,
        pending=0,
        outcomes={"indexed": 31, "gone": 1, "duplicate": 3},
    )
    entry = Entry(number=1, at=_AT, who="Mira", what="correct", subject="person/a-vell", detail={"number": 3})
    csv = "id,title,url,…\r\n3f6a2c1d9b7e4a50,Cranes stand still as strike begins,https://…\r\n"
    entity = "/api/entities/{entity_id}"
    made: dict[str, Any] = {
        "get /api/together": [beside],
        "get /api/articles/{article_id}": article,
        "get /api/articles/{article_id}/explain": {
            "candidates": article.candidates,
            "disagreements": article.disagreements,
        },
        "get /api/articles/{article_id}/story": lineage([article]),
        "get /api/entities": [vell],
        "get /api/timeline": timeline,
        "get /api/coverage": COVERAGE
        | {"by_source": {"digest:morning.txt": {"expected": 48, "fetched": 41}}},
        "get /api/export.csv": csv,
        "get /api/export.jsonl": '{"id":"3f6a2c1d9b7e4a50","title":"Cranes stand still as strike begins"}\n',
        "get /api/export.rss": '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">…</rss>',
        "get /api/export.atom": '<?xml version="1.0" encoding="utf-8"?>\n<feed>…</feed>',
        f"get {entity}/timeline": timeline,
        f"get {entity}/together": [beside],
        f"get {entity}/coverage": [covered],
        "get /api/corrections": [correction],
        "post /api/corrections": Corrected(correction=correction, articles=12),
        "delete /api/corrections/{number}": Corrected(correction=correction, articles=12),
        "get /api/audit": [entry],
        "get /api/sources": [source],
        "get /api/runs": [run],
        "get /api/alerts": [search],
        "put /api/alerts/{name}": search,
        "get /api/alerts/{name}/sent": [alert],
        "get /api/rehearse": rehearsal,
    }
    return {name: msgspec.to_builtins(example) for name, example in made.items()}


def _article() -> Article:
    day = Interval(start=dt.datetime(2024, 3, 13), end=dt.datetime(2024, 3, 14))
    text = "Ada Vell said talks could resume on Wednesday."
    mention = Mention(start=0, end=8, text="Ada Vell", label="PERSON")
    return Article(
        article_id="3f6a2c1d9b7e4a50",
        canonical_url="https://courier.example/2024/03/11/strike",
        title="Cranes stand still as strike begins",
        text=text,
        authors=["Mira Solberg"],
        published_at=Moment(value="2024-03-11T18:02", precision="minute"),
        publisher="Lindhaven Courier",
        section="Economy",
        language="en",
        candidates={
            "title": [
                Candidate(
                    value="Cranes stand still as strike begins",
                    place="json-ld",
                    rule="headline",
                    confidence=0.95,
                    chosen=True,
                )
            ]
        },
        sources=["digest:morning.txt"],
        entities=[
            Entity(
                entity_id="person/ada-vell",
                name="Ada Vell",
                type="PERSON",
                names=["Ada Vell"],
                mentions=[mention],
            )
        ],
        quotes=[
            Quote(
                start=14,
                end=45,
                text="talks could resume on Wednesday",
                speaker="Ada Vell",
                speaker_id="person/ada-vell",
                cue="said",
                direct=False,
            )
        ],
        sentences=[Sentence(start=0, end=len(text), entity_ids=["person/ada-vell"], intervals=[day])],
    )
