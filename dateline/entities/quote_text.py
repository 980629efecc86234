"""A text as its quotes are read: sentences, names and marks, and whom a pronoun or a title means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from dateline.entities.name_tables import FEMALE_HONORIFICS, MALE_HONORIFICS
from dateline.entities.names import gender, person_name
from dateline.entities.quote_cues import Cues, cues
from dateline.entities.quote_marks import quoted_spans
from dateline.entities.resolve_forms import honorific_before
from dateline.models import Entity, Mention

Span = tuple[int, int]

WORD = re.compile(r"\w+(?:['’-]\w+)*")
JOINS = re.compile(r"\s+(?:and|und|et|y|e)\s")


class QuotedText:
    """One text with its sentences, mentions and marks."""

    def __init__(self, text: str, sentences: Sequence[Span], entities: Sequence[Entity], language: str):
        self.text = text
        self.sentences = sentences
        self.starts = [start for start, _ in sentences]
        self.cues: Cues = cues(language)
        self.language = language
        self.entities: Mapping[str, Entity] = {entity.entity_id: entity for entity in entities}
        rows = [
            (mention.start, mention.end, entity)
            for entity in entities
            for mention in entity.mentions
            if mention.part == "body"
        ]
        self.mentions = sorted(rows, key=lambda row: row[:2])
        self.mention_starts = [start for start, _, _ in self.mentions]
        self.by_end = {end: (start, entity) for start, end, entity in self.mentions}
        self.quoted = quoted_spans(text, language)
        self.quoted_starts = [start for start, _ in self.quoted]
        self.speakers: dict[int, str] = {}  # sentence number to the id of who speaks in it
        self.sexes: dict[str, str] = {}

    def sentence_start(self, position: int) -> int:
        return self.starts[max(0, bisect_right(self.starts, position) - 1)]

    def with_title(self, title: str) -> str | None:
        """The one person before whose name a title stands."""
        found = {
            entity.entity_id
            for start, _, entity in self.mentions
            if entity.type == "PERSON"
            and re.search(rf"\b{re.escape(title.capitalize())}\s$", self.text[max(0, start - 30) : start])
        }
        return found.pop() if len(found) == 1 else None

    def near(self, position: int, number: int) -> str | None:
        """The one person of the sentence before."""
        opening = bisect_right(self.starts, self.opening_of(position)) - 1
        before = min(number, opening) - 1
        if before < 0:
            return None
        start, end = self.sentences[before]
        there = list(dict.fromkeys(self.persons(start, end, "m") + self.persons(start, end, "f")))
        if len(there) > 1 and (leading := self.leads(start, there)):
            return leading
        return there[0] if len(there) == 1 else None

    def leads(self, start: int, persons: Sequence[str]) -> str | None:
        """The person who opens a sentence, where the article speaks of nobody else there as much."""
        at = bisect_left(self.mention_starts, start)
        if at >= len(self.mentions) or self.mentions[at][0] != start:
            return None
        _, stop, entity = self.mentions[at]
        counts = {id_: len(self.entities[id_].mentions) for id_ in persons}
        mine = counts.pop(entity.entity_id, 0)
        if JOINS.match(self.text, stop) or not mine or any(mine <= 2 * other for other in counts.values()):
            return None
        return entity.entity_id

    def antecedent(self, sex: str, position: int, number: int, depth: int = 0) -> str | None:
        """The one person whom a pronoun can mean: in the sentence so far, else in the one before."""
        first = self.sentences[number][0]
        here = self.persons(first, position, sex)
        if len(here) == 1:
            return here[0]
        opening = bisect_right(self.starts, self.opening_of(position)) - 1
        before = min(number, opening) - 1
        if here or before < 0:
            return None
        start, end = self.sentences[before]
        there = self.persons(start, end, sex)
        pronouns = self.cues.he if sex == "m" else self.cues.she
        opened = WORD.search(self.text, start, end)
        if opened and opened.group().lower() in pronouns and before and depth < 3:
            # "She studied … with Hal Brodsky. “…,” she said": whom the first "she" means
            return self.speakers.get(before) or self.antecedent(sex, start, before, depth + 1)
        speaker = self.speakers.get(before)
        if speaker and (speaker in there or not there) and self.sex(speaker) in ("", sex):
            return speaker
        if len(there) > 1:
            return self.leads(start, there)
        return there[0] if len(there) == 1 else None

    def opening_of(self, position: int) -> int:
        """Where the quote before `position` opens: “One. Two. Three,” he said looks back beyond One."""
        k = bisect_right(self.quoted_starts, position) - 1
        if k >= 0 and self.quoted[k][1] + 3 >= position:
            return self.quoted[k][0]
        return position

    def persons(self, start: int, end: int, sex: str) -> list[str]:
        found: dict[str, None] = {}
        for begin, _, entity in self.mentions[
            bisect_left(self.mention_starts, start) : bisect_left(self.mention_starts, end)
        ]:
            if (
                entity.type == "PERSON"
                and not self.is_quoted(begin)
                and self.sex(entity.entity_id) in ("", sex)
            ):
                found[entity.entity_id] = None
        return list(found)

    def mentions_between(self, start: int, end: int, kind: str) -> list[str]:
        """The ids of the entities of a kind that are named there."""
        low, high = bisect_left(self.mention_starts, start), bisect_left(self.mention_starts, end)
        return [entity.entity_id for _, _, entity in self.mentions[low:high] if entity.type == kind]

    def is_quoted(self, position: int) -> bool:
        k = bisect_right(self.quoted_starts, position) - 1
        return k >= 0 and position < self.quoted[k][1]

    def sex(self, entity_id: str) -> str:
        if entity_id not in self.sexes:
            entity = self.entities[entity_id]
            titles = {honorific_before(m, {"body": self.text}) for m in _some(entity.mentions)}
            sex = "m" if titles & MALE_HONORIFICS else "f" if titles & FEMALE_HONORIFICS else ""
            self.sexes[entity_id] = sex or gender(person_name(entity.name, self.language))
        return self.sexes[entity_id]


def _some(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.part == "body"][:10]
