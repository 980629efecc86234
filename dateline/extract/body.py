"""The article's text: trafilatura's reading as the anchor, the page's own blocks as the text.

trafilatura finds where the article is better than anything else that is open; it also drops whole
containers, glues captions to paragraphs and lets boxes in. So its answer (and JSON-LD's articleBody)
only *marks* the page's blocks; the container that holds the marked ones is read again, block by block,
in the page's order: paragraphs beside marked ones come in, what its place or its words show to be no
part of the report goes out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from dateline.extract import wording
from dateline.extract.blocks import Block, Node, key_of, read_blocks, tidy
from dateline.extract.body_choice import SAME, THIN, choose
from dateline.extract.body_furniture import credited
from dateline.extract.body_places import container_of
from dateline.extract.jsonld import scrub
from dateline.extract.reading import Reading

_PIECE = 24  # characters of a key compared at a time
_ROW = 6  # characters of the shortest row that is compared
_COVERED = 0.6  # share of the page's prose that a fast reading must hold
_WHOLE_PAGE = 1.3  # a declared body longer than the page's prose by more is no anchor of its own
_ENOUGH = 200  # characters; a reading with fewer is thin
_THROWN = ("style", "svg", "head", "noscript", "iframe", "link", "button", "input", "select")


@dataclass
class Body:
    """The chosen text and what it was chosen over.

    `method` is "trafilatura+blocks", "json-ld+blocks", "json-ld", "trafilatura" or "none";
    `readings` maps each reading to its length in characters.
    """

    paragraphs: list[str] = field(default_factory=list)
    method: str = "none"
    readings: dict[str, int] = field(default_factory=dict)
    container: Node | None = None
    blocks: list[Block] = field(default_factory=list)
    kept: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Paragraphs with one blank line between them."""
        return "\n\n".join(self.paragraphs)


def read_body(
    reading: Reading,
    titles: Sequence[str] = (),
    description: str | None = None,
    authors: Sequence[str] = (),
    blocks: list[Block] | None = None,
) -> Body:
    """The text of the page's article; an empty Body where there is none.

    `titles` are headlines as found, so that a repeated one goes; `description` tells a standfirst,
    `authors` a byline below the text; `blocks` are the page's, where they were read before (they are
    marked here, so they serve one reading of the body).
    """
    declared = _declared(reading)
    if blocks is None:
        blocks = read_blocks(reading.tree)
    # its fast way skips the comparison with readability and justext, which costs as much again and
    # changes something only where the fast way missed the article
    prose = _prose(blocks)
    # a declared body of the length of what is shown marks the blocks as well, and costs nothing
    shown = max(THIN, _COVERED * prose) < len(declared) < _WHOLE_PAGE * prose
    found = "" if shown else _trafilatura(_bare(reading), fast=True)
    if not shown and len(found) < max(THIN, _COVERED * prose):
        found = _trafilatura(reading.tree)
    body = Body(readings={"trafilatura": len(found), "json-ld": len(declared)}, blocks=blocks)

    anchor_text, anchor_name = found, "trafilatura"
    if len(declared) > _ENOUGH and len(declared) > 1.3 * len(found):
        anchor_text, anchor_name = found + "\n" + declared, "json-ld"
    chosen = (
        _from_blocks(blocks, Anchor(anchor_text), titles, description, authors, body) if anchor_text else []
    )
    length = sum(len(block.text) for block in chosen)
    body.readings["blocks"] = length
    if (
        chosen
        and length >= min(0.3 * len(found), 2 * _ENOUGH)
        and length >= 0.5 * _unseen(declared, blocks, length)
    ):
        body.paragraphs, body.method = [b.text for b in chosen], f"{anchor_name}+blocks"
        body.kept = chosen
    elif len(declared) > max(_ENOUGH, length, 0.8 * len(found)):
        body.paragraphs, body.method = _paragraphs(declared), "json-ld"
    elif found:
        body.paragraphs, body.method = _paragraphs(found), "trafilatura"
    return body


