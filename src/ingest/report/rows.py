"""Rows of a query, written down: CSV, Markdown, JSON, and cells for a terminal."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

from ingest.report.blocks import neutral
from ingest.wire.form import tamed

__all__ = ["Cell", "Format", "shown", "written"]

Cell: TypeAlias = str | int | float | bool | bytes | tuple[str, ...] | None

# A spreadsheet takes a text for a formula by its first character, in its full-width form too, and some look past
# spaces, breaks and marks of no width before it. A plain number with a sign is a number to all of them.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫−]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_IN_MARKDOWN = re.compile(r"([\\`*_\[\]|~!#])")
_WRITTEN_AS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SEPARATOR = " · "  # of lists, as in the views


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
            NULL is an empty field; in Markdown what would be markup is escaped and a line break is a space; in JSON a
            number that is none (infinity) is a text.
    """
    match form:
        case Format.CSV:
            yield from _csv_lines(columns, rows)
        case Format.MARKDOWN:
            yield _markdown_line(columns)
            yield f"| {' | '.join(['---'] * len(columns))} |\n"
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
    if isinstance(cell, tuple):
        return _SEPARATOR.join(cell)
    return cell.hex() if isinstance(cell, bytes) else str(cell)


def _csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow([_in_csv(name) for name in columns])
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow([_in_csv(cell) for cell in row])
    yield line.getvalue()


def _in_csv(cell: Cell) -> str:
    text = shown(cell)
    is_text = isinstance(cell, (str, tuple))
    return f"'{text}" if is_text and _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _markdown_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_in_markdown, cells))} |\n"


def _in_markdown(cell: str) -> str:
    escaped = _IN_MARKDOWN.sub(r"\\\1", re.sub("[&<>]", lambda found: _WRITTEN_AS[found[0]], neutral(cell)))
    return escaped.replace("://", ":&#47;/").replace("www.", "www&#46;")  # addresses are made links without any markup


def _json_array(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{_json_line(names, row)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _json_line(names: Sequence[str], row: Sequence[Cell]) -> str:
    return tamed(json.dumps(dict(zip(names, map(_in_json, row), strict=True)), ensure_ascii=False, allow_nan=False))


def _in_json(cell: Cell) -> Cell:
    if isinstance(cell, bytes):
        return cell.hex()
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _distinct(columns: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for column in columns:
        name, number = column, 1
        while name in taken:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
        taken.add(name)
    return names
