"""The flow that sends what the outbox holds: triggered by the events of a run, and swept on a schedule.

It wires and decorates; the work is done by `ingest.alerts.dispatch`. Events get lost and runs overlap: rows in the
store are the truth, so neither does harm.
"""

from __future__ import annotations

from collections.abc import Mapping

from prefect import flow, get_run_logger, runtime

from ingest.alerts.channels import open_channel
from ingest.alerts.dispatch import Settled, deliver_due
from ingest.settings import load
from ingest.store import open_store

__all__ = ["FLOW_NAME", "deliver_alerts"]

FLOW_NAME = "deliver-alerts"


@flow(name=FLOW_NAME, flow_run_name="deliver alerts")
def deliver_alerts(only: list[str] | None = None) -> Mapping[str, int]:
    """Send every alert that is due: the flow that a deployment runs.

    Args:
        only: Names of channels; None: all.

    Returns:
        Attempts by the state in which they left their delivery.
    """
    settings = load()
    with open_store(settings.database_url) as store:
        return deliver_due(
            store,
            settings,
            open_channel=open_channel,
            only=only or (),
            tell=_log,
            flow_run=str(runtime.flow_run.id),
        )


def _log(settled: Settled) -> None:
    """Log what an operator may have to look at; `ingest alerts log` tells the rest."""
    if settled.state in {"pending", "parked"}:
        get_run_logger().warning(
            "%s: %s on %s for %s: %s", settled.state, settled.delivery, settled.channel, settled.rule, settled.detail
        )
