"""Text → terms → what an index holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.search.terms import LONGEST, Term, folded, is_han, stem, terms, words
from ingest.search.tokens import Entry, entry, language_marks, mark
from ingest.search.vectors import Limits, Vector, vector


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The state-owned firm's R&D", ["the", "state", "owned", "firm", "r", "d"]),
        ("don't O’Brien 'quoted'", ["dont", "obrien", "quoted"]),
        ("Café résumé re\u0301sume\u0301 Ångström", ["cafe", "resume", "resume", "angstrom"]),
        ("聯合實驗室", ["联合", "合实", "实验", "验室", "室"]),
        ("推進5G技術", ["推进", "进", "5g", "技术", "术"]),
        ("１２ ｋｍ, 3.5", ["12", "km", "3", "5"]),
        ("x_y", ["x", "y"]),
        ("Москва 서울", ["москва", "서울"]),
        ("", []),
        ("，。「」'’\u0301", []),
    ],
)
def test_a_text_is_cut_into_words_and_pairs_of_characters(text, cut):
    assert words(text) == cut


def test_ascii_is_cut_as_other_text_is():
    text = "The firm's R&D, o'brien 'x' 12.5 don't_do''that"
    assert words(text) == words(text + " é")[:-1]


@given(st.text(st.sampled_from("aB5 é_-'’“中國，ſßΣＫ²\u0301\0\ud800") | st.characters(), max_size=12))
def test_an_index_holds_the_terms_whose_places_are_shown(text):
    assert words(text) == [term.text for term in terms(text)]
    assert [is_han(term.text) for term in terms(text)] == [term.is_han for term in terms(text)]


def test_a_text_with_many_characters_of_another_script_is_cut_like_any():
    text = "".join(chr(point) for point in range(0x400, 0x460)) + " Ivan's пять"
    assert words(text)[-2:] == ["ivan", "пять"]


@pytest.mark.parametrize(
    ("group", "stemmed"),
    [
        (("laboratory", "laboratories"), "laboratori"),
        (("sign", "signs", "signed", "signing"), "sign"),
        (("cooperation", "cooperative", "cooperating"), "cooper"),
        (("agreement", "agreements"), "agreement"),
        (("universities", "university"), "universiti"),
        (("company", "companies"), "compani"),
        (("研发",), "研发"),
        (("5g",), "5g"),
    ],
)
def test_stems_are_those_that_stores_hold(group, stemmed):
    """A release of the stemmer that changes them needs another `SCHEME`."""
    assert {stem(word) for word in group} == {stemmed}


@given(st.text(max_size=80))
def test_terms_lie_in_order_within_the_text_and_are_bounded(text):
    found = terms(text)
    assert [term.start for term in found] == sorted({term.start for term in found})
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    # Casefolding makes three characters of one at most.
    assert all(0 < len(term.text) <= 3 * LONGEST for term in found)
    assert not any(re.search(r"[\s'\"\\\0]", term.text) for term in found)
    assert len(folded(text)) == len(text)


def test_an_entry_tells_zones_stems_and_words_apart():
    made = entry(title="Labs", text="Signed here", parties=["Harbour"], evidence=["Here"], marks=[mark("s", 7)])
    assert made == Entry(
        sequences=(
            ("aslab", None, "assign", "ashere", None, "asharbour"),
            ("oslab", None, "ossign", "oshere", None, "osharbour", None, "oshere"),
            ("tslab",),
        ),
        others=("awlabs", "awsigned", "owlabs", "owsigned", "twlabs", "fs37"),
    )
    assert made.text.startswith("aslab x assign ashere x asharbour x oslab")


def test_the_opening_ends_after_sixty_words_or_twice_as_many_characters():
    english, chinese = entry(title="", text="word " * 500), entry(title="", text="字" * 500)
    assert [len(sequence) for sequence in english.sequences] == [500, 60]
    assert [len(sequence) for sequence in chinese.sequences] == [500, 120]


def test_a_language_is_found_by_what_it_is_a_kind_of():
    assert language_marks("zh-Hant") == (mark("l", "zh"), mark("l", "zh-hant"))


@given(st.text(max_size=20), st.text(max_size=20))
def test_marks_of_different_values_differ_and_are_one_token(one, other):
    assert (mark("t", one) == mark("t", other)) == (one == other)
    assert re.fullmatch("[a-z0-9]+", mark("t", one))


def test_a_short_article_is_one_vector_with_positions():
    made = entry(title="", text="to be or to", marks=["fl7a"])
    assert vector(made).whole == "'asto':1,4 'asbe':2 'asor':3 'osto':1,4 'osbe':2 'osor':3 'fl7a'"
    assert vector(made).parts == ()


def test_a_long_article_has_its_positions_in_parts_that_overlap():
    made = Entry(sequences=(tuple(f"as{number}" for number in range(10)),), others=("fl7a",))
    cut = vector(made, Limits(positions=6, occurrences=5, overlap=2))
    assert cut == Vector(
        whole=" ".join([*(f"'as{number}'" for number in range(10)), "'fl7a'"]),
        parts=(
            "'as0':1 'as1':2 'as2':3 'as3':4 'as4':5 'as5':6",
            "'as4':1 'as5':2 'as6':3 'as7':4 'as8':5 'as9':6",
        ),
    )


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=60).map(tuple))
def test_no_part_holds_more_than_a_vector_keeps_and_every_short_phrase_stands_in_one(sequence):
    limits = Limits(positions=9, occurrences=4, overlap=2)
    cut = vector(Entry(sequences=(sequence,), others=()), limits)
    if not cut.parts:
        return
    parts = [dict(re.findall(r"'(\w)':([\d,]+)", part)) for part in cut.parts]
    positions = [{int(at): token for token, held in part.items() for at in held.split(",")} for part in parts]
    assert all(len(held.split(",")) <= 4 for part in parts for held in part.values())
    assert all(max(part, default=0) <= 9 for part in positions)
    for at in range(len(sequence) - 2):
        phrase = sequence[at : at + 3]
        if None not in phrase:
            assert any(
                tuple(part.get(start + offset) for offset in range(3)) == phrase for part in positions for start in part
            )


def test_a_hostile_text_is_indexed_as_far_as_a_vector_takes_it():
    text = " ".join(f"word{number}" for number in range(300_000))
    made = entry(title="", text=text)
    assert 10_000 < len(made.sequences[0]) <= 100_000
    cut = vector(made)
    assert len(cut.whole.encode()) < 1_000_000
    assert all(len(part.encode()) < 1_000_000 for part in cut.parts)


def test_a_term_is_a_tuple_of_its_text_and_offsets():
    assert terms("Labs")[0] == Term("labs", 0, 4)
