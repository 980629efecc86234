"""What a person sees of a run: progress while it works, then tables of outcomes and sources.

Artifacts are kept in the Prefect UI; nothing here is needed for the work, so nothing here may fail it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
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


EVERY = 3.0  # seconds between two looks at how far a run is, at first
SELDOM = 30.0  # and at last: a run of an hour moves by no more than this


@contextmanager
def progressing(shop: Workshop, run_id: str) -> Iterator[None]:
    """Show in the Prefect UI how far a run is, while it works."""
    base = shop.progress.counted()[0], shop.progress.total
    made: UUID | None = kept(
        create_progress_artifact, progress=0.0, key=f"progress-{_slug(run_id)}", description="it begins"
    )
    over = threading.Event()
    told = ""

    def tell() -> None:
        nonlocal told
        links = shop.progress.total - base[1]
        steps = shop.progress.counted()[0] - base[0]
        pages = max(steps["asked"], steps["fetched"])
        words = f"{pages} pages asked for, {steps['settled']} of {links} links done"
        if made is None or not links or words == told:
            return
        done = (pages + steps["understood"] + steps["settled"]) / (3 * links)
        kept(update_progress_artifact, artifact_id=made, progress=min(100.0 * done, 100.0), description=words)
        told = words

    def follow() -> None:
        began = time.monotonic()
        # each costs the server as much as a task: a long run tells it less often than a short one
        while not over.wait(min(SELDOM, max(EVERY, (time.monotonic() - began) / 20))):
            tell()

    # in the run's own context: the artifact belongs to it
    follower = threading.Thread(target=copy_context().run, args=(follow,), daemon=True, name="progress")
    follower.start()
    try:
        yield
    finally:
        over.set()
        follower.join(30)
        tell()
    if made is not None and shop.progress.total == base[1]:
        kept(update_progress_artifact, artifact_id=made, progress=100.0, description="nothing was due")


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
