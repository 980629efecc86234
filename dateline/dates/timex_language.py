"""A language as data: what its words mean for dates, read from languages/<code>.toml.

A section of the file is a *kind* of word, the grammar (timex_grammar) is written in kinds, so that a
new language is a new file. [words], [vague] and [set] list words by what they mean; [settings],
[tense], [guard] and [known_days] are explained where they are used.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

Entry = tuple[str, Any]  # kind, value

_LISTS: Final = {"words", "vague", "set"}  # sections that list words by meaning
_NOT_WORDS: Final = {"settings", "tense", "guard", "known_days", "capitalised"}
WORD: Final = re.compile(r"['’][^\W\d_]{1,2}\b|[^\W\d_]+|\d+|\S")


@dataclass(slots=True, frozen=True)
class Language:
    """One language's tables; `phrases` holds those of several tokens by their first, longest first."""

    code: str
    words: dict[str, Entry] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)
    capitalised: dict[str, Entry] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    tense: dict[str, frozenset[str]] = field(default_factory=dict)
    guard: dict[str, frozenset[str]] = field(default_factory=dict)
    known_days: dict[str, frozenset[str]] = field(default_factory=dict)
    past_endings: tuple[str, ...] = ()
    future_endings: tuple[str, ...] = ()


def _entries(tables: dict[str, Any]) -> list[tuple[str, Entry]]:
    entries: list[tuple[str, Entry]] = []
    for kind, table in tables.items():
        if kind in _NOT_WORDS:
            continue
        for key, value in table.items():
            if kind in _LISTS:  # the key is the kind ([words]) or the value ([vague], [set])
                entry = (key, None) if kind == "words" else (kind, key)
                entries.extend((word, entry) for word in value)
            else:
                entries.append((key, (kind, value)))
    entries.extend((name, ("name", None)) for name in tables.get("guard", {}).get("names", ()))
    if tables.get("settings", {}).get("compound"):
        for day, number in tables["weekday"].items():
            parts = {**tables["part"], **{key: value for key, (_, value) in tables["capitalised"].items()}}
            entries.extend((day + part, ("weekday_part", (number, name))) for part, name in parts.items())
    # both apostrophes are printed
    entries.extend([(key.replace("'", "’"), entry) for key, entry in entries if "'" in key])
    return entries


def _cues(words: list[str]) -> frozenset[str]:
    """Cue words with both apostrophes."""
    return frozenset(words) | {word.replace("'", "’") for word in words}


@functools.cache
def language(code: str) -> Language:
    """The tables of a language ("en", "en-GB"); one without words, for digits only, if it has none."""
    short = code.lower().replace("_", "-").split("-")[0]
    source = resources.files("dateline.dates") / "languages" / f"{short}.toml"
    if not short.isalpha() or not source.is_file():
        return Language(short, settings={"day_first": True})
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    words: dict[str, Entry] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for key, entry in _entries(tables):
        tokens = tuple(WORD.findall(key))
        if len(tokens) == 1 or key[0].isdigit():
            words[key] = entry
        else:
            phrases.setdefault(tokens[0], []).append((tokens, entry))
    for group in phrases.values():
        group.sort(key=lambda item: -len(item[0]))
    tense = {name: _cues(cues) for name, cues in tables.get("tense", {}).items()}
    return Language(
        code=short,
        words=words,
        phrases=phrases,
        capitalised={word: (kind, value) for word, (kind, value) in tables.get("capitalised", {}).items()},
        settings=tables.get("settings", {}),
        tense=tense,
        guard={name: _cues(cues) for name, cues in tables.get("guard", {}).items()},
        known_days={day: frozenset(table["words"]) for day, table in tables.get("known_days", {}).items()},
        past_endings=tuple(tables.get("tense", {}).get("past_endings", ())),
        future_endings=tuple(tables.get("tense", {}).get("future_endings", ())),
    )
