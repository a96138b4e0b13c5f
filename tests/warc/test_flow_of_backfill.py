"""The flow that reads web archives, under a Prefect server of its own, on each runner."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from warc_samples import archive

DEPLOYED = """
from prefect.testing.utilities import prefect_test_harness
if __name__ == "__main__":
    with prefect_test_harness(server_startup_timeout=120):
        from flows.backfill import backfill_archives
        print(backfill_archives(["a.warc.gz"]))
"""


def run(folder, *words, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    more = {"PREFECT_HOME": str(folder / "home"), "INGEST_BACKFILL_RANGE_BYTES": "65536", **environment}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=kept | more,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("on", ["threads", "processes", "dask"])
def test_the_command_runs_the_flow_on_the_runner_that_is_named(tmp_path, on):
    (tmp_path / "a.warc.gz").write_bytes(archive(150).content)
    done = run(tmp_path, "-m", "ingest", "backfill", "a.warc.gz", "--flow", "--on", on, "--workers", "2", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["pages"], said["done"] > 1, said["waiting"], said["failed"]) == (150, True, 0, 0)
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_flow_runs_as_a_deployment_runs_it(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(archive(5).content)
    (tmp_path / "deployed.py").write_text(DEPLOYED, encoding="utf-8")
    done = run(tmp_path, "deployed.py", INGEST_BACKFILL_ON="threads")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "5\n"
    assert "5 pages were in what was read" in done.stderr
