"""The flow that adds a backup to the folder that the settings name. It wires and decorates."""

from __future__ import annotations

from pathlib import Path

from prefect import State, flow
from prefect.states import Completed, Failed

from ingest.backup.make import back_up, prune
from ingest.settings import load

__all__ = ["FLOW_NAME", "back_up_store"]

FLOW_NAME = "back-up"


@flow(name=FLOW_NAME, flow_run_name="back up store and archive")
def back_up_store() -> State[str]:
    """Back the store and the archive up, and delete all but the newest backups: the flow that a deployment runs.

    Returns:
        Name of the backup, as the data of the final state.
    """
    settings = load()
    if not settings.backup_dir:
        return Completed(name="Off", data="", message="no backup is made: backup_dir is not set")
    folder = Path(settings.backup_dir)
    made = back_up(settings.database_url, settings.archive_url, folder, tell=_silent, tell_pages=_silent)
    deleted = prune(folder, keep=settings.backup_keep)
    said = f"{made.name}: {sum(table.rows for table in made.tables):,} rows, {made.copied:,} new raw bodies"
    if deleted:
        said += f"; {len(deleted)} older deleted"
    if made.missing:
        # The backup stands; that the archive lacks something must not look like a night on which all went well.
        return Failed(data=made.name, message=f"{said}; {made.missing:,} raw bodies are nowhere: `ingest db verify`")
    return Completed(data=made.name, message=said)


def _silent(*_: object) -> None:
    """The final state tells what came of it."""
