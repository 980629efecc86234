"""`make bench`: one table. ARGS="--only floor,search --pages 100 --rounds 1 --write docs/benchmarks.md"

Parts: startup, floor, peers, prefect, index, search. See `parts` for what each does and `Sizes` for how
much by default (about a quarter of an hour on two quiet cores).
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from dataclasses import fields, replace
from pathlib import Path

from benchmarks.measure import Row, Unavailable
from benchmarks.parts import PARTS, Sizes, about

BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- bench: end -->"


def main() -> int:
    """Run the parts asked for, print the table, write it into a page if asked to."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, comma-separated")
    parser.add_argument("--write", type=Path, help="a page with the bench's marks, to put the table in")
    for size in fields(Sizes):
        many = isinstance(size.default, tuple)
        parser.add_argument(f"--{size.name}", type=int, nargs="+" if many else None, default=size.default)
    options = parser.parse_args()
    sizes = replace(
        Sizes(),
        **{
            size.name: tuple(value) if isinstance(value := getattr(options, size.name), list) else value
            for size in fields(Sizes)
        },
    )
    asked = options.only.split(",")
    if unknown := [name for name in asked if name not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}: there is {', '.join(PARTS)}")
    facts = about()
    rows: list[Row] = []
    for name in asked:
        print(f"… {name}", file=sys.stderr, flush=True)
        try:
            rows += PARTS[name](sizes)
        except Unavailable as problem:
            rows.append(Row(name, "not run", "", note=str(problem)))
    text = table(facts, rows)
    print(text)
    if options.write:
        put(options.write, text)
    return 0


def table(facts: list[str], rows: list[Row]) -> str:
    """The table as Markdown, what it hangs on above it."""
    lines = [f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC", *facts, ""]
    lines = [f"{line}  " if line else "" for line in lines]
    lines += ["| part | what | median (least–most) | goal | met | |", "|-|-|-|-|-|-|"]
    signs = {True: "yes", False: "**no**", None: ""}
    for row in rows:
        cells = (row.part, row.what, row.value, row.goal, signs[row.met], row.note)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


def put(page: Path, text: str) -> None:
    """Put the table between the page's marks."""
    whole = page.read_text()
    before, _, rest = whole.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
