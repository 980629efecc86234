"""Captions with their credit, apart from the text: those of the article's own pictures."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.extract.blocks import Block, Flag, Node, key_of, lowered
from dateline.extract.wording import CREDIT, CREDIT_CLASS
from dateline.models import Caption

_AWAY = Flag.NAV | Flag.FOOTER | Flag.COMMENT | Flag.FORM | Flag.HIDDEN | Flag.PROMO
_LONGEST = 1500
_MOST = 40


def read_captions(blocks: Sequence[Block], container: Node | None) -> list[Caption]:
    """The captions of the pictures in and right above the article, in order, none twice.

    `container` is the node that holds the article's text; pictures further out than its third parent
    belong to other stories.
    """
    if container is None:
        return []
    top = container
    for _ in range(3):
        if top.parent is not None and top.parent.parent is not None:
            top = top.parent
    groups: list[tuple[Node, list[Block]]] = []
    for block in blocks:
        figure = _figure(block, top)
        if figure is None:
            continue
        if groups and groups[-1][0] is figure:
            groups[-1][1].append(block)
        else:
            groups.append((figure, [block]))
    captions: list[Caption] = []
    last: list[Block] = []
    seen: set[str] = set()
    for _, group in groups:
        caption = _caption(group)
        if caption and captions and not caption.text and not captions[-1].credit and _follows(group, last):
            captions[-1].credit, last = caption.credit, group  # a line of its own below the caption's
            continue
        last = group
        if caption is None or (key := key_of(caption.text + (caption.credit or ""))) in seen or not key:
            continue
        seen.add(key)
        captions.append(caption)
    return captions[:_MOST]


def _follows(group: Sequence[Block], before: Sequence[Block]) -> bool:
    """Whether a group of blocks stands right below another, in the same element."""
    return (
        bool(before)
        and group[0].index == before[-1].index + 1
        and group[0].node.parent is before[-1].node.parent
    )


def _figure(block: Block, top: Node) -> Node | None:
    """The outermost picture element around a block, None for a block of none inside `top`."""
    found: Node | None = None
    node: Node | None = block.node
    while node is not None and node is not top:
        if node.flags & _AWAY and not node.flags & Flag.FIGURE:
            return None
        if node.flags & Flag.FIGURE:
            found = node
        if node.tag == "blockquote" and found is None:
            return None
        node = node.parent
    return found if node is not None else None


def _caption(group: Sequence[Block]) -> Caption | None:
    from dateline.sources.digest.captions import caption as parse

    words: list[str] = []
    credit: str | None = None
    for block in group:
        if _is_credit(block):
            credit = credit or block.text.strip(" ()[]©")
        elif block.text not in words:
            words.append(block.text)
    text = " ".join(words)
    if len(text) > _LONGEST or (not text and not credit):
        return None
    parsed = parse(text, in_body=False) if text and credit is None else None
    if parsed is not None and (parsed.text or parsed.credit):
        return parsed
    return Caption(text=text, credit=credit)


def _is_credit(block: Block) -> bool:
    if len(block.text) > 150:
        return False
    return bool(
        CREDIT.match(block.text) or CREDIT_CLASS.search(lowered(block.node.element.get("class") or ""))
    )
