"""Rows for every table of a store, of whichever revision it is: awkward values, and references that hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from ingest.migrations import VERSION_TABLE
from ingest.tables import Base, UtcTime

MANY = 5
AWKWARD = 'tab\there, line\nbreak, \\N, \\. "quoted", 海港大學 \U0001f98a é'
FLOATS = (0.1 + 0.2, -0.0, 1e-300, 1 / 3, 12345678.9)
START = datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=UTC)


def engine_of(url):
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def fill(url, *, many=MANY):
    """Put rows into every table; gives how many each has then."""
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            tables = _tables(connection)
            for table in reversed(tables):
                connection.execute(table.delete())
            for table in tables:
                made = [_row(table, number, many) for number in range(1, many + 1)]
                inward = _inward(table)
                connection.execute(_typed(table).insert(), [row | dict.fromkeys(inward) for row in made])
                for name in inward:  # to a later row, which is not there yet when this one is written
                    for row in made:
                        change = table.update().where(table.c.id == row["id"]).values({name: row[name]})
                        connection.execute(change)
                if connection.dialect.name == "postgresql" and _numbered(table):
                    connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {many})"))
            return {table.name: many for table in tables}
    finally:
        engine.dispose()


def counts(url):
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            return {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in _tables(connection)
            }
    finally:
        engine.dispose()


def _tables(connection):
    found = sa.MetaData()
    ours = {name for name, table in Base.metadata.tables.items() if not table.info.get("derived")}
    found.reflect(connection, only=lambda name, _: name in ours and name != VERSION_TABLE)
    return found.sorted_tables


def _numbered(table):
    return [column.name for column in table.primary_key] == ["id"]


def _inward(table):
    return [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _type(column):
    ours = Base.metadata.tables[column.table.name].columns
    return ours[column.name].type if column.name in ours else column.type


def _typed(table):
    return sa.table(table.name, *(sa.column(column.name, _type(column)) for column in table.columns))


def _row(table, number, many):
    return {column.name: _value(column, number, many) for column in table.columns}


def _value(column, number, many):
    for key in column.foreign_keys:
        if key.column.table is not column.table:
            return number
        return number + 1 if number < many else None
    if column.name in {"id", "agreement_id", "event_id", "document_id"} and column.primary_key:
        return number
    return _of_type(column, _type(column), number)


def _of_type(column, kind, number):
    makers = (
        (UtcTime | sa.TIMESTAMP, lambda: START + timedelta(hours=number, microseconds=number)),
        (sa.Boolean, lambda: number == 1),
        (sa.JSON, lambda: {"stage": "一"} if column.name == "versions" else ["a", "海", f"{number}"]),
        (sa.Enum, lambda: kind.enums[number % len(kind.enums)]),
        (sa.Float, lambda: FLOATS[number % len(FLOATS)]),
        (sa.Integer, lambda: number),
        (object, lambda: _text(column, kind, number)),
    )
    return next(make() for sort, make in makers if isinstance(kind, sort))


def _text(column, kind, number):
    unique = column.primary_key or column.name in {"name", "slug", "key", "public_id", "entry_id", "channel"}
    length = getattr(kind, "length", None) or 500
    if length == 27:  # a time on SQLite that this release does not know
        return (START + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if length == 64 and "sha256" in column.name:
        return f"{number:064x}"
    if column.nullable and number == 2:
        return None
    return f"{column.name} {number} {AWKWARD}"[:length] if unique or length > 40 else f"{number}"
