"""`ingest db restore`: a backup becomes a store again, on either database."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ingest import removals
from ingest.archive import Archive
from ingest.backup import place
from ingest.backup.pages import NO_PAGES, TellPages, copy_pages
from ingest.errors import BackupError, SchemaNewerError, StoreError
from ingest.mask import mask
from ingest.migrations import HEAD, REVISIONS
from ingest.store import open_store
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.failures import translated
from ingest.store.forgetting.forget import settle_file
from ingest.store.forgetting.records import Record
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
    removals_url: str | None = None,
) -> Restored:
    """Bring a backup back.

    Raw bodies first, so that the store never refers to what is not there yet; then the rows, which are compared; then
    the schema is brought to this release, and what was removed by request since is removed again. One that was broken
    off is taken up by the same call.

    Args:
        given: A backup, or a folder of backups, of which the newest is taken.
        url: The database, which must hold nothing unless `replace` says so.
        archive_url: Where raw bodies go; None: leave them out.
        replace: Whether to delete whatever store the database holds.
        tell: Told how far the store is.
        tell_pages: Told how far the raw bodies are.
        replace_nul: Whether text with NUL, which PostgreSQL refuses, is stored with U+FFFD in its place.
        removals_url: The archive that records removals; None: that of the raw bodies.

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
    recorded = _removals(url, place.objects(backup.parent), removals_url or archive_url, replace=replace)
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
    removed = 0 if carried.mismatches else _removed_again(url, recorded, archive_url)
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
        removals=removed,
    )


def _removals(url: str, backups: Archive, archive_url: str | None, *, replace: bool) -> tuple[Record, ...]:
    """All removals that are known anywhere; those that only the store knows that is replaced are kept first."""
    archives = [backups, *([Archive(archive_url)] if archive_url is not None else [])]
    of_store: tuple[Record, ...] = ()
    if replace:
        with suppress(StoreError):  # it may be replaced because it is damaged; the archive has its removals as well
            of_store = removals.known_to(url)
    if of_store and archive_url is not None:
        removals.keep(archives[-1], of_store)
    known = {each.name: each for each in (*of_store, *removals.kept(*archives))}
    return tuple(known[name] for name in sorted(known))


def _removed_again(url: str, recorded: tuple[Record, ...], archive_url: str | None) -> int:
    """Carry out what the backup does not know; how many removals."""
    lacking = removals.unknown_to(url, recorded)
    with open_store(url, create=False) as store:
        removals.carry_out_again(store, lacking)
        if lacking:
            settle_file(store.database)
        if archive_url is not None:
            archive = Archive(archive_url)
            removals.keep_of(store, archive)
            removals.settle_archive(store, archive)
    return len(lacking)


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
