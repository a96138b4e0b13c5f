"""Rows as a Parquet file. Imported only where one is asked for: pyarrow is an extra."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ingest.errors import ConfigurationError
from ingest.export.cells import instant, items
from ingest.export.drafts import Draft
from ingest.store.read.asking import Cell
from ingest.views import Column, ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_parquet"]

_ROWS, _CHARACTERS = 10_000, 8_000_000  # of a row group, at most: it is held in memory

_CONVERTED: dict[ColumnType, Callable[[Any], object]] = {
    ColumnType.INTEGER: int,
    ColumnType.REAL: float,
    ColumnType.FLAG: bool,
    ColumnType.TIME: instant,
    ColumnType.LIST: items,
}


def write_parquet(draft: Draft, columns: Sequence[Column], rows: Iterator[tuple[Cell, ...]]) -> None:
    """Write rows into a draft, a row group at a time, compressed with Zstandard.

    Times are instants in UTC to the microsecond, lists are lists, flags are booleans. Dates stay text: they are as
    precise as is known, which a day is not. Each field carries its column's description.

    Args:
        draft: Where to.
        columns: Of the rows.
        rows: A cell for each column.

    Raises:
        ConfigurationError: pyarrow is not installed.
        ExportError: The draft cannot be written.
    """
    arrow = _pyarrow()
    import pyarrow.parquet  # noqa: PLC0415 - as above

    schema = arrow.schema([_field(arrow, column) for column in columns])
    with pyarrow.parquet.ParquetWriter(arrow.PythonFile(_Sink(draft), mode="w"), schema, compression="zstd") as writer:
        for group in _groups(rows):
            cells = zip(*group, strict=True)
            arrays = [
                arrow.array([_converted(cell, column.type) for cell in values], type=field.type)
                for column, field, values in zip(columns, schema, cells, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))


class _Sink:
    """A draft as a file that is only written."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.closed = False

    def write(self, piece: Any) -> int:
        written = bytes(piece)
        self._draft.write(written)
        return len(written)

    def tell(self) -> int:
        return self._draft.bytes

    def flush(self) -> None:
        return

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def _pyarrow() -> ModuleType:
    try:
        arrow = importlib.import_module("pyarrow")
    except ImportError:
        raise ConfigurationError(
            "Parquet needs pyarrow, which is not installed",
            remedy="install it beside ingest (`pip install '.[parquet]'`), or export csv or jsonl",
        ) from None
    return arrow


def _field(arrow: ModuleType, column: Column) -> pa.Field[Any]:
    types = {
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.REAL: arrow.float64(),
        ColumnType.FLAG: arrow.bool_(),
        ColumnType.TIME: arrow.timestamp("us", tz="UTC"),
        ColumnType.LIST: arrow.list_(arrow.string()),
    }
    field: pa.Field[Any] = arrow.field(
        column.name, types.get(column.type, arrow.string()), metadata={"description": column.description}
    )
    return field


def _converted(cell: Cell, kind: ColumnType) -> object:
    if cell is None:
        return None
    convert = _CONVERTED.get(kind)
    return convert(cell) if convert else cell


def _groups(rows: Iterator[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    group: list[tuple[Cell, ...]] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(cell) for cell in row if isinstance(cell, (str, bytes)))
        if len(group) >= _ROWS or size >= _CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group
