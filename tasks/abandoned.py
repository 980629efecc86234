"""Runs whose process died: the journal's work is taken up again, and Prefect is told.

Without it a run that lost its process (SIGKILL, a power cut) stays Running in Prefect for ever, with
the concurrency slot that it holds. Each run is signed with its process by a tag, from the moment that
Prefect knows it where a command begins it: so the next run finds also one that died before it stood in
the journal.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from uuid import UUID

from prefect import tags
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.states import Crashed

from dateline.journal import Run
from dateline.journal.owner import lives, this_process
from dateline.workshop import Workshop

log = logging.getLogger(__name__)
SIGN = "process:"  # before the owner, in a run's tags


def signed() -> AbstractContextManager[set[str]]:
    """Runs that begin inside are this process's own, and say so."""
    return tags(SIGN + this_process())


def sign_in() -> None:
    """Sign the run that is at work, and end those that Prefect calls running and whose process is dead.

    To be called first in a flow. Nothing here may fail the work.
    """
    try:
        with get_client(sync_client=True) as client:
            mine = str(flow_run.id or "")
            given = set(flow_run.tags or [])
            if mine and not any(tag.startswith(SIGN) for tag in given):
                client.update_flow_run(UUID(mine), tags=[*given, SIGN + this_process()])
            for run in _running(client):
                owner = next((tag.removeprefix(SIGN) for tag in run.tags if tag.startswith(SIGN)), None)
                if owner is not None and str(run.id) != mine and not lives(owner):
                    client.set_flow_run_state(
                        run.id, Crashed(message=f"its process {owner} died"), force=True
                    )
    except Exception as error:
        log.warning("runs of dead processes were not looked for: %s", error)


def _running(client: SyncPrefectClient) -> list[FlowRun]:
    wanted = FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.RUNNING]}}})
    return client.read_flow_runs(flow_run_filter=wanted, limit=200)


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
