"""What a measure is, and what it may ask for: cases, Dateline's answers, the peers' answers.

A measure is a module of this package with two things:

    NAME = "published"                               # as in --only published

    def run(bench: Bench) -> Iterator[Score]: ...    # Dateline's score first, then the peers'

`bench.cases("fundus")` gives the benchmark's rows, `bench.dateline(records)` what `dateline process`
answers to such records, `bench.peer("goose3", records)` what a library says of the same. Seconds are
CPU seconds: wall time means nothing on a machine that does other things as well.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

REPO = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DATELINE_EVAL", REPO.parent / "shared" / "eval"))
REPORTS = REPO / "reports"

# where the benchmark's rows are, and what decides the half that a row belongs to
SETS: dict[str, tuple[str, str]] = {
    "article": ("article/truth.jsonl", "id"),
    "fundus": ("fundus/truth.jsonl", "publisher"),  # a publisher's template must not be in both halves
    "htmldate": ("htmldate/truth.jsonl", "id"),
    "newsfair": ("ner/open/newsfair.jsonl", "id"),
    "recognizers": ("temporal/open/ms_recognizers_en.jsonl", "id"),
}


# the tree's own command, not the installed one: an older tree must answer for itself
_PROCESS = "import sys; sys.argv[0] = 'dateline'; from dateline.cli import main; main()"


class Unavailable(Exception):
    """Something that a measure needs is not here; the message says what in one line."""


@dataclass(slots=True)
class Case:
    """One judged answer. `credit` is 0 (wrong) to 1 (right); `source` says where a value came from."""

    id: str
    expected: Any
    got: Any
    credit: float
    source: str = ""


@dataclass(slots=True)
class Score:
    """One cell of the table: what `system` reached in `measure`.

    `value` is None where the system could not be run; `note` says why. `aim` is set on Dateline's own.
    `seconds` is CPU seconds for one page or text, None where unknown.
    """

    measure: str
    system: str
    value: float | None
    cases: list[Case] = field(default_factory=list)
    aim: float | None = None
    seconds: float | None = None
    note: str = ""


class Measure(Protocol):
    """A module that scores; see this module's docstring."""

    NAME: str

    def run(self, bench: Bench) -> Iterator[Score]:
        """Dateline's score first, then each peer's."""


@dataclass(slots=True)
class Answers:
    """What a system said of each record, by the record's id, and the CPU seconds for one."""

    by_id: dict[str, Any]
    seconds: float | None


def mean_score(
    measure: str, system: str, cases: list[Case], *, aim: float | None = None, seconds: float | None = None
) -> Score:
    """The mean credit of the cases, as a Score."""
    value = sum(case.credit for case in cases) / len(cases) if cases else None
    return Score(measure, system, value, cases, aim=aim, seconds=seconds, note="" if cases else "no cases")


def half_of(key: str) -> str:
    """'dev' or 'val', for good: by hash, so that new rows never move old ones."""
    return "dev" if hashlib.sha1(key.encode(), usedforsecurity=False).digest()[0] % 2 == 0 else "val"


