"""The flow that deletes old runs from Prefect's database, where they would pile up for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prefect import State, flow, runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed

from flows.deployments import TAG

__all__ = ["FLOW_NAME", "delete_old_runs"]

FLOW_NAME = "delete-old-runs"

_AT_ONCE = 100
_ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]


def flow_run_name() -> str:
    """Name a run after what it does: `delete runs older than 14 days`."""
    return f"delete runs older than {runtime.flow_run.parameters.get('days')} days"


@flow(name=FLOW_NAME, flow_run_name=flow_run_name)
def delete_old_runs(days: int = 14) -> State[int]:
    """Delete our flow runs that ended so many days ago, with their tasks and logs.

    Runs of others on the same server are left alone. The table `runs` of our store keeps what derived rows refer to.

    Args:
        days: How long a run is kept after its end.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_ENDED)),
        end_time=FlowRunFilterEndTime(before_=before),
    )
    with get_client(sync_client=True) as client:
        deleted = _delete(client, wanted)
    return Completed(data=deleted, message=f"{deleted} runs deleted")


def _delete(client: SyncPrefectClient, wanted: FlowRunFilter) -> int:
    deleted = 0
    while found := client.read_flow_runs(flow_run_filter=wanted, limit=_AT_ONCE):
        for run in found:
            try:
                client.delete_flow_run(run.id)
            except ObjectNotFound:
                continue  # the server's own vacuum was there first
            deleted += 1
    return deleted
