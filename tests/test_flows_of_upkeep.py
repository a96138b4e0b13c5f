"""The flows that keep a store in order by themselves: backups, and raw bodies that are old enough.

They are called without Prefect's engine, in a process of their own, since Prefect changes settings and logging of all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

RUN = """
import json, sys
from flows.backup import back_up_store
from flows.raw_bodies import delete_old_bodies
flows = {"backup": back_up_store, "raw-bodies": delete_old_bodies}
try:
    states = [flows[name].fn() for name in sys.argv[1:]]
except Exception as failure:
    print(json.dumps([[type(failure).__name__, str(failure)]]))
else:
    print(json.dumps([[state.name, state.message] for state in states]))
"""


@pytest.fixture
def called(tmp_path):
    """Calls flows on a store with two documents, with settings; the name and the message of each state."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}

    def ran(*words, **settings):
        environment = {**kept, "PREFECT_HOME": str(tmp_path / "home"), **settings}
        return subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    (tmp_path / "press").mkdir()
    for number in (1, 2):
        text = f"Bridge {number} opens\n\nThe mayor of quarter {number} cut a ribbon. Boats blew their horns.\n"
        (tmp_path / f"press/{number}.txt").write_text(text, encoding="utf-8")
    done = ran("-m", "ingest", "run", "press")
    assert done.returncode == 0, done.stderr

    def call(*names, **settings):
        done = ran("-c", RUN, *names, **settings)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def test_what_is_not_set_is_off_and_says_so(called, tmp_path):
    backup, bodies = called("backup", "raw-bodies")
    assert backup == ["Off", "no backup is made: backup_dir is not set"]
    assert bodies[0] == "Off"
    assert "raw_days" in bodies[1]
    assert len(list((tmp_path / "var/archive").rglob("*.gz"))) == 2


def test_a_backup_is_made_and_only_so_many_are_kept(called, tmp_path):
    first, second = called("backup", "backup", INGEST_BACKUP_DIR="backups", INGEST_BACKUP_KEEP="1")
    assert (first[0], second[0]) == ("Completed", "Completed")
    assert first[1].endswith("2 new raw bodies")
    assert second[1].endswith("0 new raw bodies; 1 older deleted")
    assert len(list((tmp_path / "backups").glob("*/manifest.json"))) == 1


def test_a_backup_that_lacks_a_body_stands_and_its_run_is_failed(called, tmp_path):
    next((tmp_path / "var/archive").rglob("*.gz")).unlink()
    [[name, message]] = called("backup", INGEST_BACKUP_DIR="backups")
    assert (name, "1 raw bodies are nowhere" in message) == ("Failed", True)
    assert len(list((tmp_path / "backups").glob("*/manifest.json"))) == 1


def test_a_backup_that_cannot_be_made_fails_with_the_folder(called, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert called("backup", INGEST_BACKUP_DIR="file/backups") == [
        ["BackupError", "file/backups cannot be written: Not a directory"]
    ]


def test_bodies_that_are_not_old_enough_stay(called, tmp_path):
    assert called("raw-bodies", INGEST_RAW_DAYS="30") == [["Completed", "0 raw bodies deleted"]]
    assert len(list((tmp_path / "var/archive").rglob("*.gz"))) == 2


def test_a_source_of_the_settings_that_is_not_there_fails_the_run_with_its_name(called):
    [[name, message]] = called("raw-bodies", INGEST_RAW_DAYS_BY_SOURCE='{"nowhere": 3}')
    assert (name, "'nowhere'" in message) == ("NotFoundError", True)
