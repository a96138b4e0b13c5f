"""Migrating a database, and telling what state its schema is in.

At head, which is nearly always, this imports no Alembic: that would cost more than the rest of a command.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from sqlalchemy import Connection, text

from ingest.errors import (
    ConfigurationError,
    NotADatabaseError,
    SchemaNewerError,
    SchemaOutdatedError,
    StoreReadOnlyError,
)
from ingest.migrations import HEAD, REVISIONS, VERSION_TABLE
from ingest.store import reader, search, unfinished
from ingest.store.address import Address, parse
from ingest.store.database import Database
from ingest.store.failures import missing, translated
from ingest.tables import Base
from ingest.views import Dialect, create_statements, drop_statements

__all__ = ["drop", "ensure", "make_reader", "make_room", "migrate", "see_that_it_is_current", "upgrade", "version"]

_OURS = {"documents", "articles", "agreements", "runs"}  # tables that give a store away, with or without a version
_MIGRATION_LOCK = 0x1A6E57  # one migrator at a time on PostgreSQL
_JOURNAL_SECONDS = 10.0


def upgrade(url: str) -> tuple[str | None, str]:
    """Create a store or bring it up to this release.

    Args:
        url: As `ingest.store.address.parse` takes it. SQLite's file and folder are made where they are missing.

    Returns:
        The revision that it had (None: there was nothing) and the one that it has.

    Raises:
        StoreError: It cannot be: something else is in that file, a newer release made it, it is read-only or locked.
    """
    address = parse(url)
    make_room(address)
    database = Database(address, create=True)
    try:
        return migrate(database), HEAD
    finally:
        database.close()


def ensure(database: Database, *, create: bool) -> None:
    """See that a database is a store at head; where it is older or empty, and `create` says so, bring it there.

    Raises:
        StoreMissingError: It is empty, and stays so.
        SchemaOutdatedError: It is older, and stays so.
        SchemaNewerError: A newer release made it.
        NotADatabaseError: It holds something else.
    """
    found = database.read(lambda connection: version(connection, database.address))
    if found == HEAD:
        return
    if create:
        migrate(database)
    elif found is None:
        raise missing(database.address)
    else:
        raise _outdated(found, database.address)


def _outdated(found: str, address: Address) -> SchemaOutdatedError:
    return SchemaOutdatedError(
        f"{address.shown} was made by an older release (revision {found}, this one has {HEAD})",
        remedy="run `ingest db upgrade`",
    )


def see_that_it_is_current(connection: Connection, address: Address) -> None:
    """Refuse a store that was upgraded, or replaced, since it was opened.

    Raises:
        SchemaNewerError: A newer release upgraded it.
        SchemaOutdatedError: An older store took its place.
        StoreUnfinishedError: One is being copied there.
    """
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one()  # noqa: S608 - a constant
    if found != HEAD:
        _see_that_it_is_known(found, address)
        raise _outdated(found, address)


def _see_that_it_is_known(found: str, address: Address) -> None:
    if found not in REVISIONS:
        unfinished.refuse(found, address.shown)
        raise SchemaNewerError(
            f"{address.shown} was made by a newer release (revision {found}, this one knows up to {HEAD})",
            remedy="upgrade ingest",
        )


def version(connection: Connection, address: Address) -> str | None:
    """The revision of a store; None where the database is empty.

    Raises:
        SchemaNewerError: This release does not know it.
        StoreUnfinishedError: A copy into it was broken off.
        NotADatabaseError: There are tables, but not ours.
    """
    tables = _tables(connection)
    if VERSION_TABLE not in tables:
        foreign = tables if address.dialect is Dialect.SQLITE else tables & _OURS
        if foreign:
            raise NotADatabaseError(
                f"{address.shown} is a database of something else: it has a table `{min(foreign)}`",
                remedy="give ingest a database of its own",
            )
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608 - a constant
    if found is not None:
        _see_that_it_is_known(found, address)
    return found


def migrate(database: Database, revision: str = HEAD) -> str | None:
    """Bring a database to a revision, under a lock, in one transaction; returns the one that it had.

    Args:
        database: Of that revision, or of an earlier one, or empty.
        revision: Only one at head gets the views, which are those of this release.
    """
    if database.dialect is Dialect.SQLITE:
        _use_write_ahead_log(database)
    with translated(database.address), database.engine.connect().execution_options(writes=True) as connection:
        return _migrate(connection, database.address, revision)


def _migrate(connection: Connection, address: Address, revision: str) -> str | None:
    if address.dialect is Dialect.SQLITE:
        # A batch migration drops and renames tables, which must not delete what refers to them. Only works outside a
        # transaction; the connection is closed for good below.
        _driver(connection).execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            if address.dialect is Dialect.POSTGRESQL:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            found = version(connection, address)  # again: another may have come first
            if found != revision:
                _run_migrations(connection, address.dialect, revision)
            return found
    finally:
        connection.detach()
        connection.close()


def _run_migrations(connection: Connection, dialect: Dialect, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - dear, and wanted once in a store's life
    from alembic.config import Config  # noqa: PLC0415 - likewise

    for statement in drop_statements(_views(connection)):
        connection.exec_driver_sql(statement)
    config = Config()
    config.set_main_option("script_location", "ingest:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    for statement in create_statements(dialect) if revision == HEAD else ():
        # psycopg takes a percent sign for the beginning of a parameter.
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect is Dialect.POSTGRESQL else statement)
    if revision == HEAD:
        search.fill(connection)
    if dialect is Dialect.POSTGRESQL and connection.exec_driver_sql(reader.EXISTS).first():
        _let_read(connection)
    if dialect is Dialect.SQLITE and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise AssertionError("a migration left rows that refer to nothing")


def drop(connection: Connection) -> None:
    """Drop the store that a database holds, of whichever revision."""
    for statement in drop_statements(_views(connection)):
        connection.exec_driver_sql(statement)
    ours = [table.name for table in reversed(Base.metadata.sorted_tables)]
    there = _tables(connection)
    if connection.dialect.name == "postgresql":
        names = ", ".join(name for name in [*ours, VERSION_TABLE] if name in there)
        connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")
        return
    # The whole file is ours, tables of a later release among them, which may refer to any other.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    # Virtual tables take the tables with them that they keep their rows in.
    virtual = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    for name in connection.exec_driver_sql(virtual).scalars().all():
        connection.exec_driver_sql(f"DROP TABLE {name}")
    there = _tables(connection)
    for name in (*(name for name in ours if name in there), *sorted(there - set(ours))):
        connection.exec_driver_sql(f"DROP TABLE {name}")


def make_reader(url: str) -> str:
    """Make PostgreSQL's role for readers, where it is not there yet, and let it read the views of this store.

    Args:
        url: A store at head, as a user that may make roles.

    Returns:
        The role's name.

    Raises:
        ConfigurationError: It is SQLite, which knows no roles.
        StoreError: It cannot be made, or the store is missing or of another release.
    """
    address = parse(url)
    if address.dialect is not Dialect.POSTGRESQL:
        raise ConfigurationError(
            "SQLite knows no roles: who may open the file may read it",
            remedy="nothing needs to be done: 'ingest sql' opens it read-only by itself",
        )
    database = Database(address, create=False)
    try:
        ensure(database, create=False)
        with translated(address), database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            if not connection.exec_driver_sql(reader.EXISTS).first():
                for statement in reader.create_statements():
                    connection.exec_driver_sql(statement)
            _let_read(connection)
    finally:
        database.close()
    return reader.READER


def _let_read(connection: Connection) -> None:
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for statement in reader.grant_statements(schema, _views(connection)):
        connection.exec_driver_sql(statement)


def _tables(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql(_listing(connection, "table")).scalars())


def _views(connection: Connection) -> tuple[str, ...]:
    return tuple(
        name for name in connection.exec_driver_sql(_listing(connection, "view")).scalars() if name[:2] == "v_"
    )


def _listing(connection: Connection, kind: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"SELECT name FROM sqlite_master WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"  # noqa: S608 - two constants
    return (
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(current_schema())"  # noqa: S608 - two constants
        f" AND c.relkind IN ('{'v' if kind == 'view' else 'r'}') ORDER BY c.oid"
    )


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a connection of SQLite")
    return driver


def _use_write_ahead_log(database: Database) -> None:
    """Readers and the one writer do not block each other; the file remembers it.

    SQLite does not wait for the moment of sole access that this needs, so we do.
    """
    with translated(database.address), database.engine.connect() as connection:
        execute: Callable[[str], sqlite3.Cursor] = _driver(connection).execute
        deadline = time.monotonic() + _JOURNAL_SECONDS
        while True:
            try:
                execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


def make_room(address: Address) -> None:
    """Make the folder of an SQLite file."""
    if address.path is not None and not address.read_only and not address.path.parent.exists():
        try:
            address.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreReadOnlyError(
                f"the folder of {address.shown} cannot be made: {error.strerror}", remedy="choose another place"
            ) from error
