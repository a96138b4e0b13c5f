"""Rows of a query, written down: CSV, Markdown, JSON, and cells for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

from ingest.report.blocks import neutral

__all__ = ["Cell", "Format", "shown", "written"]

Cell: TypeAlias = str | int | float | bool | bytes | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Format(StrEnum):
    """In which form rows leave."""

    CSV = "csv"
    JSON = "json"  # one array, a row a line
    JSONL = "jsonl"
    MARKDOWN = "markdown"


def written(columns: Sequence[str], rows: Iterable[Sequence[Cell]], form: Format) -> Iterator[str]:
    """Write rows down as they come, a piece of text at a time, line breaks included.

    Args:
        columns: Their names; a name that comes twice gets a number in JSON, where it would be lost.
        rows: One cell for each column.
        form: How. In CSV (RFC 4180) a text that a spreadsheet would take for a formula has an apostrophe before it, and
            NULL is an empty field; in Markdown a bar is escaped and a line break a space.
    """
    match form:
        case Format.CSV:
            yield _csv_line(columns)
            for row in rows:
                yield _csv_line([_in_csv(cell) for cell in row])
        case Format.MARKDOWN:
            yield _markdown_line(columns)
            yield _markdown_line(["---"] * len(columns))
            for row in rows:
                yield _markdown_line([shown(cell) for cell in row])
        case Format.JSONL:
            names = _distinct(columns)
            for row in rows:
                yield _json_line(names, row) + "\n"
        case Format.JSON:
            yield from _json_array(_distinct(columns), rows)


def shown(cell: Cell) -> str:
    """A cell for people: NULL is empty, bytes are hex digits."""
    if cell is None:
        return ""
    return cell.hex() if isinstance(cell, bytes) else str(cell)


def _in_csv(cell: Cell) -> str:
    text = shown(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _markdown_line(cells: Sequence[str]) -> str:
    escaped = (neutral(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


def _json_array(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{_json_line(names, row)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _json_line(names: Sequence[str], row: Sequence[Cell]) -> str:
    values = (cell.hex() if isinstance(cell, bytes) else cell for cell in row)
    return json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)


def _distinct(columns: Sequence[str]) -> list[str]:
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names
