"""What a run does with what it fetched, without Prefect."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.journal import Result
from dateline.settle import Settled, settle
from dateline.work import Fetched
from dateline.workshop import Workshop


def take(shop: Workshop, run_id: str, fetched: Sequence[Fetched]) -> list[Settled]:
    """Understand, settle, record, and end the run; a row for each link."""
    understood = shop.understand(fetched)
    known = shop.journal.known([one.link.link_id for one in fetched])
    former = {id: row.article_id for id, row in known.items() if row.article_id}
    settled = settle(shop.store, understood, former, set(), enriched=shop.enrich)
    shop.journal.record(
        run_id,
        [
            Result(
                link_id=row.link_id,
                outcome=row.outcome,
                reason=row.reason,
                archive=result.archive,
                article_id=row.article_id,
                content_hash=row.content_hash,
                etag=result.etag,
                last_modified=result.last_modified,
            )
            for row, result in zip(settled, understood, strict=True)
        ],
    )
    shop.journal.end_run(run_id)
    return settled
