"""What a driver's error means, as one of ours with a remedy. Imports neither SQLAlchemy nor a driver."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error as SqliteError

from ingest.errors import (
    IngestError,
    NotADatabaseError,
    StoreError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from ingest.mask import mask
from ingest.store.address import Address

__all__ = ["explain", "is_lost_race", "missing", "translated"]

_DEADLOCK, _UNIQUE = "40P01", "23505"
_LOST_RACES = frozenset({_DEADLOCK, _UNIQUE, "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the errors of a driver, bare or as SQLAlchemy wraps them, into a StoreError; others pass."""
    try:
        yield
    except IngestError:
        raise
    except Exception as error:
        driver_error = _driver_error(error)
        if driver_error is None:
            raise
        raise explain(driver_error, address) from error


def is_lost_race(error: BaseException) -> bool:
    """Whether another transaction came first, so that trying again may well succeed."""
    driver_error = _driver_error(error)
    return driver_error is not None and _code(driver_error) in _LOST_RACES


def missing(address: Address) -> StoreMissingError:
    """There is no database at this address."""
    return StoreMissingError(
        f"there is no store at {address.shown} yet",
        remedy="`ingest run` or `ingest db upgrade` makes one"
        if address.path
        else "create the database (`createdb NAME`), then run `ingest db upgrade`",
    )


def explain(error: BaseException, address: Address) -> StoreError:
    """Say what a driver's error means.

    Args:
        error: An error of sqlite3 or psycopg.
        address: The database that it came from; its password is not shown.
    """
    if not isinstance(error, SqliteError):
        return _explain_postgresql(error, address)
    if address.path is not None and os.path.isdir(address.path):  # noqa: PTH112 - Path.is_dir raises where it may not look
        return _is_folder(address, address.path)
    return _explain_sqlite(error, address)


def _driver_error(error: BaseException) -> BaseException | None:
    candidate = getattr(error, "orig", None) or error
    name = type(candidate).__module__.partition(".")[0]
    return candidate if isinstance(candidate, SqliteError) or name == "psycopg" else None


def _code(error: BaseException) -> str:
    return str(getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or "")


def _explain_sqlite(error: SqliteError, address: Address) -> StoreError:
    code, shown = _code(error), address.shown
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return _not_a_database(address)
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return _read_only(address)
    if code.startswith("SQLITE_CANTOPEN"):
        return _cannot_open(address)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreUnavailableError(
            f"{shown} stays locked by another process", remedy="wait until that is done, or end it, and try again"
        )
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StoreUnavailableError(f"{shown}: {error}", remedy="look at the disk: is it full, or gone?")
    return StoreError(f"{shown}: {error}", remedy="run `ingest db check`")


def _not_a_database(address: Address) -> NotADatabaseError:
    return NotADatabaseError(
        f"{address.shown} is not a database, or a damaged one",
        remedy="name another file, which need not exist yet, or put a backup back",
    )


def _is_folder(address: Address, path: Path) -> NotADatabaseError:
    return NotADatabaseError(
        f"{address.shown} is a folder, not a database", remedy=f"name a file in it: sqlite:///{path / 'ingest.db'}"
    )


def _unreadable(address: Address) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"{address.shown} cannot be read: permission denied",
        remedy="allow this user to read the file and to enter its folder",
    )


def _read_only(address: Address) -> StoreReadOnlyError:
    return StoreReadOnlyError(
        f"{address.shown} cannot be written",
        remedy="allow this user to write the file and its folder"
        if address.path
        else "connect as a user that may write, to a server that takes writes",
    )


def _cannot_open(address: Address) -> StoreError:
    """SQLite says no more than 'unable to open'; the file system knows why."""
    path = address.path
    try:
        if path is None or (not path.exists() and path.parent.is_dir() and _may(path.parent, os.W_OK | os.X_OK)):
            return missing(address)
        if not path.parent.exists():
            return missing(address)
        if path.exists() and not _may(path, os.R_OK):
            return _unreadable(address)
    except PermissionError:  # a folder on the way may not be entered
        return _unreadable(address)
    return _read_only(address)


def _may(path: Path, mode: int) -> bool:
    """Whether this process may do that: as the user that it acts for, where the system can tell."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _explain_postgresql(error: BaseException, address: Address) -> StoreError:
    code = _code(error)
    message = mask(" ".join(str(error).split()))
    if code == "3D000" or (not code and 'database "' in message and "does not exist" in message):
        return missing(address)
    if code in {"25006", "42501"}:
        return _read_only(address)
    if code in {"55P03", _DEADLOCK, "57014"}:
        return StoreUnavailableError(
            f"{address.shown} stays locked by another process: {message}",
            remedy="wait until that is done, or end it, and try again",
        )
    if not code or code[:2] in {"08", "28", "53", "57"}:
        return StoreUnavailableError(
            f"{address.shown} does not answer: {message}",
            remedy="see that the server runs and that address, user and password are right",
        )
    return StoreError(f"{address.shown}: {message}", remedy="run `ingest db check`")
