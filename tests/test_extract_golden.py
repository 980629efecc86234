"""Golden pages: a folder of tests/pages with input.html and expected.json is a page of a kind papers print.

A user loses the field that differs: a wrong headline, a missing paragraph, an advert in the text.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dateline.extract import extract, judge, read_page
from dateline.models import Article

PAGES = sorted(path.parent for path in (Path(__file__).parent / "pages").glob("*/expected.json"))


def read(folder: Path) -> tuple[Article, dict[str, object]]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    reading = read_page((folder / "input.html").read_bytes(), {"Content-Type": "text/html"}, expected["url"])
    article = extract(reading)
    article.outcome, article.outcome_reason = judge(reading, article)
    return article, expected


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_page_is_read_as_labelled(folder: Path) -> None:
    article, expected = read(folder)
    assert article.outcome.value == expected["outcome"], article.outcome_reason
    if "reason" in expected:
        assert str(expected["reason"]) in article.outcome_reason
    if "paragraphs" in expected:
        assert article.text.split("\n\n") == expected["paragraphs"]
    for words in expected.get("contains", []):  # type: ignore[attr-defined]
        assert words in article.text
    if "captions" in expected:
        got = [{"text": caption.text, "credit": caption.credit} for caption in article.captions]
        assert got == expected["captions"]
    if "dateline" in expected:
        assert article.dateline is not None
        assert {"place": article.dateline.place, "agency": article.dateline.agency} == expected["dateline"]
    for field in (
        "title",
        "authors",
        "publisher",
        "section",
        "topics",
        "language",
        "image",
        "canonical_url",
        "agency",
        "paywalled",
        "method",
    ):
        if field in expected:
            assert getattr(article, field) == expected[field], field
    for field in ("published_at", "modified_at"):
        if field in expected:
            moment = getattr(article, field)
            assert (moment.value if moment else None) == expected[field], field
    # a chosen value is one of the values that were found
    for field, candidates in article.candidates.items():
        assert sum(candidate.chosen for candidate in candidates) <= 1 or field in ("text", "published_at"), (
            field
        )


def test_there_are_pages() -> None:
    assert len(PAGES) >= 10
