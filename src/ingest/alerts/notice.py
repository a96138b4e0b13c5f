"""What one message tells, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest import wire
from ingest.documents import Status

__all__ = ["Item", "Notice", "NoticeKind", "Why"]


class Why(StrEnum):
    """Why an agreement is told of."""

    DETECTED = "detected"  # the ledger did not have it before
    STATUS_CHANGED = "status_changed"
    WITHDRAWN = "withdrawn"  # a person dismissed it after it had been told: a correction


class NoticeKind(StrEnum):
    """What sort of message it is."""

    INSTANT = "instant"  # one event
    DIGEST = "digest"  # the events of a day or a week
    SUMMARY = "summary"  # what went over a rule's ceiling
    TEST = "test"  # an operator tries a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One event of an agreement.

    Attributes:
        event: Number of the event in the ledger.
        why: What happened.
        agreement: The agreement as the ledger has it when the message is made; its first mention is the best evidence.
        mention: The sentence that led to the event; None where a person's ruling did.
        old_status: Before, where it changed.
        new_status: From then on.
        note: What the person said who dismissed it.
    """

    event: int
    why: Why
    agreement: wire.Agreement
    mention: wire.AgreementMention | None
    old_status: Status | None = None
    new_status: Status | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message.

    Attributes:
        id: Stable over attempts and restarts, and different for each rule, channel and event or digest: receivers know
            a repetition by it. ASCII letters, digits and hyphens.
        kind: What sort it is.
        rule: Name of the rule that asked for it.
        at: When it was made, aware.
        items: Events in their order; at least one, except in a test.
        left_out: Events that it tells of by number only.
    """

    id: str
    kind: NoticeKind
    rule: str
    at: datetime
    items: tuple[Item, ...]
    left_out: int = 0
