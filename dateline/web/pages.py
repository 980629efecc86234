"""Pages for people: server-rendered, and whole without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from dateline import semantic
from dateline.address import address, from_params, to_params
from dateline.answers.feeds import Feed, atom_chunks, rss_chunks
from dateline.answers.first import first
from dateline.answers.folding import folded, folded_here
from dateline.answers.timeline import timeline
from dateline.query import Query
from dateline.stores.base import Answer, EntitySummary, Store
from dateline.web import charts
from dateline.web.render import FACETS, KINDS, render

router = APIRouter()

FEED = 50  # articles in a feed
MEANT = 6  # entities of one name that are shown
READ = 30  # articles that are read to tell who reported first
TELLING = 2_000  # articles of which somebody can be said to have been the first
PATIENCE = 0.5  # seconds that a page waits for the journal; the API waits longer


def asked(request: Request) -> Query:
    """The query of a page's address."""
    return from_params(request.query_params.multi_items())


def chips(query: Query, answer: Answer) -> list[tuple[str, str, str]]:
    """The filters in force as (parameter, value, how it is called)."""
    names = {bucket.key: bucket.label for buckets in answer.facets.values() for bucket in buckets}
    return [
        (key, value, names.get(value) or value if key in ("entity", "any", "none", "speaker") else value)
        for key, value in to_params(query)
        if key not in ("q", "limit", "cursor", "sort")
    ]


def several(store: Store, query: Query, answer: Answer) -> list[tuple[str, str, list[EntitySummary]]]:
    """The names asked for that stand for more than one entity: (parameter, name, whom it may mean)."""
    found = []
    for key, names in (("entity", query.entities), ("any", query.any_entities), ("speaker", query.speakers)):
        for name in names:
            if len(answer.entities.get(name, [])) > 1 and name not in answer.entities[name]:
                found.append((key, name, store.entities(name, MEANT)))
    return found


@router.get("/")
def search(request: Request) -> Response:
    """The search page; without parameters, the newest articles."""
    query = asked(request)
    if not to_params(query):
        query.sort = "newest"
    store = request.app.state.store
    hits_asked = query.words or query.entities or query.any_entities or query.speakers or query.said
    histograms = {kind: charts.facet(query, kind) for kind in charts.KINDS}
    every = request.query_params.get("kinds") == "all"
    others = [f"type:{kind}" for kind in KINDS[3:]] if every else []
    answer = store.search(query, [*FACETS[:3], *others, *FACETS[3:], *histograms.values()])
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
            "rows": folded(store, query, answer.hits),
            "charts": [one for one in drawn if one is not None],
            "coverage": request.app.state.ledger.of(query, PATIENCE),
            "following": following,
            "first": first(store, query, READ, sentences=False)
            if hits_asked and 0 < answer.total <= TELLING
            else None,
            "chips": chips(query, answer),
            "several": several(store, query, answer),
            "more_kinds": "" if every else f"/?{address(replace(query, cursor=None))}&kinds=all",
            "address": address(replace(query, cursor=None)),
            "by_meaning": request.app.state.vectors.there,
        },
    )


@router.get("/meaning")
def meaning(request: Request) -> Response:
    """What says the same in other words, where the extra is installed."""
    query = asked(request)
    said = " ".join(request.query_params.getlist("q"))
    hits = semantic.search(request.app.state.store, request.app.state.vectors, said, query)
    values = {"query": query, "rows": folded_here(hits), "address": address(replace(query, cursor=None))}
    return render(request, "meaning.html", values)


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
def rss(request: Request) -> Response:
    """A search as RSS: its newest articles."""
    return feed(request, rss_chunks, "application/rss+xml")


@router.get("/feed.atom")
def atom(request: Request) -> Response:
    """A search as Atom: its newest articles."""
    return feed(request, atom_chunks, "application/atom+xml")


def feed(request: Request, chunks: Callable[..., Iterator[bytes]], media: str) -> Response:
    """The newest articles of a search, for a feed reader."""
    query = replace(asked(request), sort="newest", limit=FEED, cursor=None)
    answer = request.app.state.store.search(query)
    base = str(request.base_url)
    told = ", ".join(value for key, value in to_params(query) if key not in ("sort", "limit"))
    made = Feed(
        title=f"Dateline: {told or 'newest'}",
        about=f"{answer.total} articles answer this search; the newest come first.",
        page=f"{base}?{address(replace(query, limit=20))}",
        base=base,
    )
    return Response(b"".join(chunks(answer.hits, made)), media_type=media)
