"""The search service: pages for people, JSON for programs, on loopback unless told otherwise."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from dateline import __version__
from dateline.semantic import Vectors
from dateline.settings import Settings
from dateline.stores.base import Store
from dateline.web import alerts, api, articles, corrections, entities, pages, sources
from dateline.web.access import Access, Gate
from dateline.web.coverage import Ledger
from dateline.web.described import describe
from dateline.web.headers import SafeHeaders
from dateline.web.problems import install

HERE = Path(__file__).parent


def create_app(settings: Settings, store: Store, access: Access | None = None) -> FastAPI:
    """The service over an open store; the caller closes the store when the service ends.

    Without `access`, it answers whoever asks for a name of this machine: right for loopback only.
    """
    app = FastAPI(
        title="Dateline",
        version=__version__,
        summary="News searched by entity and by date",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    app.state.settings = settings
    app.state.store = store
    app.state.vectors = Vectors(settings.meaning_file)
    app.state.ledger = Ledger(settings)
    app.state.ledger.warm()
    for programs in (api.router, entities.api, corrections.api, sources.api, alerts.api):
        app.include_router(programs, prefix="/api")
    for people in (
        pages.router,
        articles.router,
        entities.pages,
        corrections.pages,
        sources.pages,
        alerts.pages,
    ):
        app.include_router(people, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    install(app)
    app.add_middleware(Gate, access=access or Access())
    app.add_middleware(SafeHeaders)  # the last added is the outermost: refusals have them too

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        """Whether the service answers; it says nothing of the archive."""
        return {"status": "ok"}

    return app
