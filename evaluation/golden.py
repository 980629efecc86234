"""The golden articles: whole articles with labels for all that enrichment understands.

    python -m evaluation.golden [--worst N] [--only NAME]

Each folder of `tests/articles` has a page (`input.html`) and its labels (`labels.txt`); README.md there
says how they are written. The page goes through the real pipeline, `extract` and `enrich`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from dateline.models import Article, Interval

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ROOT / "tests" / "articles"
KINDS = {
    "P": "PERSON",
    "O": "ORGANIZATION",
    "L": "LOCATION",
    "E": "EVENT",
    "W": "WORK",
    "A": "LAW",
    "D": "PRODUCT",
    "G": "GROUP",
}
NAMES = ("PERSON", "ORGANIZATION", "LOCATION")
_TOKEN = re.compile(
    r"\{([POLEWADG]) ([^{}|]*)(?:\|([^{}]*))?\}|<([^<>|]*)\|([^<>]*)>|\[\[(\w+): |\]\]|\(\((\w+): |\)\)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A labelled mention; names with the same `key` are one entity."""

    part: str
    start: int
    end: int
    type: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled quote of the body; `key` is the speaker's, "none" where nobody is named."""

    start: int
    end: int
    key: str
    direct: bool


@dataclass(slots=True)
class Labels:
    """What is to be found in one article."""

    name: str
    fields: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    credits: list[str | None] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    times: list[tuple[int, int, str]] = field(default_factory=list)
    quotes: list[Said] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)


def labels_of(path: Path) -> Labels:
    """The labels of a `labels.txt`."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    found = Labels(path.parent.name)
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key == "caption":
            words, _, credit = value.rpartition(" | ") if " | " in value else (value, "", "")
            number = len(found.credits)
            _read(found, f"caption:{number}", words)
            found.credits.append(_bare(credit) or None)
        elif key in ("title", "byline"):
            _read(found, key, value)
        else:
            found.fields[key] = value
    text, paragraphs = "", body.strip().split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        text += ("\n\n" if number else "") + paragraph
    _read(found, "body", text)
    # one sentence a line: a single line break is a space of the text, a border of two sentences
    plain = found.parts["body"]
    start = 0
    for end in [match.start() for match in re.finditer(r"\n+", plain)] + [len(plain)]:
        found.sentences.append((start, end))
        start = end + len(re.match(r"\n*", plain[end:]).group())  # type: ignore[union-attr]
    found.parts["body"] = re.sub(r"(?<!\n)\n(?!\n)", " ", plain)
    return found


def _bare(marked: str) -> str:
    return _TOKEN.sub(lambda match: match[2] or match[4] or "", marked)


def _read(found: Labels, part: str, marked: str) -> None:
    text, last = "", 0
    opened: list[tuple[int, str, bool]] = []
    for match in _TOKEN.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        if match[1]:
            key = match[3] or re.sub(r"\W+", "-", match[2].lower())
            found.names.append(
                Name(part, len(text), len(text) + len(match[2]), KINDS[match[1]], match[2], key)
            )
            text += match[2]
        elif match[5] is not None:
            if part == "body":
                found.times.append((len(text), len(text) + len(match[4]), match[5]))
            text += match[4]
        elif match[6] or match[7]:
            opened.append((len(text), match[6] or match[7], bool(match[6])))
        else:
            start, key, direct = opened.pop()
            found.quotes.append(Said(start, len(text), key, direct))
    found.parts[part] = text + marked[last:]


def read(folders: Iterable[Path]) -> Iterator[tuple[Labels, Article]]:
    """Each folder's labels and its page as the pipeline understands it."""
    from dateline.enrich import enrich
    from dateline.extract import extract, read_page

    for folder in folders:
        page = read_page((folder / "input.html").read_bytes(), {"content-type": "text/html"}, None)
        article = extract(page)
        enrich([article])
        yield labels_of(folder / "labels.txt"), article


@dataclass(slots=True)
class Counts:
    """Right, found and wanted of one measure, and what went wrong."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / ((self.found + self.wanted) or 1)


Scores = defaultdict[str, Counts]


def score(pairs: Iterable[tuple[Labels, Article]]) -> Scores:
    """All measures over some articles."""
    scores: Scores = defaultdict(Counts)
    for labels, article in pairs:
        _fields(labels, article, scores["fields"])
        if article.text != labels.parts["body"]:
            continue  # counted as a wrong field; offsets would mean nothing
        score_article(labels, article, scores)
    return scores


def score_article(labels: Labels, article: Article, scores: Scores) -> None:
    """All measures but the fields, of one article whose text is the labels' text."""
    _names(labels, article, scores)
    _merges(labels, article, scores)
    _times(labels, article, scores)
    _quotes(labels, article, scores)
    _compare(
        scores["sentences"],
        labels.name,
        set(labels.sentences),
        {(s.start, s.end) for s in article.sentences},
        article.text,
    )


