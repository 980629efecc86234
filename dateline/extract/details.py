"""The smaller fields: section, topics, image, canonical address, paywall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from dateline.extract.blocks import key_of, tidy
from dateline.extract.jsonld import first, strings, types_of
from dateline.extract.reading import Reading
from dateline.models import Candidate

_LIST = re.compile(r"\s*[,;|]\s*")
_SPACED = re.compile(r"(?:[^\s,;|]{2,}\s+){4,}[^\s,;|]{2,}")  # "cannes messen duisburg investition städtebau"
_PATH = re.compile(r"^[a-z]{3,15}/(?=\S)")  # "topic/trade", "organization/…"
_SYSTEM = re.compile(
    r"^[\w .-]{2,30}\s?[:=]\s?\S|^_|[0-9a-f]{8}-[0-9a-f]{4}-|^\w+(?:_\w+)+$|\.(?:com|net|org|de)$|^[\d\W]+$"
    r"|^(?:article|page|story|web|news|newsroom|paywall\w*|comments?-\w+)$",
    re.I,
)
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}(?::[A-Z0-9]+)?")  # of wires: "AMERS", "ASXPAC"
_TAGS: Any = etree.XPath(
    ".//a[@rel='tag'] | .//*[self::ul or self::div or self::p or self::section]"
    "[contains(concat(' ', @class, ' '), ' tags ') or contains(@class, 'article-tags')"
    " or contains(@class, 'tag-list') or contains(@class, 'post-tags')"
    " or contains(@class, 'article__tags') or contains(@class, 'article-topics')]//a[@href]"
)
_MOST_TOPICS = 40


def read_section(reading: Reading) -> tuple[str | None, list[Candidate]]:
    """The section that the article stands in, as the publisher names it."""
    found: list[Candidate] = []

    def add(place: str, value: str | None, confidence: float) -> None:
        text = tidy(value or "")
        if (
            1 < len(text) <= 60
            and not text.startswith("http")
            and text.casefold() not in ("home", "startseite")
        ):
            found.append(Candidate(value=text, place=place, rule="as named", confidence=confidence))

    node = reading.article_node or {}
    add("article:section", reading.meta("article:section"), 0.8)
    add("json-ld", first(node.get("articleSection")), 0.75)
    add("meta", reading.meta("section", "cxenseparse:section", "parsely-section", "sailthru.section"), 0.6)
    crumbs = _crumbs(reading)
    if crumbs:
        add("breadcrumb", crumbs[0], 0.5)
    return _chosen(found)


def _crumbs(reading: Reading) -> list[str]:
    for node in reading.json_ld:
        if "BreadcrumbList" in types_of(node):
            items = node.get("itemListElement")
            names = [_crumb(item) for item in items] if isinstance(items, list) else []
            named = [name for name in names if name]
            # the first is the front page, the last the article
            return named[1:-1] if len(named) > 2 else []
    return []


def _crumb(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    inner = item.get("item")
    return first(item.get("name")) or (first(inner.get("name")) if isinstance(inner, dict) else None)


def read_topics(reading: Reading, sites: Iterable[str] = ()) -> tuple[list[str], list[Candidate]]:
    """Topics and keywords, lists split at their commas, none twice, in the publisher's order.

    Keys of content systems ("Day: Friday", "pageType=article", codes of wires) are no topics, and a
    list that names the paper itself is the whole site's. Where nothing is declared, the links to
    topics that stand by the article are read.
    """
    found = [(place, topics[:_MOST_TOPICS]) for place, topics in _topic_sources(reading, sites)]
    candidates = [
        Candidate(value="; ".join(topics), place=place, rule="as listed", confidence=0.7, chosen=at == 0)
        for at, (place, topics) in enumerate(found)
    ]
    return (found[0][1] if found else []), candidates


def _topic_sources(reading: Reading, sites: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(place, topics) of each place that has some, the best first."""
    node = reading.article_node or {}
    values = strings(node.get("keywords"))
    values += [content for _, content in reading.meta_all("article:tag")]
    metas = [content for _, content in reading.meta_all("news_keywords", "keywords", "parsely-tags")]
    declared = _split_topics(values, set())
    listed = _split_topics(metas, {key_of(site) for site in sites})
    if declared:
        yield "json-ld and article:tag", declared
    if listed:
        yield "meta keywords", listed
    if not declared and not listed and (linked := _linked_topics(reading)):
        yield "links", linked


