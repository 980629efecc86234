"""Search by meaning beside search by words: `python -m evaluation.meaning`.

The articles are the repository's own (tests/articles and samples/site), 63 or so in five languages; the
queries were written from their headlines. "other" asks in words that the articles avoid, also in
another language; "same" asks for names and words that stand there. Small, ours, and harder on words
than people are: it tells whether the extra is worth its 90 MB, not how good it is elsewhere.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from dateline import semantic
from dateline.extract import extract, read_page
from dateline.models import Article
from dateline.query import Or, Query, Word
from dateline.query_text import parse_words
from dateline.stores.embedded import EmbeddedStore

REPO = Path(__file__).resolve().parents[1]
QUERIES = Path(__file__).parent / "meaning" / "queries.tsv"


def articles() -> list[Article]:
    """The articles, each under its file's name without its end."""
    found = []
    pages = [*REPO.glob("tests/articles/*/input.html"), *REPO.glob("samples/site/**/*.html")]
    for path in sorted(pages):
        if path.stem in ("index", "amp", "gone-quietly", "before-you-go-on"):
            continue
        name = path.parent.name if path.stem == "input" else path.stem
        reading = read_page(path.read_bytes(), {"content-type": "text/html"}, f"https://x.example/{name}")
        article = extract(reading, None)
        article.article_id = name
        found.append(article)
    return found


def main() -> int:
    """Print recall among the first five, mean reciprocal rank and how often the first is right."""
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder) / "index")
        given = articles()
        store.write(given)
        vectors = semantic.Vectors(Path(folder) / "meaning.sqlite")
        semantic.build(store, vectors)

        def ids(hits: list) -> list[str]:  # type: ignore[type-arg]
            return [hit.article.article_id for hit in hits]

        def any_word(text: str) -> list[str]:
            node = Or(tuple(Word(word) for word in text.split()))
            return ids(store.search(Query(words=node, limit=50)).hits)

        ways = {
            "all words": lambda text: ids(store.search(Query(words=parse_words(text), limit=50)).hits),
            "any word": any_word,
            "words and meaning": lambda text: ids(semantic.search(store, vectors, text, Query(limit=50))),
        }
        sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        counts: dict[str, int] = defaultdict(int)
        for row in csv.DictReader(QUERIES.open(encoding="utf-8"), delimiter="\t"):
            right = {
                a.article_id for a in given if any(key in a.article_id for key in row["answers"].split())
            }
            if not right:
                print(f"no article is {row['answers']}", file=sys.stderr)
                return 1
            counts[row["kind"]] += 1
            for way, asked in ways.items():
                found = asked(row["query"])
                first = next((rank for rank, id in enumerate(found[:10], 1) if id in right), 0)
                tally = sums[row["kind"], way]
                tally[0] += len(right.intersection(found[:5])) / min(len(right), 5)
                tally[1] += 1 / first if first else 0
                tally[2] += first == 1
        store.close()
    print(f"{len(given)} articles; model: {semantic.MODEL}")
    print(f"{'queries':12} {'way':18} recall@5  MRR@10  first right")
    for (kind, way), (recall, rank, first) in sorted(sums.items()):
        n = counts[kind]
        print(f"{kind + f' ({n})':12} {way:18} {recall / n:8.3f}  {rank / n:6.3f}  {first / n:6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
