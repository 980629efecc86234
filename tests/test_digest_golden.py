"""Each folder of tests/digests is a digest that people get, and what must be read out of it.

A failure means that a shape of digest that was read in full loses items, fields, links or words.
After a change that is meant, look at the difference and write expected.json anew by hand.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dateline.sources.digest import read_digest, read_json

CASES = sorted((Path(__file__).parent / "digests").iterdir())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_digest_is_read_as_expected(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    (file,) = folder.glob("digest.*")
    digest = read_digest(file)
    found = [read_json(item) for item in digest.items]
    assert [item.pop("file") for item in found] == [file.name] * len(found)
    assert [item["title"] for item in found] == [item["title"] for item in expected["items"]]
    for item, wanted in zip(found, expected["items"], strict=True):
        assert item == wanted
    assert (digest.received_at.value if digest.received_at else None) == expected["received_at"]
