"""Every date that a page, its address, its headers and its finders state, as clues with a weight.

A clue is what stands there; what it is worth together with the others is decided in `published.py`.
Weights are prior beliefs that this place states the day of publication, set on one half of the open
benchmarks and checked on the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dateline.dates.published_moment import find_moments, parse_moment
from dateline.extract.jsonld import article_weight, strings, types_of
from dateline.extract.reading import Reading
from dateline.models import Moment

Kind = Literal["published", "modified"]


@dataclass(slots=True, kw_only=True)
class Clue:
    """A stated date. `family` groups places that are filled from the same field of a publisher's system:
    they are not independent witnesses. `swapped` is the other reading of 03/04/2020."""

    moment: Moment
    place: str
    rule: str
    weight: float
    kind: Kind = "published"
    family: str = ""
    swapped: Moment | None = None
    sure: bool = True


# names of metas in lower case → weight; a name that is not here but looks like one gets _LOOSE
_PUBLISHED_METAS = {
    "article:published_time": 0.93,
    "og:article:published_time": 0.92,
    "article:published": 0.9,
    "og:published_time": 0.9,
    "og:pubdate": 0.85,
    "published_time": 0.88,
    "rnews:datepublished": 0.9,
    "datepublished": 0.9,
    "date_published": 0.88,
    "parsely-pub-date": 0.9,
    "sailthru.date": 0.9,
    "bt:pubdate": 0.85,
    "pubdate": 0.85,
    "publishdate": 0.88,
    "publish-date": 0.88,
    "publish_date": 0.88,
    "publication_date": 0.88,
    "publicationdate": 0.88,
    "publishtime": 0.85,
    "lastpublisheddate": 0.5,
    "cxenseparse:recs:publishtime": 0.9,
    "cxenseparse:publishtime": 0.85,
    "cxenseparse:time": 0.7,
    "citation_publication_date": 0.85,
    "citation_online_date": 0.85,
    "citation_date": 0.8,
    "prism.publicationdate": 0.85,
    "dc.date.issued": 0.88,
    "dc.date.published": 0.88,
    "dcterms.issued": 0.85,
    "dcterms.available": 0.75,
    "dcterms.created": 0.75,
    "dcterms.date": 0.5,
    "dc.date.created": 0.8,
    "dc.created": 0.75,
    "dc.date": 0.6,
    "date": 0.62,  # many systems put the last change here
    "date.created": 0.85,
    "date.available": 0.85,
    "datecreated": 0.8,
    "created": 0.75,
    "creation_date": 0.75,
    "cms_creationdate": 0.7,
    "originalpublicationdate": 0.9,
    "article_date_original": 0.9,
    "article.published": 0.9,
    "article.created": 0.85,
    "article:created": 0.8,
    "article-publish-date": 0.9,
    "article:publication_date": 0.9,
    "displaydate": 0.75,
    "artikeldatum": 0.85,
    "timestamp": 0.6,
    "release_date": 0.6,
    "gentime": 0.5,
}
_MODIFIED_METAS = {
    "article:modified_time": 0.93,
    "og:article:modified_time": 0.92,
    "article:modified": 0.9,
    "og:updated_time": 0.8,
    "og:modified_time": 0.85,
    "datemodified": 0.9,
    "date_modified": 0.88,
    "date.modified": 0.85,
    "date.updated": 0.85,
    "dcterms.modified": 0.85,
    "dc.date.modified": 0.85,
    "dc.modified": 0.8,
    "last-modified": 0.8,
    "lastmod": 0.8,
    "lastmodified": 0.8,
    "modified": 0.75,
    "modified_time": 0.85,
    "bt:moddate": 0.8,
    "revised": 0.6,
    "updated": 0.7,
    "updated_time": 0.75,
    "article:updated_time": 0.85,
}
_LOOSE_PUBLISHED = re.compile(
    r"pub(?:lish|lication|lished)?[._:-]?(?:date|time|at|on)|date[._:-]?publi|firstpublish"
)
LOOSE_MODIFIED = re.compile(r"modif|updated?[._:-]?(?:date|time|at|on)|lastupdate|date[._:-]?(?:modif|updat)")
_NOT_A_DATE_META = re.compile(
    r"expir|event|birth|founding|msvalidate|verification|copyright|description|title"
)
_IMAGE_DAY = re.compile(r"/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)")


def structured(reading: Reading, language: str | None) -> Iterator[Clue]:
    """JSON-LD, metas and microdata."""
    yield from _json_ld(reading, language)
    first: dict[str, str] = {}
    for name, content in reading.metas:
        # a name that comes again with another day belongs to a teaser
        again = first.setdefault(name, content)[:10] != content[:10]
        for clue in _meta(name, content, language):
            if again:
                clue.weight, clue.family = clue.weight * 0.2, "teaser"
            yield clue
    yield from _microdata(reading, language)


def _json_ld(reading: Reading, language: str | None) -> Iterator[Clue]:
    # a live blog's entries are nodes of their own, and newer than the blog
    main = next((n for n in reading.json_ld if "LiveBlogPosting" in types_of(n)), reading.article_node)
    for node in reading.json_ld:
        own = node is main
        weight = article_weight(node)
        if node.get("_salvaged"):
            weight = max(weight, 0.9)
        if not own and not weight:
            continue
        # another article's node is mostly a teaser; the page's own WebPage node repeats the date
        page = "WebPage" in types_of(node)
        trust = (
            0.96
            if own and "LiveBlogPosting" in types_of(node)
            else (0.55 + 0.4 * weight)
            if own
            else (0.6 if page else 0.1)
        )
        place = "json-ld" if own else f"json-ld {next(iter(types_of(node)), '')}".strip()
        family = "structured" if own or page else "teaser"
        for key, kind, factor in (
            ("datePublished", "published", 1.0),
            ("dateCreated", "published", 0.8),
            ("uploadDate", "published", 0.7),
            ("dateModified", "modified", 1.0),
        ):
            for text in strings(node.get(key))[:2]:
                yield from clue_of(text, place, key, trust * factor, kind, family, language)  # type: ignore[arg-type]


def _meta(name: str, content: str, language: str | None) -> Iterator[Clue]:
    if len(content) > 60 or not any(char.isdigit() for char in content):
        return
    place = name if ":" in name else f"meta {name}"
    known = _PUBLISHED_METAS.get(name)
    changed = _MODIFIED_METAS.get(name)
    if known is not None:
        yield from clue_of(content, place, "meta", known, "published", "structured", language)
    elif changed is not None:
        yield from clue_of(content, place, "meta", changed, "modified", "structured", language)
    elif _NOT_A_DATE_META.search(name):
        return
    elif LOOSE_MODIFIED.search(name):
        yield from clue_of(content, place, "meta by its name", 0.6, "modified", "structured", language)
    elif _LOOSE_PUBLISHED.search(name):
        yield from clue_of(content, place, "meta by its name", 0.65, "published", "structured", language)


def _microdata(reading: Reading, language: str | None) -> Iterator[Clue]:
    seen: dict[str, int] = {}
    for name, value, element in reading.microdata:
        key = name.rsplit("/", 1)[-1]
        kind: Kind
        if key in ("datePublished", "dateCreated", "uploadDate"):
            kind, base = "published", {"datePublished": 0.88, "dateCreated": 0.75, "uploadDate": 0.5}[key]
        elif key == "dateModified":
            kind, base = "modified", 0.85
        else:
            continue
        if element.tag == "meta" and element.get("property"):
            continue  # read as a meta already
        count = seen.get(key, 0)
        seen[key] = count + 1
        if count >= 5:
            continue
        # the first one is the page's own, those after it mostly teasers' or comments'
        weight = base if count == 0 else 0.15
        family = "structured" if count == 0 else "teaser"
        yield from clue_of(value[:80], f"microdata {key}", key, weight, kind, family, language)


def clue_of(
    text: str, place: str, rule: str, weight: float, kind: Kind, family: str, language: str | None
) -> Iterator[Clue]:
    moment = parse_moment(text[:80], language) if text.isdigit() else None
    if moment:
        yield Clue(moment=moment, place=place, rule=rule, weight=weight, kind=kind, family=family)
        return
    for found in find_moments(text[:80], language):
        yield Clue(
            moment=found.moment,
            place=place,
            rule=rule,
            weight=weight,
            kind=kind,
            family=family,
            swapped=found.swapped,
            sure=found.sure,
        )
        return


def from_hints(hints: Mapping[str, str] | None, language: str | None) -> Iterator[Clue]:
    """What a feed entry or a sitemap said when the link was found."""
    place = (hints or {}).get("place", "feed")
    for name, value in (hints or {}).items():
        key = name.lower().replace("-", "").replace("_", "")
        if key in ("published", "publishedat", "pubdate", "publicationdate", "issued", "date", "created"):
            yield from clue_of(value, f"{place} {name}", "entry", 0.85, "published", "feed", language)
        elif key in ("updated", "modified", "modifiedat", "lastmod"):
            # a sitemap's lastmod is often the day on which the sitemap was made
            weight = 0.3 if place == "sitemap" else 0.7
            yield from clue_of(value, f"{place} {name}", "entry", weight, "modified", "feed", language)


def from_headers(headers: Mapping[str, str]) -> Iterator[Clue]:
    """HTTP Last-Modified: when the file changed, and weak even for that."""
    value = headers.get("last-modified")
    if value:
        yield from clue_of(value, "header last-modified", "header", 0.25, "modified", "header", "en")


def from_images(reading: Reading) -> Iterator[Clue]:
    """The day in the path of the page's lead image: mostly the day it was uploaded."""
    for name in ("og:image", "twitter:image", "twitter:image:src"):
        content = reading.meta(name)
        if content and (match := _IMAGE_DAY.search(content)):
            text = f"{match[1]}-{match[2]}-{match[3]}"
            yield from clue_of(text, name, "day in the image's path", 0.2, "published", "image", None)
            return


def language_of(reading: Reading) -> str | None:
    """The language tag that the page declares, with its region where it has one."""
    tag: Any = reading.tree.get("lang") or reading.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    locale = reading.meta("og:locale", "content-language", "language", "dc.language")
    tags = [t.strip().replace("_", "-") for t in (tag, locale) if t and 2 <= len(t.strip()) <= 12]
    if len(tags) == 2 and tags[0].lower() == tags[1].split("-")[0].lower():
        return tags[1]
    return tags[0] if tags else None
