"""Raw bodies that are older than their sources want them kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, func, select, update

from ingest.errors import NotFoundError
from ingest.store.database import now
from ingest.tables import Document, Fetch, Page, Source

__all__ = ["Due", "OfSource", "Terms", "due", "mark_removed"]

_Row: TypeAlias = Row[tuple[Any, ...]]

_LAST = (
    select(Page.id, Page.sha256, Page.bytes, Source.name, func.max(Fetch.at).label("last"))
    .join(Fetch, Fetch.page_id == Page.id)
    .join(Document, Document.id == Fetch.document_id)
    .join(Source, Source.id == Document.source_id)
    .where(Page.removed_at.is_(None))
    .group_by(Page.id, Page.sha256, Page.bytes, Source.name)
    .order_by(Page.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long raw bodies are kept.

    Attributes:
        days: Of a source that is not named; 0: for ever.
        by_source: Days by name of a source; 0: for ever.
        only: Only bodies of this source.
    """

    days: int
    by_source: Mapping[str, int]
    only: str | None = None

    def of(self, source: str) -> int:
        """Days of a source; 0: for ever."""
        return self.by_source.get(source, self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSource:
    """Bodies of a source that go."""

    source: str
    days: int
    pages: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What goes.

    Attributes:
        pages: Row and digest of each body.
        bytes: Their size as they arrived.
        sources: Each source of which something goes.
        needed: Bodies that are old enough in one source, and stay for another one.
    """

    pages: tuple[tuple[int, str], ...]
    bytes: int
    sources: tuple[OfSource, ...]
    needed: int


def due(connection: Connection, terms: Terms) -> Due:
    """Find the bodies that no source wants kept any longer.

    A body's age is that of the last answer that brought it, in each source that did.

    Raises:
        NotFoundError: A source that is named is not there.
    """
    _see_that_they_are_there(connection, {*terms.by_source, *([terms.only] if terms.only else [])})
    at, pages, needed, size = now(connection), [], 0, 0
    counts: dict[str, list[int]] = defaultdict(list)
    for rows in _by_page(connection):
        old = [row for row in rows if _is_old(row, terms, at)]
        if not old or (terms.only and all(row.name != terms.only for row in old)):
            continue
        if len(old) < len(rows):
            needed += 1
            continue
        pages.append((rows[0].id, rows[0].sha256))
        size += rows[0].bytes
        for row in rows:
            counts[row.name].append(row.bytes)
    sources = tuple(
        OfSource(source=name, days=terms.of(name), pages=len(sizes), bytes=sum(sizes))
        for name, sizes in sorted(counts.items())
    )
    return Due(pages=tuple(pages), bytes=size, sources=sources, needed=needed)


def _see_that_they_are_there(connection: Connection, names: Collection[str]) -> None:
    found = set(connection.execute(select(Source.name).where(Source.name.in_(sorted(names)))).scalars())
    if unknown := sorted(set(names) - found):
        raise NotFoundError(f"there is no source {unknown[0]!r}", remedy="`ingest sources` lists those there are")


def _by_page(connection: Connection) -> Iterator[list[_Row]]:
    result: Iterable[_Row] = connection.execute(_LAST, execution_options={"stream_results": True})
    for _, rows in groupby(result, key=lambda row: row.id):
        yield list(rows)


def _is_old(row: _Row, terms: Terms, at: datetime) -> bool:
    days = terms.of(row.name)
    return days > 0 and bool(row.last < at - timedelta(days=days))


def mark_removed(connection: Connection, pages: Collection[int]) -> None:
    """Note that the archive has these bodies no more."""
    connection.execute(update(Page).where(Page.id.in_(sorted(pages))).values(removed_at=now(connection)))
