"""Quotes: words in quotation marks and reported speech, each with who said it where that is sure.

Patterns around the verbs of saying, as in the literature on quote attribution (before, after and inside
the quote), on the sentences and entities that are already there: no parser. Where the subject is no
entity ("the statement said") its words are given and no id; where nobody is named, neither.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dateline.entities.name_tables import FEMALE_HONORIFICS, MALE_HONORIFICS
from dateline.entities.names import gender, person_name
from dateline.entities.quote_cues import Cues, cues
from dateline.entities.quote_marks import quoted_spans
from dateline.entities.resolve_forms import honorific_before
from dateline.models import Entity, Mention, Quote

Span = tuple[int, int]

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SAYS_SOMETHING = 3  # words; fewer are a name or a word held at arm's length
_SPEAKERS = frozenset(("PERSON", "ORGANIZATION", "LOCATION"))
_PREPOSITIONS = frozenset(
    "of for from at in with by to on about against de du des von vom der del für".split()
)
_CLAUSE_ENDS = re.compile(r"[,;:—–]\s*$")
_TITLE_WORD = r"(?:[^\s,.;:“”\"«»()]+|[A-Z][a-z]{0,4}\.)\s+"
_BEFORE_NAME = re.compile(rf"\s+(?:{_TITLE_WORD}){{0,7}}|\s+[^.;:“”\"«»()]{{0,60}},\s*(?:{_TITLE_WORD})?")
_JOINS = re.compile(r"\s+(?:and|und|et|y|e)\s")
_JOINED = re.compile(
    r"\s+\w+\s+(?:(?:[A-Z][\w'’-]*|her|his|their|its|the|a|fellow|counterpart|foreign|minister|president|[\w-]+er|[\w-]+or)\s+){0,6}"
)
_NO_SUBJECT = re.compile(
    r"\s+(?:in|on|at|to|that|by|after|during|about|as|if|there|it|he|she|they|his|her|into|before|last|earlier|sunday"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|yesterday|today|dass|que)\b",
    re.IGNORECASE,
)


_DATELINE = re.compile(r"[A-Z][^\n]{2,70}?(?:\([A-Za-z /.-]+\)\s*(?:--|—|–|-|_)|\s(?:--|—|–))\s+")
_TELLS = frozenset(("told", "tells"))
_AGED = re.compile(r"(?:the|le|el)\s+(?:now\s+)?(?:\d\d-year-old|(?:left|right)-hander)\b", re.IGNORECASE)
_TITLE_CASE = re.compile(r"[A-Z][\w’']*(?:[ ,-]+(?:[A-Z][\w’']*|of|the|and|a|in|to|for))*,?")


def that_said(text: str, that: re.Match[str] | None) -> bool:
    """Whether the match of a language's "that" has the word in it."""
    return that is not None and "that" in text[that.start() : that.end()]


@dataclass(slots=True, frozen=True)
class _Speaker:
    name: str | None
    entity_id: str | None
    cue: str


def find_quotes(
    text: str, sentences: Sequence[Span], entities: Sequence[Entity], language: str
) -> list[Quote]:
    """The quotes of a text in order. `text[start:end]` are the words, without the marks.

    A direct quote has at least three words, or is a whole utterance ("“Never,” she said"). Indirect
    ones are the clause that a verb of saying, or "according to", reports.
    """
    return _Reader(text, sentences, entities, language).read()


