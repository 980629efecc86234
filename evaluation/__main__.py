"""`make eval`: one table of what Dateline and the peers reach, and the worst cases.

python -m evaluation [--only NAME] [--half dev|val] [--limit N] [--no-peers] [--compare FILE|REV]
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.frame import REPO, REPORTS, SHARED, Bench, Measure, Score, Unavailable

MEASURES = ("fields", "published", "names", "merges", "times")


def main() -> int:
    """Run the measures asked for; 0 where every one could run, 1 where one could not."""
    options = _options()
    if not SHARED.is_dir():
        print(f"no benchmarks at {SHARED}: they are not part of the repo; set DATELINE_EVAL to their folder")
        return 1
    bench = Bench(half=options.half, limit=options.limit, peers=not options.no_peers)
    names = options.only or list(MEASURES)
    scores, missing = _run(bench, names)
    print(table(scores))
    for line in missing:
        print(line)
    print(worst(scores, options.worst))
    if options.compare:
        before = _load(options.compare, bench, names)
        print(comparison(before, [asdict(score) for score in scores]))
    report = _write(scores, options)
    print(f"\nAll cases: {report.relative_to(REPO)}")
    return 1 if missing else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, help="one measure; may be repeated")
    parser.add_argument(
        "--half", choices=("dev", "val"), help="half of the cases, by hash (fundus: of publisher)"
    )
    parser.add_argument("--limit", type=int, help="at most so many cases of each set")
    parser.add_argument("--no-peers", action="store_true", help="Dateline alone")
    parser.add_argument(
        "--worst", type=int, default=8, metavar="N", help="worst cases to list of each measure"
    )
    parser.add_argument(
        "--compare", metavar="FILE|REV", help="a report, or a revision to measure beside this tree"
    )
    return parser.parse_args()


def _run(bench: Bench, names: list[str]) -> tuple[list[Score], list[str]]:
    scores: list[Score] = []
    missing: list[str] = []
    for name in names:
        try:
            measure: Measure = importlib.import_module(f"evaluation.{name}")
            scores.extend(measure.run(bench))
        except ModuleNotFoundError as error:
            if error.name != f"evaluation.{name}":
                raise
            missing.append(f"{name}: not measured, evaluation/{name}.py is not there")
        except Unavailable as why:
            missing.append(f"{name}: not measured, {why}")
    return scores, missing


def table(scores: list[Score]) -> str:
    """Measures down, each with Dateline first and then the peers from the best to the worst."""
    by_measure: dict[str, list[Score]] = {}
    for score in scores:
        by_measure.setdefault(score.measure, []).append(score)
    lines = [f"{'measure':<44} {'system':<22} {'score':>6} {'aim':>6}  {'cases':>5} {'CPU s':>7}"]
    for measure, some in by_measure.items():
        some.sort(key=lambda s: (s.system != "dateline", -(s.value if s.value is not None else -1)))
        for at, score in enumerate(some):
            value = f"{score.value:.3f}" if score.value is not None else "–"
            aim = f"{score.aim:.3f}" if score.aim is not None else ""
            short = score.aim is not None and (score.value is None or score.value < score.aim)
            seconds = f"{score.seconds:.3f}" if score.seconds is not None else ""
            label = measure if at == 0 else ""
            note = f"  {score.note}" if score.note else ""
            lines.append(
                f"{label:<44} {score.system:<22} {value:>6} {aim:>6}{'!' if short else ' '} "
                f"{len(score.cases):>5} {seconds:>7}{note}".rstrip()
            )
    return "\n".join(lines)


def worst(scores: list[Score], count: int) -> str:
    """Dateline's worst cases of each measure: what was expected, what came, and from where."""
    lines: list[str] = []
    for score in scores:
        if score.system != "dateline":
            continue
        bad = sorted((case for case in score.cases if case.credit < 1), key=lambda case: case.credit)[:count]
        if bad:
            lines.append(f"\n{score.measure}: worst {len(bad)} of {len(score.cases)}")
        for case in bad:
            lines.append(f"  {case.credit:.2f} {_short(case.id, 90)}")
            lines.append(f"       expected {_short(case.expected)}")
            lines.append(f"       got      {_short(case.got)}")
            if case.source:
                lines.append(f"       from     {_short(case.source, 400)}")
    return "\n".join(lines)


def comparison(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    """What changed, case by case, in Dateline's own scores; only cases that both reports have."""
    old = {row["measure"]: row for row in before if row["system"] == "dateline"}
    lines = ["\nCompared with before"]
    for row in after:
        if row["system"] != "dateline" or row["measure"] not in old:
            continue
        was = {case["id"]: case for case in old[row["measure"]]["cases"]}
        both = [(was[case["id"]], case) for case in row["cases"] if case["id"] in was]
        won = [(a, b) for a, b in both if b["credit"] > a["credit"] + 1e-9]
        lost = [(a, b) for a, b in both if b["credit"] < a["credit"] - 1e-9]
        values = f"{_value(old[row['measure']]['value'])} → {_value(row['value'])}"
        lines.append(f"{row['measure']}: {values}, {len(won)} won, {len(lost)} lost, of {len(both)}")
        for mark, pairs in (("+", won), ("-", lost)):
            for a, b in pairs:
                change = f"{a['credit']:.2f} → {b['credit']:.2f}"
                lines.append(f"  {mark} {change} {_short(b['id'], 90)}")
                lines.append(f"       expected {_short(b['expected'])}")
                lines.append(f"       was {_short(a['got'])}")
                lines.append(f"       now {_short(b['got'])}")
    return "\n".join(lines)


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _short(value: Any, width: int = 160) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _revision(rev: str = "HEAD") -> str | None:
    command = ["git", "rev-parse", "--short", "--verify", "--quiet", f"{rev}^{{commit}}"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _write(scores: list[Score], options: argparse.Namespace) -> Path:
    """The report as JSON: by time and revision, and as reports/latest.json."""
    REPORTS.mkdir(exist_ok=True)
    rev = _revision() or "no-revision"
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=REPO, check=False).returncode != 0
    now = dt.datetime.now(dt.UTC)
    data = {
        "revision": rev + ("+changes" if changed else ""),
        "made_at": now.isoformat(timespec="seconds"),
        "options": vars(options),
        "scores": [asdict(score) for score in scores],
    }
    path = REPORTS / f"eval-{now:%Y%m%dT%H%M%SZ}-{data['revision']}.json"
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    path.write_text(text, encoding="utf-8")
    (REPORTS / "latest.json").write_text(text, encoding="utf-8")
    return path


def _load(what: str, bench: Bench, names: list[str]) -> list[dict[str, Any]]:
    """The scores of a report file; or those of a revision, whose tree is measured now in the same way."""
    path = Path(what)
    if path.is_file():
        scores: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["scores"]
        return scores
    rev = _revision(what)
    if rev is None:
        sys.exit(f"--compare {what}: neither a report nor a revision")
    tree = REPORTS / f"tree-{rev}"
    if not tree.is_dir():
        packed = subprocess.run(["git", "archive", rev], cwd=REPO, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(tree, filter="data")
    then = Bench(half=bench.half, limit=bench.limit, peers=False, tree=tree)
    done, missing = _run(then, names)
    for line in missing:
        print(f"at {rev}: {line}")
    return [asdict(score) for score in done]


if __name__ == "__main__":
    sys.exit(main())
