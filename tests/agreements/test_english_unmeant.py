"""What has the words of an agreement and is none, and what only a headline states."""

from __future__ import annotations

import pytest

from ingest import agreements
from ingest.documents import Article, Language

ENGLISH = Language(tag="en", confidence=1.0)
BODY = "Nurses will be trained at two campuses from September.\n\nThe programme has 40 places; most are taken."


def found(text, title=None):
    return agreements.find(Article(text=text, title=title), ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "Lawmakers urged Kestrel University and Marsh College to sign a cooperation agreement.",
        "The minister called on Kestrel University and Marsh College to sign a memorandum of understanding.",
        "The committee recommended that Kestrel University and Marsh College sign a partnership agreement.",
        "Kestrel University should sign an agreement with Marsh College, the paper said.",
        "Kestrel University could one day sign a partnership with Marsh College, analysts said.",
        "Zephyr Wind hopes to sign an agreement with Harrow City Council.",
        "Harrow City Council rejected a proposal to partner with Zephyr Wind.",
        "Tarn Robotics is reportedly considering a partnership with Bexa Labs.",
        "If Tarn Robotics and Bexa Labs sign a partnership agreement, prices may fall.",
        "Analysts speculated that Tarn Robotics may sign a partnership agreement with Bexa Labs.",
        "Analysts expect Tarn Robotics and Bexa Labs to announce a partnership this year.",
        "Talks between Tarn Robotics and Bexa Labs on a partnership collapsed on Friday.",
        "Kestrel University and Marsh College exchanged views on cooperation in education.",
        "Bluewater Airways has signed an agreement with Corran Aerospace to buy 40 aircraft.",
        "Bluewater Airways signed a deal with Corran Aerospace for 40 aircraft worth $5 billion.",
        "Vantor Chemicals and Delmar Fisheries have reached a settlement agreement over the 2019 spill.",
        "Orin Capital and Pine Street Partners signed a shareholder agreement.",
        "The Green Party and the Social Liberals signed a confidence-and-supply agreement.",
    ],
)
def test_what_is_wished_supposed_talked_of_or_sold_is_no_agreement(text):
    assert found(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Harrow City Council and Zephyr Wind may sign the memorandum next week, the mayor said.",
        "Tarn Robotics signed a cooperation agreement with Bexa Labs to buy parts and share a laboratory.",
        "Urged on by its students, Kestrel University signed a research agreement with Marsh College.",
        "Tarn Robotics and Bexa Labs signed a deal to merge two mines in a joint venture.",
        "Loop Payments and Sandpiper Bank have sealed a deal to offer instant transfers together.",
    ],
)
def test_words_of_wishing_and_selling_elsewhere_do_no_harm(text):
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("A memorandum between Kestrel University and Marsh College is expected to be signed next month.", "planned"),
        ("An agreement of Kestrel University with Marsh College is due to be formally signed on Friday.", "planned"),
        ("Tarn Robotics and Bexa Labs prolonged their alliance by three years.", "renewed"),
    ],
)
def test_what_stands_behind_the_parties_tells_how_far_it_has_come(text, status):
    assert [mention.status for mention in found(text)] == [status]


@pytest.mark.parametrize(
    ("title", "parties", "status"),
    [
        ("Kestrel University, Marsh College sign MoU on nursing", ["Kestrel University", "Marsh College"], "signed"),
        ("Kestrel University signs agreement with Marsh College", ["Kestrel University", "Marsh College"], "signed"),
        ("Kestrel University, Marsh College to sign pact", ["Kestrel University", "Marsh College"], "planned"),
        ("Tarn Robotics, Bexa Labs form joint venture", ["Tarn Robotics", "Bexa Labs"], "signed"),
        ("Bexa Labs, Tarn Robotics renew partnership", ["Bexa Labs", "Tarn Robotics"], "renewed"),
        ("Tarn Robotics ends partnership with Bexa Labs", ["Tarn Robotics", "Bexa Labs"], "ended"),
    ],
)
def test_what_only_the_headline_states_is_found_with_a_sentence_of_the_body(title, parties, status):
    (mention,) = found(BODY, title)
    assert [party.name for party in mention.parties] == parties
    assert mention.status == status
    assert mention.evidence == "Nurses will be trained at two campuses from September."
    assert BODY[mention.start : mention.end] == mention.evidence


@pytest.mark.parametrize(
    "title",
    [
        "Kestrel University urged to sign agreement with Marsh College",
        "KESTREL UNIVERSITY SIGNS AGREEMENT WITH MARSH COLLEGE",
        "Kestrel University, Marsh College draw in final",
        "",
    ],
)
def test_a_headline_that_states_nothing_surely_makes_no_agreement(title):
    assert found(BODY, title) == ()
