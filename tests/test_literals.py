"""Words without which an expression cannot match: what is told of an expression, and that it rules out no match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.agreements.vocabulary import vocabulary
from ingest.literals import may_match, required


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"memorand(?:um|a)(?: of intent)?", {"memorand"}),
        (r"(?:agreements?|pacts?)(?= with\b)", {" with"}),
        (r"\b(?:agreements?|pacts?)\b(?! with)", {"agreement", "pact"}),
        (r"licen[cs](?:e|ing)", {"licen"}),
        (r"co-?operat(?:e|ion)", {"operat"}),
        (r"(?<=\bsigned )it", {"signed "}),
        (r"(?P<act>Sign|Ink)ed+\.", {"sign", "ink"}),
        (r"U\.S\.|中文", {"u.s.", "中文"}),
        (r"a{2,3}b*c{0}d?", {"a"}),
        (r"ab*+c", {"a"}),
        (r"\x41bc|\u4e2dde", {"bc", "de"}),
        (r"(?i:partner) (?-i:May)", {"partner"}),
    ],
)
def test_words_are_told_of_an_expression(pattern: str, words: set[str]) -> None:
    assert required(pattern) == words


@pytest.mark.parametrize(
    "pattern",
    [
        r"[A-Z]\w+",
        r"agreement|\d+",
        r"(?:pact)?",
        r"(?:pact){0,2}",
        r"(?:pact)*",
        r"(?!pact)",
        r"",
        r"(?P<a>x)(?(a)y|z)",
    ],
)
def test_nothing_is_told_of_an_expression_that_may_match_without_words(pattern: str) -> None:
    assert required(pattern) == frozenset()


_PATTERNS = [
    r"memorand(?:um|a|ums)(?: of (?:understandings?|co-?operation))?",
    r"(?:sub-?)?licen[cs](?:e|es|ing)(?: and \w+)? (?:agreements?|deals?)",
    r"(?:exclusive|sole)(?: \w+){0,2} rights(?= to)",
    r"sign(?:s|ed|ing)?|(?:strik|ink)(?:es?|ed)+|set(?:s|ting)?+ up",
    r"签[署订](?:协议|备忘录)?|[Mm]o[Uu]s?\.",
]


@given(data=st.data(), pattern=st.sampled_from(_PATTERNS))
def test_no_text_is_ruled_out_in_which_an_expression_matches(data: st.DataObject, pattern: str) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    text = data.draw(st.from_regex(compiled.pattern))

    assert required(pattern)
    assert may_match(compiled, text.upper().casefold()) or not compiled.search(text.upper())
    assert may_match(compiled, text.casefold())


def test_words_are_told_of_every_expression_that_looks_for_agreements() -> None:
    known = vocabulary()

    for pattern in (known.blocking, known.with_object, *(pattern for _, pattern in known.documents)):
        assert required(pattern.pattern)
        assert not may_match(pattern, "the tide rose at noon.")
