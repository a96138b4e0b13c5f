"""Somebody's own SQL, asked of the views: it can read them, and do nothing else.

Each guard stands by itself. On SQLite the file is opened read-only, and an authoriser lets through selecting from views
and calling functions; how long a value may become, and how much memory the library may take, is bounded. On PostgreSQL
the text becomes the query of a cursor, which takes one SELECT without statements that write, in a read-only
transaction, as the role that may read the views and nothing else (`reader`).
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ingest.errors import QueryError
from ingest.store.failures import translated
from ingest.store.read.connection import Connection, connect
from ingest.store.reader import READER, may_become_reader
from ingest.views import VIEWS

if TYPE_CHECKING:
    import psycopg

__all__ = ["Cell", "Question", "ask"]

Cell: TypeAlias = str | int | float | bool | bytes | None
"""A value as the drivers give it; whatever else PostgreSQL has (arrays, dates) comes as its text."""

_BATCH = 500  # rows held at a time
_MOST_BYTES = 50_000_000  # of one value, or one row
_MOST_MEMORY = 1_000_000_000  # bytes; SQLite gives up before the machine does
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_NAMES = frozenset(view.name for view in VIEWS)
_GENERATORS = frozenset({"json_each", "json_tree"})
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "sqlite_compileoption_get"})
# What turns a text into a query or a setting, and so could leave the role, or holds locks and connections up; what else
# can do harm, the role may not call.
_ESCAPES = re.compile(
    r"set_config|(query|table|schema|database|cursor)_to_xml|pg_sleep|pg_advisory|pg_try_advisory|pg_notify"
    r"|ts_stat|ts_rewrite|dblink|lo_|pg_cancel|pg_terminate|u&",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_SELECTS = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*(select|with|values)\b", re.IGNORECASE | re.DOTALL)
_TIMED_OUT = ("57014",)


@dataclass(slots=True)
class Question:
    """A query under way; a context manager.

    Attributes:
        columns: Names of the columns, in their order.
        shown: The store's address, password masked.
    """

    columns: tuple[str, ...]
    shown: str
    _connection: Connection
    _cursor: Any
    _limit: int
    _seconds: float
    _deadline: float
    left_out: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _close(self._cursor)
        self._connection.close()

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Give the rows one by one; afterwards `left_out` says whether there were more than the limit.

        Raises:
            QueryError: It took too long, or a row could not be made.
        """
        given = 0
        while batch := self._fetched():
            if time.monotonic() > self._deadline:  # PostgreSQL counts the time of each batch by itself
                raise _too_long(self._seconds)
            for row in batch:
                if self._limit and given == self._limit:
                    self.left_out = True
                    return
                given += 1
                yield row

    def _fetched(self) -> list[tuple[Cell, ...]]:
        with translated(self._connection.address), _explained(self._seconds):
            return [tuple(row) for row in self._cursor.fetchmany(_BATCH)]


def ask(url: str, sql: str, *, seconds: float, limit: int) -> Question:
    """Ask a question in SQL.

    Args:
        url: As in `Settings.database_url`.
        sql: One SELECT over views, in the database's own SQL.
        seconds: It may take no longer, the reading of its rows included.
        limit: Rows at most; 0: all.

    Raises:
        QueryError: It is not one SELECT, names what is not there, asks for what only a writer may do, or took too long.
        StoreError: As for `connect`.
    """
    text = sql.strip().rstrip(";").strip()
    if not text:
        raise QueryError("there is no query", remedy="write one: ingest sql 'select * from v_agreements'")
    if "\0" in text:
        raise QueryError("the query holds a NUL character", remedy="take it out")
    if not _SELECTS.match(text):
        raise QueryError("that is not a SELECT", remedy="'ingest sql' only reads: begin with SELECT, WITH or VALUES")
    deadline = time.monotonic() + seconds
    connection = connect(url)
    try:
        with translated(connection.address), _explained(seconds):
            raw = connection.raw
            cursor = (
                _on_sqlite(raw, text, deadline)
                if isinstance(raw, sqlite3.Connection)
                else _on_postgresql(raw, text, seconds)
            )
            columns = tuple(column[0] for column in cursor.description or ())
    except BaseException:
        connection.close()
        raise
    return Question(
        columns=columns,
        shown=connection.shown,
        _connection=connection,
        _cursor=cursor,
        _limit=limit,
        _seconds=seconds,
        _deadline=deadline,
    )


def _on_sqlite(raw: sqlite3.Connection, text: str, deadline: float) -> sqlite3.Cursor:
    raw.execute("PRAGMA query_only = ON")
    raw.execute(f"PRAGMA hard_heap_limit = {_MOST_MEMORY}")
    raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    raw.execute("SELECT 1 FROM json_each('[]')")  # is set up on first use, which the authoriser would refuse
    raw.set_authorizer(_authorised)
    raw.text_factory = lambda stored: stored.decode("utf-8", "replace")
    return raw.execute(text)


