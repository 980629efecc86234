"""A page as the blocks a reader sees: paragraphs, headings, list items, each knowing where it stands.

`read_blocks` walks the tree once. A block is a run of inline text between two block borders (or two
line breaks in a row). Its node leads up to the root, and every node on the way carries flags: what
its tag and its class names say about it. Whether a flag counts is for the reader of the body to
decide, as a class name far above the article says nothing about the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from dateline.extract import wording

MAX_BLOCKS = 20_000


class Flag:
    """What a tag or a class name says about the text in it, as bits of an int (an enum's take ten times
    as long, and a page asks a hundred thousand times)."""

    NAV = 1
    FOOTER = 2
    HEADER = 4
    ASIDE = 8
    FIGURE = 16
    FORM = 32
    HIDDEN = 64
    PROMO = 128  # related stories, newsletters, adverts, sharing, tags, author boxes
    COMMENT = 256
    BYLINE = 512
    BOX = 1024  # fact boxes
    LEAD = 2048
    HEADING = 4096
    LIST = 8192
    TABLE = 16384
    QUOTE = 32768
    PULL = 65536  # a pull quote repeats the text


@dataclass(slots=True, eq=False)
class Node:
    """An element on the way from a block to the root; `chars` and `marked` count the text below."""

    element: HtmlElement
    tag: str
    flags: int
    parent: Node | None
    depth: int
    chars: int = 0
    marked: int = 0


@dataclass(slots=True, eq=False)
class Block:
    """One run of text. `links` counts its characters inside links, `mark` how far the anchor holds it."""

    text: str
    node: Node
    index: int
    links: int = 0
    mark: float = 0.0
    key: str = field(default="")

    @property
    def tag(self) -> str:
        return self.node.tag

    @property
    def link_share(self) -> float:
        return self.links / max(1, len(self.text))

    def flags(self, top: Node | None = None) -> int:
        """All flags of the nodes from this block's up to `top`, which is left out."""
        found = 0
        node: Node | None = self.node
        while node is not None and node is not top:
            found |= node.flags
            node = node.parent
        return found


