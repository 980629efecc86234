"""Whatever shape a digest comes in, its items come out whole.

If this fails for a shape, people who get that kind of digest lose items, or find a byline in a headline.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import digest_shapes
import pytest

from dateline.models import DigestItem
from dateline.sources.digest import read_digest


def said(text: str) -> str:
    return " ".join(text.split())


def fields(item: DigestItem, section: bool) -> dict[str, Any]:
    return {
        "title": item.title,
        "authors": item.authors,
        "date": item.printed_date,
        "link": item.link,
        "section": item.section if section else None,
        "captions": [(caption.text, caption.credit) for caption in item.captions],
        "dateline": (item.dateline.place, item.dateline.agency) if item.dateline else None,
        "text": [said(part) for part in item.text.split("\n\n")] if item.text else [],
    }


@pytest.mark.parametrize("shape", digest_shapes.SHAPES)
@pytest.mark.parametrize("seed", range(6))
def test_every_field_of_every_item_is_read(shape: str, seed: int) -> None:
    digest_shapes.R = random.Random(f"{shape}{seed}")
    text, wanted, suffix = digest_shapes.SHAPES[shape](random.Random(seed).choice([1, 2, 3, 5, 8]))
    found = read_digest(Path(f"digest.{suffix}"), text.encode()).items
    assert [item.title for item in found] == [item["title"] for item in wanted]
    for item, want in zip(found, wanted, strict=True):
        assert fields(item, bool(want["section"])) == {
            "title": want["title"],
            "authors": want["authors"],
            "date": want["date"],
            "link": want["link"],
            "section": want["section"],
            "captions": [want["caption"]] if want["caption"] else [],
            "dateline": want["dateline"],
            "text": [said(part) for part in want["paras"]],
        }
