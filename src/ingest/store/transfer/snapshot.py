"""One state of a store as an SQLite file, while others go on writing to the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ingest.errors import StoreError
from ingest.store.address import Address, parse
from ingest.store.database import Database
from ingest.store.failures import missing, translated
from ingest.store.schema import version
from ingest.store.transfer.carry import Carrying, Tell
from ingest.store.transfer.digests import TableDigest, digests
from ingest.store.transfer.end import End
from ingest.views import Dialect

__all__ = ["Snapshot", "note_deleted", "page_digests", "snapshot", "still_wanted", "table_digests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A file that holds one state of a store.

    Attributes:
        revision: Of its schema: that of the store.
        tables: Each table.
    """

    revision: str
    tables: tuple[TableDigest, ...]


def snapshot(url: str, path: Path, *, tell: Tell) -> Snapshot:
    """Write the state that a store is in now to a new file.

    Nobody is locked out: SQLite copies within one reading transaction, PostgreSQL gives one view of all tables.

    Args:
        url: A store of this release or an earlier one.
        path: The file, which is not there yet.
        tell: Told how far it has come.

    Raises:
        StoreError: The store cannot be read, or the file not be written.
    """
    address = parse(url)
    if address.path is not None and not address.path.exists():
        raise missing(address)
    database = Database(address, create=False)
    try:
        revision = database.read(lambda connection: version(connection, address))
        if revision is None:
            raise missing(address)
        if address.dialect is Dialect.SQLITE:
            _vacuum_into(address, path)
            return Snapshot(revision=revision, tables=tuple(table_digests(path, tell=tell)))
        return _carry(database, path, revision, tell=tell)
    finally:
        database.close()


def _vacuum_into(address: Address, path: Path) -> None:
    with (
        translated(address),
        closing(sqlite3.connect(address.sqlite_uri("rw"), uri=True, timeout=30, isolation_level=None)) as raw,
    ):
        raw.execute("VACUUM INTO ?", (str(path),))


def _carry(source: Database, path: Path, revision: str, *, tell: Tell) -> Snapshot:
    target = Database(parse(f"sqlite:///{path}"), create=True)
    try:
        with translated(source.address), source.engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                carried = Carrying(End(connection, source.address), target, revision=revision, tell=tell).run()
    finally:
        target.close()
    wrong = [table for table in carried.tables if table.mismatches]
    if wrong:
        told = ", ".join(f"{table.table} {'/'.join(table.examples)}" for table in wrong)
        raise StoreError(
            f"rows of {source.address.shown} do not come back from the backup as they were: {told}",
            remedy="look at those rows: do they hold numbers that are none?",
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")  # one file, with all in it
    return Snapshot(
        revision=revision,
        tables=tuple(TableDigest(table=each.table, rows=each.rows, sha256=each.sha256) for each in carried.tables),
    )


def note_deleted(path: Path, pages: Collection[str]) -> TableDigest:
    """Note in a snapshot that the archive lost these pages by order since it was taken; how the table is now.

    Raises:
        StoreError: The file cannot be written.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with translated(parse(f"sqlite:///{path}")), closing(sqlite3.connect(path)) as raw:
        raw.executemany("UPDATE pages SET removed_at = ? WHERE sha256 = ?", [(at, each) for each in pages])
        raw.commit()
    return next(table_digests(path, tell=lambda _: None, only={"pages"}))


def table_digests(path: Path, *, tell: Tell, only: Collection[str] | None = None) -> Iterator[TableDigest]:
    """Each table of a store in a file, or only some.

    Raises:
        StoreError: The file cannot be read.
    """
    address = parse(f"sqlite:///{path}?mode=ro")
    database = Database(address, create=False)
    try:
        with translated(address), database.engine.connect() as connection:
            yield from digests(End(connection, address), tell=tell, only=only)
    finally:
        database.close()


def page_digests(path: Path) -> Iterator[tuple[str, int]]:
    """Digest and size in bytes of each page that a store in a file refers to."""
    address = parse(f"sqlite:///{path}?mode=ro")
    with translated(address), closing(sqlite3.connect(address.sqlite_uri("ro"), uri=True)) as raw:
        columns = {row[1] for row in raw.execute("PRAGMA table_info(pages)")}
        kept = "WHERE removed_at IS NULL" if "removed_at" in columns else ""
        for sha256, size in raw.execute(f"SELECT sha256, bytes FROM pages {kept} ORDER BY sha256"):  # noqa: S608 - a constant
            yield str(sha256), int(size)


def still_wanted(url: str, digests: Collection[str]) -> tuple[str, ...]:
    """Those of these pages that a store at work still refers to: others were deleted since it was looked at.

    Raises:
        StoreError: It cannot be read.
    """
    address, asked = parse(url), sorted(digests)
    database = Database(address, create=False)

    def work(connection: Connection) -> tuple[str, ...]:
        names = {column["name"] for column in inspect(connection).get_columns("pages")}
        kept = "AND removed_at IS NULL" if "removed_at" in names else ""
        query = text(f"SELECT count(*) FROM pages WHERE sha256 = :digest {kept}")  # noqa: S608 - a constant
        return tuple(each for each in asked if connection.execute(query, {"digest": each}).scalar_one())

    try:
        return database.read(work) if asked else ()
    finally:
        database.close()
