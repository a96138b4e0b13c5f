"""The flow that deletes raw bodies of pages that are older than the settings allow. It wires and decorates."""

from __future__ import annotations

from prefect import State, flow
from prefect.states import Completed

from ingest import retention
from ingest.archive import Archive
from ingest.settings import load
from ingest.store import open_store
from ingest.store.retention import due

__all__ = ["FLOW_NAME", "delete_old_bodies"]

FLOW_NAME = "delete-old-bodies"


@flow(name=FLOW_NAME, flow_run_name="delete old raw bodies")
def delete_old_bodies() -> State[int]:
    """Delete raw bodies that `raw_days` and `raw_days_by_source` let go: the flow that a deployment runs.

    Returns:
        How many were deleted, as the data of the final state.
    """
    settings = load()
    terms = retention.terms(settings)
    if terms is None:
        return Completed(
            name="Off", data=0, message="raw bodies are kept for ever: neither raw_days nor its kin is set"
        )
    with open_store(settings.database_url) as store:
        found = store.database.read(lambda connection: due(connection, terms))
        retention.delete(store, Archive(settings.archive_url), found)
    return Completed(data=len(found.pages), message=f"{len(found.pages):,} raw bodies deleted")
