"""What a name says by its form alone: its normal key, the parts of a person's name, short forms.

Nothing heavy is imported here: the command line and the stores use `alias_key` at search time, and
the index uses the same function, so that "U.S." and "US", "Mr Lavrov" and "Lavrov" meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dateline.entities import name_tables as tables

_APOSTROPHES = re.compile(r"[’‘ʼʻ`´′]")
_POSSESSIVE = re.compile(r"(?<=\w)(?:'s|(?<=s)')(?=$|\s*$)")
_MARKS = re.compile(r"[\u0300-\u036f]")  # only marks of European scripts: a kana's is part of its letter
_DROPPED = re.compile(r"[.'·\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACED = re.compile(r"(?:[^\w&+]|_)+")
_SPLIT_LETTERS = re.compile(r"\b\w(?: \w)+\b")
_NOT_FOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# Syllables of names that print the family name first; bounded repeats, no backtracking to speak of.
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang|i?ong|uang|eng|ing|uai|uan|ian|iao|ai|ei|ao|ou|an|en|in|un|"
    r"ia|ie|iu|ua|uo|ui|ue|er|a|e|i|o|u)){1,2}"
)
_KOREAN = re.compile(
    r"(?:ch|kk|tt|pp|sh|[bcdghjkmnprstyw])?[wy]?(?:yeo|yoo|woo|eo|eu|ae|oe|ui|oo|ee|ou|ah|uh|a|e|i|o|u)(?:ng|[nkmlpthbg])?"
)


def fold(text: str) -> str:
    """Small letters without accents; scripts without case or accents stay as they are."""
    if text.isascii():
        return text.lower()
    # taken apart first: a mathematical capital has no small form until it is a plain one
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text)).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_NOT_FOLDED)
    return unicodedata.normalize("NFC", _MARKS.sub("", text))


@lru_cache(maxsize=65536)
def alias_key(name: str) -> str:
    """The normal form by which names are compared, in the index and in a query alike.

    Small letters, no accents, no dots ("U.S." is "us"), hyphens as spaces, no leading "the" or
    honorific, no possessive, one space between words, letters set apart joined ("J. K." is "jk").
    Never empty unless the name has no letter and no digit.
    """
    folded = _POSSESSIVE.sub("", fold(name).strip().rstrip(",;:"))
    key = _SPACED.sub(" ", _DROPPED.sub("", folded)).strip()
    key = _SPLIT_LETTERS.sub(lambda run: run.group().replace(" ", ""), key)
    words = key.split()
    while len(words) > 1 and (words[0] in tables.HONORIFICS or words[0] == "the"):
        words = words[1:]
    return " ".join(words)


def slug(key: str) -> str:
    """A key as the tail of an entity id: words joined by hyphens."""
    return key.replace("&", "and").replace("+", "plus").replace(" ", "-")


@dataclass(slots=True, frozen=True)
class PersonName:
    """The parts of a person's name, folded. `words` keeps the printed order without the suffix.

    `family` is a part of `words`; where the family name stands first ("Wang Yi") it is the head.
    `suffix` is "jr", "sr", "ii"… or empty.
    """

    words: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    suffix: str = ""
    family_first: bool = False


@lru_cache(maxsize=16384)
def person_name(name: str, language: str = "en") -> PersonName:
    """The parts of `name` as its form suggests; `language` "hu" puts the family name first."""
    before, comma, after = name.partition(",")
    if comma and fold(after).strip(" .") not in tables.SUFFIXES and after.strip() and "," not in after:
        name = f"{after.strip()} {before.strip()}"  # "Lavrov, Sergei"
    words = _person_words(name)
    suffix = ""
    if len(words) > 1 and words[-1] in tables.SUFFIXES:
        suffix = tables.SUFFIXES[words[-1]]
        words = words[:-1]
    if len(words) < 2:
        return PersonName(words, (), words, suffix)
    if _family_comes_first(words, name, language):
        return PersonName(words, words[1:], words[:1], suffix, family_first=True)
    at = len(words) - 1
    for position in range(1, len(words) - 1):
        if words[position] in tables.PARTICLES:
            at = position
            break
    return PersonName(words, words[:at], words[at:], suffix)


def _person_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, initials apart ("J.K." and "JK" are "j", "k")."""
    mixed = any(letter.islower() for letter in name)
    found: list[str] = []
    for raw in re.split(r"[\s\-–.,·]+", _POSSESSIVE.sub("", _APOSTROPHES.sub("'", name))):
        word = _SPACED.sub("", _DROPPED.sub("", fold(raw)))
        if not word or (word in tables.HONORIFICS and not found):
            continue
        if mixed and len(word) <= 3 and raw.isascii() and raw.isupper() and raw not in ("II", "III", "IV"):
            found.extend(word)
        else:
            found.append(word)
    return tuple(found)


