"""What visiting sources over HTTP needs to remember: what waits to be fetched, what happened, whose turn it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import FailureClass, Reason
from ingest.tables.base import Base, Id, Prose, Sha256, SourceEventKind

__all__ = ["Host", "HostTurn", "Lead", "SourceEvent", "SourceFailure", "SourcePart"]


class Lead(Base):
    """A document that a listing named: what the listing says of it, and when it is to be fetched.

    `due_at` is empty while there is nothing to fetch; `attempts` counts failures since it was last fetched or wanted.
    An entry id beyond 1,000 bytes is cut like a document's key.
    """

    __tablename__ = "leads"
    __table_args__ = (UniqueConstraint("source_id", "entry_id"), Index(None, "source_id", "due_at"))

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    entry_id: Mapped[Prose | None]
    url: Mapped[Prose]
    title: Mapped[Prose | None]
    byline: Mapped[Prose | None]
    publisher: Mapped[Prose | None]
    published: Mapped[Prose | None]
    updated: Mapped[Prose | None]
    language: Mapped[Prose | None]
    position: Mapped[int]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    etag: Mapped[Prose | None]
    last_modified: Mapped[Prose | None]
    listed_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]


class SourcePart(Base):
    """A further sitemap of an index, or a further piece of a feed, with its own validators.

    The address is cut like a document's key.
    """

    __tablename__ = "source_parts"

    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    address: Mapped[Prose] = mapped_column(primary_key=True)
    updated: Mapped[Prose | None]
    etag: Mapped[Prose | None]
    last_modified: Mapped[Prose | None]
    body_sha256: Mapped[Sha256 | None]
    read_at: Mapped[datetime]


class SourceEvent(Base):
    """Append-only: what happened to a source, by a run or by a person."""

    __tablename__ = "source_events"
    __table_args__ = (Index(None, "source_id", "id"),)

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    at: Mapped[datetime]
    event: Mapped[SourceEventKind]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    detail: Mapped[Prose | None]
    old_address: Mapped[Prose | None]
    new_address: Mapped[Prose | None]


class SourceFailure(Base):
    """How often a source failed so, in all."""

    __tablename__ = "source_failures"

    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    kind: Mapped[FailureClass] = mapped_column(primary_key=True)
    reason: Mapped[Reason] = mapped_column(primary_key=True)
    number: Mapped[int]
    last_at: Mapped[datetime]
    detail: Mapped[Prose]


class Host(Base):
    """A server that is asked for things: when it may be asked next, and what its robots.txt says.

    `robots_text` is empty text where the host has no rules; None with `robots_until` set: it could not be had, and
    nothing is allowed until then.
    """

    __tablename__ = "hosts"

    authority: Mapped[str] = mapped_column(String(300), primary_key=True)  # host, and port where it is not the usual
    next_at: Mapped[datetime]
    retry_at: Mapped[datetime | None]  # it asked to be left alone until then
    refusals: Mapped[int] = mapped_column(default=0)  # in a row
    robots_text: Mapped[Prose | None]
    robots_until: Mapped[datetime | None]
    robots_failures: Mapped[int] = mapped_column(default=0)  # in a row


class HostTurn(Base):
    """A request that is under way; void when its time is over or its run is gone."""

    __tablename__ = "host_turns"
    __table_args__ = (Index(None, "authority"), Index(None, "run_id"))

    id: Mapped[Id]
    authority: Mapped[str] = mapped_column(String(300))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    until: Mapped[datetime]