def closing_agency(body: Body) -> str | None:
    """The agency that a short line below the text credits ("/ritzau/", "(dpa)"), None where none does."""
    if not body.kept:
        return None
    last = body.kept[-1].index
    for block in body.blocks[last : last + 6]:
        if found := credited(block.text):
            return found
    return None


class Anchor:
    """A reading's text, against which blocks are compared by letters and digits alone."""

    def __init__(self, text: str) -> None:
        self.lines = {key_of(line) for line in text.split("\n")}
        self.key = key_of(text)

    def holds(self, key: str, *, row: bool = False) -> float:
        """How far the reading holds a block: 0 to 1.

        A short block must be a line of its own; a table's row may be cut into its cells.
        """
        if not key:
            return 0.0
        if len(key) < (_ROW if row else _PIECE):
            return 1.0 if key in self.lines else 0.0
        if key in self.key:
            return 1.0
        if len(key) < _PIECE:
            return 0.0
        pieces = [key[i : i + _PIECE] for i in range(0, len(key) - _PIECE + 1, _PIECE)]
        return sum(piece in self.key for piece in pieces) / len(pieces)


def _from_blocks(
    blocks: list[Block],
    anchor: Anchor,
    titles: Sequence[str],
    description: str | None,
    authors: Sequence[str],
    body: Body,
) -> list[Block]:
    total = 0
    for block in blocks:
        block.mark = anchor.holds(block.key, row=block.tag == "tr")
        marked = len(block.key) if block.mark >= SAME else 0
        total += marked
        node: Node | None = block.node
        while node is not None:
            node.chars += len(block.key)
            node.marked += marked
            node = node.parent
    if not total:
        return []
    container = container_of(blocks, total)
    body.container = container
    keys = {key_of(title) for title in titles if title}
    return choose(blocks, container, total, keys, description, authors)


def _unseen(declared: str, blocks: list[Block], length: int) -> float:
    """How many characters of the declared body the page does not show."""
    if len(declared) <= length:
        return 0.0
    return len(declared) * (1 - Anchor("\n".join(b.text for b in blocks)).holds(key_of(declared)))


def _prose(blocks: list[Block]) -> int:
    """The characters of the page's paragraphs, wherever they stand."""
    return sum(len(b.text) for b in blocks if b.tag == "p" and len(b.text) >= 80 and b.link_share < 0.3)


def _bare(reading: Reading) -> HtmlElement:
    """A copy of the tree without what trafilatura throws away first of all, whatever it holds: it makes
    four copies of what it is given and looks through each with dozens of patterns."""
    tree = copy(reading.tree)
    # it reads one thing in scripts: whether the page is a forum's thread
    scripts = () if "DiscussionForumPosting" in reading.html else ("script",)
    etree.strip_elements(tree, *scripts, *_THROWN, with_tail=False)
    return tree


def _trafilatura(tree: HtmlElement, *, fast: bool = False) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        document = trafilatura.bare_extraction(tree, favor_precision=True, include_comments=False, fast=fast)
    except Exception:  # a stranger's page: what its patterns stumble on is not ours to know
        return ""
    return (getattr(document, "text", None) or "") if document is not None else ""


def _declared(reading: Reading) -> str:
    """JSON-LD's articleBody as text; it may hold HTML."""
    node = reading.article_node
    value = node.get("articleBody") if node else None
    if isinstance(value, list):
        value = "\n".join(item for item in value if isinstance(item, str))
    if not isinstance(value, str) or not value.strip():
        return ""
    text = scrub(value)
    if re.search(r"<(?:p|br|div|a|em|strong|h\d|b|i|span)\b|&lt;p", text, re.I):
        import html

        inner = Reading.from_html(html.unescape(text) if "&lt;" in text else text)
        return "\n".join(block.text for block in read_blocks(inner.tree))
    return text


def _paragraphs(text: str) -> list[str]:
    return [line for raw in text.split("\n") if (line := tidy(raw)) and not wording.POINTER.match(line)]
