"""What a settled link tells the frontier."""

from __future__ import annotations

import datetime as dt

from dateline.journal.frontier import Visit
from dateline.models import Moment, Outcome
from dateline.settle import Settled
from dateline.work import Understood


def visit_of(row: Settled, result: Understood) -> Visit:
    """The visit that ended so."""
    article = result.article if result.outcome is not Outcome.DIGEST_ONLY else None
    return Visit(
        link_id=row.link_id,
        outcome=row.outcome,
        reason=row.reason,
        edited=row.edited,
        article_id=row.article_id,
        final_url=article.final_url if article else None,
        body_hash=result.body_hash,
        published=_time_of(article.published_at) if article and article.published_at else None,
    )


def _time_of(moment: Moment) -> dt.datetime | None:
    """About when, in UTC: a day counts as its end, since an age must not be overestimated."""
    try:
        time = dt.datetime.fromisoformat(moment.value if len(moment.value) > 7 else "")
    except ValueError:
        return None
    if moment.precision == "day":
        time += dt.timedelta(days=1)
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
