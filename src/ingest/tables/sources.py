"""Sources, the documents that they hold, and what arrived from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import FailureClass, Fate, MediaType, Reason, Stage
from ingest.tables.base import Base, DocumentEventKind, DocumentState, Id, Json, Prose, Sha256, SourceState

__all__ = ["Document", "DocumentEvent", "Fetch", "Page", "Source"]


class Source(Base):
    """A feed, folder, site or archive. Known by its name; the address may differ from machine to machine.

    It is visited when `next_due_at` has come, and its listing is asked for on that visit when `listing_due_at` has come
    too; otherwise the visit is for pages that wait. Neither is set for a folder that was only ever run by hand. The
    claim is like that of a document; its run has no foreign key, since SQLite cannot add one to a table that is there.
    """

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Prose]
    kind: Mapped[str] = mapped_column(String(32))
    address: Mapped[Prose | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    etag: Mapped[Prose | None]
    last_modified: Mapped[Prose | None]
    interval_seconds: Mapped[int | None]  # between visits, where an operator set it
    next_due_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    last_failure: Mapped[Prose | None]
    first_seen_at: Mapped[datetime]
    first_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    state: Mapped[SourceState] = mapped_column(default=SourceState.ACTIVE)
    title: Mapped[Prose | None]
    home: Mapped[Prose | None]
    listing_due_at: Mapped[datetime | None]
    body_sha256: Mapped[Sha256 | None]  # of the listing that was read last
    stated_seconds: Mapped[int | None]  # how often it says that it changes
    rhythm_seconds: Mapped[float | None]  # the usual time between two new entries
    entries_last: Mapped[int | None]
    entries_usual: Mapped[float | None]
    first_contact_at: Mapped[datetime | None]
    first_pass_at: Mapped[datetime | None]  # when all that it held at the first contact had been listed
    last_contact_at: Mapped[datetime | None]  # any answer, also 'not modified'
    last_new_at: Mapped[datetime | None]
    failure_kind: Mapped[FailureClass | None]  # of the last failure
    failure_reason: Mapped[Reason | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_run_id: Mapped[int | None]
    lease_until: Mapped[datetime | None]


class Document(Base):
    """A thing ever seen, keyed by its source and its canonical URL, record id or relative path.

    `revision` counts its appearances; the one of that number is current, 0 where it never became an article.
    `content_sha256` is of the bytes last settled, and survives a drop by the source, which never saw bytes.
    The claim: `token` only ever grows; `lease_run_id` is empty where nobody holds it. A key beyond 1,000 bytes is cut
    and ends in its own digest.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index(None, "source_id", "content_sha256"),
        Index(None, "lease_run_id"),
        # Hash indexes on PostgreSQL: its B-trees refuse addresses of more than 2,700 bytes.
        Index(None, "url", postgresql_using="hash"),
        Index(None, "key", postgresql_using="hash"),
        Index(None, "page_id"),
    )

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    key: Mapped[Prose]
    url: Mapped[Prose | None]
    media_type: Mapped[MediaType | None]
    state: Mapped[DocumentState]
    fate: Mapped[Fate | None]  # of the last run that changed something
    stage: Mapped[Stage | None]  # where it was dropped
    reason: Mapped[Reason | None]
    detail: Mapped[Prose | None]
    revision: Mapped[int] = mapped_column(default=0)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"))
    content_sha256: Mapped[Sha256 | None]
    code_version: Mapped[Prose | None]  # of the code that settled it
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))  # that settled or claimed it last
    token: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)  # on the bytes of claimed_sha256, since it was last settled
    claimed_sha256: Mapped[Sha256 | None]
    lease_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    lease_until: Mapped[datetime | None]


class DocumentEvent(Base):
    """Append-only: what happened to a document."""

    __tablename__ = "document_events"
    __table_args__ = (Index(None, "document_id", "id"), Index(None, "article_id"))

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    at: Mapped[datetime]
    event: Mapped[DocumentEventKind]
    stage: Mapped[Stage | None]
    reason: Mapped[Reason | None]
    detail: Mapped[Prose | None]
    other_key: Mapped[Prose | None]
    revision: Mapped[int | None]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))


class Page(Base):
    """A distinct raw body, and where the archive keeps it, relative to the archive's address.

    `removed_at` is set where the archive keeps it no more: it was deleted for its age.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[Id]
    sha256: Mapped[Sha256]
    bytes: Mapped[int]
    media_type: Mapped[MediaType]
    location: Mapped[Prose]
    first_seen_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    removed_at: Mapped[datetime | None]


class Fetch(Base):
    """An answer received, over HTTP or from a disk: all that is needed to run `extract` on the page again.

    Attributes:
        redirects: JSON, a list of addresses in the order in which they were followed.
    """

    __tablename__ = "fetches"
    __table_args__ = (Index(None, "document_id"), Index(None, "page_id"))

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    at: Mapped[datetime]
    url: Mapped[Prose | None]
    status: Mapped[int | None]
    redirects: Mapped[list[str] | None] = mapped_column(Json)
    media_type: Mapped[MediaType | None]
    charset: Mapped[Prose | None]
    etag: Mapped[Prose | None]
    last_modified: Mapped[Prose | None]
    elapsed_ms: Mapped[int | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    hint_title: Mapped[Prose | None]
    hint_byline: Mapped[Prose | None]
    hint_publisher: Mapped[Prose | None]
    hint_published: Mapped[Prose | None]
