"""Where the words that were searched for stand in a text, to be marked: most of what a page of hits costs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from dateline.stores.analysis import HAS_INNER, Token, fold, raw_tokens, shapes_of, unspaced

_FAR = re.compile("[^\x00-\x7f]")
_cuts: dict[str, dict[str, list[Token]]] = {}  # by analysis: what stands between two spaces, cut


def places(
    text: str, analysis: str, wanted: Iterable[str], beginnings: tuple[str, ...] = ()
) -> list[tuple[int, int]]:
    """Where the tokens stand whose form or stem is wanted, or whose form begins so.

    The texts of a page of hits are looked through whole: this is most of what a search costs. No token
    reaches over a space, and stemmers leave how a word begins. So only what stands between two spaces
    and has a word that begins as one of the wanted is cut, each once in a process.
    """
    cuts = _cuts.get(analysis)
    if cuts is None or len(cuts) > 200_000:
        cuts = _cuts[analysis] = {}
    keys = set(wanted)
    found: dict[str, list[int]] = {}  # what may hold one → where it stands
    for match in _beginning(text, analysis, [*keys, *beginnings]).finditer(text):
        start, end = match.span()
        while start and not text[start - 1].isspace():  # a quotation mark, most times
            start -= 1
        found.setdefault(text[start:end], []).append(start)
    if new := [chunk for chunk in found if chunk not in cuts]:
        cuts |= _cut(new, analysis)
    if beginnings:
        forms = (token.form for chunk in found for token in cuts[chunk])
        keys.update(form for form in forms if form.startswith(beginnings))
    return sorted(
        (start + token.start, start + token.end)
        for chunk, starts in found.items()
        for token in cuts[chunk]
        if token.form in keys or token.stem in keys
        for start in starts
    )


def _beginning(text: str, analysis: str, wanted: Iterable[str]) -> re.Pattern[str]:
    """The pattern of a word in `text` that begins as one of the wanted, with what follows up to a space:
    by its first two letters, or one (as in Dutch, whose stemmer takes "ge" off in front), or where not
    only spaces and signs part words, by one anywhere."""
    folded = [fold(one) for one in wanted]
    firsts = {one[:1] for one in folded} | ({"g"} if analysis == "nl" else set())
    seconds = {one[1:2] for one in folded}
    inside, several = False, ""
    if not text.isascii():
        others = {char: fold(char) for char in set(_FAR.findall(text))}
        every = "".join(others)
        inside = bool("ʼ" in every or HAS_INNER.search(every) or unspaced().search(every))
        inside = inside or any(not plain and char.isalnum() for char, plain in others.items())
        several = "".join(char for char, plain in others.items() if len(plain) > 1 and plain[0] in firsts)
        firsts |= {char for char, plain in others.items() if plain[:1] in firsts}
        seconds |= {char for char, plain in others.items() if plain[:1] in seconds}
    if inside or analysis == "nl" or "" in seconds:
        seconds = set()
    elif analysis == "de":
        seconds.add("e")  # its stemmer reads "ae" as "ä"
    elif analysis == "en":  # "dying" is "die", "men" is "man"
        seconds |= {turned for letter, turned in ("iy", "ae") if letter in seconds}
    firsts |= {letter.upper() for letter in firsts if letter.isascii()}
    seconds |= {letter.upper() for letter in seconds if letter.isascii()}
    return _starting("".join(sorted(firsts)), "".join(sorted(seconds)), several, inside)


@lru_cache(maxsize=1_000)
def _starting(firsts: str, seconds: str, several: str, inside: bool) -> re.Pattern[str]:
    """`several` of the first letters are two when they are folded, as "œ"."""
    if not firsts:
        return re.compile(r"(?!)")
    first = f"[{re.escape(firsts)}]"  # it stands in front: to it the pattern's search can run
    begins = "" if inside else rf"(?<![^\W_]{first})"
    follows = f"[{re.escape(seconds)}'’＇.,]" if seconds else ""
    if follows and several:
        follows = f"(?:{follows}|(?<=[{re.escape(several)}]))"
    return re.compile(rf"{first}{begins}{follows}\S*")


def _cut(chunks: list[str], analysis: str) -> dict[str, list[Token]]:
    """The tokens of each."""
    # all at once, a space between: patterns and stemmer are asked one time, not one for each
    ends = list(accumulate(len(chunk) + 1 for chunk in chunks))
    found = list(raw_tokens("\n".join(chunks)))
    cut: dict[str, list[Token]] = {chunk: [] for chunk in chunks}
    number = first = 0
    for (form, stem), (_, start, end) in zip(
        shapes_of([raw for raw, _, _ in found], analysis, shouting=False), found, strict=True
    ):
        while start >= ends[number]:
            first = ends[number]
            number += 1
        if form:
            cut[chunks[number]].append(Token(form, stem, start - first, end - first))
    return cut
