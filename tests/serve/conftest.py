"""One `ingest serve` for all tests that need a real Prefect server and a real runner: its start takes ten seconds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tools.faults.serving import serving
from tools.faults.store import database as postgresql_that_stops

SETTINGS = {
    "INGEST_LEASE_SECONDS": "5",
    "INGEST_SETTLE_SECONDS": "0.3",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
}


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A server, a runner and a watcher on a PostgreSQL that can be stopped."""
    with postgresql_that_stops() as database:
        url = database.make("disturbed")
        with serving(tmp_path_factory.mktemp("served"), INGEST_DATABASE_URL=url, **SETTINGS) as running:
            yield SimpleNamespace(serving=running, database=database, url=url)
