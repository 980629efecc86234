"""Runs whose process died: the journal's work is taken up again, and Prefect is told.

Without it a run that lost its process (SIGKILL, a power cut) stays Running in Prefect for ever, with
the concurrency slot that it holds.
"""

from __future__ import annotations

import logging
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.states import Crashed

from dateline.journal import Run
from dateline.workshop import Workshop

log = logging.getLogger(__name__)


def take_up(shop: Workshop, left: Run) -> None:
    """Make a dead process's run our own, and end what Prefect still calls running."""
    mine = str(flow_run.id or "")
    dead = [one for one in left.parameters.get("flow_runs", []) if one != mine]
    shop.journal.resume_run(left.run_id, {"flow_runs": [*dead, mine]})
    shop.progress.notes.append(
        f"run {left.run_id} of {left.started:%Y-%m-%d %H:%M} UTC was left behind by a process that died: "
        "taken up again"
    )
    for one in dead:
        say_dead(
            one, f"its process died; run {left.run_id} of the journal was taken up by {mine or 'another'}"
        )


def say_dead(flow_run_id: str, words: str) -> None:
    """Set a flow run to Crashed, unless it has ended. A server that knows it not, or not now, is no harm."""
    try:
        with get_client(sync_client=True) as client:
            run = client.read_flow_run(UUID(flow_run_id))
            if run.state is not None and not run.state.is_final():
                client.set_flow_run_state(run.id, Crashed(message=words), force=True)
    except (ObjectNotFound, ValueError):
        return
    except Exception as error:
        log.warning("Prefect was not told that run %s is dead: %s", flow_run_id, error)
