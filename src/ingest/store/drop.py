"""Drops: by the source, which never had bytes, and by a stage, which had."""

from __future__ import annotations

from sqlalchemy import insert, update

from ingest.documents import Dropped, Fate, Outcome
from ingest.store.documents import Finder, Standing, Writing, by_keys, make_source, record, stored_key
from ingest.tables import Document, DocumentEventKind, DocumentState

__all__ = ["drop_by_source", "mark_dropped"]


def drop_by_source(writing: Writing, finder: Finder, dropped: Dropped) -> Outcome:
    """Record what a source gave up on; see `Store.drop`."""
    source = make_source(writing, finder)
    key = stored_key(dropped.key)
    standing = by_keys(writing.connection, source, [key], hold=True).get(key)
    document = standing.id if standing else _add(writing, source, key, dropped)
    if standing and _same(standing, dropped):
        seen = update(Document).where(Document.id == document).values(last_seen_at=writing.at)
        writing.connection.execute(seen)
    else:
        mark_dropped(writing, document, dropped)
    return Outcome(
        source=finder.name,
        key=dropped.key,
        fate=Fate.DROPPED,
        article_id=standing.article if standing else None,
        dropped=dropped,
    )


def mark_dropped(writing: Writing, document: int, dropped: Dropped) -> None:
    """Set a document's state, and say so in its events. What it was before stays: revisions, bytes, claim."""
    writing.connection.execute(
        update(Document)
        .where(Document.id == document)
        .values(
            state=DocumentState.DROPPED,
            fate=Fate.DROPPED,
            stage=dropped.stage,
            reason=dropped.reason,
            detail=dropped.detail,
            code_version=writing.run.code_version,
            last_seen_at=writing.at,
            settled_at=writing.at,
            run_id=writing.run.id,
        )
    )
    record(writing, document, DocumentEventKind.DROPPED, dropped=dropped)


def _same(standing: Standing, dropped: Dropped) -> bool:
    before = standing.dropped(dropped.source)
    return before is not None and (before.stage, before.reason, before.detail) == (
        dropped.stage,
        dropped.reason,
        dropped.detail,
    )


def _add(writing: Writing, source: int, key: str, dropped: Dropped) -> int:
    return writing.connection.execute(
        insert(Document)
        .values(
            source_id=source,
            key=key,
            url=dropped.url,
            state=DocumentState.FOUND,
            revision=0,
            first_seen_at=writing.at,
            last_seen_at=writing.at,
            run_id=writing.run.id,
            token=0,
            attempts=0,
        )
        .returning(Document.id)
    ).scalar_one()