class _Reader:
    """One text with its sentences, mentions and marks, read from front to back."""

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

    def read(self) -> list[Quote]:
        quotes: list[Quote] = []
        n = 0
        for number, (first, last) in enumerate(self.sentences):
            here: list[int] = []
            while n < len(self.quoted) and self.quoted[n][1] <= last:
                here.append(n)
                n += 1
            direct = [quote for k in here if (quote := self._direct(k, number, quotes))]
            quotes += direct
            if not direct and not (n < len(self.quoted) and self.quoted[n][0] < last):
                quotes += self._indirect(number, first, last)
        return sorted(quotes, key=lambda quote: (quote.start, quote.end))

    # direct

    def _direct(self, k: int, number: int, before: list[Quote]) -> Quote | None:
        start, end = self.quoted[k]
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        words = _WORD.findall(self.text, start, end)
        utterance = self.text[end - 1 : end] in (".", ",", "!", "?", "…")
        if not words or (len(words) < _SAYS_SOMETHING and not utterance):
            return None
        floor = max(self._sentence_start(start), self.quoted[k - 1][1] + 1 if k else 0)
        ceiling = self.sentences[number][1]
        if k + 1 < len(self.quoted):
            ceiling = min(ceiling, max(self.quoted[k + 1][0] - 1, self.quoted[k][1]))
        speaker = self._after(self.quoted[k][1] + 1, ceiling, number) or self._before(
            floor, start - 1, number
        )
        if speaker is None and before and before[-1].direct and not self.text[floor : start - 1].strip():
            speaker = self._goes_on(before[-1], start, number)
        if speaker is None and (
            len(words) < _SAYS_SOMETHING or _TITLE_CASE.fullmatch(self.text, start, end) is not None
        ):
            return None  # the title of a work, a word held at arm's length
        return self._quote(start, end, speaker, number, direct=True)

    def _goes_on(self, previous: Quote, start: int, number: int) -> _Speaker | None:
        """The second half of “…,” Wang said. “…”: nothing but the attribution stands between."""
        between = self.text[previous.end : start]
        if "\n" in between or previous.speaker is None or len(between) > 200:
            return None
        sentence = bisect_right(self.starts, start) - 1
        if sentence - (bisect_right(self.starts, previous.end) - 1) > 1:
            return None
        return _Speaker(previous.speaker, previous.speaker_id, previous.cue or "")

    def _sentence_start(self, position: int) -> int:
        return self.starts[max(0, bisect_right(self.starts, position) - 1)]

    def _after(self, start: int, end: int, number: int) -> _Speaker | None:
        """ "…," Wang said; "…", said Wang; the verb within a few words."""
        cue = self.cues.direct.search(self.text, start, min(end, start + 160))
        if cue is None:
            source = self.cues.source.search(self.text, start, min(end, start + 40))
            return self._source(source, end) if source else None
        if not _WORD.search(self.text, start, cue.start()):
            return self._subject_after(cue.end(), end, cue.group(), number)
        return self._subject_before(start, cue.start(), cue.group(), number, whole=True)

    def _before(self, start: int, end: int, number: int) -> _Speaker | None:
        """Wang said: "…"; Lavrov accused the West of "…": the last verb whose subject can be told."""
        for cue in reversed(list(self.cues.direct.finditer(self.text, start, end))[-3:]):
            if speaker := self._subject_before(start, cue.start(), cue.group(), number):
                return speaker
        source = self.cues.source.search(self.text, start, end)
        return self._source(source, end) if source else None

    # subjects

    def _subject_before(
        self, floor: int, cue_start: int, cue: str, number: int, whole: bool = False
    ) -> _Speaker | None:
        """Who stands right before the verb: a name, a name with an apposition, a pronoun, a noun."""
        left = self.text[max(floor, cue_start - 240) : cue_start]
        floor = cue_start - len(left)
        end = floor + (found.start() if (found := self.cues.between.search(left)) else len(left))
        if self.text[end - 1 : end] == ",":
            return self._apposition(floor, end - 1, cue)
        if end in self.by_end:
            start, entity = self.by_end[end]
            return self._named(floor, start, end, entity, cue)
        word = re.search(r"[\w-]+$", self.text[floor:end])
        if word is None:
            return None
        pronoun = word.group().lower()
        if pronoun in self.cues.he or pronoun in self.cues.she:
            sex = "m" if pronoun in self.cues.he else "f"
            id_ = self._antecedent(sex, floor + word.start(), number)
            return _Speaker(self.entities[id_].name if id_ else word.group(), id_, cue)
        if pronoun in self.cues.they:
            return None
        noun = self.cues.determiner.search(self.text[floor:end])
        if (
            noun
            and word.group().lower() not in ("and", "or", "but", "und", "et", "y")
            and (len(noun.group().split()) <= 6 or whole)
        ):
            return self._holder(noun.group(), floor + noun.start(), cue, number)
        return self._unnamed(floor, end, cue)

    def _unnamed(self, floor: int, end: int, cue: str) -> _Speaker | None:
        """ "Officials said", "Analysts at Borwick Bank said": a sentence's few first words, nobody's id."""
        words = self.text[floor:end].split()
        if not words or len(words) > 5 or self._sentence_start(floor) != floor or not words[0].istitle():
            return None
        many = words[0].lower() == "police" or (words[0].endswith("s") and words[0].isalpha())
        return _Speaker(" ".join(words), None, cue) if many else None

    def _holder(self, noun: str, position: int, cue: str, number: int) -> _Speaker:
        """Whom "the sheriff" and "the 22-year-old" mean: the one sheriff of the text, the one person near."""
        words = noun.split()
        if words[0].lower() == "the" and len(words) == 2:
            if _AGED.fullmatch(noun):
                near = self._near(position, number)
                if near:
                    return _Speaker(self.entities[near].name, near, cue)
            elif found := self._with_title(words[1]):
                return _Speaker(self.entities[found].name, found, cue)
        return _Speaker(noun, None, cue)

    def _with_title(self, title: str) -> str | None:
        """The one person before whose name a title stands."""
        found = {
            entity.entity_id
            for start, _, entity in self.mentions
            if entity.type == "PERSON"
            and re.search(rf"\b{re.escape(title.capitalize())}\s$", self.text[max(0, start - 30) : start])
        }
        return found.pop() if len(found) == 1 else None

    def _near(self, position: int, number: int) -> str | None:
        """The one person of the sentence before."""
        opening = bisect_right(self.starts, self._opening_of(position)) - 1
        before = min(number, opening) - 1
        if before < 0:
            return None
        start, end = self.sentences[before]
        there = list(dict.fromkeys(self._persons(start, end, "m") + self._persons(start, end, "f")))
        if len(there) > 1 and (leading := self._leads(start, there)):
            return leading
        return there[0] if len(there) == 1 else None

    def _leads(self, start: int, persons: Sequence[str]) -> str | None:
        """The person who opens a sentence, where the article speaks of nobody else there as much."""
        at = bisect_left(self.mention_starts, start)
        if at >= len(self.mentions) or self.mentions[at][0] != start:
            return None
        _, stop, entity = self.mentions[at]
        counts = {id_: len(self.entities[id_].mentions) for id_ in persons}
        mine = counts.pop(entity.entity_id, 0)
        if _JOINS.match(self.text, stop) or not mine or any(mine <= 2 * other for other in counts.values()):
            return None
        return entity.entity_id

    def _named(self, floor: int, start: int, end: int, entity: Entity, cue: str) -> _Speaker | None:
        if joint := self._named_with(floor, start):
            return _Speaker(self.text[joint:end], None, cue)
        words = self.text[floor:start].split()
        if len(words) > 1 and words[-1] == "the" and words[-2].lower() in _PREPOSITIONS:
            words.pop()
        if words and words[-1].lower() in _PREPOSITIONS:
            place = self.text.rindex(words[-1], floor, start)
            who = self.by_end.get(len(self.text[:place].rstrip()))
            if words[-1] in ("of", "from") and who and who[1].type == "PERSON" and who[0] >= floor:
                return _Speaker(who[1].name, who[1].entity_id, cue)  # "Eddie Hearn of Matchroom Boxing"
            noun = self.cues.determiner.search(self.text[floor:end])
            return _Speaker(noun.group(), None, cue) if noun else self._unnamed(floor, end, cue)
        return _Speaker(entity.name, entity.entity_id, cue) if entity.type in _SPEAKERS else None

    def _named_with(self, floor: int, start: int) -> int | None:
        """Where "Marise Payne and her New Zealand counterpart" begins, before a name; None if alone."""
        at = bisect_left(self.mention_starts, start) - 1
        while at >= 0 and self.mentions[at][0] >= floor:
            begin, end, entity = self.mentions[at]
            if entity.type in _SPEAKERS and _JOINS.match(self.text, end, start):
                return begin if _JOINED.fullmatch(self.text, end, start) else None
            at -= 1
        return None

    def _apposition(self, floor: int, comma: int, cue: str) -> _Speaker | None:
        """ "Sergei Lavrov, the Russian foreign minister, said": the name before the first comma."""
        at = bisect_left(self.mention_starts, comma) - 1
        while at >= 0 and self.mentions[at][0] >= floor:
            start, end, entity = self.mentions[at]
            if end < comma and self.text[end] == "," and entity.type in _SPEAKERS:
                return self._named(floor, start, end, entity, cue)
            at -= 1
        first = self.text.find(",", floor, comma)
        noun = self.cues.determiner.search(self.text[floor:first]) if first > 0 else None
        return _Speaker(noun.group(), None, cue) if noun else None

    def _subject_after(self, start: int, end: int, cue: str, number: int) -> _Speaker | None:
        """ "said Wang", "said the foreign minister, Wang Yi"."""
        word = re.compile(r"\s+([\w-]+)").match(self.text, start, end)
        pronoun = (word.group(1) if word else "").lower()
        for part in (cue.lower().split()[0], pronoun):
            if part in self.cues.he or part in self.cues.she:
                id_ = self._antecedent("m" if part in self.cues.he else "f", start, number)
                return _Speaker(self.entities[id_].name if id_ else part, id_, cue)
        if not pronoun or _NO_SUBJECT.match(self.text, start, end):
            return None
        at = bisect_left(self.mention_starts, start)
        for begin, stop, entity in self.mentions[at : at + 3]:
            if begin >= end or begin - start > 90:
                break
            if entity.type == "PERSON" and _BEFORE_NAME.fullmatch(self.text, start, begin):
                return _Speaker(entity.name, entity.entity_id, cue)
            if entity.type in _SPEAKERS and not self.text[start:begin].strip(" \u00a0the"):
                return _Speaker(self.text[begin:stop], entity.entity_id, cue)
        noun = re.compile(r"\s+((?:[\w’'-]+\s+){0,5}[\w’'-]+)").match(self.text, start, end)
        return _Speaker(noun.group(1), None, cue) if noun and pronoun in ("a", "the", "one", "an") else None

    def _source(self, match: re.Match[str], end: int) -> _Speaker | None:
        """ "according to Canadian broadcaster CTV"."""
        start = match.end()
        at = bisect_left(self.mention_starts, start)
        for begin, _, entity in self.mentions[at : at + 3]:
            between = self.text[start:begin]
            if begin >= end or len(between) > 60 or re.search(r"[,;.]|\b(?:of|in|by|from|at)\b", between):
                break
            if entity.type in _SPEAKERS:
                return _Speaker(entity.name, entity.entity_id, match.group().strip())
        noun = re.compile(r"[^,.;:“”\"«»]{2,60}").match(self.text, start, end)
        return _Speaker(noun.group().strip(), None, match.group().strip()) if noun else None

    def _antecedent(self, sex: str, position: int, number: int, depth: int = 0) -> str | None:
        """The one person whom a pronoun can mean: in the sentence so far, else in the one before."""
        first = self.sentences[number][0]
        here = self._persons(first, position, sex)
        if len(here) == 1:
            return here[0]
        opening = bisect_right(self.starts, self._opening_of(position)) - 1
        before = min(number, opening) - 1
        if here or before < 0:
            return None
        start, end = self.sentences[before]
        there = self._persons(start, end, sex)
        pronouns = self.cues.he if sex == "m" else self.cues.she
        opened = _WORD.search(self.text, start, end)
        if opened and opened.group().lower() in pronouns and before and depth < 3:
            # "She studied … with Hal Brodsky. “…,” she said": whom the first "she" means
            return self.speakers.get(before) or self._antecedent(sex, start, before, depth + 1)
        speaker = self.speakers.get(before)
        if speaker and (speaker in there or not there) and self._sex(speaker) in ("", sex):
            return speaker
        if len(there) > 1:
            return self._leads(start, there)
        return there[0] if len(there) == 1 else None

    def _opening_of(self, position: int) -> int:
        """Where the quote before `position` opens: “One. Two. Three,” he said looks back beyond One."""
        k = bisect_right(self.quoted_starts, position) - 1
        if k >= 0 and self.quoted[k][1] + 3 >= position:
            return self.quoted[k][0]
        return position

    def _persons(self, start: int, end: int, sex: str) -> list[str]:
        found: dict[str, None] = {}
        for begin, _, entity in self.mentions[
            bisect_left(self.mention_starts, start) : bisect_left(self.mention_starts, end)
        ]:
            if (
                entity.type == "PERSON"
                and not self._is_quoted(begin)
                and self._sex(entity.entity_id) in ("", sex)
            ):
                found[entity.entity_id] = None
        return list(found)

    def _is_quoted(self, position: int) -> bool:
        k = bisect_right(self.quoted_starts, position) - 1
        return k >= 0 and position < self.quoted[k][1]

    def _sex(self, entity_id: str) -> str:
        if entity_id not in self.sexes:
            entity = self.entities[entity_id]
            titles = {honorific_before(m, {"body": self.text}) for m in _some(entity.mentions)}
            sex = "m" if titles & MALE_HONORIFICS else "f" if titles & FEMALE_HONORIFICS else ""
            self.sexes[entity_id] = sex or gender(person_name(entity.name, self.language))
        return self.sexes[entity_id]

    # indirect

    def _indirect(self, number: int, first: int, last: int) -> Iterator[Quote]:
        """ "Wang said (that) the talks …", "the talks …, Wang said", "…, according to Wang"."""
        for cue in self.cues.saying.finditer(self.text, first, last):
            if self._is_quoted(cue.start()):
                continue
            speaker = self._subject_before(first, cue.start(), cue.group(), number)
            if speaker is None or not self._reports(cue, last):
                continue
            clause = self._clause(speaker, cue, first, last)
            if clause:
                yield self._quote(*clause, speaker, number, direct=False)
                return
        source = self.cues.source.search(self.text, first, last)
        if source and (speaker := self._source(source, last)):
            start, end = (first, source.start()) if source.start() > first else (source.end(), last)
            if source.start() == first:
                comma = self.text.find(",", source.end(), last)
                start = comma + 1 if comma > 0 else last
            if clause := self._trim(start, end):
                yield self._quote(*clause, speaker, number, direct=False)

    def _reports(self, cue: re.Match[str], last: int) -> bool:
        """Whether the verb reports words here: some need "that", or the end of the sentence."""
        if cue.group() not in self.cues.needs_that:
            return True
        return re.compile(r"\s+that\s|\s*[.,]").match(self.text, cue.end(), last) is not None

    def _clause(self, speaker: _Speaker, cue: re.Match[str], first: int, last: int) -> Span | None:
        """The reported words: what follows the verb, or all before ", Wang said"."""
        that = self.cues.that.match(self.text, cue.end(), last)
        after = self._trim(that.end() if that else cue.end(), last)
        head = self.text[first : cue.start()]
        comma = head.rfind(",")
        following = self.text.find(",", cue.end(), last)
        tail = len(_WORD.findall(self.text, cue.end(), following if following > 0 else last))
        if not head[comma + 1 :].strip():
            comma = -1  # "Abiy, who won the prize, says …": what stands before is the speaker
        if comma > 0 and tail <= 6 and len(_WORD.findall(head, 0, comma)) >= _SAYS_SOMETHING:
            attribution = head[comma + 1 :]
            if len(_WORD.findall(attribution)) <= 8 and "that" not in self.text[cue.end() : cue.end() + 6]:
                return self._trim(self._past_dateline(first), first + comma)
        if cue.group() in _TELLS and not that_said(self.text, that):
            after = self._trim(self._past_hearer(cue.end(), last), last)
        if after and len(_WORD.findall(self.text, *after)) >= _SAYS_SOMETHING:
            return after
        return None

    def _past_dateline(self, first: int) -> int:
        """Where a report begins after "NAIROBI (AFP) -"."""
        opened = _DATELINE.match(self.text, 0, 120) if first == 0 else None
        return opened.end() if opened else first

    def _past_hearer(self, start: int, end: int) -> int:
        """Where the words begin after whom they were told: "told West Kowloon Court the risk was high"."""
        at = bisect_left(self.mention_starts, start)
        if at < len(self.mentions):
            begin, stop, _ = self.mentions[at]
            if stop < end and self.text[start:begin].strip() in ("", "the"):
                return stop
        return start

    def _trim(self, start: int, end: int) -> Span | None:
        while start < end and (self.text[start].isspace() or self.text[start] in ",:;"):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in ",.;"):
            end -= 1
        return (start, end) if len(_WORD.findall(self.text, start, end)) >= _SAYS_SOMETHING else None

    def _quote(self, start: int, end: int, speaker: _Speaker | None, number: int, *, direct: bool) -> Quote:
        if speaker and speaker.entity_id:
            self.speakers[number] = speaker.entity_id
        return Quote(
            start=start,
            end=end,
            text=self.text[start:end],
            speaker=speaker.name if speaker else None,
            speaker_id=speaker.entity_id if speaker else None,
            cue=speaker.cue if speaker else None,
            direct=direct,
        )


def _some(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.part == "body"][:10]
