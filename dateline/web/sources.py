"""Sources and runs: what comes in, whether it is as much as usual, and what the last runs did."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi import Query as Parameter

from dateline.watch.health import RunReport, SourceHealth, health, reports
from dateline.web.answers import json_response
from dateline.web.journal import journal_of
from dateline.web.problems import RESPONSES
from dateline.web.render import render

api = APIRouter(tags=["sources"], responses=RESPONSES)
pages = APIRouter()

RUNS = 15  # on the page


def prefect_ui() -> str:
    """The address of Prefect's own pages, if this process was told of a server; "" if not."""
    address = os.environ.get("PREFECT_UI_URL") or os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
    return address if urlsplit(address).scheme in ("http", "https") else ""


@api.get("/sources", summary="The health of each source", response_model=list[SourceHealth])
def sources_api(
    request: Request,
    health_: Annotated[
        list[str] | None, Parameter(alias="health", description="Only these", examples=["failing"])
    ] = None,
) -> Response:
    """How much came in on its last day, against its usual; those that need somebody first."""
    cube, _ = request.app.state.ledger.cube()
    with journal_of(request) as journal:
        found: Iterable[SourceHealth] = health(cube, dt.datetime.now(dt.UTC).date(), journal.poll_rows())
    return json_response([one for one in found if not health_ or one.health in health_])


@api.get("/runs", summary="The last runs", response_model=list[RunReport])
def runs_api(request: Request, limit: Annotated[int, Parameter(ge=1, le=100)] = 20) -> Response:
    """The newest first, each with how many of its links ended how."""
    with journal_of(request) as journal:
        return json_response(reports(journal.latest_runs(limit)))


@pages.get("/metrics")
def metrics(request: Request) -> Response:
    """The journal's numbers in OpenMetrics form, as `dateline metrics` prints them."""
    from dateline.watch.metrics import open_metrics

    with journal_of(request) as journal:
        text = open_metrics(journal)
    return Response(text, media_type="application/openmetrics-text; version=1.0.0; charset=utf-8")


@pages.get("/sources")
def page(request: Request) -> Response:
    """The health of each source, and the last runs."""
    cube, note = request.app.state.ledger.cube()
    with journal_of(request) as journal:
        runs = reports(journal.latest_runs(RUNS))
        polls = journal.poll_rows()
    values = {
        "sources": health(cube, dt.datetime.now(dt.UTC).date(), polls),
        "note": note,
        "runs": runs,
        "prefect": prefect_ui(),
    }
    return render(request, "sources.html", values)
