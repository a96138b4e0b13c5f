"""Deleting raw bodies that are older than is wanted from the archive."""

from __future__ import annotations

from ingest.archive import Archive
from ingest.removals import settle_archive
from ingest.settings import Settings
from ingest.store import Store
from ingest.store.retention import Due, Terms, mark_removed

__all__ = ["delete", "terms"]

_AT_ONCE = 100


def terms(settings: Settings) -> Terms | None:
    """How long the settings say that raw bodies are kept; None: all of them for ever."""
    if not settings.raw_days and not any(settings.raw_days_by_source.values()):
        return None
    return Terms(days=settings.raw_days, by_source=settings.raw_days_by_source)


def delete(store: Store, archive: Archive, found: Due) -> None:
    """Delete what is due, and what was removed by request and is there all the same.

    Args:
        store: Whose bodies they are.
        archive: Where they are.
        found: What `ingest.store.retention.due` gave.

    Raises:
        StoreError: The store cannot be written.
        ArchiveError: A body cannot be deleted. What was deleted until then is noted, or due again.
    """
    for start in range(0, len(found.pages), _AT_ONCE):
        chunk = found.pages[start : start + _AT_ONCE]
        for _, sha256 in chunk:
            archive.remove(sha256)
        # After the objects: what is broken off here is due again, and nothing is left behind.
        rows = [row for row, _ in chunk]
        store.database.write(lambda connection, rows=rows: mark_removed(connection, rows))  # type: ignore[misc]
    settle_archive(store, archive)
