"""Documents that were dropped, as the views have them."""

from __future__ import annotations

from dataclasses import dataclass

from ingest import wire
from ingest.documents import Reason, Stage
from ingest.store.read.connection import Connection, Listing, where

__all__ = ["DropFilter", "count_drops", "drops"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFilter:
    """Which dropped documents to list; None: whatever it is.

    Attributes:
        reason: For that reason.
        source: Of that source.
        since: Dropped at or after that ISO date or time, UTC.
        set_aside: Those too that nobody wanted: known from another source, or older than a source's first contact.
    """

    reason: Reason | None = None
    source: str | None = None
    since: str | None = None
    set_aside: bool = False


_SET_ASIDE = (Reason.KNOWN_ELSEWHERE, Reason.BEFORE_FIRST_CONTACT, Reason.FORGOTTEN)
_WANTED = f"reason NOT IN ({', '.join(repr(reason.value) for reason in _SET_ASIDE)})"
_WHEN = """coalesce((SELECT max(e.at) FROM v_document_events e
    WHERE e.source = d.source AND e.key = d.key AND e.event = 'dropped'), d.settled_at, d.last_seen_at)"""


def _condition(wanted: DropFilter) -> tuple[str, list[object]]:
    chosen = wanted.set_aside or wanted.reason is not None
    return where(
        ("state = 'dropped'",),
        ("reason = ?", wanted.reason and wanted.reason.value),
        (_WANTED, *((None,) if chosen else ())),
        ("source = ?", wanted.source),
        (f"{_WHEN} >= ?", wanted.since),
    )


def count_drops(connection: Connection, wanted: DropFilter) -> tuple[wire.DropCount, ...]:
    """Count the documents that stand dropped, by reason and source, the most frequent first."""
    condition, parameters = _condition(wanted)
    rows = connection.rows(
        f"SELECT reason, source, count(*) AS total FROM v_documents d WHERE {condition}"  # noqa: S608 - joined of constants
        " GROUP BY reason, source ORDER BY count(*) DESC, reason, source",
        *parameters,
    )
    return tuple(wire.DropCount(reason=Reason(row["reason"]), source=row["source"], count=row["total"]) for row in rows)


def drops(connection: Connection, wanted: DropFilter, *, limit: int) -> Listing[wire.DroppedDocument]:
    """List the documents that stand dropped, the latest first.

    Args:
        connection: The store.
        wanted: Which ones.
        limit: How many at most; 0: all.
    """
    condition, parameters = _condition(wanted)
    total = connection.rows(f"SELECT count(*) AS total FROM v_documents d WHERE {condition}", *parameters)[0]["total"]  # noqa: S608 - joined of constants
    rows = connection.rows(
        f"SELECT source, key, url, stage, reason, detail, {_WHEN} AS dropped_at FROM v_documents d WHERE {condition}"  # noqa: S608 - joined of constants
        " ORDER BY dropped_at DESC, source, key LIMIT ?",
        *parameters,
        limit or total,
    )
    return Listing(
        items=tuple(
            wire.DroppedDocument(
                source=row["source"],
                key=row["key"],
                url=row["url"],
                stage=Stage(row["stage"]),
                reason=Reason(row["reason"]),
                detail=row["detail"],
                dropped_at=row["dropped_at"],
            )
            for row in rows
        ),
        total=total,
    )
