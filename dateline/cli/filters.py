"""`dateline process`: the pipeline's inside as a filter."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def process(
    jobs: Annotated[int, typer.Option(help="Worker processes; 0 takes the machine's cores.")] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds that one record may take.")] = 60.0,
) -> None:
    """Read JSON lines on standard input, write what Dateline understands of each, in order.

    {"id", "url", "html_path" | "html" | "text", "title"?, "published_at"?} gives title, text,
    authors, published_at, entities, dates, outcome… One bad record gives one error line.
    """
    from dateline.process import process_stream

    for line in process_stream(sys.stdin.buffer, jobs or None, timeout):
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
