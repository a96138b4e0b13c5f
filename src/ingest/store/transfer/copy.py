"""`ingest db copy`: a whole store into another database, in batches that a broken copy is taken up behind.

The source is locked against writers while it is read, so that nothing is written behind the reader's back; the target
carries a mark instead of its revision until every row was compared, so that no release takes it for a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

from ingest.errors import ConfigurationError
from ingest.migrations import HEAD
from ingest.store.address import Address, parse
from ingest.store.database import Database
from ingest.store.failures import missing, translated
from ingest.store.schema import ensure, make_room
from ingest.store.transfer.carry import BATCH, Carried, Carrying, Tell
from ingest.store.transfer.end import End
from ingest.store.transfer.forms import forms
from ingest.views import Dialect

__all__ = ["Copied", "copy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy came to.

    Attributes:
        source: Address, password masked.
        target: Likewise.
        revision: Of both schemas.
        running: Runs that the source says are under way.
        carried: The rows.
    """

    source: str
    target: str
    revision: str
    running: int
    carried: Carried


def copy(
    source_url: str,
    target_url: str,
    *,
    restart: bool = False,
    replace_nul: bool = False,
    tell: Tell,
    batch: int = BATCH,
) -> Copied:
    """Copy a store into a database that is empty, or holds an unfinished copy of the same store.

    Args:
        source_url: A store of this release's revision, as `ingest.store.address.parse` takes it.
        target_url: Likewise; the schema is made where there is none.
        restart: Whether to begin anew where the target holds an unfinished copy.
        replace_nul: Whether text with NUL, which PostgreSQL refuses, is stored with U+FFFD in its place.
        tell: Told how far it has come, each batch.
        batch: Rows that are written in a transaction.

    Raises:
        ConfigurationError: An address is wrong, or both are the same.
        TargetNotEmptyError: The target holds rows, or a copy of something else.
        StoreError: Something does not answer, is locked, or refuses a row.
    """
    source, target = parse(source_url), parse(target_url)
    if _same(source, target):
        raise ConfigurationError(f"{source.shown} is both source and target", remedy="name another target")
    if source.path is not None and not source.path.exists():
        raise missing(source)
    make_room(target)
    reading, writing = Database(source, create=False), Database(target, create=True)
    try:
        ensure(reading, create=False)
        with _locked(reading) as connection:
            carrying = Carrying(
                End(connection, source), writing, revision=HEAD, tell=tell, replace_nul=replace_nul, batch=batch
            )
            carrying.begin(restart=restart)
            return Copied(
                source=source.shown,
                target=target.shown,
                revision=HEAD,
                carried=carrying.run(),
                running=_running(connection),
            )
    finally:
        reading.close()
        writing.close()


def _same(one: Address, other: Address) -> bool:
    if one.path is not None and other.path is not None:
        return one.path.resolve() == other.path.resolve()
    return one.dsn == other.dsn


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    """A transaction in which nobody else writes to the store, and that sees all that was written before."""
    with translated(database.address), database.engine.connect() as connection:
        names = []
        if database.dialect is Dialect.POSTGRESQL:
            names = [form.name for form in forms(connection)]
            connection.rollback()
            connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            connection.execution_options(writes=not database.address.read_only)
        with connection.begin():
            if names:
                connection.execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE MODE"))
            yield connection


def _running(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM runs WHERE state = 'running'")).scalar_one())
