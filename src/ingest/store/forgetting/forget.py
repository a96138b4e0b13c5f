"""`ingest forget`: one transaction that removes an article with all that derives from it, and keeps it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from ingest.errors import NotFoundError
from ingest.store import articles, rulings, search
from ingest.store.database import Database, lock
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing, by_id, change
from ingest.store.drop import mark_dropped
from ingest.store.forgetting import ledger, marks, reach
from ingest.store.forgetting.reach import Reach, in_chunks
from ingest.store.forgetting.removal import remove
from ingest.store.rules import Rules
from ingest.tables import (
    Appearance,
    Article,
    Document,
    DocumentEvent,
    Fetch,
    Fingerprint,
    Lead,
    MarkKind,
    Page,
    Source,
    SupersededAppearance,
    Tombstone,
    TombstoneMark,
)
from ingest.views import Dialect

__all__ = ["Buried", "Forgotten", "forget", "forget_again", "lingering", "settle_file"]

_TRIES = 5
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a removal came to, or would.

    Attributes:
        documents: Source and key of each document that is forgotten as a whole.
        others: Of each other document that carried one of the articles; what else it carried stays.
        articles: Public ids of the texts.
        emptied: Public ids of agreements of which nothing tells any more.
        remade: Of those that were made again from what is left.
        organisations: How many were known from these articles alone.
        resembling: Public ids of near-duplicates, which stay.
        pages: Digests of raw bodies that nothing needs any more.
        withdrawn: Alerts that waited to be sent, and will not be.
        sent: Alerts that were sent, and cannot be taken back.
        marks: Digests that are kept out from now on.
        rows: How many rows of each table are deleted.
    """

    documents: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]
    emptied: tuple[str, ...]
    remade: tuple[str, ...]
    organisations: int
    resembling: tuple[str, ...]
    pages: tuple[str, ...]
    withdrawn: int
    sent: int
    marks: int
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buried:
    """What becomes of the tombstone of a removal.

    Attributes:
        tombstone: Its row, where the store has it already.
        made_at: When the removal was asked for.
        documents: How many documents it reached.
        articles: How many texts.
        marks: What it keeps out beside what is found.
    """

    tombstone: int | None = None
    made_at: datetime
    documents: int
    articles: int
    marks: frozenset[marks.Mark]

    def entered(self, writing: Writing, ruling: Ruling) -> int:
        """The row, made where the store has none."""
        if self.tombstone is not None:
            return self.tombstone
        values = {
            "made_at": self.made_at,
            "person": ruling.person,
            "reason": ruling.note or "",
            "documents": self.documents,
            "articles": self.articles,
            "run_id": writing.run.id,
        }
        return int(writing.connection.execute(insert(Tombstone).returning(Tombstone.id), values).scalar_one())


def forget(writing: Writing, rules: Rules, ruling: Ruling, *, given: str, addresses: Collection[str] = ()) -> Forgotten:
    """Remove what a public id, an address or a key stands for, and keep it out.

    Args:
        writing: A transaction.
        rules: How an agreement's row follows from its mentions.
        ruling: Who asks for it, and why.
        given: Public id of an article, an address, or a key.
        addresses: Forms of the address, where it is one: that is kept out even if nothing is stored of it.

    Raises:
        NotFoundError: Nothing is stored of it, and it is no address.
    """
    connection = writing.connection

    def look() -> Reach:
        if given.startswith("art-"):
            return reach.of_article(connection, given)
        return reach.of_address(connection, {given, *addresses})

    _overwrite(connection)
    reached = _held(connection, look)
    if not reached.documents and not addresses:
        raise NotFoundError(
            f"nothing is stored of {given!r}", remedy="give an id of `ingest articles`, an address, or a key"
        )
    buried = Buried(
        made_at=writing.at,
        documents=len(reached.documents | reached.others),
        articles=len(reached.articles),
        marks=frozenset(marks.addresses(*addresses)),
    )
    return _Removal(writing, rules, ruling, reached).carry_out(buried)


def forget_again(
    writing: Writing, rules: Rules, ruling: Ruling, buried: Buried, *, look: Callable[[], Reach]
) -> Forgotten:
    """Remove what an earlier request removed, on a store that has it still, or again; maybe nothing.

    Args:
        writing: A transaction.
        rules: How an agreement's row follows from its mentions.
        ruling: Who asked for it, and why.
        buried: Its tombstone.
        look: Says what the request reaches.
    """
    _overwrite(writing.connection)
    return _Removal(writing, rules, ruling, _held(writing.connection, look)).carry_out(buried)


