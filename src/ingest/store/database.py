"""Connections and transactions, as each database wants them."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.store.address import Address
from ingest.store.failures import is_lost_race, translated
from ingest.views import Dialect

__all__ = ["Database", "array", "lock", "now"]

T = TypeVar("T")

_BUSY_SECONDS = 10.0  # how long SQLite waits for its one writer
_LOCK_SECONDS = 30  # how long PostgreSQL waits for a lock
_RESTED_SECONDS = 1.0  # after which a connection may be gone: the server was started anew, a firewall forgot it
_TRIES = 4  # of a transaction that lost a race

# Statements are built once, here and in the other modules: building one costs five times what running it does.
_POSTGRESQL_NOW = text("SELECT clock_timestamp()")
# The clock is read when the locks are held: the count of them has to be known before it is.
_LOCK = text(
    "SELECT clock_timestamp() FROM (SELECT count(pg_advisory_xact_lock(key)) AS held"
    " FROM (SELECT unnest(CAST(:keys AS bigint[])) AS key ORDER BY 1) AS k) AS locked WHERE held > 0"
)


class Database:
    """An engine, and the two ways to use it: a reading and a writing transaction.

    Threads may share one; processes may not.
    """

    def __init__(self, address: Address, *, create: bool) -> None:
        self.address = address
        self.engine = _sqlite_engine(address, create=create) if address.path else _postgresql_engine(address)

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self.address.dialect

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that only reads.

        Raises:
            StoreError: What the driver raised, explained.
        """
        with translated(self.address), self.engine.connect() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a writing transaction, and again if another one came first; so it may run more than once.

        On SQLite it begins IMMEDIATE: a transaction that reads first and writes later would fail when another writes in
        between.

        Raises:
            StoreError: What the driver raised, explained.
        """
        with translated(self.address):
            for attempt in range(1, _TRIES + 1):
                try:
                    return self._write_once(work)
                except Exception as error:
                    if attempt == _TRIES or not is_lost_race(error):
                        raise
                    time.sleep(0.01 * attempt)
        raise AssertionError("unreachable: the last try returns or raises")

    def _write_once(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return work(connection)

    def rehearse(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a writing transaction, give what it returns, and leave the store as it was.

        Raises:
            StoreError: What the driver raised, explained.
        """

        def rehearsal(connection: Connection) -> T:
            raise _RehearsedError(work(connection))

        try:
            return self.write(rehearsal)
        except _RehearsedError as done:
            result: T = done.result
            return result

    def outside(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection outside of any transaction.

        Raises:
            StoreError: What the driver raised, explained.
        """
        with translated(self.address), self.engine.connect().execution_options(bare=True) as connection:
            return work(connection)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class _RehearsedError(Exception):
    """Carries the result of a rehearsal out of the transaction that it rolls back."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


def now(connection: Connection) -> datetime:
    """The database's clock, which all workers share. Aware, UTC."""
    if connection.dialect.name == "sqlite":  # which runs in this process, and has no other clock
        return datetime.now(UTC)
    moment: datetime = connection.execute(_POSTGRESQL_NOW).scalar_one()
    return moment.astimezone(UTC)


def lock(connection: Connection, names: Iterable[str]) -> datetime | None:
    """Take the advisory locks of these names until the transaction ends, in one order for every worker.

    SQLite has one writer anyway, so nothing is to be done there.

    Returns:
        What `now` would say once all of them are held, at no further round trip; None where none was to be taken.
    """
    keys = [] if connection.dialect.name == "sqlite" else sorted({_lock_key(name) for name in names})
    if not keys:
        return None
    moment: datetime = connection.execute(_LOCK, {"keys": array(keys)}).scalar_one()
    return moment.astimezone(UTC)


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL reads an array; psycopg takes longer to write a list of them than to send it."""
    return f"{{{','.join(map(str, numbers))}}}"


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)


def _sqlite_engine(address: Address, *, create: bool) -> Engine:
    uri = address.sqlite_uri("rwc" if create else "rw")

    def connect() -> sqlite3.Connection:
        # No isolation level: we say BEGIN ourselves, see `_begin`.
        connection = sqlite3.connect(
            uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            # With a write-ahead log: nothing committed is lost when a process dies, at most the last when power fails.
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("bare", False):
        return
    writes = options.get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(address: Address) -> Engine:
    import psycopg  # noqa: PLC0415 - SQLite needs no driver of PostgreSQL

    def connect() -> psycopg.Connection:
        connection = psycopg.connect(address.dsn, connect_timeout=10)
        connection.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
        connection.commit()
        return connection

    engine = create_engine("postgresql+psycopg://", creator=connect)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _ping_rested)
    return engine


def _note_rest(_: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _ping_rested(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    """Ask whether the server still knows a connection that was not used for a while; if not, the pool opens another.

    SQLAlchemy's own check asks each time, which is a round trip for every save.
    """
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < _RESTED_SECONDS:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as gone:  # the driver's errors have no base class in common with another's
        raise DisconnectionError from gone
