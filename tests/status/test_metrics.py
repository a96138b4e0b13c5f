"""What Prometheus is told."""

from __future__ import annotations

import re
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import start_http_server
from prometheus_client.parser import text_string_to_metric_families
from status_samples import HOSTILE, healthy, run_status, troubled

from ingest import log, wire
from ingest.documents import Reason
from ingest.errors import StoreUnavailableError
from ingest.health import Health
from ingest.metrics import METRICS, StatusCollector, registry, table, text
from ingest.report import views

OPERATORS = Path(__file__).parents[2] / "docs" / "operators.md"
ANALYSTS = Path(__file__).parents[2] / "docs" / "analysts.md"


def samples(status):
    """Samples of a status, as a scraper reads them: name and labels → figure."""
    exposed = text(StatusCollector(lambda: status))
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exposed)
        for sample in family.samples
    }


def broken():
    raise StoreUnavailableError("postgresql://me:hunter2@host/news does not answer")


def one_after_the_other(*readers):
    """Answers each look with the next of these."""
    waiting = list(readers)

    def look():
        return waiting.pop(0)()

    return look


def defective():
    raise ZeroDivisionError("postgresql://me:hunter2@host/news")


def test_a_status_is_told_as_gauges():
    found = samples(
        healthy(
            failed=(run_status(), run_status("died")),
            running=(run_status("running"), run_status("running", is_gone=True)),
            drops=(wire.DropRate(reason=Reason.NO_ARTICLE, count=4, is_set_aside=False),),
            concerns=(wire.Concern(kind="run_failed", said="…", command="ingest status"),) * 2,
        )
    )
    expected = {
        ("ingest_up", ()): 1,
        ("ingest_info", (("revision", "0008"), ("version", "1.2.3"))): 1,
        ("ingest_concerns", (("kind", "run_failed"),)): 2,
        ("ingest_documents", (("state", "stored"),)): 90,
        ("ingest_pages_waiting", ()): 7,
        ("ingest_pages_due_oldest_seconds", ()): 30,
        ("ingest_recent_documents", (("outcome", "duplicate"), ("window", "1h"))): 1,
        ("ingest_recent_documents", (("outcome", "set_aside"), ("window", "1d"))): 3,
        ("ingest_dropped_documents", (("reason", "no_article"),)): 4,
        ("ingest_runs", (("state", "running"),)): 1,
        ("ingest_runs", (("state", "gone"),)): 1,
        ("ingest_runs", (("state", "died"),)): 1,
        ("ingest_sources", (("health", "healthy"),)): 3,
        ("ingest_sources", (("health", "failing"),)): 0,
        ("ingest_alert_overdue_seconds", ()): 0,
        ("ingest_database_bytes", ()): 1_000_000,
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize("read", [broken, defective])
def test_a_store_that_cannot_be_read_is_told_as_down_and_by_nothing_else(read):
    assert text(StatusCollector(read)).splitlines()[2:] == ["ingest_up 0.0"]


@pytest.mark.parametrize("read", [broken, defective])
def test_why_it_is_down_is_said_once_until_it_is_up_again_without_the_password(read):
    said, clock = [], iter(range(0, 1000, 10))
    collector = StatusCollector(
        one_after_the_other(read, read, healthy, read), complain=said.append, clock=lambda: next(clock)
    )
    assert [collector.status() is not None for _ in range(4)] == [False, False, True, False]
    assert len(said) == 2
    assert "hunter2" not in "".join(said)


def test_one_look_at_the_store_serves_all_scrapes_of_a_few_seconds():
    looks, moments = [], iter([0.0, 4.9, 5.0, 9.0])

    def look():
        looks.append(1)
        return healthy()

    collector = StatusCollector(look, clock=lambda: next(moments))
    for expected in (1, 1, 2, 2):
        collector.status()
        assert len(looks) == expected


def test_names_of_sources_cannot_pass_for_samples_and_are_bounded_in_length_and_number():
    many = tuple(troubled(f"{HOSTILE}{number}", Health.FAILING, 9) for number in range(3))
    more = tuple(troubled(f"source {number}", Health.QUIET) for number in range(500))
    status = healthy()
    found = samples(replace(status, sources=replace(status.sources, concerns=many + more)))
    named = [dict(labels) for name, labels in found if name == "ingest_source_troubled"]
    assert found["ingest_up", ()] == 1
    assert len(named) == 48  # three that are one when cut, and 47 more
    assert max(len(each["source"]) for each in named) == 100
    assert not re.search("[\x00-\x1f\u202e]", "".join(each["source"] for each in named))


@given(st.text())
def test_any_name_of_a_source_gives_text_that_can_be_read_back(name):
    status = healthy()
    found = samples(replace(status, sources=replace(status.sources, concerns=(troubled(name, Health.QUIET),))))
    assert sum(key[0] == "ingest_source_troubled" for key in found) == 1


def test_a_scrape_over_http_reads_the_status_and_survives_a_store_that_is_away():
    clock = iter(range(0, 1000, 10))
    collector = StatusCollector(one_after_the_other(healthy, broken), clock=lambda: next(clock))
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry(collector))
    try:
        bodies = []
        for _ in range(2):
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
                bodies.append((answer.status, answer.read().decode()))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert [status for status, _ in bodies] == [200, 200]
    assert "ingest_up 1.0" in bodies[0][1]
    assert "ingest_up 0.0" in bodies[1][1]


def test_metrics_have_names_of_their_own_that_prometheus_takes():
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"ingest_[a-z_]+", name)] == []


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_each_alarm_asks_for_a_metric_that_there_is(metric):
    names = {each.name for each in METRICS}
    assert set(re.findall(r"ingest_[a-z_]+", metric.alarm)) <= names


@pytest.mark.parametrize(
    ("made", "name", "manual"),
    [(table, "metrics", OPERATORS), (log.table, "events", OPERATORS), (views.markdown, "views", ANALYSTS)],
)
def test_the_manuals_have_the_tables_that_are_made_from_the_code(made, name, manual):
    begin, end = f"<!-- {name}: made by `make tables` -->\n", f"<!-- end of {name} -->"
    manual = manual.read_text(encoding="utf-8")
    assert manual.partition(begin)[2].partition(end)[0] == made(), "run: make tables"
