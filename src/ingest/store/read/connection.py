"""A read-only connection through the databases' own drivers: SQLAlchemy would add a third of a second to a command."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from ingest.errors import NotFoundError, SchemaNewerError, SchemaOutdatedError
from ingest.migrations import HEAD, REVISIONS, VERSION_TABLE
from ingest.store import unfinished
from ingest.store.address import Address, parse
from ingest.store.failures import translated

if TYPE_CHECKING:
    import psycopg

__all__ = ["Connection", "Listing", "Row", "connect", "like", "where"]

Row = Mapping[str, Any]

_BUSY_SECONDS = 5
_MANY = 10_000  # rows held at a time
_CHUNK = 500  # parameters in one IN list; SQLite once took no more than 999
_UNDEFINED = ("42P01", "42703")  # table, column


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[_T]):
    """Part of a list.

    Attributes:
        items: As many as were asked for.
        total: How many there are.
    """

    items: tuple[_T, ...]
    total: int


def where(*conditions: tuple[object, ...]) -> tuple[str, list[object]]:
    """Join conditions with AND.

    Args:
        conditions: Each a text of SQL and its parameters; one that has None among its parameters is left out.

    Returns:
        The text, and the parameters in their order.
    """
    held = [condition for condition in conditions if None not in condition[1:]]
    return " AND ".join(str(condition[0]) for condition in held), [value for held_one in held for value in held_one[1:]]


def like(words: str) -> str:
    """Words as they stand in a LIKE pattern with `ESCAPE '!'`."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")


class _Cursor(Protocol):
    @property
    def description(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...
    def fetchmany(self, size: int, /) -> list[Any]: ...


class Connection:
    """One consistent, read-only look at a store; a context manager.

    Attributes:
        raw: The driver's connection.
        address: The store.
        shown: Its address, password masked.
    """

    def __init__(self, raw: sqlite3.Connection | psycopg.Connection[Any], *, address: Address) -> None:
        self.raw = raw
        self.address = address
        self.shown = address.shown

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.raw.close()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Run a query.

        Args:
            sql: With `?` for each parameter, and no `%`.
            parameters: In their order.

        Raises:
            StoreError: The database does not answer, or does not have what the query names.
        """
        with translated(self.address):
            cursor = self._asked(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def each(self, sql: str) -> Iterator[tuple[object, ...]]:
        """Run a query without parameters whose rows are many, and give them one by one, in the order of its columns.

        Raises:
            StoreError: As for `rows`.
        """
        with translated(self.address):
            cursor = self._asked(sql, ())
            while batch := cursor.fetchmany(_MANY):
                yield from map(tuple, batch)

    def _asked(self, sql: str, parameters: tuple[object, ...]) -> _Cursor:
        try:
            return self._executed(sql, parameters)
        except Exception as error:
            if _lacks_something(error):
                said = str(error).partition("\n")[0]  # what follows is the query
                raise SchemaOutdatedError(
                    f"{self.shown} lacks what this release reads: {said}", remedy="run `ingest db upgrade`"
                ) from error
            raise

    def _executed(self, sql: str, parameters: tuple[object, ...]) -> _Cursor:
        if isinstance(self.raw, sqlite3.Connection):
            return self.raw.execute(sql, parameters)
        return self.raw.execute(sql.replace("?", "%s").encode(), parameters or None)

    def rows_in(self, sql: str, values: Sequence[str | int]) -> list[Row]:
        """Run a query over a list of values, however long, in chunks.

        Args:
            sql: With `{}` where the placeholders of an IN list go.
            values: The list; an empty one gives no rows.
        """
        found: list[Row] = []
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            found += self.rows(sql.format(", ".join("?" * len(chunk))), *chunk)
        return found

    def one_id(self, view: str, column: str, given: str, *, prefix: str, what: str) -> str:
        """The public id that somebody means.

        Args:
            view: Where ids are.
            column: Their column there.
            given: An id, or the beginning of one; the prefix may be left out.
            prefix: What every id begins with.
            what: Name of the thing, for the message.

        Raises:
            NotFoundError: None begins so, or several do.
        """
        begun = given if given.startswith(prefix) else prefix + given
        rows = self.rows(
            f"SELECT {column} AS id FROM {view} WHERE {column} LIKE ? ESCAPE '!' ORDER BY {column} LIMIT 6",  # noqa: S608 - names of ours
            like(begun) + "%",
        )
        ids = [str(row["id"]) for row in rows]
        if begun in ids or len(ids) == 1:
            return begun if begun in ids else ids[0]
        if ids:
            some = ", ".join([*ids[:5], *("…" for _ in ids[5:])])
            raise NotFoundError(
                f"several {what}s have an id that begins with {begun!r}: {some}", remedy="give more of it"
            )
        raise NotFoundError(
            f"there is no {what} with the id {given!r}", remedy=f"`ingest {what}s` lists those there are"
        )


def connect(url: str) -> Connection:
    """Open a store for reading.

    Args:
        url: As in `Settings.database_url`.

    Raises:
        StoreMissingError: There is none.
        NotADatabaseError: The file is something else.
        SchemaNewerError: A newer release made it.
        StoreUnfinishedError: A copy into it was broken off.
        SchemaOutdatedError: An older release made it, or it holds something else.
        StoreUnavailableError: The database does not answer.
        ConfigurationError: It is not the address of a database.
    """
    address = parse(url)
    with translated(address):
        raw = _sqlite(address) if address.path else _postgresql(address.dsn)
    opened = Connection(raw, address=address)
    try:
        _check_release(opened)
    except BaseException:
        raw.close()
        raise
    return opened


def _check_release(opened: Connection) -> None:
    """Refuse what another release made: its views may mean something else even where the query succeeds."""
    rows = opened.rows(f"SELECT version_num AS revision FROM {VERSION_TABLE}")  # noqa: S608 - a constant
    found = str(rows[0]["revision"]) if rows else "none"
    if found == HEAD:
        return
    if rows and found not in REVISIONS:
        unfinished.refuse(found, opened.shown)
        raise SchemaNewerError(
            f"{opened.shown} was made by a newer release (revision {found}, this one knows up to {HEAD})",
            remedy="upgrade ingest",
        )
    raise SchemaOutdatedError(
        f"{opened.shown} was made by an older release (revision {found}, this one has {HEAD})",
        remedy="run `ingest db upgrade`",
    )


def _sqlite(address: Address) -> sqlite3.Connection:
    try:
        return _opened(address.sqlite_uri("ro"))
    except sqlite3.OperationalError as refused:
        # To read a database in WAL mode is to write beside it, unless somebody has it open already, or SQLite is told
        # that nobody writes.
        if not refused.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise
        return _opened(address.sqlite_uri("ro") + "&immutable=1")


def _opened(uri: str) -> sqlite3.Connection:
    raw = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        raw.close()
        raise
    return raw


def _postgresql(dsn: str) -> psycopg.Connection[Any]:
    import psycopg  # noqa: PLC0415 - costs a tenth of a second that SQLite need not pay

    raw = psycopg.connect(dsn, connect_timeout=10)
    raw.read_only = True
    raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return raw


def _lacks_something(error: Exception) -> bool:
    """Whether a driver says that a table, view or column is not there."""
    said = str(error)
    return "no such table" in said or "no such column" in said or getattr(error, "sqlstate", "") in _UNDEFINED
