"""Labelled data as JSON lines: each a typed value, or the reason why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ingest.annotation import read_record

__all__ = ["BadLine", "identity", "optional", "required", "typed"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BadLine:
    """Why a line cannot be used, in words that follow 'line N'."""

    why: str


def typed(
    lines: Iterable[bytes | None], parse: Callable[[dict[str, object]], _T]
) -> Iterator[tuple[int, _T | BadLine]]:
    """Parse JSON lines; empty ones are skipped.

    Args:
        lines: As `annotation.read_lines` gives them.
        parse: Makes a value of a record; a ValueError says, in words that follow 'line N', why it cannot.

    Yields:
        The number of the line, from 1, and its value.
    """
    for number, line in enumerate(lines, start=1):
        if line is not None and not line.strip():
            continue
        try:
            yield number, parse(read_record(line))
        except ValueError as wrong:
            yield number, BadLine(str(wrong))


def required(record: dict[str, object], key: str) -> str:
    """A string that must be there, though it may be empty.

    Raises:
        ValueError: It is not.
    """
    value = record.get(key)
    if not isinstance(value, str):
        raise ValueError(f'has no "{key}", or one that is not a string')  # noqa: TRY004 - a line is a value, not an argument
    return value


def optional(record: dict[str, object], key: str) -> str | None:
    """A string that may be missing, null or blank.

    Raises:
        ValueError: It is something else.
    """
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f'has a "{key}" that is not a string')  # noqa: TRY004 - likewise
    return value.strip() or None


def identity(record: dict[str, object], key: str = "id") -> str:
    """An id: a string, or an integer in its place.

    Raises:
        ValueError: It is neither.
    """
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f'has no "{key}", or one that is neither a string nor an integer')  # noqa: TRY004 - likewise
    return str(value)
