"""Search texts: what they mean, and that no text breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.search.asking import fts5, ranks, tsquery
from ingest.search.query import Clause, Phrase, QueryError, parse

_PAYLOADS = ('"', "(", ")", "NEAR(", "title:", "*", "-", "OR", "NOT", "AND", "%", "\0", "'", "&", "|", "!", "<->", ":*")
_HOSTILE = st.lists(st.sampled_from((*_PAYLOADS, "lab", "實驗室", "学", "“", "」", " ", "\\", ";", "^", "{", "}"))).map(
    "".join
)


def test_or_binds_closer_than_the_space():
    assert parse("a OR b c -d").clauses == (
        Clause((Phrase(("a",)), Phrase(("b",)))),
        Clause((Phrase(("c",)),)),
        Clause((Phrase(("d",)),), is_excluded=True),
    )


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("“Joint Labs”", Phrase(("joint", "labs"))),
        ("state-owned", Phrase(("state", "owned"))),
        ("China's", Phrase(("china",))),
        ("O’Brien", Phrase(("obrien",))),
        ("Résumé", Phrase(("resume",))),
        ("Straße", Phrase(("strasse",))),
        ("ＬＡＢ＊", Phrase(("lab",), is_prefix=True)),
        ('"joint lab*"', Phrase(("joint", "lab"), is_prefix=True)),
        ("實驗室", Phrase(("实验", "验室"))),
        ("「實驗」", Phrase(("实验",))),
        ("室", Phrase(("室",), is_prefix=True)),
        ('"5G 技术"', Phrase(("5g", "技术"))),
        ("技术5G", Phrase(("技术", "术", "5g"))),
    ],
)
def test_a_word_or_phrase_is_read(text, phrase):
    assert parse(text).clauses == (Clause((phrase,)),)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a AND b", "a b"),
        ("OR a OR", "a"),
        ('a "b', "a b"),
        ("(a) [b]", "a b"),
        ("a NOT b", "a -b"),
        ("a −b", "a -b"),
        ("title:lab", '"title lab"'),
    ],
)
def test_marks_that_mean_nothing_are_passed_over(text, same):
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "holds no word"),
        ('"" () * - OR NOT', "holds no word"),
        ("\0", "holds no word"),
        ("-clinic NOT bank", "only says what to leave out"),
        ("lab OR -clinic", "OR cannot stand beside"),
        ("la*", "too short a beginning"),
        ("word " * 65, "65 words and phrases"),
        ('"' + "word " * 65 + '"', "a phrase has 65 words"),
        ("字" * 66, "a phrase has 66 words or Chinese characters"),
        ("a" * 10_000, "has 10000 characters"),
    ],
)
def test_a_text_that_cannot_be_searched_for_says_why(query, reason):
    with pytest.raises(QueryError, match=reason) as caught:
        parse(query)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_only_several_plain_words_are_also_looked_for_side_by_side():
    assert parse("joint lab -clinic").adjacent == Phrase(("joint", "lab"))
    for text in ("lab", "joint lab*", "joint OR lab", "joint (clinic OR lab)"):
        assert parse(text).adjacent is None


@given(st.one_of(st.text(max_size=60), _HOSTILE))
def test_any_text_is_read_or_refused_with_a_reason(text):
    try:
        query = parse(text)
    except QueryError as refused:
        assert refused.remedy  # noqa: PT017 - a refusal is one of two right answers
        return
    asked = [term for clause in query.clauses for phrase in clause.phrases for term in phrase.terms]
    assert asked
    assert all(character.isalnum() or ord(character) > 0x7F for term in asked for character in term)


@given(st.one_of(st.text(max_size=60), _HOSTILE))
def test_no_text_brings_syntax_of_its_own_into_an_expression(text):
    try:
        query = parse(text)
    except QueryError:
        return
    for _, ask in ranks(query):
        for expression, ours in ((fts5(ask), '"() *ANDORT'), (tsquery(ask), "'()&|!<->:* ")):
            foreign = {c for c in expression if ord(c) <= 0x7F and not c.isalnum()} - set(ours)
            assert not foreign
            assert expression.count("(") == expression.count(")")
