"""What became of documents in a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ingest.documents.pages import Dropped

__all__ = ["Detected", "Fate", "Outcome", "Tally"]


class Fate(StrEnum):
    """What became of a document in a run."""

    NEW = "new"
    REVISED = "revised"  # the same document with other words: a further revision
    UNCHANGED = "unchanged"
    RENAMED = "renamed"  # known by its content under another key that is gone
    COPY = "copy"  # the text of another document, kept as a further appearance of it
    NEAR_DUPLICATE = "near_duplicate"  # stored, and linked to the story it resembles
    DROPPED = "dropped"
    BUSY = "busy"  # another worker has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """An agreement that a document told of, as the ledger has it now."""

    agreement_id: str
    is_new: bool  # opened in the ledger by this document
    status_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document.

    Attributes:
        source: Name of the source.
        key: As in `Page`.
        fate: What became of it.
        article_id: Public id of the article it now stands for, unless it was dropped before it ever had one.
        other: Key of the document that it copies, resembles or was renamed from.
        similarity: Of a near-duplicate, 0 to 1.
        dropped: Why, where it was dropped.
        agreements: What the ledger made of its mentions.
    """

    source: str
    key: str
    fate: Fate
    article_id: str | None = None
    other: str | None = None
    similarity: float | None = None
    dropped: Dropped | None = None
    agreements: tuple[Detected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counts of a run: documents by fate, and agreements newly detected."""

    fates: tuple[tuple[Fate, int], ...]
    new_agreements: int
    elapsed: timedelta

    def count(self, fate: Fate) -> int:
        """Documents of that fate."""
        return dict(self.fates).get(fate, 0)

    @property
    def documents(self) -> int:
        """Documents in all."""
        return sum(number for _, number in self.fates)
