"""Corrections over HTTP: made, listed and undone, by programs as JSON and by people with forms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as PathParameter
from fastapi import Query as Parameter
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from dateline.corrections import making as correcting
from dateline.corrections.making import Corrected, CorrectionError
from dateline.corrections.model import Correction, Kind
from dateline.web import examples, forms
from dateline.web.access import user_of
from dateline.web.answers import json_response
from dateline.web.journal import journal_of
from dateline.web.problems import RESPONSES
from dateline.web.render import render

api = APIRouter(tags=["corrections"], responses=RESPONSES | examples.CONFLICT)
pages = APIRouter()

SHOWN = 200  # corrections and log entries on the page


@dataclass(slots=True, kw_only=True)
class Asked:
    """A correction as a program asks for it; `who` may be left out where a user name was given."""

    kind: Kind
    who: str = ""
    note: str = ""
    article_id: str | None = None
    entity_id: str | None = None
    into: str | None = None
    name: str | None = None
    type: str | None = None
    names: list[str] = field(default_factory=list)
    field: str | None = None
    value: str | None = None


def _make(request: Request, asked: Correction) -> Corrected:
    with journal_of(request, make=True) as journal:
        return correcting.make(request.app.state.store, journal, asked)


def _undo(request: Request, number: int, who: str) -> Corrected:
    with journal_of(request, make=True) as journal:
        return correcting.undo(request.app.state.store, journal, number, who)


@api.get("/corrections", summary="What people corrected", response_model=list[Correction])
def corrections(
    request: Request,
    article: Annotated[str | None, Parameter(description="Of this article")] = None,
    entity: Annotated[str | None, Parameter(description="Of this entity's id")] = None,
    undone: Annotated[str, Parameter(description="1: those that were undone, too")] = "",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 100,
) -> Response:
    """The newest first; `applied` is null until every article that it concerns was written again."""
    with journal_of(request) as journal:
        return json_response(
            journal.corrections(
                active=undone not in ("1", "true"), article_id=article, entity_id=entity, limit=limit
            )
        )


@api.post(
    "/corrections",
    summary="Correct an entity or an article",
    status_code=201,
    response_model=Corrected,
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": examples.CORRECTIONS}}}},
    dependencies=[Depends(forms.same_origin)],
)
def correct(request: Request, asked: Asked) -> Response:
    """Kept apart from the articles and laid over them: it survives fetching and reading again."""
    made = Correction(**asdict(asked))
    made.who = user_of(request, made.who)
    return json_response(_make(request, made), 201)


@api.delete(
    "/corrections/{number}",
    summary="Take a correction back",
    response_model=Corrected,
    dependencies=[Depends(forms.same_origin)],
)
def undo(
    request: Request,
    number: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
    who: Annotated[str, Parameter(description="Who undoes it")] = "",
) -> Response:
    """Every article in which it shows is as it was; the correction stays in the list as undone."""
    return json_response(_undo(request, number, user_of(request, who)))


@api.get("/audit", summary="Who did what, and when")
def audit(
    request: Request,
    subject: Annotated[str | None, Parameter(description="An article's or entity's id")] = None,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 100,
) -> Response:
    """The newest first."""
    with journal_of(request) as journal:
        return json_response(journal.audit(subject=subject, limit=limit))


@pages.get("/corrections")
def page(request: Request) -> Response:
    """All corrections with a button that undoes each, and the log."""
    with journal_of(request) as journal:
        values = {"corrections": journal.corrections(limit=SHOWN), "log": journal.audit(limit=SHOWN)}
    return render(request, "corrections.html", values, forms=True)


@pages.post("/correct")
async def correct_form(request: Request) -> Response:
    """A correction by a form of the article's or the entity's page."""
    fields = await forms.read(request)
    one = {name: values[-1].strip() for name, values in fields.items()}
    names = [name.strip() for name in fields.get("names", []) if name.strip()]
    kind = one.get("kind", "")
    if kind not in ("merge", "split", "hide", "rename", "retype", "set"):
        raise CorrectionError("what is to be corrected? choose one")
    asked = Correction(
        kind=kind,  # type: ignore[arg-type]  # looked at above
        who=user_of(request, one.get("who", "")),
        note=one.get("note", ""),
        article_id=one.get("article_id") or None,
        entity_id=one.get("entity_id") or None,
        into=one.get("into") or None,
        name=one.get("name") or None,
        type=one.get("type") or None,
        names=names,
        field=one.get("field") or None,
        value=one.get("value"),
    )
    await run_in_threadpool(_make, request, asked)
    return _done(request, fields, one.get("who", ""))


@pages.post("/correct/undo")
async def undo_form(request: Request) -> Response:
    """The button that undoes a correction."""
    fields = await forms.read(request)
    number, who = fields.get("number", [""])[-1], fields.get("who", [""])[-1].strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise CorrectionError("which correction? its number is missing")
    await run_in_threadpool(_undo, request, int(number), user_of(request, who))
    return _done(request, fields, who)


def _done(request: Request, fields: dict[str, list[str]], who: str) -> Response:
    response = RedirectResponse(forms.back(fields, "/corrections"), 303)
    forms.remember(request, response, forms.WHO, quote(who[:100]))
    return response
