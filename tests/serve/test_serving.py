"""What `ingest serve` runs, against a real Prefect server and a real runner, one test after the other on both."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

import jsonschema
import psycopg
import pytest
import yaml

from ingest.schemas import schema
from tools.faults.__main__ import calm, wrong
from tools.faults.disturb import FAULTS, Disturbed, settled
from tools.faults.serving import until
from tools.faults.store import held

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/automation-agreements.yaml"

pytestmark = pytest.mark.slow


@pytest.fixture
def receiver():
    """An HTTP server of an operator; gives its address and what it was sent."""
    received = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", received
        server.shutdown()


def events(serving, name):
    wanted = {"filter": {"event": {"name": [name]}, "order": "ASC"}, "limit": 50}
    return serving.ask("/events/filter", wanted)["events"]


def swept(served):
    """See that the watched folder is swept in none of the next minutes: a sweep would share the files of an event."""

    def rests():
        with psycopg.connect(served.url) as connection:
            asked = "SELECT 1 FROM sources WHERE name = %s AND next_due_at > now() + interval '2 minutes'"
            return connection.execute(asked, [served.serving.press.name]).fetchone()

    def sweeps():
        if rests():
            return True
        served.serving.ended(served.serving.start_run("sources", {}))
        return rests()

    until(sweeps, seconds=90, what="the first sweep of the watched folder")


def hang_on(serving, url):
    """Do what the example for operators says: a webhook block, and the automation with the id of that block."""
    kind = serving.ask("/block_types/slug/webhook", method="GET")
    checksums = serving.ask("/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}})
    block = serving.ask(
        "/block_documents/",
        {
            "name": "desk",
            "block_type_id": kind["id"],
            "block_schema_id": checksums[0]["id"],
            "data": {"method": "POST", "url": url},
        },
    )
    [automation] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["automations"]
    automation["actions"][0]["block_document_id"] = block["id"]
    return serving.ask("/automations/", automation)["id"]


def test_an_event_starts_the_run_that_takes_a_file_in_and_an_operators_automation_hears_of_it(served, receiver):
    serving, (url, received) = served.serving, receiver
    automation = hang_on(serving, url)
    swept(served)
    (serving.press / "signed.txt").write_text(
        "Two universities agree\n\nNorthbank University and Eastlake University signed a memorandum of understanding "
        "on joint research in gene therapy on 3 March 2025.\n",
        encoding="utf-8",
    )
    (serving.press / "empty.txt").write_bytes(b"")

    run = until(lambda: serving.runs("folder", "COMPLETED"), seconds=60, what="the run that the event starts")[0]
    assert run["name"] == "ingest 2 files of press"
    assert run["tags"] == ["ingest"]
    # A batch with drops is completed: each has its reason in the store.
    assert run["state"]["message"] == "1 dropped, 1 new; 1 new agreements"
    [artifact] = serving.ask("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    assert "| dropped | 1 |" in artifact["data"]
    assert "| new | 1 |" in artifact["data"]

    [changed] = until(lambda: events(serving, "ingest.folder.changed"), seconds=20, what="ingest.folder.changed")
    assert changed["payload"] == {"source": "press", "files": 2, "paths": ["empty.txt", "signed.txt"]}
    for name in ("folder-changed", "article-stored", "agreement-detected"):
        [event] = until(lambda: events(serving, f"ingest.{name.replace('-', '.')}"), seconds=20, what=name)  # noqa: B023 - called before the loop goes on
        jsonschema.validate(event["payload"], schema(f"event-{name}"))

    said = received.get(timeout=20)
    assert said["number"] == 1
    assert said["agreements"][0]["parties"] == ["Northbank University", "Eastlake University"]
    serving.ask(f"/automations/{automation}", method="DELETE")


def test_a_run_that_cannot_go_on_is_failed_and_says_why(served):
    serving = served.serving
    nowhere = serving.start_run("folder", {"source": "nowhere", "paths": ["a.txt"]})
    outside = serving.start_run("folder", {"source": "press", "paths": ["../secret.txt"]})
    serving.ingest("sources", "add", "http://127.0.0.1:9/feed.xml", "--kind", "feed", "--name", "desk")
    unhealthy = serving.start_run("sources", {"only": ["desk"]})
    for run, reason in ((nowhere, "there is no folder called 'nowhere'"), (outside, "does not lie in the folder")):
        ended = serving.ended(run)
        assert ended["state_type"] == "FAILED"
        assert reason in ended["state"]["message"]
    # A source that is ill is no failure of the run that visits it.
    assert serving.ended(unhealthy)["state_type"] in {"COMPLETED", "CANCELLED"}
    [event, *_] = until(lambda: events(serving, "ingest.source.unhealthy"), seconds=70, what="ingest.source.unhealthy")
    jsonschema.validate(event["payload"], schema("event-source-unhealthy"))
    assert (event["payload"]["source"], event["payload"]["reason"]) == ("desk", "address_refused")


def test_a_schedule_starts_runs_and_retention_deletes_those_that_ended(served):
    serving = served.serving
    [ended] = [run["id"] for run in serving.runs("folder", "FAILED") if "nowhere" in run["name"]]
    path = f"/deployments/{serving.deployment('retention')['id']}/schedules"
    often = {"active": True, "schedule": {"interval": 5}, "parameters": {"days": 0}}
    [made] = serving.ask(path, [often])
    run = until(
        lambda: [run for run in serving.runs("retention", "COMPLETED") if run["auto_scheduled"]],
        seconds=60,
        what="a run of the schedule",
    )[0]
    serving.ask(f"{path}/{made['id']}", method="DELETE")
    assert run["name"] == "delete runs older than 0 days"
    assert run["state"]["message"].endswith(" runs deleted")
    assert not serving.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": [ended]}}})


def test_a_backup_is_made_by_its_deployment_and_raw_bodies_stay_where_nothing_says_that_they_go(served):
    serving = served.serving
    runs = {name: serving.start_run(name, {}) for name in ("backup", "raw-bodies")}
    states = {name: serving.ended(run, seconds=60)["state"] for name, run in runs.items()}
    assert (states["backup"]["name"], states["raw-bodies"]["name"]) == ("Completed", "Off")
    assert "new raw bodies" in states["backup"]["message"]
    assert serving.ingest("db", "verify", "backups")


END_SOON = """
import asyncio
from datetime import timedelta
from prefect.client.orchestration import get_client
from flows.deployments import EndDeadRuns
from flows.publish import apply_automations
async def main():
    async with get_client() as client:
        for _ in range(2):
            await apply_automations(client, [EndDeadRuns(silent=timedelta(seconds=15), name="soon")])
            print([a.trigger for a in await client.read_automations_by_name("soon")])
