"""What resolution works on: the forms of an article (one for each spelling and type) and clusters of them.

Thousands of mentions have few forms, and everything after this module looks at forms only, but for a
bare surname that two people share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dateline.entities import name_tables as tables
from dateline.entities.names import PersonName, alias_key, fold, person_name
from dateline.models import Mention

Position = tuple[int, int]

TYPES = {
    "PER": "PERSON",
    "ORG": "ORGANIZATION",
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "GROUP",
    "WORK_OF_ART": "WORK",
}
# The order in which an article is read: what is introduced in the body counts for what follows there.
_PART_RANK = {"title": 0, "dateline": 1, "body": 2, "caption": 3, "credit": 4, "byline": 5}
_WORD_LEFT = re.compile(r"([^\W\d_]+)\.?\s+$")
_WINDOW = 16
_TITLES = tables.HONORIFICS | tables.GIVEN_HONORIFICS | tables.MALE_HONORIFICS | tables.FEMALE_HONORIFICS


_NO_NAME = PersonName((), (), ())


@dataclass(slots=True, eq=False)
class Form:
    """One spelling (by `alias_key`) of one type, with its mentions in reading order."""

    key: str
    type: str
    mentions: list[Mention]
    first: Position
    surfaces: Counter[str] = field(default_factory=Counter)
    honorifics: Counter[str] = field(default_factory=Counter)
    name: PersonName = _NO_NAME
    _surface: str = ""

    @property
    def surface(self) -> str:
        """The spelling as it is mostly printed; capitals only if it is never printed otherwise.

        Asked only when all mentions are in: the first answer is kept.
        """
        if not self._surface:
            count = self.surfaces
            self._surface = min(count, key=lambda text: (_shouts(text), -count[text], len(text), text))
        return self._surface


@dataclass(slots=True, eq=False)
class Cluster:
    """Forms taken for one entity, and why; `known_id` from the knowledge base."""

    type: str
    forms: list[Form]
    evidence: list[str] = field(default_factory=list)
    known_id: str | None = None

    @property
    def mentions(self) -> list[Mention]:
        return [mention for form in self.forms for mention in form.mentions]

    @property
    def first(self) -> Position:
        return min(form.first for form in self.forms)


def _shouts(text: str) -> bool:
    return len(text) > 4 and text.isupper()


def position(mention: Mention) -> Position:
    """Where a mention stands in the order of reading."""
    return _PART_RANK.get(mention.part.partition(":")[0], 9), mention.start


def honorific_before(mention: Mention, parts: Mapping[str, str]) -> str:
    """The folded word right before a mention if it is an honorific ("mr"), else empty."""
    text = parts.get(mention.part, "")
    found = _WORD_LEFT.search(text, max(0, mention.start - _WINDOW), mention.start)
    word = (
        fold(found[1]) if found else fold(mention.text.split()[0]).strip(".") if mention.text.split() else ""
    )
    return word if word in _TITLES else ""


def group(
    mentions: Iterable[Mention], parts: Mapping[str, str], types: Mapping[str, str], language: str
) -> list[Form]:
    """Mentions as forms, by key and decided type; the order of `mentions` does not matter.

    `types` maps a key to its type where the article's votes and the knowledge base settled it.
    """
    forms: dict[tuple[str, str], Form] = {}
    for mention in sorted(mentions, key=position):
        key = alias_key(mention.text)
        if not key:
            continue
        type_ = types.get(key) or TYPES.get(mention.label, mention.label)
        form = forms.get((key, type_))
        if form is None:
            form = forms[key, type_] = Form(key, type_, [], position(mention))
            if type_ == "PERSON":
                form.name = person_name(mention.text, language)
        form.mentions.append(mention)
        form.surfaces[mention.text] += 1
        if type_ == "PERSON" and (title := honorific_before(mention, parts)):
            form.honorifics[title] += 1
    return list(forms.values())


def votes(mentions: Sequence[Mention]) -> dict[str, Counter[str]]:
    """For each key, how often it was found with each type."""
    counted: dict[str, Counter[str]] = {}
    for mention in mentions:
        counted.setdefault(alias_key(mention.text), Counter())[TYPES.get(mention.label, mention.label)] += 1
    return counted
