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
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from dateline.extract import wording
from dateline.extract.agencies import agencies_in
from dateline.extract.blocks import Block, Flag, Node, key_of, read_blocks, tidy
from dateline.extract.jsonld import scrub
from dateline.extract.reading import Reading

_PICTURE: Any = etree.XPath("boolean(.//img or .//picture or .//amp-img)")
_WITH = re.compile(r"^(?:mit|with|avec|con|com|med|źródło:|quelle:|source:|fuente:|fonte:|kilde:)\s*", re.I)
_LABEL = re.compile(r"[^.!?:：]{2,30}?\s?[:：]\s*")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_PIECE = 24  # characters of a key compared at a time
_ROW = 6  # characters of the shortest row that is compared
_SAME = 0.6  # share of a block that the anchor must hold for the block to be marked
_THIN = 1000  # characters; a fast reading with fewer is read again with care
_COVERED = 0.6  # share of the page's prose that a fast reading must hold
_WHOLE_PAGE = 1.3  # a declared body longer than the page's prose by more is no anchor of its own
_ENOUGH = 200  # characters; a reading with fewer is thin
_THROWN = ("style", "svg", "head", "noscript", "iframe", "link", "button", "input", "select")
_MODIFIER = re.compile(r"(?:^|(?<=\s))(?:-|is-|has-)\S*|--[^\s_]+|\d+")
_OUT = Flag.NAV | Flag.FOOTER | Flag.FORM | Flag.COMMENT | Flag.PROMO | Flag.FIGURE | Flag.HIDDEN
_DOUBT = Flag.ASIDE | Flag.BOX | Flag.BYLINE | Flag.PULL
_NONE = 0
_CALLED = Flag.PROMO | Flag.ASIDE | Flag.BYLINE | Flag.HEADER  # by a class name alone
_BOX = 0.7  # the same for fact boxes, which may be longer than the report
_OWN = 0.35  # share of the marked text; an element with more holds the article, whatever its name


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


def _unseen(declared: str, blocks: list[Block], length: int) -> float:
    """How many characters of the declared body the page does not show."""
    if len(declared) <= length:
        return 0.0
    return len(declared) * (1 - Anchor("\n".join(b.text for b in blocks)).holds(key_of(declared)))


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
    shown = max(_THIN, _COVERED * prose) < len(declared) < _WHOLE_PAGE * prose
    found = "" if shown else _trafilatura(_bare(reading), fast=True)
    if not shown and len(found) < max(_THIN, _COVERED * prose):
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
        marked = len(block.key) if block.mark >= _SAME else 0
        total += marked
        node: Node | None = block.node
        while node is not None:
            node.chars += len(block.key)
            node.marked += marked
            node = node.parent
    if not total:
        return []
    container = _container(blocks, total)
    body.container = container
    keys = {key_of(title) for title in titles if title}
    return _choose(blocks, container, total, keys, description, authors)


def _container(blocks: list[Block], total: int) -> Node:
    """The deepest node that holds nearly all of the marked text."""
    best: Node | None = None
    for block in blocks:
        node: Node | None = block.node
        while node is not None:
            if node.marked >= 0.9 * total and (best is None or node.depth > best.depth):
                best = node
            node = node.parent
    assert best is not None
    # a container that is one paragraph is too narrow
    return best.parent if best.tag == "p" and best.parent is not None else best


def _flags(block: Block, container: Node, total: int) -> int:
    """The flags that count: of elements that do not hold the article themselves."""
    found = 0
    node: Node | None = block.node
    while node is not None and node is not container:
        flags = node.flags
        if node.marked >= _OWN * total:
            flags &= Flag.HEADING | Flag.LIST | (Flag.BOX if node.marked < _BOX * total else 0)
        if found & Flag.QUOTE:
            flags &= ~Flag.FIGURE  # a quotation set as a figure
        found |= flags
        node = node.parent
    return found


