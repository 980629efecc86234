"""Templates, and what they say of an article: every value is escaped unless it was marked by us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from dateline.address import days, to_params, written
from dateline.models import Article, Moment
from dateline.query import Query
from dateline.web.charts import said
from dateline.web.forms import COOKIE, WHO, cookie_of, remember, token

KINDS = ("PERSON", "ORGANIZATION", "LOCATION", "GROUP", "EVENT", "WORK", "LAW", "PRODUCT")
# counted beside every search; the other types only where they are asked for
FACETS = (*(f"type:{name}" for name in KINDS[:3]), "publisher", "section", "language", "outcome")
LABELS = {
    "type:PERSON": "People",
    "type:ORGANIZATION": "Organisations",
    "type:LOCATION": "Places",
    "type:GROUP": "Groups",
    "type:EVENT": "Events",
    "type:WORK": "Works",
    "type:LAW": "Laws",
    "type:PRODUCT": "Products",
    "type:OTHER": "Other names",
    "publisher": "Publishers",
    "section": "Sections",
    "language": "Languages",
    "outcome": "Outcomes",
}
# which parameter a click on a facet's value adds; of an entity's, `entity`
PARAMETER = {"publisher": "publisher", "section": "section", "language": "language", "outcome": "outcome"}
# what the form has fields for; all else that a search holds goes along hidden
FIELDS = ("q", "from", "to", "mentioned", "near", "role", "said", "disagreeing", "limit", "cursor")

ROLES = (
    ("body", "the text"),
    ("title", "the headline"),
    ("caption", "a caption"),
    ("credit", "a photo credit"),
    ("byline", "the byline"),
    ("dateline", "the dateline’s place"),
    ("speaker", "a quote, as speaker"),
)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request, name: str, values: Mapping[str, Any], status: int = 200, *, forms: bool = False
) -> Response:
    """A template as a page; `query` fills the search form. `forms`: it has forms that change something,
    which carry `token` and the name of `who` used one last."""
    query = values.get("query") or Query()
    pairs = to_params(query)
    common = {
        "query": query,
        "asked": dict(pairs),
        "days": days(query.published),
        "hidden": [pair for pair in pairs if pair[0] not in FIELDS],
    }
    if not forms:
        return HTMLResponse(_templates.get_template(name).render(common | dict(values)), status)
    cookie = cookie_of(request)
    common |= {"token": token(cookie), "who": unquote(request.cookies.get(WHO, ""))[:100]}
    response = HTMLResponse(_templates.get_template(name).render(common | dict(values)), status)
    if request.cookies.get(COOKIE) != cookie:
        remember(request, response, COOKIE, cookie)
    return response


def marked(text: str, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """Text with <mark class=kind> around its marks; overlapping ones keep the first."""
    out: list[str] = []  # joined at the end: a page has hundreds of these
    at = 0
    for start, end, kind in sorted(marks):
        if start < at or end > len(text):
            continue
        out += (escape(text[at:start]), f'<mark class="{escape(kind)}">', escape(text[start:end]), "</mark>")
        at = end
    return Markup("".join([*out, escape(text[at:])]))  # noqa: S704 (each part of it is escaped)


def safe_url(url: str | None) -> str:
    """The URL if a click on it is harmless (http or https), else ""."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def when(article: Article) -> str:
    """Published time at its precision, for a person."""
    return said_moment(article.published_at)


def said_moment(moment: Moment | None) -> str:
    """A moment at its precision, for a person."""
    if moment is None:
        return "date unknown"
    if moment.precision in ("month", "year"):
        return f"{moment.value} (day unknown)"
    if moment.precision == "day":
        return moment.value
    zone = moment.zone or ""
    offset = f" {zone}" if zone.startswith(("+", "-")) else " UTC" if zone == "Z" else ""
    return moment.value.replace("T", " ")[:16] + offset


def minute(value: str | None) -> str:
    """An ISO time for a person: to the minute, its zone left out."""
    return value.replace("T", " ")[:16] if value else "date unknown"


def headline(article: Article) -> str:
    """The title, or the first words of an article without one."""
    text = " ".join(article.text.split())
    return article.title or (text[:90] + ("…" if len(text) > 90 else "")) or "(no title, no text)"


def more(query: Query, key: str, value: str, path: str = "/") -> str:
    """The address of the same search with one value added."""
    pairs = [pair for pair in to_params(query) if pair[0] != "cursor"]
    pairs += [(key, value)] * ((key, value) not in pairs)
    return f"{path}?{urlencode(pairs)}"


def without(query: Query, key: str, value: str) -> str:
    """The address of the same search with one value taken away; `near` goes with what it needs."""
    needed = key in ("entity", "any", "mentioned")
    return "/?" + urlencode(
        [
            pair
            for pair in to_params(query)
            if pair != (key, value) and pair[0] != "cursor" and not (needed and pair[0] == "near")
        ]
    )


def instead(query: Query, path: str = "/", **changes: str) -> str:
    """The address of the same search with single values in place of those that were there."""
    pairs = [pair for pair in to_params(query) if pair[0] not in changes and pair[0] != "cursor"]
    pairs += [(key, value) for key, value in changes.items() if value]
    return f"{path}?{urlencode(pairs)}"


def exchanged(query: Query, key: str, old: str, new: str) -> str:
    """The address of the same search with one value in place of another."""
    pairs = [(name, new if (name, value) == (key, old) else value) for name, value in to_params(query)]
    return f"/?{urlencode([pair for pair in pairs if pair[0] != 'cursor'])}"


def part(text: str) -> str:
    """Text as one part of a path."""
    return quote(text, safe="/")


_templates.filters.update(
    safe_url=safe_url,
    when=when,
    minute=minute,
    moment=said_moment,
    written=written,
    said=said,
    headline=headline,
    part=part,
)
_templates.globals.update(
    marked=marked,
    more=more,
    without=without,
    instead=instead,
    exchanged=exchanged,
    LABELS=LABELS,
    PARAMETER=PARAMETER,
    ROLES=ROLES,
)
