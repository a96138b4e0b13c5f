"""What doing a stage again changes, as values: what `--dry-run` shows, and what a person's ruling will do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Change", "ChangeKind", "Effect"]


class ChangeKind(StrEnum):
    """What a stage that is run again may change."""

    TEXT = "text_changed"  # the article's text
    HEADLINE = "headline_changed"  # headline, byline, outlet or dates
    DROPPED = "would_be_dropped"  # the stage now finds no article; what is stored stays
    LANGUAGE = "language_changed"
    LABEL_GAINED = "label_gained"
    LABEL_LOST = "label_lost"
    LABEL_CHANGED = "label_changed"  # its score
    MENTION_GAINED = "mention_gained"
    MENTION_LOST = "mention_lost"
    MENTION_CHANGED = "mention_changed"
    OPENED = "agreement_opened"
    EMPTIED = "agreement_emptied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise than it was.

    Attributes:
        kind: What.
        subject: Public id of the agreement, or the topic, or the key of the document.
        before: How it was, in words; None where it was not.
        after: How it is, likewise.
    """

    kind: ChangeKind
    subject: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a person's ruling does to one agreement of the ledger.

    Attributes:
        agreement: Its public id.
        parties: Their names, joined, as they will be.
        what: What happens to it, in words: `becomes one with agr-…`, `its parties change`, …
        other: Public id of the other agreement, where two are concerned.
    """

    agreement: str
    parties: str
    what: str
    other: str | None = None
