"""What the commands about alerts say."""

from __future__ import annotations

from ingest.documents import Kind, Status
from ingest.wire.form import Count, Score, form

__all__ = ["AlertDelivery", "AlertPreview", "AlertRule"]


@form
class AlertRule:
    """A rule: what to tell whom. An empty list matches everything."""

    name: str
    """What it is called."""
    state: str
    """`active`, `paused` or `removed`."""
    channels: tuple[str, ...]
    """Where it tells."""
    organisations: tuple[str, ...]
    """Public ids; one of the parties is one of them."""
    parties: tuple[str, ...]
    """Words that one of the names of a party holds."""
    topics: tuple[str, ...]
    """Of the article that led to the event."""
    kinds: tuple[Kind, ...]
    """Of the agreement."""
    statuses: tuple[Status, ...]
    """That it has from the event on."""
    languages: tuple[str, ...]
    """Of the article; `zh` covers both scripts."""
    sources: tuple[str, ...]
    """That brought the article."""
    min_confidence: Score | None
    """Of the agreement."""
    max_age_days: Count | None
    """How old the agreement's date may be; null: any age."""
    allows_undated: bool
    """Whether one without a date is told of."""
    first_contact: bool
    """Whether what a source held when it was new is told of."""
    digest: str | None
    """`daily` or `weekly`; null: each event at once."""
    digest_at: str | None
    """Time of day of the digest, `HH:MM`."""
    digest_weekday: Count | None
    """0 is Monday; of a weekly digest."""
    time_zone: str
    """Of the digest and the quiet hours."""
    quiet_from: str | None
    """When quiet hours begin, `HH:MM`."""
    quiet_until: str | None
    """When they end."""
    ceiling: Count | None
    """Messages an hour and channel, beyond which the rest is summed up."""
    pending: Count
    """Deliveries that wait."""
    sent: Count
    """Deliveries that were sent."""
    parked: Count
    """Deliveries that were given up."""


@form
class AlertDelivery:
    """A message that was, or is to be, sent on a channel."""

    id: str
    """What receivers know a repetition by: `alr-` and hex digits."""
    rule: str
    """Name of the rule that asked for it."""
    channel: str
    """Where it goes."""
    kind: str
    """`instant`, `digest` or `summary`."""
    state: str
    """`pending`, `sent`, `parked` (given up) or `withdrawn` (nobody is to be told any more)."""
    agreements: tuple[str, ...]
    """Ids of the agreements that it tells of."""
    scheduled_at: str
    """When it was to be sent first, UTC."""
    due_at: str | None
    """When it is tried next, while it is pending."""
    attempts: Count
    """Attempts that were begun."""
    sent_at: str | None
    """When the receiver took it, UTC."""
    failure: str | None
    """Why the last attempt failed, if it did."""
    answer: str | None
    """What the receiver said."""


@form
class AlertPreview:
    """An event that a rule tells of, or would have told of."""

    at: str
    """When it happened, UTC."""
    due: str
    """When it would have been sent, UTC."""
    message: str
    """`instant`, `digest` or `summary`."""
    why: str
    """`detected` or `status_changed`."""
    agreement: str
    """Id of the agreement."""
    parties: tuple[str, ...]
    """Who agreed."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """From the event on."""
    date: str | None
    """The date by which its age was told, if it has one."""
    evidence: str | None
    """The sentence that says so best."""
