"""A moment, rows of a store put there by hand, and a status in which nothing is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import insert

from ingest import tables as t
from ingest import wire
from ingest.alerts.notice import NoticeKind
from ingest.store import read

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOSTILE = 'desk"} 1\ningest_up 0 \x1b[31m\u202e' + "long " * 50

_IDS = count(1)


def ago(**stretch):
    return NOW - timedelta(**stretch)


def put(store, table, **values):
    """Insert one row; gives its id."""
    row = {"id": next(_IDS), **values} if "id" in table.__table__.columns else values
    store.database.write(lambda connection: connection.execute(insert(table).values(**row)))
    return row.get("id")


def run(store, state=t.RunState.COMPLETED, *, kind="ingest", **values):
    given = {"started_at": ago(hours=2), "finished_at": ago(hours=1)} | values
    return put(
        store, t.Run, kind=kind, state=state, code_version="0", versions={}, host="elsewhere", pid=1,
        process_started="1", **given,
    )  # fmt: skip


def source(store, run_id, name="feed", **values):
    given = {"kind": "feed", "address": f"https://{len(name)}.example/feed"} | values
    return put(store, t.Source, name=name, first_seen_at=ago(days=9), first_run_id=run_id, **given)


def document(store, source_id, run_id, *, state=t.DocumentState.STORED, **values):
    seen = {"first_seen_at": ago(days=1), "last_seen_at": ago(hours=1)} | values
    key = f"document-{next(_IDS)}"
    return put(store, t.Document, source_id=source_id, key=key, state=state, run_id=run_id, **seen)


def lead(store, document_id, source_id, due_at):
    put(
        store, t.Lead, document_id=document_id, source_id=source_id, url="https://a.example/1", position=1,
        due_at=due_at, listed_at=ago(days=1),
    )  # fmt: skip


def happened(store, document_id, run_id, event, at, reason=None):
    put(store, t.DocumentEvent, document_id=document_id, run_id=run_id, at=at, event=event, reason=reason)


def delivery(store, rule_id, state, **values):
    number = next(_IDS)
    times = {"scheduled_at": NOW, "due_at": ago(minutes=20), "created_at": ago(hours=3)} | values
    return put(
        store, t.AlertDelivery, public_id=f"d{number}", kind=NoticeKind.INSTANT, rule_id=rule_id, channel="desk",
        subject=f"s{number}", state=state, **times,
    )  # fmt: skip


def look(store_url, *, alive=lambda _: None):
    """The status at that moment."""
    with read.connect(store_url) as connection:
        return read.status(connection, now=NOW, alive=alive)


def healthy(**changed):
    """A status in which nothing is wrong, but for what is given."""
    flows = [
        wire.Flow(seconds=seconds, stored=9, duplicates=1, revised=1, dropped=2, set_aside=3)
        for seconds in (3_600, 86_400)
    ]
    values = {
        "at": "2026-03-10T12:00:00Z",
        "version": "1.2.3",
        "revision": "0008",
        "database": "sqlite:///news.db",
        "concerns": (),
        "queue": wire.Queue(
            waiting=7, due=4, oldest_due_seconds=30.0, claimed=2, oldest_claim_seconds=5.0, lapsed=0,
            oldest_lapsed_seconds=None, left=0, stored=90, dropped=8,
        ),
        "running": (),
        "failed": (),
        "flows": tuple(flows),
        "last_article_at": "2026-03-10T11:59:00Z",
        "last_article_seconds": 60.0,
        "drops": (),
        "deliveries": wire.Deliveries(
            states=(), parked=0, retrying=0, oldest_pending_seconds=None, overdue_seconds=None
        ),
        "sources": wire.SourceStatus(
            health=(wire.Counted(name="healthy", count=3),), overdue=0, oldest_due_seconds=None, concerns=()
        ),
        "sizes": wire.Sizes(database_bytes=1_000_000, archive_pages=90, archive_bytes=5_000_000),
    }  # fmt: skip
    return wire.Status(**(values | changed))


def run_status(state="failed", **changed):
    values = {
        "run": 7, "kind": "ingest", "state": state, "is_gone": False, "has_recovered": False,
        "started_at": "2026-03-10T11:00:00Z", "seconds": 9.0, "failure": "StoreError: the disk is full",
        "flow_run": None,
    }  # fmt: skip
    return wire.RunStatus(**(values | changed))


def troubled(name, health, failures=0):
    return wire.SourceConcern(
        name=name, health=health, failures_in_a_row=failures, last_success_at=None, last_new_at=None, last_failure=None
    )
