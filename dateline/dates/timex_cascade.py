"""A cascade of finite-state rules (Abney 1996): each level rewrites runs of items into one.

An item is a token or what an earlier level made of several. A rule is written in the kinds of items
("month num comma? year"), one character stands for each kind, and a level is matched on the string of
these characters: leftmost, longest, the first rule on a tie. A rule's function may refuse a match,
then the next longest is tried. Patterns have bounded lengths, so a level is linear in its items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.dates.timex_lexer import FILLER, Token
from dateline.dates.timex_nodes import Node


@dataclass(slots=True)
class Item:
    """Tokens `first` to `last` (both inclusive) as one kind; `node` is their meaning, if any."""

    kind: str
    first: int
    last: int
    value: Any = None
    node: Node | None = None
    low: str = ""
    tail: str = ""  # of a run of filler: its last word, as `low` is its first
    name: str = ""  # of the rule that made it
    start: int = 0
    end: int = 0


class Match:
    """The items that a rule matched, by their kinds."""

    __slots__ = ("at", "items", "level_items")

    def __init__(self, items: list[Item], at: int, level_items: Sequence[Item]) -> None:
        self.items = items
        self.at = at  # index of the first in level_items
        self.level_items = level_items

    def all(self, *kinds: str) -> list[Item]:
        """The items of any of these kinds, in order."""
        return [item for item in self.items if item.kind in kinds]

    def get(self, *kinds: str) -> Item | None:
        """The first item of any of these kinds."""
        return next((item for item in self.items if item.kind in kinds), None)

    def __getitem__(self, kind: str) -> Item:
        return next(item for item in self.items if item.kind == kind)

    def node(self, *kinds: str) -> Node:
        """The meaning of the first item of these kinds (of the first with a meaning, if none is named)."""
        return next(item.node for item in self.items if item.node and (not kinds or item.kind in kinds))

    def tight(self) -> bool:
        """Whether no white space stands between the items."""
        return all(a.end == b.start for a, b in zip(self.items, self.items[1:], strict=False))

    def follows(self) -> Item | None:
        """The item after the match."""
        end = self.at + len(self.items)
        return self.level_items[end] if end < len(self.level_items) else None

    def precedes(self) -> Item | None:
        """The item before the match."""
        return self.level_items[self.at - 1] if self.at else None


Built = tuple[str, Node] | list[Item] | None
Build = Callable[[Match], Built]


@dataclass(slots=True, frozen=True)
class Rule:
    """`name` goes into TimeExpression.rule; `pattern` is written in kinds; `build` makes the meaning."""

    name: str
    pattern: str
    build: Build


_codes: dict[str, str] = {}


def _code(kind: str) -> str:
    """The character of a kind: private-use ones, so that a pattern's own signs keep their sense."""
    code = _codes.get(kind)
    if code is None:
        code = _codes[kind] = chr(0xE000 + len(_codes))
    return code


_KIND = re.compile(r"[A-Za-z_]\w*")
_CODE = re.compile("[\ue000-\uf8ff]")
_Compiled = tuple[Rule, re.Pattern[str]]


class Level:
    """Rules that are tried together."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        by_first: dict[str, list[tuple[Rule, str]]] = {}
        for rule in rules:
            pattern = _KIND.sub(lambda found: _code(found.group()), rule.pattern).replace(" ", "")
            for code in sorted(set(_CODE.findall(pattern))):
                if _can_start(pattern, code):
                    by_first.setdefault(code, []).append((rule, pattern))
        # for each kind: whether any of its rules matches, asked once, and the rules one by one
        self._rules: dict[str, tuple[re.Pattern[str], list[_Compiled]]] = {
            code: (
                re.compile("|".join(pattern for _, pattern in pairs)),
                [(rule, re.compile(pattern)) for rule, pattern in pairs],
            )
            for code, pairs in by_first.items()
        }
        self._start = re.compile("[" + "".join(by_first) + "]")

    def run(self, items: list[Item]) -> list[Item]:
        """`items` with every run that a rule accepts replaced by what the rule made of it."""
        codes = "".join([_code(item.kind) for item in items])
        made: list[Item] = []
        index = 0
        while found := self._start.search(codes, index):
            at = found.start()
            made.extend(items[index:at])
            any_rule, rules = self._rules[codes[at]]
            index = at
            if any_rule.match(codes, at):
                index = self._rewrite(items, codes, at, rules, made)
            if index == at:
                made.append(items[at])
                index += 1
        made.extend(items[index:])
        return made

    @staticmethod
    def _rewrite(items: list[Item], codes: str, at: int, rules: list[_Compiled], made: list[Item]) -> int:
        """Append what the longest willing rule makes of the items at `at`; the index after them."""
        hits = [(found.end(), rule) for rule, pattern in rules if (found := pattern.match(codes, at))]
        hits.sort(key=lambda hit: -hit[0])  # stable: the first rule wins a tie
        for end, rule in hits:
            match = Match(items[at:end], at, items)
            built = rule.build(match)
            if built is not None:
                made.extend(built if isinstance(built, list) else [_merged(match.items, built, rule.name)])
                return end
        return at


def _merged(items: list[Item], built: tuple[str, Node], name: str) -> Item:
    kind, node = built
    first, last = items[0], items[-1]
    return Item(
        kind, first.first, last.last, node=node, name=name, start=first.start, end=last.end, low=first.low
    )


def _can_start(pattern: str, code: str) -> bool:
    """Whether a pattern can begin with `code`: its head, and what follows while that may be absent."""
    index, optional = 0, True
    while index < len(pattern) and optional:
        sign = pattern[index]
        if sign == "(":
            end = _closing(pattern, index)
            inner = pattern[index + 1 : end].removeprefix("?:")
            if any(_can_start(part, code) for part in _branches(inner)):
                return True
            index = end + 1
        else:
            if sign == code:
                return True
            index += 1
        optional = pattern[index : index + 1] in ("?", "*") or pattern[index : index + 3] == "{0,"
        if pattern[index : index + 1] in ("?", "*", "+"):
            index += 1
        elif pattern[index : index + 1] == "{":
            index = pattern.index("}", index) + 1
    return False


def _closing(pattern: str, at: int) -> int:
    depth = 0
    for index in range(at, len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[index], 0)
        if not depth:
            return index
    raise ValueError(pattern)


def _branches(pattern: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for index, sign in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and not depth:
            parts.append(pattern[last:index])
            last = index + 1
    return [*parts, pattern[last:]]


def items_of(tokens: Sequence[Token]) -> list[Item]:
    """One item for each token that means something; runs of filler become one."""
    items: list[Item] = []
    run: Item | None = None  # of filler
    for index, token in enumerate(tokens):
        low = token.low
        if token.kind != FILLER:
            run = None
            items.append(
                Item(
                    token.kind, index, index, token.value, low=low, tail=low, start=token.start, end=token.end
                )
            )
        elif run is None:
            run = Item(FILLER, index, index, low=low, tail=low, start=token.start, end=token.end)
            items.append(run)
        else:
            run.last, run.end, run.tail = index, token.end, low
    return items
