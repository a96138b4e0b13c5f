"""Deliveries that are due: whose turn it is, and what came of an attempt.

A delivery is claimed like a document, by a lease and a token that only ever grows, on the database's clock. What is
sent, and who sends it, happens between two short transactions; nothing here waits for a network.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from ingest.alerts.notice import NoticeKind
from ingest.errors import NotFoundError
from ingest.store.database import Database, now
from ingest.store.runs import Run, is_gone
from ingest.tables import AlertDelivery, AlertRule, DeliveryState

__all__ = [
    "ClaimedDelivery",
    "claim",
    "due_channels",
    "give_back",
    "park",
    "rest",
    "retry",
    "sent",
    "try_again",
    "withdrawn",
]

_LOOKS = 50  # deliveries that are looked at for one that nobody has in hand

_D = AlertDelivery
_MAY_GO = (
    _D.state == DeliveryState.PENDING,
    _D.due_at <= bindparam("at"),
    AlertRule.enabled,
    AlertRule.removed_at.is_(None),
)
_CHANNELS = (
    select(_D.channel).join(AlertRule, AlertRule.id == _D.rule_id).where(*_MAY_GO).distinct().order_by(_D.channel)
)
_DUE = (
    select(
        _D.id, _D.public_id, _D.kind, _D.channel, _D.attempts, _D.token, _D.scheduled_at, _D.lease_run_id,
        _D.lease_until, AlertRule.name,
    )
    .join(AlertRule, AlertRule.id == _D.rule_id)
    .where(*_MAY_GO, _D.channel == bindparam("of_channel"))
    .order_by(_D.due_at, _D.id)
    .limit(_LOOKS)
    .with_for_update(of=_D, skip_locked=True)
)  # fmt: skip
_CLAIM = update(_D).where(_D.id == bindparam("row"))
_SETTLE = update(_D).where(_D.id == bindparam("row"), _D.token == bindparam("held"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A delivery that this process has in hand.

    Attributes:
        id: Its row.
        public_id: What receivers know a repetition by.
        kind: What sort of message it is.
        rule: Name of the rule that asked for it.
        channel: Where it goes.
        token: The fence.
        attempt: Which attempt it is, from 1.
        scheduled_at: When it was to be sent first.
        at: When it was claimed, by the database's clock.
    """

    id: int
    public_id: str
    kind: NoticeKind
    rule: str
    channel: str
    token: int
    attempt: int
    scheduled_at: datetime
    at: datetime


def due_channels(database: Database) -> tuple[str, ...]:
    """The channels for which something is due.

    Raises:
        StoreError: The store does not answer.
    """

    def work(connection: Connection) -> tuple[str, ...]:
        return tuple(connection.execute(_CHANNELS, {"at": now(connection)}).scalars())

    return database.read(work)


def claim(database: Database, run: Run, channel: str, *, lease_seconds: float) -> ClaimedDelivery | None:
    """Claim the delivery of a channel that has been due for longest; None where none is, or others have them in hand.

    Args:
        database: The store.
        run: For whom.
        channel: Its name.
        lease_seconds: How long the claim is respected. A process of this host that died loses it at once.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> ClaimedDelivery | None:
        at = now(connection)
        for row in connection.execute(_DUE, {"at": at, "of_channel": channel}):
            is_free = row.lease_run_id is None or row.lease_until is None or row.lease_until <= at
            if is_free or is_gone(connection, row.lease_run_id):
                lease = {"lease_run_id": run.id, "lease_until": at + timedelta(seconds=lease_seconds)}
                taken = {"token": row.token + 1, "attempts": row.attempts + 1}
                connection.execute(_CLAIM, {"row": row.id, **lease, **taken})
                return ClaimedDelivery(
                    id=row.id,
                    public_id=row.public_id,
                    kind=row.kind,
                    rule=row.name,
                    channel=row.channel,
                    token=row.token + 1,
                    attempt=row.attempts + 1,
                    scheduled_at=row.scheduled_at,
                    at=at,
                )
        return None

    return database.write(work)


def sent(database: Database, claimed: ClaimedDelivery, *, answer: str) -> bool:
    """Record that the receiver took it, also where the rule was removed meanwhile.

    Returns:
        Whether the claim still held; if not, another process may have sent it too, under the same id.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> bool:
        values = {"state": DeliveryState.SENT, "sent_at": now(connection), "failure": None, "answer": answer or None}
        return _settled(connection, claimed, values)

    return database.write(work)


