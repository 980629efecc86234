"""The two seeds labelled whole, by offsets: their words stay in ../shared.

A user whose first digests look like these loses what is counted here.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path

import pytest

from dateline.enrich import enrich, parts_of
from dateline.meet import from_item
from dateline.models import Article, Link
from dateline.sources.digest.read import read_digest
from evaluation.golden import Counts, Labels, Name, Said, score_article

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
LABELS = sorted((Path(__file__).parent / "seeds").glob("*.json"))
FLOORS = {
    "names": 0.97,
    "other names": 0.97,
    "merges": 0.97,
    "times": 0.95,
    "days": 1.0,
    "intervals": 1.0,
    "direct quotes": 1.0,
    "speakers": 0.97,
    "indirect quotes": 0.7,
    "sentences": 1.0,
}


def article_of(item: str) -> Article:
    """The article of an item, "001-0" is the first of the digest 001, by the way that digests take."""
    number, at = item.split("-")
    (path,) = SEEDS.glob(f"{number}_*.txt")
    row = read_digest(path).items[int(at)]
    article = from_item(Link(link_id=item, url=row.link, source=f"digest:{path.name}", item=row))
    enrich([article])
    return article


def labels_of(row: dict[str, object], article: Article) -> Labels:
    parts = dict(parts_of(article))
    found = Labels(str(row["item"]), parts=parts)
    found.names = [Name(p, s, e, kind, parts[p][s:e], key) for p, s, e, kind, key in row["names"]]  # type: ignore[attr-defined]
    found.times = [(s, e, value) for s, e, value in row["times"]]  # type: ignore[attr-defined]
    found.quotes = [Said(*quote) for quote in row["quotes"]]  # type: ignore[attr-defined]
    found.sentences = [(s, e) for s, e in row["sentences"]]  # type: ignore[attr-defined]
    return found


@pytest.mark.shared
def test_the_seeds_are_understood_as_they_are_labelled() -> None:
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is not beside the repo")
    scores: dict[str, Counts] = defaultdict(Counts)
    for path in LABELS:
        row = json.loads(path.read_text("utf-8"))
        article = article_of(row["item"])
        assert hashlib.sha256(article.text.encode()).hexdigest() == row["sha256"], path.name
        assert (article.published_at.value if article.published_at else None) == row["published"]
        assert article.authors == row["authors"]
        place = article.dateline
        assert ([place.place, place.agency] if place else None) == row["dateline"]
        score_article(labels_of(row, article), article, scores)
    print("\n".join(f"{name}: F1 {counts.f1:.3f} of {counts.wanted}" for name, counts in scores.items()))
    short = {name: scores[name].errors for name, least in FLOORS.items() if scores[name].f1 < least}
    assert not short