_SKIP = frozenset(
    """script style noscript template svg button select iframe input textarea head audio video object canvas
    math option datalist map dialog""".split()
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt rp
    td th s samp small span strike strong sub sup time tt u var wbr amp-link img picture source meta
    link""".split()
)
_TAG_FLAGS = {
    "nav": Flag.NAV,
    "footer": Flag.FOOTER,
    "header": Flag.HEADER,
    "aside": Flag.ASIDE,
    "figure": Flag.FIGURE,
    "figcaption": Flag.FIGURE,
    "form": Flag.FORM,
    "fieldset": Flag.FORM,
    "li": Flag.LIST,
    "dt": Flag.LIST,
    "dd": Flag.LIST,
    "tr": Flag.TABLE,
    "caption": Flag.TABLE,
    "blockquote": Flag.QUOTE,
    "address": Flag.BYLINE,
    "h1": Flag.HEADING,
    "h2": Flag.HEADING,
    "h3": Flag.HEADING,
    "h4": Flag.HEADING,
    "h5": Flag.HEADING,
    "h6": Flag.HEADING,
}
_ROLE_FLAGS = {
    "navigation": Flag.NAV,
    "complementary": Flag.ASIDE,
    "contentinfo": Flag.FOOTER,
    "search": Flag.FORM,
    "dialog": Flag.PROMO,
    "alert": Flag.PROMO,
    "doc-footnote": Flag.ASIDE,
}
_CLASS_FLAGS = (
    (wording.PROMO_CLASS, Flag.PROMO),
    (wording.COMMENT_CLASS, Flag.COMMENT),
    (wording.CAPTION_CLASS, Flag.FIGURE),
    (wording.BYLINE_CLASS, Flag.BYLINE),
    (wording.BOX_CLASS, Flag.BOX),
    (wording.LEAD_CLASS, Flag.LEAD),
    (wording.PULL_CLASS, Flag.PULL),
)
_NONE = 0
_NAMING = frozenset(["class", "id", "data-component", "data-testid", "data-type", "data-qa"])
_CLASS_ONLY = frozenset(["class"])  # a paragraph's or heading's id is a slug of its words
_NAMELESS: frozenset[str] = frozenset()
_CELLS = frozenset(["tr", "td", "th", "tbody"])  # rows are named for what they hold
_TEXTUAL = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li"])
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SPACE = re.compile(r"[\s\u200b\u200e\u200f\ufeff]+")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…:;\"”»“'’)]\s*$")


def key_of(text: str) -> str:
    """Text for comparing: letters and digits only, folded."""
    return "".join(_WORD.findall(text.replace("\u00ad", "").casefold()))


def tidy(text: str) -> str:
    """One line as a reader sees it: white space collapsed, soft hyphens gone."""
    return _SPACE.sub(" ", text.replace("\u00ad", "")).strip()


def flags_of(element: HtmlElement, tag: str) -> int:
    """What the element's own tag, role, class and style say."""
    flags = _TAG_FLAGS.get(tag, _NONE)
    naming = _NAMELESS if tag in _CELLS else _CLASS_ONLY if tag in _TEXTUAL else _NAMING
    for name, value in element.items():
        if name in naming:
            found = _cache.get(value)
            flags |= _flags_of_name(value) if found is None else found
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            flags |= Flag.HIDDEN
        elif name == "style":
            if _HIDDEN_STYLE.search(value):
                flags |= Flag.HIDDEN
        elif name == "role":
            flags |= _ROLE_FLAGS.get(value, _NONE)
    return flags


def lowered(value: str) -> str:
    """Class names, an id and the like as lower-case words: "articleLead--top" is "article-lead--top"."""
    return _CAMEL.sub("-", value[:600]).lower().replace("_", "-")


_cache: dict[str, int] = {}  # by the attribute's value: pages repeat few of them


def _flags_of_name(value: str) -> int:
    names = lowered(value)
    flags = _NONE
    for pattern, flag in _CLASS_FLAGS:
        if pattern.search(names):
            flags |= flag
    if len(_cache) > 50_000:
        _cache.clear()
    _cache[value] = flags
    return flags


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The page's blocks in document order. The tree is at most MAX_DEPTH deep, so recursion is safe."""
    body = tree.find("body")
    root = body if body is not None else tree
    walk = _Walk()
    node = Node(root, "body", 0, None, 0)
    walk.descend(root, node, inline=False, linked=False)
    walk.flush(node)
    return walk.blocks


_LINKED_HEADING: Any = etree.XPath(
    "boolean(.//*[self::h1 or self::h2 or self::h3 or self::h4][.//a[@href] or parent::a[@href]])"
)


def _within_article(node: Node | None) -> bool:
    while node is not None:
        if node.tag == "article":
            return True
        node = node.parent
    return False


class _Walk:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.links = 0
        self.breaks = 0

    def descend(self, element: HtmlElement, node: Node, *, inline: bool, linked: bool) -> None:
        self.add(element.text, linked)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIP:
                pass
            elif tag == "br":
                self.line_break(node)
            elif tag == "hr":
                self.flush(node)
            elif tag in _INLINE:
                if tag in ("td", "th"):  # a row is one block
                    self.add(" ", linked)
                self._inline(child, tag, node, linked)
            else:
                self.flush(node)
                flags = flags_of(child, tag)
                if tag == "article" and _LINKED_HEADING(child) and _within_article(node):
                    flags |= Flag.PROMO  # an article inside another, its headline a link: another story
                below = Node(child, tag, flags, node, node.depth + 1)
                self.descend(child, below, inline=False, linked=linked)
                self.flush(below)
            self.add(child.tail, linked)

    def _inline(self, child: HtmlElement, tag: str, node: Node, linked: bool) -> None:
        flags = flags_of(child, tag)
        if flags and not (self.parts and flags == Flag.LEAD):
            # a span that is a caption, a byline or hidden is a block of its own
            apart = flags & (Flag.FIGURE | Flag.PROMO | Flag.HIDDEN | Flag.BYLINE | Flag.COMMENT)
            if not apart & ~(Flag.PROMO | Flag.BYLINE) and self._runs_on(child, node):
                apart = _NONE  # a word of a sentence that leads to its topic's page, a dateline
            if apart and (flags & Flag.HIDDEN or not self.parts or flags & Flag.PROMO):
                self._apart(child, tag, flags, node, linked)
                return
        self.descend(child, node, inline=True, linked=linked or tag == "a")

    def _runs_on(self, child: HtmlElement, node: Node) -> bool:
        """Whether an inline element is part of a paragraph's sentence: words right before or behind it."""
        if node.tag not in _TEXTUAL and node.tag not in ("blockquote", "dd"):
            return False
        tail = (child.tail or "").strip()
        before = "".join(self.parts[-3:]).strip()
        return bool(_WORD.search(tail)) or (bool(before) and before[-1] not in ".!?…|•·")

    def _apart(self, child: HtmlElement, tag: str, flags: int, node: Node, linked: bool) -> None:
        kept, kept_links, kept_breaks = self.parts, self.links, self.breaks
        self.parts, self.links, self.breaks = [], 0, 0
        below = Node(child, tag, flags, node, node.depth + 1)
        self.descend(child, below, inline=True, linked=linked or tag == "a")
        self.flush(below)
        self.parts, self.links, self.breaks = kept, kept_links, kept_breaks

    def add(self, text: str | None, linked: bool) -> None:
        if not text:
            return
        if self.breaks and not text.isspace():
            self.breaks = 0
        self.parts.append(text)
        if linked:
            self.links += len(text.strip())

    def line_break(self, node: Node) -> None:
        """Two in a row end a paragraph; one does where a long line ends like a sentence."""
        self.breaks += 1
        if self.breaks >= 2 or (
            sum(map(len, self.parts[-40:])) > 120 and _SENTENCE_END.search("".join(self.parts[-3:]))
        ):
            self.flush(node)
            self.breaks = 1
        else:
            self.parts.append(" ")

    def flush(self, node: Node) -> None:
        if not self.parts:
            return
        text = tidy("".join(self.parts))
        links = min(self.links, len(text))
        self.parts, self.links, self.breaks = [], 0, 0
        if text and len(self.blocks) < MAX_BLOCKS:
            self.blocks.append(Block(text, node, len(self.blocks), links, key=key_of(text)))
