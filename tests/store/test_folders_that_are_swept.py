"""A folder that somebody watches is looked through from time to time, whatever events get lost."""

from __future__ import annotations

import pytest

from ingest.documents import SourceKind
from ingest.intake import add_up
from ingest.store import read
from ingest.store.subscriptions import NewSource, add_source, set_state
from ingest.tables import SourceState


@pytest.fixture
def sweep(store):
    run = store.start_run("sources")

    def add(name, address):
        new = NewSource(name=name, kind=SourceKind.FOLDER, address=address, interval_seconds=900)
        return add_source(store.database, run, new).is_new

    yield add
    store.finish_run(run, add_up(()))


def due(url, name):
    with read.connect(url) as connection:
        return read.source(connection, name).next_due_at


def test_a_folder_that_is_new_is_due_at_once(store_url, sweep):
    assert sweep("desk", "press") is True
    assert due(store_url, "desk") is not None


def test_a_folder_that_was_only_run_by_hand_becomes_due(store, store_url, sweep, tmp_path):
    from ingest import pipeline
    from ingest.settings import Settings
    from ingest.sources import FolderSource

    (tmp_path / "press").mkdir()
    found = FolderSource(root=tmp_path / "press", name="desk", address="press", only=())
    (tmp_path / "press" / "a.txt").write_bytes(b"")
    pipeline.run(found, store, Settings(database_url=store_url, archive_url=str(tmp_path / "archive")))
    assert due(store_url, "desk") is None
    assert sweep("desk", "press") is True
    assert due(store_url, "desk") is not None
    assert sweep("desk", "press") is False


def test_a_rhythm_and_a_pause_that_a_person_set_stay(store, store_url, sweep):
    run = store.start_run("sources")
    new = NewSource(name="desk", kind=SourceKind.FOLDER, address="press", interval_seconds=60)
    add_source(store.database, run, new)
    store.finish_run(run, add_up(()))
    before = due(store_url, "desk")
    set_state(store.database, "desk", SourceState.PAUSED)
    assert sweep("desk", "press") is False
    assert due(store_url, "desk") == before
