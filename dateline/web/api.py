"""JSON for programs, under /api."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request, Response

from dateline.address import from_params
from dateline.models import Article
from dateline.records import hit_record
from dateline.stores.base import Store

router = APIRouter(tags=["search"])

_Q = Annotated[str, Query(description='Words, "phrases", AND OR NOT, prefix*', examples=["sanctions"])]
_NAMES = Annotated[list[str], Query(description="Names or entity ids; all must be there")]
_DAYS = Annotated[str, Query(description="FROM..TO, each 2021, 2021-03 or 2021-03-22")]


def json_response(value: Any) -> Response:
    """Any of our types as JSON, without a detour through pydantic."""
    return Response(msgspec.json.encode(value), media_type="application/json")


@router.get("/search", summary="Articles by words, entity and date")
def search(
    request: Request,
    q: _Q = "",
    entity: _NAMES = [],  # noqa: B006 - FastAPI copies defaults
    mentioned: _DAYS = "",
    near: Annotated[bool, Query(description="Entity and date in one sentence")] = False,
    facet: Annotated[list[str], Query(description="type:PERSON, publisher, published:month…")] = [],  # noqa: B006
) -> Response:
    """All parameters of a search's address hold here; those named are the most used."""
    store: Store = request.app.state.store
    answer = store.search(from_params(request.query_params.multi_items()), facet)
    return json_response(
        {
            "total": answer.total,
            "cursor": answer.cursor,
            "hits": [hit_record(hit) for hit in answer.hits],
            "facets": answer.facets,
            "entities": answer.entities,
        }
    )


def found(store: Store, article_id: str) -> Article:
    """The article, or 404."""
    article = store.get(article_id)
    if article is None:
        raise HTTPException(404, "No such article")
    return article


@router.get("/articles/{article_id}", summary="One article, whole")
def article(request: Request, article_id: str) -> Response:
    """Text, fields with their evidence, entities, dates, quotes and sentences."""
    return json_response(found(request.app.state.store, article_id))


@router.get("/articles/{article_id}/explain", summary="Where each field came from")
def explain(request: Request, article_id: str) -> Response:
    """For each field every candidate, with its place, rule and confidence, and which was chosen."""
    item = found(request.app.state.store, article_id)
    return json_response({"candidates": item.candidates, "disagreements": item.disagreements})


@router.get("/entities", summary="Entities by any of their names")
def entities(
    request: Request, name: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> Response:
    """Without a name, those that stand in the most articles."""
    return json_response(request.app.state.store.entities(name, limit))
