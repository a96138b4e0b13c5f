from __future__ import annotations

from itertools import count

import psycopg
import pytest
from store_samples import RULES

from ingest.store import open_store

_NUMBERS = count()


@pytest.fixture
def store(store_url):
    """A store with no rows in it and simple rules, on SQLite and on PostgreSQL."""
    with open_store(store_url, rules=RULES) as opened:
        yield opened


@pytest.fixture
def run(store):
    return store.start_run("ingest")


def empty(kind, request, tmp_path):
    """URL of an empty database, of either kind; dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'target.db'}"
        return
    address, name = request.getfixturevalue("postgresql"), f"target_{next(_NUMBERS)}"
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield address(name)
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def target_url(database, request, tmp_path):
    """URL of an empty database of the other kind."""
    yield from empty("postgresql" if database == "sqlite" else "sqlite", request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_target_url(request, tmp_path):
    """URL of an empty database, of either kind whatever the source is."""
    yield from empty(request.param, request, tmp_path)
