"""Dates are read as precisely as they are given, and not at all where they may mean two things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Origin, Precision
from ingest.extract.dates import Clock, find_moment, moment_in_url, read_moment

CLOCK = Clock(now=datetime(2026, 6, 1, 12, tzinfo=UTC))
HONG_KONG = Clock(now=CLOCK.now, time_zone="Asia/Hong_Kong")


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2024-04-14", "2024-04-14"),
        ("2024/4/14", "2024-04-14"),
        ("2024.04.14", "2024-04-14"),
        ("20240414", "2024-04-14"),
        ("Apr 14, 2024 12:10 PM", "2024-04-14"),
        ("Sunday, 14 April 2024", "2024-04-14"),
        ("14th of April 2024", "2024-04-14"),
        ("14-Apr-2024", "2024-04-14"),
        ("2024年4月14日 12:10", "2024-04-14"),
        ("二〇二四年四月十四日", "2024-04-14"),
        ("二零二五年十二月二十六日", "2025-12-26"),
        ("14/04/2024", "2024-04-14"),
        ("04/14/2024", "2024-04-14"),
        ("2024-04-14T12:10:00Z", "2024-04-14T12:10:00+00:00"),
        ("2024-04-14T12:10:00.123+0800", "2024-04-14T12:10:00+08:00"),
        ("Sun, 14 Apr 2024 12:10:05 GMT", "2024-04-14T12:10:05+00:00"),
        ("April 14, 2024 6:10 am HKT", "2024-04-14T06:10:00+08:00"),
        ("April 14, 2024 12:05 a.m. EST", "2024-04-14T00:05:00-05:00"),
        ("2024-04-14 12:10 (北京时间)", "2024-04-14T12:10:00+08:00"),
        ("Sun Apr 14 2024 12:10:05 GMT+0800 (China Standard Time)", "2024-04-14T12:10:05+08:00"),
        ("2024-04-14 12:10 GMT+8", "2024-04-14T12:10:00+08:00"),
        ("2024-04-14 12:10 (UTC -03:30)", "2024-04-14T12:10:00-03:30"),
        ("14 April 2024 12:10 gmt+10", "2024-04-14T12:10:00+10:00"),
        ("14 April 2024 12:10 GMT+99", "2024-04-14"),
        ("14 April 2024 12:10 IST", "2024-04-14"),
        ("2024-04", "2024-04"),
        ("2024", "2024"),
    ],
)
def test_a_date_is_as_precise_as_it_was_given(given, iso):
    moment = read_moment(given, CLOCK, Origin.META)
    assert moment is not None
    assert moment.iso == iso


@pytest.mark.parametrize(
    "given",
    [
        "June 29th",
        "6月29日",
        "03/04/2024",
        "2024-13-01",
        "2024-02-30",
        "2026-06-03",
        "2027",
        "2026-07",
        "yesterday",
        "",
        "1.2.3",
        "version 12.2024.1.2.3",
    ],
)
def test_what_has_no_year_is_ambiguous_impossible_or_in_the_future_is_no_date(given):
    assert read_moment(given, CLOCK, Origin.META) is None


def test_a_time_without_zone_counts_only_where_the_source_has_one():
    assert read_moment("2024-04-14 12:10", CLOCK, Origin.META).precision is Precision.DAY
    moment = read_moment("2024-04-14 12:10", HONG_KONG, Origin.META)
    assert (moment.iso, moment.precision) == ("2024-04-14T12:10:00+08:00", Precision.MINUTE)


def test_a_zone_that_does_not_exist_is_no_zone():
    clock = Clock(now=CLOCK.now, time_zone="Atlantis/Capital")
    assert read_moment("2024-04-14 12:10", clock, Origin.META).iso == "2024-04-14"


def test_tomorrow_is_believed_since_clocks_and_zones_differ():
    assert read_moment("2026-06-02", CLOCK, Origin.META).iso == "2026-06-02"


def test_the_first_believable_date_of_a_text_counts():
    assert find_moment("Vol. 03/04/2024, printed 5 March 2024", CLOCK).iso == "2024-03-05"


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://example.com/2024/04/14/harbour", "2024-04-14"),
        ("https://example.com/news/20240414/harbour.html", "2024-04-14"),
        ("https://example.com/news/20240414-harbour.html", "2024-04-14"),
        ("https://example.com/a/202404/14/W1.html", "2024-04-14"),
        ("https://example.com/item/2024041", None),
        ("https://example.com/item/20249914", None),
        ("https://example.com/2099/01/01/x", None),
        (None, None),
    ],
)
def test_a_url_may_carry_the_day(url, iso):
    moment = moment_in_url(url, CLOCK)
    assert (moment.iso if moment else None) == iso


@given(st.text(max_size=200) | st.from_regex(r"[0-9]{1,4}[-/. 年]{1,2}[0-9]{1,2}[-/. 月]{1,2}[0-9]{1,4}.{0,20}"))
def test_any_text_gives_a_valid_moment_or_none(text):
    moment = find_moment(text, HONG_KONG)
    assert moment is None or moment.earliest.year >= 1899
