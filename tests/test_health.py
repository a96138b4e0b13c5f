from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.health import Facts, Health, judge

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def facts(**more):
    usual = {
        "state": "active",
        "failures": 0,
        "last_success_at": NOW - HOUR,
        "last_new_at": NOW - HOUR,
        "usual": 6 * HOUR,
        "entries_last": 20,
        "entries_usual": 20.0,
    }
    return Facts(**usual | more)


@pytest.mark.parametrize(
    ("known", "health"),
    [
        (facts(), Health.HEALTHY),
        (facts(state="paused", failures=3), Health.PAUSED),
        (facts(state="removed", failures=3), Health.REMOVED),
        (facts(failures=1), Health.FAILING),
        (facts(last_success_at=None, last_new_at=None), Health.UNTRIED),
        (facts(entries_last=0), Health.EMPTY),
        (facts(entries_last=0, entries_usual=None), Health.HEALTHY),
        (facts(entries_last=5), Health.TRUNCATED),
        (facts(entries_last=7), Health.HEALTHY),
        (facts(entries_last=1, entries_usual=4.0), Health.HEALTHY),
        (facts(last_new_at=NOW - 47 * HOUR), Health.HEALTHY),
        (facts(last_new_at=NOW - 49 * HOUR), Health.QUIET),
        (facts(usual=2 * DAY, last_new_at=NOW - 9 * DAY), Health.HEALTHY),
        (facts(usual=2 * DAY, last_new_at=NOW - 11 * DAY), Health.QUIET),
        (facts(usual=None, last_new_at=NOW - 99 * DAY), Health.HEALTHY),
    ],
)
def test_health_is_judged_against_what_a_source_usually_does(known, health):
    assert judge(known, now=NOW) is health
