"""Every date that a page, its address, its headers and its finders state, as clues with a weight.

A clue is what stands there; what it is worth together with the others is decided in `published.py`.
Weights are prior beliefs that this place states the day of publication, set on one half of the open
benchmarks and checked on the other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from dateline.dates.published_moment import find_moments, parse_moment, to_moment
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
_LOOSE_MODIFIED = re.compile(
    r"modif|updated?[._:-]?(?:date|time|at|on)|lastupdate|date[._:-]?(?:modif|updat)"
)
_NOT_A_DATE_META = re.compile(
    r"expir|event|birth|founding|msvalidate|verification|copyright|description|title"
)

_STATUS = re.compile(r"//(?:[\w-]+\.)?(?:twitter|x)\.com/[^/?#]+/status(?:es)?/(\d{17,19})(?!\d)")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_URL_WORDS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]([a-z]{3,9})[-/](\d{1,2})(?!\d)", re.I)
_URL_DAY_LAST = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})[-_.]((?:19|20)\d\d)(?!\d)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[-/](0[1-9]|1[0-2])(?=/|$)")
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)(?=/)")
_IMAGE_DAY = re.compile(r"/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)")
_QUOTED_DAY = re.compile(
    r"""["']((?:19|20)\d\d-\d\d-\d\d(?:[T ][0-9:.]{5,15}(?:Z|[+-]\d\d:?\d\d)?)?)\\?["']"""
)
_KEY_BEFORE = re.compile(r"""([\w-]*(?:pub|date|modified|created)[\w-]*)\\?["']?\s*:\s*\\?$""", re.I)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:\d{4}\s*[-–]\s*)?((?:19|20)\d\d)", re.I)


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
                yield from _clue(text, place, key, trust * factor, kind, family, language)  # type: ignore[arg-type]


def _meta(name: str, content: str, language: str | None) -> Iterator[Clue]:
    if len(content) > 60 or not any(char.isdigit() for char in content):
        return
    place = name if ":" in name else f"meta {name}"
    if name in _PUBLISHED_METAS:
        yield from _clue(content, place, "meta", _PUBLISHED_METAS[name], "published", "structured", language)
    elif name in _MODIFIED_METAS:
        yield from _clue(content, place, "meta", _MODIFIED_METAS[name], "modified", "structured", language)
    elif _NOT_A_DATE_META.search(name):
        return
    elif _LOOSE_MODIFIED.search(name):
        yield from _clue(content, place, "meta by its name", 0.6, "modified", "structured", language)
    elif _LOOSE_PUBLISHED.search(name):
        yield from _clue(content, place, "meta by its name", 0.65, "published", "structured", language)


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
        yield from _clue(value[:80], f"microdata {key}", key, weight, kind, family, language)


