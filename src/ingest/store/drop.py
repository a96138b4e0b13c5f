"""Drops: by the source, which never had bytes, and by a stage, which had."""

from __future__ import annotations

from ingest.documents import Dropped, Fate, Outcome, Reason, Stage
from ingest.store.documents import Finder, Standing, Writing, add, by_keys, change, make_source, record
from ingest.store.keys import stored_key
from ingest.tables import DocumentEventKind, DocumentState

__all__ = ["drop_by_source", "mark_dropped"]


def drop_by_source(writing: Writing, finder: Finder, dropped: Dropped) -> Outcome:
    """Record what a source gave up on; see `Store.drop`."""
    source = make_source(writing, finder)
    key = stored_key(dropped.key)
    standing = by_keys(writing.connection, source, [key], hold=True).get(key)
    if standing is None:
        standing = add(writing, source, key, url=dropped.url, media_type=None)
    mark_dropped(writing, standing, dropped)
    return Outcome(source=finder.name, key=dropped.key, fate=Fate.DROPPED, article_id=standing.article, dropped=dropped)


def mark_dropped(writing: Writing, standing: Standing, dropped: Dropped) -> None:
    """Set a document's state, and say so in its events, unless the last one says so already.

    What it was before stays: revisions, bytes, claim.
    """
    before = standing.dropped(dropped.source)
    if before is not None and _why(before) == _why(dropped):
        change(writing, standing.id, code_version=writing.run.code_version)
        return
    change(
        writing,
        standing.id,
        state=DocumentState.DROPPED,
        fate=Fate.DROPPED,
        stage=dropped.stage,
        reason=dropped.reason,
        detail=dropped.detail,
        code_version=writing.run.code_version,
        settled_at=writing.at,
    )
    record(writing, standing.id, DocumentEventKind.DROPPED, dropped=dropped)


def _why(dropped: Dropped) -> tuple[Stage, Reason, str]:
    return dropped.stage, dropped.reason, dropped.detail
