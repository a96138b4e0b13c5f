import pytest

from ingest.agreements.terms import fields_of, value_of


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("They agreed on cooperation in robotics, green energy and law.", ("robotics", "green energy", "law")),
        ("They will collaborate in the fields of optics and soil science at Leeds.", ("optics", "soil science")),
        ("They signed an agreement on fish farming with Peru.", ("fish farming",)),
        ("They signed an agreement on Thursday.", ()),
        ("They signed an agreement.", ()),
    ],
)
def test_fields_are_those_that_the_sentence_lists(sentence, fields):
    assert fields_of(sentence) == fields


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("The deal is worth US$3.5 million over five years.", "US$3.5 million"),
        ("They agreed to spend RMB 20 billion.", "RMB 20 billion"),
        ("It costs 40 million yuan a year.", "40 million yuan"),
        ("They meet on 12 May in room 5.", None),
    ],
)
def test_the_value_is_the_sum_as_written(sentence, value):
    assert value_of(sentence) == value
