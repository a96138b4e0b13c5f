"""Rows as a frame of Polars or pandas, each column by its type; neither is loaded before it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ingest.errors import ConfigurationError
from ingest.export.cells import first_day, instant, items
from ingest.store.read.asking import Cell
from ingest.views import ColumnType

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Dates", "FrameKind", "Types", "framed"]

FrameKind: TypeAlias = Literal["polars", "pandas"]
"""Whose frame is wanted."""

Dates: TypeAlias = Literal["day", "text"]
"""What a date becomes: the first day that it may mean, or the text of the view, as precise as is known."""

Types: TypeAlias = Mapping[str, ColumnType | None]
"""Name of each column, in their order, and its type; None: whatever its values are."""


def framed(
    types: Types, rows: Sequence[tuple[Cell, ...]], *, frame: FrameKind, dates: Dates
) -> pl.DataFrame | pd.DataFrame:
    """Make a frame.

    Args:
        types: Its columns.
        rows: A cell for each column.
        frame: Whose.
        dates: What a date becomes.

    Raises:
        ConfigurationError: That library is not installed, or there is none of that name.
    """
    kinds = [ColumnType.TEXT if kind is ColumnType.DATE and dates == "text" else kind for kind in types.values()]
    columns = list(zip(*rows, strict=True)) or [() for _ in types]
    values = {
        name: [_cell(cell, kind) for cell in column] for name, kind, column in zip(types, kinds, columns, strict=True)
    }
    typed = dict(zip(types, kinds, strict=True))
    if frame == "polars":
        return _polars(values, typed)
    if frame == "pandas":
        return _pandas(values, typed)
    raise ConfigurationError(f"there is no frame {frame!r}", remedy="ask for 'polars' or 'pandas'")


_CONVERTED: dict[ColumnType, Callable[[Any], object]] = {
    ColumnType.INTEGER: int,
    ColumnType.REAL: float,
    ColumnType.FLAG: bool,
    ColumnType.TIME: instant,
    ColumnType.DATE: first_day,
    ColumnType.LIST: lambda cell: list(items(cell)),
}


def _cell(cell: Cell, kind: ColumnType | None) -> object:
    convert = None if cell is None or kind is None else _CONVERTED.get(kind)
    return convert(cell) if convert else cell


def _polars(values: Mapping[str, list[Any]], types: Types) -> pl.DataFrame:
    library = _library("polars")
    known = {
        ColumnType.TEXT: library.String,
        ColumnType.INTEGER: library.Int64,
        ColumnType.REAL: library.Float64,
        ColumnType.FLAG: library.Boolean,
        ColumnType.TIME: library.Datetime("us", "UTC"),
        ColumnType.DATE: library.Date,
        ColumnType.LIST: library.List(library.String),
    }
    columns = [
        library.Series(name, cells, dtype=known[kind] if (kind := types[name]) else None, strict=kind is not None)
        for name, cells in values.items()
    ]
    frame: pl.DataFrame = library.DataFrame(columns)
    return frame


def _pandas(values: Mapping[str, list[Any]], types: Types) -> pd.DataFrame:
    library = _library("pandas")
    known = {
        ColumnType.TEXT: "string",
        ColumnType.INTEGER: "Int64",
        ColumnType.REAL: "Float64",
        ColumnType.FLAG: "boolean",
        ColumnType.TIME: "datetime64[us, UTC]",
        ColumnType.DATE: "datetime64[s]",
        ColumnType.LIST: "object",
    }
    columns = {
        name: library.Series(cells, dtype=known[kind])
        if (kind := types[name])
        else library.Series(cells).convert_dtypes()
        for name, cells in values.items()
    }
    frame: pd.DataFrame = library.DataFrame(columns)
    return frame


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ConfigurationError(
            f"{name} is not installed", remedy=f"install it beside ingest: pip install '.[{name}]'"
        ) from None
