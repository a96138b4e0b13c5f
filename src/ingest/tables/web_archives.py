"""Web archives, and how far they were read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import Packing, RangeState
from ingest.tables.base import Base, Id, Json, Prose

__all__ = ["WebArchive", "WebArchiveRange"]


class WebArchive(Base):
    """A WARC or ARC file of a source, by its name there; the address may differ from machine to machine.

    `version` changes when the file does; then it is read anew. `failure` says why it cannot be read at all.
    """

    __tablename__ = "web_archives"
    __table_args__ = (UniqueConstraint("source_id", "name"),)

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    name: Mapped[Prose]
    address: Mapped[Prose]
    size: Mapped[int | None]
    version: Mapped[Prose]
    packing: Mapped[Packing | None]
    failure: Mapped[Prose | None]
    first_seen_at: Mapped[datetime]


class WebArchiveRange(Base):
    """A part of a web archive that one worker reads: what begins from `start` on and before `stop`.

    All before `position` is settled: it and the counts are written together. Both are bytes of the file, or, with gzip
    over the whole file, of what it unpacks to. The claim is like that of a document.

    Attributes:
        skipped: JSON, an object of numbers: why a record brought no page → how many.
        broken: Likewise, of what cannot be read.
        fates: Likewise, what became of pages, and of what is broken.
    """

    __tablename__ = "web_archive_ranges"
    __table_args__ = (UniqueConstraint("archive_id", "start"), Index(None, "lease_run_id"))

    id: Mapped[Id]
    archive_id: Mapped[int] = mapped_column(ForeignKey("web_archives.id"))
    start: Mapped[int]
    stop: Mapped[int | None]  # none: to the end
    position: Mapped[int]
    state: Mapped[RangeState]
    records: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, int]] = mapped_column(Json)
    broken: Mapped[dict[str, int]] = mapped_column(Json)
    fates: Mapped[dict[str, int]] = mapped_column(Json)
    seconds: Mapped[float] = mapped_column(default=0.0)  # that workers took for it
    attempts: Mapped[int] = mapped_column(default=0)  # that failed, in a row
    failure: Mapped[Prose | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
