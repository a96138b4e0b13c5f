"""`ingest watch` while its store is away, and what `ingest serve` refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tools.faults.serving import until
from tools.faults.store import database as postgresql_that_stops
from tools.faults.store import held

WORDS = "The ferry was late. Its captain spoke of fog over the bay and of a hundred gulls on the quay."


@pytest.mark.slow
def test_a_store_that_goes_away_is_waited_for_with_what_is_in_hand(tmp_path):
    press = tmp_path / "press"
    press.mkdir()
    with postgresql_that_stops() as database:
        url = database.make("watched")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
        with subprocess.Popen(
            [sys.executable, "-m", "ingest", "watch", "press"],
            cwd=tmp_path,
            env={**kept, "INGEST_DATABASE_URL": url, "INGEST_SETTLE_SECONDS": "0.2"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as watching:
            (press / "first.txt").write_text(f"Harbour notes\n\n{WORDS} It was the first.\n")
            until(lambda: len(held(url)["documents"]) == 1, seconds=30, what="the first document")
            database.stop()
            (press / "second.txt").write_text(
                "A railway\n\nIts bridges, its timetable and its tunnel under the hill.\n"
            )
            time.sleep(2)
            database.start()
            until(lambda: len(held(url)["documents"]) == 2, seconds=30, what="the second document")
            watching.send_signal(signal.SIGTERM)
            _, said = watching.communicate(timeout=30)
    assert watching.returncode == 0
    assert said.count("trying on") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [("watch", "nowhere"), ("serve", "--watch", "nowhere")])
def test_a_folder_that_is_not_there_is_named(ingest, command):
    code, _, said = ingest(*command)
    assert code == 2
    assert "there is no folder nowhere" in said


def test_prefect_that_is_asked_for_and_not_set_is_named(ingest, monkeypatch, tmp_path):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (tmp_path / "press").mkdir()
    code, _, said = ingest("watch", "--flow", "press")
    assert code == 1
    assert "set PREFECT_API_URL" in said


def test_one_name_for_several_folders_is_refused(ingest, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    code, _, said = ingest("watch", "one", "two", "--source", "desk")
    assert code == 2
    assert "--source names one source" in said


def test_a_port_that_is_taken_is_named_with_what_to_do(ingest, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, said = ingest("--database", f"sqlite:///{tmp_path}/store.db", "serve", "--port", str(port))
    assert code == 1
    assert f"Port {port} is taken" in said
    assert "--port" in said
    assert oct((tmp_path / "home" / "auth").stat().st_mode)[-3:] == "600"
