"""Where a text holds what was asked for, and its best passage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.search.passages import best_passage, highlights
from ingest.search.query import QueryError, parse

FILLER = "Nothing of note was said about it that day in the city. "


def found(query, text):
    passage = best_passage(parse(query), text)
    return [text[start:end] for start, end in passage.spans]


@pytest.mark.parametrize(
    ("query", "text", "spans"),
    [
        ("joint lab*", "A joint LABORATORY, and labs", ["joint", "LABORATORY", "labs"]),
        ("signing", "They signed; signs; a signature", ["signed", "signs"]),
        ('"joint laboratory"', "joint, a joint laboratory", ["joint laboratory"]),
        ('"joint laborat*"', "the joint laboratories", ["joint laboratories"]),
        ("实验室", "兩校共建聯合實驗室。", ["實驗室"]),
        ("室", "兩校共建聯合實驗室。", ["室"]),
        ("联合 实验", "聯合實驗室", ["聯合實驗"]),
        ("lab -joint", "a joint lab", ["lab"]),
        ("lab OR clinic", "a clinic, a lab", ["clinic", "lab"]),
        ("company", "The company's firm", ["company's"]),
    ],
)
def test_what_was_asked_for_is_picked_out_of_the_original_text(query, text, spans):
    assert found(query, text) == spans


def test_the_passage_with_most_of_the_words_is_chosen_and_begins_with_its_sentence():
    text = f"A laboratory. {FILLER * 9}A joint laboratory opened in the north. {FILLER * 9}joint"
    passage = best_passage(parse("laboratory joint"), text)
    assert text[passage.start : passage.end].startswith("A joint laboratory opened")
    assert passage.end - passage.start <= 240


def test_a_chinese_passage_is_half_as_long_and_begins_with_its_sentence():
    text = "今天全城大雨。" * 40 + "两校共建联合实验室。" + "今天全城大雨。" * 40
    passage = best_passage(parse("實驗室"), text)
    assert passage.end - passage.start <= 120
    assert "两校共建联合实验室。" in text[passage.start : passage.end]
    assert text[passage.start - 1] == "。"


def test_a_text_that_holds_none_of_it_is_shown_from_its_beginning():
    text = FILLER * 20
    passage = best_passage(parse("laboratory"), text)
    assert (passage.start, passage.spans) == (0, ())
    assert text.startswith("Nothing of note")


def test_a_passage_is_never_longer_than_what_must_stand_in_it():
    text = "x" * 500 + " " + "longword" * 50
    passage = best_passage(parse("longword" * 50), text)
    assert text[passage.start : passage.end] == "longword" * 50


@given(
    st.sampled_from(["lab", "lab*", '"joint lab"', "实验", "室", "joint OR 实验室 lab"]),
    st.lists(
        st.sampled_from(["lab", "joint", " ", ". ", "實驗室", "。", "\n", "filler words", "的"]), max_size=120
    ).map("".join),
)
def test_spans_lie_in_order_within_the_passage_and_that_within_the_text(query, text):
    passage = best_passage(parse(query), text)
    assert 0 <= passage.start <= passage.end <= len(text)
    edges = [edge for span in passage.spans for edge in span]
    assert edges == sorted(edges)
    assert all(passage.start <= start < end <= passage.end for start, end in passage.spans)
    if highlights(parse(query), text):
        assert passage.spans


@given(st.text(max_size=40), st.text(max_size=200))
def test_no_text_breaks_highlighting(query, text):
    try:
        asked = parse(query)
    except QueryError:
        return
    for start, end in highlights(asked, text):
        assert 0 <= start < end <= len(text)


def test_many_occurrences_are_looked_through_in_linear_time():
    import time

    text = "lab joint " * 20_000
    begun = time.process_time()
    best_passage(parse("lab joint"), text)
    assert time.process_time() - begun < 5
