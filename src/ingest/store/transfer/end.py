"""One side of a transfer: rows out of a database, and into one, as the same neutral values on both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from ingest.errors import StoreError
from ingest.store.address import Address
from ingest.store.failures import translated
from ingest.store.transfer.forms import Column, Form, Kind, forms
from ingest.views import Dialect

if TYPE_CHECKING:
    import psycopg

__all__ = ["End", "Key", "Row", "Value"]

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Key = tuple[Value, ...]

_AT_ONCE = 1_000  # rows that a driver hands over together
_TIME = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


class End:
    """A database within a transaction of the caller's.

    Attributes:
        connection: That transaction's connection.
        address: Which database it is.
        forms: Its tables by name, in the order in which rows may be written.
    """

    def __init__(self, connection: Connection, address: Address, known: Iterable[Form] | None = None) -> None:
        """Look at a database.

        Args:
            connection: Within a transaction.
            address: Which database it is.
            known: Its tables, where they were looked up before.
        """
        self.connection = connection
        self.address = address
        self.forms = {form.name: form for form in (forms(connection) if known is None else known)}

    @property
    def _is_sqlite(self) -> bool:
        return self.address.dialect is Dialect.SQLITE

    def rows(self, form: Form, *, after: Key | None = None) -> Iterator[Row]:
        """Rows in the order of their key, as neutral values.

        Args:
            form: The table and the order of the columns; of either side.
            after: Only those whose key comes after this one.
        """
        own = {column.name: column for column in self.forms[form.name].columns}
        columns = ", ".join(self._read(own[column.name]) for column in form.columns)
        # Bytes order text in the same way on both; a database's own collation would not.
        key = [self._ordered(form.columns[at]) for at in form.key]
        sql, values = f"SELECT {columns} FROM {form.name}", {}  # noqa: S608 - names from the database's own catalogue
        if after is not None:
            values = {f"k{number}": value for number, value in enumerate(after)}
            names = ", ".join(f":{name}" for name in values)
            sql += f" WHERE {_quoted(form.columns[form.key[0]].name)} >= :k0 AND ({', '.join(key)}) > ({names})"
        yield from self._stream(f"{sql} ORDER BY {', '.join(key)}", values)

    def _stream(self, sql: str, values: dict[str, Value]) -> Iterator[Row]:
        with translated(self.address):
            result = self.connection.execute(
                text(sql), values, execution_options={"stream_results": True, "max_row_buffer": _AT_ONCE}
            )
            for part in result.partitions(_AT_ONCE):
                yield from (tuple(row) for row in part)

    def _read(self, column: Column) -> str:
        name = _quoted(column.name)
        if self._is_sqlite:
            return name
        match column.kind:
            case Kind.TIME:
                return _TIME.replace("{0}", name).replace(":", "\\:")
            case Kind.FLAG:
                return f"CAST({name} AS integer)"
            case Kind.JSON:
                return f"CAST({name} AS text)"
            case Kind.REAL:
                return f"{name} + 0.0"  # SQLite keeps no negative zero
            case _:
                return name

    def _ordered(self, column: Column) -> str:
        name = _quoted(column.name)
        return name if self._is_sqlite or column.kind is not Kind.TEXT else f'{name} COLLATE "C"'

    def last_key(self, form: Form) -> Key | None:
        """The key of the last row of a table; None where it has none."""
        key = [self._ordered(form.columns[at]) for at in form.key]
        order = ", ".join(f"{each} DESC" for each in key)
        names = ", ".join(_quoted(name) for name in form.names(form.key))
        sql = f"SELECT {names} FROM {form.name} ORDER BY {order} LIMIT 1"  # noqa: S608 - names from the catalogue
        found = self.connection.execute(text(sql)).first()
        return None if found is None else tuple(found)

    def count(self, form: Form) -> int:
        """How many rows a table has."""
        sql = f"SELECT count(*) FROM {form.name}"  # noqa: S608 - likewise
        return int(self.connection.execute(text(sql)).scalar_one())

    def write(self, form: Form, rows: Sequence[Row]) -> None:
        """Add rows of neutral values.

        Raises:
            StoreError: The database refuses one of them.
        """
        try:
            with translated(self.address):
                if self._is_sqlite:
                    self._insert(form, rows)
                else:
                    self._copy_in(form, rows)
        except StoreError as refused:
            where = f"{form.name}, rows {_shown(form, rows[0])} to {_shown(form, rows[-1])}"
            raise type(refused)(f"{where}: {refused}", remedy=refused.remedy) from refused

    def _insert(self, form: Form, rows: Sequence[Row]) -> None:
        names = ", ".join(_quoted(name) for name in form.names())
        places = ", ".join("?" * len(form.columns))
        raw: Any = self.connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection):
            raise TypeError("not a connection of SQLite")
        raw.executemany(f"INSERT INTO {form.name} ({names}) VALUES ({places})", rows)  # noqa: S608 - likewise

    def _copy_in(self, form: Form, rows: Sequence[Row]) -> None:
        names = ", ".join(_quoted(name) for name in form.names())
        raw: psycopg.Connection[Any] | Any = self.connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {form.name} ({names}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def point(self, form: Form, key: Key, row: Row) -> None:
        """Write, of a row that is there, the columns that refer to its own table."""
        sets = ", ".join(f"{_quoted(form.columns[at].name)} = :c{at}" for at in form.inward)
        where = " AND ".join(f"{_quoted(form.columns[at].name)} = :k{at}" for at in form.key)
        values = {f"c{at}": row[at] for at in form.inward} | {
            f"k{at}": value for at, value in zip(form.key, key, strict=True)
        }
        self.connection.execute(text(f"UPDATE {form.name} SET {sets} WHERE {where}"), values)  # noqa: S608 - likewise

    def forward(self, form: Form) -> Iterator[Row]:
        """Rows that refer to a later one of their own table."""
        key = _quoted(form.columns[form.key[0]].name)
        ahead = " OR ".join(f"{_quoted(form.columns[at].name)} > {key}" for at in form.inward)
        own = {column.name: column for column in self.forms[form.name].columns}
        columns = ", ".join(self._read(own[column.name]) for column in form.columns)
        yield from self._stream(f"SELECT {columns} FROM {form.name} WHERE {ahead} ORDER BY {key}", {})  # noqa: S608 - likewise

    def clear(self) -> None:
        """Delete every row, of which a new store has few."""
        for name in reversed(self.forms):
            self.connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - likewise

    def number_on(self) -> None:
        """Let new rows get numbers beyond those that are there, and let the database learn what it holds."""
        if not self._is_sqlite:  # SQLite looks at the rows
            for form in self.forms.values():
                if form.numbered:
                    sql = (
                        f"SELECT setval(pg_get_serial_sequence('{form.name}', 'id'), greatest(max(id), 1),"  # noqa: S608 - likewise
                        f" max(id) IS NOT NULL) FROM {form.name}"
                    )
                    self.connection.execute(text(sql))
        for name in self.forms:
            self.connection.execute(text(f"ANALYZE {name}"))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _shown(form: Form, row: Row) -> str:
    return "/".join(str(row[at]) for at in form.key)
