"""Articles, topics and sources as frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Unpack, overload

from ingest.export.selection import literal
from ingest.query.asking import Asked, Dated, Day, Store, begins, chosen, equal
from ingest.query.frames import Dates, FrameKind

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["articles", "sources", "topics"]

_TOPIC = "article_id IN (SELECT article_id FROM v_article_topics WHERE topic = {})"


class _Articles(Dated, total=False):
    topic: str | None
    language: str | None
    source: str | None
    current: bool


class _Topics(Dated, total=False):
    topic: str | None
    origin: str | None


class _Sources(Asked, total=False):
    state: str | None


@overload
def articles(store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Articles]) -> pl.DataFrame: ...
@overload
def articles(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Articles]) -> pd.DataFrame: ...
def articles(  # noqa: PLR0913 - one parameter a filter
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    topic: str | None = None,
    language: str | None = None,
    source: str | None = None,
    current: bool = True,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Articles, a row each, as `v_articles` has them.

    Args:
        store: A database URL, the file of a store on SQLite, or None: the configured store.
        since: Published, or first stored where undated, on or after that day.
        until: Likewise, on or before it; `2024` is until the end of that year.
        topic: Only with that topic.
        language: Only in that language: `en`, `zh-Hant`; `zh` covers both scripts.
        source: Only led by a copy from that source.
        current: Only what some document says now, without wordings that were revised away.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes: the first `day` that it may mean, or the `text`, as precise as is known.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: A filter is not right, the query took too long, or the store cannot be read; a note says what to
            do.

    Example:
        >>> articles(since="2026-01", topic="biotech", language="zh", columns=["published", "title", "publisher"])
    """
    conditions = (
        topic and _TOPIC.format(literal(topic)),
        begins("language", language),
        equal("source", source),
        "is_current = 1" if current else None,
        where,
    )
    return chosen(
        store, "articles", since=since, until=until, conditions=conditions, columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip


@overload
def topics(store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Topics]) -> pl.DataFrame: ...
@overload
def topics(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Topics]) -> pd.DataFrame: ...
def topics(  # noqa: PLR0913 - one parameter a filter
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    topic: str | None = None,
    origin: str | None = None,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Topics in force, a row for each article and topic, as `v_article_topics` has them.

    Args:
        store: As for `articles`, like all that is not told here.
        since: Of articles published, or first stored where undated, on or after that day.
        until: Likewise, on or before it.
        topic: Only that one.
        origin: Only from the `machine`, or an `analyst`.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> topics(topic="fintech", where="score >= 0.7")
    """
    conditions = (equal("topic", topic), equal("origin", origin), where)
    return chosen(
        store, "topics", since=since, until=until, conditions=conditions, columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip


@overload
def sources(store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Sources]) -> pl.DataFrame: ...
@overload
def sources(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Sources]) -> pd.DataFrame: ...
def sources(
    store: Store = None,
    *,
    state: str | None = None,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Sources and how they are doing, a row each, as `v_sources` has them.

    Args:
        store: As for `articles`, like all that is not told here.
        state: Only those that are `active`, `paused` or `removed`.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> sources(state="active", where="failures > 0")
    """
    return chosen(
        store, "sources", conditions=(equal("state", state), where), columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip
