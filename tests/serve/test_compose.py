"""`docker-compose.yml` is valid, and each of its services does its work when its own command is run natively."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
import urllib.request
from importlib.resources import files
from queue import Queue

import psycopg
import pytest
from composition import ROOT, Composition, read
from jsonschema import Draft202012Validator
from psycopg import conninfo
from relay import relayed

from tools.faults.serving import free_port, until
from tools.faults.store import database

FILES = ("docker-compose.yml", "docker-compose.replicas.yml")
SCHEMA = json.loads(
    (files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text(encoding="utf-8")
)
OURS = [name for name, service in read()["services"].items() if "command" in service]


@pytest.mark.parametrize("name", FILES)
def test_a_compose_file_is_valid_against_the_specification(name):
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(read(name))] == []


def test_a_compose_file_with_a_word_that_is_not_of_the_specification_is_not_valid():
    wrong = read()
    wrong["services"]["worker"]["commands"] = ["ingest"]
    assert list(Draft202012Validator(SCHEMA).iter_errors(wrong))


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_privileges_and_a_file_system_that_is_read_only(name):
    service = read()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["command"][0] in {"ingest", "prefect"}


def test_the_image_runs_as_nobody_in_particular_on_a_base_of_one_version():
    written = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = [line.split()[1] for line in written.splitlines() if line.startswith("FROM")]
    assert {base for base in bases if ":" in base} == {"python:3.11.14-slim-bookworm"}
    for target in ("replicas", "ingest"):
        stage = written.partition(f" AS {target}\n")[2].partition("\nFROM")[0]
        assert "USER 10001:10001" in stage


@pytest.fixture
def with_secrets(tmp_path):
    def run(*words, **written):
        for name, content in written.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return subprocess.run(
            [ROOT / "deploy/with-secrets", *words],
            env={"PATH": "/usr/bin:/bin", "SECRETS_FOLDER": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )

    return run


def test_secrets_reach_a_command_by_the_names_of_their_files_as_they_are_written(with_secrets):
    done = with_secrets("printenv", "DESK", MAIL="x", DESK="a 'b' $(touch c) \"d\" *\n")
    assert done.stdout == "a 'b' $(touch c) \"d\" *\n"


def test_secrets_that_are_empty_are_a_clear_error(with_secrets):
    done = with_secrets("true", DESK="\n")
    assert (done.returncode, "DESK is empty" in done.stderr) == (2, True)


def test_secrets_whose_file_has_no_name_of_a_variable_are_for_somebody_else(with_secrets):
    assert with_secrets("true", **{"tls.key": "x", "9lives": "x"}).returncode == 0


def test_secrets_need_a_command(with_secrets):
    done = with_secrets(DESK="x")
    assert (done.returncode, "which command" in done.stderr) == (2, True)


STORY = (
    "<p>Westhaven University and Southport Hospital signed a memorandum of understanding on gene therapy on Monday.</p>"
    "<p>The two institutions will train doctors and share a laboratory in the harbour district.</p>"
)


@pytest.fixture
def site():
    """An outlet with a feed, and a desk that takes alerts; gives their address and what the desk was sent."""
    received: Queue[dict[str, object]] = Queue()

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            here = f"http://127.0.0.1:{self.server.server_port}"
            item = f"<item><title>Two sign</title><link>{here}/two-sign.html</link><guid>1</guid></item>"
            feed = f"<rss version='2.0'><channel><title>Post</title><link>{here}/</link>{item}</channel></rss>"
            head = "<html lang=en><head><title>Two sign</title></head>"
            page = f"{head}<body><article><h1>Two sign</h1>{STORY}</article></body></html>"
            known = {"/feed.xml": ("application/rss+xml", feed), "/two-sign.html": ("text/html", page)}
            kind, body = known.get(self.path, ("text/plain", ""))
            self.send_response(200 if self.path in known else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self):
            received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()


@pytest.fixture
def composed(tmp_path, site):
    """Every service of ours, started in the file's own order, with the store on a PostgreSQL."""
    address, _ = site
    api, metrics, health = free_port(), free_port(), free_port()
    (tmp_path / "incoming").mkdir()
    config = tmp_path / "config"
    config.mkdir()
    (config / "ingest.toml").write_bytes((ROOT / "deploy/config/ingest.toml").read_bytes())
    channel = f'[desk]\nkind = "webhook"\nurl = "{address}/alerts"\nsecret = "env:INGEST_DESK_SECRET"\n'
    given = (ROOT / "deploy/config/channels.toml").read_text(encoding="utf-8")
    (config / "channels.toml").write_text(given + channel, encoding="utf-8")
    with database() as server, relayed(f"{folder_of(server.make('ingest'))}/.s.PGSQL.5432") as port:
        with psycopg.connect(server.server.get_uri("ingest"), autocommit=True) as connection:
            connection.execute("CREATE ROLE ingest LOGIN PASSWORD 'of-ingest'")
            connection.execute("ALTER DATABASE ingest OWNER TO ingest")
        made = Composition(
            folder=tmp_path,
            places={
                "@store-database/": f"@127.0.0.1:{port}/",
                "prefect-database": "127.0.0.1",
                "5432": str(port),
                "http://prefect:4200": f"http://127.0.0.1:{api}",
                "127.0.0.1:4200": f"127.0.0.1:{api}",
                "127.0.0.1:9464": f"127.0.0.1:{metrics}",
                "127.0.0.1:8080": f"127.0.0.1:{health}",
                "0.0.0.0": "127.0.0.1",  # noqa: S104 - of the file, and not taken over
                "/opt/prefect.yaml": str(ROOT / "prefect.yaml"),
                "/data": str(tmp_path / "data"),
                "/config": str(config),
                "/incoming": str(tmp_path / "incoming"),
            },
            settings={
                "INGEST_ALLOWED_NETWORKS": "127.0.0.1",
                "INGEST_SETTLE_SECONDS": "0.3",
                "INGEST_DESK_SECRET": "whsec_" + "c2VjcmV0" * 4,
                "PREFECT_WORKER_WEBSERVER_PORT": str(health),
                "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
                "DO_NOT_TRACK": "1",
                # The PostgreSQL of the tests lacks the extension pg_trgm, which Prefect's tables need.
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{tmp_path}/prefect.db",
            },
            secrets={"store_password": "of-ingest", "prefect_password": "of-prefect", "prefect_auth": "ingest:auth"},
            ports={"prefect": ["--port", str(api)], "metrics": ["--port", str(metrics)]},
        )
        try:
            for name in made.ours():
                begin(made, name)
            yield made, f"http://127.0.0.1:{metrics}/metrics"
        finally:
            made.stop()