def _fields(labels: Labels, article: Article, counts: Counts) -> None:
    rows: list[tuple[str, object, object]] = [
        ("title", labels.parts["title"], article.title),
        ("text", labels.parts["body"], article.text),
        ("captions", [labels.parts[f"caption:{n}"] for n in range(len(labels.credits))],
         [caption.text for caption in article.captions]),
        ("credits", labels.credits, [caption.credit for caption in article.captions]),
    ]  # fmt: skip
    if "dateline" in labels.fields:
        place, _, agency = labels.fields["dateline"].partition(" | ")
        got = article.dateline
        rows.append(("dateline", (place, agency or None), (got.place, got.agency) if got else None))
    if "byline" in labels.parts:
        rows.append(("authors", [n.text for n in labels.names if n.part == "byline"], article.authors))
    for name, wanted, found in rows:
        counts.wanted += 1
        counts.found += 1
        counts.right += wanted == found
        if wanted != found:
            counts.errors.append(f"{labels.name} {name}: {str(wanted)[-150:]!r} != {str(found)[-150:]!r}")


def _compare(
    counts: Counts,
    name: str,
    wanted: set[tuple[int, int]] | set[tuple[int, int, str]],
    found: set[tuple[int, int]] | set[tuple[int, int, str]],
    text: str,
) -> None:
    counts.right += len(wanted & found)  # type: ignore[operator]
    counts.wanted += len(wanted)
    counts.found += len(found)
    for row in sorted(wanted ^ found):  # type: ignore[operator]
        sign = "missed" if row in wanted else "wrong "
        around = f"{text[max(0, row[0] - 25) : row[0]]}[{text[row[0] : row[1]]}]{text[row[1] : row[1] + 20]}"
        counts.errors.append(f"{name} {sign} {row[2] if len(row) > 2 else ''} {around!r}")


def _names(labels: Labels, article: Article, scores: Scores) -> None:
    texts = labels.parts
    for part, text in texts.items():
        wanted = {(n.start, n.end, n.type) for n in labels.names if n.part == part}
        found = {
            (m.start, m.end, e.type)
            for e in article.entities
            for m in e.mentions
            if m.part == part and (part != "byline" or article.byline == text)
        }
        if part == "byline" and article.byline != text:
            continue
        for key, kinds in (("names", NAMES), ("other names", tuple(set(KINDS.values()) - set(NAMES)))):
            _compare(
                scores[key],
                f"{labels.name}/{part}",
                {row for row in wanted if row[2] in kinds},
                {row for row in found if row[2] in kinds},
                text,
            )


def _merges(labels: Labels, article: Article, scores: Scores) -> None:
    """Pairs of different strings, both found, that are one entity in truth and in the answer."""
    ids = {(m.part, m.start, m.end): e.entity_id for e in article.entities for m in e.mentions}
    known: dict[tuple[str, str], str] = {}
    for name in labels.names:
        if (id_ := ids.get((name.part, name.start, name.end))) is not None:
            known.setdefault((name.text, name.key), id_)
    counts = scores["merges"]
    for (one, id_one), (two, id_two) in combinations(known.items(), 2):
        if one[0] == two[0] and one[1] == two[1]:
            continue
        same, merged = one[1] == two[1], id_one == id_two
        counts.wanted += same
        counts.found += merged
        counts.right += same and merged
        if same != merged:
            counts.errors.append(
                f"{labels.name} {'apart' if same else 'merged'}: {one[0]!r} {id_one}, {two[0]!r} {id_two}"
            )


def _times(labels: Labels, article: Article, scores: Scores) -> None:
    text = article.text
    wanted = {(_past_article(text, start), end, value) for start, end, value in labels.times}
    found = {(_past_article(text, time.start), time.end, time.value) for time in article.times}
    _compare(scores["times"], labels.name, wanted, found, article.text)
    days = scores["days"]
    mine = [(t.start, t.end, t.value[:10]) for t in article.times if _DAY.match(t.value)]
    truth = [(start, end, value[:10]) for start, end, value in wanted if _DAY.match(value)]
    days.wanted += len(truth)
    days.found += len(mine)
    for one in truth:
        right = any(one[0] < two[1] and two[0] < one[1] and one[2] == two[2] for two in mine)
        days.right += right
    intervals = scores["intervals"]
    spans = {(_past_article(text, time.start), time.end): time for time in article.times}
    for start, end, value in wanted:
        if (span := interval(value)) and (time := spans.get((start, end))):
            intervals.wanted += 1
            intervals.found += time.interval is not None
            got = _span(time.interval)
            intervals.right += got == span
            if got != span:
                intervals.errors.append(f"{labels.name} {article.text[start:end]!r}: {span} != {got}")


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ARTICLE = re.compile(r"(?:the|an?|el|las?|los|l[’']|les?|der|die|das|den|dem)\b ?", re.IGNORECASE)


