"""How far web archives were read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ingest import wire
from ingest.mask import mask
from ingest.store.read.connection import Connection, Row

__all__ = ["backfills"]

_SHOWN = 20
_SOURCES = "SELECT id, name FROM sources WHERE kind = 'warc' ORDER BY name"
_ARCHIVES = "SELECT count(*) AS archives, coalesce(sum(size), 0) AS bytes FROM web_archives WHERE source_id = ?"
_UNREADABLE = """SELECT name, failure FROM web_archives WHERE source_id = ? AND failure IS NOT NULL ORDER BY name"""
# With gzip over the whole file, positions are of what it unpacks to, and say nothing until it is done.
_RANGES = """SELECT a.name, a.size, a.packing, r.start, r.stop, r.position, r.state, r.records, r.pages, r.skipped,
    r.broken, r.fates, r.seconds, r.failure, r.lease_until
    FROM web_archive_ranges r JOIN web_archives a ON a.id = r.archive_id WHERE a.source_id = ?
    ORDER BY a.name, r.start"""


def backfills(
    connection: Connection, *, source: str | None = None, now: datetime | None = None
) -> tuple[wire.Backfill, ...]:
    """Every source of web archives, by name; or one.

    Args:
        connection: The store.
        source: Name of the one.
        now: The moment at which leases are judged; None: by this machine's clock.
    """
    at = now or datetime.now(UTC)
    return tuple(
        _read(connection, row, at) for row in connection.rows(_SOURCES) if source is None or row["name"] == source
    )


def _read(connection: Connection, source: Row, at: datetime) -> wire.Backfill:
    archives = connection.rows(_ARCHIVES, source["id"])[0]
    unreadable = connection.rows(_UNREADABLE, source["id"])
    ranges = connection.rows(_RANGES, source["id"])
    states = Counter(_state(row, at) for row in ranges)
    read = sum(_bytes_read(row) for row in ranges)
    seconds = float(sum(row["seconds"] for row in ranges))
    records = sum(row["records"] for row in ranges)
    failures = [
        wire.BackfillFailure(archive=row["name"], offset=None, failure=mask(row["failure"])) for row in unreadable
    ] + [
        wire.BackfillFailure(archive=row["name"], offset=row["position"], failure=mask(row["failure"] or ""))
        for row in ranges
        if row["state"] == "failed"
    ]
    total = int(archives["bytes"])
    return wire.Backfill(
        source=source["name"],
        archives=archives["archives"],
        waiting=states["waiting"],
        running=states["running"],
        done=states["done"],
        failed=states["failed"] + len(unreadable),
        bytes=total,
        bytes_read=read,
        records=records,
        pages=sum(row["pages"] for row in ranges),
        skipped=_counted(row["skipped"] for row in ranges),
        broken=_counted(row["broken"] for row in ranges),
        fates=_counted(row["fates"] for row in ranges),
        seconds=round(seconds, 3),
        records_per_second=round(records / seconds, 2) if seconds else None,
        remaining_seconds=_remaining(total - read, read, seconds, states["running"]),
        failures=tuple(failures[:_SHOWN]),
    )


def _state(row: Row, at: datetime) -> str:
    """A range whose worker shows no life waits, whatever its row says."""
    lease = row["lease_until"]
    until = datetime.fromisoformat(lease) if isinstance(lease, str) else lease
    lapsed = row["state"] == "running" and (until is None or until <= at)
    return "waiting" if lapsed else str(row["state"])


def _bytes_read(row: Row) -> int:
    end = row["size"] if row["stop"] is None else min(row["stop"], row["size"] or row["stop"])
    if row["state"] == "done":
        return int(max((end or row["position"]) - row["start"], 0))
    return 0 if row["packing"] == "whole" else int(row["position"] - row["start"])


def _remaining(left: int, read: int, seconds: float, running: int) -> float | None:
    if not running or not read or left < 0:
        return None
    return round(left * seconds / read / running, 1)


def _counted(counts: Iterable[Any]) -> tuple[wire.Counted, ...]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(json.loads(each) if isinstance(each, str) else each)
    return tuple(wire.Counted(name=name, count=number) for name, number in total.most_common())
