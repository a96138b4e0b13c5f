from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Boilerplate, CutReason
from ingest.sentences import split


def told(text, skip=()):
    return [text[sentence.start : sentence.end] for sentence in split(text, skip)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n\t ", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Mr. Chan met Dr. Wu at 5 p.m. in St. John's.", ["Mr. Chan met Dr. Wu at 5 p.m. in St. John's."]),
        ("It cost $3.5 million. Visit example.com today.", ["It cost $3.5 million.", "Visit example.com today."]),
        (
            "Acme Inc. signed with Beta Co. Ltd. The term is one year.",
            ["Acme Inc. signed with Beta Co. Ltd.", "The term is one year."],
        ),
        ("The U.S. Treasury agreed. J. K. Lee left.", ["The U.S. Treasury agreed.", "J. K. Lee left."]),
        ("“We agreed.” He left.", ["“We agreed.”", "He left."]),
        ("A and B signed; C and D did not.", ["A and B signed; C and D did not."]),
        ("甲校与乙校签约。双方表示：“很高兴。”会后参观。", ["甲校与乙校签约。", "双方表示：“很高兴。”", "会后参观。"]),
        ("甲公司和 Beta Ltd. 签约！乙公司呢？", ["甲公司和 Beta Ltd. 签约！", "乙公司呢？"]),
        ("A headline\nThe first line of prose.", ["A headline", "The first line of prose."]),
        ("a line that\ngoes on in lower case.", ["a line that\ngoes on in lower case."]),
        ("- first point\n- second point\n1. third point", ["first point", "second point", "third point"]),
    ],
)
def test_text_is_split_where_a_reader_would_split_it(text, expected):
    assert told(text) == expected


def test_lines_that_a_wire_broke_at_a_column_are_one_sentence():
    text = (
        "The Ministry of Industry said on Monday that it had signed\n"
        "Memorandum No. 4 with the port authority of the island and\n"
        "Trade officials will meet again before the year is over to\n"
        "settle the rest."
    )
    assert told(text) == [text]


def test_a_stretch_to_be_skipped_is_no_part_of_a_sentence():
    text = "PORT TOWN, May 3 (Wire) -- Acme signed. About Acme it is old. The end."
    skip = (
        Boilerplate(start=0, end=27, reason=CutReason.DATELINE),
        Boilerplate(start=40, end=61, reason=CutReason.ABOUT),
    )
    assert told(text, skip) == ["Acme signed.", "The end."]


@given(st.text(alphabet=st.sampled_from("aB .!?。！\n\t”1-·中"), max_size=200))
def test_sentences_are_ordered_disjoint_trimmed_and_lose_nothing_but_space_and_list_markers(text):
    sentences = split(text)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in sentences)
    kept = "".join(text[s.start : s.end] for s in sentences)
    assert all(kept.count(letter) == text.count(letter) for letter in "aB中")
