"""What a worker process does with a batch: read pages from the archive, extract, meet, enrich.

Runs in processes that are killed when a page takes too long, so nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dateline.models import Article, Link, Outcome


@dataclass(slots=True, kw_only=True)
class Fetched:
    """A link after the fetch: where its page lies in the archive, or why there is none."""

    link: Link
    location: str | None = None
    outcome: Outcome = Outcome.INDEXED
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Understood:
    """A link after extract and enrich: its article, or why there is none."""

    link_id: str
    article: Article | None
    outcome: Outcome
    reason: str = ""


def warm() -> None:
    """Load what every batch needs, once for each process."""
    from dateline.entities.model import load

    load("en")


def understand(archive_folder: str, batch: Sequence[Fetched]) -> list[Understood]:
    """Extract, meet and enrich a batch; one result for each link, in order."""
    from dateline.enrich import enrich

    results = [_article(Path(archive_folder), fetched) for fetched in batch]
    enrich([result.article for result in results if result.article is not None])
    return results


def _article(archive_folder: Path, fetched: Fetched) -> Understood:
    from dateline.archive import Archive
    from dateline.extract import extract, judge, read_page
    from dateline.meet import meet

    link, outcome, reason, page_article = fetched.link, fetched.outcome, fetched.reason, None
    if fetched.location is not None:
        try:
            page = Archive(archive_folder).read(fetched.location)
            reading = read_page(page.body, page.headers, page.final_url)
            page_article = extract(reading, page=page, item=link.item)
            outcome, reason = judge(reading, page_article)
        except Exception as error:  # a stranger's page: whatever it does, its neighbours go on
            page_article, outcome, reason = (
                None,
                Outcome.FAILED,
                f"not readable: {type(error).__name__}: {error}",
            )
    article = meet(link, page_article, outcome, reason)
    if article is None:
        return Understood(link_id=link.link_id, article=None, outcome=outcome, reason=reason)
    return Understood(
        link_id=link.link_id, article=article, outcome=article.outcome, reason=article.outcome_reason
    )