def _split_topics(values: list[str], own: set[str]) -> list[str]:
    topics: dict[str, str] = {}
    for value in values:
        # a list that holds one topic an entry keeps the commas inside ("Washington, D.C.")
        parts = _LIST.split(value) if len(values) == 1 or value.count(",") > 1 else [value]
        if len(values) == len(parts) == 1 and _SPACED.fullmatch(value):
            parts = value.split()
        for part in parts:
            topic = _PATH.sub("", tidy(part).strip("# \"'"))
            if 1 < len(topic) <= 80 and not _SYSTEM.search(topic):
                topics.setdefault(topic.casefold(), topic)
    found = list(topics.values())
    if len(found) > 4 and any(key_of(topic) in own for topic in found):
        return []
    codes = [topic for topic in found if _CODE.fullmatch(topic)]
    return [topic for topic in found if topic not in codes] if len(codes) > len(found) / 2 > 2 else found


def _linked_topics(reading: Reading) -> list[str]:
    """The texts of links that the markup calls tags: rel="tag", or a list of that name."""
    found: dict[str, str] = {}
    links = [
        a for a in _TAGS(reading.tree) if not any(up.tag in ("nav", "header") for up in a.iterancestors())
    ]
    for link in links[:60]:
        topic = tidy(link.text_content()).strip("# ,")
        if 1 < len(topic) <= 60:
            found.setdefault(topic.casefold(), topic)
    return list(found.values()) if len(found) <= 20 else []


def read_image(reading: Reading) -> tuple[str | None, list[Candidate]]:
    """The article's picture as an absolute address."""
    found: list[Candidate] = []

    def add(place: str, value: str | None, confidence: float) -> None:
        if value and not value.startswith("data:"):
            url = reading.absolute(value)
            if url.startswith(("http://", "https://")):
                found.append(Candidate(value=url, place=place, rule="as declared", confidence=confidence))

    node = reading.article_node or {}
    add("og:image", reading.meta("og:image", "og:image:url", "og:image:secure_url"), 0.8)
    add("json-ld", _image_of(reading, node.get("image"), 0), 0.75)
    add("json-ld thumbnail", first(node.get("thumbnailUrl")), 0.5)
    add("twitter:image", reading.meta("twitter:image", "twitter:image:src"), 0.6)
    add("image_src", next(iter(reading.links("image_src")), None), 0.4)
    return _chosen(found)


def _image_of(reading: Reading, value: Any, depth: int) -> str | None:
    value = reading.resolve(value)
    if isinstance(value, list) and value and depth < 3:
        return _image_of(reading, value[0], depth + 1)
    if isinstance(value, dict):
        return first(value.get("url")) or first(value.get("contentUrl"))
    return value if isinstance(value, str) else None


def read_canonical(reading: Reading) -> tuple[str | None, list[Candidate]]:
    """The address that the publisher declares for this page, None where what it declares is not believed.

    A canonical link that leads from an article to the front page, or to another publisher's site, is a
    mistake or a lie: believing it would make all of a paper's articles one.
    """
    found: list[Candidate] = []
    for place, value in [
        *(("canonical", url) for url in reading.links("canonical")[:2]),
        ("og:url", reading.meta("og:url") or ""),
    ]:
        url = reading.absolute(value) if value else ""
        if not url.startswith(("http://", "https://")):
            continue
        why = _doubt(url, reading.url)
        found.append(
            Candidate(value=url, place=place, rule=why or "as declared", confidence=0.1 if why else 0.9)
        )
    believed = [candidate for candidate in found if candidate.confidence > 0.5]
    if believed:
        believed[0].chosen = True
    return (believed[0].value if believed else None), found


