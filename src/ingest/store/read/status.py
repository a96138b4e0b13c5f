"""How the pipeline is doing, quickly on a store of any size.

Nothing here joins or sorts a large table. What happened lately is counted from the end of `document_events`: its ids
grow with time, so the first one of a day is found by halving, and no index over times is needed. What waits and what
is in hand is read from indexes; how many documents stand stored and dropped is one scan of one table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from ingest import __version__, attention, wire
from ingest.documents import Reason
from ingest.health import Health, judge
from ingest.mask import mask
from ingest.migrations import HEAD
from ingest.store.read.connection import Connection, Row
from ingest.store.read.health import facts
from ingest.store.worker import Worker, is_alive
from ingest.views import Dialect

__all__ = ["status"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SLACK = timedelta(minutes=10)  # ids are given before a transaction ends: those of a long one are older than its rows
_MOST_RUNS = 50

_PARKED = "parked"
_SET_ASIDE = (Reason.KNOWN_ELSEWHERE.value, Reason.BEFORE_FIRST_CONTACT.value, Reason.FORGOTTEN.value)
_DUPLICATES = ("copied", "near_duplicate")

# A claim sets `last_seen_at`; what is held is found by the index over leases.
_HELD = """SELECT count(*) AS held, min(last_seen_at) AS first_held,
    coalesce(sum(CASE WHEN lease_until < ? THEN 1 ELSE 0 END), 0) AS lapsed, min(lease_until) AS first_until
    FROM documents WHERE lease_run_id > 0"""
_STANDING = """SELECT state, count(*) AS total, sum(CASE WHEN state = 'found' AND lease_run_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM leads l WHERE l.document_id = d.id AND l.due_at IS NOT NULL) THEN 1 ELSE 0 END) AS left_over
    FROM documents d GROUP BY state"""
_WAITING = """SELECT
    (SELECT count(*) FROM leads l WHERE l.source_id = s.id AND l.due_at IS NOT NULL) AS waiting,
    (SELECT count(*) FROM leads l WHERE l.source_id = s.id AND l.due_at <= ?) AS due,
    (SELECT min(l.due_at) FROM leads l WHERE l.source_id = s.id AND l.due_at <= ?) AS first_due
    FROM sources s WHERE s.state = 'active'"""
_RUNS = """SELECT r.id, r.kind, r.state, r.started_at, r.finished_at, r.failure, r.flow_run, r.host, r.pid,
    r.process_started,
    EXISTS (SELECT 1 FROM runs n WHERE n.id > r.id AND n.kind = r.kind AND n.state = 'completed') AS recovered
    FROM runs r WHERE """
_EVENTS = """SELECT event, reason, count(*) AS in_day, sum(CASE WHEN at >= ? THEN 1 ELSE 0 END) AS in_hour
    FROM document_events WHERE id >= ? AND at >= ? GROUP BY event, reason"""
# Those of a paused or removed rule wait on purpose. A claim counts as an attempt.
_PENDING = """SELECT
    coalesce(sum(CASE WHEN d.attempts > 0 AND d.lease_run_id IS NULL THEN 1 ELSE 0 END), 0) AS retrying,
    min(d.created_at) AS first_made, min(CASE WHEN d.due_at <= ? THEN d.due_at END) AS first_due
    FROM alert_deliveries d JOIN alert_rules r ON r.id = d.rule_id
    WHERE d.state = 'pending' AND r.enabled AND r.removed_at IS NULL"""
_DATABASE_BYTES = {
    Dialect.SQLITE: "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
    Dialect.POSTGRESQL: "SELECT pg_database_size(current_database()) AS bytes",
}


def status(
    connection: Connection,
    *,
    now: datetime | None = None,
    alive: Callable[[Worker], bool | None] = is_alive,
) -> wire.Status:
    """How the pipeline is doing.

    Args:
        connection: The store.
        now: The moment that ages count to; None: the database's clock.
        alive: Tells whether a process still runs, or None where that cannot be told.
    """
    at = now or _clock(connection)
    hour, day, drops = _flows(connection, at)
    last = _moment(connection.rows("SELECT max(first_seen_at) AS last FROM articles")[0]["last"])
    running = _runs(connection, at, "r.state = 'running' ORDER BY r.id DESC", alive=alive)
    failed = _runs(
        connection,
        at,
        "r.state IN ('failed', 'died') AND r.finished_at >= ? ORDER BY r.id DESC LIMIT ?",
        _text(at - _DAY),
        _MOST_RUNS,
        alive=alive,
    )
    return attention.judged(
        wire.Status(
            at=_shown(at),
            version=__version__,
            revision=HEAD,
            database=connection.shown,
            concerns=(),
            queue=_queue(connection, at),
            running=running,
            failed=failed,
            flows=(hour, day),
            last_article_at=None if last is None else _shown(last),
            last_article_seconds=_age(last, at),
            drops=drops,
            deliveries=_deliveries(connection, at),
            sources=_sources(connection, at),
            sizes=_sizes(connection),
        )
    )


def _queue(connection: Connection, at: datetime) -> wire.Queue:
    held = connection.rows(_HELD, _text(at))[0]
    standing = {row["state"]: row for row in connection.rows(_STANDING)}
    waiting = connection.rows(_WAITING, _text(at), _text(at))
    lapsed = int(held["lapsed"])
    return wire.Queue(
        waiting=sum(row["waiting"] for row in waiting),
        due=sum(row["due"] for row in waiting),
        oldest_due_seconds=_age(_first(row["first_due"] for row in waiting), at),
        claimed=held["held"],
        oldest_claim_seconds=_age(_moment(held["first_held"]), at),
        lapsed=lapsed,
        oldest_lapsed_seconds=_age(_moment(held["first_until"]), at) if lapsed else None,
        left=sum(int(row["left_over"]) for row in standing.values()),
        stored=standing["stored"]["total"] if "stored" in standing else 0,
        dropped=standing["dropped"]["total"] if "dropped" in standing else 0,
    )


def _runs(
    connection: Connection,
    at: datetime,
    condition: str,
    *parameters: object,
    alive: Callable[[Worker], bool | None],
) -> tuple[wire.RunStatus, ...]:
    return tuple(_run(row, at, alive) for row in connection.rows(_RUNS + condition, *parameters))


def _run(row: Row, at: datetime, alive: Callable[[Worker], bool | None]) -> wire.RunStatus:
    began, ended = _moment(row["started_at"]) or at, _moment(row["finished_at"])
    worker = Worker(host=row["host"], pid=row["pid"], started=row["process_started"])
    return wire.RunStatus(
        run=row["id"],
        kind=row["kind"],
        state=row["state"],
        is_gone=row["state"] == "running" and alive(worker) is False,
        has_recovered=bool(row["recovered"]),
        started_at=_shown(began),
        seconds=_age(began, ended or at) or 0.0,
        failure=None if row["failure"] is None else mask(row["failure"]),
        flow_run=row["flow_run"],
    )


def _flows(connection: Connection, at: datetime) -> tuple[wire.Flow, wire.Flow, tuple[wire.DropRate, ...]]:
    """What became of documents in the last hour and the last day, and the drops of the day."""
    first = _first_event(connection, at - _DAY - _SLACK)
    rows = connection.rows(_EVENTS, _text(at - _HOUR), first, _text(at - _DAY))
    dropped = Counter({row["reason"]: row["in_day"] for row in rows if row["event"] == "dropped"})
    drops = tuple(
        wire.DropRate(reason=Reason(reason), count=count, is_set_aside=reason in _SET_ASIDE)
        for reason, count in sorted(dropped.items(), key=lambda item: (-item[1], item[0]))
    )
    return _flow(rows, _HOUR, "in_hour"), _flow(rows, _DAY, "in_day"), drops


def _flow(rows: Sequence[Row], lasting: timedelta, column: str) -> wire.Flow:
    def total(*events: str, set_aside: bool = False) -> int:
        return sum(
            int(row[column]) for row in rows if row["event"] in events and (row["reason"] in _SET_ASIDE) is set_aside
        )

    return wire.Flow(
        seconds=int(lasting.total_seconds()),
        stored=total("stored"),
        duplicates=total(*_DUPLICATES),
        revised=total("revised"),
        dropped=total("dropped"),
        set_aside=total("dropped", set_aside=True),
    )


def _first_event(connection: Connection, since: datetime) -> int:
    """The id of the first event at or after a moment, or one beyond the last; found by halving."""
    ends = connection.rows("SELECT min(id) AS first, max(id) AS last FROM document_events")[0]
    if ends["first"] is None:
        return 0
    low, high = int(ends["first"]), int(ends["last"]) + 1
    while low < high:
        middle = (low + high) // 2
        row = connection.rows("SELECT id, at FROM document_events WHERE id >= ? ORDER BY id LIMIT 1", middle)[0]
        moment = _moment(row["at"])
        if moment is not None and moment >= since:
            high = middle
        else:
            low = int(row["id"]) + 1
    return low


def _deliveries(connection: Connection, at: datetime) -> wire.Deliveries:
    rows = connection.rows("SELECT state, count(*) AS total FROM alert_deliveries GROUP BY state ORDER BY state")
    pending = connection.rows(_PENDING, _text(at))[0]
    return wire.Deliveries(
        states=tuple(wire.Counted(name=row["state"], count=row["total"]) for row in rows),
        parked=sum(row["total"] for row in rows if row["state"] == _PARKED),
        retrying=int(pending["retrying"]),
        oldest_pending_seconds=_age(_moment(pending["first_made"]), at),
        overdue_seconds=_age(_moment(pending["first_due"]), at),
    )


def _sources(connection: Connection, at: datetime) -> wire.SourceStatus:
    rows = connection.rows("SELECT * FROM v_sources WHERE state <> 'removed' ORDER BY source")
    judged = [(row, judge(facts(row), now=at)) for row in rows]
    counts = Counter(health for _, health in judged)
    due = [
        moment
        for row, health in judged
        if health is not Health.PAUSED and (moment := _moment(row["next_due_at"])) is not None and moment <= at
    ]
    troubled = [_source(row, health) for row, health in judged if attention.is_troubled(health, row["failures"])]
    return wire.SourceStatus(
        health=tuple(wire.Counted(name=each.value, count=counts[each]) for each in Health if counts[each]),
        overdue=sum(at - moment > attention.OVERDUE for moment in due),
        oldest_due_seconds=_age(min(due, default=None), at),
        concerns=tuple(sorted(troubled, key=attention.urgency)),
    )


def _source(row: Row, health: Health) -> wire.SourceConcern:
    failing = health is Health.FAILING and row["last_failure"]
    return wire.SourceConcern(
        name=row["source"],
        health=health,
        failures_in_a_row=row["failures"],
        last_success_at=row["last_success_at"],
        last_new_at=row["last_new_at"],
        last_failure=mask(row["last_failure"]) if failing else None,
    )


def _sizes(connection: Connection) -> wire.Sizes:
    pages = connection.rows("SELECT count(*) AS total, coalesce(sum(bytes), 0) AS bytes FROM pages")[0]
    database = connection.rows(_DATABASE_BYTES[connection.address.dialect])[0]
    return wire.Sizes(
        database_bytes=int(database["bytes"]), archive_pages=pages["total"], archive_bytes=int(pages["bytes"])
    )


def _clock(connection: Connection) -> datetime:
    return _moment(connection.rows("SELECT CURRENT_TIMESTAMP AS now")[0]["now"]) or datetime.now(UTC)


def _moment(value: str | datetime | None) -> datetime | None:
    """A time as either driver gives it: text, in UTC, on SQLite."""
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _first(values: Iterable[str | datetime | None]) -> datetime | None:
    return min((moment for value in values if (moment := _moment(value)) is not None), default=None)


def _text(moment: datetime) -> str:
    """A time as SQLite keeps it, which PostgreSQL reads too."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _age(moment: datetime | None, at: datetime) -> float | None:
    """Seconds since then; no less than none, as clocks of machines differ."""
    return None if moment is None else max(0.0, round((at - moment).total_seconds(), 3))
