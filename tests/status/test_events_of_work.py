"""Which events the work itself logs, on SQLite and PostgreSQL."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from alert_samples import FakeChannel, only_rule, send, story
from store_samples import RULES
from web_server import Reply, serve

from ingest import log
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.rules import Rule
from ingest.collect import collect
from ingest.documents import SourceKind, Tally
from ingest.errors import StoreUnavailableError
from ingest.settings import Settings
from ingest.store import open_store
from ingest.store.subscriptions import NewSource, add_source
from ingest.visit import standard_readers


@pytest.fixture
def store(store_url):
    with open_store(store_url, rules=RULES) as opened:
        yield opened


@pytest.fixture
def events():
    """What was logged since, but for its time."""
    stream = io.StringIO()
    log.start(level="info", form="json", stream=stream)

    def so_far():
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [{name: value for name, value in line.items() if name != "at"} for line in lines]

    return so_far


def test_a_run_is_logged_from_its_start_to_its_end(store, events):
    began = store.start_run("ingest", subject="desk")
    store.finish_run(began, Tally(fates=(), new_agreements=0, elapsed=timedelta(seconds=1.5)))
    assert events() == [
        {"level": "info", "event": "run.started", "run": began.id, "kind": "ingest", "subject": "desk"},
        {
            "level": "info", "event": "run.finished", "run": began.id, "kind": "ingest", "seconds": 1.5,
            "documents": 0, "dropped": 0, "agreements": 0,
        },
    ]  # fmt: skip


def test_a_run_that_failed_is_logged_with_its_reason_and_without_the_password(store, events):
    began = store.start_run("ingest")
    store.finish_run(began, StoreUnavailableError("postgresql://me:hunter2@host/news is away"))
    assert events()[-1] == {
        "level": "error", "event": "run.failed", "run": began.id, "kind": "ingest",
        "failure": "StoreUnavailableError: postgresql://me:***@host/news is away",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Delivered(detail="thanks"), {"level": "info", "event": "delivery.sent", "detail": "thanks"}),
        (
            Undelivered(detail="https://a.example/?token=hunter2 said 500"),
            {"level": "warning", "event": "delivery.failed", "detail": "https://a.example/?token=*** said 500"},
        ),
        (
            Undelivered(detail="gone", permanent=True),
            {"level": "error", "event": "delivery.parked", "detail": "gone"},
        ),
    ],
)
def test_each_attempt_to_deliver_an_alert_is_logged(store, store_url, events, answer, expected):
    only_rule(store, Rule(name="desk", channels=("hook",), first_contact=True))
    story(store, store.start_run("ingest"), "Northbank", "Acme", words=" on Monday")
    (settled,) = send(store, Settings(database_url=store_url), FakeChannel("hook", answers=[answer]))
    (told,) = [each for each in events() if each["event"].startswith("delivery.")]
    wait = told.pop("wait_seconds", 0)
    assert (wait > 0) is (settled.state == "pending")
    assert told == expected | {"delivery": settled.delivery, "rule": "desk", "channel": "hook"}


def test_a_visit_is_logged_and_a_listing_that_was_not_had_as_a_warning(store, store_url, events, tmp_path):
    settings = Settings(
        database_url=store_url, archive_url=str(tmp_path / "archive"), allowed_networks="127.0.0.1",
        host_gap_seconds=0.0, visitors=1,
    )  # fmt: skip
    began = store.start_run("sources")
    with serve() as site:
        site.routes |= {
            "/empty": Reply(b"<rss version='2.0'><channel><title>News</title></channel></rss>"),
        }
        for name in ("empty", "missing"):
            add_source(store.database, began, NewSource(name=name, kind=SourceKind.FEED, address=site.url(f"/{name}")))
        collect(settings, standard_readers(), only=["empty", "missing"])
    told = [each for each in events() if each["event"].startswith("source.")]
    assert [(each["event"], each["source"]) for each in told] == [
        ("source.visited", "empty"), ("source.visited", "missing"), ("source.failed", "missing"),
    ]  # fmt: skip
    assert (told[-1]["level"], told[-1]["kind"], told[-1]["reason"]) == ("warning", "http", "not_found")
