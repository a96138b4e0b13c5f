"""Dates in Chinese text, read on Thursday 14 March 2024."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.agreements.chinese.dates import DATE, DATE_STARTS, read

ANCHOR = date(2024, 3, 14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年", "2021"),
        ("2021年10月", "2021-10"),
        ("2021年10月5日", "2021-10-05"),
        ("二零二三年十二月六日", "2023-12-06"),
        ("二〇二二年三月", "2022-03"),
        ("2023-11-02", "2023-11-02"),
        ("今年1月", "2024-01"),
        ("今年二月三日", "2024-02-03"),
        ("去年", "2023"),
        ("去年12月", "2023-12"),
        ("前年", "2022"),
        ("本月", "2024-03"),
        ("上月", "2024-02"),
        ("上個月底".replace("個", "个"), "2024-02"),
        ("本月8日", "2024-03-08"),
        ("上月28日", "2024-02-28"),
        ("11月18日", "2023-11-18"),
        ("3月14日", "2024-03-14"),
        ("二月", "2024-02"),
        ("8日", "2024-03-08"),
        ("21日", "2024-02-21"),
        ("昨日", "2024-03-13"),
        ("昨天下午", "2024-03-13"),
        ("今早", "2024-03-14"),
        ("前天", "2024-03-12"),
        ("周一", "2024-03-11"),
        ("周五", "2024-03-08"),
        ("上周五", "2024-03-08"),
        ("本周二", "2024-03-12"),
        ("星期日", "2024-03-10"),
        ("近日", None),
        ("日前", None),
        ("今年", None),
        ("下月", None),
        ("明年", None),
        ("2月30日", None),
    ],
)
def test_a_date_is_as_precise_as_its_words(text: str, expected: str | None) -> None:
    match = DATE.match(text)
    assert match is not None
    assert text[0] in DATE_STARTS
    moment = read(match, ANCHOR)
    assert (moment.iso if moment else None) == expected


@pytest.mark.parametrize("text", ["昨日", "11月18日", "周一", "去年"])
def test_a_relative_date_needs_a_day_to_count_from(text: str) -> None:
    match = DATE.match(text)
    assert match is not None
    assert read(match, None) is None
