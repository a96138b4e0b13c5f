"""Search texts: what they mean, in both scripts, and that no text breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.search.query import Clause, Phrase, QueryError, matches, parse, places
from ingest.search.terms import LONGEST, terms

_PAYLOADS = ('"', "(", ")", "NEAR(", "title:", "*", "-", "OR", "NOT", "AND", "%", "\0", "'", "&", "|", "!", "<->", ":*")
_HOSTILE = st.lists(st.sampled_from((*_PAYLOADS, "lab", "實驗室", "学", "“", "」", " ", "\\", ";", "^", "{", "}"))).map(
    "".join
)


def _finds(query: str, text: str) -> bool:
    return matches(parse(query), terms(text))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("laboratory joint", "A Joint Laboratory opens"),
        ("laboratory AND joint", "A Joint Laboratory opens"),
        ('"joint laboratory"', "A joint laboratory opens"),
        ("labor*", "A joint laboratory opens"),
        ('"joint lab*"', "A joint laboratory opens"),
        ("clinic OR laboratory", "A joint laboratory opens"),
        ("laboratory -clinic", "A joint laboratory opens"),
        ("laboratory NOT clinic", "A joint laboratory opens"),
        ("state-owned", "a state owned bank"),
        ("實驗室", "两校共建联合实验室。"),
        ("实验", "兩校共建聯合實驗室。"),
        ("室", "兩校共建聯合實驗室。"),
        ("驗", "两校共建联合实验室。"),
        ("「聯合實驗室」", "两校共建联合实验室。"),
        ('"5G 技术"', "推進5G技術研發"),
        ("ＬＡＢ", "the lab"),
    ],
)
def test_a_query_finds(query: str, text: str) -> None:
    assert _finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"laboratory joint"', "A joint laboratory opens"),
        ("labor", "A joint laboratory opens"),
        ("laboratory clinic", "A joint laboratory opens"),
        ("laboratory -joint", "A joint laboratory opens"),
        ("laboratory -(joint)", "A joint laboratory opens"),
        ("验实", "两校共建联合实验室。"),
        ("合实", "联合，实验室"),
        ("实室", "两校共建联合实验室。"),
    ],
)
def test_a_query_does_not_find(query: str, text: str) -> None:
    assert not _finds(query, text)


def test_or_binds_closer_than_the_space() -> None:
    assert parse("a OR b c -d").clauses == (
        Clause((Phrase(("a",)), Phrase(("b",)))),
        Clause((Phrase(("c",)),)),
        Clause((Phrase(("d",)),), is_excluded=True),
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "holds no word"),
        ('"" () * - OR NOT', "holds no word"),
        ("\0", "holds no word"),
        ("-clinic NOT bank", "only says what to leave out"),
        ("lab OR -clinic", "OR cannot stand beside"),
        ("a" * 10_000, "has 10000 characters"),
    ],
)
def test_a_text_that_cannot_be_searched_for_says_why(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as caught:
        parse(query)
    assert caught.value.remedy


def test_places_are_of_the_original_text() -> None:
    text = "兩校共建聯合實驗室，Joint Labs of the university"
    found = [text[start:end] for start, end in places(parse("实验室 室 OR lab* joint -bank"), terms(text))]
    assert found == ["實驗室", "Joint", "Labs"]


@given(st.one_of(st.text(max_size=60), _HOSTILE))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    asked = [term for clause in query.clauses for phrase in clause.phrases for term in phrase.terms]
    assert asked
    assert all(character.isalnum() or ord(character) > 0x7F for term in asked for character in term)


@given(st.text(max_size=80))
def test_terms_lie_in_order_within_the_text_and_are_bounded(text: str) -> None:
    found = terms(text)
    assert [term.start for term in found] == sorted({term.start for term in found})
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    # Casefolding makes three characters of one at most.
    assert all(0 < len(term.text) <= 3 * LONGEST for term in found)


@given(
    st.text(alphabet="学校实验室聯合甲乙", min_size=1, max_size=8),
    st.text(alphabet="学校实验室聯合甲乙，", max_size=12),
)
def test_chinese_is_found_wherever_it_stands_within_a_run(wanted: str, around: str) -> None:
    assert _finds(wanted, around + wanted + around)
