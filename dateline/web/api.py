"""JSON for programs, under /api."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi import Query as Parameter
from fastapi.responses import StreamingResponse

from dateline import semantic
from dateline.answers.export import Export, Format
from dateline.answers.first import First, first
from dateline.answers.records import hit_record
from dateline.answers.timeline import Timeline, timeline
from dateline.answers.together import Together, together
from dateline.models import Article
from dateline.query import Query, QueryError
from dateline.semantic import Vectors
from dateline.stores.base import EntitySummary, Store
from dateline.stores.document import FACETS, TYPES
from dateline.stories.lineage import Lineage, lineage, others
from dateline.web import examples
from dateline.web.answers import json_response
from dateline.web.asked import asked
from dateline.web.coverage import Collected
from dateline.web.edits import edits_of
from dateline.web.journal import journal_of
from dateline.web.problems import MISSING, RESPONSES

router = APIRouter(tags=["search"], responses=RESPONSES)

Asked = Annotated[Query, Depends(asked)]
COUNTED = (*FACETS, *(f"type:{kind}" for kind in TYPES))
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
}


@router.get("/search", summary="Articles by words, entity and date", responses=examples.SEARCH)
def search(
    request: Request,
    query: Asked,
    facet: Annotated[
        list[str] | None,
        Parameter(
            description="type:PERSON, publisher, section, language, outcome, published:month, mentioned:year",
            examples=["publisher"],
        ),
    ] = None,
) -> Response:
    """Hits with the sentences that matched, facets, and how much of what was expected was collected."""
    store: Store = request.app.state.store
    answer = store.search(query, facet or [])
    return json_response(
        {
            "total": answer.total,
            "cursor": answer.cursor,
            "hits": [hit_record(hit) for hit in answer.hits],
            "facets": answer.facets,
            "entities": answer.entities,
            "coverage": summed(request.app.state.ledger.of(query)),
        }
    )


@router.get(
    "/meaning",
    summary="Articles that say it in other words",
    responses=examples.SEMANTIC,
)
def meaning(request: Request, query: Asked, q: str = "") -> Response:
    """An extra: by a multilingual sentence model, ranked together with what has the words of `q`; all
    other parameters filter."""
    vectors: Vectors = request.app.state.vectors
    hits = semantic.search(request.app.state.store, vectors, q, query)
    return json_response({"hits": [hit_record(hit) for hit in hits]})


@router.get("/facets", summary="Counts, without the hits", responses=examples.FACETS)
def facets(
    request: Request,
    query: Asked,
    facet: Annotated[
        list[str] | None,
        Parameter(
            description="type:PERSON, publisher, author, section, language, outcome, source, entity; "
            "without one, all of these but entity",
            examples=["publisher"],
        ),
    ] = None,
) -> Response:
    """The 25 most frequent values of each."""
    answer = request.app.state.store.search(replace(query, limit=0, cursor=None), facet or COUNTED)
    return json_response({"total": answer.total, "facets": answer.facets})


@router.get("/histogram", summary="Counts by time", responses=examples.HISTOGRAM)
def histogram(
    request: Request,
    query: Asked,
    of: Annotated[
        str, Parameter(description="published or mentioned", pattern="^(published|mentioned)$")
    ] = "published",
    unit: Annotated[
        str,
        Parameter(
            description="day (needs an interval of at most three years), month or year",
            pattern="^(day|month|year)$",
        ),
    ] = "month",
) -> Response:
    """Periods in order, none of them empty; a time that is longer than the unit can tell is not counted."""
    name = f"{of}:{unit}"
    answer = request.app.state.store.search(replace(query, limit=0, cursor=None), [name])
    return json_response({"total": answer.total, "periods": answer.facets[name]})


@router.get("/together", summary="Who and what stands in a search's articles", response_model=list[Together])
def together_(request: Request, query: Asked) -> Response:
    """The 25 most frequent entities of each type, most articles first."""
    return json_response(together(request.app.state.store, query))


def summed(collected: Collected) -> dict[str, Any]:
    """Coverage without its sources one by one, which may be thousands of digests."""
    names = (name for name in Collected.__dataclass_fields__ if name != "by_source")
    return {name: getattr(collected, name) for name in names}


def found(store: Store, article_id: str) -> Article:
    """The article, or 404."""
    article = store.get(article_id)
    if article is None:
        raise HTTPException(404, "No such article")
    return article


@router.get("/articles/{article_id}", summary="One article, whole", response_model=Article, responses=MISSING)
def article(request: Request, article_id: str) -> Response:
    """Text, fields with their evidence, entities, dates, quotes and sentences."""
    return json_response(found(request.app.state.store, article_id))


@router.get("/articles/{article_id}/explain", summary="Where each field came from", responses=MISSING)
def explain(request: Request, article_id: str) -> Response:
    """For each field every candidate, with its place, rule and confidence, and which was chosen."""
    item = found(request.app.state.store, article_id)
    return json_response({"candidates": item.candidates, "disagreements": item.disagreements})


@router.get(
    "/articles/{article_id}/versions",
    summary="What the publisher changed",
    responses=MISSING | examples.VERSIONS,
)
def versions(request: Request, article_id: str) -> Response:
    """Each version's text, oldest first, and what differs from the one before it, sentence by sentence."""
    item = found(request.app.state.store, article_id)
    with journal_of(request) as journal:
        kept = journal.versions(item.article_id)
    edits = reversed(edits_of(kept))
    return json_response(
        {"versions": kept, "edits": [{"number": one.new.number, "changes": one.changes} for one in edits]}
    )


