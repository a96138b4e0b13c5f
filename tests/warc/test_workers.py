"""What reads: what it is told, and what it leaves behind."""

from __future__ import annotations

import os

import pytest

from ingest.errors import ConfigurationError
from ingest.settings import Settings, load
from ingest.workers import handed_down, how_many, readers


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"INGEST_{name.upper()}", raising=False)


def test_a_process_that_is_started_reads_the_settings_of_the_one_that_starts_it(monkeypatch):
    monkeypatch.setenv("INGEST_WINDOW", "7")
    given = Settings(database_url="sqlite:///other.db", max_attempts=9, host_gap_seconds=0.5, window=11)
    with handed_down(given):
        assert load() == given
    assert load() == Settings(window=7)
    assert "INGEST_DATABASE_URL" not in os.environ


def test_as_many_workers_as_cores_read_unless_told():
    assert how_many(Settings(backfill_workers=0)) == os.cpu_count()
    assert how_many(Settings(backfill_workers=5)) == 5


def test_a_dask_scheduler_that_does_not_answer_is_refused():
    given = Settings(backfill_on="dask", dask_scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="does not answer"), readers(given):
        pass
