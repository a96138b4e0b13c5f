"""What needs a person's eye."""

from __future__ import annotations

from dataclasses import replace

import pytest
from status_samples import healthy, run_status, troubled

from ingest import wire
from ingest.attention import is_troubled, judged
from ingest.health import Health

SOURCES = healthy().sources
QUEUE = healthy().queue
DELIVERIES = healthy().deliveries
MANY = tuple(troubled(f"s{number}", Health.QUIET) for number in range(5))


@pytest.mark.parametrize(
    ("changed", "kind", "said", "command"),
    [
        (
            {"failed": (run_status(),)},
            "run_failed",
            "1 run failed, the last (ingest 7): StoreError: the disk is full",
            "ingest status --json",
        ),
        (
            {"failed": (run_status("died", failure=None),)},
            "run_died",
            "1 run died without a word, the last: ingest 7, which began at 2026-03-10T11:00:00Z",
            "ingest status --json",
        ),
        (
            {"running": (run_status("running", is_gone=True),)},
            "run_died",
            "1 run died without a word, the last: ingest 7, which began at 2026-03-10T11:00:00Z",
            "ingest status --json",
        ),
        (
            {"deliveries": replace(DELIVERIES, parked=2)},
            "alerts_parked",
            "2 alerts could not be delivered and wait for you",
            "ingest alerts log --state parked",
        ),
        (
            {"deliveries": replace(DELIVERIES, overdue_seconds=1800.0)},
            "alerts_overdue",
            "an alert has been due for 30 minutes, and nobody sends it",
            "ingest alerts log --state pending",
        ),
        (
            {"flows": (wire.Flow(seconds=86_400, stored=3, duplicates=1, revised=0, dropped=30, set_aside=900),)},
            "many_drops",
            "30 of 34 documents of the last day were dropped",
            "ingest drops --since 1d --count",
        ),
        (
            {"queue": replace(QUEUE, lapsed=3, oldest_lapsed_seconds=4000.0)},
            "claims_lapsed",
            "3 documents in hand of a worker that went silent, and nobody took up",
            "ingest run",
        ),
        (
            {"sources": replace(SOURCES, concerns=MANY)},
            "source_unhealthy",
            "5 sources quiet: s0, s1, s2 and 2 more",
            "ingest sources",
        ),
        (
            {"sources": replace(SOURCES, overdue=1)},
            "sources_overdue",
            "1 source should have been visited more than an hour ago",
            "ingest run",
        ),
        (
            {"last_article_seconds": 3 * 86_400.0},
            "no_new_article",
            "no new article for 3 days, the last at 2026-03-10T11:59:00Z",
            "ingest sources",
        ),
    ],
)
def test_each_concern_says_what_is_wrong_and_which_command_shows_more(changed, kind, said, command):
    (concern,) = judged(healthy(**changed)).concerns
    assert (concern.kind, concern.said, concern.command) == (kind, said, command)


@pytest.mark.parametrize(
    "changed",
    [
        {"failed": (run_status(has_recovered=True),)},
        {"failed": (run_status(failure="interrupted"),)},
        {"failed": (run_status("died", has_recovered=True),)},
        {"running": (run_status("running"),)},
        {"deliveries": replace(DELIVERIES, retrying=3, overdue_seconds=600.0)},
        {"flows": (wire.Flow(seconds=86_400, stored=0, duplicates=0, revised=0, dropped=19, set_aside=0),)},
        {"flows": (wire.Flow(seconds=86_400, stored=50, duplicates=0, revised=0, dropped=40, set_aside=900),)},
        {"queue": replace(QUEUE, lapsed=3, oldest_lapsed_seconds=100.0)},
        {"last_article_seconds": 86_400.0},
        {
            "last_article_seconds": 9e9,
            "sources": replace(SOURCES, health=(wire.Counted(name="untried", count=1),)),
        },
    ],
)
def test_what_mends_itself_or_is_meant_is_no_concern(changed):
    assert judged(healthy(**changed)).concerns == ()


def test_failures_come_before_what_went_quiet():
    status = healthy(
        failed=(run_status(),),
        deliveries=replace(DELIVERIES, parked=1),
        sources=replace(SOURCES, concerns=(troubled("a", Health.FAILING, 5), troubled("b", Health.QUIET)), overdue=2),
        last_article_seconds=1e6,
    )
    assert [each.kind for each in judged(status).concerns] == [
        "run_failed", "alerts_parked", "source_unhealthy", "source_unhealthy", "sources_overdue", "no_new_article",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("health", "failures", "expected"),
    [
        (Health.FAILING, 2, False),
        (Health.FAILING, 3, True),
        (Health.EMPTY, 0, True),
        (Health.TRUNCATED, 0, True),
        (Health.QUIET, 0, True),
        (Health.PAUSED, 9, False),
        (Health.UNTRIED, 0, False),
        (Health.HEALTHY, 0, False),
    ],
)
def test_a_source_that_failed_once_or_twice_is_left_alone(health, failures, expected):
    assert is_troubled(health, failures) is expected
