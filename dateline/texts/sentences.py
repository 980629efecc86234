"""Sentence borders as character spans, in one pass over the text.

Ours, because the libraries were measured worse on news (`tests/test_sentences.py` has the kinds of
cases): pysbd loses the offsets of what it rewrites and took about a hundred times as long, syntok
has no paragraphs and breaks after "Gov." and "Jan.", spaCy's parser is not loaded at all.

The rule: a full stop ends a sentence unless something says that it does not (an abbreviation, an
initial, a number, a small letter that follows). Each candidate looks at a bounded window on both
sides, so the time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dateline.models import Entity, Sentence, TimeExpression

Span = tuple[int, int]

# What can end a sentence, with the closing marks that belong to it.
# One class of characters first: the regex engine then skips to it as fast as str.find.
_END = re.compile(r"([.!?…。！？｡।۔؟]+)((?:[\"'”’»“)\]}」』）]|[ \u00a0\u202f](?=[»”]))*)")
_CJK = frozenset("。！？｡")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_NEWLINE = re.compile(r"\n")
_BULLET = re.compile(r"\s*(?:[-–—•*▪◦·‣]|\d{1,2}[.)])\s")
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“”‘’«»„‚—–]+$")
_NEXT_WORD = re.compile(r"[\"'“”‘’«»„‚‹›¿¡(\[]*([^\s,.;:!?\"”’»)]+)")
_OPENING = "\"'“‘«„‚‹¿¡([—–-"
_LETTERS_AND_DOTS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")
_INITIAL = re.compile(r"[^\W\d_]$")
_ROMAN_OR_DIGIT = re.compile(r"[\dIVXLC]+\b")

# Before a name or a number they never end a sentence.
_TITLES = frozenset(
    """
    mr mrs ms messrs mx dr drs prof profs sen sens rep reps gov govs gen lt col maj capt cpt cmdr
    cpl sgt adm brig pvt pfc supt insp det hon rev fr msgr ste mme mmes mlle m mm pres sec amb atty
    asst assoc ald hr fr frl dipl ing sra srta dña dn excmo mgr
    """.split()
)
# Followed by a number they go on.
_BEFORE_NUMBER = frozenset(
    """
    no nos nr núm num pp p pg art arts sec secs fig figs vol vols ch chap eq op abs bd ca approx est
    c
    """.split()
)
_MONTHS = frozenset(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec mär okt dez janv févr avr juil déc ene abr ago
    dic
    """.split()
)
# They may end a sentence, and do so if what follows opens one.
_ABBREVIATIONS = frozenset(
    """
    inc corp co cos ltd plc llc bros dept univ assn est etc al jr sr esq ph.d m.d b.a m.a vs v cf
    viz e.g i.e a.m p.m am pm u.s u.k u.n e.u ee d.c l.a n.y u.a.e u.s.a st ft mt rd ave blvd sq
    bldg apt ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo
    mont neb nev okla ore pa tenn tex va vt wash wis wyo mon tue tues wed thu thur thurs fri sat sun
    min max avg tel ext ed eds trans rev z.b d.h u.a u.ä usw bzw ggf evtl inkl exkl vgl sog bspw z.t
    o.ä v.a i.d.r mio mrd tsd str geb gest jh jhd dr.h.c e.v p.ex c.-à-d cf env av apr j.-c bd éd ud
    uds vd ee.uu pág págs aprox p.ej s.a a.c d.c avda dpto
    """.split()
)
_ADD_GERMAN = frozenset("nr bzw ca tel z b d h u a v chr abs art hl kfz".split())
# Words that open a sentence and hardly ever go on with a name after an abbreviation.
_STARTERS = frozenset(
    """
    the a an this that these those it its he she they we i you his her their our my your there here
    in on at by for from with as after before while when where who what why how if although though
    because since and but or so yet however meanwhile then now today yesterday some many most more
    one two several no not both all each every another such also according earlier later last
    despite during under over among instead still even only just once until der die das ein eine er
    sie es wir ich ihr in im am auf mit nach vor bei für und aber doch wie wenn als dies diese
    dieser dieses auch so nun dann zudem man le la les un une il elle ils elles nous vous je on ce
    cette ces dans en au aux sur avec pour mais et ou selon après el los las una él ella ellos ellas
    nosotros yo este esta estos estas en con por para pero y o según tras su sus
    """.split()
)
# "“Will it hold?” Ms Perez asked." is one sentence.
_SAYING = re.compile(
    r"[\"'”’»]?\s*(?:\S+\s+){0,4}?(?:said|says|asked|asks|told|added|adds|wrote|writes|replied|cried|shouted|tweeted"
    r"|sagte|fragte|schrieb|erklärte|rief|a\s+dit|dijo|preguntó|afirmó)\b"
)