asyncio.run(main())
"""


@pytest.fixture
def dead_runs_end_soon(served):
    """Our own automation waits for a minute and a half; another of the same kind, for 15 seconds."""
    serving = served.serving
    environment = {
        **serving.environment,
        "PREFECT_API_URL": serving.api_url,
        "PREFECT_API_AUTH_STRING": serving.auth,
        "PREFECT_HOME": str(serving.folder / "beside"),
    }
    command = [sys.executable, "-c", END_SOON]
    subprocess.run(command, cwd=serving.folder, env=environment, check=True, timeout=60)
    yield
    [made] = [each for each in serving.ask("/automations/filter") if each["name"] == "soon"]
    serving.ask(f"/automations/{made['id']}", method="DELETE")


@pytest.mark.usefixtures("dead_runs_end_soon")
def test_a_run_that_was_killed_with_its_runner_ends_and_nothing_is_lost(served):
    serving = served.serving

    def automation():
        return [each for each in serving.ask("/automations/filter") if each["name"] == "ingest: end dead runs"]

    before = automation()
    disturbed = Disturbed(served=serving, database=served.database, url=served.url, files=100)
    FAULTS["worker killed"](disturbed)
    assert serving.run(disturbed.killed[0])["state_type"] == "RUNNING"
    # The hurried automation ends it, unless the run began before the server had that one loaded: then our own does; or,
    # where the server lost the event that they wait for, the runner, after three minutes.
    run = serving.ended(disturbed.killed[0], seconds=270)
    assert run["state_type"] == "CRASHED"
    assert "No sign of life" in run["state"]["message"]
    assert "the runner ended (signal 9); it is started again" in (serving.folder / "serve.err").read_text()
    # The next runner left the automation alone: an update would make it forget the runs that it waits for.
    assert serving.log("runner").count("serves") == 2
    assert automation() == before


def test_what_is_left_and_what_was_told_after_kills_and_stops_equals_an_undisturbed_run(served):
    serving, told = served.serving, served.desk
    disturbed = Disturbed(
        served=serving,
        database=served.database,
        url=served.url,
        files=60,
        first=100,
        outlet=served.outlet,
        desk=told,
    )
    FAULTS["Prefect server killed"](disturbed)
    FAULTS["watcher killed"](disturbed)
    FAULTS["sender of alerts killed"](disturbed)
    FAULTS["PostgreSQL killed"](disturbed)
    settled(serving, served.url, served.outlet)
    quiet = served.database.make("calm")
    undisturbed = calm(serving.press, served.outlet, quiet)
    assert wrong(served.url, quiet, told, undisturbed) == []
    assert len(undisturbed.told()) == len(held(quiet)["agreements"]) > 20
    # The sender was killed after the desk had taken a message: it came again, and nothing else did.
    assert told.repeated()
    assert not any(deployment["paused"] for deployment in serving.ask("/deployments/filter"))
