from __future__ import annotations

import pytest
from store_samples import RULES

from ingest.store import open_store


@pytest.fixture
def store(store_url):
    """A store with no rows in it and simple rules, on SQLite and on PostgreSQL."""
    with open_store(store_url, rules=RULES) as opened:
        yield opened


@pytest.fixture
def run(store):
    return store.start_run("ingest")