def _inside(block: Block, container: Node) -> bool:
    node: Node | None = block.node
    while node is not None and node.depth >= container.depth:
        if node is container:
            return True
        node = node.parent
    return False


def _choose(
    blocks: list[Block],
    container: Node,
    total: int,
    titles: set[str],
    description: str | None,
    authors: Sequence[str],
) -> list[Block]:
    # where marked paragraphs stand: their parents are where unmarked siblings may come in
    top = _up(container, 3)
    marked_homes = {
        id(_home(b)): _home(b)
        for b in blocks
        if b.mark >= _SAME and len(b.key) >= 40 and _inside(b, container)
    }
    holders = {id(_holder(b)): _holder(b) for b in blocks if id(_home(b)) in marked_homes and b.mark >= _SAME}
    pieces = _split_off(blocks, top, holders, total)
    homes = set(marked_homes) | set(pieces)
    first = min((block.index for block in blocks if block.mark >= _SAME), default=0)
    last = max((block.index for block in blocks if block.mark >= _SAME), default=0)
    names = {key_of(name) for name in authors}
    linked = _link_lists(blocks)
    foreign = _other_articles(blocks, titles)
    kept: list[Block] = []
    seen: set[str] = set()
    points = 0
    others: Node | None = None  # the box of other stories, once its heading was met
    mine: set[int] = set()  # homes of what was kept before that heading
    for block in blocks:
        if others is None and block.tag != "p" and len(block.text) < 60 and wording.RELATED.match(block.text):
            if sum(len(b.key) for b in kept) >= _THIN // 4:
                others, mine = _box(block), {id(_home(b)) for b in kept}
            continue
        if others is not None and id(_home(block)) not in mine and _inside(block, others):
            continue
        if not block.key or block.tag == "h1" or _is_title(block, titles, len(kept)) or block.key in names:
            continue
        if len(block.key) > 60 and block.key in seen:
            continue
        if not _inside(block, top) or any(_inside(block, other) for other in foreign):
            continue
        flags = _flags(block, container, total) & ~pieces.get(id(_holder(block)), _NONE)
        if flags & Flag.BOX and block.mark >= _SAME and len(kept) == points:
            flags &= ~Flag.BOX  # the main points, before the text
            points += 1
        if _is_out(block, flags):
            continue
        if _is_caption(block, blocks) or id(_list_of(block)) in linked:
            continue
        if block.mark < _SAME and not _belongs(block, flags, homes, first, last):
            continue
        seen.add(block.key)
        kept.append(block)
    if kept and kept[0].tag == "h2" and not any(b.tag == "h1" for b in blocks[: kept[0].index]):
        kept = kept[1:]  # the headline of a page that has no h1
    lead = _standfirst(blocks, kept, container, total, titles, description)
    return _trim(lead + _undoubled(kept), authors)


def _undoubled(kept: list[Block]) -> list[Block]:
    """Without a block that holds the article once more, as one run."""

    def doubles(block: Block) -> bool:
        if len(block.key) < 400:
            return False
        same = [len(b.key) for b in kept if b is not block and len(b.key) > 40 and b.key in block.key]
        return len(same) > 1 and sum(same) > _SAME * len(block.key)

    return [block for block in kept if not doubles(block)]


def _other_articles(blocks: list[Block], titles: set[str]) -> list[Node]:
    """The articles that a page of endless scrolling prints below its own, each with a headline of its own."""
    heads = [(block, _article(block)) for block in blocks if block.tag == "h1"]
    own = [node for block, node in heads if node is not None and block.key in titles]
    if not own:
        return []
    return [
        node
        for block, node in heads
        if node is not None
        and block.key not in titles
        and block.index > heads[0][0].index
        and not any(node is mine or _inside(block, mine) for mine in own)
    ]


def _article(block: Block) -> Node | None:
    node: Node | None = block.node
    while node is not None and node.tag != "article":
        node = node.parent
    return node


