"""Dead runs that the server's automation missed are ended by the runner: on a Prefect server of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LOOK = """
import asyncio
from datetime import UTC, datetime
from uuid import uuid4
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.states import Completed, Running
from prefect.testing.utilities import prefect_test_harness
from flows.dead_runs import end_dead_runs

BEAT = "prefect.flow-run.heartbeat"

@flow
def nothing(): ...

async def beat(client, run):
    resource = {"prefect.resource.id": f"prefect.flow-run.{run}"}
    event = {"id": str(uuid4()), "occurred": datetime.now(UTC).isoformat(), "event": BEAT, "resource": resource}
    (await client._client.post("/events", json=[event])).raise_for_status()
    while not (await client.read_events(EventFilter(event=EventNameFilter(name=[BEAT])), limit=1)).events:
        await asyncio.sleep(0.2)  # the server keeps events a little later than it takes them

async def main():
    async with get_client() as client:
        names = {}

        async def run(name, state, *tags):
            made = await client.create_flow_run(nothing, name=name, state=state, tags=tags)
            names[made.id] = name
            return made.id

        await run("silent", Running(), "ingest")
        alive = await run("alive", Running(), "ingest")
        await run("ended", Completed(), "ingest")
        await run("of others", Running())
        await asyncio.sleep(1)
        since = datetime.now(UTC)
        await run("just begun", Running(), "ingest")
        await beat(client, alive)
        for look in ("ended", "again"):
            print(f"{look}:", [names[each] for each in await end_dead_runs(client, datetime.now(UTC) - since)])
        for each, name in names.items():
            print(name, "-", (await client.read_flow_run(each)).state.name)

with prefect_test_harness(server_startup_timeout=120):
    asyncio.run(main())
"""


@pytest.mark.slow
def test_only_a_run_of_ours_that_gave_no_sign_of_life_is_ended(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=tmp_path,
        env=kept | {"PREFECT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "ended: ['silent']",
        "again: []",
        "silent - Crashed",
        "alive - Running",
        "ended - Completed",
        "of others - Running",
        "just begun - Running",
    ]
