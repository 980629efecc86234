"""A page parsed once: the tree, the metas, the JSON-LD and the microdata that every field reads.

`read_page` takes a page's bytes, `Reading.from_html` its text. Neither raises on a stranger's page:
what was cut or repaired stands in `Reading.notes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction, document_fromstring

from dateline.extract.charset import Charset, decode
from dateline.extract.jsonld import Node, article_weight, clean, read_json_ld, scrub, strings

MAX_CHARS = 6_000_000  # longer pages are cut: the longest article of the benchmarks has 1.5 million
MAX_ATTRIBUTE = 4_000  # characters of an attribute; trafilatura's patterns take minutes on megabytes
MAX_ATTRIBUTES = 60  # attributes of one element
MAX_DEPTH = 200  # levels; libxml2 drops text beyond 256 without a word, and more with huge_tree

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
# libxml2 takes minutes on an element of a hundred thousand attributes
_LONG = 20_000  # characters
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9:-]*)[^<>]{{{_LONG},}}")
_REFERENCE = re.compile(r"&#(?:0*(\d{1,7})|[xX]0*([0-9a-fA-F]{1,6}));?")
_BREAKS = re.compile(r"(?:<br>\s*){3,}")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"]
)
# lxml.html asks a function in Python which class an element gets, each time that one is touched; nobody
# here needs its classes for forms, and every other element is an HtmlElement there, too
_CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)
_NEXT: Any = etree.XPath(".//a[contains(concat(' ', @rel, ' '), ' next ')]")
# asked of libxml2, where a walk in Python would cost as much as the parse
_DEEP: Any = etree.XPath("boolean(" + "/*" * MAX_DEPTH + ")")
_CROWDED: Any = etree.XPath(f"//*[@*[{MAX_ATTRIBUTES}]]")
_OVERLONG: Any = etree.XPath(f"//*[@*[string-length() > {MAX_ATTRIBUTE}]]")


@dataclass
class Reading:
    """One parse of a page, shared by all who read fields from it. Treat it as read-only.

    `metas` are (name, content) in the page's order, names in lower case, from name, property,
    itemprop and http-equiv. `json_ld` is flat (see `read_json_ld`). `headers` has lower-case names.
    """

    html: str
    tree: HtmlElement
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    charset: Charset | None = None
    notes: list[str] = field(default_factory=list)
    # lxml makes an element's Python side anew for each walk, unless somebody holds it
    held: list[HtmlElement] = field(default_factory=list, repr=False)

    @classmethod
    def from_html(
        cls, html: str, url: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reading:
        """A reading of text that is decoded already."""
        notes: list[str] = []
        html = _REFERENCE.sub(_written_out, scrub(html))
        if len(html) > MAX_CHARS:
            notes.append(f"page cut at {MAX_CHARS} of {len(html)} characters")
            html = html[:MAX_CHARS]
        tree = _parse(html, notes)
        held = list(tree.iter())
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(html=html, tree=tree, url=url, headers=lower, notes=notes, held=held)

    @cached_property
    def metas(self) -> list[tuple[str, str]]:
        """(name, content) of every meta element, in order, content on one line."""
        found: list[tuple[str, str]] = []
        for meta in self.tree.iter("meta"):
            content = meta.get("content") or meta.get("value")
            if not content:
                continue
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in (meta.get(attribute) or "").lower().split():
                    found.append((name, clean(content)))
        return found

    def meta_all(self, *names: str) -> list[tuple[str, str]]:
        """(name, content) of the metas with these names, in the order of `names`."""
        named = self._metas_by_name
        return [(n, content) for n in map(str.lower, names) for content in named.get(n, ())]

    def meta(self, *names: str) -> str | None:
        """The content of the first meta found, by the order of `names`."""
        named = self._metas_by_name
        return next((named[n][0] for n in map(str.lower, names) if n in named), None)

    @cached_property
    def _metas_by_name(self) -> dict[str, list[str]]:
        """The contents that say anything, by name: asked for some fifty times a page."""
        named: dict[str, list[str]] = {}
        for name, content in self.metas:
            if content:
                named.setdefault(name, []).append(content)
        return named

    @cached_property
    def json_ld(self) -> list[Node]:
        """The page's JSON-LD nodes, flat, in order."""
        scripts = [
            script.text or ""
            for script in self.tree.iter("script")
            if "ld+json" in (script.get("type") or "").lower()
        ]
        return read_json_ld(scripts)

    @cached_property
    def nodes_by_id(self) -> dict[str, Node]:
        """JSON-LD nodes by their @id, for references such as {"@id": "#author"}."""
        found: dict[str, Node] = {}
        for node in self.json_ld:
            key = node.get("@id")
            if isinstance(key, str) and len(node) > len(found.get(key, {})):
                found[key] = node
        return found

    def resolve(self, value: Any) -> Any:
        """The node that a bare {"@id": …} points at; any other value as it is."""
        if isinstance(value, dict) and "@id" in value and not ({"name", "@value"} & value.keys()):
            return self.nodes_by_id.get(str(value["@id"]), value)
        return value

    @cached_property
    def article_node(self) -> Node | None:
        """The JSON-LD node of this page's article: by type, address, headline and fullness."""
        best: tuple[float, Node] | None = None
        title = (self.meta("og:title", "twitter:title") or "").casefold()
        here = _address(self.url or self.meta("og:url") or "")
        for node in self.json_ld:
            weight = article_weight(node)
            if node.get("_salvaged") and "headline" in node:
                weight = max(weight, 0.9)
            if not weight:
                continue
            score = 2 * weight
            links = [
                _address(text)
                for key in ("url", "mainEntityOfPage", "@id")
                for text in strings(node.get(key))
            ]
            if here and here in links:
                score += 1.0
            headline = " ".join(strings(node.get("headline"))).casefold()
            if headline:
                score += 0.8
                if title and (headline in title or title in headline):
                    score += 0.6
            score += 0.2 * sum(key in node for key in ("datePublished", "author", "articleBody", "publisher"))
            if best is None or score > best[0]:
                best = (score, node)
        return best[1] if best else None

    @cached_property
    def microdata(self) -> list[tuple[str, str, HtmlElement]]:
        """(itemprop, value, element) of every element with an itemprop; metas included."""
        found = []
        for element in self.tree.xpath(".//*[@itemprop]"):
            value = (
                element.get("content")
                or element.get("datetime")
                or (element.get("src") if element.tag == "img" else None)
                or (element.get("href") if element.tag in ("link",) else None)
                or element.text_content()[:20_000]
            )
            for name in element.get("itemprop", "").split():
                found.append((name, clean(value), element))
        return found

    def links(self, rel: str) -> list[str]:
        """Absolute addresses of <link rel=…> elements."""
        return [self.absolute(href) for rels, href in self._links if rel in rels]

    @cached_property
    def _links(self) -> list[tuple[list[str], str]]:
        """(rels, href) of the <link> elements that have an address."""
        return [
            ((link.get("rel") or "").lower().split(), href)
            for link in self.tree.iter("link")
            if (href := link.get("href"))
        ]

    @cached_property
    def next_links(self) -> list[str]:
        """Absolute addresses of the first links (<a>) with rel="next"."""
        return [self.absolute(a.get("href") or "") for a in _NEXT(self.tree)[:10]]

    def absolute(self, href: str) -> str:
        """`href` against the page's address; as it is where that can't be done."""
        try:
            return urljoin(self.url or "", href.strip())
        except ValueError:
            return href.strip()


