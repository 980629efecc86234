"""What an import takes out of a WARC file at once, and what of it waits: later captures of one address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.journal import Result
from dateline.models import Link, Outcome
from dateline.sources.warc import Captured
from dateline.workshop import Workshop


def take(shop: Workshop, run_id: str, chunk: Sequence[Captured]) -> tuple[list[Link], list[Captured]]:
    """Note a chunk of a WARC file in the journal and hold its pages ready.

    Returns:
        The links to work on, and the captures of addresses that this run has already: versions of an
        article, perhaps, that must not overtake the one before (see `again`).
    """
    links = shop.journal.expect(run_id, [captured.link for captured in chunk])
    wanted = {(link.link_id, link.hints.get("record")) for link in links}
    others = []
    for captured in chunk:
        if (captured.link.link_id, captured.link.hints.get("record")) in wanted:
            shop.given.setdefault(captured.link.link_id, captured)
            shop.imported.add(captured.link.link_id)
        elif "record" in captured.link.hints:
            others.append(captured)
    shop.progress.begin(len(links))
    return links, others


def rounds(captures: Sequence[Captured]) -> Iterator[list[Captured]]:
    """In the order of their dates, each address once in a round."""
    rest = sorted(captures, key=lambda one: one.page.fetched_at)
    while rest:
        first: dict[str, Captured] = {}
        for one in rest:
            first.setdefault(one.link.link_id, one)
        yield list(first.values())
        rest = [one for one in rest if first[one.link.link_id] is not one]


def again(shop: Workshop, run_id: str, captures: Sequence[Captured]) -> list[Link]:
    """Later captures of addresses whose earlier ones are settled: the links to work on."""
    links = shop.journal.again(run_id, [captured.link for captured in captures])
    wanted = {link.link_id for link in links}
    shop.given |= {one.link.link_id: one for one in captures if one.link.link_id in wanted}
    shop.imported |= wanted
    known = shop.journal.known(wanted)
    # what this run has made is not another link's: this is the same one, seen later
    shop.touched -= {row.article_id for row in known.values() if row.article_id}
    shop.progress.begin(len(links))
    return links


def close_lost(shop: Workshop, run_id: str, why: str) -> None:
    """End the links of a run that can't be worked on any more."""
    shop.journal.record(
        run_id,
        [
            Result(link_id=link.link_id, outcome=Outcome.FAILED, reason=why)
            for link in shop.journal.pending(run_id)
        ],
    )
