"""The day that an expression in text means: recall and precision, and intervals exactly right.

Two sets. `news`: the sentences in tests/times, written and labelled for this project in the style of
agencies and papers of 1989 to 2022, since no open set of news has such labels; `held` is the part that
was labelled and first measured after the rules were written. `recognizers`: Microsoft's assistant-style
cases, which allow a past and a future day where news has one; it shows coverage and has no aim here.

A label has a day if it stands for a day or a time of a day. It is found if an overlapping answer means
that day; an answer that means a day is right if it overlaps a label of that day.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dateline.dates.timex_calendar import interval_of
from evaluation.frame import REPO, Bench, Case, Score, half_of, mean_score

NAME = "times"
PEERS = ("dateparser", "parsedatetime", "recognizers", "timexy")
SETS = ("dev", "val", "held", "blind")
AIM = 0.93
_MARK = re.compile(r"\{([^|{}]*)\|([^{}]*)\}")


@dataclass(slots=True)
class Label:
    """One expression of the truth; `days` are those it may mean, none for what means no single day."""

    start: int
    end: int
    text: str
    value: str = ""
    days: frozenset[str] = frozenset()


@dataclass(slots=True)
class Text:
    """A text with its day of publication and its labels."""

    id: str
    text: str
    published: str
    labels: list[Label] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """As `dateline process` and the peers read it."""
        return {"id": self.id, "text": self.text, "published_at": self.published}


def run(bench: Bench) -> Iterator[Score]:
    """Dateline's recall, precision and exact intervals, then the peers' recall and precision."""
    sets = {"news": [text for name in SETS for text in news(name)], "news, held": news("held")}
    sets["recognizers"] = recognizers(bench.cases("recognizers"))
    for name, texts in sets.items():
        if bench.half and name != "recognizers":
            texts = [text for text in texts if half_of(text.id) == bench.half]
        texts = texts[: bench.limit]
        records = [text.record() for text in texts]
        ours = bench.dateline(records)
        answers = {id_: row.get("dates") or [] for id_, row in ours.by_id.items()}
        found = {id_: [_ours(one) for one in dates] for id_, dates in answers.items()}
        yield from score(name, "dateline", texts, found, ours.seconds)
        if name != "recognizers":
            yield exact(name, texts, answers, ours.seconds)
        if name == "news, held":
            continue  # too few cases to rank the peers by
        for peer, theirs in bench.each_peer(PEERS, records):
            if isinstance(theirs, str):
                yield Score(f"day recall, {name}", peer, None, note=theirs)
                continue
            found = {id_: [_theirs(one) for one in answer or []] for id_, answer in theirs.by_id.items()}
            yield from score(name, peer, texts, found, theirs.seconds)


Answer = tuple[int, int, str, str | None]  # start, end, words, the day meant


def score(
    name: str, system: str, texts: list[Text], found: dict[str, list[Answer]], seconds: float | None
) -> Iterator[Score]:
    """Recall over the labels that mean a day, precision over the answers that do."""
    recall: list[Case] = []
    precision: list[Case] = []
    for text in texts:
        answers = found.get(text.id, [])
        for label in text.labels:
            if label.days:
                near = [one for one in answers if one[0] < label.end and one[1] > label.start]
                right = any(one[3] in label.days for one in near)
                recall.append(
                    Case(text.id, [label.text, sorted(label.days)], near, float(right), text.text[:200])
                )
        for one in answers:
            if one[3]:
                over = [label for label in text.labels if one[0] < label.end and one[1] > label.start]
                if over and not any(label.days or label.value for label in over):
                    continue  # a range or time in Recognizers' own terms: no day to be judged by
                right = any(one[3] in label.days for label in over)
                expected = [[label.text, label.value or sorted(label.days)] for label in over]
                precision.append(Case(text.id, expected, one, float(right), text.text[:200]))
    aim = AIM if system == "dateline" and name != "recognizers" else None
    yield mean_score(f"day recall, {name}", system, recall, aim=aim, seconds=seconds)
    yield mean_score(f"day precision, {name}", system, precision, aim=aim, seconds=seconds)


def exact(
    name: str, texts: list[Text], answers: dict[str, list[dict[str, Any]]], seconds: float | None
) -> Score:
    """How many of the labels that stand for an interval got exactly that interval."""
    cases = []
    for text in texts:
        for label in text.labels:
            interval = interval_of(label.value)
            if interval is None or interval.start is None or interval.end is None:
                continue
            near = [
                one
                for one in answers[text.id]
                if one["start_char"] < label.end and one["end_char"] > label.start
            ]
            expected = (interval.start.isoformat(), interval.end.isoformat())
            got = [(one["start"], one["end"]) for one in near]
            cases.append(
                Case(
                    text.id, [label.text, label.value], [one["value"] for one in near], float(expected in got)
                )
            )
    return mean_score(f"interval exact, {name}", "dateline", cases, aim=0.85, seconds=seconds)


def _ours(one: dict[str, Any]) -> Answer:
    return one["start_char"], one["end_char"], one["text"], _day(one["start"], one["end"])


def _theirs(one: dict[str, Any]) -> Answer:
    return one["start"], one["end"], one["text"], one["value"]


def _day(start: str | None, end: str | None) -> str | None:
    """The one day that an interval lies in."""
    if not start or not end:
        return None
    first, last = dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)
    within = (
        last - first <= dt.timedelta(days=1) and (last - dt.timedelta(microseconds=1)).date() == first.date()
    )
    return first.date().isoformat() if within else None


def news(name: str) -> list[Text]:
    """The sentences of tests/times/news_<name>.jsonl: "{Tuesday|1998-03-03}" marks words and their value."""
    texts = []
    path = REPO / "tests" / "times" / f"news_{name}.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        texts.append(marked(f"{name}-{number}", row["published"], row["marked"]))
    return texts


def marked(id_: str, published: str, words: str) -> Text:
    """A text out of its marked form."""
    text = Text(id_, "", published)
    at = 0
    for found in _MARK.finditer(words):
        text.text += words[at : found.start()]
        interval = interval_of(found[2])
        day = None
        if interval and interval.start and interval.end:
            day = _day(interval.start.isoformat(), interval.end.isoformat())
        start = len(text.text)
        days = frozenset([day] if day else [])
        text.labels.append(Label(start, start + len(found[1]), found[1], found[2], days))
        text.text += found[1]
        at = found.end()
    text.text += words[at:]
    return text


def recognizers(rows: list[dict[str, Any]]) -> list[Text]:
    """Microsoft's cases; its dates may have several values, each allowed."""
    texts = []
    for row in rows:
        text = Text(row["id"], row["text"], row["published"])
        for result in row["results"]:
            single = str(result.get("type") or "").endswith((".date", ".datetime"))
            values = [str(value.get("value") or "")[:10] for value in result.get("values") or []]
            days = frozenset(day for day in values if single and re.fullmatch(r"\d{4}-\d\d-\d\d", day))
            text.labels.append(Label(result["start"], result["end"], result["text"], "", days))
        texts.append(text)
    return texts
