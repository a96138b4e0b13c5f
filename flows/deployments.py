"""What a deployment and an automation of ours are. Plain data: `flows.publish` tells Prefect of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from importlib.util import find_spec

__all__ = ["TAG", "AtLimit", "Deployed", "EndDeadRuns", "OnEvent", "available"]
TAG = "ingest"
"""What all our deployments and their runs are tagged with."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDeadRuns:
    """The automation that ends runs of ours whose process is gone: those that began, and give no sign of life any more.

    Attributes:
        silent: After how long without one; several heartbeats, and 10 seconds at least.
        name: Of the automation.
    """

    silent: timedelta
    name: str = "ingest: end dead runs"
