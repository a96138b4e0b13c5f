"""What the watcher tells Prefect, while its API answers and while it does not; in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import jsonschema
import pytest

from ingest.schemas import schema

HINTS = """
import json, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from flows.hints import FolderHints
events, said = [], []

class API(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404)
        self.end_headers()
    def do_POST(self):
        events.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204 if self.path == "/api/events" else 404)
        self.end_headers()
    def log_message(self, *_):
        pass

def serve():
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), API)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

hints = FolderHints(said.append)
hints.note("desk", ("b.txt",))
hints.send()
hints.note("desk", ("c.txt",))
hints.send()
server = serve()
hints.send()
hints.send()
hints.note("desk", ("d.txt", "d.txt"))
hints.note("wire", tuple(f"{n}.txt" for n in range(501)))
hints.send()
print(json.dumps([said, [[e["event"], e["resource"], e["payload"]] for e in events]]))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    folder = tmp_path_factory.mktemp("hints")
    done = subprocess.run(
        [sys.executable, "-c", HINTS, str(port)],
        cwd=folder,
        env={**kept, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_api_that_stops_answering_is_told_of_once_and_once_when_it_answers_again(told):
    said, _ = told
    assert len(said) == 2
    assert said[0].startswith("Prefect's API does not take events (")
    assert said[1] == "Prefect's API takes events again."


def test_after_that_the_whole_folder_is_asked_for_since_what_was_sent_before_may_be_lost_too(told):
    _, [first, *_] = told
    assert first == [
        "ingest.folder.changed",
        {"prefect.resource.id": "ingest.folder.desk", "prefect.resource.name": "desk"},
        {"source": "desk", "files": 2, "paths": []},
    ]


def test_files_are_named_once_each_unless_they_are_too_many(told):
    _, [_, few, many] = told
    assert few[2] == {"source": "desk", "files": 2, "paths": ["d.txt"]}
    assert many[2] == {"source": "wire", "files": 501, "paths": []}


def test_the_payload_is_as_documented(told):
    for _, _, payload in told[1]:
        jsonschema.validate(payload, schema("event-folder-changed"))
