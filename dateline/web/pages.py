"""Pages for people: server-rendered, and whole without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from dateline.address import address, from_params, to_params
from dateline.models import Article, Quote
from dateline.query import Query
from dateline.stores.base import Answer, Hit
from dateline.web import charts
from dateline.web.api import found
from dateline.web.feed import rss
from dateline.web.render import FACETS, render
from dateline.web.timeline import moments, timeline

router = APIRouter()

FEED = 50  # articles in a feed
PATIENCE = 0.5  # seconds that a page waits for the journal; the API waits longer


@dataclass(slots=True)
class Row:
    """A hit with the others of its story on this page folded under it."""

    hit: Hit
    also: list[Article] = field(default_factory=list)


def folded(hits: list[Hit]) -> list[Row]:
    """Hits in their order, those of one story under the first of it."""
    rows: list[Row] = []
    first: dict[str, Row] = {}
    for hit in hits:
        story = hit.article.story
        if story and story in first:
            first[story].also.append(hit.article)
            continue
        rows.append(Row(hit))
        if story:
            first[story] = rows[-1]
    return rows


def asked(request: Request) -> Query:
    """The query of a page's address."""
    return from_params(request.query_params.multi_items())


def chips(query: Query, answer: Answer) -> list[tuple[str, str, str]]:
    """The filters in force as (parameter, value, how it is called)."""
    names = {bucket.key: bucket.label for buckets in answer.facets.values() for bucket in buckets}
    return [
        (key, value, names.get(value) or value if key in ("entity", "any", "none") else value)
        for key, value in to_params(query)
        if key not in ("q", "limit", "cursor", "sort")
    ]


@router.get("/")
def search(request: Request) -> Response:
    """The search page; without parameters, the newest articles."""
    query = asked(request)
    if not to_params(query):
        query.sort = "newest"
    store = request.app.state.store
    histograms = {kind: charts.facet(query, kind) for kind in charts.KINDS}
    answer = store.search(query, [*FACETS, *histograms.values()])
    drawn = [
        charts.chart(store, query, kind, answer.facets.pop(name, [])) for kind, name in histograms.items()
    ]
    following = ""
    if answer.cursor:
        following = "/?" + urlencode(to_params(replace(query, cursor=answer.cursor)))
    return render(
        request,
        "search.html",
        {
            "query": query,
            "answer": answer,
            "rows": folded(answer.hits),
            "charts": [one for one in drawn if one is not None],
            "coverage": request.app.state.ledger.of(query, PATIENCE),
            "following": following,
            "chips": chips(query, answer),
            "address": address(replace(query, cursor=None)),
        },
    )


@router.get("/timeline")
def timeline_page(request: Request) -> Response:
    """What happened when, as the articles of a search tell it."""
    query = asked(request)
    told = timeline(request.app.state.store, query)
    return render(
        request,
        "timeline.html",
        {"query": query, "told": told, "address": address(replace(query, cursor=None))},
    )


@router.get("/feed.xml")
def feed(request: Request) -> Response:
    """A search as RSS: its newest articles."""
    query = replace(asked(request), sort="newest", limit=FEED, cursor=None)
    answer = request.app.state.store.search(query)
    base = str(request.base_url)
    told = ", ".join(value for key, value in to_params(query) if key not in ("sort", "limit"))
    page = f"{base}?{address(replace(query, limit=20))}"
    body = rss(answer, f"Dateline: {told or 'newest'}", page, base)
    return Response(body, media_type="application/rss+xml")


@router.get("/article/{article_id}")
def article(request: Request, article_id: str) -> Response:
    """One article: clean text with names and dates marked, and where each field came from."""
    store = request.app.state.store
    item = found(store, article_id)
    elsewhere: list[Article] = []
    if item.story:
        others = store.search(Query(story=item.story, sort="oldest", limit=20)).hits
        elsewhere = [hit.article for hit in others if hit.article.article_id != item.article_id]
    return render(
        request,
        "article.html",
        {
            "article": item,
            "paragraphs": paragraphs(item),
            "elsewhere": elsewhere,
            "history": request.app.state.ledger.history(article_id),
        },
    )


def paragraphs(item: Article) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """The text's paragraphs, each with the marks of its names and dates."""
    marks = [(m.start, m.end, "entity") for e in item.entities for m in e.mentions if m.part == "body"]
    marks += [(time.start, time.end, "date") for time in item.times]
    made, at = [], 0
    for paragraph in item.text.split("\n\n"):
        end = at + len(paragraph)
        made.append((paragraph, [(s - at, e - at, k) for s, e, k in marks if at <= s and e <= end]))
        at = end + 2
    return made


@router.get("/entity/{entity_id:path}")
def entity(request: Request, entity_id: str) -> Response:
    """One entity: its names, a timeline of sentences by mentioned date, who stands beside it, quotes."""
    store = request.app.state.store
    summaries = [one for one in store.entities(entity_id, 5) if one.entity_id == entity_id]
    wanted = Query(entities=[entity_id], sort="newest", limit=100)
    names = [f"published:{unit}" for unit in ("month",)]
    answer = store.search(wanted, [*FACETS[:4], *names])
    drawn = charts.chart(store, Query(entities=[entity_id]), "published", answer.facets.pop(names[0], []))
    for facet, buckets in answer.facets.items():
        answer.facets[facet] = [bucket for bucket in buckets if bucket.key != entity_id]
    told = [hit.article for hit in answer.hits]
    quotes: list[tuple[Article, Quote]] = [
        (item, quote) for item in told for quote in item.quotes if quote.speaker_id == entity_id
    ]
    return render(
        request,
        "entity.html",
        {
            "name": summaries[0].name if summaries else entity_id,
            "id": entity_id,
            "summary": summaries[0] if summaries else None,
            "answer": answer,
            "charts": [drawn] if drawn else [],
            "moments": moments(told, {entity_id}),
            "quotes": quotes[:40],
        },
    )
