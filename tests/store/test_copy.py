"""A whole store goes into another database, and every row is compared."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import made_rows
import psycopg
import pytest
import sqlalchemy as sa
from store_samples import RULES, annotated, page, take

from ingest.errors import (
    ConfigurationError,
    SchemaOutdatedError,
    StoreError,
    StoreMissingError,
    StoreUnfinishedError,
    TargetNotEmptyError,
)
from ingest.store import check, open_store, read, upgrade
from ingest.store.address import parse
from ingest.store.transfer.copy import copy

_NUMBERS = iter(range(1_000))


def execute(url, statement, *values):
    address = parse(url)
    if address.path:
        with closing(sqlite3.connect(address.path)) as connection:
            found = connection.execute(statement, values).fetchall()
            connection.commit()
            return found
    with psycopg.connect(address.dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def silent(_):
    pass


class StoppedError(Exception):
    """Stands in for whatever ends a copy."""


def stop_after(rows):
    def tell(progress):
        if progress.done >= rows and not progress.checking:
            raise StoppedError

    return tell


def test_every_row_of_every_table_arrives_whichever_way_it_goes(store_url, any_target_url):
    filled = made_rows.fill(store_url)
    copied = copy(store_url, any_target_url, tell=silent)
    assert copied.carried.mismatches == 0
    assert not copied.carried.resumed
    assert {table.table: table.rows for table in copied.carried.tables} == filled == made_rows.counts(any_target_url)
    assert copied.carried.copied == sum(filled.values())
    back = copy_back(any_target_url, store_url)
    assert [table.sha256 for table in back.carried.tables] == [table.sha256 for table in copied.carried.tables]


def copy_back(target_url, store_url):
    """The same rows in a third database, of the kind of the first."""
    address = parse(store_url)
    if address.path:
        return copy(target_url, f"sqlite:///{address.path.parent / 'third.db'}", tell=silent)
    name = f"third_{next(_NUMBERS)}"
    execute(store_url, f"CREATE DATABASE {name}")
    try:
        return copy(
            target_url, store_url.replace(psycopg.conninfo.conninfo_to_dict(store_url)["dbname"], name), tell=silent
        )
    finally:
        execute(store_url, f"DROP DATABASE {name} WITH (FORCE)")


def test_what_was_copied_is_a_store_that_goes_on_where_the_other_stopped(store_url, target_url):
    with open_store(store_url, rules=RULES) as store:
        take(store, store.start_run("ingest"), page("a.txt"), annotated("The port opened. Ships came in."))
    copy(store_url, target_url, tell=silent)
    assert check(target_url) == ()
    with open_store(target_url, rules=RULES, create=False) as store:
        run = store.start_run("ingest")
        assert run.id == 2
        outcome = take(store, run, page("b.txt", "other"), annotated("A bridge closed. Nobody came."))
        assert outcome.fate.value == "new"
    with read.connect(target_url) as connection:
        assert read.articles(connection, read.ArticleFilter(), limit=5).total == 2


def test_a_copy_that_was_broken_off_is_taken_up_where_it_stopped(store_url, target_url):
    rows = 60
    made_rows.fill(store_url)
    with pytest.raises(StoppedError):
        copy(store_url, target_url, tell=stop_after(rows), batch=2)
    held = sum(made_rows.counts(target_url).values())
    assert held >= rows
    copied = copy(store_url, target_url, tell=silent)
    assert copied.carried.resumed
    assert copied.carried.mismatches == 0
    assert copied.carried.copied == sum(table.rows for table in copied.carried.tables) - held


def test_a_copy_that_was_killed_is_taken_up_by_the_same_command(store_url, target_url, tmp_path):
    made_rows.fill(store_url, many=40)
    script = tmp_path / "killed.py"
    script.write_text(
        "import os, signal, sys\n"
        "from ingest.store.transfer.copy import copy\n"
        "def tell(progress):\n"
        "    if progress.done > 300:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "copy(sys.argv[1], sys.argv[2], tell=tell, batch=7)\n"
    )
    died = subprocess.run([sys.executable, script, store_url, target_url], check=False, env=os.environ, timeout=60)
    assert died.returncode == -signal.SIGKILL
    copied = copy(store_url, target_url, tell=silent)
    assert (copied.carried.resumed, copied.carried.mismatches) == (True, 0)
    assert 0 < copied.carried.copied < sum(table.rows for table in copied.carried.tables)


def test_no_command_takes_an_unfinished_copy_for_a_store(store_url, target_url):
    made_rows.fill(store_url)
    with pytest.raises(StoppedError):
        copy(store_url, target_url, tell=stop_after(3))
    for use in (lambda: open_store(target_url), lambda: read.connect(target_url), lambda: upgrade(target_url)):
        with pytest.raises(StoreUnfinishedError, match="unfinished copy") as raised:
            use()
        assert "again" in raised.value.remedy
    with pytest.raises(StoreUnfinishedError):
        copy(target_url, store_url, tell=silent)


def test_a_target_with_rows_is_refused_and_left_as_it_is(store_url, target_url):
    made_rows.fill(store_url)
    upgrade(target_url)
    made_rows.fill(target_url, many=2)
    before = made_rows.counts(target_url)
    for restart in (False, True):
        with pytest.raises(TargetNotEmptyError, match=r"not empty: \w+ has 2 rows"):
            copy(store_url, target_url, restart=restart, tell=silent)
    assert made_rows.counts(target_url) == before


def test_an_unfinished_copy_of_another_store_is_emptied_only_where_that_is_asked_for(store_url, target_url, tmp_path):
    made_rows.fill(store_url)
    with pytest.raises(StoppedError):
        copy(store_url, target_url, tell=stop_after(3))
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with open_store(other) as store:
        store.start_run("ingest")
    with pytest.raises(TargetNotEmptyError, match="another store"):
        copy(other, target_url, tell=silent)
    copied = copy(other, target_url, restart=True, tell=silent)
    assert (copied.carried.resumed, copied.carried.mismatches, made_rows.counts(target_url)["runs"]) == (False, 0, 1)


def refusal_of_a_writer(url):
    engine = made_rows.engine_of(url)
    try:
        with engine.connect() as connection:
            is_file = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("PRAGMA busy_timeout = 100" if is_file else "SET lock_timeout = '100ms'")
            with pytest.raises(sa.exc.OperationalError) as raised:
                connection.exec_driver_sql("UPDATE runs SET kind = 'other'")
        return str(raised.value)
    finally:
        engine.dispose()


def test_nobody_writes_to_the_source_while_it_is_copied(store_url, target_url):
    made_rows.fill(store_url)
    refused = []

    def tell(_):
        if not refused:
            refused.append(refusal_of_a_writer(store_url))

    assert copy(store_url, target_url, tell=tell).carried.mismatches == 0
    assert "lock" in refused[0]


def test_rows_that_changed_between_two_attempts_are_told_and_the_copy_is_not_used(store_url, target_url):
    made_rows.fill(store_url)
    with pytest.raises(StoppedError):
        copy(store_url, target_url, tell=stop_after(150))
    execute(store_url, "UPDATE runs SET kind = 'other' WHERE id = 3")
    copied = copy(store_url, target_url, tell=silent)
    wrong = [table for table in copied.carried.tables if table.mismatches]
    assert [(table.table, table.changed, table.examples) for table in wrong] == [("runs", 1, ("3",))]
    with pytest.raises(StoreUnfinishedError):
        open_store(target_url)
    assert copy(store_url, target_url, restart=True, tell=silent).carried.mismatches == 0


def test_rows_that_a_target_lost_or_gained_are_named(store_url, target_url):
    made_rows.fill(store_url)
    damaged = []

    def damage(progress):
        if progress.checking and not damaged:
            damaged.append(True)
            execute(target_url, "DELETE FROM host_turns WHERE id = 2")
            added = "INSERT INTO host_turns (id, authority, run_id, until) VALUES (9, 'a', 1, '2026-01-01')"
            execute(target_url, added)
            execute(target_url, "UPDATE articles SET similarity = 0.25 WHERE id = 1")

    copied = copy(store_url, target_url, tell=damage)
    found = {
        table.table: (table.missing, table.added, table.changed, table.examples) for table in copied.carried.tables
    }
    assert found["host_turns"] == (1, 1, 0, ("2", "9"))
    assert found["articles"] == (0, 0, 1, ("1",))
    assert copied.carried.mismatches == 3


@pytest.fixture
def sqlite_source(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "source.db")
    return f"sqlite:///{tmp_path / 'source.db'}"


def sqlite_with_nul(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "nul.db")
    url = f"sqlite:///{tmp_path / 'nul.db'}"
    made_rows.fill(url)
    execute(url, "UPDATE runs SET failure = ? WHERE id = 3", "before\0after")
    execute(url, "UPDATE appearances SET keywords = ? WHERE id = 2", json.dumps(["a\0b", "\\u0000"]))
    return url


@pytest.fixture
def empty_postgresql(postgresql):
    name = f"nul_{next(_NUMBERS)}"
    execute(postgresql("postgres"), f"CREATE DATABASE {name}")
    yield postgresql(name)
    execute(postgresql("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def test_text_that_postgresql_refuses_is_named_and_replaced_only_where_asked_for(
    tmp_path, sqlite_template, empty_postgresql
):
    source = sqlite_with_nul(tmp_path, sqlite_template)
    with pytest.raises(StoreError, match="runs, row 3: failure holds NUL") as raised:
        copy(source, empty_postgresql, tell=silent)
    assert "--replace-nul" in raised.value.remedy
    copied = copy(source, empty_postgresql, replace_nul=True, tell=silent)
    assert (copied.carried.replaced, copied.carried.mismatches) == (2, 0)
    assert execute(empty_postgresql, "SELECT failure FROM runs WHERE id = 3") == [("before\ufffdafter",)]
    assert execute(empty_postgresql, "SELECT keywords FROM appearances WHERE id = 2") == [(["a\ufffdb", "\\u0000"],)]


def test_between_files_nul_is_copied_as_it_is(tmp_path, sqlite_template):
    source, target = sqlite_with_nul(tmp_path, sqlite_template), f"sqlite:///{tmp_path / 'target.db'}"
    assert copy(source, target, tell=silent).carried.replaced == 0
    assert execute(target, "SELECT failure FROM runs WHERE id = 3") == [("before\0after",)]


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("sources", "time_zone = printf('%065d', 1)", "value too long"),
        ("runs", "started_at = 'yesterday or so'", "invalid input syntax for type timestamp"),
        ("runs", "versions = '{no json'", "invalid input syntax for type json"),
        ("runs", "pid = 'many'", "invalid input syntax for type bigint"),
    ],
)
def test_a_value_that_postgresql_does_not_take_is_named_with_its_row(
    sqlite_source, empty_postgresql, table, change, said
):
    made_rows.fill(sqlite_source)
    execute(sqlite_source, f"UPDATE {table} SET {change} WHERE id = 2")  # noqa: S608 - the test's own words
    with pytest.raises(StoreError, match=f"{table}, rows 1 to 5: .*{said}.*line 2"):
        copy(sqlite_source, empty_postgresql, tell=silent)


def test_both_addresses_must_differ(store_url):
    with pytest.raises(ConfigurationError, match="both source and target"):
        copy(store_url, store_url, tell=silent)


def test_a_source_that_is_missing_is_not_made(tmp_path, target_url):
    with pytest.raises(StoreMissingError):
        copy(f"sqlite:///{tmp_path / 'none.db'}", target_url, tell=silent)
    assert not (tmp_path / "none.db").exists()


def test_a_source_of_an_older_release_says_what_to_do(store_url, target_url):
    execute(store_url, "UPDATE ingest_schema SET version_num = '0007'")
    with pytest.raises(SchemaOutdatedError) as raised:
        copy(store_url, target_url, tell=silent)
    assert raised.value.remedy == "run `ingest db upgrade`"


def test_a_source_that_is_read_only_is_copied_too(tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "read.db")
    made_rows.fill(f"sqlite:///{tmp_path / 'read.db'}")
    copied = copy(f"sqlite:///{tmp_path / 'read.db'}?mode=ro", f"sqlite:///{tmp_path / 'target.db'}", tell=silent)
    assert copied.carried.mismatches == 0
