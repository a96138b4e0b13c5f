"""Rows of documents, their sources and their events: what claiming, dropping and saving have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, bindparam, insert, select, update

from ingest.documents import Dropped, Fate, MediaType, Reason, Stage
from ingest.store.database import lock, now
from ingest.store.runs import Run
from ingest.tables import Appearance, Article, Document, DocumentEvent, DocumentEventKind, DocumentState, Source

__all__ = [
    "Finder",
    "Standing",
    "Writing",
    "add",
    "begin",
    "by_content",
    "by_id",
    "by_ids",
    "by_keys",
    "change",
    "change_all",
    "known_source",
    "make_source",
    "note_pass",
    "record",
]

_CHUNK = 1000  # parameters in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A writing transaction of a run.

    Attributes:
        connection: In its transaction.
        run: For whom.
        at: When, by the database's clock.
    """

    connection: Connection
    run: Run
    at: datetime


def begin(connection: Connection, run: Run, at: datetime | None = None) -> Writing:
    """Begin to write for a run; `at` is the time by the database's clock, where it was just read."""
    return Writing(connection=connection, run=run, at=at or now(connection))


class Finder(Protocol):
    """What the store wants to know of a source; every `ingest.sources.Source` is one."""

    @property
    def name(self) -> str:
        """Its identity."""
        ...

    @property
    def kind(self) -> str:
        """What sort: `folder`, `jsonl`, and so on."""
        ...

    @property
    def address(self) -> str:
        """Where it is, on this machine."""
        ...

    def holds(self, key: str) -> bool:
        """Whether the key still exists there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a document stands, as its row has it."""

    id: int
    key: str
    state: DocumentState
    revision: int
    token: int
    attempts: int
    url: str | None = None
    media_type: MediaType | None = None
    fate: Fate | None = None
    stage: Stage | None = None
    reason: Reason | None = None
    detail: str | None = None
    content_sha256: str | None = None
    code_version: str | None = None
    claimed_sha256: str | None = None
    lease_run_id: int | None = None
    lease_until: datetime | None = None
    article: str | None = None

    def dropped(self, source: str) -> Dropped | None:
        """Why it was dropped, if it stands so."""
        if self.state is not DocumentState.DROPPED or self.stage is None or self.reason is None:
            return None
        return Dropped(
            source=source, key=self.key, url=self.url, stage=self.stage, reason=self.reason, detail=self.detail or ""
        )


def known_source(connection: Connection, finder: Finder) -> int | None:
    """The row of a source, if it has one."""
    return connection.execute(_SOURCE, {"wanted": finder.name}).scalar_one_or_none()


def make_source(writing: Writing, finder: Finder) -> int:
    """The row of a source, made where it is new; holds the source's lock, so that claims come one after the other."""
    lock(writing.connection, [f"source {finder.name}"])
    found = known_source(writing.connection, finder)
    if found is not None:
        return found
    values = {
        "name": finder.name,
        "kind": finder.kind,
        "address": finder.address,
        "time_zone": "",
        "failures": 0,
        "first_seen_at": writing.at,
        "first_run_id": writing.run.id,
    }
    return writing.connection.execute(insert(Source).returning(Source.id), values).scalar_one()


def note_pass(writing: Writing, finder: Finder) -> None:
    """Note that all a source holds was taken in, if it is the first time."""
    writing.connection.execute(_PASSED, {"row": make_source(writing, finder), "at": writing.at})


def by_keys(connection: Connection, source: int, keys: Collection[str], *, hold: bool = False) -> dict[str, Standing]:
    """Documents of a source, by their key as stored. `hold` locks their rows until the transaction ends."""
    return {
        found.key: found
        for chunk in _chunks(sorted(keys))
        for found in _fetch(connection, _BY_KEYS, {"source": source, "keys": chunk}, hold=hold)
    }


def by_content(
    connection: Connection, source: int, digests: Collection[str], *, hold: bool = False
) -> tuple[Standing, ...]:
    """Documents of a source whose settled bytes have one of these digests, the oldest first."""
    found = [
        standing
        for chunk in _chunks(sorted(digests))
        for standing in _fetch(connection, _BY_CONTENT, {"source": source, "digests": chunk}, hold=hold)
    ]
    return tuple(sorted(found, key=lambda standing: standing.id))


def by_id(connection: Connection, document: int) -> Standing:
    """A document by its row, which is locked until the transaction ends."""
    return _fetch(connection, _BY_ID, {"document": document}, hold=True)[0]


