"""Constructions whose parties stand away from a trigger; read in the skeleton of a sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.agreements.claims import merge
from ingest.agreements.english import claims_of
from ingest.agreements.names import find_names
from ingest.agreements.parties.constructions import constructions
from ingest.agreements.parties.skeleton import skeleton
from ingest.documents import Article, Moment, Precision

PUBLISHED = Moment(iso="2025-07-10", precision=Precision.DAY)
MARK = re.compile("[\ue000-\uefff]")


def claimed(text):
    """Sets of parties that sentences claim, believed or not."""
    return [group[0].names for group in merge(claims_of(Article(text=text, published=PUBLISHED)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Corvane Robotics named Tallis Bank as its partner for a pilot in Duna.", {"Corvane Robotics", "Tallis Bank"}),
        ("Ostrel University has come on board as Corvane Biotech's research partner.",
         {"Ostrel University", "Corvane Biotech"}),
        ("Corvane Biotech has found a clinical partner in Tallis Hospital Group.",
         {"Corvane Biotech", "Tallis Hospital Group"}),
        ("The accord commits Duna University and Tallis Institute to share data.",
         {"Duna University", "Tallis Institute"}),
        ("The programme brings together Corvane Bank and Ostrel University.", {"Corvane Bank", "Ostrel University"}),
        ("Corvane Motors and Tallis Energy put pen to paper in Duna on Monday.", {"Corvane Motors", "Tallis Energy"}),
        ("Corvane Motors has teamed with Tallis Energy on chargers.", {"Corvane Motors", "Tallis Energy"}),
        ("Corvane Pharma won rights to a vaccine from Tallis Biologics.", {"Corvane Pharma", "Tallis Biologics"}),
        ("A laboratory run jointly by Duna University and Corvane Semiconductor opened.",
         {"Duna University", "Corvane Semiconductor"}),
        ("Ministers saw Duna University and Tallis Institute sign a memorandum.",
         {"Duna University", "Tallis Institute"}),
    ],
)  # fmt: skip
def test_a_construction_tells_who_agreed(text, expected):
    assert expected in claimed(text)


def test_one_with_each_makes_a_document_of_each():
    text = "Duna University signed two memoranda on Monday, one with Tallis Institute and another with Corvane Biotech."
    found = claimed(text)
    assert {"Duna University", "Tallis Institute"} in found
    assert {"Duna University", "Corvane Biotech"} in found


@pytest.mark.parametrize(
    "text",
    [
        "Duna University named Jane Roe as its president.",
        "Corvane Motors and its rival Tallis Energy both lost money last year.",
        "Corvane Robotics was founded in Duna and set up an office in Tarn.",
        "The report brings together figures of Corvane Bank.",
    ],
)
def test_what_only_looks_like_one_tells_of_no_two_parties(text):
    assert [names for names in claimed(text) if len(names) > 1] == []


def test_titles_brackets_and_seats_leave_the_skeleton():
    sentence = "Officials from Duna University (DU) and its Guangzhou counterpart, Tallis Institute, signed a pact."
    plain = skeleton(sentence, find_names(sentence))
    assert "(" not in plain.text
    assert "counterpart" not in plain.text
    assert "Officials" not in plain.text


PIECES = ("Duna University", "Tallis Bank", "signed", "with", "and", ",", "its partner", "(DU)", "’s", "of", "Mr Roe")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_every_mark_of_a_skeleton_stands_for_a_name_and_no_sentence_is_too_odd(sentence):
    names = find_names(sentence)
    plain = skeleton(sentence, names)
    assert set(MARK.findall(plain.text)) <= plain.names.keys()
    for found in constructions(sentence, names, ()):
        assert {*found.reading.subject, *found.reading.counterpart} <= {*names}
