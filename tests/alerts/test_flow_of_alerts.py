"""The flow that delivers alerts, under a Prefect server of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alert_samples import story
from store_samples import RULES

from ingest.store import open_store

FLOW = """
from prefect.testing.utilities import prefect_test_harness
with prefect_test_harness(server_startup_timeout=120):
    from flows.alerts import deliver_alerts
    print(dict(deliver_alerts()))
    print(dict(deliver_alerts(only=["console"])))
"""


@pytest.mark.slow
def test_the_flow_sends_what_is_due_once(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    with open_store(url, rules=RULES) as store:
        story(store, store.start_run("ingest"), "Northbank", "Acme")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    more = {"PREFECT_HOME": str(tmp_path / "home"), "INGEST_DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-c", FLOW],
        cwd=tmp_path,
        env=kept | more,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert said == ["{'sent': 1}", "{}"]
    assert "Northbank + Acme" in done.stdout
