"""Deployments are declared once; what is made from that is up to date."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.deployments import AtLimit, Deployed, OnEvent, available
from flows.serve import AUTOMATIONS, DEPLOYMENTS, HEARTBEAT

ROOT = Path(__file__).parents[1]


def deployed(**more):
    return Deployed(**{"name": "one", "flow": "flows.ingest.ingest_folder", "description": "…", **more})


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(deployed(), "when started by hand", id="nothing starts it"),
        pytest.param(deployed(every=timedelta(minutes=1)), "every minute", id="a schedule"),
        pytest.param(deployed(every=timedelta(minutes=90)), "every 90 minutes", id="of odd length"),
        pytest.param(deployed(every=timedelta(seconds=45)), "every 45 seconds", id="a short one"),
        pytest.param(deployed(on=OnEvent(events=("a.b", "a.c"))), "on a.b, on a.c", id="events"),
        pytest.param(deployed(every=timedelta(days=2), on=OnEvent(events=("a",))), "every 2 days, on a", id="both"),
    ],
)
def test_a_deployment_says_when_it_runs(made, expected):
    assert made.when() == expected


def test_a_deployment_whose_flow_this_release_lacks_is_left_out():
    there, lacking = deployed(), deployed(flow="flows.nothing.here")
    assert available([there, lacking]) == (there,)


def test_names_are_unique_and_a_run_that_is_cancelled_at_the_limit_has_a_schedule_to_come_again():
    assert len({each.name for each in DEPLOYMENTS}) == len(DEPLOYMENTS)
    assert all(each.every for each in DEPLOYMENTS if each.at_limit is AtLimit.CANCEL_NEW)


def test_a_run_is_not_taken_for_dead_between_two_heartbeats():
    assert all(automation.silent > 2 * HEARTBEAT for automation in AUTOMATIONS)


CHECK = """
import asyncio, json
from flows.deployments import EndDeadRuns, available
from flows.publish import to_prefect
from flows.serve import DEPLOYMENTS
from tools.manifest import text
async def main():
    made = [await to_prefect(each) for each in available(DEPLOYMENTS)]
    return [[m.name, m.entrypoint, sorted(m._parameter_openapi_schema.properties)] for m in made]
print(json.dumps([text(), asyncio.run(main())]))
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """In a process of its own: it imports Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    environment = {**kept, "PREFECT_HOME": str(tmp_path_factory.mktemp("home")), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CHECK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_prefect_yaml_is_what_serve_py_says(checked):
    assert (ROOT / "prefect.yaml").read_text(encoding="utf-8") == checked[0], "run 'make schemas'"


def test_no_parameter_of_a_deployment_is_a_setting_or_a_secret(checked):
    parameters = {name: names for name, _, names in checked[1]}
    assert parameters["folder"] == ["paths", "source"]
    assert parameters["sources"] == ["only"]
    assert parameters["files"] == ["paths", "source"]
