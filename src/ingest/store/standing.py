"""Rows of agreements, made again from their mentions: one came, went or was moved, or two organisations became one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from ingest.agreements.standing import Standing, Telling, settle
from ingest.documents import Moment, Precision, Status
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.tables import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementMention,
    AgreementParty,
    MentionParty,
    Organisation,
)

__all__ = ["Change", "columns", "dated", "moment", "record", "refresh", "tellings"]

_Row: TypeAlias = Row[tuple[Any, ...]]

_M = AgreementMention
_IN_FORCE = _M.superseded_run_id.is_(None)
_SAID = select(
    _M.id, _M.kind, _M.status, _M.is_news, _M.confidence, _M.signed_on, _M.signed_on_precision,
    _M.published, _M.published_precision, _M.fields, _M.value,
).where(_IN_FORCE).order_by(_M.id)  # fmt: skip
_OF_GROUP = _SAID.where(_M.agreement_id == bindparam("agreement"))
# What one that was merged into another says by itself.
_OF_MERGED = _SAID.where(_M.attached_id == bindparam("agreement"))
_NAMED = (
    select(MentionParty.mention_id, func.coalesce(Organisation.merged_into_id, Organisation.id), MentionParty.name)
    .join(Organisation, Organisation.id == MentionParty.organisation_id)
    .where(MentionParty.mention_id.in_(bindparam("mentions", expanding=True)))
    .order_by(MentionParty.mention_id, MentionParty.position)
)
_AGREEMENT = select(
    Agreement.id, Agreement.public_id, Agreement.status, Agreement.is_news, Agreement.merged_into_id
).where(Agreement.id == bindparam("agreement"))
_CHANGE = update(Agreement).where(Agreement.id == bindparam("row"))
_PARTIES = (
    select(AgreementParty.organisation_id, AgreementParty.name)
    .where(AgreementParty.agreement_id == bindparam("agreement"))
    .order_by(AgreementParty.position)
)
_DROP_PARTIES = delete(AgreementParty).where(AgreementParty.agreement_id == bindparam("agreement"))
_ADD_PARTY = insert(AgreementParty)
_RECORD = insert(AgreementEvent)
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How an agreement stood before and after it was made again.

    Attributes:
        public_id: Of the agreement.
        old: Its status before.
        new: Its status now.
        mentions: How many sentences tell of it now; 0: it is emptied.
        was_news: Whether any article had reported it as current before.
    """

    public_id: str
    old: Status
    new: Status
    mentions: int
    was_news: bool


def refresh(writing: Writing, rules: Rules, agreement: int) -> Change:
    """Make the row of an agreement, and its parties, from its mentions in force.

    One whose last mention is gone keeps its columns, for whoever asks for it by its id, and loses its parties, so that
    nothing attaches to it.

    Args:
        writing: A transaction that holds the locks of its parties.
        rules: How statuses follow each other.
        agreement: Its row.
    """
    connection = writing.connection
    before = connection.execute(_AGREEMENT, {"agreement": agreement}).one()
    told = tellings(connection, agreement, is_merged=before.merged_into_id is not None)
    standing = settle(told, rules.next_status)
    _put_parties(connection, agreement, standing.parties if standing else ())
    if standing is None:
        return _change(before, before.status, 0)
    connection.execute(_CHANGE, {"row": agreement, **columns(standing)})
    return _change(before, standing.status, len(told))


def _change(before: _Row, status: Status, mentions: int) -> Change:
    return Change(public_id=before.public_id, old=before.status, new=status, mentions=mentions, was_news=before.is_news)


def tellings(connection: Connection, agreement: int, *, is_merged: bool) -> list[Telling]:
    """What the mentions in force of an agreement say, in the order in which they came."""
    rows = connection.execute(_OF_MERGED if is_merged else _OF_GROUP, {"agreement": agreement}).all()
    parties = _named(connection, [row.id for row in rows])
    return [_telling(row, parties[row.id]) for row in rows]


def record(
    writing: Writing,
    agreement: int,
    event: AgreementEventKind,
    *,
    mention: int | None = None,
    other: int | None = None,
    status: tuple[Status | None, Status | None] = (None, None),
    person: str | None = None,
    detail: str | None = None,
) -> int:
    """Write into an agreement's history.

    Args:
        writing: In whose run.
        agreement: Its row.
        event: What happened.
        mention: The sentence that led to it.
        other: The other agreement, of a merge or split.
        status: Before and after.
        person: By whom, where a person did it.
        detail: A sentence for people.

    Returns:
        The row of the event.
    """
    values = {
        "agreement_id": agreement,
        "at": writing.at,
        "event": event,
        "run_id": writing.run.id,
        "mention_id": mention,
        "other_agreement_id": other,
        "old_status": status[0],
        "new_status": status[1],
        "person": person,
        "detail": detail,
    }
    key = writing.connection.execute(_RECORD, values).inserted_primary_key
    return int(key[0]) if key else 0


def columns(standing: Standing) -> dict[str, object]:
    """What the row of an agreement says of it."""
    return {
        "kind": standing.kind,
        "status": standing.status,
        "is_news": standing.is_news,
        **dated("signed_on", standing.signed_on),
        "fields": list(standing.fields),
        "value": standing.value,
        "confidence": standing.confidence,
        **dated("first_published", standing.first_published),
        **dated("last_published", standing.last_published),
    }


def moment(iso: str | None, precision: Precision | None) -> Moment | None:
    """A date as two columns of a table keep it."""
    return Moment(iso=iso, precision=precision) if iso and precision else None


def dated(name: str, when: Moment | None) -> dict[str, object]:
    """The two columns in which a table keeps a date."""
    return {name: when.iso if when else None, f"{name}_precision": when.precision if when else None}


def _telling(row: _Row, parties: Iterable[tuple[int, str]]) -> Telling:
    return Telling(
        kind=row.kind,
        status=row.status,
        is_news=row.is_news,
        confidence=row.confidence,
        signed_on=moment(row.signed_on, row.signed_on_precision),
        published=moment(row.published, row.published_precision),
        fields=tuple(row.fields),
        value=row.value,
        parties=tuple(parties),
    )


def _named(connection: Connection, mentions: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    asked = list(mentions)
    for start in range(0, len(asked), _CHUNK):
        rows = connection.execute(_NAMED, {"mentions": asked[start : start + _CHUNK]})
        for mention, organisation, name in rows:
            named[mention].append((organisation, name))
    return named


def _put_parties(connection: Connection, agreement: int, parties: Collection[tuple[int, str]]) -> None:
    before = [tuple(row) for row in connection.execute(_PARTIES, {"agreement": agreement})]
    if before == list(parties):
        return
    if before:
        connection.execute(_DROP_PARTIES, {"agreement": agreement})
    rows = [
        {"agreement_id": agreement, "organisation_id": organisation, "position": position, "name": name}
        for position, (organisation, name) in enumerate(parties)
    ]
    if rows:
        connection.execute(_ADD_PARTY, rows)
