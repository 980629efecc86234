"""Quotes: words in quotation marks and reported speech, each with who said it where that is sure.

Patterns around the verbs of saying, as in the literature on quote attribution (before, after and inside
the quote), on the sentences and entities that are already there: no parser. Where the subject is no
entity ("the statement said") its words are given and no id; where nobody is named, neither.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from dateline.entities.quote_subjects import Speaker, Subjects
from dateline.entities.quote_text import WORD, Span
from dateline.models import Entity, Quote

_SAYS_SOMETHING = 3  # words; fewer are a name or a word held at arm's length
_DATELINE = re.compile(r"[A-Z][^\n]{2,70}?(?:\([A-Za-z /.-]+\)\s*(?:--|—|–|-|_)|\s(?:--|—|–))\s+")
_TELLS = frozenset(("told", "tells"))
_TITLE_CASE = re.compile(r"[A-Z][\w’']*(?:[ ,-]+(?:[A-Z][\w’']*|of|the|and|a|in|to|for))*,?")


def that_said(text: str, that: re.Match[str] | None) -> bool:
    """Whether the match of a language's "that" has the word in it."""
    return that is not None and "that" in text[that.start() : that.end()]


def find_quotes(
    text: str, sentences: Sequence[Span], entities: Sequence[Entity], language: str
) -> list[Quote]:
    """The quotes of a text in order. `text[start:end]` are the words, without the marks.

    A direct quote has at least three words, or is a whole utterance ("“Never,” she said"). Indirect
    ones are the clause that a verb of saying, or "according to", reports.
    """
    return _Reader(text, sentences, entities, language).read()


class _Reader(Subjects):
    """One text read from front to back."""

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

    def _direct(self, k: int, number: int, before: list[Quote]) -> Quote | None:
        start, end = self.quoted[k]
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        words = WORD.findall(self.text, start, end)
        utterance = self.text[end - 1 : end] in (".", ",", "!", "?", "…")
        if not words or (len(words) < _SAYS_SOMETHING and not utterance):
            return None
        floor = max(self.sentence_start(start), self.quoted[k - 1][1] + 1 if k else 0)
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

    def _goes_on(self, previous: Quote, start: int, number: int) -> Speaker | None:
        """The second half of “…,” Wang said. “…”: nothing but the attribution stands between."""
        between = self.text[previous.end : start]
        if "\n" in between or previous.speaker is None or len(between) > 200:
            return None
        sentence = bisect_right(self.starts, start) - 1
        if sentence - (bisect_right(self.starts, previous.end) - 1) > 1:
            return None
        return Speaker(previous.speaker, previous.speaker_id, previous.cue or "")

    def _after(self, start: int, end: int, number: int) -> Speaker | None:
        """ "…," Wang said; "…", said Wang; the verb within a few words."""
        cue = self.cues.direct.search(self.text, start, min(end, start + 160))
        if cue is None:
            source = self.cues.source.search(self.text, start, min(end, start + 40))
            return self.source(source, end) if source else None
        if not WORD.search(self.text, start, cue.start()):
            return self.subject_after(cue.end(), end, cue.group(), number)
        return self.subject_before(start, cue.start(), cue.group(), number, whole=True)

    def _before(self, start: int, end: int, number: int) -> Speaker | None:
        """Wang said: "…"; Lavrov accused the West of "…": the last verb whose subject can be told."""
        for cue in reversed(list(self.cues.direct.finditer(self.text, start, end))[-3:]):
            if speaker := self.subject_before(start, cue.start(), cue.group(), number):
                return speaker
        source = self.cues.source.search(self.text, start, end)
        return self.source(source, end) if source else None

    # indirect

    def _indirect(self, number: int, first: int, last: int) -> Iterator[Quote]:
        """ "Wang said (that) the talks …", "the talks …, Wang said", "…, according to Wang"."""
        for cue in self.cues.saying.finditer(self.text, first, last):
            if self.is_quoted(cue.start()):
                continue
            speaker = self.subject_before(first, cue.start(), cue.group(), number)
            if speaker is None or not self._reports(cue, last):
                continue
            clause = self._clause(speaker, cue, first, last)
            if clause:
                yield self._quote(*clause, speaker, number, direct=False)
                return
        source = self.cues.source.search(self.text, first, last)
        if source and (speaker := self.source(source, last)):
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

    def _clause(self, speaker: Speaker, cue: re.Match[str], first: int, last: int) -> Span | None:
        """The reported words: what follows the verb, or all before ", Wang said"."""
        that = self.cues.that.match(self.text, cue.end(), last)
        after = self._trim(that.end() if that else cue.end(), last)
        head = self.text[first : cue.start()]
        comma = head.rfind(",")
        following = self.text.find(",", cue.end(), last)
        tail = len(WORD.findall(self.text, cue.end(), following if following > 0 else last))
        if not head[comma + 1 :].strip():
            comma = -1  # "Abiy, who won the prize, says …": what stands before is the speaker
        if comma > 0 and tail <= 6 and len(WORD.findall(head, 0, comma)) >= _SAYS_SOMETHING:
            attribution = head[comma + 1 :]
            if len(WORD.findall(attribution)) <= 8 and "that" not in self.text[cue.end() : cue.end() + 6]:
                return self._trim(self._past_dateline(first), first + comma)
        if cue.group() in _TELLS and not that_said(self.text, that):
            after = self._trim(self._past_hearer(cue.end(), last), last)
        if after and len(WORD.findall(self.text, *after)) >= _SAYS_SOMETHING:
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
        return (start, end) if len(WORD.findall(self.text, start, end)) >= _SAYS_SOMETHING else None

    def _quote(self, start: int, end: int, speaker: Speaker | None, number: int, *, direct: bool) -> Quote:
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