def _list_of(block: Block) -> Node | None:
    node: Node | None = block.node
    while node is not None and node.tag not in ("ul", "ol"):
        node = node.parent
    return node


def _link_lists(blocks: list[Block]) -> set[int]:
    """Lists whose items are headlines of other stories, most of each a link."""
    items: dict[int, list[Block]] = {}
    for block in blocks:
        found = _list_of(block)
        if found is not None:
            items.setdefault(id(found), []).append(block)
    return {
        key
        for key, group in items.items()
        if len(group) > 1
        and sum(b.links for b in group) > 0.6 * sum(len(b.text) for b in group)
        and 25 <= sum(len(b.text) for b in group) / len(group) <= 160
        and not any("://" in b.text for b in group)
    }


def _is_caption(block: Block, blocks: list[Block]) -> bool:
    """A line alone with a picture, or in no paragraph and with a picture's credit right below it."""
    if len(block.text) > 400 or block.tag in _HEADINGS:
        return False
    if block.tag == "div" and block.index + 1 < len(blocks):
        below = blocks[block.index + 1]
        around = (block.node, block.node.parent)
        if wording.CREDIT.match(below.text) and (below.node in around or below.node.parent in around):
            return True
    node: Node | None = block.node.parent if block.tag == "p" else block.node
    while node is not None and node.chars <= len(block.key) + 40 and node.tag not in ("body", "li", "td"):
        if _PICTURE(node.element):
            return True
        node = node.parent
    return False


def _is_title(block: Block, titles: set[str], position: int) -> bool:
    if block.key in titles:
        return True
    if position > 2 or len(block.key) < 15 or block.tag not in ("h2", "h3", "div", "p", "header"):
        return False
    return any(title in block.key and len(title) > 0.6 * len(block.key) for title in titles if title)


def _signature(node: Node) -> tuple[object, ...]:
    """What a node and its parent are called, without modifiers and numbers ("body -wide", "part--3")."""
    parent = node.parent
    return (node.tag, _stem(node), parent and parent.tag, parent and _stem(parent))


def _stem(node: Node) -> str:
    return " ".join(_MODIFIER.sub("", node.element.get("class") or "").split())


def _up(node: Node, levels: int) -> Node:
    """The ancestor some levels up, never the body itself unless the node is right below it."""
    for _ in range(levels):
        if node.parent is None or node.parent.parent is None:
            break
        node = node.parent
    return node


def _split_off(blocks: list[Block], top: Node, homes: dict[int, Node], total: int) -> dict[int, int]:
    """Homes that continue marked ones: same tags and classes, of one stem, full of paragraphs.

    Papers cut an article in pieces to put adverts between them. With each home come the flags that its
    marked likes carry as well, which say nothing against it.
    """
    signatures: Counter[tuple[object, ...]] = Counter()
    named: dict[tuple[object, ...], int] = {}  # what such homes are called, though they hold the article
    held: Counter[tuple[object, ...]] = Counter()
    for home in homes.values():
        signature = _signature(home)
        signatures[signature] += 1
        held[signature] += home.marked
        named[signature] = named.get(signature, _CALLED) & _chain(home, top)
    named = {signature: flags for signature, flags in named.items() if held[signature] >= _OWN * total}
    pieces: dict[int, int] = {}
    for block in blocks:
        home = _holder(block)
        if id(home) in homes or len(block.text) < 25 or block.link_share > 0.3:
            continue
        # a short line needs a habit to go by: several marked homes of a class that says something
        signature = _signature(home)
        known = signatures[signature]
        if not known or (len(block.text) < 80 and (known < 3 or not home.element.get("class"))):
            continue
        if block.tag not in ("p", "div", "h2", "h3") or not _inside(block, top):
            continue
        if _flags(block, top, total) & (_OUT | _DOUBT) & ~named.get(signature, _NONE):
            continue
        pieces[id(home)] = named.get(signature, _NONE)
    for key, home in homes.items():
        if flags := named.get(_signature(home), _NONE):
            pieces[key] = flags
    return pieces


