"""Sources and how they are doing, as the views have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ingest import wire
from ingest.documents import FailureClass, Reason
from ingest.errors import NotFoundError
from ingest.health import Facts, judge
from ingest.mask import mask
from ingest.store.keys import stored_key
from ingest.store.read.connection import Connection, Row

__all__ = ["facts", "known_urls", "source", "sources_with_health"]

_SOURCES = "SELECT * FROM v_sources"
_COUNTS = "SELECT source, state, count(*) AS total FROM v_documents GROUP BY source, state"


def sources_with_health(connection: Connection, *, removed: bool = False) -> tuple[wire.Source, ...]:
    """Every source, by name.

    Args:
        connection: The store.
        removed: Whether to give those too that were removed.
    """
    rows = connection.rows(f"{_SOURCES} ORDER BY source")
    counts = {(row["source"], row["state"]): row["total"] for row in connection.rows(_COUNTS)}
    return tuple(
        _read(row, stored=counts.get((row["source"], "stored"), 0), dropped=counts.get((row["source"], "dropped"), 0))
        for row in rows
        if removed or row["state"] != "removed"
    )


def source(connection: Connection, name: str) -> wire.Source:
    """One source, with its history.

    Raises:
        NotFoundError: There is none of that name.
    """
    rows = connection.rows(f"{_SOURCES} WHERE source = ? OR address = ? ORDER BY source", name, name)
    if not rows:
        raise NotFoundError(f"there is no source called {name!r}", remedy="`ingest sources` lists those there are")
    called = rows[0]["source"]
    states = connection.rows("SELECT state, count(*) AS total FROM v_documents WHERE source = ? GROUP BY state", called)
    counts = {row["state"]: row["total"] for row in states}
    failures = connection.rows(
        "SELECT * FROM v_source_failures WHERE source = ? ORDER BY number DESC, kind, reason", called
    )
    events = connection.rows("SELECT * FROM v_source_events WHERE source = ? ORDER BY event_id", called)
    return _read(
        rows[0],
        stored=counts.get("stored", 0),
        dropped=counts.get("dropped", 0),
        failures=tuple(_failure(row) for row in failures),
        events=tuple(_event(row) for row in events),
    )


def known_urls(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Which of these keys some document has."""
    wanted = {stored_key(key): key for key in keys}
    rows = connection.rows_in("SELECT DISTINCT key FROM v_documents WHERE key IN ({})", list(wanted))
    return frozenset(wanted[row["key"]] for row in rows)


def _read(
    row: Row,
    *,
    stored: int,
    dropped: int,
    failures: tuple[wire.SourceFailure, ...] = (),
    events: tuple[wire.SourceEvent, ...] = (),
) -> wire.Source:
    return wire.Source(
        name=row["source"],
        kind=row["kind"],
        address=None if row["address"] is None else mask(row["address"]),
        title=row["title"],
        home=row["home"],
        time_zone=row["time_zone"],
        interval_seconds=row["interval_seconds"],
        health=judge(facts(row), now=datetime.now(UTC)),
        next_due_at=row["next_due_at"],
        last_success_at=row["last_success_at"],
        last_new_at=row["last_new_at"],
        usual_seconds=row["rhythm_seconds"],
        entries_last=row["entries_last"],
        entries_usual=row["entries_usual"],
        waiting=row["waiting"],
        stored=stored,
        dropped=dropped,
        failures_in_a_row=row["failures"],
        last_failure=row["last_failure"],
        failures=failures,
        events=events,
    )


def facts(row: Row) -> Facts:
    """What a row of `v_sources` tells of its health."""
    return Facts(
        state=row["state"],
        failures=row["failures"],
        last_success_at=_time(row["last_success_at"]),
        last_new_at=_time(row["last_new_at"]),
        usual=None if row["rhythm_seconds"] is None else timedelta(seconds=row["rhythm_seconds"]),
        entries_last=row["entries_last"],
        entries_usual=row["entries_usual"],
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _failure(row: Row) -> wire.SourceFailure:
    return wire.SourceFailure(
        kind=FailureClass(row["kind"]),
        reason=Reason(row["reason"]),
        number=row["number"],
        last_at=row["last_at"],
        detail=row["detail"],
    )


def _event(row: Row) -> wire.SourceEvent:
    return wire.SourceEvent(
        at=row["at"],
        event=row["event"],
        detail=row["detail"],
        old_address=row["old_address"] and mask(row["old_address"]),
        new_address=row["new_address"] and mask(row["new_address"]),
    )
