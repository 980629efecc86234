"""The search service: pages for people, JSON for programs, on loopback unless told otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from dateline import __version__
from dateline.settings import Settings
from dateline.stores.base import Store
from dateline.web import api, pages
from dateline.web.problems import install

HERE = Path(__file__).parent

# Nothing is loaded from another host and nothing runs that is not a file of ours: a <script> in a
# headline stays words, whatever a template forgets.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(settings: Settings, store: Store) -> FastAPI:
    """The service over an open store; the caller closes the store when the service ends."""
    app = FastAPI(
        title="Dateline",
        version=__version__,
        summary="News searched by entity and by date",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.settings = settings
    app.state.store = store
    app.include_router(api.router, prefix="/api")
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    install(app)

    @app.middleware("http")
    async def _safe_headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        """Whether the service answers; it says nothing of the archive."""
        return {"status": "ok"}

    return app