def read_page(body: bytes, headers: Mapping[str, str] | None = None, url: str | None = None) -> Reading:
    """A page's bytes (Content-Encoding already undone) as a Reading. Never raises.

    The character set is chosen by header, BOM, meta and bytes, in that order of trust, and kept in
    `Reading.charset`.
    """
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    html, charset = decode(body[: 4 * MAX_CHARS], lower.get("content-type"))
    reading = Reading.from_html(html, url, lower)
    reading.charset = charset
    if charset.rejected:
        reading.notes.append(f"character set {charset}, not {'; '.join(charset.rejected)}")
    return reading


def host_and_path(url: str | None) -> tuple[str, str]:
    """("www.example.com", "/a/b") of an address, both empty where it is none. Never raises."""
    try:
        parts = urlsplit((url or "").strip())
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def _address(url: str) -> str:
    """Host and path of a URL, for comparing; scheme, query, "www." and last slash do not count."""
    host, path = host_and_path(url)
    return (host.removeprefix("www.") + path).rstrip("/").lower()


def _parse(html: str, notes: list[str]) -> HtmlElement:
    html = _XML_DECLARATION.sub("", html, count=1)
    if max(map(len, html.split(">"))) > _LONG:
        html = _LONG_TAG.sub(_without_attributes, html)
    tree = _tree(html)
    if _DEEP(tree):
        tree = _tree(_flat(html))
        notes.append(f"nested more than {MAX_DEPTH} levels deep: inner tags dropped, text kept")
    if _trim_attributes(tree):
        notes.append("overlong attributes cut")
    return tree


def _without_attributes(tag: re.Match[str]) -> str:
    return f"<{tag[1]}" if len(tag[0].split(None, 5000)) > 5000 else tag[0]


def _tree(html: str) -> HtmlElement:
    # comments and processing instructions are never text; the options are trafilatura's own, so
    # that it can take this tree as it is, with huge_tree against silent loss in deep pages
    parser = etree.HTMLParser(  # type: ignore[call-arg]  # the stubs do not know default_doctype
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        huge_tree=True,
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        # an empty page, or nothing but a comment
        tree = document_fromstring(b"<html><body></body></html>", parser=parser)
    return tree


def _flat(html: str) -> str:
    """The page without the tags that stand deeper than MAX_DEPTH, all text kept."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match[1], match[2].lower()
        if name in _VOID or match[3].rstrip().endswith("/"):
            return match[0]
        depth += not closing
        deep = depth >= MAX_DEPTH // 2
        depth = max(0, depth - bool(closing))
        # a paragraph's border stays visible
        return ("<br>" if name in ("p", "div", "li", "tr") else "") if deep else match[0]

    return _BREAKS.sub("<br><br>", _TAG.sub(keep, html))


def _trim_attributes(tree: HtmlElement) -> bool:
    trimmed = False
    for element in _CROWDED(tree):
        kept = element.attrib.items()[:MAX_ATTRIBUTES]
        element.attrib.clear()
        element.attrib.update(kept)
        trimmed = True
    for element in _OVERLONG(tree):
        for name, value in element.attrib.items():
            # `content` and `srcdoc` carry text
            limit = 20 * MAX_ATTRIBUTE if name in ("content", "srcdoc") else MAX_ATTRIBUTE
            if len(value) > limit:
                element.set(name, value[:limit])
                trimmed = trimmed or name == "class" or len(value) > 25 * limit
    return trimmed


def _written_out(found: re.Match[str]) -> str:
    """A reference to a character, unless to one that no text may hold ("&#1;", "&#xFFFE;")."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    bad = number in (0xFFFE, 0xFFFF) or (number < 32 and number not in (9, 10, 13)) or number == 0
    return "" if bad else found[0]
