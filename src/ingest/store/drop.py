"""Drops: by the source, which never had bytes, and by a stage, which had."""

from __future__ import annotations

from sqlalchemy import insert, update

from ingest.documents import Dropped, Fate, Outcome, Reason, Stage
from ingest.store.documents import Finder, Standing, Writing, by_keys, make_source, record, stored_key
from ingest.tables import Document, DocumentEventKind, DocumentState

__all__ = ["drop_by_source", "mark_dropped"]


def drop_by_source(writing: Writing, finder: Finder, dropped: Dropped) -> Outcome:
    """Record what a source gave up on; see `Store.drop`."""
    source = make_source(writing, finder)
    key = stored_key(dropped.key)
    standing = by_keys(writing.connection, source, [key], hold=True).get(key)
    mark_dropped(writing, standing or _add(writing, source, key, dropped), dropped)
    return Outcome(
        source=finder.name,
        key=dropped.key,
        fate=Fate.DROPPED,
        article_id=standing.article if standing else None,
        dropped=dropped,
    )


def mark_dropped(writing: Writing, standing: Standing, dropped: Dropped) -> None:
    """Set a document's state, and say so in its events, unless the last one says so already.

    What it was before stays: revisions, bytes, claim.
    """
    document = update(Document).where(Document.id == standing.id)
    before = standing.dropped(dropped.source)
    if before is not None and _why(before) == _why(dropped):
        values = document.values(code_version=writing.run.code_version, last_seen_at=writing.at)
        writing.connection.execute(values)
        return
    writing.connection.execute(
        document.values(
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
    record(writing, standing.id, DocumentEventKind.DROPPED, dropped=dropped)


def _why(dropped: Dropped) -> tuple[Stage, Reason, str]:
    return dropped.stage, dropped.reason, dropped.detail


def _add(writing: Writing, source: int, key: str, dropped: Dropped) -> Standing:
    identity = writing.connection.execute(
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
    return Standing(id=identity, key=key, url=dropped.url, state=DocumentState.FOUND, revision=0, token=0, attempts=0)
