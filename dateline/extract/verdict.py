"""Whether a page is an article: home pages, consent walls, error pages and stubs are recognised.

The verdict errs on the side of keeping: a page that calls itself an article and has a text is one,
and each rule needs two signs.
"""

from __future__ import annotations

import re

from dateline.extract import wording
from dateline.extract.jsonld import article_weight, strings, types_of
from dateline.extract.reading import Reading, host_and_path
from dateline.models import Article, Outcome

_THIN = 300  # characters; an article with fewer is looked at twice
_SHORT = 1500
_SCRIPT = re.compile(
    r"(?:enable|turn on|activate|activer|aktivier\w*|requires?|need)\s.{0,30}java ?script"
    r"|java ?script.{0,40}(?:disabled|required|enable)",
    re.I,
)
_LISTING = {"CollectionPage", "ItemList", "SearchResultsPage", "Blog", "WebSite", "ProfilePage"}
_SILENT = {"script", "style", "template"}
_FRONT = re.compile(r"^/?(?:index\.\w+|home(?:page)?|[a-z]{2}(?:-[a-z]{2})?)?/?$", re.I)


def judge(reading: Reading, article: Article) -> tuple[Outcome, str]:
    """(INDEXED, ""), or the outcome that fits better with the reason in a few words.

    NOT_ARTICLE for pages that hold no article, PAYWALLED for those that show only its beginning.
    """
    text = article.text
    title = article.title or ""
    head = " ".join([title, *_headings(reading)])
    shown = _shown(reading)
    declared = _declared(reading)
    length = len(text)

    if length < _SHORT and not (declared and length > _THIN):
        if wording.ROBOT.search(head) or (length < _THIN and wording.ROBOT.search(shown[:600])):
            return Outcome.NOT_ARTICLE, "a check for robots in the article's place"
        if any(wording.ERROR.search(name.strip()) for name in (title, _tab(reading))) or (
            not declared and any(wording.ERROR.search(h) for h in _headings(reading))
        ):
            return Outcome.NOT_ARTICLE, "an error page with status 200"
        if _is_consent(title, text, shown, reading.url):
            return Outcome.NOT_ARTICLE, "a consent wall"
    if _is_stub(reading, article, shown):
        return Outcome.PAYWALLED, f"a paywall: {length} characters shown"
    if length < _THIN and len(shown) < _THIN and not declared:
        scripts = sum(1 for _ in reading.tree.iter("script"))
        if scripts and (_SCRIPT.search(reading.html) or len(shown) < 120):
            return Outcome.NOT_ARTICLE, "a shell that a script would fill"
    if why := _listing(reading, article, declared, shown):
        return Outcome.NOT_ARTICLE, why
    if not text and not declared:
        return Outcome.NOT_ARTICLE, "no text found"
    if not text and not title:
        return Outcome.NOT_ARTICLE, "neither headline nor text found"
    return Outcome.INDEXED, ""


def _declared(reading: Reading) -> bool:
    """Whether the page says that it is an article."""
    node = reading.article_node
    if node is not None and article_weight(node) >= 0.5 and node.get("headline"):
        return True
    return (reading.meta("og:type") or "").casefold().startswith("article") and bool(
        reading.meta("article:published_time", "article:author", "article:section")
    )


def _tab(reading: Reading) -> str:
    """The page's own <title>, which a site suffix may follow."""
    return (reading.tree.findtext(".//title") or "")[:200]


def _headings(reading: Reading) -> list[str]:
    return [" ".join(h.text_content().split())[:200] for h in [*reading.tree.iter("h1", "h2")][:3]]


def _shown(reading: Reading) -> str:
    """The words of the body without scripts, on one line, the first part of them."""
    body = reading.tree.find("body")
    parts: list[str] = []
    size = 0
    for element in (body if body is not None else reading.tree).iter():
        for text in (None if element.tag in _SILENT else element.text, element.tail):
            if text and not text.isspace():
                parts.append(text)
                size += len(text)
        if size > 20_000:
            break
    return " ".join(" ".join(parts).split())


def _is_consent(title: str, text: str, shown: str, url: str | None) -> bool:
    """Whether the page is about consent and little else; a report about it has other words as well."""
    host, _ = host_and_path(url)
    hits = len(wording.CONSENT.findall(shown[:6000]))
    share = hits / max(1, len(shown[:6000].split()))
    own = len(wording.CONSENT.findall(text)) / max(1, len(text.split()))
    if host.startswith(("consent.", "cmp.", "privacy.")):
        return hits >= 3
    if wording.CONSENT_TITLE.search(title) and hits >= 3:
        return share > 0.02 and (not text or own > 0.02)
    return hits >= 6 and share > 0.03 and (not text or own > 0.03)


def _is_stub(reading: Reading, article: Article, shown: str) -> bool:
    length = len(article.text)
    if length > 2500:
        return False
    asked = bool(wording.PAYWALL.search(shown[:20_000]))
    words = max((_number(node.get("wordCount")) for node in reading.json_ld), default=0)
    cut = words > 1.8 * max(1, len(article.text.split())) + 50
    trails = article.text.rstrip().endswith(("…", "...", "[…]"))
    if article.paywalled:
        return asked or cut or trails or length < 700
    return asked and (cut or trails or (length < 700 and "paywall" in reading.html.casefold()))


def _number(value: object) -> int:
    found = re.search(r"\d+", " ".join(strings(value)))
    return int(found[0]) if found else 0


def _listing(reading: Reading, article: Article, declared: bool, shown: str) -> str | None:
    """Why the page is a home or section page; None if it is not."""
    if declared:
        return None
    _, path = host_and_path(reading.url)
    kinds = {kind for node in reading.json_ld for kind in types_of(node)}
    teasers = _teasers(reading)
    front = bool(reading.url) and bool(_FRONT.match(path)) and "?" not in (reading.url or "")
    listing = bool(kinds & _LISTING - {"WebSite"})
    website = (reading.meta("og:type") or "").casefold() in ("website", "blog")
    shallow = path.rstrip("/").count("/") <= 2 and not re.search(r"\d{4}|[\w]+-[\w]+-[\w]+-", path)
    longest = max((len(paragraph) for paragraph in article.text.split("\n\n")), default=0)
    prose = sum(len(p) for p in article.text.split("\n\n") if len(p) >= 120)
    if front and (teasers >= 5 or longest < 200):
        return "a home page"
    if website and teasers >= 3 and longest < 250 and article.published_at is None:
        return "a page of links to articles"
    if listing and teasers >= 10 and prose < 1500:
        return "a page of links to articles"
    if teasers >= 25 and prose < 800 and website and shallow:
        return "a page of links to articles"
    if teasers >= 15 and shallow and prose < 400 and len(shown) > 800:
        return "a section page"
    return None


def _teasers(reading: Reading) -> int:
    """How many links read like headlines."""
    found = set()
    for link in reading.tree.iter("a"):
        href = link.get("href") or ""
        if len(href) < 8 or href.startswith(("#", "javascript:", "mailto:")):
            continue
        if len(" ".join(link.text_content().split())) >= 30:
            found.add(href)
    return len(found)
