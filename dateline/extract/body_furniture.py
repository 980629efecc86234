"""What stands among an article's paragraphs and is none: captions, bylines, dates, calls, pointers to
other stories, credits and what is said of the authors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from dateline.extract import wording
from dateline.extract.agencies import agencies_in
from dateline.extract.blocks import Block, Flag, Node
from dateline.extract.body_places import HEADINGS

OUT = Flag.NAV | Flag.FOOTER | Flag.FORM | Flag.COMMENT | Flag.PROMO | Flag.FIGURE | Flag.HIDDEN
_PICTURE: Any = etree.XPath("boolean(.//img or .//picture or .//amp-img)")
_WITH = re.compile(r"^(?:mit|with|avec|con|com|med|źródło:|quelle:|source:|fuente:|fonte:|kilde:)\s*", re.I)
_LABEL = re.compile(r"[^.!?:：]{2,30}?\s?[:：]\s*")


def is_out(block: Block, flags: int) -> bool:
    text = block.text
    if flags & OUT:
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


def is_caption(block: Block, blocks: list[Block]) -> bool:
    """A line alone with a picture, or in no paragraph and with a picture's credit right below it."""
    if len(block.text) > 400 or block.tag in HEADINGS:
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


def trim(kept: list[Block], authors: Sequence[str]) -> list[Block]:
    """Without headings that head nothing, and without what is said of the authors at the end."""
    while kept and (not kept[-1].key.strip("_") or _is_about(kept[-1], authors)):
        kept = kept[:-1]
    if len(kept) > 3:
        kept = kept[:-4] + [block for block in kept[-4:] if not _is_last_word(block.text)]
    if len(kept) > 1 and kept[-1].tag in HEADINGS and kept[-2].tag not in HEADINGS:
        kept = kept[:-1]
    return kept


def _is_last_word(text: str) -> bool:
    """A call, a credit to an agency or an author's portrait, as they stand below a report."""
    if len(text) < 350 and wording.CALL.search(text):
        return True
    if credited(text):
        return True
    return len(text) < 500 and bool(wording.ABOUT.match(text) and wording.ROLE.search(text[:200]))


def _is_about(block: Block, authors: Sequence[str]) -> bool:
    text = block.text
    return len(text) < 400 and any(
        name in text[:80] and wording.ROLE.search(text) for name in authors if len(name) > 5 and " " in name
    )


def credited(text: str) -> str | None:
    """The agency that a line consists of ("/ritzau/", "mit (dpa)"), None where it is none."""
    if len(text) >= 40:
        return None
    found = agencies_in(_WITH.sub("", text.strip(" /()[]")))
    return found[0] if found else None
