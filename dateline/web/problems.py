"""Errors as problem+json (RFC 9457) for programs, as a page for people."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dateline.address import LISTS
from dateline.corrections.making import CorrectionError
from dateline.query import QueryError
from dateline.semantic import SemanticMissing
from dateline.stores.base import StoreUnavailable
from dateline.web.headers import HEADERS
from dateline.web.render import render

log = logging.getLogger(__name__)

MEDIA = "application/problem+json"
EXAMPLE = {
    "type": "about:blank",
    "title": "This can't be searched",
    "status": 400,
    "detail": "to: '2024-13' is no date: write 2021, 2021-03 or 2021-03-22",
}
# for the API's description
RESPONSES: dict[int | str, dict[str, object]] = {
    400: {
        "description": "The query can't be run; says what to write",
        "content": {MEDIA: {"example": EXAMPLE}},
    },
    503: {"description": "The store does not answer", "content": {MEDIA: {}}},
}
MISSING: dict[int | str, dict[str, object]] = {
    404: {"description": "No such article", "content": {MEDIA: {}}}
}


def problem(request: Request, status: int, title: str, detail: str) -> Response:
    """One error, in the form that the caller reads."""
    if request.url.path.startswith("/api"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(body, status, media_type=MEDIA)
    # what was typed stands in the form again, to be mended
    typed = dict(request.query_params)
    days = (typed.get("from", ""), typed.get("to", ""))
    others = [pair for pair in request.query_params.multi_items() if pair[0] in LISTS]
    values = {"title": title, "detail": detail, "asked": typed, "days": days, "hidden": others}
    return render(request, "problem.html", values, status=status)


def install(app: FastAPI) -> None:
    """Give each error of ours and of the framework its answer."""

    @app.exception_handler(QueryError)
    def _query(request: Request, error: QueryError) -> Response:
        return problem(request, 400, "This can't be searched", str(error))

    @app.exception_handler(CorrectionError)
    def _correction(request: Request, error: CorrectionError) -> Response:
        return problem(request, 400, "This can't be corrected", str(error))

    @app.exception_handler(SemanticMissing)
    def _meaning(request: Request, error: SemanticMissing) -> Response:
        return problem(request, 404, "Search by meaning is not there", str(error))

    @app.exception_handler(OverflowError)
    def _range(request: Request, error: OverflowError) -> Response:
        # a cursor or number of a stranger's making that no store can hold
        return problem(request, 400, "This can't be searched", "A number in it is out of range.")

    @app.exception_handler(StoreUnavailable)
    def _store(request: Request, error: StoreUnavailable) -> Response:
        return problem(request, 503, "The store does not answer", str(error))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors()[:5])
        return problem(request, 400, "This can't be read", said)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        response = problem(request, error.status_code, str(error.detail), "")
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def _ours(request: Request, error: Exception) -> Response:
        # a mistake of ours: what went wrong is for the log, not for a stranger
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        response = problem(request, 500, "Something went wrong here", "The log says what.")
        response.headers.update(HEADERS)
        return response
