"""Reading a store that is at work from end to end, in one state of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from ingest.store.address import parse
from ingest.store.articles import digest
from ingest.store.database import Database
from ingest.store.failures import translated
from ingest.store.transfer.carry import Tell
from ingest.store.transfer.digests import TableDigest, digests
from ingest.store.transfer.end import End
from ingest.views import Dialect

__all__ = ["Looked", "look"]

# Views that have a row for each row of a table.
_ONE_TO_ONE = (("v_articles", "articles"), ("v_documents", "documents"), ("v_sources", "sources"), ("v_runs", "runs"))
_KEPT = "SELECT sha256 FROM pages WHERE removed_at IS NULL ORDER BY sha256"
_UNINDEXED = """SELECT count(*) FROM articles a
JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN documents d ON d.id = l.document_id AND d.revision = l.revision
WHERE NOT EXISTS (SELECT 1 FROM article_search s WHERE s.article_id = a.id)"""
_TEXTS = "SELECT public_id, text, text_sha256 FROM articles ORDER BY id"
_SHOWN = 5
_UNUSED_PAGES = """SELECT count(*) FROM pages p
WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.page_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM fetches f WHERE f.page_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM appearances a WHERE a.page_id = p.id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was seen.

    Attributes:
        tables: Each table, where every row was read.
        pages: Digests of the raw bodies that the store refers to.
        odd: What does not add up, a sentence each.
    """

    tables: tuple[TableDigest, ...]
    pages: tuple[str, ...]
    odd: tuple[str, ...]


def look(url: str, *, every_row: bool, tell: Tell) -> Looked:
    """Read a store.

    On PostgreSQL, reading every row is also what shows damage of its files; SQLite checks its own.

    Args:
        url: A store of this release.
        every_row: Whether to read every row of every table.
        tell: Told how far that is.

    Raises:
        StoreError: It cannot be read, as a whole or in part.
    """
    address = parse(url)
    database = Database(address, create=False)
    try:
        with translated(address), database.engine.connect() as connection:
            if address.dialect is Dialect.POSTGRESQL:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            end = End(connection, address)
            return Looked(
                tables=tuple(digests(end, tell=tell)) if every_row else (),
                pages=tuple(connection.execute(text(_KEPT)).scalars()),
                odd=(*_odd(connection), *(_damaged(connection) if every_row else ())),
            )
    finally:
        database.close()


def _damaged(connection: Connection) -> Iterator[str]:
    """Texts that are not what their digests say: neither database notices a byte that a disk turned within a text."""
    rows = connection.execute(text(_TEXTS), execution_options={"stream_results": True})
    wrong = [row.public_id for row in rows if digest(row.text) != row.text_sha256]
    if wrong:
        named = ", ".join(wrong[:_SHOWN])
        yield f"{len(wrong):,} texts are not what their digests say: {named}{' …' if len(wrong) > _SHOWN else ''}"


def _odd(connection: Connection) -> Iterator[str]:
    def count(name: str) -> int:
        return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608 - constants

    for view, table in _ONE_TO_ONE:
        if (shown := count(view)) != (there := count(table)):
            yield f"{view} shows {shown:,} rows, {table} has {there:,}"
    if unused := int(connection.execute(text(_UNUSED_PAGES)).scalar_one()):
        yield f"{unused:,} of the pages belong to no document"
    if unindexed := int(connection.execute(text(_UNINDEXED)).scalar_one()):
        yield f"{unindexed:,} articles are not in the index of `ingest search`"
