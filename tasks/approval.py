"""Asking a person before a replay that changes much: the flow run pauses until they say yes.

In a terminal the command has asked before the flow began.
"""

from __future__ import annotations

import logging

from prefect.artifacts import create_markdown_artifact
from prefect.flow_runs import pause_flow_run
from prefect.input import RunInput
from prefect.runtime import deployment

from dateline.replay import Preview, ReplayError

log = logging.getLogger(__name__)

WAIT = 7 * 24 * 3600  # seconds that a paused run waits for an answer
POLL = 5  # seconds between two looks for it
SHOWN = 50  # changes in the artifact


class Approval(RunInput):
    """The form that Prefect shows on a paused run."""

    replay: bool = False


def show(seen: Preview) -> None:
    """What would change, field by field, as an artifact of the run; the work does not depend on it."""
    lines = [f"# {seen.told}", "", "| article | field | now | after |", "|-|-|-|-|"]
    lines += [
        f"| {change.article_id} | {change.field} | {_cell(change.old)} | {_cell(change.new)} |"
        for change in seen.changes[:SHOWN]
    ]
    try:
        create_markdown_artifact(markdown="\n".join(lines), key="replay-preview", description=seen.told)
    except Exception as error:
        log.warning("no artifact: %s", error)


def ask(seen: Preview) -> None:
    """Return if a person says that the replay may go on.

    Raises:
        ReplayError: they say no, or there is nobody to ask.
    """
    if not deployment.id:
        raise ReplayError(f"{seen.told}: look with --preview, and say --yes if that is what you want")
    form = Approval.with_initial_data(description=f"**{seen.told}.** Replay?")
    answer = pause_flow_run(wait_for_input=form, timeout=WAIT, poll_interval=POLL)
    if answer is None or not answer.replay:
        raise ReplayError("not approved: nothing was changed")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
