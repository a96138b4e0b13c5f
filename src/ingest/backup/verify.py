"""`ingest db verify`: is a store whole, or a backup, and does the archive have what it refers to?"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from ingest import removals
from ingest.archive import Archive
from ingest.backup import place
from ingest.backup.pages import TellPages
from ingest.errors import ArchiveObjectError
from ingest.mask import mask
from ingest.store.address import parse
from ingest.store.checks import check
from ingest.store.transfer.carry import Tell
from ingest.store.transfer.looking import Looked, look
from ingest.store.transfer.snapshot import page_digests, table_digests
from ingest.wire import BackupTable, Verification, VerificationFinding

__all__ = ["SAMPLE", "verify_backup", "verify_store"]

SAMPLE = 500  # raw bodies that a quick look reads

_SHOWN = 20
_EVERY = 100


def verify_store(url: str, archive_url: str | None, *, quick: bool, tell: Tell, tell_pages: TellPages) -> Verification:
    """Look over a store that is at work.

    Args:
        url: The store.
        archive_url: Where its raw bodies are; None: do not look.
        quick: Whether to read a sample of the raw bodies, and not every row.
        tell: Told how far the rows are.
        tell_pages: Told how far the raw bodies are.

    Raises:
        StoreError: It cannot be looked at.
        ArchiveError: The archive does not answer.
    """
    findings = [VerificationFinding(check=each.check, message=each.message, remedy=each.remedy) for each in check(url)]
    looked = Looked(tables=(), pages=(), odd=())
    if not any(finding.check == "schema" for finding in findings):
        looked = look(url, every_row=not quick, tell=tell)
        findings += [
            VerificationFinding(check="counts", message=odd, remedy="put a backup back, or report it")
            for odd in looked.odd
        ]
    pages = _Pages(looked.pages, quick=quick)
    if archive_url is not None:
        findings += pages.look(Archive(archive_url), where="the archive", tell=tell_pages)
        findings += _removals(url, Archive(archive_url))
    return Verification(
        subject=parse(url).shown,
        archive=None if archive_url is None else mask(archive_url),
        quick=quick,
        tables=tuple(BackupTable(table=each.table, rows=each.rows, sha256=each.sha256) for each in looked.tables),
        pages=len(looked.pages),
        pages_read=pages.read,
        pages_wrong=pages.wrong,
        findings=tuple(findings),
    )


def _removals(url: str, archive: Archive) -> Iterator[VerificationFinding]:
    """What the archive knows to have been removed by request, and the store does not."""
    if lacking := removals.unknown_to(url, removals.kept(archive)):
        yield VerificationFinding(
            check="removals",
            message=f"{len(lacking):,} removals by request that the archive records are not known to the store",
            remedy="`ingest forget --again` carries them out",
        )


def verify_backup(given: Path, *, quick: bool, tell: Tell, tell_pages: TellPages) -> Verification:
    """Look over a backup: what it holds against what its manifest says.

    Args:
        given: A backup, or a folder of backups, of which the newest is taken.
        quick: Whether to read a sample of the raw bodies, and not every row.
        tell: Told how far the rows are.
        tell_pages: Told how far the raw bodies are.

    Raises:
        BackupError: It is none.
    """
    backup = place.find(given)
    manifest = place.read(backup)
    store = backup / place.STORE
    findings = list(_file(store, manifest.store_sha256))
    tables: tuple[BackupTable, ...] = ()
    pages = _Pages((), quick=quick)
    if not findings:
        if not quick:
            tables = tuple(
                BackupTable(table=each.table, rows=each.rows, sha256=each.sha256)
                for each in table_digests(store, tell=tell)
            )
            findings += _tables(manifest.tables, tables)
        if manifest.archive is not None:
            pages = _Pages(tuple(sha256 for sha256, _ in page_digests(store)), quick=quick)
            findings += pages.look(place.objects(backup.parent), where="the backup", tell=tell_pages)
    return Verification(
        subject=str(backup),
        archive=None if manifest.archive is None else str(backup.parent / "objects"),
        quick=quick,
        tables=tables,
        pages=len(pages.all),
        pages_read=pages.read,
        pages_wrong=pages.wrong,
        findings=tuple(findings),
    )


def _file(store: Path, sha256: str) -> Iterator[VerificationFinding]:
    remedy = "take another backup: this one is damaged"
    try:
        if place.digest_of(store) != sha256:
            yield VerificationFinding(check="backup", message=f"{store} is not as it was written", remedy=remedy)
            return
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as raw:
            for query, name in (("PRAGMA integrity_check", "integrity"), ("PRAGMA foreign_key_check", "references")):
                for row in raw.execute(query).fetchmany(_SHOWN):
                    if row[0] != "ok":
                        yield VerificationFinding(check=name, message=" ".join(map(str, row)), remedy=remedy)
    except (OSError, sqlite3.Error) as refused:
        yield VerificationFinding(check="backup", message=f"{store} cannot be read: {refused}", remedy=remedy)


def _tables(wanted: Iterable[BackupTable], found: Iterable[BackupTable]) -> Iterator[VerificationFinding]:
    there = {each.table: each for each in found}
    for table in wanted:
        if there.get(table.table) != table:
            yield VerificationFinding(
                check="backup",
                message=f"the rows of {table.table} are not those that were backed up",
                remedy="take another backup",
            )


class _Pages:
    """Raw bodies that a store refers to, and how many of them were looked at."""

    def __init__(self, pages: tuple[str, ...], *, quick: bool) -> None:
        self.all = pages
        self.read = self.wrong = 0
        # Not for secrecy: another look takes another sample.
        self._looked_at = sorted(random.sample(pages, min(SAMPLE, len(pages)))) if quick else pages

    def look(self, archive: Archive, *, where: str, tell: TellPages) -> Iterator[VerificationFinding]:
        """Read them, and tell the first that are missing or damaged."""
        for number, sha256 in enumerate(self._looked_at, 1):
            try:
                archive.get_packed(sha256)
            except ArchiveObjectError as wrong:
                self.wrong += 1
                if self.wrong <= _SHOWN:
                    message = str(wrong) if where == "the archive" else str(wrong).replace("The archive", "The backup")
                    yield VerificationFinding(check="archive", message=message, remedy=wrong.remedy)
            self.read += 1
            if number % _EVERY == 0 or number == len(self._looked_at):
                tell(number, len(self._looked_at))