def _doubt(url: str, here: str | None) -> str | None:
    """Why a canonical address is not believed, None if it is."""
    if not here:
        return None
    try:
        there, page = urlsplit(url), urlsplit(here)
        host, own = there.hostname or "", page.hostname or ""
    except ValueError:
        return "not an address"
    if there.path.strip("/") == "" and not there.query and (page.path.strip("/") or page.query):
        return "leads to the front page"
    if site(host) != site(own):
        return "leads to another site"
    parent = there.path.rstrip("/")
    if parent and not there.query and page.path.startswith(f"{parent}/") and parent.count("/") <= 1:
        return "leads to a section"
    return None


def read_next(reading: Reading, first: str | None = None) -> str | None:
    """The address of the article's next page, None where it has one page or this is the last.

    `first` is the address of its first page, where that is another one.

    rel="next" is also what weblogs call the next post, so the address must be this page's own with a
    number more.
    """
    try:
        here = urlsplit(first or reading.url or "")
    except ValueError:
        return None
    for url in [*reading.links("next"), *reading.next_links]:
        try:
            there = urlsplit(url)
        except ValueError:
            continue
        stem = re.sub(r"\.\w{2,5}$", "", here.path).rstrip("/")
        rest = there.path.removeprefix(stem) if stem and there.hostname == here.hostname else None
        numbered = rest is not None and re.fullmatch(
            r"[/,_-]?(?:page[/_-]?|seite[/_-]?|p)?(?:[2-9]|[1-4]\d)(?:\.\w{2,5})?/?", rest
        )
        asked = there.path == here.path and re.search(
            r"(?:^|&)(?:page|p|seite|pagina|paged|pg)=(?:[2-9]|[1-4]\d)\b", there.query
        )
        if there.hostname == here.hostname and (numbered or asked) and url != reading.url:
            return url
    return None


def site(host: str) -> str:
    """The registrable domain: "news.example.co.uk" is "example.co.uk". No list is fetched."""
    parts = _extract()(host)
    # a name under no known suffix (a test's, a company's own) is cut as if its last label were one
    return str(parts.top_domain_under_public_suffix or ".".join(host.split(".")[-2:]))


@lru_cache(maxsize=1)
def _extract() -> Any:
    import tldextract

    # the list that the package brings; fetching it while reading a page would be a surprise
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def read_paywall(reading: Reading) -> tuple[bool, list[Candidate]]:
    """Whether the page declares that its article is not free, with each place that speaks of it."""
    signs = list(dict.fromkeys(_paywall_signs(reading)))
    locked = any(sign for _, _, sign in signs)
    candidates = [
        Candidate(value=said, place=place, rule="locked" if sign else "free", confidence=0.8)
        for place, said, sign in signs
    ]
    if chosen := next((c for c in candidates if (c.rule == "locked") == locked), None):
        chosen.chosen = True
    return locked, candidates


def _paywall_signs(reading: Reading) -> Iterator[tuple[str, str, bool]]:
    """(place, what it says, whether that means a paywall) of each place that speaks of it."""
    for node in [reading.article_node or {}, *reading.json_ld]:
        value = node.get("isAccessibleForFree")
        if isinstance(value, bool | str):
            said = str(value).strip().casefold()
            yield "json-ld isAccessibleForFree", said[:20], said in ("false", "no", "0")
    tier = (reading.meta("article:content_tier", "content_tier") or "").casefold()
    if tier:
        yield "article:content_tier", tier[:20], tier in ("locked", "metered", "premium", "paid")


def _chosen(found: list[Candidate]) -> tuple[str | None, list[Candidate]]:
    if not found:
        return None, []
    best = max(found, key=lambda candidate: candidate.confidence)
    best.chosen = True
    return best.value, found


def disagree(candidates: list[Candidate]) -> bool:
    """Whether two places that can be believed say different things."""
    strong = [key_of(candidate.value) for candidate in candidates if candidate.confidence >= 0.3]
    return len(set(strong)) > 1
