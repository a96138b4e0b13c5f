"""Rows of raw bodies, and of the answers that brought them."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import bindparam, insert, select, text, update

from ingest.store.claim import Claimed
from ingest.store.documents import Standing, Writing
from ingest.tables import Fetch, Page

__all__ = ["ADD_FETCH", "ADD_PAGE", "body", "fetch", "put"]

_Values: TypeAlias = dict[str, Any]

_PAGE = select(Page.id, Page.removed_at).where(Page.sha256 == bindparam("digest"))
_IS_BACK = update(Page).where(Page.id == bindparam("row")).values(removed_at=None)
_SAME_CAPTURE = select(Fetch.id).where(
    Fetch.document_id == bindparam("document"), Fetch.page_id == bindparam("page"), Fetch.at == bindparam("captured")
)
_PAGE_COLUMNS = (Page.sha256, Page.bytes, Page.media_type, Page.location, Page.first_seen_at, Page.run_id)
# In SQL that both databases understand: an insert of SQLAlchemy's with ON CONFLICT is compiled each time it runs.
_ADD_NEW_PAGE = text(
    "INSERT INTO pages (sha256, bytes, media_type, location, first_seen_at, run_id)"
    " VALUES (:sha256, :bytes, :media_type, :location, :first_seen_at, :run_id)"
    " ON CONFLICT (sha256) DO NOTHING RETURNING id"
).bindparams(*(bindparam(column.key, type_=column.type) for column in _PAGE_COLUMNS))
ADD_PAGE, ADD_FETCH = insert(Page), insert(Fetch)


def put(writing: Writing, claimed: Claimed, before: Standing, location: str) -> int:
    """The row of the raw bytes, and of the answer that brought them.

    Args:
        writing: A transaction that holds the lock of the page.
        claimed: The claim.
        before: How its document stands.
        location: Where the archive keeps the bytes.
    """
    connection = writing.connection
    row = body(writing, claimed, location)
    identity: int | None = connection.execute(_ADD_NEW_PAGE, row).scalar_one_or_none()
    if identity is None:
        known = connection.execute(_PAGE, {"digest": claimed.sha256}).one()
        identity = int(known.id)
        if known.removed_at is not None:  # the archive has it again
            connection.execute(_IS_BACK, {"row": identity})
    if before.content_sha256 != claimed.sha256 and not _is_known_capture(writing, claimed, identity):
        connection.execute(ADD_FETCH, fetch(writing, claimed, identity))
    return identity


def body(writing: Writing, claimed: Claimed, location: str) -> _Values:
    """Columns of the row of the raw bytes."""
    return {
        "sha256": claimed.sha256,
        "bytes": len(claimed.page.content),
        "media_type": claimed.page.media_type,
        "location": location,
        "first_seen_at": writing.at,
        "run_id": writing.run.id,
    }


def fetch(writing: Writing, claimed: Claimed, page_id: int) -> _Values:
    """Columns of the row of the answer: what `extract` would need to read these bytes again."""
    page, transport = claimed.page, claimed.page.transport
    return {
        "document_id": claimed.document_id,
        "page_id": page_id,
        "run_id": writing.run.id,
        "at": page.fetched_at or writing.at,
        "url": page.url,
        "media_type": page.media_type,
        "charset": page.charset,
        "time_zone": page.time_zone,
        "hint_title": page.hints.title,
        "hint_byline": page.hints.byline,
        "hint_publisher": page.hints.publisher,
        "hint_published": page.hints.published,
        "status": transport.status if transport else None,
        "redirects": list(transport.redirects) if transport and transport.redirects else None,
        "etag": transport.etag if transport else None,
        "last_modified": transport.last_modified if transport else None,
        "elapsed_ms": transport.elapsed_ms if transport else None,
    }


def _is_known_capture(writing: Writing, claimed: Claimed, page_id: int) -> bool:
    """Whether this very capture was passed by before."""
    captured = claimed.page.fetched_at
    if captured is None or claimed.is_first:
        return False
    asked = {"document": claimed.document_id, "page": page_id, "captured": captured}
    return writing.connection.execute(_SAME_CAPTURE, asked).first() is not None
