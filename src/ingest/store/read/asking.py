"""Somebody's own SQL, asked of the views: it can read them, and do nothing else (`guards`)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ingest.errors import QueryError
from ingest.store.failures import translated
from ingest.store.read.connection import Connection, connect
from ingest.store.read.guards import MOST_BYTES, guard_postgresql, guard_sqlite, one_select, refuse_escapes
from ingest.store.read.refusals import explained, too_long
from ingest.views import Dialect

if TYPE_CHECKING:
    import psycopg

__all__ = ["Cell", "Question", "Snapshot", "ask", "snapshot"]

Cell: TypeAlias = str | int | float | bool | bytes | None
"""A value as the drivers give it; whatever else PostgreSQL has (arrays, dates) comes as its text."""

_FEW, _MANY = 1, 512  # rows held at a time: at first, and while they have shown to be small
_SMALL = 1_000_000  # bytes of a batch after which the next one may be larger


@dataclass(slots=True)
class Snapshot:
    """One guarded look at a store; a context manager. Every question sees the same state of it.

    Attributes:
        connection: The connection, guarded.
        seconds: How long all that is asked may take.
        deadline: When that is over, by `time.monotonic`.
        busy_since: Since when the database has been at work, by the same clock; None while it is not.
    """

    connection: Connection
    seconds: float
    deadline: float
    busy_since: float | None = None

    @property
    def dialect(self) -> Dialect:
        """Which of the databases it is."""
        return self.connection.address.dialect

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def ask(self, sql: str, *, limit: int = 0) -> Question:
        """Ask a question in SQL; one at a time.

        Args:
            sql: One SELECT over views, in the database's own SQL.
            limit: Rows at most; 0: all.

        Raises:
            QueryError: It is not one SELECT, names what is not there, asks for what only a writer may do, or took too
                long.
        """
        text = one_select(sql)
        raw = self.connection.raw
        with self.at_work():
            cursor = raw.execute(text) if isinstance(raw, sqlite3.Connection) else _on_postgresql(raw, text)
            described = cursor.description or ()
            columns = tuple(str(column[0]) for column in described)
            oids = tuple(column[1] for column in described if column[1] is not None)
        return Question(columns=columns, oids=oids, _snapshot=self, _cursor=cursor, _limit=limit)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Say that the database is at work, and turn what its driver raises into errors of ours."""
        self.busy_since = time.monotonic()
        try:
            with translated(self.connection.address), explained(seconds=self.seconds, deadline=self.deadline):
                yield
        finally:
            self.busy_since = None


@dataclass(slots=True)
class Question:
    """A query under way; a context manager.

    Attributes:
        columns: Names of the columns, in their order.
        oids: PostgreSQL's numbers of their types; none on SQLite.
        left_out: After the rows were read: whether there were more than the limit.
    """

    columns: tuple[str, ...]
    oids: tuple[int, ...]
    _snapshot: Snapshot
    _cursor: Any
    _limit: int
    _is_alone: bool = False
    left_out: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _close(self._cursor)
        if self._is_alone:
            self._snapshot.close()

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Give the rows one by one; afterwards `left_out` says whether there were more than the limit.

        Raises:
            QueryError: It took too long, or a row could not be made.
        """
        given, number = 0, _FEW
        while batch := self._fetched(number):
            if time.monotonic() > self._snapshot.deadline:  # PostgreSQL counts the time of each batch by itself
                raise too_long(self._snapshot.seconds)
            for row in batch:
                if _bytes(row) > MOST_BYTES:  # SQLite refuses to make such a one
                    raise QueryError("the query makes values that are too large", remedy="ask for less of it")
                if self._limit and given == self._limit:
                    self.left_out = True
                    return
                given += 1
                yield row
            # Cells may be as large as they like: a batch of many is for rows that have shown to be small.
            number = min(_MANY, number * 2) if sum(map(_bytes, batch)) < _SMALL else 1

    def _fetched(self, number: int) -> list[tuple[Cell, ...]]:
        with self._snapshot.at_work():
            if self._snapshot.dialect is Dialect.POSTGRESQL:
                return [tuple(row) for row in self._cursor.fetchmany(number)]
            batch: list[tuple[Cell, ...]] = []
            held = 0
            while len(batch) < number and held < _SMALL and (row := self._cursor.fetchone()) is not None:
                batch.append(row)
                held += _bytes(row)
            return batch


def snapshot(url: str, *, seconds: float) -> Snapshot:
    """Take a guarded look at a store.

    Args:
        url: As in `Settings.database_url`.
        seconds: All that is asked may take no longer, the reading of rows included.

    Raises:
        QueryError: A query could do more than read.
        StoreError: As for `connect`.
    """
    looked = Snapshot(connection=connect(url), seconds=seconds, deadline=time.monotonic() + seconds)
    raw = looked.connection.raw
    try:
        with looked.at_work():
            if isinstance(raw, sqlite3.Connection):
                guard_sqlite(raw, deadline=looked.deadline)
            else:
                guard_postgresql(raw, seconds=seconds)
    except BaseException:
        looked.close()
        raise
    return looked


def ask(url: str, sql: str, *, seconds: float, limit: int) -> Question:
    """Ask one question in SQL.

    Args:
        url: As in `Settings.database_url`.
        sql: One SELECT over views, in the database's own SQL.
        seconds: It may take no longer, the reading of its rows included.
        limit: Rows at most; 0: all.

    Raises:
        QueryError: It is not one SELECT, names what is not there, asks for what only a writer may do, or took too long.
        StoreError: As for `connect`.
    """
    text = one_select(sql)
    looked = snapshot(url, seconds=seconds)
    try:
        question = looked.ask(text, limit=limit)
    except BaseException:
        looked.close()
        raise
    return replace(question, _is_alone=True)


def _on_postgresql(raw: psycopg.Connection[Any], text: str) -> psycopg.ServerCursor[Any]:
    refuse_escapes(text)
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


def _bytes(row: tuple[Cell, ...]) -> int:
    return sum(len(cell) for cell in row if isinstance(cell, (str, bytes)))
