"""`dateline plan`: what an archive of a given volume needs."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from dateline.cli.output import UserError, emit, say, table, wants_json


def plan(
    articles_per_day: Annotated[float, typer.Option(help="How many articles come in a day.")] = 1_000,
    keep: Annotated[str, typer.Option(help="For how long they are searched: 90d, 18m, 10y.")] = "1y",
    hosts: Annotated[int, typer.Option(help="How many publishers' hosts they come from.")] = 500,
    delay: Annotated[float, typer.Option(help="Seconds between two requests to one host.")] = 1.0,
    copies: Annotated[int, typer.Option(help="Copies of the index beside the first.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="As one JSON line, in bytes.")] = False,
) -> None:
    """Say what machine an archive needs, what drives its cost, and what gives way first as it grows."""
    from dateline import sizing

    asked = sizing.Asked(articles_per_day, days_of(keep), copies, hosts, delay)
    try:
        made = sizing.plan(asked)
    except ValueError as error:
        raise UserError(str(error)) from None
    if wants_json(json):
        emit(made)
        return
    rows = [
        ("articles kept", f"{made.articles:,}"),
        ("store", made.store),
        (
            "cores",
            f"{made.cores} ({_count(made.workers, 'worker process')}, {_count(made.runs, 'run')} at once)",
        ),
        ("memory", _size(made.memory)),
        ("archive", _size(made.archive)),
        ("index", _size(made.index) + (f", {made.shards:,} shards and their copies" if made.nodes else "")),
        ("journal", _size(made.journal)),
    ]
    if made.nodes:
        of_each = f"{_size(made.node_memory)} memory and {_size(made.node_disk)} disk"
        writing = f"{_count(made.store_cores, 'core')} of all for writing"
        rows.append(("OpenSearch", f"{made.nodes} nodes of {of_each}; {writing}"))
        rollover = f"DATELINE_ROLLOVER={made.rollover} " if made.rollover else ""
        rows.append(("set", f"{rollover}DATELINE_SHARDS={made.part_shards} DATELINE_REPLICAS={copies}"))
    table(["", "needed"], rows)
    say()
    for line in made.drivers + made.breaks:
        say(f"- {line}")


def days_of(text: str) -> float:
    """Days in "90d", "18m", "10y" or a bare number of days.

    Raises:
        UserError: it is none of these.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([dwmy]?)", text.strip().lower())
    if match is None:
        raise UserError(f"--keep {text!r} is no time: write 90d, 18m or 10y")
    return float(match[1]) * {"": 1.0, "d": 1.0, "w": 7.0, "m": 30.44, "y": 365.25}[match[2]]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number:,} {word}{'es' if word.endswith('s') else 's'}"


def _size(size: float) -> str:
    for unit, value in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= value:
            return f"{size / value:,.1f} {unit}"
    return f"{size / 1e3:.0f} KB"
