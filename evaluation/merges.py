"""How well names are merged: pairs of names of one entity, measured through gold links.

    python -m evaluation.merges [--half tuned|held|all] [--mentions found|gold] [--list]

Truth is a set of texts whose mentions carry a link to a knowledge base (ner/open/newsfair.jsonl of
../shared/eval, or another file of that shape). Two different spellings with one link are a pair that
should share an entity id; two with different links that share an id are a wrong merge. Inside a text
and across texts are counted apart; a name that was not found counts as missed in `found`, while
`gold` takes the mentions as given and measures resolution alone. Links name persons, organisations
and places only; "his party" and other descriptions are left out.

Cases are split into two halves by a hash of their id: rules are tuned on one, and checked on the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from dateline.entities import resolve
from dateline.entities.names import alias_key
from dateline.entities.user import UserEntities
from dateline.models import Entity, Mention
from evaluation import frame
from evaluation.frame import Bench

NAME = "merges"
AIMS = {"precision": 0.97, "recall": 0.80}
TYPES = {"PER": "PERSON", "ORG": "ORGANIZATION", "LOC": "LOCATION"}
OPEN_SET = Path(__file__).parents[2] / "shared/eval/ner/open/newsfair.jsonl"


@dataclass
class Score:
    """Pairs rightly merged, wrongly merged and missed, with the cases."""

    right: set[tuple[str, ...]] = field(default_factory=set)
    wrong: set[tuple[str, ...]] = field(default_factory=set)
    missed: set[tuple[str, ...]] = field(default_factory=set)

    def row(self, name: str) -> str:
        merged, true = len(self.right) + len(self.wrong), len(self.right) + len(self.missed)
        precision = len(self.right) / merged if merged else 1.0
        recall = len(self.right) / true if true else 1.0
        return f"{name:28} precision {precision:.3f} ({merged})  recall {recall:.3f} ({true})"


def half_of(case_id: str) -> str:
    """The half that a case belongs to, the same on every machine."""
    return "held" if int(hashlib.sha256(case_id.encode()).hexdigest(), 16) % 2 else "tuned"


def gold_names(case: dict[str, Any]) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, text, link) of the names in a case that a knowledge base knows."""
    for row in case["entities"]:
        if row["type"] in TYPES and re.fullmatch(r"Q\d+", row["link"] or "") and row.get("named", True):
            yield row["start"], row["end"], row["text"], row["link"]


def given_mentions(case: dict[str, Any]) -> list[Mention]:
    """The case's own mentions, with nationalities told apart from their countries."""
    lookup = UserEntities().lookup
    found = []
    for row in case["entities"]:
        if row["type"] not in TYPES or not row.get("named", True):
            continue
        label = TYPES[row["type"]]
        if label == "LOCATION" and {known.type for known in lookup(alias_key(row["text"]))} == {"GROUP"}:
            label = "GROUP"
        found.append(Mention(start=row["start"], end=row["end"], text=row["text"], label=label))
    return found


def found_mentions(cases: list[dict[str, Any]]) -> list[list[Mention]]:
    """What Dateline finds in each case."""
    from dateline.entities.mentions import find_mentions_batch

    return list(find_mentions_batch([([("body", case["text"])], "en") for case in cases]))


def id_at(entities: list[Entity], start: int, end: int) -> str | None:
    """The id of the entity whose mention covers most of the span, None if none covers half of it."""
    best, most = None, (end - start - 1) // 2
    for entity in entities:
        for mention in entity.mentions:
            shared = min(end, mention.end) - max(start, mention.start)
            if shared > most:
                best, most = entity.entity_id, shared
    return best


def score(cases: list[dict[str, Any]], resolved: list[list[Entity]]) -> tuple[Score, Score]:
    """Pairs inside each text, and pairs across texts."""
    inside, across = Score(), Score()
    everywhere: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for case, entities in zip(cases, resolved, strict=True):
        votes: dict[tuple[str, str], Counter[str | None]] = defaultdict(Counter)
        for start, end, text, link in gold_names(case):
            votes[text, link][id_at(entities, start, end)] += 1
        names = [(text, link, ids.most_common(1)[0][0]) for (text, link), ids in sorted(votes.items())]
        for one, two in combinations(names, 2):
            _count(inside, one, two, case["id"])
        for name in names:
            everywhere[name].add(case["id"])
    for one, two in combinations(sorted(everywhere, key=str), 2):
        if len(everywhere[one] | everywhere[two]) > 1:
            _count(across, one, two, "")
    return inside, across


