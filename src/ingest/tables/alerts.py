"""Alerts: what to tell whom, what there is to tell, and the outbox of what is to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.alerts.notice import NoticeKind, Why
from ingest.alerts.rules import Cadence
from ingest.tables.base import Base, DeliveryState, Id, Json, Prose

__all__ = ["AlertDelivery", "AlertDeliveryEvent", "AlertOccasion", "AlertRule"]


class AlertRule(Base):
    """What to tell whom. An empty list matches everything; a rule that is not `enabled` is paused.

    One that was removed keeps its row, for the deliveries that it made; adding its name again takes the row up again.
    Times of day are `HH:MM` in `time_zone`.

    Attributes:
        channels: JSON, a list of text: names of channels of the configuration.
        parties: JSON, a list of text: organisation slugs; likewise topics, kinds, statuses, languages and sources.
        party_texts: JSON, a list of text: one of the names of a party holds one of them.
        digest_weekday: 0 is Monday; of a weekly digest.
        ceiling: Instant messages an hour and channel, beyond which the rest is summed up.
    """

    __tablename__ = "alert_rules"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    enabled: Mapped[bool]
    channels: Mapped[list[str]] = mapped_column(Json)
    parties: Mapped[list[str]] = mapped_column(Json)
    party_texts: Mapped[list[str]] = mapped_column(Json)
    topics: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    statuses: Mapped[list[str]] = mapped_column(Json)
    languages: Mapped[list[str]] = mapped_column(Json)
    sources: Mapped[list[str]] = mapped_column(Json)
    min_confidence: Mapped[float | None]
    max_age_days: Mapped[int | None]
    allows_undated: Mapped[bool]
    first_contact: Mapped[bool]
    digest: Mapped[Cadence | None]
    digest_at: Mapped[str | None] = mapped_column(String(5))
    digest_weekday: Mapped[int | None]
    time_zone: Mapped[str] = mapped_column(String(64))
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    ceiling: Mapped[int | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class AlertOccasion(Base):
    """An agreement event that is worth an alert, whatever rules there are: what was told is not told again.

    Written in the transaction of the event. `agreement_id` is the agreement of the event.
    """

    __tablename__ = "alert_occasions"
    __table_args__ = (Index(None, "agreement_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("agreement_events.id"), primary_key=True, autoincrement=False)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    why: Mapped[Why]
    is_first_contact: Mapped[bool]


class AlertDelivery(Base):
    """The transactional outbox: a delivery per rule, channel, and event or digest, which `subject` names.

    `public_id` is what receivers know a repetition by. `scheduled_at` is when it was to be sent, `due_at` when it is
    tried next. The claim is like that of a document.
    """

    __tablename__ = "alert_deliveries"
    __table_args__ = (
        UniqueConstraint("rule_id", "channel", "subject"),
        Index(None, "state", "due_at"),
        Index("uq_alert_deliveries_public_id", "public_id", unique=True),
    )

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[NoticeKind]
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rules.id"))
    channel: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    state: Mapped[DeliveryState]
    scheduled_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    lease_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[Prose | None]
    answer: Mapped[Prose | None]


class AlertDeliveryEvent(Base):
    """An agreement event that a delivery tells of; a digest tells of several."""

    __tablename__ = "alert_delivery_events"
    __table_args__ = (Index(None, "event_id"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("alert_deliveries.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("agreement_events.id"), primary_key=True)