@dataclass(slots=True)
class Bench:
    """The open benchmarks, Dateline as a filter, and the peers."""

    shared: Path = SHARED
    half: str | None = None
    limit: int | None = None
    peers: bool = True
    tree: Path = REPO  # the source tree whose `dateline process` is measured
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)
    _answers: dict[str, Answers] = field(default_factory=dict)

    def cases(self, name: str) -> list[dict[str, Any]]:
        """The rows of one benchmark; `html_path` is added where there is a page.

        Raises:
            Unavailable: the benchmark is not here.
        """
        file, key = SETS[name]
        path = self.shared / file
        if not path.exists():
            raise Unavailable(f"no {file} in {self.shared}: the benchmarks are not part of the repo")
        rows = []
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if self.half and half_of(str(row[key])) != self.half:
                continue
            if "html" in row:
                row["html_path"] = str(path.parent / row["html"])
            rows.append(row)
        return rows[: self.limit]

    def dateline(self, records: list[dict[str, Any]]) -> Answers:
        """What `dateline process` answers; records in its own shape, ids unique.

        Asked twice for the same records, it runs once. An answer with an error is kept as it is.

        Raises:
            Unavailable: the command is not there, or it lost records.
        """
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        key = hashlib.sha1("\n".join(lines).encode(), usedforsecurity=False).hexdigest()
        if key not in self._answers:
            self.say(f"dateline process: {len(records)} records")
            # minutes, not seconds: a busy machine is no reason for a wrong number
            command = [sys.executable, "-c", _PROCESS, "process", "--timeout", "300"]
            out, seconds, last = _filter(command, lines, cwd=self.tree)
            if len(out) != len(records):
                raise Unavailable(f"dateline process: {len(records)} lines in, {len(out)} out; {last}")
            errors = [f"{row['id']}: {row['error']}" for row in out if row.get("error")]
            if errors:
                self.say(f"dateline process: {len(errors)} errors, the first: {errors[0][:200]}")
            self._answers[key] = Answers({row["id"]: row for row in out}, seconds / max(1, len(records)))
        return self._answers[key]

    def peer(self, name: str, records: list[dict[str, Any]], **options: Any) -> Answers:
        """What a library of evaluation/peers.py answers to `{"id", "url", "html_path" | "text", ...}`.

        Kept under reports/, by records, options and versions: a peer does not change, so it runs once.

        Raises:
            Unavailable: peers are switched off, or this one is not installed.
        """
        if not self.peers:
            raise Unavailable("peers switched off")
        from evaluation import environment

        python = environment.ensure(self.say)
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        key = hashlib.sha1(
            json.dumps([name, options, lines, environment.version()]).encode(), usedforsecurity=False
        ).hexdigest()[:16]
        cached = REPORTS / "peers" / f"{name}-{key}.json"
        if not cached.exists():
            self.say(f"{name}: {len(records)} records")
            command = [str(python), str(REPO / "evaluation" / "peers.py"), name, json.dumps(options)]
            out, _, _ = _filter(command, lines, cwd=REPO)
            if out and "unavailable" in out[0]:
                raise Unavailable(f"{name}: {out[0]['unavailable']}")
            seconds = sum(row["seconds"] for row in out) / max(1, len(out))
            cached.parent.mkdir(parents=True, exist_ok=True)
            answers = {"seconds": seconds, "by_id": {row["id"]: row["answer"] for row in out}}
            cached.write_text(json.dumps(answers))
        data = json.loads(cached.read_text())
        return Answers(data["by_id"], data["seconds"])

    def each_peer(
        self, names: Iterable[str], records: list[dict[str, Any]], **options: Any
    ) -> Iterator[tuple[str, Answers | str]]:
        """(name, answers) for each peer; a line that says why where one can't be had."""
        if not self.peers:
            return
        for name in names:
            try:
                yield name, self.peer(name, records, **options)
            except Unavailable as why:
                yield name, str(why)


def page_record(row: dict[str, Any]) -> dict[str, Any]:
    """A row with a page as a record for `dateline process`."""
    return {"id": row["id"], "url": row["url"], "html_path": row["html_path"]}


def read_html(path: str | Path) -> bytes:
    """The page's bytes as crawled."""
    with gzip.open(path) as stream:
        return stream.read()


def _filter(command: list[str], lines: list[str], *, cwd: Path) -> tuple[list[dict[str, Any]], float, str]:
    """Run a JSON-lines filter; its answers, the CPU seconds that it and its children took, and the last
    line of its standard error."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(cwd)}
    done = subprocess.run(
        command,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        check=False,
        timeout=3600,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    if done.returncode != 0 and not done.stdout:
        raise Unavailable(f"{command[3] if command[1] == '-c' else command[2]}: {last}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if not math.isfinite(seconds) or seconds <= 0:
        seconds = time.monotonic() - started
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()], seconds, last