def try_again(database: Database, claimed: ClaimedDelivery, *, failure: str, wait: timedelta) -> bool:
    """Record that the receiver did not take it, and when to try again.

    Returns:
        Whether the claim still held.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> bool:
        return _settled(connection, claimed, {"failure": failure, "due_at": now(connection) + wait})

    return database.write(work)


def rest(database: Database, channel: str, *, wait: timedelta) -> None:
    """Leave a channel alone for a while, since its receiver asked for that: what is due on it is due then.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = now(connection)
        due = _D.channel == channel, _D.state == DeliveryState.PENDING, _D.due_at <= at, _D.lease_run_id.is_(None)
        connection.execute(update(_D).where(*due).values(due_at=at + wait))

    database.write(work)


def park(database: Database, claimed: ClaimedDelivery, *, failure: str) -> bool:
    """Give a delivery up, until an operator has it tried again.

    Returns:
        Whether the claim still held.

    Raises:
        StoreError: The store cannot be written.
    """
    values = {"failure": failure, "state": DeliveryState.PARKED}
    return database.write(lambda connection: _settled(connection, claimed, values, _D.state == DeliveryState.PENDING))


def withdrawn(database: Database, claimed: ClaimedDelivery) -> bool:
    """Record that nothing is left to be told.

    Raises:
        StoreError: The store cannot be written.
    """
    return database.write(lambda connection: _settled(connection, claimed, {"state": DeliveryState.WITHDRAWN}))


def give_back(database: Database, claimed: ClaimedDelivery) -> None:
    """Give a delivery back that was not sent, for whoever comes next; that counts as no attempt.

    Raises:
        StoreError: The store cannot be written.
    """
    database.write(lambda connection: _settled(connection, claimed, {"attempts": claimed.attempt - 1}))


def _settled(
    connection: Connection, claimed: ClaimedDelivery, values: dict[str, Any], *conditions: ColumnElement[bool]
) -> bool:
    free = {"lease_run_id": None, "lease_until": None}
    settle = _SETTLE.where(*conditions)
    return connection.execute(settle, {"row": claimed.id, "held": claimed.token, **free, **values}).rowcount == 1


def retry(database: Database, *, deliveries: Collection[str] = (), rule: str | None = None) -> int:
    """Have parked deliveries tried again now, their back-off begun anew.

    Args:
        database: The store.
        deliveries: Their public ids; empty: all that are parked.
        rule: Only of this rule.

    Returns:
        How many.

    Raises:
        NotFoundError: One of them is not parked.
        StoreError: The store cannot be written.
    """
    parked = select(_D.id, _D.public_id).join(AlertRule, AlertRule.id == _D.rule_id)
    parked = parked.where(_D.state == DeliveryState.PARKED, AlertRule.removed_at.is_(None))
    if deliveries:
        parked = parked.where(_D.public_id.in_(deliveries))
    if rule is not None:
        parked = parked.where(AlertRule.name == rule)

    def work(connection: Connection) -> int:
        rows = connection.execute(parked.with_for_update(of=_D)).all()
        strange = sorted(set(deliveries) - {row.public_id for row in rows})
        if strange:
            raise NotFoundError(
                f"no parked delivery has the id {', '.join(strange)}",
                remedy="`ingest alerts log --state parked` lists those there are",
            )
        at = now(connection)
        values = {"state": DeliveryState.PENDING, "due_at": at, "scheduled_at": at, "attempts": 0}
        for row in rows:
            connection.execute(_CLAIM, {"row": row.id, **values})
        return len(rows)

    return database.write(work)
