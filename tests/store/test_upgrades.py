"""A store of every release is brought forward with its rows in place."""

from __future__ import annotations

import made_rows
import pytest
import sqlalchemy as sa
from store_samples import RULES, annotated, page, take

from ingest.errors import SchemaNewerError, SchemaOutdatedError
from ingest.migrations import HEAD, REVISIONS
from ingest.store import check, open_store, read, upgrade
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.schema import migrate
from ingest.store.transfer.end import End

RELEASED = REVISIONS[:-1]

# What a migration is for: columns whose values it changes on purpose.
CHANGED = {
    ("alert_deliveries", "state"),  # 0008: what had failed is parked
}
# Tables into which a migration puts rows that follow from others.
DERIVED = {"alert_rules", "alert_occasions"}


def store_of(url, revision, *, many=5):
    """A store as that revision was made, with rows in each of its tables."""
    database = Database(parse(url), create=True)
    migrate(database, revision)
    database.close()
    made_rows.fill(url, many=many)


def contents(url):
    """Every row as neutral values: table → key → column → value."""
    database = Database(parse(url), create=False)

    def work(connection):
        end = End(connection, parse(url))
        return {
            name: {
                tuple(row[at] for at in form.key): dict(zip(form.names(), row, strict=True)) for row in end.rows(form)
            }
            for name, form in end.forms.items()
        }

    try:
        return database.read(work)
    finally:
        database.close()


@pytest.mark.parametrize("revision", RELEASED)
def test_every_row_of_a_release_is_there_after_the_upgrade(empty_url, revision):
    store_of(empty_url, revision)
    before = contents(empty_url)
    assert all(len(rows) == 5 for rows in before.values())
    assert upgrade(empty_url) == (revision, HEAD)
    after = contents(empty_url)
    for table, rows in before.items():
        assert rows.keys() <= after[table].keys()
        assert table in DERIVED or rows.keys() == after[table].keys()
        changed = {
            (table, column)
            for key, row in rows.items()
            for column, value in row.items()
            if column in after[table][key] and after[table][key][column] != value
        }
        assert changed <= CHANGED
    assert {finding.check for finding in check(empty_url)} <= {"rows"}  # made-up rows mean nothing


@pytest.mark.parametrize("revision", RELEASED)
def test_an_upgraded_store_takes_new_articles(empty_url, revision):
    store_of(empty_url, revision)
    upgrade(empty_url)
    with open_store(empty_url, rules=RULES, create=False) as store:
        run = store.start_run("ingest")
        assert run.id == 6
        taken = take(store, run, page("new.txt"), annotated("The port opened. Ships came in."))
    assert taken.fate.value == "new"
    with read.connect(empty_url) as connection:
        assert read.article(connection, taken.article_id).text == "The port opened. Ships came in."


@pytest.mark.parametrize("revision", RELEASED)
def test_a_store_of_an_earlier_release_is_refused_until_it_is_upgraded(empty_url, revision):
    store_of(empty_url, revision, many=1)
    for use in (lambda: open_store(empty_url, create=False), lambda: read.connect(empty_url)):
        with pytest.raises(SchemaOutdatedError, match=f"revision {revision}, this one has {HEAD}") as raised:
            use()
        assert raised.value.remedy == "run `ingest db upgrade`"
    assert [finding.check for finding in check(empty_url)] == ["schema"]


def test_a_failed_upgrade_leaves_the_store_as_it_was(empty_url):
    store_of(empty_url, "0007")
    engine = made_rows.engine_of(empty_url)
    with engine.begin() as connection:  # in the way of 0008
        connection.exec_driver_sql("CREATE TABLE alert_occasions (id integer PRIMARY KEY)")
    before = contents(empty_url)
    with pytest.raises(Exception, match="alert_occasions"):
        upgrade(empty_url)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM ingest_schema")).scalar_one() == "0007"
        connection.exec_driver_sql("DROP TABLE alert_occasions")
    engine.dispose()
    before.pop("alert_occasions")
    assert contents(empty_url) == before
    assert upgrade(empty_url) == ("0007", HEAD)


def test_a_process_from_before_an_upgrade_begins_no_further_run(store_url):
    with open_store(store_url, rules=RULES) as store:
        store.start_run("ingest")
        store.database.write(
            lambda connection: connection.execute(sa.text("UPDATE ingest_schema SET version_num = '9999'"))
        )
        with pytest.raises(SchemaNewerError) as raised:
            store.start_run("ingest")
    assert raised.value.remedy == "upgrade ingest"
