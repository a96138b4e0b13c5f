"""A delivery of the outbox → the notice that its channel is given, as the ledger stands now."""

from __future__ import annotations

from ingest.alerts.notice import Item, Notice, Why
from ingest.documents import Status
from ingest.store import read
from ingest.store.alerts.queue import ClaimedDelivery
from ingest.store.read.alerts import Told

__all__ = ["compose", "item"]

_MOST_ITEMS = 50


def compose(connection: read.Connection, claimed: ClaimedDelivery) -> Notice | None:
    """Put a notice together.

    Events of agreements that were dismissed, or that no article tells of any more, are left out; a correction stays.

    Args:
        connection: One look at the store.
        claimed: The delivery.

    Returns:
        The notice; None where nothing is left to be told.
    """
    items: list[Item] = []
    left_out = 0
    seen: set[tuple[str, Why]] = set()
    for told in read.told_by(connection, claimed.public_id):
        if len(items) == _MOST_ITEMS:
            left_out += 1
            continue
        found = item(connection, told)
        if found is not None and (found.agreement.id, found.why) not in seen:
            seen.add((found.agreement.id, found.why))
            items.append(found)
    if not items:
        return None
    return Notice(
        id=claimed.public_id,
        kind=claimed.kind,
        rule=claimed.rule,
        at=claimed.at,
        items=tuple(items),
        left_out=left_out,
    )


def item(connection: read.Connection, told: Told) -> Item | None:
    """One event, with its agreement as it stands now; None where it is not to be told any more."""
    agreement = read.agreement(connection, told.agreement)
    # What was dismissed is told no more; nor is a correction that waited, once the dismissal is taken back.
    if (agreement.state == "in_force") is (told.why is Why.WITHDRAWN):
        return None
    mention = next((each for each in agreement.mentions if each.mention == told.mention), None)
    return Item(
        event=told.event,
        why=told.why,
        agreement=agreement,
        mention=mention,
        old_status=_status(told.old_status),
        new_status=_status(told.new_status),
        note=told.note if told.why is Why.WITHDRAWN else None,
    )


def _status(value: str | None) -> Status | None:
    return Status(value) if value else None
