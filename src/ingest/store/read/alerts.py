"""Alert rules, and what was told, as the views have them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ingest import wire
from ingest.alerts.notice import Why
from ingest.documents import Kind, Status
from ingest.errors import NotFoundError
from ingest.store.read.connection import Connection, Listing, Row, where

__all__ = ["DeliveryFilter", "Told", "alert_deliveries", "alert_rule", "alert_rules", "told_by"]

_SEPARATOR = " · "


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event that a delivery tells of.

    Attributes:
        event: Its number.
        why: What happened.
        agreement: Public id, before any merge.
        mention: Number of the sentence that led to it.
        old_status: Before.
        new_status: After.
        note: What the person said who dismissed it.
    """

    event: int
    why: Why
    agreement: str
    mention: int | None
    old_status: str | None
    new_status: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries are wanted; None: any.

    Attributes:
        rule: Name of the rule.
        channel: Name of the channel.
        state: How it stands.
        since: First scheduled at or after this moment.
    """

    rule: str | None = None
    channel: str | None = None
    state: str | None = None
    since: str | None = None


def alert_rules(connection: Connection, *, removed: bool = False) -> tuple[wire.AlertRule, ...]:
    """Every rule, by name; those that were removed only where they are asked for."""
    rows = connection.rows("SELECT * FROM v_alert_rules ORDER BY rule")
    return tuple(_rule(row) for row in rows if removed or row["state"] != "removed")


def alert_rule(connection: Connection, name: str) -> wire.AlertRule:
    """One rule.

    Raises:
        NotFoundError: There is none of that name.
    """
    rows = connection.rows("SELECT * FROM v_alert_rules WHERE rule = ? AND state <> 'removed'", name)
    if not rows:
        raise NotFoundError(f"there is no alert rule called {name!r}", remedy="`ingest alerts list` shows them")
    return _rule(rows[0])


def alert_deliveries(connection: Connection, wanted: DeliveryFilter, *, limit: int) -> Listing[wire.AlertDelivery]:
    """Deliveries, the latest first.

    Args:
        connection: The store.
        wanted: Which.
        limit: So many at most; 0: all.
    """
    conditions, values = where(
        ("1 = 1",),
        ("rule = ?", wanted.rule),
        ("channel = ?", wanted.channel),
        ("state = ?", wanted.state),
        ("scheduled_at >= ?", wanted.since),
    )
    counted = connection.rows(f"SELECT count(*) AS total FROM v_alert_deliveries WHERE {conditions}", *values)  # noqa: S608 - conditions of ours
    rows = connection.rows(
        f"SELECT * FROM v_alert_deliveries WHERE {conditions} ORDER BY scheduled_at DESC, delivery_id"  # noqa: S608 - likewise
        + (f" LIMIT {limit}" if limit else ""),
        *values,
    )
    agreements: dict[str, list[str]] = defaultdict(list)
    for row in connection.rows_in(
        "SELECT delivery_id, agreement_id FROM v_alert_delivery_events WHERE delivery_id IN ({}) ORDER BY event_id",
        [row["delivery_id"] for row in rows],
    ):
        agreements[row["delivery_id"]].append(row["agreement_id"])
    items = tuple(_delivery(row, agreements[row["delivery_id"]]) for row in rows)
    return Listing(items=items, total=counted[0]["total"])


def told_by(connection: Connection, delivery: str) -> tuple[Told, ...]:
    """The events that a delivery tells of, in their order."""
    rows = connection.rows("SELECT * FROM v_alert_delivery_events WHERE delivery_id = ? ORDER BY event_id", delivery)
    return tuple(
        Told(
            event=row["event_id"],
            why=Why(row["why"]),
            agreement=row["agreement_id"],
            mention=row["mention_id"],
            old_status=row["old_status"],
            new_status=row["new_status"],
            note=row["note"],
        )
        for row in rows
    )


def _rule(row: Row) -> wire.AlertRule:
    return wire.AlertRule(
        name=row["rule"],
        state=row["state"],
        channels=_list(row["channels"]),
        organisations=_list(row["organisations"]),
        parties=_list(row["parties"]),
        topics=_list(row["topics"]),
        kinds=tuple(Kind(kind) for kind in _list(row["kinds"])),
        statuses=tuple(Status(status) for status in _list(row["statuses"])),
        languages=_list(row["languages"]),
        sources=_list(row["sources"]),
        min_confidence=row["min_confidence"],
        max_age_days=row["max_age_days"],
        allows_undated=bool(row["allows_undated"]),
        first_contact=bool(row["first_contact"]),
        digest=row["digest"],
        digest_at=row["digest_at"],
        digest_weekday=row["digest_weekday"],
        time_zone=row["time_zone"],
        quiet_from=row["quiet_from"],
        quiet_until=row["quiet_until"],
        ceiling=row["ceiling"],
        pending=row["pending"],
        sent=row["sent"],
        parked=row["parked"],
    )


def _list(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_SEPARATOR)) if joined else ()


def _delivery(row: Row, agreements: list[str]) -> wire.AlertDelivery:
    return wire.AlertDelivery(
        id=row["delivery_id"],
        rule=row["rule"],
        channel=row["channel"],
        kind=row["kind"],
        state=row["state"],
        agreements=tuple(dict.fromkeys(agreements)),
        scheduled_at=row["scheduled_at"],
        due_at=row["due_at"] if row["state"] == "pending" else None,
        attempts=row["attempts"],
        sent_at=row["sent_at"],
        failure=row["failure"],
        answer=row["answer"],
    )
