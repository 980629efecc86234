"""Links and results for journal tests; imports little, since killed child processes import it too."""

from __future__ import annotations

from dateline.journal import Result
from dateline.models import DigestItem, Link, Moment, Outcome


def link(number: int, source: str = "digest:a.txt", line: int | None = None) -> Link:
    item = DigestItem(
        file=source, start_line=line or number, end_line=number + 1, title=f"Title {number}", text="Words. é’"
    )
    return Link(
        link_id=f"id{number}",
        url=f"https://site.test/{number}",
        source=source,
        item=item,
        received_at=Moment(value="2021-03-24", precision="day"),
        hints={"title": "x"},
    )


def done(number: int, outcome: Outcome = Outcome.INDEXED, **more: str) -> Result:
    return Result(link_id=f"id{number}", outcome=outcome, **more)  # type: ignore[arg-type]
