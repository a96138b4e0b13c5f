"""One `ingest serve` for all tests that need a real Prefect server and a real runner: its start takes ten seconds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tools.faults.desk import desk, with_desk
from tools.faults.disturb import acquaint
from tools.faults.outlet import outlet
from tools.faults.serving import serving
from tools.faults.store import database as postgresql_that_stops

SETTINGS = {
    "INGEST_LEASE_SECONDS": "5",
    "INGEST_SETTLE_SECONDS": "0.3",
    "INGEST_HOST_GAP_SECONDS": "0",
    "INGEST_FIRST_ENTRIES": "10000",
    "INGEST_BACKUP_DIR": "backups",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
}


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A server, a runner and a watcher on a PostgreSQL that can be stopped, an outlet, and a desk that is told."""
    folder = tmp_path_factory.mktemp("served")
    with postgresql_that_stops() as database, outlet() as published, desk() as told:
        url = database.make("disturbed")
        settings = {**SETTINGS, **with_desk(folder, told)}
        with serving(folder, INGEST_DATABASE_URL=url, **settings) as running:
            acquaint(running.ingest, published)
            yield SimpleNamespace(serving=running, database=database, url=url, outlet=published, desk=told)
