"""What the operating system refuses is told as what it is, with a remedy that fits."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.errors import NotADatabaseError, SourceError, StoreUnavailableError
from ingest.store import open_store, read
from ingest.watch import Pace, watch


@contextmanager
def unprivileged():
    """Without root's power to read anything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def shared_folder():
    """A folder that another user can come to, which `tmp_path` is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.mark.parametrize("opened", [read.connect, open_store])
def test_a_database_that_may_not_be_read_is_not_said_to_be_unwritable(shared_folder, filled, opened):
    place = Path(shutil.copy(filled, shared_folder / "small.db"))
    place.chmod(0o000)
    with unprivileged(), pytest.raises(StoreUnavailableError, match="cannot be read: permission denied") as refused:
        opened(f"sqlite:///{place}")
    assert "to read the file" in refused.value.remedy


@pytest.mark.parametrize("opened", [read.connect, open_store])
def test_a_database_in_a_folder_that_may_not_be_entered_cannot_be_read(shared_folder, filled, opened):
    place = Path(shutil.copy(filled, shared_folder / "small.db"))
    shared_folder.chmod(0o000)
    with unprivileged(), pytest.raises(StoreUnavailableError, match="cannot be read: permission denied"):
        opened(f"sqlite:///{place}")


@pytest.mark.parametrize("opened", [read.connect, open_store])
def test_a_folder_in_place_of_a_database_is_called_a_folder(tmp_path, opened):
    with pytest.raises(NotADatabaseError, match="is a folder, not a database") as refused:
        opened(f"sqlite:///{tmp_path}")
    assert refused.value.remedy == f"name a file in it: sqlite:///{tmp_path}/ingest.db"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems let a folder be watched that cannot be read")
def test_a_folder_that_may_not_be_read_is_not_said_to_exceed_a_limit(shared_folder):
    next(
        watch(_with_a_file(shared_folder / "open"), pace=Pace(settle_seconds=0), stop=threading.Event())
    )  # loads the library
    closed = _with_a_file(shared_folder / "closed")
    closed.chmod(0o000)
    try:
        with unprivileged(), pytest.raises(SourceError, match="cannot be watched: Permission denied") as refused:
            next(watch(closed, pace=Pace(settle_seconds=0), stop=threading.Event()))
    finally:
        closed.chmod(0o755)
    assert "Allow this user to read" in refused.value.remedy
    assert "inotify" not in refused.value.remedy


def _with_a_file(folder):
    folder.mkdir()
    (folder / "a.txt").write_text("a", encoding="utf-8")
    return folder
