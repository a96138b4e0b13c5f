"""Making, migrating and opening a store, and what is said where that cannot be done."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

import psycopg
import pytest
from store_samples import RULES, annotated, page, take

from ingest.errors import (
    ConfigurationError,
    NotADatabaseError,
    SchemaNewerError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from ingest.migrations import HEAD, REVISIONS
from ingest.store import check, open_store, upgrade
from ingest.store.address import parse

TEXT = "The port opened. Ships came in."


def execute(url, statement):
    """Meddle with a store by hand."""
    address = parse(url)
    if address.path:
        with closing(sqlite3.connect(address.path)) as connection:
            connection.execute(statement)
            connection.commit()
    else:
        with psycopg.connect(address.dsn, autocommit=True) as connection:
            connection.execute(statement)


def test_a_store_is_made_where_there_was_none_and_then_is_at_head(empty_url):
    assert upgrade(empty_url) == (None, HEAD)
    assert upgrade(empty_url) == (HEAD, HEAD)
    assert check(empty_url) == ()


def test_opening_makes_a_store_with_its_folders(tmp_path):
    url = f"sqlite:///{tmp_path / 'some' / 'where' / 'ingest.db'}"
    with open_store(url) as store:
        assert store.start_run("ingest").id == 1
        assert store.url_shown == url


def test_opening_without_making_says_what_to_do(empty_url):
    with pytest.raises(StoreMissingError, match="no store at") as raised:
        open_store(empty_url, create=False)
    assert "ingest db upgrade" in raised.value.remedy


def test_a_newer_store_is_left_alone(store_url):
    execute(store_url, "UPDATE ingest_schema SET version_num = '9999'")
    for look in (open_store, upgrade, check):
        with pytest.raises(SchemaNewerError, match="newer release") as raised:
            look(store_url)
        assert raised.value.remedy == "upgrade ingest"


def test_a_database_of_something_else_is_left_alone(empty_url):
    execute(empty_url, "CREATE TABLE documents (id integer)")
    with pytest.raises(NotADatabaseError, match="something else"):
        open_store(empty_url)


def test_other_tables_beside_ours_are_no_hindrance_on_a_server(empty_url, database):
    if database == "postgresql":
        execute(empty_url, "CREATE TABLE flow_run (id integer)")
        assert upgrade(empty_url) == (None, HEAD)
        execute(empty_url, "DROP TABLE flow_run")
        assert check(empty_url) == ()


@pytest.mark.parametrize("content", [b"this is no database, but a text of some length " * 50, b"\x89PNG\r\n" * 300])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    for look in (open_store, upgrade, check):
        with pytest.raises(NotADatabaseError, match="is not a database"):
            look(f"sqlite:///{path}")
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / "new.db").touch()
    assert upgrade(f"sqlite:///{tmp_path / 'new.db'}") == (None, HEAD)


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(NotADatabaseError):
        open_store(f"sqlite:///{tmp_path}")


def test_a_store_opened_read_only_cannot_be_written(tmp_path):
    url = f"sqlite:///{tmp_path / 'ingest.db'}"
    upgrade(url)
    with open_store(f"{url}?mode=ro") as store, pytest.raises(StoreReadOnlyError, match="cannot be written"):
        store.start_run("ingest")


@contextmanager
def unprivileged():
    """Without root's power to write anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared_folder():
    """A folder that another user can come to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_file_without_write_permission_is_read_only(shared_folder):
    path = shared_folder / "ingest.db"
    upgrade(f"sqlite:///{path}")
    path.chmod(0o444)
    with unprivileged(), pytest.raises(StoreReadOnlyError), open_store(f"sqlite:///{path}") as store:
        store.start_run("ingest")


def test_a_folder_without_write_permission_takes_no_new_store(shared_folder):
    shared_folder.chmod(0o555)
    for path in (shared_folder / "ingest.db", shared_folder / "deeper" / "ingest.db"):
        with unprivileged(), pytest.raises(StoreReadOnlyError, match="cannot be"):
            open_store(f"sqlite:///{path}")


def test_a_store_that_another_process_has_locked_is_unavailable(store_url, database):
    if database == "sqlite":
        with closing(sqlite3.connect(parse(store_url).path)) as other, open_store(store_url) as store:
            other.execute("BEGIN IMMEDIATE")
            with store.database.engine.connect() as connection:  # the pool's only one, which does not wait long now
                connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(StoreUnavailableError, match="locked"):
                store.database.write(hasten)


def hasten(_):
    raise AssertionError("the lock was not respected")


def test_a_server_that_is_not_there_is_unavailable_and_the_password_stays_hidden(tmp_path):
    with pytest.raises(StoreUnavailableError) as raised:
        open_store(f"postgresql://me:secret@/ingest?host={tmp_path}")
    assert "secret" not in str(raised.value) + raised.value.remedy + repr(raised.value)
    assert ":***@" in str(raised.value)


def test_a_database_that_is_not_there_is_missing(postgresql):
    with pytest.raises(StoreMissingError) as raised:
        open_store(postgresql("nowhere"))
    assert "createdb" in raised.value.remedy


def test_a_server_that_takes_no_writes_is_read_only(store_url, database):
    if database == "postgresql":
        name = psycopg.conninfo.conninfo_to_dict(store_url)["dbname"]
        execute(store_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        with open_store(store_url) as store, pytest.raises(StoreReadOnlyError):
            store.start_run("ingest")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/db",
        "ingest.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a.db?cache=shared",
        "",
    ],
)
def test_other_addresses_are_refused(url):
    with pytest.raises(ConfigurationError):
        open_store(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_the_usual_spellings_of_an_address_are_taken(scheme):
    address = parse(f"{scheme}://me:pa@ss@host/db")
    assert address.dsn == "postgresql://me:pa@ss@host/db"
    assert address.shown == "postgresql://me:***@host/db"
    assert "pa@ss" not in repr(address)


MAKE = "import sys; from ingest.store import upgrade; print(upgrade(sys.argv[1])[0])"


def test_of_two_who_make_a_store_at_once_one_does(empty_url):
    makers = [
        subprocess.Popen([sys.executable, "-c", MAKE, empty_url], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = sorted(maker.communicate(timeout=60)[0].strip() for maker in makers)
    assert said == sorted([HEAD, "None"])
    assert check(empty_url) == ()


OPEN = """
import sys
from ingest.store import open_store
with open_store(sys.argv[1]) as store:
    store.finish_run(store.start_run("ingest"), RuntimeError())
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"alembic", "spacy", "prefect", "numpy", "rensa"}))
"""


def test_opening_a_store_at_head_does_not_load_what_migrates(store_url):
    done = subprocess.run([sys.executable, "-c", OPEN, store_url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_packages_doorway_loads_no_sqlalchemy():
    modules = "ingest.store, ingest.store.address, ingest.store.failures, ingest.views"
    code = f"import sys, {modules}; print('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_this_release_knows_the_revisions_that_it_ships():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "ingest:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS
    assert scripts.get_current_head() == HEAD
    assert (resources.files("ingest.migrations") / "script.py.mako").is_file()


def test_a_check_finds_a_table_that_was_changed_by_hand(store_url):
    execute(store_url, "ALTER TABLE decisions ADD COLUMN mood text")
    execute(store_url, "DROP VIEW v_runs")
    assert {finding.check for finding in check(store_url)} == {"schema", "views"}


def test_a_check_finds_rows_that_do_not_hold_together(store_url):
    with open_store(store_url, rules=RULES) as store:
        take(store, store.start_run("ingest"), page(), annotated(TEXT))
    execute(store_url, "UPDATE documents SET revision = 7")
    (finding,) = check(store_url)
    assert (finding.check, finding.message) == ("rows", "document a.txt has lost its latest revision")


def test_a_check_finds_rows_that_refer_to_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'ingest.db'}"
    with open_store(url, rules=RULES) as store:
        take(store, store.start_run("ingest"), page(), annotated(TEXT))
    execute(url, "DELETE FROM pages")
    assert "references" in {finding.check for finding in check(url)}
