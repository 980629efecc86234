"""JSON-LD as it is found on pages: often broken, always somebody else's.

`read_json_ld` returns flat nodes. Papers print control characters, trailing commas, HTML entities,
comments, CDATA marks and several objects in a row; each is repaired in turn, and where nothing helps
the plain string values that can be told apart are kept, so that a bad articleBody does not cost the
headline.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]

ARTICLE_TYPES = {
    "NewsArticle": 1.0,
    "ReportageNewsArticle": 1.0,
    "AnalysisNewsArticle": 1.0,
    "OpinionNewsArticle": 1.0,
    "BackgroundNewsArticle": 1.0,
    "ReviewNewsArticle": 1.0,
    "AskPublicNewsArticle": 1.0,
    "LiveBlogPosting": 0.95,
    "Article": 0.95,
    "BlogPosting": 0.9,
    "TechArticle": 0.9,
    "ScholarlyArticle": 0.9,
    "AdvertiserContentArticle": 0.9,
    "SatiricalArticle": 0.9,
    "MedicalScholarlyArticle": 0.9,
    "Report": 0.8,
    "Review": 0.7,
    "SocialMediaPosting": 0.6,
    "DiscussionForumPosting": 0.6,
    "Recipe": 0.6,
    "CreativeWork": 0.5,
    "VideoObject": 0.3,
    "WebPage": 0.25,
}
_MAX_DEPTH = 12
_MAX_NODES = 2000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32)])
_COMMENT = re.compile(r"<!--|-->|/\*<!\[CDATA\[\*/|/\*\]\]>\*/|//\s*<!\[CDATA\[|//\s*\]\]>|<!\[CDATA\[|\]\]>")
_BLOCK_COMMENT = re.compile(r"/\*.{0,2000}?\*/", re.S)
_LINE_COMMENT = re.compile(r"^\s*//.*$", re.M)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'(["}\]])(\s*\n\s*")')
_SALVAGE = re.compile(
    r'"(@type|headline|alternativeHeadline|name|datePublished|dateModified|dateCreated|articleSection'
    r'|inLanguage|description|url)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"'
)
# where an article may hide inside another node
_NESTED = (
    "mainEntity",
    "mainEntityOfPage",
    "hasPart",
    "about",
    "itemListElement",
    "item",
    "@graph",
    "liveBlogUpdate",
)
_MAX_DEPTH = 12


def read_json_ld(scripts: Iterable[str]) -> list[Node]:
    """All nodes of a page's JSON-LD scripts, flat, in the page's order. Never raises."""
    nodes: list[Node] = []
    for script in scripts:
        for value in _parse(script):
            for node in _flatten(value, 0):
                if len(nodes) >= _MAX_NODES:
                    return nodes
                nodes.append(node)
    return nodes


def types_of(node: Node) -> list[str]:
    """The node's types without their vocabulary ("schema:NewsArticle" → "NewsArticle")."""
    value = node.get("@type") or node.get("type")
    names = value if isinstance(value, list) else [value]
    return [re.split(r"[/:#]", name)[-1] for name in names if isinstance(name, str)]


def article_weight(node: Node) -> float:
    """How surely the node is the page's article, by type alone: 0 to 1."""
    return max((ARTICLE_TYPES.get(name, 0.0) for name in types_of(node)), default=0.0)


def strings(value: Any) -> list[str]:
    """The plain strings in a JSON-LD value: itself, a list's, or an object's name or @value."""
    if isinstance(value, str):
        text = clean(value)
        return [text] if text else []
    if isinstance(value, dict):
        for key in ("name", "@value", "headline", "url", "@id"):
            if key in value:
                return strings(value[key])
        return []
    if isinstance(value, list):
        return [text for item in value[:200] for text in strings(item)]
    return [str(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def first(value: Any) -> str | None:
    """The first plain string in a JSON-LD value, None if there is none."""
    return next(iter(strings(value)), None)


def clean(text: str) -> str:
    """One line: entities resolved (twice, as papers escape twice), white space collapsed."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join(scrub(text).split())


def scrub(text: str) -> str:
    """Text without NUL, control characters, non-characters and lone surrogates: a single U+FFFE, which XML
    can't hold, makes an extractor give up the whole page.
    """
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return _CONTROL.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
    # a page has none of them as a rule, and bytes tell so in a tenth of the time
    clean = len(raw.translate(None, _CONTROL_BYTES)) == len(raw) and not any(c in raw for c in _NO_CHARACTERS)
    return text if clean else _CONTROL.sub("", text)


def _parse(script: str) -> Iterator[Any]:
    text = script.strip().lstrip("\ufeff")
    if not text:
        return
    for repair in (_as_is, _plain, _unescaped, _commas):
        text = repair(text)
        try:
            yield json.loads(text, strict=False)
            return
        except (ValueError, RecursionError):
            pass
    values = list(_in_a_row(text))
    if values:
        yield from values
        return
    salvaged: Node = {}
    for key, value in _SALVAGE.findall(text):
        try:
            salvaged.setdefault(key, json.loads(f'"{value}"', strict=False))
        except ValueError:
            salvaged.setdefault(key, value)
    if salvaged:
        salvaged["_salvaged"] = True
        yield salvaged


def _as_is(text: str) -> str:
    return text


def _plain(text: str) -> str:
    text = _CONTROL.sub(" ", _COMMENT.sub("", text)).strip().rstrip(";")
    return _LINE_COMMENT.sub("", text) if "//" in text else text


def _unescaped(text: str) -> str:
    # only a script that is escaped as a whole: else an &quot; inside a value would end its string
    return html.unescape(text) if "&quot;" in text[:200] or "&#34;" in text[:200] else text


def _commas(text: str) -> str:
    text = _TRAILING_COMMA.sub(r"\1", _BLOCK_COMMENT.sub("", text))
    text = _MISSING_COMMA.sub(r"\1,\2", text)
    return re.sub(r"\\(?![\"\\/bfnrtu])", r"\\\\", text)


def _in_a_row(text: str) -> Iterator[Any]:
    """Several objects one after the other, or one with rubbish behind it."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while 0 <= (at := _next_open(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _next_open(text: str, at: int) -> int:
    found = [i for i in (text.find("{", at), text.find("[", at)) if i >= 0]
    return min(found, default=-1)


def _flatten(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "headline" in value or "type" in value:
            yield value
        for key in _NESTED:
            if isinstance(value.get(key), list | dict):
                yield from _flatten(value[key], depth + 1)
