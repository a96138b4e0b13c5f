"""From a store and a choice of rows to a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from ingest.errors import ConfigurationError, IngestError
from ingest.export.selection import literal, select
from ingest.query.frames import Dates, FrameKind, framed
from ingest.store.read.asking import ask, snapshot
from ingest.store.read.connection import like
from ingest.views import ColumnType

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Asked", "Dated", "Day", "Equal", "Store", "begins", "chosen", "equal", "queried"]

Store: TypeAlias = str | Path | None
"""A database URL, the file of a store on SQLite, or None: the configured store."""

Day: TypeAlias = str | date | None
"""A date: `2024`, `2024-03`, `2024-03-14`, or one of `datetime`."""

Equal: TypeAlias = str | int | float | bool | None
"""A value to compare with."""

_POSTGRESQL_TYPES = {
    "bool": ColumnType.FLAG,
    "int2": ColumnType.INTEGER,
    "int4": ColumnType.INTEGER,
    "int8": ColumnType.INTEGER,
    "float4": ColumnType.REAL,
    "float8": ColumnType.REAL,
    "numeric": ColumnType.REAL,
    "text": ColumnType.TEXT,
    "varchar": ColumnType.TEXT,
    "date": ColumnType.DATE,
    "timestamp": ColumnType.TIME,
    "timestamptz": ColumnType.TIME,
}


class Asked(TypedDict, total=False):
    """What every function takes besides its own filters.

    Attributes:
        where: A further condition, in SQL, on the view's columns.
        columns: Names of the wanted columns, in their order; none: all.
        limit: Rows at most; 0: all.
        dates: What a date becomes: the first `day` that it may mean, or the `text` of the view.
        seconds: A query that takes longer is ended.
    """

    where: str | None
    columns: Sequence[str]
    limit: int
    dates: Dates
    seconds: float


class Dated(Asked, total=False):
    """What a function takes whose rows have a date.

    Attributes:
        since: On or after that day.
        until: On or before it.
    """

    since: Day
    until: Day


def equal(column: str, value: Equal) -> str | None:
    """The condition that a column has a value; None where none is asked for."""
    if value is None:
        return None
    if isinstance(value, str):
        return f"{column} = {literal(value)}"
    return f"{column} = {int(value) if isinstance(value, bool) else value!r}"


def begins(column: str, tag: str | None) -> str | None:
    """The condition that a language tag is that one, or a narrower one."""
    return tag and f"({column} = {literal(tag)} OR {column} LIKE {literal(like(tag) + '-%')} ESCAPE '!')"


def chosen(  # noqa: PLR0913 - what a frame is made of
    store: Store,
    name: str,
    *,
    since: Day = None,
    until: Day = None,
    conditions: Sequence[str | None] = (),
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Rows of a view that can be exported under a name, as a frame."""
    with _told():
        selection = select(
            name,
            columns=tuple(columns),
            since=_written(since),
            until=_written(until),
            conditions=[each for each in conditions if each is not None],
        )
        with (
            snapshot(_url(store), seconds=seconds) as look,
            look.ask(selection.query(look.dialect), limit=limit) as question,
        ):
            rows = list(question.rows())
        types = {column.name: column.type for column in selection.columns}
        return framed(types, rows, frame=frame, dates=dates)


def queried(
    store: Store,
    sql: str,
    *,
    types: Mapping[str, ColumnType | str],
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """The rows that a SELECT gives, as a frame."""
    with _told():
        with ask(_url(store), sql, seconds=seconds, limit=limit) as question:
            rows = list(question.rows())
        known: dict[str, ColumnType | None] = dict(
            zip(question.columns, _known(question.oids) or [None] * len(question.columns), strict=True)
        )
        if len(known) < len(question.columns):
            raise ConfigurationError("two columns have one name", remedy="name each otherwise, with AS")
        for name, kind in types.items():
            if name not in known or kind not in set(ColumnType):
                raise ConfigurationError(
                    f"types: no column {name!r} with the type {kind!r}",
                    remedy=f"columns are {', '.join(known)}; types are {', '.join(ColumnType)}",
                )
            known[name] = ColumnType(kind)
        return framed(known, rows, frame=frame, dates=dates)


def _known(oids: Sequence[int]) -> list[ColumnType | None]:
    """Types of columns by PostgreSQL's numbers; SQLite tells none."""
    if not oids:
        return []
    from psycopg import adapters  # noqa: PLC0415 - costs a tenth of a second that SQLite need not pay

    infos = (adapters.types.get(oid) for oid in oids)
    return [_POSTGRESQL_TYPES.get(info.name) if info else None for info in infos]


def _url(store: Store) -> str:
    if store is None:
        from ingest.settings import load  # noqa: PLC0415 - pydantic-settings costs a quarter of a second

        return load(config=None, options={}).database_url
    text = str(store)
    return text if "://" in text and not isinstance(store, Path) else f"sqlite:///{text}"


def _written(day: Day) -> str | None:
    return (day.date() if isinstance(day, datetime) else day).isoformat() if isinstance(day, date) else day


@contextmanager
def _told() -> Iterator[None]:
    """Show what to do about an error in its traceback, which is what a notebook shows."""
    try:
        yield
    except IngestError as error:
        if error.remedy:
            error.add_note(error.remedy)
        raise
