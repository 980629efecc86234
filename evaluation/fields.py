"""Body, headline and authors, against the two benchmarks of whole pages.

    python -m evaluation --only fields        # in the table with everything else
    python -m evaluation.fields [--half dev|val] [--worst N] [--no-peers]

Body: precision and recall of 4-gram shingles, each the mean over pages, and their F1, as in
scrapinghub/article-extraction-benchmark. Headline: equal after white space, quotation marks and dashes
are made one. Authors: F1 of the sets of names, letters' case aside, mean over pages; a page that has
no author and is given none counts 1.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from evaluation.frame import Answers, Bench, Case, Score, mean_score, page_record

NAME = "fields"
AIMS = {"body article": 0.975, "body fundus": 0.970, "headline fundus": 0.90, "authors fundus": 0.92}
PEERS = ("trafilatura", "trafilatura-precision", "trafilatura-recall", "newspaper4k", "readability", "goose3")
_TOKEN = re.compile(r"\w+")
_QUOTES, _APOSTROPHES, _DASHES = "“”„«»‟″", "’‘‚‛′`", "–—‐‑−"
_SAME = str.maketrans(
    dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_DASHES, "-")
)


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """The runs of `size` words in a text; a shorter text is one run."""
    words = _TOKEN.findall(text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def body_scores(expected: str, got: str) -> tuple[float, float]:
    """(precision, recall) of `got`."""
    true, found = shingles(expected), shingles(got)
    if not true and not found:
        return 1.0, 1.0
    both = (true & found).total()
    return both / found.total() if found else 0.0, both / true.total() if true else 1.0


def f1(precision: float, recall: float) -> float:
    """The harmonic mean, 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def same_title(one: str | None, other: str | None) -> bool:
    """Equal after white space, quotation marks and dashes are made one."""
    return _plain(one) == _plain(other)


def _plain(text: str | None) -> str:
    text = unicodedata.normalize("NFKC", text or "").replace("\u00ad", "").translate(_SAME)
    return " ".join(text.split())


def author_f1(expected: list[str], got: list[str]) -> float:
    """F1 of two sets of names, letters' case aside."""
    true = {_plain(name).casefold() for name in expected}
    found = {_plain(name).casefold() for name in got}
    if not true and not found:
        return 1.0
    return 2 * len(true & found) / (len(true) + len(found))


def run(bench: Bench) -> Iterator[Score]:
    """Body on article/ and fundus/, headline and authors on fundus/: Dateline first, then the peers."""
    for name in ("article", "fundus"):
        rows = bench.cases(name)
        records = [page_record(row) for row in rows]
        yield from _scores(name, "dateline", rows, bench.dateline(records))
        for peer, answers in bench.each_peer(PEERS, records):
            if isinstance(answers, str):
                yield Score(f"body {name}", peer, None, note=answers)
            else:
                yield from _scores(name, peer, rows, answers)


def _scores(name: str, system: str, rows: list[dict[str, Any]], answers: Answers) -> Iterator[Score]:
    ours = system == "dateline"
    got = {row["id"]: answers.by_id.get(row["id"]) or {} for row in rows}

    def aim(measure: str) -> float | None:
        return AIMS.get(measure) if ours else None

    pairs = {row["id"]: body_scores(row["text"], got[row["id"]].get("text") or "") for row in rows}
    precision = sum(p for p, _ in pairs.values()) / max(1, len(pairs))
    recall = sum(r for _, r in pairs.values()) / max(1, len(pairs))
    cases = [_body_case(row, got[row["id"]], *pairs[row["id"]]) for row in rows]
    measure = f"body {name}"
    yield Score(
        measure,
        system,
        f1(precision, recall) if rows else None,
        cases,
        aim=aim(measure),
        seconds=answers.seconds,
        note=f"P {precision:.3f} R {recall:.3f}",
    )
    if name != "fundus":
        return
    titles = [
        Case(
            row["id"],
            row["title"],
            got[row["id"]].get("title"),
            float(same_title(row["title"], got[row["id"]].get("title"))),
            _source(got[row["id"]], "title"),
        )
        for row in rows
    ]
    yield mean_score("headline fundus", system, titles, aim=aim("headline fundus"))
    if system == "readability":  # it reads no authors
        return
    authors = [
        Case(
            row["id"],
            row["authors"] or [],
            got[row["id"]].get("authors") or [],
            author_f1(row["authors"] or [], got[row["id"]].get("authors") or []),
            _source(got[row["id"]], "authors"),
        )
        for row in rows
    ]
    yield mean_score("authors fundus", system, authors, aim=aim("authors fundus"))


def _body_case(row: dict[str, Any], got: dict[str, Any], precision: float, recall: float) -> Case:
    """Expected and got as the lines that the other side does not have."""
    true, found = row["text"], got.get("text") or ""
    source = _source(got, "text")
    return Case(
        row["id"],
        {"recall": round(recall, 3), "missing": _only_in(true, found)},
        {"precision": round(precision, 3), "extra": _only_in(found, true)},
        f1(precision, recall),
        source,
    )


def _only_in(one: str, other: str) -> list[str]:
    """The lines of one text that the other lacks, their beginnings."""
    has = shingles(other)
    words = " ".join(_TOKEN.findall(other))
    lines = []
    for line in one.split("\n"):
        runs = shingles(line)
        if not runs:
            continue
        if len(_TOKEN.findall(line)) < 4:
            missing = " ".join(_TOKEN.findall(line)) not in words
        else:
            missing = sum(run in has for run in runs) < 0.6 * len(runs)
        if missing:
            lines.append(line[:100])
    return lines[:8]


def _source(got: dict[str, Any], field: str) -> str:
    """Where the chosen value stood and by which rule, as `dateline process` tells it."""
    candidates = (got.get("candidates") or {}).get(field) or []
    chosen = [f"{c['place']} ({c['rule']})" for c in candidates if c.get("chosen")]
    return "; ".join(chosen)


def main() -> None:
    """The table of this measure alone, and its worst cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--half", choices=["dev", "val"])
    parser.add_argument("--worst", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(half=arguments.half, peers=not arguments.no_peers)
    for score in run(bench):
        value = "   –" if score.value is None else f"{score.value:.3f}"
        aim = "" if score.aim is None else f" aim {score.aim:.3f}"
        seconds = "" if score.seconds is None else f" {score.seconds:.3f} s/page"
        print(f"{score.measure:16} {score.system:22} {value}{aim}{seconds} {score.note}", flush=True)
        if score.system != "dateline":
            continue
        for case in sorted(score.cases, key=lambda case: case.credit)[: arguments.worst]:
            if case.credit < 1:
                print(f"    {case.credit:.2f} {case.id}  from {case.source or '?'}")
                print(f"        expected {case.expected}\n        got      {case.got}")


if __name__ == "__main__":
    sys.exit(main())
