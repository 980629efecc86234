"""Sentences broken over an empty line, put together again."""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

_TERMINAL = re.compile(r"[.!?:;…。！？؟।][\"'”’»›)\]}*]*$|[—–]$")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]\.(?:[A-Z]\.)+|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Gov|Sen|Rep|St|Hon|Rev|Jr|Sr|vs|No|Nr|Hr|Fr|M|Mme|Sr|Sra|e\.g|i\.e|z\.B|bzw)\.?$"
)
# Words that no sentence ends in: articles, prepositions, conjunctions, auxiliaries.
_OPEN = frozenset(
    """a an the of to in on at by for from with without into onto over under between among against about after before
    during since until toward towards through across and or but nor that which who whom whose as than if because while
    when where is are was were be been being has have had will would shall should can could may might must do does did
    not its his her their our my your this these those said says some any each every no more most several per via
    der die das den dem des ein eine einen einem einer eines und oder aber dass mit von vom zu zum zur im in am an auf
    für bei nach aus über unter vor durch gegen ohne um als wie wenn weil ist sind war waren wird werden hat haben
    le la les un une des du de d' et ou mais que qui dont où à au aux en dans sur sous avec sans pour par chez vers est
    sont était ont a été son sa ses leur leurs ce cette ces ne pas plus
    el los las una unos unas del y o pero con sin por para entre hacia desde hasta sobre es son fue era ha han su sus
    il lo gli i uno dei degli delle della dello e ed o ma con senza per tra fra da dal dalla nel nella sul sulla è sono
    het een van op met voor naar bij uit door tegen om is zijn was werd en of maar dat die""".split()
)


def continues(before: str, after: str) -> bool:
    """Whether the paragraph `after` goes on with the unfinished sentence that ends `before`."""
    if not before or not after:
        return False
    head = before.rstrip()
    first = after.lstrip("\"'“”‘’«»„([")[:1]
    if head[-1] == ";" and after[:1].islower():
        return True
    if _TERMINAL.search(head):
        return first.islower() and after[:1].islower() and _ABBREVIATION.search(head) is not None
    if not any(char.isalpha() for char in after):
        return False
    if after[:1].islower():
        return True
    if len(head) < 45:
        return False  # a subheading may end in "not" or "2021"
    if head[-1] in ",-–—&":
        return True
    last = re.split(r"[\s’']", head)[-1].strip("\"'“”‘’«»()")
    if last.casefold() in _OPEN or (last.isdigit() and len(head) > 60 and len(last) < 4):
        return True
    # a long paragraph that stops without a mark: its next line holds the rest of the sentence
    ends = _TERMINAL.search(after.rstrip()) is not None
    return (
        len(head) > 140
        and ends
        and re.search(r"[.!?][\"”’]?\s+[A-ZÀ-Ý\"“]", head) is not None
        and first.isupper()
        and len(after) > 40
    )


def join(before: str, after: str) -> str:
    """The two parts as one; a hyphen at the break belongs to the word."""
    if before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower():
        return before + after
    return f"{before} {after}"