def _chain(node: Node | None, top: Node) -> int:
    """All that a node and those above it are called, up to `top`."""
    found = 0
    while node is not None and node is not top:
        found |= node.flags
        node = node.parent
    return found


def _standfirst(
    blocks: list[Block],
    kept: list[Block],
    container: Node,
    total: int,
    titles: set[str],
    description: str | None,
) -> list[Block]:
    """The lines between headline and text that sum the article up, where the page shows them."""
    if not kept:
        return []
    first = kept[0].index
    heads = [b.index for b in blocks[:first] if b.tag == "h1" and b.key in titles] or [
        # a player or a bar may print the headline once more, so an h1 comes before other places
        b.index
        for b in blocks[:first]
        if b.tag == "h1" or b.key in titles
    ]
    start = max(heads, default=first - 12)
    said = key_of(description or "").rstrip("…")
    seen = {block.key for block in kept}
    everything = "".join(block.key for block in kept[:6])
    found: list[Block] = []
    for block in blocks[max(0, start + 1 if heads else start) : first]:
        if len(block.text) < 40 or len(block.text) > 1200 or block.link_share > 0.4:
            continue
        if block.key in seen or block.key in everything or block.tag == "h1" or _is_title(block, titles, 0):
            continue
        flags = _flags(block, container, total)
        if flags & Flag.BYLINE and block.text.rstrip()[-1] in ".!?…":
            flags &= ~Flag.BYLINE
        if flags & (_OUT | Flag.ASIDE) or _is_out(block, flags & ~Flag.BOX):
            continue
        if any(one.key[:40] == block.key[:40] for one in found):
            continue
        told = len(said) > 30 and (block.key in said or said in block.key or said[:60] == block.key[:60])
        below = (  # right below the headline, and not that once more
            bool(heads)
            and block.tag == "h2"
            and block.index == heads[-1] + 1
            and not any(title in block.key for title in titles if title)
        )
        if told or flags & Flag.LEAD or below or (heads and flags & Flag.HEADER and len(block.text) > 60):
            found.append(block)
            seen.add(block.key)
    return found


def _box(heading: Block) -> Node:
    """What a heading heads: its parent, or the parent's where it stands alone in a wrapper."""
    node = heading.node.parent or heading.node
    if node.chars <= len(heading.key) + 10 and node.parent is not None:
        node = node.parent
    return node


def _home(block: Block) -> Node:
    """The element in which a block is one paragraph among others."""
    node = _holder(block)
    if block.tag in _HEADINGS or block.tag == "p":
        while node.chars <= len(block.key) and node.parent is not None:
            node = node.parent  # a wrapper around one heading or paragraph
    if node.tag == "blockquote" and node.parent is not None:
        quoted, node = node, node.parent
        if node.chars == quoted.chars and node.parent is not None:
            node = node.parent  # a wrapper around one quotation
    return node


def _holder(block: Block) -> Node:
    """What is right around a block."""
    node = block.node
    if node.tag in ("p", "li", "h2", "h3", "h4", "h5") and node.parent is not None:
        node = node.parent
    return node


def _is_out(block: Block, flags: int) -> bool:
    text = block.text
    if flags & _OUT:
        return True
    if flags & (Flag.ASIDE | Flag.BOX | Flag.PULL):
        return True
    if flags & Flag.BYLINE and len(text) < 200:
        return True
    if len(text) < 400 and wording.POINTER.match(text):
        return True
    if len(text) < 300 and wording.CONTRIBUTORS.search(text):
        return True
    if _is_pointer(block):
        return True
    if len(text) < 250 and block.links and wording.CALL.search(text):
        return True
    if len(text) < 200 and wording.WRITE_TO.search(text):
        return True
    if flags & Flag.QUOTE and text.startswith(("—", "–", "-")):  # whose quotation it is
        return False
    if (
        block.tag != "tr"
        and len(text) < 120
        and (wording.BYLINE.match(text) or wording.CONTACT.match(text) or _is_date(text))
    ):
        return True
    if block.link_share < 0.8 or flags & Flag.LIST or "://" in text:
        return False
    return len(text) < 300 and not text.endswith((".", "!", "?", "”", "»", '."'))


