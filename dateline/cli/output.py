"""What the commands print: colour and tables on a terminal, JSON lines in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

BOLD, DIM, YELLOW, CYAN, RESET = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[36m", "\x1b[0m"

# What marks a snippet's words, entities and dates on a terminal.
COLOURS = {"word": BOLD, "entity": CYAN, "date": YELLOW}


class UserError(Exception):
    """Something that the user can mend; the message says how."""


def wants_json(flag: bool) -> bool:
    """JSON where it was asked for, or where no person reads; DATELINE_PLAIN says that one does."""
    return flag or not (sys.stdout.isatty() or os.environ.get("DATELINE_PLAIN"))


def emit(value: Any) -> None:
    """One JSON line."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


def say(text: str = "") -> None:
    """One line for a person; control characters of strangers' texts are shown, not obeyed."""
    sys.stdout.write(text + "\n")


def plain(text: str) -> str:
    """Text of a stranger without the control characters that could steer a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def paint(text: str, colour: str) -> str:
    """`text` in a colour, where the terminal shows colours and NO_COLOR does not forbid it."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"{colour}{text}{RESET}"


def marked(text: str, marks: Iterable[tuple[int, int, str]]) -> str:
    """`text` with its marks in colour; overlapping marks keep the first."""
    out, at = [], 0
    for start, end, kind in sorted(marks):
        if start < at:
            continue
        out.append(plain(text[at:start]))
        out.append(paint(plain(text[start:end]), COLOURS.get(kind, BOLD)))
        at = end
    out.append(plain(text[at:]))
    return "".join(out)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as its cells; the last column is not padded."""
    cells = [list(map(str, head))] + [[plain(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for number, row in enumerate(cells):
        line = "  ".join(
            cell.ljust(width) if column < len(row) - 1 else cell
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        say(paint(line, BOLD) if number == 0 else line)