def _count(
    score: Score, one: tuple[str, str, str | None], two: tuple[str, str, str | None], where: str
) -> None:
    if one[0] == two[0]:
        return  # one spelling is no pair of names
    same_link, same_id = one[1] == two[1], one[2] is not None and one[2] == two[2]
    case = (where[-8:], one[0], two[0], str(one[2]), str(two[2]))
    if same_link:
        (score.right if same_id else score.missed).add(case)
    elif same_id:
        score.wrong.add(case)


def run(bench: Bench) -> Iterator[frame.Score]:
    """Precision and recall of pairs inside texts for `dateline process`, and for a rule on strings."""
    cases = bench.cases("newsfair")
    answers = bench.dateline([{"id": case["id"], "text": case["text"]} for case in cases])
    resolved = [_entities(answers.by_id[case["id"]]) for case in cases]
    yield from _scores("dateline", score(cases, resolved)[0], answers.seconds)
    yield from _scores("same last word", score(cases, [_by_last_word(case) for case in cases])[0], None)


def _scores(system: str, inside: Score, seconds: float | None) -> Iterator[frame.Score]:
    for name, others in (("precision", inside.wrong), ("recall", inside.missed)):
        judged = [
            frame.Case(pair[0], f"{pair[1]} = {pair[2]}", f"{pair[3]} / {pair[4]}", credit)
            for pairs, credit in ((inside.right, 1.0), (others, 0.0))
            for pair in sorted(pairs)
        ]
        aim = AIMS[name] if system == "dateline" else None
        yield frame.mean_score(f"names merged, {name}", system, judged, aim=aim, seconds=seconds)


def _entities(answer: dict[str, Any]) -> list[Entity]:
    """The entities of an answer of `dateline process`."""
    return [
        Entity(
            entity_id=row["id"],
            name=row["name"],
            type=row["type"],
            mentions=[
                Mention(start=m["start"], end=m["end"], text=m["text"], label=row["type"])
                for m in row["mentions"]
            ],
        )
        for row in answer.get("entities") or []
    ]


def _by_last_word(case: dict[str, Any]) -> list[Entity]:
    """What a simple rule makes of the true mentions: one entity for all that end in the same word."""
    found: dict[str, Entity] = {}
    for start, end, text, _ in gold_names(case):
        key = (alias_key(text).split() or [""])[-1]
        entity = found.setdefault(key, Entity(entity_id=key, name=text, type=""))
        entity.mentions.append(Mention(start=start, end=end, text=text, label=""))
    return list(found.values())


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--half", choices=("tuned", "held", "all"), default="all")
    options.add_argument("--mentions", choices=("found", "gold"), default="found")
    options.add_argument("--list", action="store_true", help="print the pairs that went wrong")
    options.add_argument("file", nargs="?", type=Path, default=OPEN_SET)
    arguments = options.parse_args()
    with arguments.file.open(encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    cases = [case for case in cases if arguments.half in ("all", half_of(case["id"]))]
    mentions = found_mentions(cases) if arguments.mentions == "found" else [given_mentions(c) for c in cases]
    started = time.process_time()
    user = UserEntities()
    resolved = [
        resolve(found, {"body": case["text"]}, "en", user)
        for case, found in zip(cases, mentions, strict=True)
    ]
    spent = time.process_time() - started
    inside, across = score(cases, resolved)
    print(f"{len(cases)} texts, {arguments.mentions} mentions, {arguments.half}")
    print(inside.row("inside a text"))
    print(across.row("across texts"))
    print(f"resolution {1000 * spent / max(len(cases), 1):.2f} ms a text")
    if arguments.list:
        for kind, result in (("inside", inside), ("across", across)):
            for name in ("wrong", "missed"):
                for pair in sorted(getattr(result, name)):
                    print(kind, name, *pair, sep="\t")


if __name__ == "__main__":
    main()