@router.get(
    "/articles/{article_id}/story",
    summary="The same story elsewhere",
    response_model=Lineage,
    responses=MISSING,
)
def story(request: Request, article_id: str) -> Response:
    """Who tells it, the first to publish first; copies told from own reporting, with what each added."""
    item = found(request.app.state.store, article_id)
    return json_response(lineage([item, *others(request.app.state.store, item)]))


@router.get(
    "/articles/{article_id}/similar",
    summary="Similar articles",
    responses=MISSING | examples.SIMILAR,
)
def similar(
    request: Request, article_id: str, limit: Annotated[int, Parameter(ge=1, le=50)] = 10
) -> Response:
    """Articles about the same: they share its rarest words and names, but not its text."""
    item = found(request.app.state.store, article_id)
    return json_response([hit_record(hit) for hit in request.app.state.store.similar(item.article_id, limit)])


@router.get("/entities", summary="Entities by any of their names", response_model=list[EntitySummary])
def entities(
    request: Request,
    name: Annotated[str | None, Parameter(description="Any alias", examples=["Ms Vell"])] = None,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 50,
) -> Response:
    """Without a name, those that stand in the most articles."""
    return json_response(request.app.state.store.entities(name, limit))


@router.get(
    "/timeline", summary="What happened when, as a search's articles tell it", response_model=Timeline
)
def moments(request: Request, query: Asked) -> Response:
    """Sentences by the time that they tell of, one line for each story; read from the newest articles."""
    return json_response(timeline(request.app.state.store, query))


@router.get("/first", summary="Who reported it first", response_model=First, responses=examples.FIRST)
def first_(request: Request, query: Asked) -> Response:
    """Each outlet with the first article of it that answers, the first of them before the others."""
    return json_response(first(request.app.state.store, query))


@router.get("/coverage", summary="What was collected", response_model=Collected)
def coverage(request: Request, query: Asked) -> Response:
    """How many links the query's sources gave in its published interval, and what came of them.

    Only source, from and to count: what was collected does not depend on what is asked of it.
    """
    return json_response(request.app.state.ledger.of(query))


def exported(request: Request, query: Query, format: Format) -> Export:
    """The export that a request asks for; it has no pages."""
    if request.query_params.get("cursor"):
        raise QueryError("an export has no pages: leave the cursor out")
    return Export(request.app.state.store, query, format)


def stream(request: Request, query: Query, format: Format) -> Response:
    """An export as it is read; its manifest is at the address in the Link header."""
    export = exported(request, query, format)
    manifest = f"/api/export.manifest?format={format}&{export.manifest.query}"
    headers = {
        "Content-Disposition": f'attachment; filename="dateline.{format}"',
        "Link": f'<{manifest}>; rel="describedby"',
        "X-Total-Count": str(export.manifest.total),
    }
    return StreamingResponse(export.chunks(), media_type=MEDIA[format], headers=headers)


@router.get("/export.csv", summary="All hits as CSV", responses=examples.CSV, tags=["export"])
def export_csv(request: Request, query: Asked) -> Response:
    """Without a cap, newest first. Cells that a spreadsheet would compute begin with an apostrophe."""
    return stream(request, query, "csv")


@router.get("/export.jsonl", summary="All hits as JSON lines", responses=examples.JSONL, tags=["export"])
def export_jsonl(request: Request, query: Asked) -> Response:
    """Without a cap, newest first, one object a line."""
    return stream(request, query, "jsonl")


@router.get("/export.rss", summary="All hits as RSS", responses=examples.RSS, tags=["export"])
def export_rss(request: Request, query: Asked) -> Response:
    """Without a cap, newest first."""
    return stream(request, query, "rss")


@router.get("/export.atom", summary="All hits as Atom", responses=examples.ATOM, tags=["export"])
def export_atom(request: Request, query: Asked) -> Response:
    """Without a cap, newest first."""
    return stream(request, query, "atom")


@router.get("/export.manifest", summary="What an export is", responses=examples.MANIFEST, tags=["export"])
def export_manifest(
    request: Request, query: Asked, format: Annotated[Format, Parameter(examples=["csv"])] = "jsonl"
) -> Response:
    """Query, counts and SHA-256 of the export as it would be sent now: the same as that of the file
    you have, if nothing in the archive changed."""
    export = exported(request, query, format)
    for _ in export.chunks():
        pass
    return json_response(export.manifest)
