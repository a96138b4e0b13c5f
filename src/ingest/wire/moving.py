"""What the commands say that copy, back up and check whole stores."""

from __future__ import annotations

from ingest.wire.form import Count, form

__all__ = ["CopiedTable", "StoreCopy"]


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
