"""What an alert says to a program, and what is said of channels."""

from __future__ import annotations

from ingest.documents import Status
from ingest.wire.form import Count, form
from ingest.wire.record import Agreement, AgreementMention

__all__ = ["Alert", "AlertChannel", "AlertItem", "AlertNotice"]


@form
class AlertItem:
    """One event of an agreement."""

    event: Count
    """Number of the event in the ledger."""
    why: str
    """What happened: detected, status_changed or withdrawn."""
    old_status: Status | None
    """The status before, where it changed."""
    new_status: Status | None
    """The status from then on."""
    note: str | None
    """Why it was withdrawn, if that was said."""
    agreement: Agreement
    """The agreement as it stood when the message was made, without its history and with at most ten mentions."""
    mention: AgreementMention | None
    """The sentence that led to the event; null where a person's ruling did."""


@form
class AlertNotice:
    """One message."""

    id: str
    """Stable over attempts: a receiver knows a repetition by it. The same as the header `webhook-id`."""
    kind: str
    """What sort: instant, digest, summary or test."""
    rule: str
    """Name of the rule that asked for it."""
    title: str
    """The message in one line."""
    items: tuple[AlertItem, ...]
    """What happened, in its order; empty in a test."""
    left_out: Count
    """Events that are told of by number only."""


@form
class Alert:
    """The body of a webhook, and a line of a channel of kind `jsonl`."""

    type: str
    """`ingest.alert.` and the kind of the message."""
    timestamp: str
    """When the message was made, UTC."""
    data: AlertNotice
    """The message."""


@form
class AlertChannel:
    """A way out of the file of channels."""

    name: str
    """As rules name it."""
    kind: str
    """What sort: console, webhook, apprise, mail, atom or jsonl."""
    target: str
    """Where it leads, without secrets."""
    secrets: tuple[str, ...]
    """Where its secrets are read from, such as `env:NAME`."""
    missing: tuple[str, ...]
    """Those of the environment that are not set; Prefect blocks are not looked up."""
