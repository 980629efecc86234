"""Pages for people: server-rendered, and whole without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from dateline.address import address, days, from_params, to_params, written
from dateline.models import Article
from dateline.query import Query
from dateline.web.api import found

router = APIRouter()

TYPES = ("PERSON", "ORGANIZATION", "LOCATION")
FACETS = (*(f"type:{name}" for name in TYPES), "publisher", "section", "language", "outcome")
LABELS = {"type:PERSON": "People", "type:ORGANIZATION": "Organisations", "type:LOCATION": "Places"}
# which parameter a click on a facet's value adds
PARAMETER = {"publisher": "publisher", "section": "section", "language": "language", "outcome": "outcome"}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)


def render(request: Request, name: str, values: Mapping[str, Any], status: int = 200) -> Response:
    """A template with our filters; every value is escaped unless it was marked by us."""
    query = values.get("query") or Query()
    page = _templates.get_template(name).render(
        {"query": query, "asked": dict(to_params(query)), "days": days(query.published)} | dict(values)
    )
    return HTMLResponse(page, status)


def marked(text: str, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """Text with <mark class=kind> around its marks; overlapping ones keep the first."""
    out, at = Markup(), 0
    for start, end, kind in sorted(marks):
        if start < at or end > len(text):
            continue
        out += escape(text[at:start])
        out += Markup('<mark class="{}">{}</mark>').format(kind, text[start:end])
        at = end
    return out + escape(text[at:])


def safe_url(url: str | None) -> str:
    """The URL if a click on it is harmless (http or https), else ""."""
    return url if url and urlsplit(url).scheme in ("http", "https") else ""


def when(article: Article) -> str:
    """Published time with its precision, for a person."""
    moment = article.published_at
    if moment is None:
        return "date unknown"
    return (
        moment.value.replace("T", " ")[:16]
        if moment.precision not in ("day", "month", "year")
        else moment.value
    )


def more(query: Query, **changes: str) -> str:
    """The address of the same search with one value added."""
    pairs = [(key, value) for key, value in to_params(query) if key != "cursor"]
    pairs += [(key, value) for key, value in changes.items() if (key, value) not in pairs]
    return "/?" + urlencode(pairs)


def without(query: Query, key: str, value: str) -> str:
    """The address of the same search with one value taken away."""
    return "/?" + urlencode(
        [pair for pair in to_params(query) if pair != (key, value) and pair[0] != "cursor"]
    )


_templates.filters.update(safe_url=safe_url, when=when, written=written)
_templates.globals.update(marked=marked, more=more, without=without, LABELS=LABELS, PARAMETER=PARAMETER)


@router.get("/")
def search(request: Request) -> Response:
    """The search page; without parameters, the newest articles."""
    query = from_params(request.query_params.multi_items())
    if not to_params(query):
        query.sort = "newest"
    answer = request.app.state.store.search(query, FACETS)
    following = ""
    if answer.cursor:
        following = "/?" + urlencode(
            [*(p for p in to_params(query) if p[0] != "cursor"), ("cursor", answer.cursor)]
        )
    chips = [(key, value) for key, value in to_params(query) if key not in ("q", "limit", "cursor", "sort")]
    return render(
        request,
        "search.html",
        {"query": query, "answer": answer, "following": following, "chips": chips, "address": address(query)},
    )


@router.get("/article/{article_id}")
def article(request: Request, article_id: str) -> Response:
    """One article: clean text with names and dates marked, and where each field came from."""
    item = found(request.app.state.store, article_id)
    marks = [(m.start, m.end, "entity") for e in item.entities for m in e.mentions if m.part == "body"]
    marks += [(time.start, time.end, "date") for time in item.times]
    paragraphs, at = [], 0
    for paragraph in item.text.split("\n\n"):
        inside = [(s - at, e - at, k) for s, e, k in marks if s >= at and e <= at + len(paragraph)]
        paragraphs.append(marked(paragraph, inside))
        at += len(paragraph) + 2
    return render(request, "article.html", {"article": item, "paragraphs": paragraphs})


@router.get("/entity/{entity_id:path}")
def entity(request: Request, entity_id: str) -> Response:
    """One entity: its names and a timeline of sentences, by the dates that they mention."""
    store = request.app.state.store
    summaries = [one for one in store.entities(entity_id, 5) if one.entity_id == entity_id]
    answer = store.search(Query(entities=[entity_id], sort="newest", limit=100), ("type:PERSON", "publisher"))
    moments = [
        (interval.start, item, item.text[sentence.start : sentence.end])
        for item in (hit.article for hit in answer.hits)
        for sentence in item.sentences
        if entity_id in sentence.entity_ids
        for interval in sentence.intervals[:1]
        if interval.start is not None
    ]
    moments.sort(key=lambda moment: (moment[0], moment[1].article_id))
    name = summaries[0].name if summaries else entity_id
    return render(
        request,
        "entity.html",
        {
            "name": name,
            "id": entity_id,
            "summary": summaries[0] if summaries else None,
            "answer": answer,
            "moments": moments,
        },
    )
