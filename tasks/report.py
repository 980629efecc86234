"""What a person sees of a run: progress while it works, then tables of outcomes and sources.

Artifacts are kept in the Prefect UI; nothing here is needed for the work, so nothing here may fail it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.context import get_run_context

from dateline.journal import Summary
from dateline.models import Outcome
from dateline.workshop import Workshop

log = logging.getLogger(__name__)

# Outcomes that a person may want to act on; their links are listed.
FAILURES = (
    Outcome.FAILED,
    Outcome.GONE,
    Outcome.BLOCKED,
    Outcome.NOT_ARTICLE,
    Outcome.PAYWALLED,
    Outcome.REFUSED,
)
LISTED = 200


def begin(shop: Workshop, run_id: str, links: int) -> UUID | None:
    """Announce a run of `links` links."""
    shop.progress.begin(links)
    made = kept(
        create_progress_artifact, progress=0.0, key=f"progress-{_slug(run_id)}", description=f"{links} links"
    )
    _shown[run_id] = made
    return made


_shown: dict[str, UUID | None] = {}  # the progress artifact of each run of this process


def advance(shop: Workshop, run_id: str, links: int, done: int) -> None:
    """Show how far a run is, in the Prefect UI."""
    artifact = _shown.get(run_id)
    if artifact is not None and links:
        kept(
            update_progress_artifact,
            artifact_id=artifact,
            progress=min(100.0 * done / links, 100.0),
            description=f"{done} of {links} links",
        )


def end(shop: Workshop, run_id: str, summary: Summary, notes: Sequence[str]) -> None:
    """Tables of outcomes with reasons and of sources, and the failed links, for the run page."""
    shop.progress.notes.extend(notes)
    reasons = [
        {"outcome": outcome, "reason": reason, "links": count}
        for (outcome, reason), count in summary.reasons.most_common()
    ]
    kept(
        create_table_artifact,
        table=reasons,
        key="outcomes",
        description=f"{summary.links} links in, {sum(summary.outcomes.values())} outcomes out",
    )
    sources = [
        {"source": source, "links": sum(counts.values()), **counts}
        for source, counts in sorted(summary.sources.items())
    ]
    kept(create_table_artifact, table=sources, key="sources", description="what each source gave")
    kept(create_markdown_artifact, markdown=_markdown(shop, run_id, summary, notes), key="run")


def _markdown(shop: Workshop, run_id: str, summary: Summary, notes: Sequence[str]) -> str:
    lines = [
        f"# Run {run_id}",
        "",
        f"{summary.links} links in, {sum(summary.outcomes.values())} outcomes out.",
        "",
    ]
    failed = [
        row
        for outcome in FAILURES
        for row in shop.journal.rows(run_id=run_id, outcome=outcome.value, limit=LISTED)
    ]
    if failed:
        lines += ["## Links that gave no article", "", "| outcome | link | reason |", "|-|-|-|"]
        lines += [
            f"| {row['outcome']} | {_linked(row['url'])} | {_cell(row['reason'])} |"
            for row in failed[:LISTED]
        ]
    if notes:
        lines += ["", "## Notes", ""] + [f"- {_cell(note)}" for note in notes[:LISTED]]
    return "\n".join(lines)


def _linked(url: str | None) -> str:
    """A link of a stranger as Markdown: only http(s), and nothing that ends the cell or the link."""
    if not url or not url.startswith(("http://", "https://")):
        return _cell(url or "")
    safe = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"<{safe}>"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")[:300]


def _slug(text: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in text.lower())


def kept(create: Any, **values: Any) -> Any:
    try:
        get_run_context()
        return create(**values)
    except Exception as error:
        log.warning("no artifact %s: %s", values.get("key"), error)
        return None
