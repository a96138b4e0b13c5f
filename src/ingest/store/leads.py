"""Pages that listings name: which are new, which are to be fetched, and what came of it.

An entry is known by its id within the source, else by its canonical address there. Whatever a listing names has a
document from then on, so that `ingest why` can tell of it:

    known, and not changed since      nothing
    known, and changed since          waits to be fetched again
    removed by request                dropped: forgotten
    brought by another source         dropped: known_elsewhere, unless it is a single page that was asked for by name
    old, on the first contact         dropped: before_first_contact
    else                              waits to be fetched
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from ingest.documents import Dropped, Entry, Failure, Hints, Reason, SourceKind, Stage, Validators
from ingest.documents import Lead as Found
from ingest.store.articles import AnyRow
from ingest.store.database import Database
from ingest.store.documents import Writing, add, begin, by_id, change, record
from ingest.store.drop import mark_dropped
from ingest.store.forgetting import marks
from ingest.store.keys import stored_key
from ingest.store.runs import Run
from ingest.store.visits import Due, fenced
from ingest.tables import Document, DocumentEventKind, DocumentState, Lead, MarkKind, Source, SourceState

__all__ = ["Listed", "Waiting", "defer", "list_entries", "postpone", "settle", "waiting"]

_CHUNK = 200  # entries in one transaction, so that other writers get their turn

_COLUMNS = (Lead.document_id, Lead.entry_id, Lead.updated, Document.key, Document.state)
_BY_KEY = (
    select(*_COLUMNS)
    .join(Document, Document.id == Lead.document_id)
    .where(Document.source_id == bindparam("source"), Document.key.in_(bindparam("keys", expanding=True)))
)
_BY_ENTRY = (
    select(*_COLUMNS)
    .join(Document, Document.id == Lead.document_id)
    .where(Lead.source_id == bindparam("source"), Lead.entry_id.in_(bindparam("entries", expanding=True)))
)
_ELSEWHERE = (
    select(Document.key, Source.name)
    .join(Source, Source.id == Document.source_id)
    .where(
        Document.key.in_(bindparam("keys", expanding=True)),
        Document.source_id != bindparam("source"),
        Document.state != DocumentState.DROPPED,
        Source.state == SourceState.ACTIVE,
    )
)
_ADD = insert(Lead)
_OF_DOCUMENT = update(Lead).where(Lead.document_id == bindparam("document"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a listing's entries were to the store.

    Attributes:
        new: Nobody knew them, and they wait to be fetched.
        changed: Known, changed since, and wait to be fetched again.
        known: Known, and not changed.
        left: Older than the first contact asks for.
        elsewhere: Brought by another source.
    """

    new: int = 0
    changed: int = 0
    known: int = 0
    left: int = 0
    elsewhere: int = 0

    def __add__(self, other: Listed) -> Listed:
        return Listed(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            known=self.known + other.known,
            left=self.left + other.left,
            elsewhere=self.elsewhere + other.elsewhere,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page that is to be fetched.

    Attributes:
        document_id: Its row.
        lead: What is known of it.
        attempts: How often it could not be fetched, since it was last wanted.
        validators: Of the bytes that the store has; empty where it has none.
    """

    document_id: int
    lead: Found
    attempts: int
    validators: Validators = field(default_factory=Validators)


def list_entries(
    database: Database, run: Run, due: Due, leads: Sequence[Found], *, left: Collection[str] = ()
) -> Listed:
    """Enter what a listing names.

    Args:
        database: The store.
        run: For whom.
        due: The visit.
        leads: In the order of the listing.
        left: Keys of those that are too old for the first contact.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """
    total = Listed()
    unwanted = frozenset(left)
    for start in range(0, len(leads), _CHUNK):
        chunk = leads[start : start + _CHUNK]

        def work(connection: Connection, chunk: Sequence[Found] = chunk) -> Listed:
            fenced(connection, due)
            return _Entering(begin(connection, run), due, chunk, unwanted).enter()

        total += database.write(work)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A lead that the store has."""

    document_id: int
    entry_id: str | None
    updated: str | None
    state: DocumentState


class _Entering:
    """One transaction that enters a chunk of entries."""

    def __init__(self, writing: Writing, due: Due, leads: Sequence[Found], left: frozenset[str]) -> None:
        self.writing = writing
        self.due = due
        self.leads = leads
        self.left = left
        keys = [stored_key(lead.key) for lead in leads]
        entries = [stored_key(lead.entry.id) for lead in leads if lead.entry.id]
        self.by_key = {row.key: _known(row) for row in self._rows(_BY_KEY, keys=keys)}
        self.by_entry = {row.entry_id: _known(row) for row in self._rows(_BY_ENTRY, entries=entries)}
        self.elsewhere = {row.key: row.name for row in self._rows(_ELSEWHERE, keys=keys)}
        self.added: list[dict[str, object]] = []
        wanted = {lead.key: marks.addresses(lead.key, lead.entry.url) for lead in leads}
        forgotten = marks.found(writing.connection, set().union(*wanted.values()))
        self.forgotten = {key for key, own in wanted.items() if own & forgotten}

    def _rows(self, query: Select[tuple[Any, ...]], **values: object) -> Sequence[AnyRow]:
        return self.writing.connection.execute(query, {"source": self.due.id, **values}).all()

    def enter(self) -> Listed:
        total = Listed()
        for lead in self.leads:
            total += self._enter(lead)
        if self.added:
            self.writing.connection.execute(_ADD, self.added)
        return total

    def _enter(self, lead: Found) -> Listed:
        key = stored_key(lead.key)
        entry_id = stored_key(lead.entry.id) if lead.entry.id else None
        known = (self.by_entry.get(entry_id) if entry_id else None) or self.by_key.get(key)
        if known is not None:
            return Listed(known=1) if lead.key in self.forgotten else self._meet_again(known, lead, entry_id)
        document = add(self.writing, self.due.id, key, url=lead.entry.url, media_type=None)
        listed = self._judge(document.id, key, lead)
        self.added.append(self._row(document.id, lead, entry_id, is_wanted=listed.new > 0))
        met = _Known(document_id=document.id, entry_id=entry_id, updated=lead.entry.updated, state=DocumentState.FOUND)
        self.by_key[key] = met
        if entry_id:
            self.by_entry[entry_id] = met
        return listed

    def _judge(self, document: int, key: str, lead: Found) -> Listed:
        """Whether a page that nobody knew is wanted; its document says why not."""
        if lead.key in self.forgotten:
            dropped = marks.dropped(source=self.due.name, key=lead.key, url=lead.entry.url, by=MarkKind.ADDRESS)
            mark_dropped(self.writing, by_id(self.writing.connection, document), dropped)
            return Listed(known=1)
        if lead.key in self.left:
            self._drop(document, lead, Reason.BEFORE_FIRST_CONTACT, _BEFORE)
            return Listed(left=1)
        if key in self.elsewhere and self.due.kind is not SourceKind.PAGE:
            detail = f"The source {self.elsewhere[key]} brings the same address; nothing to do."
            self._drop(document, lead, Reason.KNOWN_ELSEWHERE, detail)
            return Listed(elsewhere=1)
        record(self.writing, document, DocumentEventKind.LISTED)
        return Listed(new=1)

    def _meet_again(self, known: _Known, lead: Found, entry_id: str | None) -> Listed:
        entry = lead.entry
        is_same = entry.updated is None or entry.updated == known.updated
        # One that was dropped as too old stays so until it changes for the first time after the first contact.
        # A single page was asked for by name: whatever became of it before, it is wanted.
        is_page = self.due.kind is SourceKind.PAGE
        is_left = self.due.is_first and known.state is DocumentState.DROPPED and not is_page
        if is_same or is_left or any(row["document_id"] == known.document_id for row in self.added):
            return Listed(known=1)
        values: dict[str, object] = {"updated": entry.updated, "url": entry.url, "title": entry.hints.title}
        if entry_id and known.entry_id is None and entry_id not in self.by_entry:
            values["entry_id"] = entry_id
        values |= {"due_at": self.writing.at, "attempts": 0}
        self.writing.connection.execute(_OF_DOCUMENT, {"document": known.document_id, **values})
        return Listed(changed=1)

    def _drop(self, document: int, lead: Found, reason: Reason, detail: str) -> None:
        dropped = Dropped(
            source=self.due.name,
            key=lead.key,
            url=lead.entry.url,
            stage=Stage.SOURCE,
            reason=reason,
            detail=detail,
        )
        mark_dropped(self.writing, by_id(self.writing.connection, document), dropped)

    def _row(self, document: int, lead: Found, entry_id: str | None, *, is_wanted: bool) -> dict[str, object]:
        entry = lead.entry
        hints = Hints() if lead.key in self.forgotten else entry.hints
        return {
            "document_id": document,
            "source_id": self.due.id,
            "entry_id": entry_id,
            "url": entry.url,
            "title": hints.title,
            "byline": hints.byline,
            "publisher": hints.publisher,
            "published": hints.published,
            "updated": entry.updated,
            "language": entry.language,
            "position": entry.position,
            "due_at": self.writing.at if is_wanted else None,
            "attempts": 0,
            "listed_at": self.writing.at,
        }


def _known(row: AnyRow) -> _Known:
    return _Known(document_id=row.document_id, entry_id=row.entry_id, updated=row.updated, state=row.state)


_BEFORE = (
    "It was listed when the source was added, and is older than was asked for (`first_entries`, `first_days`); "
    "`ingest run URL` takes it all the same."
)


def waiting(database: Database, due: Due, *, limit: int) -> tuple[Waiting, ...]:
    """The pages of a source that are to be fetched now, those that have waited longest first.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> tuple[Waiting, ...]:
        at = fenced(connection, due)
        query = (
            select(*Lead.__table__.columns, Document.key, Document.state)
            .join(Document, Document.id == Lead.document_id)
            .where(Lead.source_id == due.id, Lead.due_at <= at)
            .order_by(Lead.due_at, Lead.position)
            .limit(limit)
        )
        return tuple(_waiting(row, due) for row in connection.execute(query))

    return database.write(work)


def _waiting(row: AnyRow, due: Due) -> Waiting:
    hints = Hints(title=row.title, byline=row.byline, publisher=row.publisher, published=row.published)
    entry = Entry(
        url=row.url, id=row.entry_id, hints=hints, updated=row.updated, language=row.language, position=row.position
    )
    has = row.state is DocumentState.STORED
    return Waiting(
        document_id=row.document_id,
        lead=Found(source=due.name, key=row.key, entry=entry, time_zone=due.time_zone),
        attempts=row.attempts,
        validators=Validators(etag=row.etag, last_modified=row.last_modified) if has else Validators(),
    )


def settle(database: Database, due: Due, document: int, *, validators: Validators | None) -> None:
    """Record that a page need not be fetched any more: what it brought is stored, or dropped.

    Args:
        database: The store.
        due: The visit.
        document: The page's.
        validators: For the next time; None: leave them as they are.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        values: dict[str, object] = {"due_at": None, "attempts": 0, "fetched_at": at}
        if validators is not None:
            values |= {"etag": validators.etag, "last_modified": validators.last_modified}
        connection.execute(_OF_DOCUMENT, {"document": document, **values})

    database.write(work)


def defer(database: Database, due: Due, documents: Collection[int], *, wait: timedelta) -> None:
    """Leave pages alone for a while: another worker has them in hand, or their host is not to be asked.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        connection.execute(update(Lead).where(Lead.document_id.in_(documents)).values(due_at=at + wait))

    database.write(work)


def postpone(
    database: Database, run: Run, due: Due, waiting_page: Waiting, failure: Failure, *, wait: timedelta
) -> None:
    """Record that a page could not be fetched, and when to try again.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at: datetime = fenced(connection, due)
        connection.execute(
            _OF_DOCUMENT,
            {"document": waiting_page.document_id, "due_at": at + wait, "attempts": waiting_page.attempts + 1},
        )
        writing = begin(connection, run)
        change(writing, waiting_page.document_id)
        detail = f"{failure.reason.value}: {failure.detail} It is tried again."
        record(writing, waiting_page.document_id, DocumentEventKind.POSTPONED, detail=detail)

    database.write(work)