def _clue(
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


def from_url(url: str | None, place: str = "url") -> Iterator[Clue]:
    """A date in the address: /2020/03/03/, -2020-03-03, 20200303, /2020/mar/03/, /2020/03/, /2020/."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        path = unquote(parts.path + ("?" + parts.query if parts.query else ""))
    except ValueError:
        return
    if match := _STATUS.search(url):
        # a "snowflake": its upper bits are the milliseconds since November 2010 at which it was given out
        given = dt.datetime.fromtimestamp(((int(match[1]) >> 22) + 1_288_834_974_657) / 1000, dt.UTC)
        moment = to_moment(given.replace(microsecond=0), "second", "UTC")
        yield Clue(moment=moment, place=place, rule="time in the status's number", weight=0.9, family="url")
        return
    for pattern, rule in (
        (_URL_DAY, "day in path"),
        (_URL_WORDS, "day in path"),
        (_URL_DAY_LAST, "day in path"),
    ):
        for match in pattern.finditer(path):
            # eight figures in a row are often an id; with slashes they are a date
            glued = pattern is _URL_DAY and not match[2]
            if glued and len(match[3] + match[4]) != 4:
                continue
            text = f"{match[1]}-{match[3]}-{match[4]}" if pattern is _URL_DAY else match[0]
            for found in find_moments(_padded(text), "en"):
                weight = 0.35 if glued else 0.78 if "/" in match[0] else 0.6
                yield Clue(
                    moment=found.moment,
                    place=place,
                    rule=rule,
                    weight=weight,
                    family="url",
                    swapped=found.swapped,
                    sure=found.sure,
                )
                return
    for pattern, precision in ((_URL_MONTH, "month"), (_URL_YEAR, "year")):
        if coarse := pattern.search(path):
            moment = Moment(value="-".join(coarse.groups()), precision=precision)  # type: ignore[arg-type]
            yield Clue(moment=moment, place=place, rule=f"{precision} in path", weight=0.3, family="url")
            return


def _padded(text: str) -> str:
    parts = text.split("-")
    return "-".join(part.zfill(2) for part in parts) if len(parts) == 3 else text


def from_hints(hints: Mapping[str, str] | None, language: str | None) -> Iterator[Clue]:
    """What a feed entry or a sitemap said when the link was found."""
    place = (hints or {}).get("place", "feed")
    for name, value in (hints or {}).items():
        key = name.lower().replace("-", "").replace("_", "")
        if key in ("published", "publishedat", "pubdate", "publicationdate", "issued", "date", "created"):
            yield from _clue(value, f"{place} {name}", "entry", 0.85, "published", "feed", language)
        elif key in ("updated", "modified", "modifiedat", "lastmod"):
            # a sitemap's lastmod is often the day on which the sitemap was made
            weight = 0.3 if place == "sitemap" else 0.7
            yield from _clue(value, f"{place} {name}", "entry", weight, "modified", "feed", language)


def from_headers(headers: Mapping[str, str]) -> Iterator[Clue]:
    """HTTP Last-Modified: when the file changed, and weak even for that."""
    value = headers.get("last-modified")
    if value:
        yield from _clue(value, "header last-modified", "header", 0.25, "modified", "header", "en")


def from_images(reading: Reading) -> Iterator[Clue]:
    """The day in the path of the page's lead image: mostly the day it was uploaded."""
    for name in ("og:image", "twitter:image", "twitter:image:src"):
        content = reading.meta(name)
        if content and (match := _IMAGE_DAY.search(content)):
            text = f"{match[1]}-{match[2]}-{match[3]}"
            yield from _clue(text, name, "day in the image's path", 0.2, "published", "image", None)
            return


def from_scripts(reading: Reading) -> Iterator[Clue]:
    """Dates in the data that a page's scripts carry (`"publishedAt": "2020-03-03T…"`)."""
    seen = 0
    for match in _QUOTED_DAY.finditer(reading.html):
        key = _KEY_BEFORE.search(reading.html, max(0, match.start() - 50), match.start())
        if key is None:
            continue
        kind: Kind = "modified" if _LOOSE_MODIFIED.search(key[1].lower()) else "published"
        # the first is the page's own more often than not; later ones are other stories'
        weight = 0.4 if seen == 0 else 0.1
        yield from _clue(match[1], f"script {key[1]}", "data of a script", weight, kind, "structured", None)
        seen += 1
        if seen >= 5:
            return


def from_descriptions(reading: Reading) -> Iterator[Clue]:
    """A date in the page's title or description ("(Notizia del 14 gennaio 2020)")."""
    language = language_of(reading)
    for place, text in (
        ("title", reading.tree.findtext(".//title")),
        ("description", reading.meta("og:description", "description")),
    ):
        for found in list(find_moments((text or "")[:400], language))[:2]:
            yield Clue(
                moment=found.moment,
                place=place,
                rule=f"in the {place}",
                weight=0.3 if found.moment.precision not in ("month", "year") else 0.1,
                family="description",
                swapped=found.swapped,
                sure=found.sure,
            )


def from_copyright(text: str) -> Iterator[Clue]:
    """The year in a copyright line: a bound, and only where nothing else speaks."""
    years = [match[1] for match in _COPYRIGHT.finditer(text)]
    if years:
        yield Clue(
            moment=Moment(value=max(years), precision="year"),
            place="copyright",
            rule="year of the copyright line",
            weight=0.05,
            family="copyright",
        )


def language_of(reading: Reading) -> str | None:
    """The language tag that the page declares, with its region where it has one."""
    tag: Any = reading.tree.get("lang") or reading.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    locale = reading.meta("og:locale", "content-language", "language", "dc.language")
    tags = [t.strip().replace("_", "-") for t in (tag, locale) if t and 2 <= len(t.strip()) <= 12]
    if len(tags) == 2 and tags[0].lower() == tags[1].split("-")[0].lower():
        return tags[1]
    return tags[0] if tags else None


def region_of(url: str | None) -> str | None:
    """The country that the path ("/en-gb/") or the host's ending ("uk" → "GB") names: 03/04 depends on it."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:
        return None
    if match := _LOCALE_IN_PATH.search(parts.path):
        return match[1].upper()
    ending = host.rsplit(".", 1)[-1]
    return (
        {"uk": "GB"}.get(ending, ending.upper()) if len(ending) == 2 and ending not in _NO_COUNTRY else None
    )


_LOCALE_IN_PATH = re.compile(r"^/[a-z]{2}[-_]([a-z]{2})(?=/|$)", re.I)
_NO_COUNTRY = {"io", "tv", "co", "me", "ai", "fm", "eu", "cc", "ly", "to", "ws", "gg"}
