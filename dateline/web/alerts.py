"""Saved searches over HTTP: kept, rehearsed, switched and followed, as JSON and as pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi import Path as PathParameter
from fastapi import Query as Parameter
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from dateline.alerts.model import NAME, Alert, SavedSearch, checked, reason_of
from dateline.alerts.rehearse import Rehearsal
from dateline.alerts.rehearse import rehearse as run
from dateline.answers.feeds import Feed, rss_chunks
from dateline.models import Article, Moment
from dateline.query import QueryError, period
from dateline.stores.base import Hit, Snippet
from dateline.web import charts, examples, forms
from dateline.web.access import user_of
from dateline.web.answers import json_response
from dateline.web.journal import journal_of
from dateline.web.problems import RESPONSES
from dateline.web.render import render

api = APIRouter(tags=["alerts"], responses=RESPONSES | examples.CONFLICT)
pages = APIRouter()

SHOWN = 50  # messages on a page and in a feed

Named = Annotated[str, PathParameter(pattern=f"^{NAME.pattern}$", description="A saved search's name")]
Days = Annotated[int, Parameter(ge=1, le=366, description="How many days back")]
Until = Annotated[str | None, Parameter(description="The last day, 2021-03-28; today without it")]


@dataclass(slots=True, kw_only=True)
class Draft:
    """A search as a program saves it: the address is the query part of its URL."""

    address: str
    channels: list[str] = field(default_factory=list)
    owner: str = ""


def _rehearsed(request: Request, search: SavedSearch, days: int, until: str | None) -> Rehearsal:
    last = period(until)[1] if until else dt.datetime.now(dt.UTC).date()
    return run(request.app.state.store, search, days, last)


def _keep(request: Request, search: SavedSearch) -> SavedSearch:
    checked(search)
    with journal_of(request, make=True) as journal:
        kept = journal.save_search(search)
        journal.log(search.owner or "somebody", "save search", search.name, {"address": search.address})
    return kept


@api.get("/alerts", summary="Saved searches", response_model=list[SavedSearch])
def listed(request: Request) -> Response:
    """All of them, by name; one that is off by itself says why in `problem`."""
    with journal_of(request) as journal:
        return json_response(journal.searches())


@api.put(
    "/alerts/{name}",
    summary="Save a search",
    response_model=SavedSearch,
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": examples.ALERTS}}}},
    dependencies=[Depends(forms.same_origin)],
)
def save(request: Request, name: Named, draft: Draft) -> Response:
    """From now on, what is new and answers it is sent: one message for each story."""
    owner = draft.owner.strip() or user_of(request)
    search = SavedSearch(name=name, address=draft.address, channels=draft.channels, owner=owner)
    return json_response(_keep(request, search))


@api.delete(
    "/alerts/{name}",
    summary="Forget a saved search",
    dependencies=[Depends(forms.same_origin)],
    status_code=204,
)
def forget(request: Request, name: Named) -> Response:
    """What it sent stays on record."""
    with journal_of(request, make=True) as journal:
        journal.search(name)
        journal.remove_search(name)
        journal.log(user_of(request) or "somebody", "remove search", name)
    return Response(status_code=204)


@api.get("/alerts/{name}/sent", summary="What a saved search sent", response_model=list[Alert])
def sent(request: Request, name: Named, limit: Annotated[int, Parameter(ge=1, le=1000)] = 100) -> Response:
    """The newest first."""
    with journal_of(request) as journal:
        return json_response(journal.alerts(name, limit))


@api.get("/rehearse", summary="What a draft would have sent", response_model=Rehearsal)
def rehearse(
    request: Request,
    address: Annotated[str, Parameter(description="The query part of a search's URL", max_length=4000)],
    days: Days = 7,
    until: Until = None,
) -> Response:
    """Over past days, by day of publication, one message for each story; nothing is sent or kept."""
    return json_response(_rehearsed(request, SavedSearch(name="draft", address=address), days, until))


@pages.get("/alerts")
def page(request: Request, draft: str = "", days: str = "7", until: str = "") -> Response:
    """Saved searches, what they sent last, and a draft with what it would have sent."""
    with journal_of(request) as journal:
        values: dict[str, Any] = {
            "searches": journal.searches(),
            "sent": journal.alerts(limit=SHOWN),
            "waiting": journal.undelivered(),
        }
    values |= {"draft": draft[:4000], "draft_days": days, "draft_until": until, "rehearsal": None}
    if draft:
        count = int(days) if days.isascii() and days.isdigit() and 1 <= int(days[:4]) <= 366 else 7
        search = SavedSearch(name="draft", address=draft[:4000])
        values["rehearsal"] = _rehearsed(request, search, count, until or None)
        values["query"] = search.query()
        values["reason"] = reason_of(values["query"])
        values["strip"] = charts.strip(values["rehearsal"].per_day)
    return render(request, "alerts.html", values, forms=True)


@pages.post("/alerts")
async def change(request: Request) -> Response:
    """The forms of the page: save, on, off, remove."""
    fields = await forms.read(request)
    one = {name: values[-1].strip() for name, values in fields.items()}
    await run_in_threadpool(_change, request, one)
    response = RedirectResponse(forms.back(fields, "/alerts"), 303)
    if one.get("who"):
        forms.remember(request, response, forms.WHO, quote(one["who"][:100]))
    return response


def _change(request: Request, one: dict[str, str]) -> None:
    name, who = one.get("name", ""), one.get("who", "") or user_of(request) or "somebody"
    if not NAME.fullmatch(name):
        raise QueryError(f"name {name[:60]!r}: write small letters, digits and hyphens, at most 60")
    action = one.get("action", "")
    if action == "save":
        channels = one.get("channels", "").replace(",", " ").split()
        channels = [f"mailto:{to}" if "@" in to and ":" not in to else to for to in channels]
        search = SavedSearch(name=name, address=one.get("draft", ""), channels=channels, owner=who)
        _keep(request, search)
        return
    with journal_of(request, make=True) as journal:
        if action == "remove":
            journal.search(name)
            journal.remove_search(name)
        elif action in ("on", "off"):
            if action == "on":
                checked(journal.search(name))
            journal.switch_search(name, action == "on")
        else:
            raise QueryError("what is to be done with the search? choose one")
        journal.log(who, f"{action} search", name)


@pages.get("/alerts/{name}.xml")
def feed(request: Request, name: str) -> Response:
    """What a saved search sent, as RSS: one item for each story."""
    with journal_of(request) as journal:
        if name not in {search.name for search in journal.searches()}:
            raise HTTPException(404, "No saved search has this name")
        alerts = journal.alerts(name, SHOWN)
        search = journal.search(name)
    base = str(request.base_url)
    told = Feed(
        title=f"Dateline: {name}",
        about="One item for each story that answers this saved search; the newest come first.",
        page=f"{base}?{search.address}",
        base=base,
    )
    return Response(b"".join(rss_chunks(map(_hit, alerts), told)), media_type="application/rss+xml")


def _hit(alert: Alert) -> Hit:
    published = Moment(value=alert.published_at, precision="second") if alert.published_at else None
    article = Article(
        article_id=alert.article_id, title=alert.title, publisher=alert.publisher, published_at=published
    )
    return Hit(article=article, snippets=[Snippet(text=alert.sentence)])
