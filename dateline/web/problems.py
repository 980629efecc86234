"""Errors as problem+json (RFC 9457) for programs, as a page for people."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dateline.query import QueryError
from dateline.stores.base import StoreUnavailable


def problem(request: Request, status: int, title: str, detail: str) -> Response:
    """One error, in the form that the caller reads."""
    if request.url.path.startswith("/api"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JSONResponse(body, status, media_type="application/problem+json")
    from dateline.web.pages import render

    return render(request, "problem.html", {"title": title, "detail": detail}, status=status)


def install(app: FastAPI) -> None:
    """Give each error of ours and of the framework its answer."""

    @app.exception_handler(QueryError)
    def _query(request: Request, error: QueryError) -> Response:
        return problem(request, 400, "This can't be searched", str(error))

    @app.exception_handler(StoreUnavailable)
    def _store(request: Request, error: StoreUnavailable) -> Response:
        return problem(request, 503, "The store does not answer", str(error))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors()[:5])
        return problem(request, 400, "This can't be read", said)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, str(error.detail), "")
