"""What the commands say that copy, back up and check whole stores."""

from __future__ import annotations

from ingest.wire.form import Count, form

__all__ = ["Backup", "BackupTable", "CopiedTable", "Restored", "StoreCopy", "Verification", "VerificationFinding"]


@form
class CopiedTable:
    """A table, as both sides compare."""

    table: str
    """Its name."""
    rows: Count
    """That the source has."""
    sha256: str
    """Of the source's rows in the order of their key, each as a JSON array in ASCII on a line of its own."""
    missing: Count
    """Rows that the target lacks."""
    added: Count
    """Rows that only the target has."""
    changed: Count
    """Rows with the same key and other values."""
    examples: tuple[str, ...]
    """Keys of the first rows that differ."""


@form
class StoreCopy:
    """A copy of a store that came to its end."""

    source: str
    """Address, password masked."""
    target: str
    """Likewise."""
    revision: str
    """Of the schema, on both sides."""
    resumed: bool
    """Whether it took up one that was broken off."""
    copied: Count
    """Rows that were written this time."""
    rows: Count
    """Rows that were compared."""
    mismatches: Count
    """Rows that differ; the target may be used only where this is 0."""
    nul_replaced: Count
    """Values in which NUL, which PostgreSQL refuses, was replaced by U+FFFD."""
    running: Count
    """Runs that the source says are under way: what they write from now on is not in the target."""
    tables: tuple[CopiedTable, ...]
    """Each table of the store."""


@form
class BackupTable:
    """A table of a store, in short."""

    table: str
    """Its name."""
    rows: Count
    """How many it has."""
    sha256: str
    """Of the rows in the order of their key, each as a JSON array in ASCII on a line of its own."""


@form
class Backup:
    """A backup: `manifest.json` in its folder."""

    format: Count
    """Of the backup: 1."""
    name: str
    """Of its folder: when it was begun, UTC."""
    made_at: str
    """When it was complete, `2026-03-14T04:10:00Z`."""
    version: str
    """Of the release that made it."""
    revision: str
    """Of the store's schema."""
    database: str
    """The store that it was made of, password masked."""
    archive: str | None
    """The archive that it was made of, password masked; null: raw bytes are not part of it."""
    store_bytes: Count
    """Size of `store.db`."""
    store_sha256: str
    """Of `store.db`."""
    tables: tuple[BackupTable, ...]
    """Each table of the store."""
    pages: Count
    """Raw bodies that the store refers to."""
    copied: Count
    """Of these, objects that were copied this time; earlier backups had the others."""
    missing: Count
    """Of these, objects that the archive had not, or only damaged."""
    missing_pages: tuple[str, ...]
    """Digests of the first of them."""


@form
class Restored:
    """A backup that was brought back."""

    backup: str
    """Folder of the backup."""
    database: str
    """Where the store is, password masked."""
    archive: str | None
    """Where the raw bytes are, password masked; null: they were left out."""
    revision: str
    """Of the schema now."""
    resumed: bool
    """Whether it took up one that was broken off."""
    rows: Count
    """Of the store, all compared."""
    mismatches: Count
    """Rows that differ; the store may be used only where this is 0."""
    pages: Count
    """Raw bodies that the store refers to."""
    copied: Count
    """Of these, objects that were written to the archive; it had the others."""
    missing: Count
    """Of these, objects that neither the backup nor the archive has whole."""
    removals: Count = 0
    """Removals by request that the backup did not know, and that were carried out again."""


@form
class VerificationFinding:
    """Something that is wrong."""

    check: str
    """Which look found it.

    `schema`, `views`, `integrity`, `references`, `rows`, `counts`, `archive`, `removals` or `backup`.
    """
    message: str
    """What is wrong."""
    remedy: str
    """What to do about it."""


@form
class Verification:
    """What looking over a store, or a backup, came to."""

    subject: str
    """The store's address, password masked, or the folder of the backup."""
    archive: str | None
    """The archive that was looked at, password masked; null: none was."""
    quick: bool
    """Whether only a sample of the raw bodies was read."""
    tables: tuple[BackupTable, ...]
    """Each table, where its rows were read."""
    pages: Count
    """Raw bodies that the store refers to."""
    pages_read: Count
    """Of these, objects that were read and held against their digest."""
    pages_wrong: Count
    """Of these, objects that are missing or damaged."""
    findings: tuple[VerificationFinding, ...]
    """What is wrong; of pages, the first of them."""
