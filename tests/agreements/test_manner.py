"""What sort of act a sentence tells of, and how long ago: hints of a known direction, and what they decide."""

from __future__ import annotations

import pytest

from ingest import agreements
from ingest.agreements.english import claims_of
from ingest.agreements.news import told_of
from ingest.documents import Article, Language, Moment, Precision

ENGLISH = Language(tag="en", confidence=1.0)
PUBLISHED = Moment(iso="2026-09-14", precision=Precision.DAY)


def hints(text, title=None):
    claims = claims_of(Article(text=text, title=title, published=PUBLISHED))
    return frozenset().union(*(claim.features for claim in claims))


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("act-behind", "The memorandum that Kestrel University and Marsh College signed covers nursing."),
        ("hub act", "Zephyr Wind builds turbines. The company has signed a pact with Harrow City Council."),
        ("personal", "The chairman, who was a partner with Pine Street Bank, joined Kestrel University in May."),
        ("personal act", "Researchers from Kestrel University collaborate with engineers at Bexa Labs."),
        ("permitted", "Loop Payments has obtained a licence from the Ministry of Finance of Duna."),
        ("sold", "Tarn Robotics signed a letter of intent with Bexa Labs, to sell two of its plants."),
        ("general", "By collaborating with Bexa Labs, brands can reach more customers of Tarn Robotics."),
        ("hoped", "The minister hopes that Kestrel University and Marsh College will cooperate."),
        ("goes on", "Tarn Robotics will continue to work together with Bexa Labs on sensors."),
        ("debt-near", "Tarn Robotics signed a framework agreement with Pine Street Bank on its debts."),
        ("odd-party", "Kestrel University signed a memorandum with Harbour Optimisation."),
        ("kin", "Corvane Group signed a memorandum with the Corvane Harbour Centre."),
    ],
)
def test_words_near_an_act_tell_what_sort_of_act_it_is(hint, text):
    assert hint in hints(text)


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("sold", "Tarn Robotics signed a cooperation agreement with Bexa Labs to buy parts and share a laboratory."),
        ("personal", "“We are delighted to partner with Bexa Labs,” said the chief executive of Tarn Robotics."),
        ("permitted", "Tarn Robotics granted Bexa Labs a licence to its gripper."),
        ("kin", "The University of Duna signed a memorandum with the University of Porto."),
    ],
)
def test_the_same_words_in_an_agreement_are_no_such_hint(hint, text):
    assert hint not in hints(text)


def test_a_headline_that_leaves_it_open_is_a_hint_against_all_that_its_article_says():
    text = "Tarn Robotics has an agreement with Bexa Labs."
    assert "title-open" in hints(text, "Tarn Robotics explores alliance with Bexa Labs")
    assert "title-open" not in hints(text, "Tarn Robotics seals alliance with Bexa Labs")


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("They signed it on 10 September.", "told of week"),
        ("In July they announced the signing.", "told of quarter"),
        ("In January they announced the signing.", "told of year"),
        ("They signed it in 2026.", "told of this year"),
        ("They signed it in March 2019 and again in May 2021.", "told of older"),
        ("They signed it.", None),
        ("They will sign it on 3 October 2026.", None),
    ],
)
def test_a_sentence_is_as_old_as_its_latest_date_that_is_not_to_come(text, age):
    assert told_of(text, PUBLISHED) == age


def test_without_a_published_date_nothing_is_told_of_any_age():
    assert told_of("They signed it in March 2019.", None) is None


@pytest.mark.parametrize(
    ("text", "is_news"),
    [
        ("Kestrel University signed a memorandum of understanding with Marsh College on 10 September.", True),
        ("Kestrel University signed a memorandum of understanding with Marsh College in February.", False),
        ("In 2021 Kestrel University had signed a memorandum of understanding with Marsh College.", False),
    ],
)
def test_what_was_signed_more_than_a_quarter_ago_is_background(text, is_news):
    found = agreements.find(Article(text=text, published=PUBLISHED), ENGLISH)
    assert [mention.is_news for mention in found] == [is_news]


def test_a_notice_over_a_text_is_nobody_that_agrees():
    text = "Media Release\n\nA delegation from Duna will sign a memorandum of understanding with Kestrel University."
    found = agreements.find(Article(text=text, title="Kestrel University looks east"), ENGLISH)
    assert all("Media Release" not in {party.name for party in mention.parties} for mention in found)


@pytest.mark.parametrize(
    ("words", "is_example"),
    [
        ("Memorandums of bodies of both cities, among them Kestrel University and Marsh College, were signed.", False),
        ("Tarn Robotics has a partnership with Bexa Labs, among others.", True),
        ("Tarn Robotics has key partnerships with Bexa Labs and Marsh College.", True),
    ],
)
def test_who_are_among_those_that_signed_are_no_examples(words, is_example):
    assert ("cue=example" in hints(words)) is is_example
