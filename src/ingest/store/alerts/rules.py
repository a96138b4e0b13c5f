"""Rows of alert rules: added, changed, paused, resumed, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from ingest.alerts.rules import Digest, Quiet, Rule
from ingest.documents import Kind, Status
from ingest.errors import ConfigurationError, NotFoundError
from ingest.store.articles import AnyRow
from ingest.store.database import Database, lock, now
from ingest.tables import AlertDelivery, AlertRule, DeliveryState

__all__ = ["RuleRow", "add_rule", "change_rule", "in_force", "named", "remove_rule", "set_paused"]

_COLUMNS = select(*AlertRule.__table__.columns)
_STANDING = _COLUMNS.where(AlertRule.removed_at.is_(None)).order_by(AlertRule.id)
_IN_FORCE = _STANDING.where(AlertRule.enabled)
_BY_NAME = _COLUMNS.where(AlertRule.name == bindparam("wanted"))
_CHANGE = update(AlertRule).where(AlertRule.id == bindparam("row"))
_PENDING = AlertDelivery.rule_id == bindparam("rule"), AlertDelivery.state == DeliveryState.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule, and its row."""

    id: int
    rule: Rule


def in_force(connection: Connection, *, paused: bool = False) -> tuple[RuleRow, ...]:
    """The rules that were not removed, the paused ones only where they are asked for too."""
    return tuple(_read(row) for row in connection.execute(_STANDING if paused else _IN_FORCE))


def named(database: Database, name: str) -> Rule:
    """One rule, paused or not.

    Raises:
        NotFoundError: There is none of that name.
        StoreError: The store does not answer.
    """
    return database.read(lambda connection: _read(_found(connection, name))).rule


def add_rule(database: Database, rule: Rule) -> None:
    """Add a rule. One of its name that was removed is taken up again, with what the new one says.

    Raises:
        ConfigurationError: There is one of that name.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        lock(connection, [f"alert rule {rule.name}"])
        before = connection.execute(_BY_NAME, {"wanted": rule.name}).first()
        if before is not None and before.removed_at is None:
            raise ConfigurationError(
                f"there is a rule called {rule.name!r} already",
                remedy=f"choose another name, or change it with `ingest alerts set {rule.name}`",
            )
        if before is not None:
            connection.execute(_CHANGE, {"row": before.id, **_columns(rule), "removed_at": None})
        else:
            connection.execute(insert(AlertRule), {**_columns(rule), "created_at": now(connection)})

    database.write(work)


def change_rule(database: Database, rule: Rule) -> int:
    """Have a rule say something else from now on. What is pending stays, but on channels that it no longer names.

    Returns:
        How many deliveries were withdrawn.

    Raises:
        NotFoundError: There is none of that name.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> int:
        row = _found(connection, rule.name)
        connection.execute(_CHANGE, {"row": row.id, **_columns(rule)})
        return _withdraw(connection, row.id, AlertDelivery.channel.not_in(rule.channels))

    return database.write(work)


def set_paused(database: Database, name: str, *, paused: bool) -> bool:
    """Pause a rule, or have it go on: while it rests it makes nothing, and what is pending waits.

    Returns:
        Whether that changed anything.

    Raises:
        NotFoundError: There is none of that name.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> bool:
        row = _found(connection, name)
        connection.execute(_CHANGE, {"row": row.id, "enabled": not paused})
        return bool(row.enabled is paused)

    return database.write(work)


def remove_rule(database: Database, name: str) -> int:
    """Take a rule away. What is pending is withdrawn; what was sent stays in the log.

    Returns:
        How many deliveries were withdrawn.

    Raises:
        NotFoundError: There is none of that name.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> int:
        row = _found(connection, name)
        connection.execute(_CHANGE, {"row": row.id, "removed_at": now(connection)})
        return _withdraw(connection, row.id)

    return database.write(work)


def _withdraw(connection: Connection, rule: int, *conditions: Any) -> int:
    gone = update(AlertDelivery).where(*_PENDING, *conditions).values(state=DeliveryState.WITHDRAWN)
    return connection.execute(gone, {"rule": rule}).rowcount


def _found(connection: Connection, name: str) -> AnyRow:
    row = connection.execute(_BY_NAME, {"wanted": name}).first()
    if row is None or row.removed_at is not None:
        raise NotFoundError(f"there is no alert rule called {name!r}", remedy="`ingest alerts list` shows them")
    return row


def _columns(rule: Rule) -> dict[str, Any]:
    digest, quiet = rule.digest, rule.quiet
    return {
        "name": rule.name,
        "enabled": not rule.is_paused,
        "channels": list(rule.channels),
        "parties": list(rule.organisations),
        "party_texts": list(rule.parties),
        "topics": list(rule.topics),
        "kinds": [kind.value for kind in rule.kinds],
        "statuses": [status.value for status in rule.statuses],
        "languages": list(rule.languages),
        "sources": list(rule.sources),
        "min_confidence": rule.min_confidence,
        "max_age_days": rule.max_age.days if rule.max_age is not None else None,
        "allows_undated": rule.allows_undated,
        "first_contact": rule.first_contact,
        "digest": digest.cadence if digest else None,
        "digest_at": _clock(digest.at) if digest else None,
        "digest_weekday": digest.weekday if digest else None,
        "time_zone": rule.time_zone,
        "quiet_from": _clock(quiet.start) if quiet else None,
        "quiet_until": _clock(quiet.end) if quiet else None,
        "ceiling": rule.ceiling,
    }


def _clock(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _read(row: AnyRow) -> RuleRow:
    digest = row.digest and Digest(
        cadence=row.digest, at=time.fromisoformat(row.digest_at or "08:00"), weekday=row.digest_weekday or 0
    )
    quiet = row.quiet_from and Quiet(
        start=time.fromisoformat(row.quiet_from), end=time.fromisoformat(row.quiet_until or row.quiet_from)
    )
    rule = Rule(
        name=row.name,
        channels=tuple(row.channels),
        organisations=tuple(row.parties),
        parties=tuple(row.party_texts),
        topics=tuple(row.topics),
        kinds=tuple(Kind(kind) for kind in row.kinds),
        statuses=tuple(Status(status) for status in row.statuses),
        languages=tuple(row.languages),
        sources=tuple(row.sources),
        min_confidence=row.min_confidence,
        max_age=None if row.max_age_days is None else timedelta(days=row.max_age_days),
        allows_undated=row.allows_undated,
        first_contact=row.first_contact,
        digest=digest or None,
        time_zone=row.time_zone,
        quiet=quiet or None,
        ceiling=row.ceiling,
        is_paused=not row.enabled,
    )
    return RuleRow(id=row.id, rule=rule)
