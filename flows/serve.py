"""What runs by itself: deployments with their schedules, events and limits, and automations. Data, no logic.

`ingest serve` runs all of it on one machine; `prefect.yaml` says the same for a work pool, and is made from this.

Schedules are short because they are cheap: what is due is in the store, and a run that finds nothing due ends at once.
Events only make things quick: what one that was lost would have started is done by the next sweep.
"""

from __future__ import annotations

from datetime import timedelta

from flows.deployments import AtLimit, Deployed, EndDeadRuns, OnEvent
from ingest.wire.events import AGREEMENT_CHANGED, AGREEMENT_DETECTED, FOLDER_CHANGED

__all__ = ["AUTOMATIONS", "DEPLOYMENTS", "HEARTBEAT", "POLL"]

POLL = timedelta(seconds=2)
"""How often the runner asks the server for runs that are to start."""

HEARTBEAT = timedelta(seconds=30)
"""How often a flow says that it lives; Prefect takes no less."""

_SOURCES = Deployed(
    name="sources",
    flow="flows.ingest.ingest_sources",
    description="Visits the sources that are due; when each is due stands in the store.",
    every=timedelta(minutes=1),
    limit=1,
    at_limit=AtLimit.CANCEL_NEW,  # the run that is under way claims what has become due meanwhile
)

_FOLDER = Deployed(
    name="folder",
    flow="flows.ingest.ingest_arrivals",
    description="Takes in files that arrived in a watched folder.",
    on=OnEvent(
        events=(FOLDER_CHANGED,),
        parameters={"source": "{{ event.payload.source }}", "paths": "{{ event.payload.paths | tojson }}"},
    ),
    limit=2,
)

_FILES = Deployed(
    name="files",
    flow="flows.ingest.ingest_folder",
    description="Takes in folders and files that are named, as the worker sees them; started by hand.",
)

_REPROCESS = Deployed(
    name="reprocess",
    flow="flows.reprocess.reprocess_articles",
    description="Runs a stage and the later ones again over what is stored; started by hand.",
    limit=1,
)

_BACKFILL = Deployed(
    name="backfill",
    flow="flows.backfill.backfill_archives",
    description="Reads web archives, as the worker sees them; started by hand.",
)

_ALERTS = Deployed(
    name="alerts",
    flow="flows.alerts.deliver_alerts",
    description="Delivers what the outbox holds: after an agreement was detected or changed, and every five minutes.",
    every=timedelta(minutes=5),
    on=OnEvent(events=(AGREEMENT_DETECTED, AGREEMENT_CHANGED)),
    limit=1,
)

_RETENTION = Deployed(
    name="retention",
    flow="flows.retention.delete_old_runs",
    description="Deletes runs from Prefect's database that ended some days ago; our own tables keep theirs.",
    every=timedelta(days=1),
    parameters={"days": 14},
    limit=1,
)

_RAW_BODIES = Deployed(
    name="raw-bodies",
    flow="flows.raw_bodies.delete_old_bodies",
    description="Deletes raw bodies that `raw_days` and `raw_days_by_source` let go; where neither is set, none.",
    every=timedelta(days=1),
    limit=1,
    at_limit=AtLimit.CANCEL_NEW,
)

_BACKUP = Deployed(
    name="backup",
    flow="flows.backup.back_up_store",
    description="Adds a backup to `backup_dir`, and deletes all but the newest `backup_keep`; not set, it makes none.",
    every=timedelta(days=1),
    limit=1,
    at_limit=AtLimit.CANCEL_NEW,
)

DEPLOYMENTS = (_SOURCES, _FOLDER, _FILES, _REPROCESS, _BACKFILL, _ALERTS, _RETENTION, _RAW_BODIES, _BACKUP)

AUTOMATIONS = (EndDeadRuns(silent=3 * HEARTBEAT),)
"""What else the server does by itself: a run whose process was killed would be `Running` for ever."""
