"""Lines for the model: whole paragraphs, never across them, with capitals put right where they mislead.

Everything here keeps lengths, so that offsets in a prepared line are offsets in the article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dateline.entities.knowledge_forms import LIKELY, WORD, gazetteer, given_names, plain, surnames
from dateline.entities.mentions_words import HEADLINE, SMALL
from dateline.models import Role

MAX_LINE = 4_000  # characters the model reads at once; a longer paragraph is cut at a sentence's end
MAX_LINES = 3_000  # lines of an article that the model reads; no report has as many
MAX_ARTICLE = 200_000  # characters read of an article; what follows keeps no mentions

ROLES = frozenset(("title", "caption", "credit", "byline", "dateline", "speaker"))
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.,'/\- ]{2,60}?)"
    r"(?P<rest>,\s[A-Z][a-z.]{1,12}(?:\s[A-Z][a-z]+)?)?"
    r"(?:,?\s(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}|\d{4}-\d\d-\d\d)(?:,\s\d{4})?)?"
    r"\s*(?P<agency>\([^()\n]{1,40}\))?\s*(?:--|—|–|(?<=\s)-|-(?=\s)|:|_\s|\d{4}-\d\d-\d\d$|$)"
)


@dataclass(slots=True)
class Line:
    """A line of a part: `raw` as it stands, `text` levelled and truecased, `offset` in the part."""

    part: str
    role: Role
    offset: int
    raw: str
    text: str = ""
    model: str = ""  # what the model reads: `text` with joined countries taken apart
    caps: bool = False
    title_case: bool = False
    place: tuple[int, int] | None = None  # the dateline's place
    agency: tuple[int, int] | None = None
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    small: frozenset[str] = frozenset()  # words that the article writes small


# A line without a capital, or a letter of a script that has none, names nobody.
_NAMEABLE = re.compile(r"[^\W\d_a-z](?:[^\W\d_]|\.[A-Z])")
# What names nobody: addresses, and runs without a space that cost a tokenizer their length squared.
_UNREAD = re.compile(
    r"\S{120,}|\bhttps?://\S+|\bwww\.\S+|\b[\w-]{1,40}\.(?:ly|com|org|net|co|gov|edu|io|gl|to)/\S*"
)


def role_of(part: str) -> Role:
    """A part's role: "caption:0" is a caption, "dateline:place" a dateline."""
    head = part.split(":", 1)[0]
    return head if head in ROLES else "body"  # type: ignore[return-value]


