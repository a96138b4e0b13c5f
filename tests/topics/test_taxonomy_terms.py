"""Terms of a taxonomy in a text: where they begin, and what may stand between their words."""

from __future__ import annotations

import pytest

from ingest.script import fold
from ingest.topics.taxonomy import find, parse

_TAXONOMY = parse(
    """
    [[topic]]
    name = "harbour"
    description = "Piers and tides."

    [topic.strong]
    en = ["in dock", "in-shore net*", "AI … pilot*", "quay*", "R&D", "tide", "tide table", "to the pier", "to sea"]
    zh = ["码头", "潮", "A级泊位", "泊位"]
    """
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("She lies in dock and In-dock, in\ndock, in - dock.", ["in dock", "in dock", "in dock", "in dock"]),
        ("in docks, inn dock, in a dock", []),
        ("an in‐shore netting, in shore nets", ["in-shore net*"]),
        ("AI has learnt to pilot; AIs pilot; an air pilot, Ai pilot", ["AI … pilot*"] * 2),
        ("Quayside, quay; aquay", ["quay*", "quay*"]),
        ("R&D but not r&d, nor XR&D or R and D", ["R&D"]),
        ("The tide table is wrong, the tidetable is not, the tide is", ["tide table", "tide"]),
        ("to the pier and to  sea, to see", ["to the pier", "to sea"]),
        ("新碼頭在漲潮前完工，设A級泊位", ["码头", "潮", "A级泊位"]),
        ("ＱＵＡＹ", ["quay*"]),
    ],
)
def test_terms_are_found_where_a_word_begins(text: str, terms: list[str]) -> None:
    assert [hit.term for hit in find(fold(text), _TAXONOMY)] == terms


def test_a_word_of_any_length_is_looked_at_once() -> None:
    text = "quay" + "y" * 200_000 + " tide"

    assert [hit.term for hit in find(text, _TAXONOMY)] == ["quay*", "tide"]


def test_a_taxonomy_without_chinese_terms_finds_its_others() -> None:
    taxonomy = parse('[[topic]]\nname = "harbour"\n[topic.strong]\nen = ["tide"]')

    assert [hit.start for hit in find("潮 tide", taxonomy)] == [2]
