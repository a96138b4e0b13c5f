"""Organisations, and the ledger of agreements between them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import Kind, Precision, Status
from ingest.tables.base import AgreementEventKind, Base, Id, Json, NameOrigin, Prose

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementMention",
    "AgreementParty",
    "MentionParty",
    "Organisation",
    "OrganisationName",
]


class Organisation(Base):
    """An organisation. `slug` is its public id: of the package data, or made from the name where it was found."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("slug"), Index(None, "merged_into_id"))

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(200))
    name: Mapped[Prose]
    region: Mapped[str | None] = mapped_column(String(64))
    origin: Mapped[NameOrigin]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    first_seen_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class OrganisationName(Base):
    """A name that an organisation goes by. `folded` is the comparison key, which several organisations may share."""

    __tablename__ = "organisation_names"
    __table_args__ = (UniqueConstraint("organisation_id", "name"), Index(None, "folded"))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[Prose]
    folded: Mapped[Prose]
    origin: Mapped[NameOrigin]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class Agreement(Base):
    """An agreement in the world, as its mentions and people's decisions have it now.

    One that was merged into another keeps the description that its own mentions give, and mentions like them still find
    it: that is how a merge is replayed. `merged_into_id` names the agreement that stands for it in the end, never a
    link of a chain. One without a mention in force has no parties.

    `first_published` and `last_published` are dates of articles that tell of it as news, or of all where none does.

    Attributes:
        fields: JSON, a list of text: fields of cooperation in the order in which they were first named.
    """

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("public_id"), Index(None, "first_seen_at"), Index(None, "merged_into_id"))

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(68))
    kind: Mapped[Kind]
    status: Mapped[Status]
    is_news: Mapped[bool]
    signed_on: Mapped[str | None] = mapped_column(String(40))
    signed_on_precision: Mapped[Precision | None]
    fields: Mapped[list[str]] = mapped_column(Json)
    value: Mapped[Prose | None]
    confidence: Mapped[float]
    first_published: Mapped[str | None] = mapped_column(String(40))
    first_published_precision: Mapped[Precision | None]
    last_published: Mapped[str | None] = mapped_column(String(40))
    last_published_precision: Mapped[Precision | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    dismissed_at: Mapped[datetime | None]


class AgreementParty(Base):
    """A party to an agreement, under the fullest name that its mentions gave it."""

    __tablename__ = "agreement_parties"
    __table_args__ = (UniqueConstraint("agreement_id", "position"), Index(None, "organisation_id"))

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[Prose]


class AgreementMention(Base):
    """A sentence in an article that states an agreement: half-open offsets into the article's text.

    `number` counts the mentions that one run found in the article. `published` is the article's date when it was
    attached: with the mention's own date it places the agreement in time. `attached_id` is empty unless a person merged
    the agreement that the rules attached the mention to into another: then it names that one, and `agreement_id` the
    one that stands for it, so that a merge can be undone.

    Attributes:
        fields: JSON, a list of text: fields of cooperation as the sentence names them.
    """

    __tablename__ = "agreement_mentions"
    __table_args__ = (
        UniqueConstraint("article_id", "run_id", "number"),
        Index(None, "agreement_id"),
        Index(None, "attached_id"),
    )

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    attached_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    start_offset: Mapped[int]
    end_offset: Mapped[int]
    evidence: Mapped[Prose]
    kind: Mapped[Kind]
    status: Mapped[Status]
    is_news: Mapped[bool]
    signed_on: Mapped[str | None] = mapped_column(String(40))
    signed_on_precision: Mapped[Precision | None]
    published: Mapped[str | None] = mapped_column(String(40))
    published_precision: Mapped[Precision | None]
    fields: Mapped[list[str]] = mapped_column(Json)
    value: Mapped[Prose | None]
    confidence: Mapped[float]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    superseded_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))


class MentionParty(Base):
    """A party as a mention names it; offsets are empty where it was carried over by reference."""

    __tablename__ = "mention_parties"
    __table_args__ = (Index(None, "organisation_id"),)

    mention_id: Mapped[int] = mapped_column(ForeignKey("agreement_mentions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[Prose]
    start_offset: Mapped[int | None]
    end_offset: Mapped[int | None]


class AgreementEvent(Base):
    """Append-only: what happened to an agreement, by a run or by a person."""

    __tablename__ = "agreement_events"
    __table_args__ = (
        Index(None, "agreement_id", "id"),
        Index(
            None,
            "mention_id",
            sqlite_where=text("mention_id IS NOT NULL"),
            postgresql_where=text("mention_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    at: Mapped[datetime]
    event: Mapped[AgreementEventKind]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    person: Mapped[Prose | None]
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_mentions.id"))
    other_agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    old_status: Mapped[Status | None]
    new_status: Mapped[Status | None]
    detail: Mapped[Prose | None]
