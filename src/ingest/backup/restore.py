"""`ingest db restore`: a backup becomes a store again, on either database."""

from __future__ import annotations

from pathlib import Path

from ingest.archive import Archive
from ingest.backup import place
from ingest.backup.pages import NO_PAGES, TellPages, copy_pages
from ingest.errors import BackupError, SchemaNewerError
from ingest.mask import mask
from ingest.migrations import HEAD, REVISIONS
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.failures import translated
from ingest.store.schema import make_room, upgrade
from ingest.store.transfer.carry import Carrying, Tell
from ingest.store.transfer.end import End
from ingest.wire import Backup, Restored

__all__ = ["restore"]


def restore(
    given: Path,
    url: str,
    archive_url: str | None,
    *,
    replace: bool,
    tell: Tell,
    tell_pages: TellPages,
    replace_nul: bool = False,
) -> Restored:
    """Bring a backup back.

    Raw bodies first, so that the store never refers to what is not there yet; then the rows, which are compared; then
    the schema is brought to this release. One that was broken off is taken up by the same call.

    Args:
        given: A backup, or a folder of backups, of which the newest is taken.
        url: The database, which must hold nothing unless `replace` says so.
        archive_url: Where raw bodies go; None: leave them out.
        replace: Whether to delete whatever store the database holds.
        tell: Told how far the store is.
        tell_pages: Told how far the raw bodies are.
        replace_nul: Whether text with NUL, which PostgreSQL refuses, is stored with U+FFFD in its place.

    Raises:
        BackupError: It is none, or damaged.
        TargetNotEmptyError: The database holds rows, and `replace` does not allow for that.
        SchemaNewerError: A later release made the backup.
        StoreError: The database cannot be written.
        ArchiveError: The archive cannot be written.
    """
    backup = place.find(given)
    manifest = _whole(backup)
    source, target = parse(f"sqlite:///{backup / place.STORE}?mode=ro"), parse(url)
    make_room(target)
    reading, writing = Database(source, create=False), Database(target, create=True)
    try:
        with translated(source), reading.engine.connect() as connection:
            carrying = Carrying(
                End(connection, source),
                writing,
                revision=manifest.revision,
                tell=tell,
                replace_nul=replace_nul,
                identity=manifest.store_sha256,
            )
            carrying.begin(replace=replace)
            pages = NO_PAGES
            if archive_url is not None:
                kept, archive = place.objects(backup.parent), Archive(archive_url)
                pages = copy_pages(backup / place.STORE, kept, archive, has=archive.is_intact, tell=tell_pages)
            carried = carrying.run()
    finally:
        reading.close()
        writing.close()
    revision = manifest.revision if carried.mismatches else upgrade(url)[1]
    return Restored(
        backup=str(backup),
        database=target.shown,
        archive=None if archive_url is None else mask(archive_url),
        revision=revision,
        resumed=carried.resumed,
        rows=sum(table.rows for table in carried.tables),
        mismatches=carried.mismatches,
        pages=pages.all,
        copied=pages.copied,
        missing=len(pages.missing),
    )


def _whole(backup: Path) -> Backup:
    manifest = place.read(backup)
    if manifest.revision not in REVISIONS:
        raise SchemaNewerError(
            f"{backup} was made by a newer release (revision {manifest.revision}, this one knows up to {HEAD})",
            remedy="upgrade ingest",
        )
    store = backup / place.STORE
    try:
        found = place.digest_of(store)
    except OSError as refused:
        raise BackupError(f"{store} cannot be read: {refused.strerror}", remedy="take another backup") from refused
    if found != manifest.store_sha256:
        raise BackupError(f"{store} is damaged: it is not the file that was backed up", remedy="take another backup")
    return manifest
