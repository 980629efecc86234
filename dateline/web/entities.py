"""Entities: who and what the archive knows, when, beside whom, where quoted, and who covered it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi import Query as Parameter
from fastapi.responses import RedirectResponse

from dateline.answers.timeline import Timeline, timeline
from dateline.answers.together import Coverage, Together, coverage, together
from dateline.models import Article, Quote
from dateline.query import Query, day_interval
from dateline.stores.base import EntitySummary, Store
from dateline.stores.document import TYPES
from dateline.web import charts, examples
from dateline.web.answers import json_response
from dateline.web.charts import Chart
from dateline.web.problems import MISSING, RESPONSES
from dateline.web.render import KINDS, part, render

api = APIRouter(tags=["entities"], responses=RESPONSES)
pages = APIRouter()

QUOTES = 40  # articles in which it is quoted


def one(store: Store, entity_id: str) -> EntitySummary | None:
    """The entity of an id; the one that it was merged into, where it was."""
    found = store.entities(entity_id, 5)
    exact = [entity for entity in found if entity.entity_id == entity_id and entity.articles]
    return next(iter(exact or (found if len(found) == 1 else [])), None)


def known(store: Store, entity_id: str) -> EntitySummary:
    """The entity of an id, or 404."""
    found = one(store, entity_id)
    if found is None:
        raise HTTPException(404, "No such entity")
    return found


def rows(store: Store, query: Query, chart: Chart) -> list[tuple[Coverage, list[charts.Bar]]]:
    """Coverage under a chart, each publisher's bars below the chart's own."""
    first, last = chart.bars[0].first, chart.bars[-1].last
    inside = replace(query, published=day_interval(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))
    unit = chart.unit if chart.unit in ("day", "month") else "year"
    covered = coverage(store, inside, unit)
    peak = max((bucket.count for one in covered for bucket in one.periods), default=1)
    return [(one, charts.under(chart, one.periods, peak)) for one in covered]


def quotes(store: Store, entity_id: str, limit: int = QUOTES) -> list[tuple[Article, Quote]]:
    """What it is quoted with, the newest article first."""
    asked = Query(entities=[entity_id], role="speaker", sort="newest", limit=limit)
    return [
        (article, quote)
        for article in store.skim(asked, Article).articles
        for quote in article.quotes
        if quote.speaker_id == entity_id
    ]


@api.get(
    "/entities/{entity_id:path}/timeline",
    summary="An entity's timeline",
    response_model=Timeline,
    responses=MISSING,
)
def timeline_api(request: Request, entity_id: str) -> Response:
    """Sentences that name it, by the time that they tell of; read from the newest articles."""
    store = request.app.state.store
    return json_response(timeline(store, Query(entities=[known(store, entity_id).entity_id])))


@api.get(
    "/entities/{entity_id:path}/together",
    summary="Who and what stands beside an entity",
    response_model=list[Together],
    responses=MISSING,
)
def together_api(
    request: Request, entity_id: str, limit: Annotated[int, Parameter(ge=1, le=200)] = 50
) -> Response:
    """The 25 most frequent of each type, most articles first."""
    store = request.app.state.store
    id = known(store, entity_id).entity_id
    return json_response(together(store, Query(entities=[id]), id)[:limit])


@api.get(
    "/entities/{entity_id:path}/coverage",
    summary="Which publishers name an entity, over time",
    response_model=list[Coverage],
    responses=MISSING,
)
def coverage_api(
    request: Request,
    entity_id: str,
    unit: Annotated[str, Parameter(description="month or year", pattern="^(month|year)$")] = "month",
) -> Response:
    """The eight that name it most."""
    store = request.app.state.store
    return json_response(coverage(store, Query(entities=[known(store, entity_id).entity_id]), unit))


@api.get(
    "/entities/{entity_id:path}",
    summary="One entity",
    response_model=EntitySummary,
    responses=MISSING | examples.ENTITY,
)
def entity_api(request: Request, entity_id: str) -> Response:
    """All its names, and in how many articles it stands; an id that was merged leads to the new one."""
    return json_response(known(request.app.state.store, entity_id))


@pages.get("/entity/{entity_id:path}")
def entity(request: Request, entity_id: str) -> Response:
    """One entity: its names, a timeline of sentences by mentioned date, who stands beside it, quotes."""
    store = request.app.state.store
    summary = one(store, entity_id)
    if summary is not None and summary.entity_id != entity_id:
        return RedirectResponse(f"/entity/{part(summary.entity_id)}", 303)
    query = Query(entities=[entity_id])
    facets = [f"type:{kind}" for kind in KINDS]
    histograms = {kind: charts.facet(query, kind) for kind in charts.KINDS}
    answer = store.search(replace(query, limit=0), [*facets, *histograms.values()])
    drawn = [charts.chart(store, query, kind, answer.facets.pop(name)) for kind, name in histograms.items()]
    for facet, buckets in answer.facets.items():
        answer.facets[facet] = [bucket for bucket in buckets if bucket.key != entity_id]
    return render(
        request,
        "entity.html",
        {
            "name": summary.name if summary else entity_id,
            "id": entity_id,
            "summary": summary,
            "answer": answer,
            "charts": [chart for chart in drawn if chart],
            "covered": rows(store, query, drawn[0]) if drawn[0] else [],
            "told": timeline(store, query),
            "quotes": quotes(store, entity_id),
            "types": [kind for kind in TYPES if kind != "OTHER"],
            "back": f"/entity/{part(entity_id)}",
        },
        forms=True,
    )
