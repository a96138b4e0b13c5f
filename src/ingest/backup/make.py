"""`ingest db backup`: one state of the store, and the raw bodies that it refers to, while the pipeline goes on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ingest import __version__, removals
from ingest.archive import Archive
from ingest.backup import place
from ingest.backup.pages import NO_PAGES, TellPages, copy_pages
from ingest.errors import BackupError, StoreError
from ingest.mask import mask
from ingest.store.address import parse
from ingest.store.transfer.carry import Tell
from ingest.store.transfer.snapshot import note_deleted, page_digests, snapshot, still_wanted
from ingest.wire import Backup, BackupTable

__all__ = ["back_up", "prune"]

_SHOWN = 20  # pages that are missing
_HEADROOM = 1 << 20  # bytes; with less, a disk counts as full


def back_up(url: str, archive_url: str | None, folder: Path, *, tell: Tell, tell_pages: TellPages) -> Backup:
    """Make a backup.

    The store is read in one transaction, and nobody is locked out of it. Raw bodies come after, since the pipeline
    archives a page before it stores it: whatever the snapshot refers to is there. Only those that no earlier backup of
    the folder has are copied. It is written beside its place and moved there when all of it is on the disk.

    Args:
        url: The store, of this release or an earlier one.
        archive_url: Where its raw bodies are; None: leave them out.
        folder: Of backups; made where it is missing.
        tell: Told how far the store is.
        tell_pages: Told how far the raw bodies are.

    Raises:
        BackupError: The backup cannot be written.
        StoreError: The store cannot be read.
        ArchiveError: The archive cannot be read at all.
    """
    with place.alone(folder):
        name = _name(folder)
        draft = place.draft(folder, name)
        try:
            draft.mkdir()
            manifest = _write(url, archive_url, draft, name, tell=tell, tell_pages=tell_pages)
            place.write(draft, manifest)
            draft.rename(folder / name)
            place.sync(folder)
        except OSError as refused:
            raise BackupError(
                f"the backup in {folder} cannot be written: {refused.strerror}", remedy="free some space, and try again"
            ) from refused
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return manifest


def _name(folder: Path) -> str:
    begun = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = {each.name for each in folder.iterdir()}
    return next(name for name in (begun, *(f"{begun}-{n}" for n in range(2, 1_000))) if name not in taken)


def _write(url: str, archive_url: str | None, draft: Path, name: str, *, tell: Tell, tell_pages: TellPages) -> Backup:
    store = draft / place.STORE
    try:
        taken = snapshot(url, store, tell=tell)
    except StoreError as failed:
        if shutil.disk_usage(draft).free >= _HEADROOM:
            raise
        raise BackupError(f"the disk of {draft.parent} is full", remedy="free some space, and try again") from failed
    pages = NO_PAGES
    if archive_url is not None:
        kept = place.objects(draft.parent)
        pages = copy_pages(store, Archive(archive_url), kept, has=kept.holds, tell=tell_pages)
    _keep_removals(store, archive_url, place.objects(draft.parent))
    missing = still_wanted(url, pages.missing)
    tables = taken.tables
    if deleted := set(pages.missing) - set(missing):
        changed = note_deleted(store, deleted)
        tables = tuple(changed if each.table == changed.table else each for each in tables)
    return Backup(
        format=place.FORMAT,
        name=name,
        made_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        version=__version__,
        revision=taken.revision,
        database=parse(url).shown,
        archive=None if archive_url is None else mask(archive_url),
        store_bytes=store.stat().st_size,
        store_sha256=place.digest_of(store),
        tables=tuple(BackupTable(table=each.table, rows=each.rows, sha256=each.sha256) for each in tables),
        pages=pages.all - len(deleted),
        copied=pages.copied,
        missing=len(missing),
        missing_pages=missing[:_SHOWN],
    )


def _keep_removals(store: Path, archive_url: str | None, kept: Archive) -> None:
    """Record beside the backups what was removed by request, so that none of them brings it back."""
    removals.keep(kept, removals.known_to(f"sqlite:///{store}?mode=ro"))
    if archive_url is not None:
        removals.keep(kept, removals.kept(Archive(archive_url)))


def prune(folder: Path, *, keep: int) -> tuple[str, ...]:
    """Delete all but the newest backups of a folder, and raw bodies that none of those refers to.

    Args:
        folder: Of backups.
        keep: How many stay; at least 1.

    Returns:
        Names of those that were deleted.
    """
    with place.alone(folder):
        there = place.backups(folder)
        old, kept = there[:-keep], there[-keep:]
        for backup in old:
            gone = place.draft(folder, backup.name)  # half of it is no backup
            backup.rename(gone)
            shutil.rmtree(gone)
        if old:
            _sweep(folder, kept)
    return tuple(backup.name for backup in old)


def _sweep(folder: Path, kept: tuple[Path, ...]) -> None:
    wanted = {sha256 for backup in kept for sha256, _ in page_digests(backup / place.STORE)}
    for path in (folder / "objects").rglob("*.gz"):
        if path.name.removesuffix(".gz") not in wanted:
            path.unlink()
