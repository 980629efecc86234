"""Surface forms of known names in a line of text, each with how much it proves.

Matching is by exact case after `plain` (accents and curly quotes levelled, lengths kept), longest
first, and linear in the text: each word looks up at most as many word runs as the longest name that
starts with it has words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dateline.entities import knowledge, knowledge_places

CERTAIN, LIKELY, WEAK = 3, 2, 1
WORD = re.compile(r"[^\W_]+")
CAPITALISED = re.compile(r"(?<![^\W_])[^\W_a-z][^\W_]*")  # a word that starts with no small letter
_BIG_CITY = 250_000
_CASED_STATES = """
    Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn.
    Miss. Mo. Mont. Neb. Nev. N.H. N.J. N.M. N.Y. N.C. N.D. Okla. Ore. Pa. R.I. S.C. S.D. Tenn. Tex.
    Vt. Va. Wash. W.Va. Wis. Wyo. D.C. B.C. Ont. Que.
"""
_TWO_WORD_NICKNAMES = (
    "Trail Blazers",
    "Red Sox",
    "White Sox",
    "Blue Jays",
    "Maple Leafs",
    "Red Wings",
    "Golden Knights",
    "Blue Jackets",
    "Crimson Tide",
    "Fighting Irish",
)


@dataclass(slots=True, frozen=True)
class Form:
    """What a surface form can be. `kind` is finer than `type`: "country", "city", "club", "state"…"""

    type: str
    strength: int
    kind: str


def _levelled() -> dict[int, str]:
    table = {
        ord("’"): "'",
        ord("‘"): "'",
        ord("ʼ"): "'",
        ord("“"): '"',
        ord("”"): '"',
        0xA0: " ",
        0x202F: " ",
    }
    table |= {
        ord("ø"): "o",
        ord("Ø"): "O",
        ord("ł"): "l",
        ord("Ł"): "L",
        ord("đ"): "d",
        ord("Đ"): "D",
        ord("ı"): "i",
    }
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if code not in table and base.isascii() and base.isalpha():
            table[code] = base
    return table


_LEVELLED = _levelled()


def plain(text: str) -> str:
    """Text of the same length with accents of Latin letters, curly quotes and hard spaces levelled."""
    return text if text.isascii() else text.translate(_LEVELLED)


@cache
def given_names() -> frozenset[str]:
    """Given names (and East Asian family names) as `plain` forms."""
    return knowledge.words("first_names.txt")


@cache
def surnames() -> frozenset[str]:
    """Family names as `plain` forms."""
    return knowledge.words("surnames.txt")


@cache
def known_surnames() -> frozenset[str]:
    """Family names of well-known people that mean nothing else: "Ramaphosa"."""
    return knowledge.words("known_surnames.txt")


@cache
def weak_words() -> frozenset[str]:
    """Names that are also ordinary words, given names or surnames."""
    return knowledge.words("weak.txt")


class Gazetteer:
    """All surface forms, and the number of words of the longest that starts with a word."""

    def __init__(self) -> None:
        self.forms: defaultdict[str, list[Form]] = defaultdict(list)
        self.longest: dict[str, int] = {}

    def add(self, name: str, type_: str, strength: int, kind: str) -> None:
        """Adds a form once for each type, with its greatest strength."""
        name = plain(name)
        words = WORD.findall(name)
        if not words or name[0].islower():
            return
        forms = self.forms[name]
        for index, form in enumerate(forms):
            if form.type == type_:
                if strength > form.strength:
                    forms[index] = Form(type_, strength, kind)
                return
        forms.append(Form(type_, strength, kind))
        self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def find(self, line: str) -> Iterator[tuple[int, int, list[Form]]]:
        """The longest known forms in a `plain` line, left to right, none overlapping."""
        last = 0
        for first in CAPITALISED.finditer(line):
            start, end = first.span()
            most = self.longest.get(first.group(), 0)
            if start < last or not most:
                continue
            ends = [end]
            while len(ends) < most and (word := WORD.search(line, ends[-1])):
                ends.append(word.end())
            for end in reversed(ends):
                if line[end : end + 1] in (".", "+") and line[start : end + 1] in self.forms:
                    end += 1
                name = line[start:end]
                if name in self.forms and _stands_alone(line, start, end):
                    yield start, end, self.forms[name]
                    last = end
                    break


def _stands_alone(line: str, start: int, end: int) -> bool:
    before = line[start - 1] if start else " "
    after = line[end] if end < len(line) else " "
    if before in "@#_" or (before in "'&" and start > 1 and line[start - 2].isalpha()):
        return before == "'" and line[start - 2] in "lLdD" and (start < 3 or not line[start - 3].isalpha())
    if before == "." and start > 1 and line[start - 2].isalnum() and line[start - 2 : start].islower():
        return False  # inside a host name
    return not (after in "_@&" or (after == "." and line[end + 1 : end + 2].islower()))


@cache
def gazetteer() -> Gazetteer:
    """Countries, peoples, cities, and all that was compiled by hand."""
    found = Gazetteer()
    weak, given, family = weak_words(), given_names(), surnames()

    def strength(name: str, otherwise: int) -> int:
        return WEAK if name in weak else otherwise

    for name, aliases in knowledge_places.countries().values():
        for form in (name, *aliases):
            found.add(form, "LOCATION", strength(form, CERTAIN), "country")
    for team in knowledge_places.OTHER_TEAMS:
        found.add(team, "LOCATION", CERTAIN, "country")
    for state in knowledge_places.us_states():
        found.add(state, "LOCATION", CERTAIN, "state")
    for state in _CASED_STATES.split():
        found.add(state, "LOCATION", WEAK, "abbreviation")
    for name, code in knowledge_places.states():
        form = plain(name)
        if code != "US" and form.split()[0] not in ("Distrito", "Federal", "Capital"):
            common = " " not in form and (form in given or form in family)
            found.add(form, "LOCATION", strength(form, WEAK if common else LIKELY), "state")
    for capital in knowledge_places.CAPITALS:
        found.add(capital, "LOCATION", CERTAIN, "city")
    for word in knowledge.demonyms():
        found.add(word, "GROUP", strength(word, CERTAIN), "people")
    for entity in knowledge.curated():
        kind = entity.field.lower()
        for form in (entity.name, *entity.aliases):
            sure = CERTAIN if " " in form or (form.isupper() and len(form) > 2) else LIKELY
            if entity.field == "Football clubs" and " " not in form:
                sure = LIKELY
            found.add(form, entity.type, strength(plain(form), sure), kind)
        if kind == "north american teams":
            found.add(_city_of(entity.name), "ORGANIZATION", WEAK, kind)
    for city in knowledge_places.cities():
        for form in (city.name, *city.aliases):
            form = plain(form)
            sure = LIKELY if city.population >= _BIG_CITY or form in city.aliases else WEAK
            if form in weak or (
                " " not in form and (form in given or form in family) and city.population < 2_000_000
            ):
                sure = WEAK
            if len(form) < 4 and city.population < 1_000_000:
                continue  # "Of", "As", "Ba": more trouble than news
            found.add(form, "LOCATION", sure, "city")
    return found


def _city_of(team: str) -> str:
    for nickname in _TWO_WORD_NICKNAMES:
        if team.endswith(" " + nickname):
            return team.removesuffix(nickname).strip()
    return team.rpartition(" ")[0] or team
