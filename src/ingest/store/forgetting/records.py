"""Removals as records that outlive the store, and carrying them out again on a store that does not know of them.

A store that is brought back from an earlier day has the articles again that were removed since, and not the tombstones.
A record holds what a tombstone does: who asked, why, and digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, inspect, select, update

from ingest.documents import Reason
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.store.forgetting import reach
from ingest.store.forgetting.forget import Buried, Forgotten, forget_again
from ingest.store.forgetting.marks import Mark
from ingest.store.forgetting.marks import addresses as marks_of
from ingest.store.forgetting.reach import Reach, in_chunks
from ingest.store.rules import Rules
from ingest.tables import Appearance, Article, Document, MarkKind, Page, Tombstone, TombstoneMark

__all__ = ["Record", "again", "at_addresses", "records"]

_TEXTS = {MarkKind.TEXT: Article.text_sha256, MarkKind.FOLDED: Article.folded_sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A removal.

    Attributes:
        made_at: When it was asked for, UTC; with the person and the reason, what tells removals apart.
        person: Who asked for it.
        reason: Why.
        documents: How many documents it reached.
        articles: How many texts.
        marks: What it keeps out: kind and SHA-256; nothing once it was lifted.
        lifted_at: When it was lifted, UTC.
        lifted_by: By whom.
    """

    made_at: datetime
    person: str
    reason: str
    documents: int
    articles: int
    marks: tuple[Mark, ...]
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    @property
    def name(self) -> str:
        """What it is known by, also as the name of a file."""
        asked = hashlib.sha256(f"{self.person}\0{self.reason}".encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.made_at:%Y%m%dT%H%M%S.%fZ}-{asked[:12]}"


def records(connection: Connection) -> tuple[Record, ...]:
    """The removals that a store knows, the first one first; none where its release knew none."""
    if not inspect(connection).has_table(Tombstone.__tablename__):
        return ()
    marks: dict[int, list[Mark]] = {}
    columns = select(TombstoneMark.tombstone_id, TombstoneMark.kind, TombstoneMark.sha256)
    for row in connection.execute(columns.order_by(TombstoneMark.kind, TombstoneMark.sha256)):
        marks.setdefault(row.tombstone_id, []).append((row.kind, row.sha256))
    return tuple(_record(row, marks.get(row.id, ())) for row in connection.execute(_ALL))


_ALL = select(
    Tombstone.id, Tombstone.made_at, Tombstone.person, Tombstone.reason, Tombstone.documents, Tombstone.articles,
    Tombstone.lifted_at, Tombstone.lifted_by,
).order_by(Tombstone.id)  # fmt: skip


def _record(row: Row[Any], marks: Iterable[Mark]) -> Record:
    return Record(
        made_at=row.made_at,
        person=row.person,
        reason=row.reason,
        documents=row.documents,
        articles=row.articles,
        marks=tuple(marks),
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )


def at_addresses(connection: Connection, given: Iterable[Record]) -> dict[str, set[int]]:
    """Documents at the addresses that removals keep out, by the removal's name.

    The store has no digests of addresses, so that every document is looked at: once for all removals.
    """
    wanted: dict[str, set[str]] = {}
    for record in given:
        for kind, digest in record.marks:
            if kind is MarkKind.ADDRESS:
                wanted.setdefault(digest, set()).add(record.name)
    found: dict[str, set[int]] = {}
    for document, urls in _addresses(connection) if wanted else ():
        for _, digest in marks_of(*urls):
            for name in wanted.get(digest, ()):
                found.setdefault(name, set()).add(document)
    return found


def _addresses(connection: Connection) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """The addresses of documents that are not forgotten already, and those under which they appeared."""
    is_there = Document.reason.is_(None) | (Document.reason != Reason.FORGOTTEN)
    own = select(Document.id, Document.url, Document.key).where(is_there)
    for document, url, key in connection.execute(own, execution_options={"stream_results": True}):
        yield document, (url, key)
    said = select(Appearance.document_id, Appearance.url).where(Appearance.url.is_not(None)).distinct()
    for document, url in connection.execute(said, execution_options={"stream_results": True}):
        yield document, (url,)


def again(writing: Writing, rules: Rules, record: Record, *, documents: Collection[int] = ()) -> Forgotten | None:
    """Carry a removal out once more: nothing of what it removed is left, and what it keeps out is kept out.

    Args:
        writing: A transaction.
        rules: How an agreement's row follows from its mentions.
        record: The removal. One that was lifted removes nothing, and keeps nothing out.
        documents: At the addresses that it keeps out, see `at_addresses`.

    Returns:
        What was removed; None: it was lifted.
    """
    connection = writing.connection
    known = {_record(row, ()).name: row.id for row in connection.execute(_ALL)}
    buried = Buried(
        tombstone=known.get(record.name),
        made_at=record.made_at,
        documents=record.documents,
        articles=record.articles,
        marks=frozenset(record.marks),
    )
    if record.lifted_at is not None:
        row = buried.entered(writing, Ruling(person=record.person, note=record.reason))
        connection.execute(delete(TombstoneMark).where(TombstoneMark.tombstone_id == row))
        lifted = {"lifted_at": record.lifted_at, "lifted_by": record.lifted_by}
        connection.execute(update(Tombstone).where(Tombstone.id == row).values(lifted))
        return None
    return forget_again(
        writing,
        rules,
        Ruling(person=record.person, note=record.reason),
        buried,
        look=lambda: _reached(connection, record.marks, set(documents)),
    )


def _reached(connection: Connection, marks: Collection[Mark], documents: set[int]) -> Reach:
    """What a store has of what these digests stand for."""
    wanted: dict[MarkKind, set[str]] = {kind: set() for kind in MarkKind}
    for kind, digest in marks:
        wanted[kind].add(digest)
    articles: set[int] = set()
    for kind, column in _TEXTS.items():
        articles |= {row.id for row in in_chunks(connection, select(Article.id), column, wanted[kind])}
    texts = in_chunks(connection, select(Appearance.article_id), Appearance.text_sha256, wanted[MarkKind.TEXT])
    read = select(Appearance.article_id).join(Page, Page.id == Appearance.page_id)
    bodies = in_chunks(connection, read, Page.sha256, wanted[MarkKind.PAGE])
    articles |= {row.article_id for row in (*texts, *bodies)}
    return reach.of_rows(connection, documents, articles)
