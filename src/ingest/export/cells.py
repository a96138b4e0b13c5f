"""Cells of a view by the type of their column: the same on both databases, whatever their drivers give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

from ingest.store.read.asking import Cell
from ingest.views import ColumnType

__all__ = ["LIST_SEPARATOR", "Typed", "first_day", "in_json", "in_text", "instant", "items"]

LIST_SEPARATOR = " · "

Typed: TypeAlias = str | int | float | bool | tuple[str, ...] | None


def in_text(rows: Iterable[Sequence[Cell]], types: Sequence[ColumnType]) -> Iterator[tuple[Typed, ...]]:
    """Cells as the views say: times, dates and lists are text, flags 0 or 1."""
    return _converted(rows, [_AS_TEXT.get(kind, _as_it_is) for kind in types])


def in_json(rows: Iterable[Sequence[Cell]], types: Sequence[ColumnType]) -> Iterator[tuple[Typed, ...]]:
    """Cells as JSON knows them: a list is one, a flag is true or false."""
    return _converted(rows, [_AS_JSON.get(kind, _as_it_is) for kind in types])


def items(cell: Cell) -> tuple[str, ...]:
    """The items of a list."""
    return tuple(str(cell).split(LIST_SEPARATOR)) if cell else ()


def instant(cell: Cell) -> datetime:
    """The instant of a time, aware, UTC."""
    moment = datetime.fromisoformat(str(cell))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def first_day(cell: Cell) -> date:
    """The first day that a date may mean: of a year or month its first; of a time its day where it was."""
    text = str(cell)
    return date.fromisoformat(text[:10] + "-01-01"[len(text[:10]) - 4 :])


def _converted(
    rows: Iterable[Sequence[Cell]], converters: Sequence[Callable[[Cell], Typed]]
) -> Iterator[tuple[Typed, ...]]:
    for row in rows:
        yield tuple(None if cell is None else convert(cell) for convert, cell in zip(converters, row, strict=True))


def _as_it_is(cell: Cell) -> Typed:
    return cell.hex() if isinstance(cell, bytes) else cell


def _number(cell: Cell) -> Typed:
    return cell if isinstance(cell, float) else float(str(cell))


_AS_TEXT: dict[ColumnType, Callable[[Cell], Typed]] = {ColumnType.REAL: _number}
_AS_JSON: dict[ColumnType, Callable[[Cell], Typed]] = _AS_TEXT | {ColumnType.LIST: items, ColumnType.FLAG: bool}
