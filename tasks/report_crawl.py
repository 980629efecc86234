"""What a person sees of a crawl without reading logs: what each source gave, and what happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from prefect.artifacts import create_table_artifact
from prefect.events import emit_event

from dateline.crawl.polling import Poll
from dateline.journal import Summary
from dateline.models import Outcome
from dateline.watch.quiet import gone_quiet
from dateline.workshop import Workshop
from tasks.report import kept

NEW = (Outcome.INDEXED, Outcome.PAYWALLED, Outcome.DIGEST_ONLY)
COLUMNS = {
    "new": NEW,
    "changed": (Outcome.UPDATED,),
    "same": (Outcome.UNCHANGED, Outcome.DUPLICATE),
    "gone": (Outcome.GONE,),
    "failed": (Outcome.FAILED, Outcome.REFUSED, Outcome.BLOCKED, Outcome.NOT_ARTICLE),
}
FAILING = 5  # polls in a row: some hours, since the pauses double
BURST = 0.5  # share of a run's links that failed, of ten and more, that a person is told of


def tell(shop: Workshop, run_id: str, polls: Sequence[Poll]) -> None:
    """Tables for the run page, and events for what a person may want to be woken for."""
    summary = shop.journal.summary(run_id)
    polled = {one.source.link_source: one for one in polls}
    rows = [_row(name, summary.sources.get(name, Counter()), polled.get(name)) for name in
            sorted({*summary.sources, *polled})]  # fmt: skip
    kept(
        create_table_artifact,
        table=rows,
        key="crawl",
        description="what each source gave: new, changed, gone, failed",
    )
    _edits(shop, run_id)
    _failures(shop, summary, run_id)
    for one in polls:
        _source(shop, one)


def _row(name: str, counts: Counter[str], poll: Poll | None) -> dict[str, Any]:
    reading = poll.reading if poll else None
    return {
        "source": name,
        **{key: sum(counts[outcome.value] for outcome in outcomes) for key, outcomes in COLUMNS.items()},
        "poll": reading.outcome if reading else "",
        "listed": reading.links if reading else "",
        "edits announced": poll.hastened if poll else "",
        "reason": reading.reason[:200] if reading else "",
    }


def _edits(shop: Workshop, run_id: str) -> None:
    for article_id, number, silent in shop.journal.edits_of(run_id):
        kept(
            emit_event,
            event="dateline.article.version",
            resource={"prefect.resource.id": f"dateline.article.{article_id}"},
            payload={"version": number, "silent": silent, "run": run_id},
        )


def _failures(shop: Workshop, summary: Summary, run_id: str) -> None:
    failed = sum(summary.outcomes[outcome.value] for outcome in COLUMNS["failed"])
    if summary.links >= 10 and failed >= BURST * summary.links:
        kept(
            emit_event,
            event="dateline.run.failures",
            resource={"prefect.resource.id": "dateline.crawl"},
            payload={"failed": failed, "links": summary.links, "run": run_id},
        )


def _source(shop: Workshop, one: Poll) -> None:
    """A source that gives much less than it used to has gone quiet: told once, until it speaks again. One
    that can't be read is told of once too, when that can be no passing trouble any more."""
    resource = {"prefect.resource.id": f"dateline.source.{one.source.name}"}
    if one.reading.outcome == "failed" and one.due.failures + 1 == FAILING:
        kept(
            emit_event,
            event="dateline.source.failing",
            resource=resource,
            payload={"source": one.source.name, "polls": FAILING, "reason": one.reading.reason[:300]},
        )
    since = gone_quiet(shop.journal.readings(one.source.name, limit=2000))
    if since is not None and shop.journal.set_quiet(one.source.name, since):
        kept(
            emit_event,
            event="dateline.source.quiet",
            resource=resource,
            payload={"since": since.isoformat(), "source": one.source.name},
        )
