"""What every table shares: portable column types, the naming convention, the closed sets that only the store knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Annotated

from sqlalchemy import JSON, TIMESTAMP, BigInteger, Dialect, Double, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

__all__ = [
    "AgreementEventKind",
    "Base",
    "CleanText",
    "DecisionKind",
    "DeliveryState",
    "DocumentEventKind",
    "DocumentState",
    "Id",
    "Json",
    "MarkKind",
    "NameOrigin",
    "Prose",
    "Reference",
    "RunState",
    "Sha256",
    "SourceEventKind",
    "SourceState",
    "UtcTime",
    "clean",
]


class DocumentState(StrEnum):
    """How a document stands. A claim that is held now shows in its lease, not here."""

    FOUND = "found"  # claimed once, not settled yet
    STORED = "stored"
    DROPPED = "dropped"


class DocumentEventKind(StrEnum):
    """What can happen to a document; `unchanged` is not among them, because nothing happened."""

    LISTED = "listed"  # a feed, sitemap or list names it; it waits to be fetched
    POSTPONED = "postponed"  # could not be fetched, and is to be tried again
    STORED = "stored"  # a new document with a text that nobody had
    COPIED = "copied"  # a new document with the text of another
    NEAR_DUPLICATE = "near_duplicate"  # a new document whose text resembles another's
    REVISED = "revised"  # other words, another headline or other dates
    RENAMED = "renamed"
    PAGE_CHANGED = "page_changed"  # other bytes, the same article
    RESTORED = "restored"  # was dropped, and is the article again that it was
    DROPPED = "dropped"
    SUPERSEDED = "superseded"  # a later extractor reads the same bytes otherwise
    TAKEN_OVER = "taken_over"  # the worker that held it died, or its lease ran out


class SourceState(StrEnum):
    """What an operator wants of a source."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"  # its documents stay


class SourceEventKind(StrEnum):
    """What can happen to a source."""

    ADDED = "added"
    CHANGED = "changed"  # by an operator
    PAUSED = "paused"
    RESUMED = "resumed"
    REMOVED = "removed"
    MOVED = "moved"  # redirects for good; the address was changed
    FAILED = "failed"  # the first failure after a success
    RECOVERED = "recovered"


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    DIED = "died"  # its process is gone and never said how it ended


class AgreementEventKind(StrEnum):
    """What can happen to an agreement of the ledger."""

    OPENED = "opened"
    STATUS_CHANGED = "status_changed"
    CONFIRMED = "confirmed"  # a further article tells of it
    CORRECTED = "corrected"
    MERGED = "merged"
    SPLIT = "split"
    DISMISSED = "dismissed"
    RESTORED = "restored"  # a merge or a dismissal was undone
    EMPTIED = "emptied"  # no article tells of it any more


class NameOrigin(StrEnum):
    """Where an organisation, or one of its names, comes from."""

    KNOWN = "known"  # package data
    FOUND = "found"  # an article
    PERSON = "person"  # an analyst or operator


class DecisionKind(StrEnum):
    """What a person can rule."""

    TOPIC = "topic"  # this article has, or has not, this topic
    NOT_AN_AGREEMENT = "not_an_agreement"
    SAME_AGREEMENT = "same_agreement"
    NOT_SAME_AGREEMENT = "not_same_agreement"
    SAME_ORGANISATION = "same_organisation"
    NOT_SAME_ORGANISATION = "not_same_organisation"
    ALIAS = "alias"  # this organisation goes by that name, or (`holds` off) does not
    RENAME = "rename"
    SAME_STORY = "same_story"
    NOT_SAME_STORY = "not_same_story"


class MarkKind(StrEnum):
    """What something that was removed by request is known again by."""

    ADDRESS = "address"  # its canonical address
    TEXT = "text"  # the text as it stood
    FOLDED = "folded"  # the normalised text, which exact duplicates share
    PAGE = "page"  # the raw bytes


class DeliveryState(StrEnum):
    """How a delivery of the outbox stands."""

    PENDING = "pending"
    SENT = "sent"
    PARKED = "parked"  # given up, until an operator has it tried again
    WITHDRAWN = "withdrawn"  # nobody is to be told any more


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC: `timestamptz` on PostgreSQL, text of fixed width, which sorts by time, on SQLite."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Choose the column type of the database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a naive time; it would mean different instants on different machines."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the store takes aware times only, not {value.isoformat()}")
        utc = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return utc
        return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy names the parameters
        """Give an aware time back, whatever the database's session zone is."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that either database takes: NUL and lone surrogates become U+FFFD, one for one, so that offsets hold.

    Stages clean what they read; this is the net under names, addresses and messages that no stage has seen.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy names the parameters
        """Replace what cannot be stored."""
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """A text as the store has it."""
    return _UNSTORABLE.sub("\ufffd", text)


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only where the type is INTEGER

Id = Annotated[int, mapped_column(_BigId, primary_key=True)]
Reference = Annotated[int, mapped_column(_BigId)]
Sha256 = Annotated[str, mapped_column(String(64))]
Prose = Annotated[str, mapped_column(CleanText)]
Json = JSON(none_as_null=True)


def _values(members: type[Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """Declarative base. Every constraint has a name by rule, so that later migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own hook, typed by it
        datetime: UtcTime,
        int: _BigId,
        float: Double(),
        # Text of at most 32 characters on both databases; Python polices the set, so that a new member is no migration.
        Enum: EnumType(Enum, native_enum=False, create_constraint=False, length=32, values_callable=_values),
    }
