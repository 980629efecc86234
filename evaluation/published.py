"""The day of publication: fundus (news, by its own parsers), htmldate's set, and its news part.

A day is right if it is the truth's day as printed. Rows marked `published_suspect` are left out: there
the truth itself swapped day and month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from evaluation.frame import Bench, Case, Score, mean_score, page_record

NAME = "published"
PEERS = ("htmldate", "trafilatura", "newspaper4k", "goose3")
AIMS = {"fundus": 0.99, "htmldate": 0.93, "htmldate news": 0.95}


def run(bench: Bench) -> Iterator[Score]:
    """Dateline's day and the peers' on both sets; one row more for the news part of htmldate's."""
    for name in ("fundus", "htmldate"):
        rows = [row for row in bench.cases(name) if usable(row)]
        records = [page_record(row) for row in rows]
        ours = bench.dateline(records)
        cases = [judge(row, ours.by_id[row["id"]].get("published_at"), ours.by_id[row["id"]]) for row in rows]
        yield from _scores(name, "dateline", rows, cases, ours.seconds)
        for peer, answers in bench.each_peer(PEERS, records):
            if isinstance(answers, str):
                yield Score(f"published day, {name}", peer, None, note=answers)
                continue
            found = {id_: (answer or {}).get("published") for id_, answer in answers.by_id.items()}
            cases = [judge(row, found.get(row["id"])) for row in rows]
            yield from _scores(name, peer, rows, cases, answers.seconds)


def usable(row: dict[str, Any]) -> bool:
    """Whether the row's truth is a day and can be believed."""
    return isinstance(row["published"], str) and not row.get("published_suspect")


def judge(row: dict[str, Any], got: str | None, answer: dict[str, Any] | None = None) -> Case:
    """One row: the first ten characters must agree; the source lists the candidates, the chosen one first."""
    day = _day(got)
    candidates = ((answer or {}).get("candidates") or {}).get("published_at") or []
    candidates = sorted(candidates, key=lambda c: (not c["chosen"], -c["confidence"]))
    source = "; ".join(
        f"{'*' if c['chosen'] else ''}{c['place']} {c['value']} ({c['rule']}, {c['confidence']:.2f})"
        for c in candidates[:8]
    )
    if answer and answer.get("error"):
        source = f"error: {answer['error']}"
    return Case(str(row["id"]), row["published"][:10], got, float(day == row["published"][:10]), source)


def _scores(
    name: str, system: str, rows: list[dict[str, Any]], cases: list[Case], seconds: float | None
) -> Iterator[Score]:
    def score(label: str, some: list[Case]) -> Score:
        aim = AIMS[label] if system == "dateline" else None
        return mean_score(f"published day, {label}", system, some, aim=aim, seconds=seconds)

    yield score(name, cases)
    if name == "htmldate":
        news = {row["id"] for row in rows if row["set"] == "eval_mediacloud_2020"}
        yield score("htmldate news", [case for case in cases if case.id in news])


def _day(value: str | None) -> str | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None
