"""What is told of a batch, after its commit; in a process of its own, since it imports Prefect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from ingest.schemas import schema

TELL = """
import json
from pathlib import Path
from flows.announce import Announcer
from ingest.intake import take_in
from ingest.settings import load
settings, events = load(), []
Path("press").mkdir()
def write(name, title, text):
    Path("press", name).write_text(f"{title}\\n\\n{text}\\n", encoding="utf-8")
def run():
    with Announcer(settings.database_url, "run-1", lambda *event: events.append(event)).until_done() as prefect:
        take_in(["press"], source=None, settings=settings, tell=prefect.tell)
write("a.txt", "Two universities agree", "Northbank University and Eastlake University signed a memorandum of "
    "understanding on joint research in gene therapy on 3 March 2025.")
Path("press/empty.txt").write_bytes(b"")
run()
write("b.txt", "Agreement ends", "Northbank University and Eastlake University terminated their memorandum of "
    "understanding on joint research in gene therapy, which they had signed on 3 March 2025.")
run()
run()
print(json.dumps(events))
"""


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=folder,
        env={**kept, "PREFECT_HOME": str(folder / "home"), "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def of(events, name):
    return [payload for event, _, payload in events if event == name]


def test_a_batch_is_told_of_with_all_its_counts_and_one_that_stored_nothing_is_not(events):
    told = of(events, "ingest.article.stored")
    assert [(each["documents"], each["new"], each["dropped"], each["unchanged"]) for each in told] == [
        (2, 1, 1, 0),
        (3, 1, 1, 1),
    ]
    assert {each["source"] for each in told} == {"press"}


def test_an_agreement_that_is_new_and_one_whose_status_changed_are_told_of_once_each(events):
    [detected], [changed] = of(events, "ingest.agreement.detected"), of(events, "ingest.agreement.changed")
    assert detected["number"] == changed["number"] == 1
    assert detected["news"] == 1
    assert [each["status"] for each in (*detected["agreements"], *changed["agreements"])] == ["signed", "ended"]
    assert detected["agreements"][0]["parties"] == ["Northbank University", "Eastlake University"]


def test_every_payload_is_as_documented(events):
    for name, resource, payload in events:
        jsonschema.validate(payload, schema(name.replace("ingest.", "event-").replace(".", "-")))
        assert resource == {"prefect.resource.id": "ingest.run.run-1", "prefect.resource.name": "press"}
