"""Runs, and what people decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import Fate
from ingest.tables.base import Base, DecisionKind, Id, Json, Prose, RunState

__all__ = ["Decision", "Run", "RunFate"]


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
        Index(
            None,
            "other_article_id",
            sqlite_where=text("other_article_id IS NOT NULL"),
            postgresql_where=text("other_article_id IS NOT NULL"),
        ),
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
