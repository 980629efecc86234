"""The measuring itself: a scorer that flatters would let every other number go wrong unseen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from evaluation import __main__ as program
from evaluation.frame import REPO, SETS, SHARED, Bench, Case, Score, Unavailable, half_of, mean_score
from evaluation.published import judge, usable

ROW = {"id": "a", "url": "https://paper.example/a", "published": "2020-03-03 10:00:00+00:00"}


@pytest.mark.parametrize(
    ("got", "credit"),
    [("2020-03-03T23:59:59-05:00", 1.0), ("2020-03-04T00:10", 0.0), ("2020-03", 0.0), (None, 0.0), ("", 0.0)],
)
def test_only_the_day_itself_counts(got, credit):
    """A month that fits, or a day beside, is a wrong day."""
    assert judge(ROW, got).credit == credit


def test_a_case_says_where_a_wrong_value_came_from():
    """Without the place and the rule nobody can mend it."""
    candidates = [
        {"value": "2020-03-04", "place": "url", "rule": "day in path", "confidence": 0.9, "chosen": False},
        {
            "value": "2020-03-05",
            "place": "json-ld",
            "rule": "datePublished",
            "confidence": 0.8,
            "chosen": True,
        },
    ]
    case = judge(ROW, "2020-03-05", {"candidates": {"published_at": candidates}})
    assert case.source.startswith("*json-ld 2020-03-05 (datePublished")
    assert "url 2020-03-04 (day in path" in case.source
    assert judge(ROW, None, {"error": "unreadable"}).source == "error: unreadable"


def test_rows_without_a_believable_truth_are_left_out():
    """A truth with day and month swapped would reward the same mistake."""
    assert usable(ROW)
    assert not usable(ROW | {"published_suspect": True})
    assert not usable(ROW | {"published": float("nan")})


def test_halves_are_stable_and_disjoint():
    """A rule tuned on a case that is later used to check it proves nothing."""
    keys = [f"publisher {number}" for number in range(200)]
    halves = [half_of(key) for key in keys]
    assert halves == [half_of(key) for key in keys]
    assert 60 < halves.count("dev") < 140 and set(halves) == {"dev", "val"}


def test_a_publisher_is_in_one_half_only(tmp_path):
    """A template seen in one half must not be met again in the other."""
    folder = tmp_path / "fundus"
    folder.mkdir()
    rows = [{"id": str(n), "publisher": f"paper {n % 7}", "html": f"html/{n}.gz"} for n in range(70)]
    (folder / "truth.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    dev, val = (Bench(shared=tmp_path, half=half).cases("fundus") for half in ("dev", "val"))
    assert len(dev) + len(val) == 70
    assert not {row["publisher"] for row in dev} & {row["publisher"] for row in val}
    assert len(Bench(shared=tmp_path, limit=3).cases("fundus")) == 3
    assert dev[0]["html_path"].startswith(str(folder))


def test_missing_benchmarks_are_said_in_one_line(tmp_path):
    """Somebody without the benchmarks learns it from a line and not from a traceback."""
    with pytest.raises(Unavailable, match="not part of the repo"):
        Bench(shared=tmp_path).cases("htmldate")
    done = subprocess.run(
        [sys.executable, "-m", "evaluation", "--no-peers"],
        cwd=REPO,
        env={"DATELINE_EVAL": str(tmp_path / "nowhere"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and not done.stderr
    assert len(done.stdout.strip().splitlines()) == 1


def test_peers_switched_off_are_not_asked():
    """A quick run needs no second environment."""
    bench = Bench(peers=False)
    assert list(bench.each_peer(["htmldate"], [])) == []
    with pytest.raises(Unavailable, match="switched off"):
        bench.peer("htmldate", [])


def test_the_table_marks_what_falls_short_and_puts_dateline_first():
    """A number below its aim must not look like the others."""
    scores = [
        Score("day", "peer", 0.95, [Case("a", 1, 1, 1.0)]),
        Score("day", "dateline", 0.90, [Case("a", 1, 2, 0.9)], aim=0.93, seconds=0.01),
        Score("day", "absent", None, note="not installed"),
    ]
    lines = program.table(scores).splitlines()[1:]
    assert lines[0].startswith("day") and "dateline" in lines[0] and "0.930!" in lines[0]
    assert "peer" in lines[1] and "absent" in lines[2] and "not installed" in lines[2]


def test_a_comparison_names_what_was_won_and_lost():
    """A mean that stays the same hides a case lost for each one won."""

    def score(*credits: float) -> dict:
        cases = [
            {"id": f"c{n}", "expected": 1, "got": credit, "credit": credit}
            for n, credit in enumerate(credits)
        ]
        return {"measure": "day", "system": "dateline", "value": sum(credits) / 3, "cases": cases}

    text = program.comparison([score(1.0, 0.0, 1.0)], [score(0.0, 1.0, 1.0)])
    assert "1 won, 1 lost, of 3" in text
    assert "+ 0.00 → 1.00 c1" in text and "- 1.00 → 0.00 c0" in text


def test_the_worst_come_first_with_what_was_expected():
    """The list is where the next rule is found."""
    score = mean_score(
        "day", "dateline", [Case("x", "2020-01-01", "2020-01-02", 0.0, "url"), Case("y", 1, 1, 1.0)]
    )
    text = program.worst([score], 5)
    assert "worst 1 of 2" in text and "expected 2020-01-01" in text and "from     url" in text


@pytest.mark.shared
def test_the_open_sets_are_read_whole():
    """A set that changed its shape would be measured on nothing."""
    if not SHARED.is_dir():
        pytest.skip(f"the benchmarks are not at {SHARED}")
    sizes = {name: len(Bench().cases(name)) for name in SETS}
    assert sizes == {"article": 92, "fundus": 123, "htmldate": 488, "newsfair": 68, "recognizers": 486}
