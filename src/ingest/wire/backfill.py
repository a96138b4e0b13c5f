"""What `ingest backfill` says of a source of web archives."""

from __future__ import annotations

from ingest.wire.form import Count, form
from ingest.wire.record import Counted

__all__ = ["Backfill", "BackfillFailure"]


@form
class BackfillFailure:
    """Something of an archive that could not be read for now."""

    archive: str
    """Name of the archive within the source."""
    offset: int | None
    """Byte from which it is still to be read; none where none of it could be."""
    failure: str
    """Why, and what to do about it."""


@form
class Backfill:
    """How far the web archives of a source were read."""

    source: str
    """Name of the source."""
    archives: Count
    """Web archives."""
    waiting: Count
    """Ranges of them that nobody has read."""
    running: Count
    """Ranges that a worker has in hand."""
    done: Count
    """Ranges that were read to their end."""
    failed: Count
    """Ranges that could not be read, and archives of which nothing could; the next run tries again."""
    bytes: Count
    """Size of the archives, as far as it is known."""
    bytes_read: Count
    """How much of that is read and settled."""
    records: Count
    """Records read, and pieces that cannot be."""
    pages: Count
    """Records that brought a page."""
    skipped: tuple[Counted, ...]
    """Records that brought none, by reason, the most frequent first."""
    broken: tuple[Counted, ...]
    """Pieces that cannot be read, by reason; 'ingest drops' lists them with their offsets."""
    fates: tuple[Counted, ...]
    """What became of the pages and of what cannot be read."""
    seconds: float
    """How long workers were at it, added up over all of them."""
    records_per_second: float | None
    """What one worker reads."""
    remaining_seconds: float | None
    """How long the workers that are at it now still take, if all goes on as it did; none where none is."""
    failures: tuple[BackfillFailure, ...]
    """What failed, at most twenty of it."""
