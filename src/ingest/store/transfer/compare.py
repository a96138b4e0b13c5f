"""Row by row: are both sides the same?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ingest.store.transfer.end import Key, Row, Value
from ingest.store.transfer.forms import Form

__all__ = ["Compared", "Digest", "compare"]

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How a table of one side differs from that of the other.

    Attributes:
        table: Its name.
        rows: Of the first side.
        missing: Rows that the second side lacks.
        added: Rows that only the second side has.
        changed: Rows with the same key and other values.
        examples: Keys of the first few of them.
        sha256: Digest of the first side's rows, see `Digest`.
    """

    table: str
    rows: int
    missing: int
    added: int
    changed: int
    examples: tuple[str, ...]
    sha256: str

    @property
    def mismatches(self) -> int:
        """How many rows differ."""
        return self.missing + self.added + self.changed


class Digest:
    """SHA-256 over rows in the order of their key, each as a JSON array in ASCII on a line of its own.

    Both databases give the same: that is what a backup is held against.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._made = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Take the next row."""
        self.rows += 1
        self._made.update(json.dumps(row, default=_hex).encode() + b"\n")

    @property
    def hex(self) -> str:
        """What the rows so far come to."""
        return self._made.hexdigest()


def _hex(value: bytes) -> str:
    return value.hex()


def compare(form: Form, first: Iterator[Row], second: Iterator[Row]) -> Compared:
    """Hold the rows of two sides against each other.

    Args:
        form: The table.
        first: Rows in the order of their key.
        second: Likewise, with the columns in the same order.
    """
    missing = added = changed = 0
    examples: list[str] = []
    digest = Digest()
    ended: Iterator[Row | None] = iter((None,))
    other = chain(second, ended)
    theirs = next(other)
    for row in first:
        digest.add(row)
        mine = _key(form, row)
        while theirs is not None and _key(form, theirs) < mine:
            added += 1
            examples.append(_shown(_key(form, theirs)))
            theirs = next(other)
        if theirs is None or _key(form, theirs) != mine:
            missing += 1
        elif _differ(row, theirs):
            changed += 1
            theirs = next(other)
        else:
            theirs = next(other)
            continue
        examples.append(_shown(mine))
        del examples[_SHOWN:]
    while theirs is not None:
        added += 1
        examples.append(_shown(_key(form, theirs)))
        theirs = next(other)
        del examples[_SHOWN:]
    return Compared(
        table=form.name,
        rows=digest.rows,
        missing=missing,
        added=added,
        changed=changed,
        examples=tuple(examples),
        sha256=digest.hex,
    )


def _key(form: Form, row: Row) -> tuple[str | int, ...]:
    return tuple(value if isinstance(value, str | int) else str(value) for value in (row[at] for at in form.key))


def _differ(row: Row, other: Row) -> bool:
    """Whether rows differ: 1 and 1.0 are the same to Python, and so is 0.0 with either sign; not to us."""
    return row != other or any(_is_other(mine, theirs) for mine, theirs in zip(row, other, strict=True))


def _is_other(mine: Value, theirs: Value) -> bool:
    return type(mine) is not type(theirs) or (isinstance(mine, float) and repr(mine) != repr(theirs))


def _shown(key: Key) -> str:
    return "/".join(str(value) for value in key)