def _family_comes_first(words: tuple[str, ...], name: str, language: str) -> bool:
    if language == "hu" and len(words) == 2 and words[0] not in tables.GENDER:
        return True
    first, rest = words[0], words[1:]
    if first in tables.KOREAN_FAMILIES and len(rest) == 2:
        return all(_KOREAN.fullmatch(word) or _PINYIN.fullmatch(word) for word in rest)
    if first in tables.VIETNAMESE_FAMILIES and len(rest) >= 2:
        return True
    if first in tables.CHINESE_FAMILIES and len(rest) <= 2 and "." not in name:
        return all(_PINYIN.fullmatch(word) for word in rest) and rest[0] not in tables.GENDER
    return False


def given_key(word: str) -> str:
    """One spelling for a given name's safe transliterations: "sergey" and "sergei" are one."""
    return tables.SPELLINGS.get(word, word)


def family_key(words: tuple[str, ...]) -> str:
    """One spelling for a family name's safe transliterations: Zelenskyy, Zelensky, Zelenskiy."""
    return re.sub(r"sk(?:yy|iy|yi|ij|ii|i|y)$", "sky", "".join(words))


def same_person(a: PersonName, b: PersonName) -> str | None:
    """Why two full names can be one person's, None if they can't by their form.

    A suffix in one only keeps them apart: "Donald Trump Jr." is not Donald Trump. Middle names may be
    missing but not contradict: George W. and George H. W. Bush stay two.
    """
    if a.suffix != b.suffix:
        return None
    if a.words == b.words:
        return "the same name"
    if len(a.words) == len(b.words) == 2 and a.words == b.words[::-1]:
        return "the same names in the other order"
    if "".join(a.words) == "".join(b.words):
        return "the same name spelt as one word"
    if a.family_first != b.family_first or family_key(a.family) != family_key(b.family):
        return None
    if not a.given or not b.given or a.family_first:
        return None
    reason = _same_given(a.given[0], b.given[0])
    if reason is None and len(a.given) > 1 and len(b.given) > 1:
        return None
    middles = (a.given[1:], b.given[1:])
    if reason is None:  # "William Bradley Pitt", "Brad Pitt"
        longer, shorter = (a.given, b.given) if len(a.given) > 1 else (b.given, a.given)
        second = _same_given(longer[1], shorter[0]) if len(longer) > 1 else None
        return second if second and len(shorter[0]) > 1 else None
    for one, other in zip(*middles, strict=False):
        if _same_given(one, other) is None:
            return None
    if any(middles) and middles[0] != middles[1]:
        return "a middle name or initial left out"
    return reason


def _same_given(a: str, b: str) -> str | None:
    if a == b:
        return "the same name"
    if given_key(a) == given_key(b):
        return "a spelling of the same given name"
    if tables.NICKNAMES.get(a, frozenset((a,))) & tables.NICKNAMES.get(b, frozenset((b,))):
        return "a short form of the given name"
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return "an initial of the given name"
    return None


def part_of(short: PersonName, full: PersonName) -> int:
    """How well a part of a name refers to the full name: 3 family name, 2 another part, 1 given, 0 none."""
    run, words = short.words, full.words
    if not run or len(run) >= len(words) or (short.suffix and short.suffix != full.suffix):
        return 0
    bare = tuple(word for word in full.family if word not in tables.PARTICLES)
    if run in (full.family, bare) or family_key(run) == family_key(full.family):
        return 3
    for at in range(len(words) - len(run) + 1):
        if words[at : at + len(run)] == run:
            return 1 if at == 0 else 2
    return (
        1
        if len(run) == 1 and len(run[0]) > 1 and _same_given(run[0], words[0]) and not full.family_first
        else 0
    )


def gender(name: PersonName) -> str:
    """ "f", "m", or empty where the given name does not tell."""
    if name.family_first or not name.given:
        return ""
    return tables.GENDER.get(given_key(name.given[0]), "") or tables.GENDER.get(name.given[0], "")


def organisation_key(name: str) -> str:
    """The key without legal forms: "Huawei Technologies Co., Ltd." is "huawei technologies"."""
    words = alias_key(name).split()
    while len(words) > 1 and words[-1] in tables.LEGAL_FORMS:
        words = words[:-1]
    while len(words) > 1 and words[-1] in ("&", "and"):
        words = words[:-1]
    if words[:2] == ["university", "of"] and 2 < len(words) <= 4:
        words = [*words[2:], "university"]  # "University of Oxford", "Oxford University"
    return " ".join(words)


def initials(key: str) -> set[str]:
    """The acronyms that the words of a key can give: with and without its small words."""
    words = [word for word in key.split() if word != "&"]
    heavy = [word for word in words if word not in tables.SMALL_WORDS]
    return {"".join(word[0] for word in chosen) for chosen in (words, heavy) if len(chosen) > 1}
