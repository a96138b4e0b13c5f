"""The rows of each table in short, so that two stores can be held against each other without meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.store.transfer.carry import Progress, Tell
from ingest.store.transfer.compare import Digest
from ingest.store.transfer.end import End

__all__ = ["TableDigest", "digests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDigest:
    """The rows of a table, in short.

    Attributes:
        table: Its name.
        rows: How many.
        sha256: See `ingest.store.transfer.compare.Digest`.
    """

    table: str
    rows: int
    sha256: str


def digests(end: End, *, tell: Tell, only: Collection[str] | None = None) -> Iterator[TableDigest]:
    """Each table, or only some, all rows read."""
    done, total = 0, sum(end.count(form) for form in end.forms.values())
    for form in (form for form in end.forms.values() if only is None or form.name in only):
        tell(Progress(checking=True, table=form.name, done=done, total=total))
        digest = Digest()
        for row in end.rows(form):
            digest.add(row)
        done += digest.rows
        yield TableDigest(table=form.name, rows=digest.rows, sha256=digest.hex)
