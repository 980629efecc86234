"""What is put right in a word before it is stemmed, where the stemmer would part what readers take for one.

English: British and American spelling, and plurals that no suffix tells. A search for "defence minister"
finds the "defense minister" of an American paper. Spanish: the Snowball stemmer takes the -nos of
"gobiernos" for a pronoun and leaves "años" as it is; without its plural s each meets its singular.

Only stems change: forms, which prefixes and unaccented spellings are looked for in, stay as printed.
"""

from __future__ import annotations

import re

_IRREGULAR = {
    "women": "woman",
    "men": "man",
    "children": "child",
    "crises": "crisis",
    "programme": "program",
    "programmes": "program",
}
_ENGLISH = re.compile(
    r"(?P<se>^(?:defen|offen|licen|preten))ce"
    r"|(?P<or>^(?:un|dis|mis)?(?:lab|harb|neighb|fav|hon|col|hum|rum|behavi|endeav|arm|vap|vig|tum|cand|flav))our"
    r"|(?P<er>^(?:cent|theat|lit|fib|meag|somb|kilomet|millimet))re(?=s?$)"
    r"|(?P<iz>^\w{3,}i)s(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"
    r"|(?P<yz>^(?:anal|paral|catal)y)s(?=(?:e|ed|es|er|ers|ing)$)"
)
_ENDS = {"se": "se", "or": "or", "er": "er", "iz": "z", "yz": "z"}
_SPANISH = re.compile(r"(?<=\w[^m][oa])s$")


def spelt(word: str, analysis: str) -> str:
    """A lower-case word as its stemmer gets it: the same for all its spellings."""
    if analysis == "en":
        return _IRREGULAR.get(word) or _ENGLISH.sub(_american, word)
    if analysis == "es":
        return _SPANISH.sub("", word)
    return word


def _american(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return match[kind] + _ENDS[kind]