def split(text: str, language: str = "en") -> list[Span]:
    """The sentences of `text` as (start, end) character spans, in order, without outer whitespace.

    Every character that is not whitespace is in exactly one span. A blank line always ends a
    sentence; a single line break does where the line looks finished. `language` (ISO 639-1) adds what
    only that language does, such as German ordinals ("am 3. Oktober").
    """
    return list(_split(text, language))


@lru_cache(maxsize=4)  # quotes and sentences of one article ask for the same text
def _split(text: str, language: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for first, last in _blocks(text):
        start = first
        for end in _ends(text, first, last, language):
            if trimmed := _trim(text, start, end):
                spans.append(trimmed)
            start = end
        if trimmed := _trim(text, start, last):
            spans.append(trimmed)
    return tuple(spans)


def _blocks(text: str) -> Iterator[Span]:
    """The stretches between hard borders: blank lines, and line breaks after a finished line."""
    start = 0
    for blank in _BLANK.finditer(text):
        yield from _lines(text, start, blank.start())
        start = blank.end()
    yield from _lines(text, start, len(text))


def _lines(text: str, first: int, last: int) -> Iterator[Span]:
    start = line = first
    for newline in _NEWLINE.finditer(text, first, last):
        here, after = newline.start(), newline.end()
        if not _runs_on(text, line, here, after, last):
            yield start, here
            start = after
        line = after
    if start < last:
        yield start, last


def _runs_on(text: str, line: int, here: int, after: int, last: int) -> bool:
    """Whether the line break at `here` is a mere wrap inside a sentence."""
    following = text[after : min(after + 8, last)].lstrip()
    if not following or _BULLET.match(text, after, last):
        return False
    if following[0].islower():
        return True
    ended = text[max(line, here - 3) : here].rstrip().rstrip("\"'”’»)]")[-1:] in (
        ".",
        "!",
        "?",
        "…",
        ":",
        "。",
    )
    return not ended and here - line >= 50


def _ends(text: str, first: int, last: int, language: str) -> Iterator[int]:
    sentence = first
    for match in _END.finditer(text, first, last):
        if match.start() >= sentence and _is_end(text, match, sentence, last, language):
            sentence = _end_of(text, match)
            yield sentence


def _end_of(text: str, match: re.Match[str]) -> int:
    """After the closing marks; a mark that opens the next word is not one of them."""
    end = match.end()
    while end > match.end(1) and end < len(text) and text[end - 1] in "“\"'" and text[end].isalnum():
        end -= 1
    return end


def _is_end(text: str, match: re.Match[str], sentence: int, last: int, language: str) -> bool:
    end = match.end()
    stop, close = match[1], match[2]
    if stop[-1] in _CJK or end >= last:
        return True
    if not text[end].isspace():
        # "3.5", "U.S.-led", "example.com": only a glued quotation mark opens something new
        return bool(close) and text[end] in _OPENING
    word = _NEXT_WORD.match(text, _skip_space(text, end, last), min(end + 60, last))
    after = word[1] if word else ""
    opened = word is not None and word.start(1) > word.start()
    if after[:1].islower() and not opened:
        # a small letter goes on, but for brands that open a sentence ("iPhone sales")
        return not after.islower() and after[1:2].isupper()
    if stop[-1] in "!?؟":
        return not (close and _SAYING.match(text, end, min(end + 60, last)))
    if len(stop) > 1 or stop != ".":
        return True
    if close and close[0] not in ")]}":
        return True
    return not _abbreviates(text, match.start(), sentence, after, language, bool(close), opened)


def _skip_space(text: str, position: int, last: int) -> int:
    while position < last and text[position].isspace():
        position += 1
    return position


def _abbreviates(
    text: str, stop: int, sentence: int, after: str, language: str, closed: bool, opened: bool
) -> bool:
    """Whether the full stop at `stop` belongs to the word before it and the sentence goes on."""
    before = _WORD_BEFORE.search(text, max(sentence, stop - 30), stop)
    if before is None:
        return False
    word = before.group()
    key = word.casefold()
    starts = (after.casefold() in _STARTERS and not after.isupper()) or (after in ("I", "A") and not opened)
    if word.isdigit():
        at_start = not text[sentence : before.start()].strip()
        listed = text[sentence : before.start()].rstrip()[-1:] in (",", ":", ";")  # "…, 2. Esteban Ocon"
        ordinal = language in ("de", "da", "no", "nb", "fi", "cs", "hu") and len(word) <= 2
        return ((at_start or listed) and len(word) <= 2) or (ordinal and not starts)
    if key in _TITLES and word[:1].isupper():
        return bool(after) and not (starts and key in ("m", "mm", "rev", "sec", "det"))
    if key in _BEFORE_NUMBER and _ROMAN_OR_DIGIT.match(after):
        return True
    if key in _MONTHS and word[:1].isupper():
        return after[:1].isdigit()
    if closed:  # "(U.S.) 1:30.60"
        return after[:1].isdigit() and _LETTERS_AND_DOTS.match(word + ".") is not None
    bracket = text.startswith("(", _skip_space(text, stop + 1, len(text)))
    if bracket and (key in _ABBREVIATIONS or _LETTERS_AND_DOTS.match(word + ".")):
        return True  # "SCRANTON, Pa. (AP) — A federal judge"
    if _INITIAL.match(word) and (word.isupper() or language == "de"):
        return not starts
    if _LETTERS_AND_DOTS.match(word + "."):
        # "U.S. Secretary", "5 p.m. Monday"; and the end, if an opener follows
        return not starts and not (opened and after[:1].isupper())
    if key in _ABBREVIATIONS or (language == "de" and key in _ADD_GERMAN):
        return not starts and not opened and (key not in _LIKE_WORDS or word[:1].isupper())
    return False


# Abbreviations that are words too; only with a capital are they taken for one.
_LIKE_WORDS = frozenset(
    """
    am pm co est st la ind ill miss mass wash sun sat mon wed fri min max ed rev del pa mo va ga md
    apt sq cf
    """.split()
)


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def sentences_of(
    text: str, entities: Sequence[Entity], times: Sequence[TimeExpression], language: str = "en"
) -> list[Sentence]:
    """The sentences of an article's text with the entities and intervals that stand in each.

    A mention of the body, or a time expression, belongs to the sentence that contains its start. An
    expression without an interval gives none. Ids and intervals come in the order of the text.
    """
    found = [Sentence(start=start, end=end) for start, end in split(text, language)]
    starts = [sentence.start for sentence in found]

    def sentence_at(position: int) -> Sentence | None:
        number = bisect_right(starts, position) - 1
        return found[number] if number >= 0 and position < found[number].end else None

    mentions = sorted(
        (mention.start, entity.entity_id)
        for entity in entities
        for mention in entity.mentions
        if mention.part == "body"
    )
    for start, entity_id in mentions:
        sentence = sentence_at(start)
        if sentence and entity_id not in sentence.entity_ids:
            sentence.entity_ids.append(entity_id)
    for time in sorted(times, key=lambda time: time.start):
        sentence = sentence_at(time.start) if time.interval else None
        if sentence and time.interval and time.interval not in sentence.intervals:
            sentence.intervals.append(time.interval)
    return found