def _overwrite(connection: Connection) -> None:
    """Have SQLite overwrite what is deleted."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def settle_file(database: Database) -> None:
    """Have nothing of what was removed stay in SQLite's file: in its index, and in its log, unless somebody reads it.

    Raises:
        StoreError: The store cannot be written.
    """
    search.rewrite(database)
    if database.dialect is Dialect.SQLITE:
        database.outside(lambda connection: connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close())


def lingering(connection: Connection) -> tuple[str, ...]:
    """Digests of raw bodies that were removed by request, and that the archive may have all the same.

    A worker may have had one in hand, or the archive not have answered when it was to be deleted.
    """
    known = select(Page.sha256).where(Page.sha256 == TombstoneMark.sha256).exists()
    query = select(TombstoneMark.sha256).where(TombstoneMark.kind == MarkKind.PAGE, ~known)
    return tuple(connection.execute(query.order_by(TombstoneMark.sha256)).scalars())


def _held(connection: Connection, look: Callable[[], Reach]) -> Reach:
    """What is reached, once nobody else may add to it."""
    reached = look()
    for _ in range(_TRIES):
        _lock(connection, reached)
        again = look()
        if again == reached:
            return again
        reached = again
    return reached


def _lock(connection: Connection, reached: Reach) -> None:
    """What a save of one of these would take, see `ingest.store.save`."""
    texts = in_chunks(connection, select(Article.text_sha256, Article.folded_sha256), Article.id, reached.articles)
    bands = in_chunks(
        connection, select(Fingerprint.scheme, Fingerprint.band), Fingerprint.article_id, reached.articles
    )
    names = {f"page {sha256}" for _, sha256 in reached.pages}
    names |= {f"text {digest}" for row in texts for digest in row}
    names |= {f"band {row.scheme} {row.band}" for row in bands}
    lock(connection, names)
    for document in sorted(reached.documents | reached.others):
        by_id(connection, document)


class _Removal:
    """One removal, under its locks."""

    def __init__(self, writing: Writing, rules: Rules, ruling: Ruling, reached: Reach) -> None:
        self.writing = writing
        self.connection = writing.connection
        self.rules = rules
        self.ruling = ruling
        self.reached = reached
        self.removed: Counter[str] = Counter()

    def carry_out(self, buried: Buried) -> Forgotten:
        reached, connection = self.reached, self.connection
        named = in_chunks(connection, select(Article.public_id), Article.id, reached.articles)
        documents, others = self._names(reached.documents), self._names(reached.others)
        kept_out = self._marks() | buried.marks
        resembling = self._leave_stories()
        agreements = ledger.concerned(self.writing, reached.mentions)
        rulings.lock_parties(connection, agreements)
        called = ledger.named(self.writing, reached.mentions)
        ledger.repoint(self.writing, reached.mentions)
        former = self._standing_of_others()
        documents_touched = reached.documents | reached.others
        shown = in_chunks(connection, select(Appearance.article_id), Appearance.document_id, documents_touched)
        search.erase(connection, reached.articles)
        self._remove()
        concerned = ledger.remake(self.writing, self.rules, self.ruling, agreements)
        organisations = ledger.forget_organisations(self.writing, called, self.removed)
        self._close_documents(former)
        search.renew(connection, {row.article_id for row in shown})
        marks.add(connection, buried.entered(self.writing, self.ruling), kept_out)
        return Forgotten(
            documents=documents,
            others=others,
            articles=tuple(sorted(row.public_id for row in named)),
            emptied=concerned.emptied,
            remade=concerned.remade,
            organisations=organisations,
            resembling=resembling,
            pages=tuple(sha256 for _, sha256 in reached.pages),
            withdrawn=concerned.withdrawn,
            sent=concerned.sent,
            marks=len(kept_out),
            rows=tuple(sorted((table, rows) for table, rows in self.removed.items() if rows)),
        )

    def _names(self, documents: Collection[int]) -> tuple[tuple[str, str], ...]:
        query = select(Source.name, Document.key).join(Source, Source.id == Document.source_id)
        rows = in_chunks(self.connection, query, Document.id, documents)
        return tuple(sorted((row.name, row.key) for row in rows))

    def _marks(self) -> set[marks.Mark]:
        """What all this is known again by."""
        reached, connection = self.reached, self.connection
        texts = in_chunks(connection, select(Article.text_sha256, Article.folded_sha256), Article.id, reached.articles)
        own = in_chunks(connection, select(Appearance.text_sha256), Appearance.article_id, reached.articles)
        named = in_chunks(connection, select(Document.url, Document.key), Document.id, reached.documents)
        said = in_chunks(connection, select(Appearance.url), Appearance.document_id, reached.documents)
        return {
            *((MarkKind.TEXT, row.text_sha256) for row in (*texts, *own)),
            *((MarkKind.FOLDED, row.folded_sha256) for row in texts),
            *((MarkKind.PAGE, sha256) for _, sha256 in reached.pages),
            *marks.addresses(*(address for row in (*named, *said) for address in row)),
        }

    def _leave_stories(self) -> tuple[str, ...]:
        """Let each story that one of the articles leads be led by the next one."""
        connection, gone = self.connection, self.reached.articles
        columns = select(Article.id, Article.public_id, Article.near_duplicate_of_id)
        members = in_chunks(connection, columns, Article.near_duplicate_of_id, gone)
        compared = in_chunks(connection, columns, Article.resembles_id, gone)
        leaders: dict[int, int] = {}
        for row in sorted(members, key=lambda row: int(row.id)):
            if row.id not in gone:
                leader = leaders.setdefault(row.near_duplicate_of_id, row.id)
                values = {"near_duplicate_of_id": None if leader == row.id else leader}
                connection.execute(update(Article).where(Article.id == row.id).values(values))
        left = {row.id: row.public_id for row in (*members, *compared) if row.id not in gone}
        for row in (*compared, *(row for row in members if row.id in leaders.values())):
            nothing = {"resembles_id": None, "similarity": None}
            connection.execute(update(Article).where(Article.id == row.id).values(nothing))
        return tuple(sorted(left.values()))[:_SHOWN]

    def _standing_of_others(self) -> dict[int, bool]:
        """Other documents, and whether what they show now is one of the articles."""
        current = (
            select(Appearance.document_id, Appearance.article_id)
            .join(Document, Document.id == Appearance.document_id)
            .where(Appearance.revision == Document.revision)
        )
        rows = in_chunks(self.connection, current, Appearance.document_id, self.reached.others)
        shown = {row.document_id: row.article_id in self.reached.articles for row in rows}
        return {document: shown.get(document, False) for document in self.reached.others}

    def _remove(self) -> None:
        connection, reached = self.connection, self.reached
        for table in (Appearance, SupersededAppearance, Fetch):
            rows = in_chunks(connection, select(table.id), table.document_id, reached.documents)
            remove(connection, table.__table__, {row.id for row in rows}, self.removed)  # type: ignore[arg-type]
        rows = in_chunks(connection, select(Appearance.id), Appearance.article_id, reached.articles)
        remove(connection, Appearance.__table__, {row.id for row in rows}, self.removed)  # type: ignore[arg-type]
        remove(connection, Article.__table__, reached.articles, self.removed)  # type: ignore[arg-type]
        remove(connection, Page.__table__, {row for row, _ in reached.pages}, self.removed)  # type: ignore[arg-type]

    def _close_documents(self, former: dict[int, bool]) -> None:
        """Documents stay, so that `ingest why` can tell why nothing is stored of them."""
        for document in sorted(self.reached.documents):
            self._scrub(document)
            self._drop(document, revision=0)
        for document, showed_it in sorted(former.items()):
            if showed_it:
                last = select(func.max(Appearance.revision)).where(Appearance.document_id == document)
                self._drop(document, revision=self.connection.execute(last).scalar_one() or 0)

    def _scrub(self, document: int) -> None:
        nothing = dict.fromkeys(("title", "byline", "publisher", "published", "language", "etag", "last_modified"))
        lead = update(Lead).where(Lead.document_id == document)
        self.connection.execute(lead.values(due_at=None, attempts=0, **nothing))
        events = update(DocumentEvent).where(DocumentEvent.document_id == document)
        self.connection.execute(events.values(detail=None, other_key=None))

    def _drop(self, document: int, *, revision: int) -> None:
        standing = by_id(self.connection, document)
        change(
            self.writing,
            document,
            revision=revision,
            content_sha256=None,
            claimed_sha256=None,
            token=standing.token + 1,  # whoever has it in hand has lost it
            attempts=0,
            lease_run_id=None,
            lease_until=None,
        )
        source = select(Source.name).join(Document, Document.source_id == Source.id).where(Document.id == document)
        name = self.connection.execute(source).scalar_one()
        dropped = marks.dropped(source=name, key=standing.key, url=standing.url, by=MarkKind.ADDRESS)
        mark_dropped(self.writing, by_id(self.connection, document), dropped)
        for row in self.connection.execute(
            select(Appearance.article_id).where(Appearance.document_id == document).distinct()
        ).all():
            articles.elect(self.connection, row.article_id, document)
