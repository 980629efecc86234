"""Where a block stands in the page: the element in which it is one paragraph among others, the box
that a heading heads, the container of the marked text, and the flags that count on the way up."""

from __future__ import annotations

import re

from dateline.extract.blocks import Block, Flag, Node

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
OWN = 0.35  # share of the marked text; an element with more holds the article, whatever its name
_BOX = 0.7  # the same for fact boxes, which may be longer than the report
_MODIFIER = re.compile(r"(?:^|(?<=\s))(?:-|is-|has-)\S*|--[^\s_]+|\d+")


def up(node: Node, levels: int) -> Node:
    """The ancestor some levels up, never the body itself unless the node is right below it."""
    for _ in range(levels):
        if node.parent is None or node.parent.parent is None:
            break
        node = node.parent
    return node


def inside(block: Block, container: Node) -> bool:
    node: Node | None = block.node
    while node is not None and node.depth >= container.depth:
        if node is container:
            return True
        node = node.parent
    return False


def flags_of(block: Block, container: Node, total: int) -> int:
    """The flags that count: of elements that do not hold the article themselves."""
    found = 0
    node: Node | None = block.node
    while node is not None and node is not container:
        flags = node.flags
        if node.marked >= OWN * total:
            flags &= Flag.HEADING | Flag.LIST | (Flag.BOX if node.marked < _BOX * total else 0)
        if found & Flag.QUOTE:
            flags &= ~Flag.FIGURE  # a quotation set as a figure
        found |= flags
        node = node.parent
    return found


def chain(node: Node | None, top: Node) -> int:
    """All that a node and those above it are called, up to `top`."""
    found = 0
    while node is not None and node is not top:
        found |= node.flags
        node = node.parent
    return found


def signature_of(node: Node) -> tuple[object, ...]:
    """What a node and its parent are called, without modifiers and numbers ("body -wide", "part--3")."""
    parent = node.parent
    return (node.tag, _stem(node), parent and parent.tag, parent and _stem(parent))


def _stem(node: Node) -> str:
    return " ".join(_MODIFIER.sub("", node.element.get("class") or "").split())


def box_of(heading: Block) -> Node:
    """What a heading heads: its parent, or the parent's where it stands alone in a wrapper."""
    node = heading.node.parent or heading.node
    if node.chars <= len(heading.key) + 10 and node.parent is not None:
        node = node.parent
    return node


def home_of(block: Block) -> Node:
    """The element in which a block is one paragraph among others."""
    node = holder_of(block)
    if block.tag in HEADINGS or block.tag == "p":
        while node.chars <= len(block.key) and node.parent is not None:
            node = node.parent  # a wrapper around one heading or paragraph
    if node.tag == "blockquote" and node.parent is not None:
        quoted, node = node, node.parent
        if node.chars == quoted.chars and node.parent is not None:
            node = node.parent  # a wrapper around one quotation
    return node


def holder_of(block: Block) -> Node:
    """What is right around a block."""
    node = block.node
    if node.tag in ("p", "li", "h2", "h3", "h4", "h5") and node.parent is not None:
        node = node.parent
    return node


def list_of(block: Block) -> Node | None:
    node: Node | None = block.node
    while node is not None and node.tag not in ("ul", "ol"):
        node = node.parent
    return node


def article_of(block: Block) -> Node | None:
    node: Node | None = block.node
    while node is not None and node.tag != "article":
        node = node.parent
    return node


def container_of(blocks: list[Block], total: int) -> Node:
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
