"""Where backups stand, and what a complete one says of itself."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.archive import Archive
from ingest.errors import BackupError
from ingest.wire import Backup, dump

__all__ = ["FORMAT", "MANIFEST", "STORE", "alone", "backups", "digest_of", "find", "objects", "read", "sync", "write"]

FORMAT = 1
STORE, MANIFEST = "store.db", "manifest.json"

_NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_DRAFT = ".partial-"
_PIECE = 1 << 20


def objects(folder: Path) -> Archive:
    """The raw bodies that all backups of a folder share."""
    return Archive(str(folder / "objects"))


def backups(folder: Path) -> tuple[Path, ...]:
    """Complete backups, the oldest first."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name) and (each / MANIFEST).is_file())
    )


def find(given: Path) -> Path:
    """The backup that somebody means: its own folder, or the newest in a folder of backups.

    Raises:
        BackupError: There is none.
    """
    if (given / MANIFEST).is_file():
        return given
    if there := backups(given):
        return there[-1]
    raise BackupError(
        f"there is no backup in {given}",
        remedy="name the folder that 'ingest db backup' was given, or a complete backup in it",
    )


def read(backup: Path) -> Backup:
    """What a backup says of itself.

    Raises:
        BackupError: It cannot be read, or is of a later form.
    """
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - costs a fifth of a second

    path = backup / MANIFEST
    try:
        manifest = TypeAdapter(Backup).validate_json(path.read_bytes())
    except OSError as refused:
        raise BackupError(f"{path} cannot be read: {refused.strerror}", remedy="look at the disk") from refused
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BackupError(
            f"{path} is no manifest of a backup: {where or 'the file'}: {first['msg']}",
            remedy="take another backup, or upgrade ingest where a later release made this one",
        ) from wrong
    if manifest.format != FORMAT:
        raise BackupError(f"{backup} has form {manifest.format}, this release knows {FORMAT}", remedy="upgrade ingest")
    return manifest


def write(draft: Path, manifest: Backup) -> None:
    """Write the manifest, last of all, and see that everything is on the disk."""
    with (draft / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(dump(manifest, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    for path in (draft / STORE, draft):
        sync(path)


def sync(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            made.update(piece)
    return made.hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others from making or deleting backups in a folder; removes what a killed one left.

    Raises:
        BackupError: Another one is at it, or the folder cannot be written.
    """
    import fcntl  # noqa: PLC0415 - not there on every system that only reads backups

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w", encoding="utf-8")
    except OSError as refused:
        raise BackupError(
            f"{folder} cannot be written: {refused.strerror}", remedy="name a folder that this user may write"
        ) from refused
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            raise BackupError(
                f"another backup is being made in {folder}", remedy="wait until it is done, and try again"
            ) from held
        for left in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def draft(folder: Path, name: str) -> Path:
    """Where a backup is written until it is complete."""
    return folder / f"{_DRAFT}{name}"
