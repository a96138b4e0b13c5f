"""Dates as feeds and sitemaps write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.listed_dates import Unread, read_date

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_", "iso"),
    [
        ("2024-05-14T09:30:05Z", "2024-05-14T09:30:05+00:00"),
        ("2024-05-14T09:30:05.123+08:00", "2024-05-14T09:30:05+08:00"),
        ("2024-05-14T09:30+0800", "2024-05-14T09:30+08:00"),
        ("2024-05-14T09:30:05", "2024-05-14T09:30:05"),
        ("2024-05-14 09:30", "2024-05-14T09:30"),
        ("2024-05-14 09:30:05 HKT", "2024-05-14T09:30:05+08:00"),
        ("2024-05-14", "2024-05-14"),
        ("20240514", "2024-05-14"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("2024-05-14T24:00:00Z", "2024-05-15T00:00:00+00:00"),
        ("Tue, 14 May 2024 09:30:05 GMT", "2024-05-14T09:30:05+00:00"),
        ("Tue, 14 May 2024 09:30 +0800", "2024-05-14T09:30+08:00"),
        ("14 May 24 09:30:05 EST", "2024-05-14T09:30:05-05:00"),
        ("Tue, 14 May 2024 09:30:05", "2024-05-14T09:30:05"),
        ("Tue, 14 May 2024", "2024-05-14"),
        ("Tue May 14 2024 09:30:05 GMT+0800 (CST)", "2024-05-14T09:30:05+08:00"),
        ("Tue May 14 09:30:05 2024", "2024-05-14T09:30:05"),
        ("Tue, 14 May 2024 09:30:05 CST", "2024-05-14T09:30:05"),  # Chicago's or China's
        ("May 14, 2024 9:30 pm", "2024-05-14T21:30"),
        ("2024年5月14日 09:30", "2024-05-14T09:30"),
        ("2024年5月14日", "2024-05-14"),
        ("2024/5/14 9:30:05", "2024-05-14T09:30:05"),
        ("1715679005", "2024-05-14T09:30:05+00:00"),
        ("1715679005000", "2024-05-14T09:30:05+00:00"),
        (" \n2024-05-14\t", "2024-05-14"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_given(given_: str, iso: str) -> None:
    assert read_date(given_, NOW) == iso


@pytest.mark.parametrize(
    "given_",
    [
        "",
        "soon",
        "2024-02-30",
        "2024-13-01",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "00:00:00",
        "9" * 50,
        "9999-12-31T23:59:59-12:00",
        "03/04/2024",
    ],
)
def test_what_is_no_date_is_none(given_: str) -> None:
    assert read_date(given_, NOW) in {Unread.BAD, Unread.FUTURE}


def test_a_day_ahead_is_a_time_zone_and_more_is_the_future() -> None:
    assert read_date("2024-06-01T23:00:00Z", NOW) == "2024-06-01T23:00:00+00:00"
    assert read_date("2024-06-02T00:00:01Z", NOW) is Unread.FUTURE
    assert read_date("2025", NOW) is Unread.FUTURE


@given(
    st.text(alphabet=st.one_of(st.sampled_from("0123456789-:+TZ ,./GMTadyuJnpm年月日"), st.characters()), max_size=60)
)
def test_no_text_makes_it_raise_and_what_it_gives_is_iso(text: str) -> None:
    read = read_date(text, NOW)
    if isinstance(read, str):
        datetime.fromisoformat(read + "-01-01"[len(read) - 4 :] if len(read) < 10 else read)


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2024, 5, 1), timezones=st.timezones()))  # noqa: DTZ001 - bounds of Hypothesis are naive
def test_what_is_written_as_iso_comes_back(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is not None and offset.total_seconds() % 60 == 0:
        assert read_date(moment.isoformat(timespec="seconds"), NOW) == moment.isoformat(timespec="seconds")