def lines_of(parts: Sequence[tuple[str, str]]) -> list[Line]:
    """The lines of all parts, up to MAX_ARTICLE characters, prepared for the model."""
    found: list[Line] = []
    left = MAX_ARTICLE
    for part, text in parts:
        text = text[:left]
        left -= len(text)
        for start, end in _paragraphs(text):
            found.append(Line(part, role_of(part), start, text[start:end]))
    for line in found:
        line.text = _UNREAD.sub(lambda run: " " * len(run.group()), plain(line.raw))
    small, capital = _cases(found)
    del found[MAX_LINES:]
    lower = frozenset(small)
    for line in found:
        line.small = lower
        _prepare(line, small, capital)
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n\r\x0b\x0c\u2028\u2029]+", text):
        start, end = match.span()
        while end - start > MAX_LINE:
            cut = text.rfind(". ", start + MAX_LINE // 2, start + MAX_LINE)
            if cut < 0:
                cut = text.rfind(" ", start + MAX_LINE // 2, start + MAX_LINE)
            cut = start + MAX_LINE if cut < 0 else cut + 1
            yield start, cut
            start = cut
        if _NAMEABLE.search(text, start, end):
            yield start, end


def _cases(lines: Sequence[Line]) -> tuple[Counter[str], dict[str, str]]:
    """Words that running text writes small, with counts, and those it writes with a capital."""
    small: Counter[str] = Counter()
    capital: dict[str, str] = {}
    for line in lines:
        if line.role == "title" or not line.text.rstrip().endswith((".", '"', "!", "?", "'", ")")):
            continue
        for match in WORD.finditer(line.text):
            word = match.group()
            if word.islower():
                small[word] += 1
            elif (
                match.start()
                and len(word) > 1
                and line.text[match.start() - 2 : match.start()] not in (". ", '" ')
            ):
                capital.setdefault(word.lower(), word)
    return small, capital


_SLUG = re.compile(
    r"(?:(?:UPDATE|CORRECTED|REFILE|WRAPUP|RPT|FACTBOX|PREVIEW|BRIEF|ANALYSIS|EXCLUSIVE|FEATURE|FOCUS|"
    r"INSIGHT|TIMELINE|EXPLAINER|ADVISORY|SPECIAL REPORT|"
    r"GLOBAL MARKETS|BREAKINGVIEWS|Factbox|Exclusive|Analysis|Explainer|Timeline|Update|Breaking|Soccer|"
    r"Tennis|Golf|Cricket|Rugby|Boxing|Cycling|Athletics|Swimming|Motor racing|Motorcycling|"
    r"Alpine skiing|Figure skating|Ski jumping|Biathlon|Basketball|Baseball|Ice hockey|Olympics|Horse "
    r"racing|Snooker|Badminton|Doping|Sailing)(?: \d+)?\s?[-:]\s?)+"
)


def _prepare(line: Line, small: Counter[str], capital: dict[str, str]) -> None:
    slug = _SLUG.match(line.text)
    if slug:
        line.text = slug.group().lower().replace("-", " ") + line.text[slug.end() :]
    letters = [char for char in line.text if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    words = [word for word in WORD.findall(line.text) if word.isalpha()]
    if len(words) == 1 and upper == len(letters) > 4 and words[0] not in gazetteer().forms:
        title = line.text.title()  # a place alone on its line, or a section's label: "FEATURE"
        place = line.part == "dateline:place" or title.strip() in gazetteer().forms
        line.text = title if place else line.text.lower()
    line.caps = len(letters) >= 8 and upper > 0.8 * len(letters) and len(words) > 1
    if line.part == "dateline:place" and line.text.isupper():
        line.text = line.text.title()
    elif line.caps:
        line.text = _lowered(line.text, small, capital)
    else:
        _dateline(line)
        long = [word for word in words if len(word) > 3]
        capitals = sum(word[0].isupper() for word in long)
        line.title_case = (
            len(words) > 4
            and capitals >= 0.75 * len(long)
            and len(long) > 3
            and not line.raw.rstrip().endswith((".", ",", ";"))
        )
        if line.title_case and (line.role == "title" or line.offset == 0):
            line.text = _headline(line.text, small, capital)
        else:
            line.title_case = False
    line.model = re.sub(r"(?<=[A-Za-z.])[-/](?=[A-Z][a-z.])", " ", line.text)
    if len(line.model) != len(line.text):  # never: one character for one
        line.model = line.text


_TOLD = 40  # different small words: a report whose running text would name what its headline names


def _lowered(text: str, small: Counter[str], capital: dict[str, str]) -> str:
    """A line in capitals as running text would write it."""
    forms = gazetteer().forms

    joined = {
        at
        for start, end, _ in gazetteer().find(WORD.sub(lambda word: word.group().capitalize(), text))
        for at in range(start, end)
        if " " in text[start:end]
    }

    def change(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        if match.start() in joined:
            return low if low in SMALL else word.capitalize()
        if low in capital and not small[low]:
            return capital[low]
        if (
            any(form.strength >= LIKELY for form in forms.get(word, ()))
            and low not in SMALL
            and len(word) < 6
        ):
            return word
        if low in small or low in SMALL or low in HEADLINE:
            return low
        if len(word) == 1 or (text[match.end() : match.end() + 1] == "." and len(word) < 3):
            return word
        title = word[0] + low[1:]
        if told and not (title in forms or title in given_names() or title in surnames()):
            return low  # the report names it nowhere
        return title

    told = len(small) >= _TOLD

    return WORD.sub(change, text)


def _headline(text: str, small: Counter[str], capital: dict[str, str]) -> str:
    """A line In Title Case with small letters where the body or common sense has them."""

    def change(match: re.Match[str]) -> str:
        word, low = match.group(), match.group().lower()
        if not word.istitle() or match.start() == 0:
            return word
        if low in capital:
            return word
        return low if low in small or low in SMALL or low in HEADLINE else word

    return WORD.sub(change, text)


def _dateline(line: Line) -> None:
    """Finds "MOSCOW, Jan 14 (Reuters) -" at the line's start and writes its place in small letters."""
    match = _DATELINE.match(line.text)
    if not match or not (match["agency"] or match.end() > match.end("place")):
        return
    place = match["place"].rstrip(" ,-/")
    if sum(char.isalpha() for char in place) < 3 or len(place.split()) > 6:
        return
    if match.end() == len(line.text) and not re.search(r"\d{4}-\d\d-\d\d$", line.text):
        return
    low = WORD.sub(lambda word: word.group() if len(word.group()) < 3 else word.group().title(), place)
    line.text = low + line.text[len(place) :]
    line.place = (0, match.end("rest") if match["rest"] else len(place))
    if match["agency"]:
        line.agency = (match.start("agency") + 1, match.end("agency") - 1)
