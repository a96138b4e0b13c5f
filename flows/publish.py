"""How Prefect is told of our deployments and automations: through its API, and as `prefect.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger, ResourceSpecification
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.schedules import Interval
from prefect.types.entrypoint import EntrypointType

from flows.dead_runs import message
from flows.deployments import TAG, Deployed, EndDeadRuns, OnEvent
from ingest import __version__

__all__ = ["apply_automations", "manifest", "to_prefect"]

# Fixed, so that a restart of the runner does not put a schedule off.
_ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
_POOL = "ingest"
_ENDED = ("Completed", "Failed", "Cancelled", "Crashed")


async def to_prefect(deployed: Deployed) -> RunnerDeployment:
    """Make what a runner serves.

    A deployment that somebody paused stays paused: nothing is said of it here.
    """
    flow: Flow[..., Any] = getattr(import_module(deployed.module), deployed.flow.rpartition(".")[2])
    return await flow.ato_deployment(
        name=deployed.name,
        description=deployed.description,
        tags=[TAG],
        version=__version__,
        parameters=dict(deployed.parameters),
        schedule=Interval(deployed.every, anchor_date=_ANCHOR) if deployed.every else None,
        triggers=[_trigger(deployed, deployed.on)] if deployed.on else None,
        concurrency_limit=_limit(deployed),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _trigger(deployed: Deployed, on: OnEvent) -> DeploymentEventTrigger:
    return DeploymentEventTrigger(
        name=f"ingest: start {deployed.name}",
        description=f"Starts the deployment {deployed.name!r}.",
        expect=set(on.events),
        parameters={name: _template(text) for name, text in on.parameters.items()} or None,
    )


def _template(text: str) -> object:
    """A template whose outcome is text; or, where it ends in `tojson`, JSON that is read."""
    jinja = {"__prefect_kind": "jinja", "template": text}
    return {"__prefect_kind": "json", "value": jinja} if "tojson" in text else text


def _limit(deployed: Deployed) -> ConcurrencyLimitConfig | None:
    if deployed.limit is None:
        return None
    strategy = ConcurrencyLimitStrategy(deployed.at_limit.value)
    return ConcurrencyLimitConfig(limit=deployed.limit, collision_strategy=strategy)


def _automation(wanted: EndDeadRuns) -> AutomationCore:
    beat = "prefect.flow-run.heartbeat"
    return AutomationCore(
        name=wanted.name,
        description="A run that gives no sign of life any more is Crashed. What it had in hand is taken up by another.",
        trigger=EventTrigger(
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
            ),
            # A process may be killed before its first sign of life.
            after={beat, "prefect.flow-run.Pending", "prefect.flow-run.Running"},
            expect={beat, *(f"prefect.flow-run.{state}" for state in _ENDED)},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=wanted.silent,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=message(wanted.silent),
            )
        ],
    )


async def apply_automations(client: PrefectClient, wanted: Sequence[EndDeadRuns]) -> None:
    """Create automations, or bring those of the same name up to date.

    One that is as it should be is left alone: an update would make its trigger forget the runs that it waits for, and
    the runner comes here just after it was killed with its runs.
    """
    for automation in map(_automation, wanted):
        same = await client.read_automations_by_name(automation.name)
        if not same:
            await client.create_automation(automation)
        elif not _is_like(same[0], automation):
            await client.update_automation(same[0].id, automation)


def _is_like(one: AutomationCore, other: AutomationCore) -> bool:
    # Through a copy of the plain kind: what the server gives has ids besides.
    return AutomationCore(**{name: getattr(one, name) for name in AutomationCore.model_fields}) == other


def manifest(deployments: Sequence[Deployed]) -> dict[str, object]:
    """The deployments in the form of `prefect.yaml`, for a work pool called `ingest`."""
    return {"name": "ingest", "deployments": [_entry(each) for each in deployments]}


def _entry(deployed: Deployed) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": deployed.name,
        "description": deployed.description,
        "entrypoint": deployed.flow,
        "tags": [TAG],
        "version": __version__,
        "work_pool": {"name": _POOL},
        "parameters": dict(deployed.parameters),
    }
    if deployed.every:
        anchor = _ANCHOR.isoformat()
        entry["schedules"] = [{"interval": int(deployed.every.total_seconds()), "anchor_date": anchor}]
    if deployed.limit is not None:
        entry["concurrency_limit"] = {"limit": deployed.limit, "collision_strategy": deployed.at_limit.value}
    if deployed.on:
        trigger = _trigger(deployed, deployed.on)
        entry["triggers"] = [
            {
                "type": "event",
                "name": trigger.name,
                "description": trigger.description,
                "expect": list(deployed.on.events),
                **({"parameters": dict(trigger.parameters)} if trigger.parameters else {}),
            }
        ]
    return entry
