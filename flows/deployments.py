"""What a deployment and an automation of ours are, and how Prefect is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
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

from ingest import __version__

__all__ = [
    "AtLimit",
    "Deployed",
    "OnEvent",
    "apply_automations",
    "available",
    "end_dead_runs",
    "manifest",
    "to_prefect",
]

TAG = "ingest"

# Fixed, so that a restart of the runner does not put a schedule off.
_ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
_POOL = "ingest"


class AtLimit(StrEnum):
    """What becomes of a run for which there is no room."""

    ENQUEUE = "ENQUEUE"
    CANCEL_NEW = "CANCEL_NEW"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnEvent:
    """The events that start a deployment.

    Attributes:
        events: Their names; any of them.
        parameters: Of the run, as templates over the event; what comes of one is read as JSON where it can be.
    """

    events: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployment of ours.

    Attributes:
        name: Of the deployment, unique among ours.
        flow: Module and name of the flow.
        description: What an operator reads of it.
        every: Time between scheduled runs; None: it has no schedule.
        on: Events that start it; None: none does.
        parameters: Of its runs, unless the event says otherwise.
        limit: How many of its runs there may be at a time; None: any number.
        at_limit: What becomes of one too many.
    """

    name: str
    flow: str
    description: str
    every: timedelta | None = None
    on: OnEvent | None = None
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    limit: int | None = None
    at_limit: AtLimit = AtLimit.ENQUEUE

    @property
    def module(self) -> str:
        """Where its flow is."""
        return self.flow.rpartition(".")[0]

    def when(self) -> str:
        """When it runs, for people."""
        causes = [f"every {_words(self.every)}"] if self.every else []
        causes += [f"on {event}" for event in (self.on.events if self.on else ())]
        return ", ".join(causes) or "when started by hand"


def _words(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return name if seconds == size else f"{seconds // size} {name}s"
    return f"{seconds} seconds"


def available(deployments: Sequence[Deployed]) -> tuple[Deployed, ...]:
    """Those whose flow this release has."""
    return tuple(each for each in deployments if find_spec(each.module) is not None)


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


def end_dead_runs(*, silent: timedelta, deployment: str | None = None) -> AutomationCore:
    """The automation that ends runs whose process is gone: those that gave signs of life, and give none any more.

    Args:
        silent: After how long without one; several heartbeats, and 10 seconds at least.
        deployment: Only runs of this deployment; None: all.
    """
    related = {"prefect.resource.role": "deployment", "prefect.resource.name": deployment} if deployment else {}
    minutes = silent.total_seconds() / 60
    return AutomationCore(
        name="ingest: end dead runs" + (f" of {deployment}" if deployment else ""),
        description="A run that gives no sign of life any more is Crashed. What it had in hand is taken up by another.",
        trigger=EventTrigger(
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=ResourceSpecification(related),
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                "prefect.flow-run.Completed",
                "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled",
                "prefect.flow-run.Crashed",
            },
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=silent,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=f"No sign of life for {minutes:g} minutes: its process was killed, or its machine is gone.",
            )
        ],
    )


async def apply_automations(client: PrefectClient, automations: Sequence[AutomationCore]) -> None:
    """Create automations, or bring those of the same name up to date."""
    for automation in automations:
        same = await client.read_automations_by_name(automation.name)
        if same:
            await client.update_automation(same[0].id, automation)
        else:
            await client.create_automation(automation)


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
        "pull": None,
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
