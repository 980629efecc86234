"""A case: what is sent, what must come of it, and how that is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torture.world import World


class Failed(AssertionError):
    """What was seen is not what was promised."""


@dataclass
class Case:
    """`run` does it and returns what was seen, a line each; it raises Failed where a promise is broken."""

    name: str
    sent: str
    run: Callable[[World], list[str]]
    quick: bool = True


@dataclass
class Cases:
    """All cases, in the order in which they were written down."""

    all: list[Case] = field(default_factory=list)

    def add(self, name: str, sent: str, run: Callable[[World], list[str]], *, quick: bool = True) -> None:
        self.all.append(Case(name, sent, run, quick))

    def case(
        self, name: str, sent: str, *, quick: bool = True
    ) -> Callable[[Callable[[World], list[str]]], Callable[[World], list[str]]]:
        """As a decorator."""

        def added(run: Callable[[World], list[str]]) -> Callable[[World], list[str]]:
            self.add(name, sent, run, quick=quick)
            return run

        return added


CASES = Cases()


def check(condition: object, words: str) -> None:
    """Fail with these words unless the condition holds."""
    if not condition:
        raise Failed(words)