def _authorised(action: int, first: str | None, second: str | None, base: str | None, within: str | None) -> int:
    """Let through what selecting from views needs; `within` is the view whose query is being read."""
    del base
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in _REFUSED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ:
        # What a view reads is the view's affair; where no column is read, as of a WITH table, nothing is.
        mine = not second or first in _NAMES or first in _GENERATORS or within in _NAMES
        return sqlite3.SQLITE_OK if mine else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY


def _on_postgresql(raw: psycopg.Connection[Any], text: str, seconds: float) -> psycopg.ServerCursor[Any]:
    from psycopg.adapt import Loader  # noqa: PLC0415 - costs a tenth of a second that SQLite need not pay

    class Plain(Loader):
        """What has no form of its own in the other database: its text."""

        def load(self, data: bytes | bytearray | memoryview) -> str:
            return bytes(data).decode()

    if escape := _ESCAPES.search(_LITERAL.sub("''", text)):
        raise QueryError(
            f"the query uses {escape[0]!r}, which does more than read", remedy="use what selects, and nothing else"
        )
    raw.execute(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}".encode())
    _become_reader(raw)
    for known in raw.adapters.types:
        if known.name not in {"bool", "int2", "int4", "int8", "float4", "float8", "bytea", "text", "varchar"}:
            raw.adapters.register_loader(known.oid, Plain)
        raw.adapters.register_loader(known.array_oid, Plain)
    cursor: psycopg.ServerCursor[Any] = raw.cursor(name="asked")
    try:
        cursor.execute(text.encode())
    except BaseException:
        _close(cursor)
        raise
    return cursor


def _close(cursor: sqlite3.Cursor | psycopg.ServerCursor[Any]) -> None:
    """Close a cursor; of one whose transaction failed nothing is left to close."""
    with suppress(Exception):
        cursor.close()


def _become_reader(raw: psycopg.Connection[Any]) -> None:
    may, is_mighty = may_become_reader(raw)
    if may:
        raw.execute(f"SET LOCAL ROLE {READER}".encode())
    elif is_mighty:
        raise QueryError(
            "the database's user may read and write the server's files, and so could a query",
            remedy=f"run 'ingest db reader' once: it makes the role {READER}, as which queries then run",
        )


class _explained:  # noqa: N801 - a context manager is used like a function
    """Turns what a driver says of somebody's query into a QueryError; what says that the store is lost passes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, MemoryError):
            raise QueryError("the query took too much memory", remedy="ask for less of it") from error
        if isinstance(error, sqlite3.Error):
            raised = _of_sqlite(error, self._seconds)
        elif type(error).__module__.startswith("psycopg"):
            raised = _of_postgresql(error, self._seconds)
        else:
            return
        if raised is not None:
            raise raised from error


def _of_sqlite(error: sqlite3.Error, seconds: float) -> QueryError | None:
    said = str(error)
    if isinstance(error, sqlite3.ProgrammingError):
        return QueryError(
            "that is more than one query" if "one statement" in said else f"the query is not right: {said}",
            remedy="ask one SELECT at a time, without parameters",
        )
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_INTERRUPT":
        return _too_long(seconds)
    if code == "SQLITE_AUTH" or "prohibited" in said or "not authorized" in said:
        return QueryError(f"that is not for reading: {said}", remedy=_remedy(said) or "ask the views (v_…) alone")
    if code in {"SQLITE_TOOBIG", "SQLITE_NOMEM"}:
        return QueryError("the query makes values that are too large", remedy="ask for less of it")
    if code.startswith("SQLITE_ERROR") or code in {"SQLITE_MISMATCH", "SQLITE_RANGE"}:
        return QueryError(f"the query is not right: {said}", remedy=_remedy(said))
    return None


def _of_postgresql(error: BaseException | None, seconds: float) -> QueryError | None:
    code = str(getattr(error, "sqlstate", None) or "")
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    said = " ".join((primary or str(error)).split())
    if code in _TIMED_OUT:
        return _too_long(seconds)
    if code in {"42501", "25006", "34000", "0A000"}:
        return QueryError(f"that is not for reading: {said}", remedy=_remedy(said) or "ask the views (v_…) alone")
    if code[:2] in {"42", "22", "54", "21"} or (code[:2] == "53" and code != "53300"):
        return QueryError(f"the query is not right: {said}", remedy=_remedy(said))
    return None


def _too_long(seconds: float) -> QueryError:
    return QueryError(
        f"the query took longer than {seconds:g} seconds and was ended",
        remedy="narrow it with WHERE, or give it more time: --seconds 300",
    )


def _remedy(said: str) -> str:
    """The view, or the column of a view, that was most likely meant."""
    named = re.search(r"(?:no such table: |access to |relation \"|table |view )\"?(?:main\.)?([\w.]+)", said)
    if named is None:
        return ""
    word = named[1].rpartition(".")[2] if named[1].count(".") else named[1]
    near = difflib.get_close_matches(word if word.startswith("v_") else f"v_{word}", sorted(_NAMES), n=3, cutoff=0.6)
    listed = f"there is {', '.join(near)}; " if near else ""
    return f"{listed}'ingest sql --views' lists every view and its columns"
