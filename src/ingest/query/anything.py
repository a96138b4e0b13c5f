"""Rows of any view, and of any SELECT, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, overload

from ingest.query.asking import Dated, Day, Store, chosen, queried
from ingest.query.frames import Dates, FrameKind
from ingest.views import ColumnType

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["rows", "sql"]


class _Sql(TypedDict, total=False):
    types: Mapping[str, ColumnType | str]
    limit: int
    dates: Dates
    seconds: float


@overload
def rows(name: str, store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[Dated]) -> pl.DataFrame: ...
@overload
def rows(name: str, store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[Dated]) -> pd.DataFrame: ...
def rows(  # noqa: PLR0913 - one parameter a filter
    name: str,
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Rows of any view.

    Args:
        name: Of the view, or its name without `v_`: what `ingest export` takes.
        store: As for `articles`, like all that is not told here.
        since: As for `ingest export`.
        until: Likewise.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> rows("v_documents", where="state = 'dropped'")
    """
    return chosen(
        store, name, since=since, until=until, conditions=(where,), columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip


@overload
def sql(query: str, store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Sql]) -> pl.DataFrame: ...
@overload
def sql(query: str, store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Sql]) -> pd.DataFrame: ...
def sql(
    query: str,
    store: Store = None,
    *,
    types: Mapping[str, ColumnType | str] | None = None,
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Rows of a SELECT over the views, guarded as `ingest sql` is: it can read, and do nothing else.

    Args:
        query: One SELECT, in the SQL of the database that the store is on.
        store: As for `articles`.
        types: What columns are that are not as the database says (`text`, `integer`, `real`, `flag`, `time`, `date`,
            `list`): in the views times, dates and lists are text, and so they are here unless this tells otherwise.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes, where `types` names one.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> sql("select topic, count(*) as articles from v_article_topics group by topic order by 2 desc")
    """
    return queried(store, query, types=types or {}, limit=limit, frame=frame, dates=dates, seconds=seconds)