def _is_pointer(block: Block) -> bool:
    """ "Lire l’enquête : …", in any language: a short label with a colon, and all behind it one link."""
    if not block.links or "://" in block.text or block.node.tag in ("li", "tr"):
        return False
    label = _LABEL.match(block.text)
    return label is not None and block.links >= 0.9 * (len(block.text) - label.end()) > 20


def _is_date(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    if len(text) > 110 or letters > 60 or sum(c.isdigit() for c in text) < 4:
        return False
    return wording.DATE_LINE.match(text) is not None or _is_all_date(text)


def _is_all_date(text: str) -> bool:
    """Whether little but dates and times is left: "5. marts 2024 kl. 18.20 - Opdateret 5. marts 2024"."""
    from dateline.dates.published_moment import find_moments

    left, end = [], 0
    for found in find_moments(text):
        left.append(text[end : found.start])
        end = found.end
    return end > 0 and sum(c.isalpha() for c in "".join([*left, text[end:]])) < 16


def _belongs(block: Block, flags: int, homes: set[int], first: int, last: int) -> bool:
    """Whether an unmarked block is a paragraph of the article that the anchor dropped."""
    if block.tag == "tr":
        # a row of a table whose other rows are held
        rows = block.node.parent
        while rows is not None and rows.tag != "table":
            rows = rows.parent
        return rows is not None and rows.marked >= 0.4 * rows.chars and rows.marked > 0
    if block.tag == "li":
        # an item of a list between two paragraphs, that says something and leads nowhere
        found = _list_of(block)
        beside = found is not None and found.parent is not None and id(found.parent) in homes
        return beside and first < block.index < last and len(block.text) >= 25 and block.link_share < 0.3
    if not {id(_home(block)), id(_holder(block))} & homes or block.link_share > 0.5:
        return False
    if block.tag in ("p", "blockquote"):
        return len(block.text) >= 25
    if block.tag in ("h2", "h3", "h4"):
        return block.index < last
    if block.tag in ("div", "section", "article", "body"):
        return len(block.text) >= 80
    return False


def _trim(kept: list[Block], authors: Sequence[str]) -> list[Block]:
    """Without headings that head nothing, and without what is said of the authors at the end."""
    while kept and (not kept[-1].key.strip("_") or _is_about(kept[-1], authors)):
        kept = kept[:-1]
    if len(kept) > 3:
        kept = kept[:-4] + [block for block in kept[-4:] if not _is_last_word(block.text)]
    if len(kept) > 1 and kept[-1].tag in _HEADINGS and kept[-2].tag not in _HEADINGS:
        kept = kept[:-1]
    return kept


def closing_agency(body: Body) -> str | None:
    """The agency that a short line below the text credits ("/ritzau/", "(dpa)"), None where none does."""
    if not body.kept:
        return None
    last = body.kept[-1].index
    for block in body.blocks[last : last + 6]:
        if len(block.text) < 40 and (found := agencies_in(_WITH.sub("", block.text.strip(" /()[]")))):
            return found[0]
    return None


def _is_last_word(text: str) -> bool:
    """A call, a credit to an agency or an author's portrait, as they stand below a report."""
    if len(text) < 350 and wording.CALL.search(text):
        return True
    if len(text) < 40 and agencies_in(_WITH.sub("", text.strip(" /()[]"))):
        return True
    return len(text) < 500 and bool(wording.ABOUT.match(text) and wording.ROLE.search(text[:200]))


def _is_about(block: Block, authors: Sequence[str]) -> bool:
    text = block.text
    return len(text) < 400 and any(
        name in text[:80] and wording.ROLE.search(text) for name in authors if len(name) > 5 and " " in name
    )