def folder_of(url):
    return conninfo.conninfo_to_dict(url)["host"]


def begin(made, name):
    process = made.start(name)
    if made.ends(name):
        assert process.wait(120) == 0, f"{name}: {made.log(name)}"
    else:
        made.running[name] = process
        until(lambda: made.is_healthy(name), seconds=120, what=f"{name} to be healthy: {made.log(name)}")


@pytest.mark.slow
def test_what_the_file_starts_takes_in_a_file_and_a_feed_and_tells_the_webhook(composed, site):
    made, metrics = composed
    address, received = site
    made.run("ingest", "alerts", "add", "desk", "--channel", "desk", "--first-contact")
    (made.folder / "incoming/dropped.txt").write_text(
        "Two sign\n\nNorthbank University and Eastlake Institute signed a cooperation agreement on marine biology on "
        "Tuesday.\n\nThey will share ships and train divers together for five years.\n",
        encoding="utf-8",
    )
    made.run("ingest", "sources", "add", f"{address}/feed.xml", "--yes")
    told = set()
    while told != TOLD:
        told |= {parties(item) for item in received.get(timeout=150)["data"]["items"]}
    with urllib.request.urlopen(metrics, timeout=10) as answer:  # noqa: S310 - our own
        assert "ingest_up 1" in answer.read().decode()
    codes = made.stop()
    assert {name: codes[name] for name in ("watcher", "alerts", "metrics")} == {"watcher": 0, "alerts": 0, "metrics": 0}


TOLD = {("Eastlake Institute", "Northbank University"), ("Southport Hospital", "Westhaven University")}


def parties(item):
    return tuple(sorted(party["name"] for party in item["agreement"]["parties"]))
