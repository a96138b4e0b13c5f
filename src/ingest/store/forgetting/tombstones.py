"""What was removed by request so far, and taking back that it is kept out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from ingest.errors import NotFoundError, RulingError
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.tables import Tombstone, TombstoneMark

__all__ = ["Kept", "lift", "tombstones"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A removal.

    Attributes:
        id: Its number.
        made_at: When.
        person: Who asked for it.
        reason: Why.
        documents: How many documents it reached.
        articles: How many texts.
        marks: Digests that it keeps out; 0 once it was lifted.
        lifted_at: When it was lifted.
        lifted_by: By whom.
    """

    id: int
    made_at: datetime
    person: str
    reason: str
    documents: int
    articles: int
    marks: int
    lifted_at: datetime | None
    lifted_by: str | None


def tombstones(connection: Connection) -> tuple[Kept, ...]:
    """All removals, the latest first."""
    marks = select(func.count()).where(TombstoneMark.tombstone_id == Tombstone.id).scalar_subquery()
    rows = connection.execute(
        select(
            Tombstone.id,
            Tombstone.made_at,
            Tombstone.person,
            Tombstone.reason,
            Tombstone.documents,
            Tombstone.articles,
            marks.label("marks"),
            Tombstone.lifted_at,
            Tombstone.lifted_by,
        ).order_by(Tombstone.id.desc())
    )
    return tuple(Kept(**row) for row in rows.mappings())


def lift(writing: Writing, ruling: Ruling, *, tombstone: int) -> int:
    """Let what was removed come in again, should it come; nothing comes back by itself.

    Returns:
        How many digests are kept out no more.

    Raises:
        NotFoundError: There is no such removal.
        RulingError: It was lifted before.
    """
    found = writing.connection.execute(select(Tombstone.lifted_at).where(Tombstone.id == tombstone)).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no removal {tombstone}", remedy="`ingest forget --list` lists those there are")
    if found.lifted_at is not None:
        raise RulingError(f"the removal {tombstone} was lifted before", remedy="nothing is to be done")
    gone = writing.connection.execute(delete(TombstoneMark).where(TombstoneMark.tombstone_id == tombstone)).rowcount
    lifted = {"lifted_at": writing.at, "lifted_by": ruling.person}
    writing.connection.execute(update(Tombstone).where(Tombstone.id == tombstone).values(lifted))
    return gone
