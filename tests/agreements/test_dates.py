import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.agreements.dates import event_year, find_dates
from ingest.documents import Moment, Precision

PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)  # a Thursday


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("signed on 30 October", "2023-10-30"),
        ("signed on March 5, 2024", "2024-03-05"),
        ("signed on the 2nd of January 2022", "2022-01-02"),
        ("signed in June 2021", "2021-06"),
        ("signed in January", "2024-01"),
        ("signed in December", "2023-12"),
        ("signed in March this year", "2024-03"),
        ("signed in May last year", "2023-05"),
        ("signed in 2019", "2019"),
        ("signed late 2019", "2019"),
        ("signed yesterday", "2024-03-13"),
        ("signed today", "2024-03-14"),
        ("signed on Tuesday", "2024-03-12"),
        ("signed on Thursday", "2024-03-14"),
        ("signed last month", "2024-02"),
        ("signed this week", "2024-03"),
        ("signed last year", "2023"),
    ],
)
def test_dates_are_resolved_against_the_published_date(words, expected):
    (found,) = find_dates(f"The two universities {words} in Leeds.", PUBLISHED)
    assert found.moment
    assert found.moment.iso == expected


@pytest.mark.parametrize("words", ["on Thursday", "yesterday", "last month", "on 30 October"])
def test_relative_words_date_nothing_without_a_published_date(words):
    assert [found.moment for found in find_dates(f"They signed it {words}.", None)] == [None]


@pytest.mark.parametrize("words", ["for HK$2024 in cash", "some 2,021 jobs", "on 31 February 2024", "model X-2020"])
def test_numbers_that_only_look_like_dates_date_nothing(words):
    assert not [found for found in find_dates(f"They signed it {words}.", PUBLISHED) if found.moment]


def test_the_year_of_an_event_is_told_by_its_name():
    assert event_year("It was signed at the 2023 Lakeside Research Forum.") == Moment(
        iso="2023", precision=Precision.YEAR
    )
    assert event_year("After the 2022 Lakeside Forum came the 2023 Lakeside Forum.") is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_error_and_offsets_are_inside(text):
    for found in find_dates(text, PUBLISHED):
        assert 0 <= found.start < found.end <= len(text)