def by_ids(connection: Connection, documents: Collection[int]) -> dict[int, Standing]:
    """Documents by their rows, which are locked until the transaction ends."""
    return {found.id: found for found in _fetch(connection, _BY_IDS, {"documents": sorted(documents)}, hold=True)}


def add(
    writing: Writing, source: int, key: str, *, url: str | None, media_type: MediaType | None, **lease: Any
) -> Standing:
    """A document that was never seen before, with the columns of a lease where it is claimed at once."""
    held: dict[str, Any] = {"token": 0, "attempts": 0, **lease}
    values = {
        "source_id": source,
        "key": key,
        "url": url,
        "media_type": media_type,
        "state": DocumentState.FOUND,
        "revision": 0,
        "first_seen_at": writing.at,
        "last_seen_at": writing.at,
        "run_id": writing.run.id,
        "claimed_sha256": None,
        "lease_run_id": None,
        "lease_until": None,
        **held,
    }
    identity = writing.connection.execute(_ADD, values).scalar_one()
    return Standing(id=identity, key=key, url=url, state=DocumentState.FOUND, revision=0, **held)


def change(writing: Writing, document: int, **values: object) -> None:
    """Change columns of a document; that it was seen, and by which run, goes without saying."""
    writing.connection.execute(
        _CHANGE, {"row": document, "last_seen_at": writing.at, "run_id": writing.run.id, **values}
    )


def change_all(writing: Writing, rows: Sequence[Mapping[str, object]]) -> None:
    """Change the same columns of several documents: `row` names which one, the rest is as for `change`."""
    seen = {"last_seen_at": writing.at, "run_id": writing.run.id}
    writing.connection.execute(_CHANGE, [{**seen, **each} for each in rows])


def record(
    writing: Writing,
    document: int,
    event: DocumentEventKind,
    *,
    dropped: Dropped | None = None,
    detail: str | None = None,
    other_key: str | None = None,
    revision: int | None = None,
    article: int | None = None,
) -> None:
    """Append to what happened to a document."""
    writing.connection.execute(
        _RECORD,
        {
            "document_id": document,
            "run_id": writing.run.id,
            "at": writing.at,
            "event": event,
            "stage": dropped.stage if dropped else None,
            "reason": dropped.reason if dropped else None,
            "detail": dropped.detail if dropped else detail,
            "other_key": other_key,
            "revision": revision,
            "article_id": article,
        },
    )


_COLUMNS = (
    Document.id,
    Document.key,
    Document.url,
    Document.media_type,
    Document.state,
    Document.fate,
    Document.stage,
    Document.reason,
    Document.detail,
    Document.revision,
    Document.content_sha256,
    Document.code_version,
    Document.token,
    Document.attempts,
    Document.claimed_sha256,
    Document.lease_run_id,
    Document.lease_until,
)


_Query: TypeAlias = Select[tuple[Any, ...]]

_STANDING: _Query = (
    select(*_COLUMNS, Article.public_id.label("article"))
    .select_from(Document)
    .outerjoin(Appearance, (Appearance.document_id == Document.id) & (Appearance.revision == Document.revision))
    .outerjoin(Article, Article.id == Appearance.article_id)
)


def _both(*conditions: ColumnElement[bool]) -> tuple[_Query, _Query]:
    """A query that only looks, and one that locks the rows, in one order, so that two workers cannot wait in a ring."""
    query = _STANDING.where(*conditions)
    return query, query.order_by(Document.id).with_for_update(of=Document)


_OF_SOURCE = Document.source_id == bindparam("source")
_BY_ID = _both(Document.id == bindparam("document"))
_BY_IDS = _both(Document.id.in_(bindparam("documents", expanding=True)))
_BY_KEYS = _both(_OF_SOURCE, Document.key.in_(bindparam("keys", expanding=True)))
_BY_CONTENT = _both(_OF_SOURCE, Document.content_sha256.in_(bindparam("digests", expanding=True)))
_PASSED = (
    update(Source)
    .where(Source.id == bindparam("row"), Source.first_pass_at.is_(None))
    .values(first_pass_at=bindparam("at"))
)
_SOURCE = select(Source.id).where(Source.name == bindparam("wanted"))
_ADD = insert(Document).returning(Document.id)
_CHANGE = update(Document).where(Document.id == bindparam("row"))
_RECORD = insert(DocumentEvent)


def _fetch(
    connection: Connection, query: tuple[_Query, _Query], values: Mapping[str, object], *, hold: bool
) -> list[Standing]:
    return [Standing(**row) for row in connection.execute(query[hold], values).mappings()]


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