def _past_article(text: str, start: int) -> int:
    """Where an expression starts without its article, which annotators take in or leave out."""
    found = _ARTICLE.match(text, start)
    return found.end() if found else start


def _span(found: Interval | None) -> tuple[str, str] | None:
    if found is None or found.start is None or found.end is None:
        return None
    return found.start.isoformat()[:10], found.end.isoformat()[:10]


def interval(value: str) -> tuple[str, str] | None:
    """The half-open days of a whole day, week, month, quarter, year or decade, reckoned apart from ours."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = dt.date.fromisoformat(value)
        return value, str(day + dt.timedelta(1))
    if match := re.fullmatch(r"(\d{4})-W(\d\d)", value):
        day = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return str(day), str(day + dt.timedelta(7))
    if match := re.fullmatch(r"(\d{4})-(\d\d)", value):
        year, month = int(match[1]), int(match[2])
        return f"{year}-{month:02}-01", f"{year + month // 12}-{month % 12 + 1:02}-01"
    if match := re.fullmatch(r"(\d{4})-Q(\d)", value):
        year, quarter = int(match[1]), int(match[2])
        return f"{year}-{quarter * 3 - 2:02}-01", f"{year + quarter // 4}-{quarter * 3 % 12 + 1:02}-01"
    if re.fullmatch(r"\d{3,4}", value):
        scale = 10 ** (4 - len(value))
        return f"{int(value) * scale}-01-01", f"{(int(value) + 1) * scale}-01-01"
    return None


def _quotes(labels: Labels, article: Article, scores: Scores) -> None:
    spans = {(m.start, m.end): e.entity_id for e in article.entities for m in e.mentions if m.part == "body"}
    ids: dict[str, set[str]] = defaultdict(set)
    for name in labels.names:
        if name.part == "body" and (name.start, name.end) in spans:
            ids[name.key].add(spans[name.start, name.end])
    for direct in (True, False):
        kind = "direct quotes" if direct else "indirect quotes"
        mine = [quote for quote in article.quotes if quote.direct == direct]
        scores[kind].found += len(mine)
        taken: set[int] = set()
        for said in labels.quotes:
            if said.direct != direct:
                continue
            scores[kind].wanted += 1
            hit = next(
                (n for n, q in enumerate(mine) if n not in taken and _alike(said, q.start, q.end)), None
            )
            words = article.text[said.start : said.end]
            if hit is None:
                scores[kind].errors.append(f"{labels.name} missed {words!r}")
                continue
            taken.add(hit)
            scores[kind].right += 1
            speaker = scores["speakers"]
            speaker.wanted += said.key != "none"
            speaker.found += mine[hit].speaker_id is not None
            right = mine[hit].speaker_id in ids[said.key]
            speaker.right += right
            if not right and (said.key != "none" or mine[hit].speaker_id):
                speaker.errors.append(
                    f"{labels.name} {said.key} != {mine[hit].speaker_id} ({mine[hit].speaker}): {words!r}"
                )
        for n, quote in enumerate(mine):
            if n not in taken:
                scores[kind].errors.append(f"{labels.name} wrong {quote.text!r} {quote.speaker}")


def _alike(said: Said, start: int, end: int) -> bool:
    if said.direct:
        return (said.start, said.end) == (start, end)
    shared = min(said.end, end) - max(said.start, start)
    return shared > 0.5 * max(said.end - said.start, end - start)


def table(scores: Scores) -> str:
    """One line for each measure."""
    return "\n".join(
        f"{name:16} F1 {c.f1:.3f}  P {c.precision:.3f}  R {c.recall:.3f}  ({c.wanted} labels)"
        for name, c in scores.items()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table, and with --worst the errors."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.golden")
    parser.add_argument("--worst", type=int, default=0, help="list this many errors of each measure")
    parser.add_argument("--only", default="", help="only folders whose name matches this pattern")
    parser.add_argument("--measure", default="", help="errors of this measure only")
    options = parser.parse_args(arguments)
    folders = sorted(
        path.parent for path in FOLDERS.glob("*/labels.txt") if re.search(options.only, path.parent.name)
    )
    scores = score(read(folders))
    print(f"{len(folders)} articles\n{table(scores)}")
    for name, counts in scores.items():
        if options.worst and options.measure in name and counts.errors:
            print(f"\n{name}: {Counter(error.split()[0] for error in counts.errors).total()} errors")
            print("\n".join(counts.errors[: options.worst]))


if __name__ == "__main__":
    sys.exit(main())
