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
_DATELINE = re.compile(
    r"(?:[A-Z][^\n]{2,70}?\([A-Za-z /.-]+\)\s*(?:--|—|–|-|_)"
    r"|[A-Z]{2}[A-Z .'’-]*(?:,[^\n]{1,60}?)?\s(?:--|—|–|-))\s+"
)
_TELLS = frozenset(("told", "tells"))
# after a verb of saying: when, where and to whom it was said, not what
_CIRCUMSTANCE = re.compile(
    r"\s*(?:[.;:]|$)|\s+(?:on|in|at|during|after|before|to|last|late|early|earlier|later|yesterday|today|tonight|through|via"
    r"|by|from|when|while|as|citing|adding|without|with|of|about|following|ahead|again|afterwards?|\w+day"
    r"|this\s+(?:week|month|year|morning|afternoon|evening))\b",
    re.IGNORECASE,
)
# after the name in "…, said Ana Ruiz": the end, or a circumstance; no verb of another clause
_CLOSES = re.compile(
    r"\s*(?:[.,;)]|$)|\s+(?:on|in|at|during|after|last|late|earlier|yesterday|today|this|from|of|via|\w+day"
    r"|am|im|bei|beim|vor|nach|gegenüber|heute|gestern|à|en|au|aux|lors|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|el|durante|tras|ante|ayer|este|esta)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\b[a-zA-Z]\.[a-zA-Z]\.$")
_THAT = re.compile(r"\s+that\b")
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
            told = len(quotes)
            for k in here:
                if quote := self._direct(k, number, quotes):
                    quotes.append(quote)
            if len(quotes) == told and not (n < len(self.quoted) and self.quoted[n][0] < last):
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
        if speaker is None and before and before[-1].direct:
            between = self.text[floor : start - 1]
            if not between.strip() or self._broken(before[-1], between, start):
                speaker = self._goes_on(before[-1], start, number)
        if speaker is None and (
            len(words) < _SAYS_SOMETHING or _TITLE_CASE.fullmatch(self.text, start, end) is not None
        ):
            return None  # the title of a work, a word held at arm's length
        return self._quote(start, end, speaker, number, direct=True)

    def _broken(self, previous: Quote, between: str, start: int) -> bool:
        """Whether “One,” said Ana Ruiz, the minister, “two.” is one utterance, of one sentence."""
        cue = previous.cue
        return cue is not None and cue in between and self.sentence_start(start) < previous.end

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
        return self.source(source, end) if source else self._labelled(start, end)

    def _labelled(self, start: int, end: int) -> Speaker | None:
        """ "Li Wen: “…”", as interviews print it."""
        label = self.text[start:end].rstrip()
        row = self.by_end.get(start + len(label) - 1) if label.endswith(":") else None
        if row is None or row[1].type != "PERSON" or self.text[start : row[0]].strip():
            return None
        return Speaker(row[1].name, row[1].entity_id, ":")

    # indirect

    def _indirect(self, number: int, first: int, last: int) -> Iterator[Quote]:
        """ "Wang said (that) the talks …", "the talks …, Wang said", "…, according to Wang"."""
        first = self._past_dateline(first)
        for cue in self.cues.saying.finditer(self.text, first, last):
            if self.is_quoted(cue.start()):
                continue
            speaker = None
            if cue.group() not in self.cues.inverted:
                speaker = self.subject_before(first, cue.start(), cue.group(), number)
            if speaker is None or speaker.entity_id is None:
                quote = self._inverted(cue, number, first, last)
                if quote:
                    yield quote
                    return
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
                begins = speaker.ends or source.end()
                comma = self.text.find(",", begins, last)
                start = comma + 1 if comma > 0 else speaker.ends or last
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
        stop = following if following > 0 else last
        tail = len(WORD.findall(self.text, cue.end(), stop))
        if not head[comma + 1 :].strip():
            # the speaker in commas: "…, its chairman, Viktor Oresh, said"; "Abiy, who won the prize, says …"
            before = self.text[first : speaker.begins].rstrip() if speaker.begins else ""
            comma = len(before) - 1 if before.endswith(",") else -1
        if comma > 0 and tail <= 6 and len(WORD.findall(head, 0, comma)) >= _SAYS_SOMETHING:
            attribution = head[comma + 1 :]
            goes_on = (that and that.group().strip(" ,")) or self._tells_on(cue, stop)
            if len(WORD.findall(attribution)) <= 8 and not goes_on:
                return self._trim(first, first + comma)
        if cue.group() in _TELLS and not that_said(self.text, that):
            after = self._trim(self._past_hearer(cue.end(), last), last)
        if after and len(WORD.findall(self.text, *after)) >= _SAYS_SOMETHING:
            return after
        return None

    def _tells_on(self, cue: re.Match[str], stop: int) -> bool:
        """Whether what follows the verb is the report itself, not where, when or to whom it was made."""
        if self.language != "en" or cue.group() in _TELLS or _CIRCUMSTANCE.match(self.text, cue.end(), stop):
            return False
        return len(WORD.findall(self.text, cue.end(), stop)) >= _SAYS_SOMETHING

    def _inverted(self, cue: re.Match[str], number: int, first: int, last: int) -> Quote | None:
        """ "The plant would close, said Ana Ruiz, the minister": a name right after the verb, and no more."""
        head = self.text[first : cue.start()].rstrip()
        if not head.endswith(",") or cue.group() in _TELLS:
            return None
        speaker = self.subject_after(cue.end(), last, cue.group(), number)
        if speaker is None or speaker.entity_id is None or speaker.ends is None:
            return None
        if not _CLOSES.match(self.text, speaker.ends, last):
            return None
        clause = self._trim(first, first + len(head))
        return self._quote(*clause, speaker, number, direct=False) if clause else None

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
                that = _THAT.match(self.text, stop, end)
                return that.end() if that else stop
        return start

    def _trim(self, start: int, end: int) -> Span | None:
        while start < end and (self.text[start].isspace() or self.text[start] in ",:;"):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in ",.;"):
            if self.text[end - 1] == "." and _INITIALS.search(self.text, start, end):
                break  # "at 12:30 p.m."
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
