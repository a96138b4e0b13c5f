"""Ends runs whose process is gone and which the server's automation passed over.

The automation waits for events, and events are hints: a server that was down, or whose database was busy, may have lost
the one that starts its clock. A run that is `Running` for ever keeps its deployment's only place, so that no other
starts. The runner therefore looks itself, at what the server has in its tables.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.events.filters import EventFilter, EventOccurredFilter, EventResourceFilter
from prefect.exceptions import PrefectException
from prefect.states import Crashed

from flows.deployments import TAG, EndDeadRuns

__all__ = ["end_dead_runs", "keep_ending_dead_runs", "message"]

_logger = logging.getLogger("flows.dead_runs")


def message(silent: timedelta) -> str:
    """Give what such a run says of its end."""
    minutes = silent.total_seconds() / 60
    return f"No sign of life for {minutes:g} minutes: its process was killed, or its machine is gone."


async def end_dead_runs(client: PrefectClient, silent: timedelta) -> tuple[UUID, ...]:
    """End our runs that began before so long, and of which no event came since.

    Args:
        client: Of the server.
        silent: How long a run may give no sign of life; several heartbeats.

    Returns:
        The runs that are `Crashed` now.
    """
    since = datetime.now(UTC) - silent
    under_way = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.CANCELLING])),
        start_time=FlowRunFilterStartTime(before_=since),
    )
    runs = [run.id for run in await client.read_flow_runs(flow_run_filter=under_way)]
    dead = [run for run in runs if not await _has_lived(client, run, since)]
    for run in dead:
        await client.set_flow_run_state(run, Crashed(message=message(silent)), force=True)
    return tuple(dead)


async def _has_lived(client: PrefectClient, run: UUID, since: datetime) -> bool:
    wanted = EventFilter(
        # A machine's clock may be a little ahead of ours.
        occurred=EventOccurredFilter(since=since, until=datetime.now(UTC) + timedelta(minutes=1)),
        resource=EventResourceFilter(id=[f"prefect.flow-run.{run}"]),
    )
    return bool((await client.read_events(wanted, limit=1)).events)


async def keep_ending_dead_runs(client: PrefectClient, automation: EndDeadRuns, *, every: timedelta) -> None:
    """Look again and again, for as long as the runner lives.

    Args:
        client: Of the server.
        automation: Whose work this is where it failed; a run has twice its time, so that the automation comes first.
        every: How long to wait before each look.
    """
    silent = 2 * automation.silent
    reached_since = time.monotonic()
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await client.hello()
            # While the server was away, it heard no sign of life of those that live either.
            if time.monotonic() - reached_since < silent.total_seconds():
                continue
            for run in await end_dead_runs(client, silent):
                _logger.warning("ended the dead run %s", run)
        except (httpx.HTTPError, PrefectException) as error:
            _logger.info("could not look for dead runs: %s", error)
            reached_since = time.monotonic()
