"""What people had removed, so that it does not come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ingest.tables.base import Base, Id, MarkKind, Prose, Sha256

__all__ = ["Tombstone", "TombstoneMark"]


class Tombstone(Base):
    """A removal. It holds nothing of what was removed but counts.

    One that was `lifted` keeps nothing out any more, and has no marks.
    """

    __tablename__ = "tombstones"

    id: Mapped[Id]
    made_at: Mapped[datetime]
    person: Mapped[Prose]
    reason: Mapped[Prose]
    documents: Mapped[int]
    articles: Mapped[int]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[Prose | None]


class TombstoneMark(Base):
    """What a removed thing is known again by: the digest of a canonical address, of a text, or of bytes."""

    __tablename__ = "tombstone_marks"

    kind: Mapped[MarkKind] = mapped_column(primary_key=True)
    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    tombstone_id: Mapped[int] = mapped_column(ForeignKey("tombstones.id"))
