"""Automations: what a person is told of without looking. Installed by `dateline deploy`, by name, so
that installing them again replaces them.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from prefect.automations import Automation
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, DoNothing, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture

BLOCK = "dateline-tells"
OVER = {
    f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling")
}
# Prefect's own pause between two heartbeats is longer than anybody would wait for a dead run: our
# deployments set a shorter one, and a run on a busy core may be late with several of them
HEARTBEAT = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
SILENCE = timedelta(seconds=150)
RUNS = {"prefect.resource.id": "prefect.flow-run.*"}
OURS = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.dateline"}


def install(notify: str | None) -> list[str]:
    """Install or replace all automations; their names.

    Args:
        notify: where a person is told: a URL that takes {"subject", "text"} by POST, or a notification
            block of Prefect's as TYPE/NAME ("slack-webhook/newsroom"); without it what happened
            stands in the event feed only.
    """
    block = _block(notify) if notify else None
    made = [
        _told(
            block,
            "Dateline: a source went quiet",
            EventTrigger(
                expect={"dateline.source.quiet"},
                for_each={"prefect.resource.id"},
                posture=Posture.Reactive,
                threshold=1,
            ),
            "{{ event.payload.source }} has given much less than its usual since {{ event.payload.since }}.",
        ),
        _told(
            block,
            "Dateline: a source can't be read",
            EventTrigger(
                expect={"dateline.source.failing"},
                for_each={"prefect.resource.id"},
                posture=Posture.Reactive,
                threshold=1,
            ),
            "{{ event.payload.source }} failed {{ event.payload.polls }} times in a row: "
            "{{ event.payload.reason }}",
        ),
        _told(
            block,
            "Dateline: failures rise",
            EventTrigger(expect={"dateline.run.failures"}, posture=Posture.Reactive, threshold=1),
            "{{ event.payload.failed }} of {{ event.payload.links }} links failed: {{ event.payload.run }}.",
        ),
        _told(
            block,
            "Dateline: a run crashed or failed",
            EventTrigger(
                match=RUNS,
                match_related=OURS,
                expect={"prefect.flow-run.Crashed", "prefect.flow-run.Failed"},
                posture=Posture.Reactive,
                threshold=1,
            ),
            "{{ flow_run.name }}: {{ flow_run.state.message }}",
        ),
        _told(
            block,
            "Dateline: a run is late",
            EventTrigger(
                match=RUNS,
                match_related=OURS,
                expect={"prefect.flow-run.Late"},
                posture=Posture.Reactive,
                threshold=1,
            ),
            "{{ deployment.name }} should have begun ({{ flow_run.name }}): is a worker running?",
        ),
        # killed together with its worker, a run would look as if it went on for ever
        Automation(
            name="Dateline: a run without a heartbeat has crashed",
            trigger=EventTrigger(
                match=RUNS,
                match_related=OURS,  # others' runs may beat as rarely as they like
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.heartbeat", *OVER},
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=SILENCE,
            ),
            actions=[
                ChangeFlowRunState(state=StateType.CRASHED, message=f"no heartbeat for {SILENCE.seconds} s")
            ],
        ),
    ]
    for one in made:
        _replace(one)
    return [one.name for one in made]


def _told(block: UUID | None, name: str, trigger: EventTrigger, body: str) -> Automation:
    action = SendNotification(block_document_id=block, subject=name, body=body) if block else DoNothing()
    return Automation(name=name, trigger=trigger, actions=[action])


def _block(notify: str) -> UUID:
    if "://" not in notify:  # one that the user made: a mail server, a chat
        kind, _, name = notify.partition("/")
        with get_client(sync_client=True) as client:
            return client.read_block_document_by_name(name, kind).id
    made = CustomWebhookNotificationBlock(
        name="dateline",
        url=notify,
        method="POST",
        json_data={"subject": "{{subject}}", "text": "{{body}}"},
    )
    found = made.save(BLOCK, overwrite=True)
    assert isinstance(found, UUID)
    return found


def _replace(automation: Automation) -> None:
    try:
        former = Automation.read(name=automation.name)
    except ValueError:  # there is none
        former = None
    if former is not None:
        former.delete()
    automation.create()
