"""Runs, what people decided, and the outbox of alerts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import Fate
from ingest.tables.base import Base, DecisionKind, DeliveryState, Id, Json, Prose, RunState

__all__ = ["AlertDelivery", "AlertDeliveryEvent", "AlertRule", "Decision", "Run", "RunFate"]


class Run(Base):
    """A run of the pipeline or of one stage. `host`, `pid` and `process_started` tell whether it is alive still.

    Attributes:
        versions: JSON, an object of text: name of a stage, rule set or model → its version.
    """

    __tablename__ = "runs"
    __table_args__ = (Index(None, "state", "host"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[RunState]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    code_version: Mapped[Prose]
    versions: Mapped[dict[str, str]] = mapped_column(Json)
    flow_run: Mapped[Prose | None]
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    process_started: Mapped[str] = mapped_column(String(64))
    new_agreements: Mapped[int] = mapped_column(default=0)
    subject: Mapped[Prose | None]  # of a run that can be taken up again: what it is about
    position: Mapped[int | None]  # and how far it came
    failure: Mapped[Prose | None]


class RunFate(Base):
    """How many documents came to a fate in a run."""

    __tablename__ = "run_fates"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    fate: Mapped[Fate] = mapped_column(primary_key=True)
    documents: Mapped[int]


class Decision(Base):
    """What a person ruled; reprocessing replays what nobody revoked. Which references are set follows from `kind`.

    A ruling on a topic that followed a document from an earlier text names that article as the other one.
    `organisation_id` beside two agreements says that they became one because two organisations did: undoing that undoes
    this. `name` is the name of an organisation that a decision is about.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "article_id"),
        Index(None, "agreement_id"),
        Index(None, "organisation_id"),
        Index(
            "uq_decisions_topic_in_force",
            "article_id",
            "topic",
            unique=True,
            sqlite_where=text("topic IS NOT NULL AND revoked_at IS NULL"),
            postgresql_where=text("topic IS NOT NULL AND revoked_at IS NULL"),
        ),
        Index(None, "kind"),
    )

    id: Mapped[Id]
    kind: Mapped[DecisionKind]
    holds: Mapped[bool]  # of a topic: whether the article has it
    person: Mapped[Prose]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[Prose | None]
    name: Mapped[Prose | None]
    note: Mapped[Prose | None]
    topic: Mapped[str | None] = mapped_column(String(64))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    other_article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    other_agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    other_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))


class AlertRule(Base):
    """What to tell whom. An empty list matches everything.

    Attributes:
        channels: JSON, a list of text: names of channels of the configuration.
        parties: JSON, a list of text: organisation slugs; likewise topics, kinds and statuses.
    """

    __tablename__ = "alert_rules"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    enabled: Mapped[bool]
    channels: Mapped[list[str]] = mapped_column(Json)
    parties: Mapped[list[str]] = mapped_column(Json)
    topics: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    statuses: Mapped[list[str]] = mapped_column(Json)
    max_age_days: Mapped[int | None]
    allows_undated: Mapped[bool]
    digest_seconds: Mapped[int] = mapped_column(default=0)  # 0: a delivery for each event
    created_at: Mapped[datetime]


class AlertDelivery(Base):
    """The transactional outbox: a delivery per rule, channel, and event or digest, which `subject` names."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (UniqueConstraint("rule_id", "channel", "subject"), Index(None, "state", "due_at"))

    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rules.id"))
    channel: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    lease_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[Prose | None]


class AlertDeliveryEvent(Base):
    """An agreement event that a delivery tells of; a digest tells of several."""

    __tablename__ = "alert_delivery_events"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("alert_deliveries.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("agreement_events.id"), primary_key=True)
