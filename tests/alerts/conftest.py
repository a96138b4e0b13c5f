from __future__ import annotations

import pytest
from store_samples import RULES
from web_server import serve

from ingest.settings import Settings
from ingest.store import open_store


@pytest.fixture
def site():
    with serve() as opened:
        yield opened


@pytest.fixture
def store(store_url):
    """A store with simple rules and only the default alert rule, on SQLite and on PostgreSQL."""
    with open_store(store_url, rules=RULES) as opened:
        yield opened


@pytest.fixture
def settings(store_url):
    return Settings(database_url=store_url)


@pytest.fixture
def run(store):
    return store.start_run("ingest")
