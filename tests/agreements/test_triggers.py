import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.agreements.triggers import find_triggers, fires
from ingest.documents import Kind
from ingest.sentences import split


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("They signed a memorandum of understanding.", Kind.MOU),
        ("They signed two MoUs on Friday.", Kind.MOU),
        ("A letter of intent to cooperate was exchanged.", Kind.MOU),
        ("They formed a strategic partnership.", Kind.STRATEGIC_PARTNERSHIP),
        ("They form a strategic, long-term alliance.", Kind.STRATEGIC_PARTNERSHIP),
        ("They set up a joint venture.", Kind.JOINT_VENTURE),
        ("They opened a joint research laboratory.", Kind.JOINT_FACILITY),
        ("It becomes a sister park of the other.", Kind.JOINT_FACILITY),
        ("They signed an exclusive distribution agreement.", Kind.LICENSING),
        ("The drug was licensed from a small firm.", Kind.LICENSING),
        ("A technology transfer agreement was reached.", Kind.LICENSING),
        ("They entered a framework agreement.", Kind.COOPERATION_AGREEMENT),
        ("The treaty with Peru was signed.", Kind.COOPERATION_AGREEMENT),
        ("Corvane partners with Tallis.", Kind.COOPERATION_AGREEMENT),
        ("Corvane and Tallis joined forces.", Kind.COOPERATION_AGREEMENT),
    ],
)
def test_every_form_of_agreement_fires(sentence, kind):
    assert find_triggers(sentence)[0].kind is kind
    assert fires(sentence, split(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "They signed a share purchase agreement.",
        "The merger agreement was approved.",
        "A loan agreement was signed.",
        "The union reached a collective agreement.",
        "The parties signed a coalition agreement.",
        "See our terms of use.",
        "A settlement agreement ends the case.",
        "It signed a letter of intent to acquire the shop.",
        "The listing agreement was renewed.",
        "He lost his driver's licence.",
    ],
)
def test_agreements_of_another_sort_do_not_fire(sentence):
    assert find_triggers(sentence) == ()


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aM İPou partnership. \n"), max_size=120))
def test_only_whole_sentences_with_a_stem_fire(text):
    sentences = split(text)
    for sentence in fires(text, sentences):
        assert sentence in sentences
