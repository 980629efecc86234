"""Which of the page's blocks are the article, once those that the anchor holds are marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dateline.extract import wording
from dateline.extract.blocks import Block, Flag, Node, key_of
from dateline.extract.body_furniture import OUT, is_caption, is_out, trim
from dateline.extract.body_places import (
    OWN,
    article_of,
    box_of,
    chain,
    flags_of,
    holder_of,
    home_of,
    inside,
    list_of,
    signature_of,
    up,
)

SAME = 0.6  # share of a block that the anchor must hold for the block to be marked
THIN = 1000  # characters; a fast reading with fewer is read again with care
_DOUBT = Flag.ASIDE | Flag.BOX | Flag.BYLINE | Flag.PULL
_NONE = 0
_CALLED = Flag.PROMO | Flag.ASIDE | Flag.BYLINE | Flag.HEADER  # by a class name alone


def choose(
    blocks: list[Block],
    container: Node,
    total: int,
    titles: set[str],
    description: str | None,
    authors: Sequence[str],
) -> list[Block]:
    # where marked paragraphs stand: their parents are where unmarked siblings may come in
    top = up(container, 3)
    marked_homes = {
        id(home_of(b)): home_of(b)
        for b in blocks
        if b.mark >= SAME and len(b.key) >= 40 and inside(b, container)
    }
    holders = {
        id(holder_of(b)): holder_of(b) for b in blocks if id(home_of(b)) in marked_homes and b.mark >= SAME
    }
    pieces = _split_off(blocks, top, holders, total)
    homes = set(marked_homes) | set(pieces)
    first = min((block.index for block in blocks if block.mark >= SAME), default=0)
    last = max((block.index for block in blocks if block.mark >= SAME), default=0)
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
            if sum(len(b.key) for b in kept) >= THIN // 4:
                others, mine = box_of(block), {id(home_of(b)) for b in kept}
            continue
        if others is not None and id(home_of(block)) not in mine and inside(block, others):
            continue
        if not block.key or block.tag == "h1" or _is_title(block, titles, len(kept)) or block.key in names:
            continue
        if len(block.key) > 60 and block.key in seen:
            continue
        if not inside(block, top) or any(inside(block, other) for other in foreign):
            continue
        flags = flags_of(block, container, total) & ~pieces.get(id(holder_of(block)), _NONE)
        if flags & Flag.BOX and block.mark >= SAME and len(kept) == points:
            flags &= ~Flag.BOX  # the main points, before the text
            points += 1
        if is_out(block, flags):
            continue
        if is_caption(block, blocks) or id(list_of(block)) in linked:
            continue
        if block.mark < SAME and not _belongs(block, flags, homes, first, last):
            continue
        seen.add(block.key)
        kept.append(block)
    if kept and kept[0].tag == "h2" and not any(b.tag == "h1" for b in blocks[: kept[0].index]):
        kept = kept[1:]  # the headline of a page that has no h1
    lead = _standfirst(blocks, kept, container, total, titles, description)
    return trim(lead + _undoubled(kept), authors)


def _undoubled(kept: list[Block]) -> list[Block]:
    """Without a block that holds the article once more, as one run."""

    def doubles(block: Block) -> bool:
        if len(block.key) < 400:
            return False
        same = [len(b.key) for b in kept if b is not block and len(b.key) > 40 and b.key in block.key]
        return len(same) > 1 and sum(same) > SAME * len(block.key)

    return [block for block in kept if not doubles(block)]


def _other_articles(blocks: list[Block], titles: set[str]) -> list[Node]:
    """The articles that a page of endless scrolling prints below its own, each with a headline of its own."""
    heads = [(block, article_of(block)) for block in blocks if block.tag == "h1"]
    own = [node for block, node in heads if node is not None and block.key in titles]
    if not own:
        return []
    return [
        node
        for block, node in heads
        if node is not None
        and block.key not in titles
        and block.index > heads[0][0].index
        and not any(node is mine or inside(block, mine) for mine in own)
    ]


def _link_lists(blocks: list[Block]) -> set[int]:
    """Lists whose items are headlines of other stories, most of each a link."""
    items: dict[int, list[Block]] = {}
    for block in blocks:
        found = list_of(block)
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


def _is_title(block: Block, titles: set[str], position: int) -> bool:
    if block.key in titles:
        return True
    if position > 2 or len(block.key) < 15 or block.tag not in ("h2", "h3", "div", "p", "header"):
        return False
    return any(title in block.key and len(title) > 0.6 * len(block.key) for title in titles if title)


def _split_off(blocks: list[Block], top: Node, homes: dict[int, Node], total: int) -> dict[int, int]:
    """Homes that continue marked ones: same tags and classes, of one stem, full of paragraphs.

    Papers cut an article in pieces to put adverts between them. With each home come the flags that its
    marked likes carry as well, which say nothing against it.
    """
    signatures: Counter[tuple[object, ...]] = Counter()
    named: dict[tuple[object, ...], int] = {}  # what such homes are called, though they hold the article
    held: Counter[tuple[object, ...]] = Counter()
    for home in homes.values():
        signature = signature_of(home)
        signatures[signature] += 1
        held[signature] += home.marked
        named[signature] = named.get(signature, _CALLED) & chain(home, top)
    named = {signature: flags for signature, flags in named.items() if held[signature] >= OWN * total}
    pieces: dict[int, int] = {}
    for block in blocks:
        home = holder_of(block)
        if id(home) in homes or len(block.text) < 25 or block.link_share > 0.3:
            continue
        # a short line needs a habit to go by: several marked homes of a class that says something
        signature = signature_of(home)
        known = signatures[signature]
        if not known or (len(block.text) < 80 and (known < 3 or not home.element.get("class"))):
            continue
        if block.tag not in ("p", "div", "h2", "h3") or not inside(block, top):
            continue
        if flags_of(block, top, total) & (OUT | _DOUBT) & ~named.get(signature, _NONE):
            continue
        pieces[id(home)] = named.get(signature, _NONE)
    for key, home in homes.items():
        if flags := named.get(signature_of(home), _NONE):
            pieces[key] = flags
    return pieces


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
        flags = flags_of(block, container, total)
        if flags & Flag.BYLINE and block.text.rstrip()[-1] in ".!?…":
            flags &= ~Flag.BYLINE
        if flags & (OUT | Flag.ASIDE) or is_out(block, flags & ~Flag.BOX):
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
        found = list_of(block)
        beside = found is not None and found.parent is not None and id(found.parent) in homes
        return beside and first < block.index < last and len(block.text) >= 25 and block.link_share < 0.3
    if not {id(home_of(block)), id(holder_of(block))} & homes or block.link_share > 0.5:
        return False
    if block.tag in ("p", "blockquote"):
        return len(block.text) >= 25
    if block.tag in ("h2", "h3", "h4"):
        return block.index < last
    if block.tag in ("div", "section", "article", "body"):
        return len(block.text) >= 80
    return False
