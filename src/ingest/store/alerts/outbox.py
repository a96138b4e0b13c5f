"""Occasions → deliveries, in the transaction of the event: it and what is to be told of it are committed together.

instant   a delivery of its own, unless the ceiling of its hour is reached
digest    the delivery of the rule's next digest, with whatever else happens until then
summary   the delivery of what went over the ceiling of an hour
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, func, insert, select, update

from ingest.alerts.notice import NoticeKind, Why
from ingest.alerts.rules import Rule, left_out
from ingest.alerts.schedule import Slot, hour_of, slot, summary_slot
from ingest.store.alerts import occasions
from ingest.store.alerts.occasions import Candidate, Told
from ingest.store.alerts.rules import RuleRow, in_force
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.tables import (
    Agreement,
    AlertDelivery,
    AlertDeliveryEvent,
    AlertOccasion,
    AlertRule,
    DeliveryState,
)

__all__ = ["put", "withdraw"]

_RUNS = frozenset({"ingest"})  # kinds of runs that alert: not those that go over the past

_D = AlertDelivery
_OF_CHANNEL = _D.rule_id == bindparam("rule"), _D.channel == bindparam("channel")
_IN_HOUR = select(func.count()).where(
    *_OF_CHANNEL,
    _D.kind == NoticeKind.INSTANT,
    _D.scheduled_at >= bindparam("start"),
    _D.scheduled_at < bindparam("stop"),
)
_COLLECTED = select(_D.id, _D.state, _D.token).where(*_OF_CHANNEL, _D.subject == bindparam("about")).with_for_update()
_ADD = insert(_D).returning(_D.id)
_ADD_EVENT = insert(AlertDeliveryEvent)
_HOUR = timedelta(hours=1)

_SENT_OF = (
    select(_D.id, _D.state, _D.kind, _D.lease_run_id, _D.rule_id, _D.channel)
    .join(AlertDeliveryEvent, AlertDeliveryEvent.delivery_id == _D.id)
    .join(AlertOccasion, AlertOccasion.event_id == AlertDeliveryEvent.event_id)
    .join(Agreement, Agreement.id == AlertOccasion.agreement_id)
    .join(AlertRule, AlertRule.id == _D.rule_id)
    .where(
        func.coalesce(Agreement.merged_into_id, Agreement.id) == bindparam("root"),
        AlertOccasion.why != Why.WITHDRAWN,
        AlertRule.removed_at.is_(None),
    )
    .order_by(_D.id)
    .with_for_update(of=_D)
)
_WITHDRAW = update(_D).where(_D.id.in_(bindparam("deliveries", expanding=True))).values(state=DeliveryState.WITHDRAWN)


def put(writing: Writing, rules: Rules, candidates: Sequence[Candidate], told: Told) -> None:
    """Write what is to be told of events of the ledger: called in their transaction, and only where there are some."""
    if writing.run.kind not in _RUNS:
        return
    events = occasions.note(writing, rules, candidates, told)
    if not events:
        return
    asked = in_force(writing.connection)
    if not asked:
        return
    lock(writing.connection, [f"alert rule {row.rule.name}" for row in asked if row.rule.digest or row.rule.ceiling])
    for noted in occasions.occasions(writing.connection, events):
        for row in asked:
            if left_out(row.rule, noted.occasion, at=writing.at, fold=rules.fold) is None:
                for channel in row.rule.channels:
                    _deliver(writing, row, channel, noted.event)


def withdraw(writing: Writing, *, agreement: int, event: int) -> None:
    """A person dismissed an agreement: tell those who were told of it, and no further one.

    What is on its way at this moment counts as told.

    Args:
        writing: The transaction of the dismissal.
        agreement: Row of the agreement; those that were merged into it count as it.
        event: Row of the dismissal in its history.
    """
    rows = writing.connection.execute(_SENT_OF, {"root": agreement}).all()
    told = {
        (row.rule_id, row.channel)
        for row in rows
        if row.state is DeliveryState.SENT or (row.state is DeliveryState.PENDING and row.lease_run_id is not None)
    }
    # What is told together with others is left out when it is put together.
    unsent = [
        row.id
        for row in rows
        if row.state is DeliveryState.PENDING and row.lease_run_id is None and row.kind is NoticeKind.INSTANT
    ]
    if unsent:
        writing.connection.execute(_WITHDRAW, {"deliveries": unsent})
    if told:
        occasions.add(writing, event, agreement, Why.WITHDRAWN)
        _correct(writing, told, event)


def _correct(writing: Writing, told: Collection[tuple[int, str]], event: int) -> None:
    every = {row.id: row for row in in_force(writing.connection, paused=True)}
    lock(writing.connection, [f"alert rule {every[rule].rule.name}" for rule, _ in told if every[rule].rule.digest])
    for rule, channel in sorted(told):
        # A correction is not held up by a ceiling.
        unlimited = replace(every[rule], rule=replace(every[rule].rule, ceiling=None))
        _deliver(writing, unlimited, channel, event)


def _deliver(writing: Writing, row: RuleRow, channel: str, event: int) -> None:
    place = slot(row.rule, after=writing.at)
    if place.kind is NoticeKind.INSTANT and _is_over(writing, row, channel, place):
        place = summary_slot(row.rule, due=place.due)
    if place.kind is NoticeKind.INSTANT:
        delivery = _add(writing, row, channel, place, f"event-{event}")
    else:
        delivery = _collect(writing, row, channel, place)
    writing.connection.execute(_ADD_EVENT, {"delivery_id": delivery, "event_id": event})


def _is_over(writing: Writing, row: RuleRow, channel: str, place: Slot) -> bool:
    if row.rule.ceiling is None:
        return False
    start = hour_of(place.due)
    asked = {"rule": row.id, "channel": channel, "start": start, "stop": start + _HOUR}
    return writing.connection.execute(_IN_HOUR, asked).scalar_one() >= row.rule.ceiling


def _collect(writing: Writing, row: RuleRow, channel: str, place: Slot) -> int:
    """The delivery in which what is due then is collected: the one that waits, or a new one."""
    while True:
        subject = f"{place.kind.value}-{place.due:%Y%m%dT%H%M}"
        asked = {"rule": row.id, "channel": channel, "about": subject}
        found = writing.connection.execute(_COLLECTED, asked).one_or_none()
        if found is None:
            return _add(writing, row, channel, place, subject)
        if found.state is DeliveryState.PENDING and found.token == 0:
            return int(found.id)
        place = _following(row.rule, place)  # somebody has it in hand already


def _following(rule: Rule, place: Slot) -> Slot:
    if place.kind is NoticeKind.DIGEST:
        return slot(rule, after=place.due)
    return summary_slot(rule, due=place.due + timedelta(seconds=1))


def _add(writing: Writing, row: RuleRow, channel: str, place: Slot, subject: str) -> int:
    values = {
        "public_id": f"alr-{secrets.token_hex(10)}",
        "kind": place.kind,
        "rule_id": row.id,
        "channel": channel,
        "subject": subject,
        "state": DeliveryState.PENDING,
        "scheduled_at": place.due,
        "due_at": place.due,
        "created_at": writing.at,
    }
    return int(writing.connection.execute(_ADD, values).scalar_one())
