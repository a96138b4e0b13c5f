"""Raw bodies that a store refers to, from one archive to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.archive import Archive
from ingest.errors import ArchiveObjectError
from ingest.store.transfer.snapshot import page_digests

__all__ = ["NO_PAGES", "Pages", "TellPages", "copy_pages"]

TellPages = Callable[[int, int], None]
"""Told how many raw bodies are done, and of how many."""

_EVERY = 100  # bodies between two words of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What became of raw bodies.

    Attributes:
        all: Bodies that the store refers to.
        copied: Of these, those that were copied; the target had the others.
        missing: Digests of those that neither end has whole.
    """

    all: int
    copied: int
    missing: tuple[str, ...]


NO_PAGES = Pages(all=0, copied=0, missing=())


def copy_pages(store: Path, source: Archive, target: Archive, *, has: Callable[[str], bool], tell: TellPages) -> Pages:
    """Copy what the target has not.

    Args:
        store: A store in a file, which says what is wanted.
        source: Where bodies come from; each is held against its digest.
        target: Where they go.
        has: Whether the target has one.
        tell: Told how far it has come.

    Raises:
        ArchiveError: One of both does not answer, or cannot be written.
    """
    wanted = [sha256 for sha256, _ in page_digests(store)]
    copied, missing = 0, []
    for number, sha256 in enumerate(wanted, 1):
        if not has(sha256):
            try:
                target.put_packed(sha256, source.get_packed(sha256))
                copied += 1
            except ArchiveObjectError:
                missing.append(sha256)
        if number % _EVERY == 0 or number == len(wanted):
            tell(number, len(wanted))
    return Pages(all=len(wanted), copied=copied, missing=tuple(missing))
