"""What the store tells of the state of the pipeline, on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from status_samples import (
    NOW,
    ago,
    delivery,
    document,
    happened,
    healthy,
    lead,
    look,
    put,
    run,
    source,
)

from ingest import attention
from ingest import tables as t
from ingest.documents import Reason
from ingest.health import Health
from ingest.store import read
from ingest.store.read.status import _EVENTS, _HELD, _WAITING, _first_event, _text
from ingest.tables import DocumentEventKind as Kind
from ingest.wire import Counted


def test_an_empty_store_has_nothing_to_tell_and_no_concern(store_url):
    found = look(store_url)
    assert found.concerns == ()
    assert (found.queue.stored, found.queue.waiting, found.queue.claimed, found.queue.left) == (0, 0, 0, 0)
    assert found.queue.oldest_due_seconds is found.queue.oldest_claim_seconds is None
    assert (found.running, found.failed, found.drops, found.deliveries.states) == ((), (), (), ())
    assert found.last_article_at is None
    assert found.sizes.database_bytes > 0
    assert found.at == "2026-03-10T12:00:00Z"


def test_what_waits_is_counted_for_active_sources_with_the_age_of_what_is_due(store, store_url):
    began = run(store)
    active, paused = source(store, began), source(store, began, "paused", state=t.SourceState.PAUSED)
    for owner, due_at in (
        (active, ago(minutes=30)),
        (active, ago(minutes=5)),
        (active, NOW + timedelta(hours=1)),
        (active, None),
        (paused, ago(days=3)),
    ):
        lead(store, document(store, owner, began, state=t.DocumentState.FOUND), owner, due_at)
    queue = look(store_url).queue
    assert (queue.waiting, queue.due, queue.oldest_due_seconds) == (3, 2, 1800.0)


def test_what_is_in_hand_is_told_from_what_a_silent_worker_holds_and_what_was_left(store, store_url):
    began = run(store, t.RunState.RUNNING, finished_at=None)
    owner = source(store, began)
    held = {"lease_run_id": began, "state": t.DocumentState.FOUND}
    document(store, owner, began, **held, last_seen_at=ago(minutes=2), lease_until=NOW + timedelta(minutes=3))
    document(store, owner, began, **held, last_seen_at=ago(hours=3), lease_until=ago(hours=2))
    document(store, owner, began, state=t.DocumentState.FOUND)
    document(store, owner, began, state=t.DocumentState.DROPPED)
    document(store, owner, began)
    queue = look(store_url).queue
    assert (queue.claimed, queue.oldest_claim_seconds) == (2, 10_800.0)
    assert (queue.lapsed, queue.oldest_lapsed_seconds) == (1, 7_200.0)
    assert (queue.left, queue.stored, queue.dropped) == (1, 1, 1)


def test_what_became_of_documents_is_counted_for_the_hour_and_the_day(store, store_url):
    began = run(store)
    one = document(store, source(store, began), began)
    for event, at, reason in (
        (Kind.STORED, ago(days=3), None),
        (Kind.STORED, ago(hours=24, seconds=1), None),
        (Kind.STORED, ago(hours=23), None),
        (Kind.DROPPED, ago(hours=20), Reason.NO_ARTICLE),
        (Kind.DROPPED, ago(hours=20), Reason.KNOWN_ELSEWHERE),
        (Kind.COPIED, ago(minutes=50), None),
        (Kind.NEAR_DUPLICATE, ago(minutes=40), None),
        (Kind.STORED, ago(minutes=30), None),
        (Kind.REVISED, ago(minutes=20), None),
        (Kind.DROPPED, ago(minutes=10), Reason.NO_ARTICLE),
        (Kind.LISTED, ago(minutes=10), None),
    ):
        happened(store, one, began, event, at, reason)
    found = look(store_url)
    hour, day = found.flows
    assert (hour.seconds, day.seconds) == (3_600, 86_400)
    assert (hour.stored, hour.duplicates, hour.revised, hour.dropped, hour.set_aside) == (1, 2, 1, 1, 0)
    assert (day.stored, day.duplicates, day.revised, day.dropped, day.set_aside) == (2, 2, 1, 2, 1)
    assert [(each.reason, each.count, each.is_set_aside) for each in found.drops] == [
        (Reason.NO_ARTICLE, 2, False),
        (Reason.KNOWN_ELSEWHERE, 1, True),
    ]


def test_events_whose_numbers_are_a_little_out_of_order_are_counted_all_the_same(store, store_url):
    began = run(store)
    one = document(store, source(store, began), began)
    for seconds in (86_600, 86_390, 86_500, 86_380, 86_410, 86_370):
        happened(store, one, began, Kind.STORED, ago(seconds=seconds))
    assert look(store_url).flows[1].stored == 3


def test_runs_that_failed_died_or_are_gone_are_told_with_whether_a_later_one_recovered(store, store_url):
    run(store, t.RunState.FAILED, finished_at=ago(days=2), failure="long ago")
    failed = run(store, t.RunState.FAILED, failure="StoreError: postgresql://me:hunter2@host/news is away")
    other = run(store, t.RunState.DIED, kind="collect")
    done = run(store)
    gone = run(store, t.RunState.RUNNING, finished_at=None, started_at=ago(minutes=10))
    found = look(store_url, alive=lambda _: False)
    assert done
    assert [(each.run, each.state, each.has_recovered) for each in found.failed] == [
        (other, "died", False),
        (failed, "failed", True),
    ]
    assert found.failed[1].failure == "StoreError: postgresql://me:***@host/news is away"
    assert [(each.run, each.is_gone, each.seconds) for each in found.running] == [(gone, True, 600.0)]
    assert [each.kind for each in found.concerns] == ["run_died"]


def test_a_run_of_another_machine_is_not_called_gone(store, store_url):
    run(store, t.RunState.RUNNING, finished_at=None)
    assert [each.is_gone for each in look(store_url, alive=lambda _: None).running] == [False]


def test_deliveries_are_counted_by_state_and_those_of_paused_rules_are_not_overdue(store, store_url):
    values = {
        "channels": [], "parties": [], "party_texts": [], "topics": [], "kinds": [], "statuses": [], "languages": [],
        "sources": [], "allows_undated": True, "first_contact": False, "time_zone": "UTC", "created_at": NOW,
    }  # fmt: skip
    rule = put(store, t.AlertRule, name="on", enabled=True, **values)
    off = put(store, t.AlertRule, name="off", enabled=False, **values)
    sending = run(store)
    delivery(store, rule, t.DeliveryState.PENDING, due_at=NOW + timedelta(hours=1), attempts=3)
    delivery(store, rule, t.DeliveryState.PENDING)
    delivery(store, rule, t.DeliveryState.PENDING, attempts=1, lease_run_id=sending)
    delivery(store, off, t.DeliveryState.PENDING, due_at=ago(days=4), created_at=ago(days=5), attempts=2)
    delivery(store, rule, t.DeliveryState.PARKED)
    delivery(store, rule, t.DeliveryState.SENT)
    found = look(store_url)
    told = found.deliveries
    assert [(each.name, each.count) for each in told.states] == [("parked", 1), ("pending", 4), ("sent", 1)]
    assert (told.parked, told.retrying) == (1, 1)
    assert (told.oldest_pending_seconds, told.overdue_seconds) == (10_800.0, 1_200.0)
    assert [each.kind for each in found.concerns] == ["alerts_parked", "alerts_overdue"]


def test_sources_are_counted_by_health_and_those_that_need_an_eye_are_named_the_worst_first(store, store_url):
    began = run(store)
    ok = {"last_success_at": ago(hours=1), "last_new_at": ago(hours=1), "rhythm_seconds": 3600.0}
    source(store, began, "fine", **ok, next_due_at=ago(minutes=10))
    source(store, began, "quiet", **ok | {"last_new_at": ago(days=5)})
    source(store, began, "shaky", **ok, failures=2, last_failure="timed out")
    source(store, began, "down", **ok, failures=9, last_failure="https://u:secret@a.example/ timed out")
    source(store, began, "late", **ok, next_due_at=ago(hours=2))
    source(store, began, "paused", state=t.SourceState.PAUSED, next_due_at=ago(days=9))
    source(store, began, "gone", state=t.SourceState.REMOVED, failures=50)
    found = look(store_url)
    assert found.sources.health == (
        Counted(name="paused", count=1),
        Counted(name="failing", count=2),
        Counted(name="quiet", count=1),
        Counted(name="healthy", count=2),
    )
    assert [(each.name, each.health, each.last_failure) for each in found.sources.concerns] == [
        ("down", Health.FAILING, "https://u:***@a.example/ timed out"),
        ("quiet", Health.QUIET, None),
    ]
    assert (found.sources.overdue, found.sources.oldest_due_seconds) == (1, 7_200.0)


def test_the_clock_is_the_databases_unless_one_is_given(store_url):
    with read.connect(store_url) as connection:
        assert read.status(connection).at > "2026-03-10"


def test_large_tables_are_only_read_by_their_keys_and_indexes(sqlite_template):
    plans = {
        _HELD: "SEARCH documents USING INDEX ix_documents_lease_run_id",
        _EVENTS: "SEARCH document_events USING INTEGER PRIMARY KEY",
        _WAITING: "SEARCH l USING COVERING INDEX ix_leads_source_id_due_at",
    }
    with sqlite3.connect(sqlite_template) as connection:
        for sql, expected in plans.items():
            rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")).fetchall()
            steps = [row[3] for row in rows]
            assert any(step.startswith(expected) for step in steps), steps
            assert not [step for step in steps if step.startswith(("SCAN documents", "SCAN document_events", "SCAN l"))]
    connection.close()


@pytest.mark.parametrize("number", [0, 1, 2, 3, 50, 400])
def test_the_first_event_of_a_stretch_is_found_by_halving(sqlite_template, tmp_path, number):
    path = tmp_path / "copy.db"
    path.write_bytes(sqlite_template.read_bytes())
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO document_events (id, document_id, run_id, at, event) VALUES (?, 1, 1, ?, 'stored')",
        [(n * 3 + 1, _text(ago(minutes=number - n))) for n in range(number)],
    )
    connection.commit()
    connection.close()
    with read.connect(f"sqlite:///{path}") as opened:
        for minutes in (0, 1, 7, number, number + 5):
            since = ago(minutes=minutes)
            rows = opened.rows("SELECT count(*) AS n FROM document_events WHERE at >= ?", _text(since))
            first = _first_event(opened, since)
            found = opened.rows("SELECT count(*) AS n FROM document_events WHERE id >= ?", first)
            assert found == rows


def test_nothing_is_wrong_with_what_is_healthy():
    assert attention.judged(healthy()).concerns == ()
