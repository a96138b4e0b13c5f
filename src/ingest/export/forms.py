"""The forms in which rows are exported, each written piece by piece into a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ingest.export.cells import in_json, in_text
from ingest.export.drafts import Draft
from ingest.report.rows import Format, written
from ingest.store.read.asking import Cell
from ingest.views import Column

__all__ = ["FileForm", "write"]

_BYTE_ORDER_MARK = "\ufeff".encode()  # by which a spreadsheet knows UTF-8
_CHUNK = 1 << 18  # characters gathered before they are written


class FileForm(StrEnum):
    """The form of a file; also how its name ends."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def write(draft: Draft, columns: Sequence[Column], rows: Iterator[tuple[Cell, ...]], form: FileForm) -> None:
    """Write rows into a draft.

    Args:
        draft: Where to.
        columns: Of the rows.
        rows: A cell for each column; few are held at a time.
        form: CSV (UTF-8 with a byte order mark, lines ended by CR LF, formulas guarded), JSON lines (lists and flags
            are JSON's), or Parquet (typed).

    Raises:
        ConfigurationError: Parquet is asked for where it is not installed.
        ExportError: The draft cannot be written.
    """
    if form is FileForm.PARQUET:
        from ingest.export.parquet import write_parquet  # noqa: PLC0415 - optional, and slow to import

        write_parquet(draft, columns, rows)
        return
    names, types = [column.name for column in columns], [column.type for column in columns]
    if form is FileForm.CSV:
        draft.write(_BYTE_ORDER_MARK)
        pieces = written(names, in_text(rows, types), Format.CSV)
    else:
        pieces = written(names, in_json(rows, types), Format.JSONL)
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            draft.write("".join(held).encode())
            held, size = [], 0
    draft.write("".join(held).encode())
