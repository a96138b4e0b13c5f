"""Further sitemaps of an index, each with its own validators."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from ingest.documents import Validators
from ingest.store.database import Database
from ingest.store.keys import stored_key
from ingest.store.visits import Due, fenced
from ingest.tables import SourcePart

__all__ = ["Part", "keep_part", "known_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further sitemap.

    Attributes:
        address: Where it is.
        updated: When it was last changed, as its index says.
        validators: Of the last answer.
        body_sha256: Of the last that was read.
    """

    address: str
    updated: str | None = None
    validators: Validators = field(default_factory=Validators)
    body_sha256: str | None = None


def known_parts(database: Database, due: Due) -> tuple[Part, ...]:
    """The parts of a source that were read, or passed over, those that were longest ago first.

    Raises:
        StoreError: The store cannot be read.
    """

    def work(connection: Connection) -> tuple[Part, ...]:
        query = select(*SourcePart.__table__.columns).where(SourcePart.source_id == due.id).order_by(SourcePart.read_at)
        return tuple(
            Part(
                address=row.address,
                updated=row.updated,
                validators=Validators(etag=row.etag, last_modified=row.last_modified),
                body_sha256=row.body_sha256,
            )
            for row in connection.execute(query)
        )

    return database.read(work)


def keep_part(database: Database, due: Due, part: Part) -> None:
    """Record that a part was read, or passed over.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        same = (SourcePart.source_id == due.id, SourcePart.address == stored_key(part.address))
        values = {
            "updated": part.updated,
            "etag": part.validators.etag,
            "last_modified": part.validators.last_modified,
            "body_sha256": part.body_sha256,
            "read_at": at,
        }
        if connection.execute(update(SourcePart).where(*same).values(**values)).rowcount == 0:
            row = {"source_id": due.id, "address": stored_key(part.address), **values}
            connection.execute(insert(SourcePart), row)

    database.write(work)
