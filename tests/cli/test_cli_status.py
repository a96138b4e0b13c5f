"""`ingest status` and `ingest metrics`, and where commands log."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys

import httpx
import pytest
from jsonschema import Draft202012Validator

from ingest import log, schemas
from ingest.cli.screen import Screen
from ingest.report import status as shown
from ingest.store import read, upgrade

BAD = "bad\x1b[31m\nsource\u202e"


@pytest.fixture(autouse=True)
def _no_log_of_another_test():
    yield
    log.stop()


@pytest.fixture
def failing(store):
    """A store with a source that fails, and whose name is hostile."""
    with sqlite3.connect(store.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "INSERT INTO sources (id, name, kind, time_zone, failures, first_seen_at, first_run_id, state, token,"
            " last_failure) VALUES (9, ?, 'feed', '', 4, '2026-03-01T08:00:00.000000Z', 1, 'active', 0, 'timed out')",
            (BAD,),
        )
    connection.close()
    return store


def test_the_state_of_a_store_is_told_in_plain_lines(ingest, store):
    code, out, err = ingest("status", "--database", store)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "in order      nothing needs an eye"
    assert "Running       no run" in lines
    assert "Stored        2 documents, 1 stand dropped" in lines
    assert "\x1b" not in out


def test_what_needs_an_eye_comes_first_with_the_command_that_shows_more(ingest, failing):
    code, out, _ = ingest("status", "--database", failing)
    assert code == 0
    assert out.splitlines()[:2] == [
        "look          1 source failing: bad�[31m source�",
        "                ingest sources",
    ]


def test_the_exit_code_tells_monitoring_whether_something_needs_an_eye(ingest, store, failing):
    assert store == failing
    assert ingest("status", "--check", "--database", failing)[0] == 5
    with sqlite3.connect(failing.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE sources SET failures = 0")
    connection.close()
    assert ingest("status", "--check", "--database", failing)[0] == 0


@pytest.mark.parametrize("database", ["store", "store_on_postgresql"])
def test_the_state_is_told_as_json_of_the_published_form(ingest, request, database):
    code, out, _ = ingest("status", "--json", "--database", request.getfixturevalue(database))
    found = json.loads(out)
    assert code == 0
    Draft202012Validator(schemas.schema("status")).validate(found)
    assert (found["queue"]["stored"], found["queue"]["dropped"], found["sizes"]["archive_pages"]) == (2, 1, 3)


def test_on_a_terminal_a_hostile_name_moves_no_cursor(failing, tmp_path):
    with read.connect(failing) as connection:
        found = read.status(connection)
    path = tmp_path / "screen.txt"
    with path.open("w", encoding="utf-8") as out:
        Screen(out, sys.stderr, width=80).show(shown.blocks(found))
    text = path.read_text(encoding="utf-8")
    assert "failing" in text
    assert "\x1b[31m\n" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("command", [("status",), ("status", "--check"), ("status", "--json")])
def test_a_store_that_is_not_there_gets_a_message_with_the_remedy(ingest, command):
    code, out, err = ingest(*command, "--database", "sqlite:///none.db")
    assert (code, out) == (1, "")
    assert err == "error: there is no store at sqlite:///none.db yet\n  `ingest run` or `ingest db upgrade` makes one\n"


def test_a_store_of_an_older_release_gets_a_message_with_the_remedy(ingest, store):
    with sqlite3.connect(store.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE ingest_schema SET version_num = '0003'")
    connection.close()
    code, _, err = ingest("status", "--database", store)
    assert code == 1
    assert "made by an older release" in err
    assert "ingest db upgrade" in err


def test_an_empty_store_is_in_order(ingest):
    upgrade("sqlite:///empty.db")
    code, out, _ = ingest("status", "--check", "--database", "sqlite:///empty.db")
    assert code == 0
    assert "Last article  none yet" in out.splitlines()


def test_metrics_are_written_once_for_a_textfile(ingest, failing):
    code, out, err = ingest("metrics", "--once", "--database", failing)
    assert (code, err) == (0, "")
    assert "ingest_up 1.0\n" in out
    assert 'ingest_concerns{kind="source_unhealthy"} 1.0\n' in out
    assert 'ingest_source_troubled{health="failing",source="bad�[31m source�"} 1.0\n' in out


def test_metrics_of_a_store_that_is_away_say_so_and_succeed(ingest):
    code, out, err = ingest("metrics", "--once", "--database", "sqlite:///none.db")
    assert code == 0
    assert out.splitlines()[-1] == "ingest_up 0.0"
    assert "the store cannot be read: there is no store at sqlite:///none.db yet" in err


def test_a_port_that_is_taken_is_said_with_the_remedy(ingest, store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = ingest("metrics", "--port", str(port), "--database", store)
    assert code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in err
    assert "--port" in err


def test_metrics_answer_until_they_are_told_to_stop(store):
    command = [sys.executable, "-m", "ingest", "metrics", "--port", "0", "--quiet", "--database", store]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ}) as process:
        started = json.loads(process.stderr.readline())
        assert started["event"] == "metrics.started"
        assert "ingest_up 1.0" in httpx.get(started["address"], trust_env=False).text
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def taken_in(ingest, tmp_path, monkeypatch, **settings):
    """Events that a run over a picture and an article logs."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    for name, value in settings.items():
        monkeypatch.setenv(f"INGEST_{name.upper()}", value)
    _, _, err = ingest("run", "in", "--quiet")
    return err


def test_a_run_logs_nothing_beside_its_words_unless_something_is_wrong(ingest, tmp_path, monkeypatch):
    assert taken_in(ingest, tmp_path, monkeypatch) == ""


def test_a_run_logs_its_events_where_it_is_asked_to(ingest, tmp_path, monkeypatch):
    err = taken_in(ingest, tmp_path, monkeypatch, log_level="info")
    events = [json.loads(line) for line in err.splitlines()]
    assert [each["event"] for each in events] == ["run.started", "document.dropped", "run.finished"]
    assert (events[1]["key"], events[1]["reason"]) == ("picture.txt", "not_text")
    assert (events[2]["documents"], events[2]["dropped"]) == (1, 1)


def test_a_run_logs_its_events_as_text_where_it_is_asked_to(ingest, tmp_path, monkeypatch):
    err = taken_in(ingest, tmp_path, monkeypatch, log_level="info", log_format="text")
    assert err.splitlines()[0].endswith("level=info event=run.started run=1 kind=ingest")
