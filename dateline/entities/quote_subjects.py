"""Who stands by a verb of saying: a name, a name with an apposition, a pronoun, a noun, a source."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from dateline.entities.quote_text import JOINS, QuotedText
from dateline.models import Entity

_SPEAKERS = frozenset(("PERSON", "ORGANIZATION", "LOCATION"))
_PREPOSITIONS = frozenset(
    "of for from at in with by to on about against de du des von vom der del für".split()
)
_TITLE_WORD = r"(?:[^\s,.;:“”\"«»()]+|[A-Z][a-z]{0,4}\.)\s+"
_BEFORE_NAME = re.compile(rf"\s+(?:{_TITLE_WORD}){{0,7}}|\s+[^.;:“”\"«»()]{{0,60}},\s*(?:{_TITLE_WORD})?")
_JOINED = re.compile(
    r"\s+\w+\s+(?:(?:[A-Z][\w'’-]*|her|his|their|its|the|a|fellow|counterpart|foreign|minister|president|[\w-]+er|[\w-]+or)\s+){0,6}"
)
_NO_SUBJECT = re.compile(
    r"\s+(?:in|on|at|to|that|by|after|during|about|as|if|there|it|he|she|they|his|her|into|before|last|earlier|sunday"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|yesterday|today|dass|que)\b",
    re.IGNORECASE,
)
# what a person is, before the name in commas: "its chairman, ", "Norvex's former head of sales, "
_ROLE = re.compile(
    r"(?:^|(?<=[\s,(“”\"]))(?P<role>(?:(?:the|a|an|one|its|his|her|their|my|our|another|der|die|das|ein|eine|sein|seine"
    r"|ihr|ihre|dessen|deren|le|la|un|une|son|sa|leur|el|los|su|uno?|una)\s|l['’]"
    r"|(?:[^\W\d_][\w.-]*\s){0,3}[^\W\d_][\w.-]*['’]s?\s)[^\s,.;:“”\"«»()][^,.;:“”\"«»()]{1,80}),\s$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s*(?:[,.;)]|$)")
_WITH = re.compile(r"\b(?:and|with|und|et|y)\s*$", re.IGNORECASE)
_AGED = re.compile(r"(?:the|le|el)\s+(?:now\s+)?(?:\d\d-year-old|(?:left|right)-hander)\b", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Speaker:
    """Who speaks, as named; `begins` and `ends` tell where the words that name
    him do, where that was looked at."""

    name: str | None
    entity_id: str | None
    cue: str
    begins: int | None = None
    ends: int | None = None


class Subjects(QuotedText):
    """What stands before and after a verb of saying, as speakers."""

    def subject_before(
        self, floor: int, cue_start: int, cue: str, number: int, whole: bool = False
    ) -> Speaker | None:
        """Who stands right before the verb: a name, a name with an apposition, a pronoun, a noun."""
        if cue == "saying":
            return self._leading(floor, cue_start, cue)
        left = self.text[max(floor, cue_start - 240) : cue_start]
        floor = cue_start - len(left)
        end = floor + (found.start() if (found := self.cues.between.search(left)) else len(left))
        if self.text[end - 1 : end] == ",":
            return self.apposition(floor, end - 1, cue)
        if end in self.by_end:
            start, entity = self.by_end[end]
            return self.named(floor, start, end, entity, cue)
        word = re.search(r"[\w-]+$", self.text[floor:end])
        if word is None:
            return None
        pronoun = word.group().lower()
        if pronoun in self.cues.he or pronoun in self.cues.she:
            sex = "m" if pronoun in self.cues.he else "f"
            id_ = self.antecedent(sex, floor + word.start(), number)
            return Speaker(self.entities[id_].name if id_ else word.group(), id_, cue)
        if pronoun in self.cues.they:
            return None
        noun = self.cues.determiner.search(self.text[floor:end])
        if (
            noun
            and word.group().lower() not in ("and", "or", "but", "und", "et", "y")
            and (len(noun.group().split()) <= 6 or whole)
        ):
            return self.holder(noun.group(), floor + noun.start(), cue, number)
        return self.unnamed(floor, end, cue)

    def _leading(self, floor: int, end: int, cue: str) -> Speaker | None:
        """ "Prime Minister Suga condemned the launch, saying …": whom the sentence begins with."""
        at = bisect_left(self.mention_starts, floor)
        if not self.text[floor:end].rstrip().endswith(",") or at >= len(self.mentions):
            return None
        start, stop, entity = self.mentions[at]
        if stop >= end or entity.type not in _SPEAKERS or JOINS.match(self.text, stop):
            return None
        before = self.text[floor:start].split()
        while len(before) > 1 and before[-1].lower() == "the":
            before.pop()
        if (
            len(before) > 5
            or (before and before[-1].lower() in _PREPOSITIONS)
            or "," in self.text[floor:start]
        ):
            return None
        return Speaker(entity.name, entity.entity_id, cue) if self.text[stop : stop + 2] != "'s" else None

    def unnamed(self, floor: int, end: int, cue: str) -> Speaker | None:
        """ "Officials said", "Analysts at Borwick Bank said": a sentence's few first words, nobody's id."""
        words = self.text[floor:end].split()
        if not words or len(words) > 5 or self.sentence_start(floor) != floor or not words[0].istitle():
            return None
        many = words[0].lower() == "police" or (words[0].endswith("s") and words[0].isalpha())
        return Speaker(" ".join(words), None, cue) if many else None

    def holder(self, noun: str, position: int, cue: str, number: int) -> Speaker:
        """Whom "the sheriff" and "the 22-year-old" mean: the one sheriff of the text, the one person near."""
        words = noun.split()
        if words[0].lower() == "the" and len(words) == 2:
            if _AGED.fullmatch(noun):
                near = self.near(position, number)
                if near:
                    return Speaker(self.entities[near].name, near, cue)
            elif found := self.with_title(words[1]):
                return Speaker(self.entities[found].name, found, cue)
        return Speaker(noun, None, cue)

    def named(self, floor: int, start: int, end: int, entity: Entity, cue: str) -> Speaker | None:
        if joint := self.named_with(floor, start):
            return Speaker(self.text[joint:end], None, cue)
        words = self.text[floor:start].split()
        if len(words) > 1 and words[-1] == "the" and words[-2].lower() in _PREPOSITIONS:
            words.pop()
        if words and words[-1].lower() in _PREPOSITIONS:
            place = self.text.rindex(words[-1], floor, start)
            who = self.by_end.get(len(self.text[:place].rstrip()))
            if words[-1] in ("of", "from") and who and who[1].type == "PERSON" and who[0] >= floor:
                return Speaker(who[1].name, who[1].entity_id, cue)  # "Eddie Hearn of Matchroom Boxing"
            noun = self.cues.determiner.search(self.text[floor:end])
            return Speaker(noun.group(), None, cue) if noun else self.unnamed(floor, end, cue)
        return Speaker(entity.name, entity.entity_id, cue) if entity.type in _SPEAKERS else None

    def named_with(self, floor: int, start: int) -> int | None:
        """Where "Marise Payne and her New Zealand counterpart" begins, before a name; None if alone."""
        at = bisect_left(self.mention_starts, start) - 1
        while at >= 0 and self.mentions[at][0] >= floor:
            begin, end, entity = self.mentions[at]
            if entity.type in _SPEAKERS and JOINS.match(self.text, end, start):
                return begin if _JOINED.fullmatch(self.text, end, start) else None
            at -= 1
        return None

    def apposition(self, floor: int, comma: int, cue: str) -> Speaker | None:
        """ "Sergei Lavrov, the Russian foreign minister, said"; "its chairman, Viktor Oresh, said"."""
        if inner := self._appointed(floor, comma, cue):
            return inner
        at = bisect_left(self.mention_starts, comma) - 1
        while at >= 0 and self.mentions[at][0] >= floor:
            start, end, entity = self.mentions[at]
            if end < comma and self.text[end] == "," and entity.type in _SPEAKERS:
                found = self.named(floor, start, end, entity, cue)
                return replace(found, begins=start) if found else None
            at -= 1
        first = self.text.find(",", floor, comma)
        noun = self.cues.determiner.search(self.text[floor:first]) if first > 0 else None
        return Speaker(noun.group(), None, cue) if noun else None

    def _appointed(self, floor: int, comma: int, cue: str) -> Speaker | None:
        """A person's name alone between commas, after what the person is: "its chairman, …,"."""
        row = self.by_end.get(comma)
        if row is None or row[1].type != "PERSON":
            return None
        start, entity = row
        role = _ROLE.search(self.text[floor:start])
        if role is None or self._names_alone(floor + role.end("role")):
            return None
        begins = floor + role.start("role")
        if _WITH.search(self.text[floor:begins]) and self.mentions_between(floor, begins, "PERSON"):
            return Speaker(self.text[begins:comma], None, cue)  # "the premier, Ana Ruiz, and her deputy, …,"
        return Speaker(entity.name, entity.entity_id, cue, begins=begins)

    def _names_alone(self, end: int) -> bool:
        """Whether a name ends there that is no part of a role ("its chairman Ana Ruiz")."""
        row = self.by_end.get(end)
        before = self.text[max(0, row[0] - 20) : row[0]].split() if row else []
        if before and before[-1] == "the":
            before.pop()
        return row is not None and not (before and before[-1].lower() in _PREPOSITIONS)

    def subject_after(self, start: int, end: int, cue: str, number: int) -> Speaker | None:
        """ "said Wang", "said the foreign minister, Wang Yi"."""
        word = re.compile(r"\s+([\w-]+)").match(self.text, start, end)
        pronoun = (word.group(1) if word else "").lower()
        for part in (cue.lower().split()[0], pronoun):
            if part in self.cues.he or part in self.cues.she:
                id_ = self.antecedent("m" if part in self.cues.he else "f", start, number)
                return Speaker(self.entities[id_].name if id_ else part, id_, cue)
        if not pronoun or _NO_SUBJECT.match(self.text, start, end):
            return None
        at = bisect_left(self.mention_starts, start)
        for begin, stop, entity in self.mentions[at : at + 3]:
            if begin >= end or begin - start > 90:
                break
            if entity.type == "PERSON" and _BEFORE_NAME.fullmatch(self.text, start, begin):
                return Speaker(entity.name, entity.entity_id, cue, ends=stop)
            if entity.type in _SPEAKERS and not self.text[start:begin].strip(" \u00a0the"):
                return Speaker(self.text[begin:stop], entity.entity_id, cue, ends=stop)
        noun = re.compile(r"\s+((?:[\w’'-]+\s+){0,5}[\w’'-]+)").match(self.text, start, end)
        return Speaker(noun.group(1), None, cue) if noun and pronoun in ("a", "the", "one", "an") else None

    def source(self, match: re.Match[str], end: int) -> Speaker | None:
        """ "according to Canadian broadcaster CTV"; "according to its chairman, Viktor Oresh"."""
        start, cue = match.end(), match.group().strip()
        at = bisect_left(self.mention_starts, start)
        for begin, stop, entity in self.mentions[at : at + 3]:
            between = self.text[start:begin]
            if begin >= end or len(between) > 60:
                break
            if between.endswith(", "):
                # a name between the role's comma and the next one, or the end
                alone = entity.type == "PERSON" and _ALONE.match(self.text, stop, end)
                if alone and _ROLE.fullmatch(between) and not self._names_alone(begin - 2):
                    return Speaker(entity.name, entity.entity_id, cue, ends=stop)
                break
            if re.search(r"[,;.]", between):
                break
            if entity.type in _SPEAKERS and not re.search(r"\b(?:of|in|by|from|at)\b", between):
                return Speaker(entity.name, entity.entity_id, cue, ends=stop)
        noun = re.compile(r"[^,.;:“”\"«»]{2,60}").match(self.text, start, end)
        return Speaker(noun.group().strip(), None, cue) if noun else None
