from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import agreements
from ingest.documents import (
    Article,
    Boilerplate,
    CutReason,
    Kind,
    Language,
    MediaType,
    Moment,
    Page,
    Precision,
    Status,
)
from ingest.extract import extract

SEEDS = Path(__file__).parents[2] / "seeds"
ENGLISH = Language(tag="en", confidence=1.0)
PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)


def find(text, title=None, published=PUBLISHED, boilerplate=()):
    return agreements.find(Article(text=text, title=title, published=published, boilerplate=boilerplate), ENGLISH)


def parties(mention):
    return {party.name for party in mention.parties}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Northgate University and Tallis College signed a memorandum of understanding on Tuesday.",
            {"Northgate University", "Tallis College"},
            id="coordination",
        ),
        pytest.param(
            "Corvane Robotics, a maker of small arms for kitchens, signed a cooperation agreement with the "
            "Institute of Applied Light, which is known for lasers.",
            {"Corvane Robotics", "Institute of Applied Light"},
            id="appositions",
        ),
        pytest.param(
            "A joint venture agreement between Corvane Robotics and Tallis Bank was signed on Monday.",
            {"Corvane Robotics", "Tallis Bank"},
            id="between",
        ),
        pytest.param(
            "The memorandum of understanding was signed by Northgate University and the Ministry of Trade, Industry "
            "and Employment.",
            {"Northgate University", "Ministry of Trade, Industry and Employment"},
            id="signed by",
        ),
        pytest.param(
            "On 3 March Northgate University (NU) signed an agreement with the French group Tallis Pharma.",
            {"Northgate University", "Tallis Pharma"},
            id="a date before and a description",
        ),
        pytest.param(
            "Northgate University, Tallis College and Harbour Science and Technology Park signed a cooperation pact.",
            {"Northgate University", "Tallis College", "Harbour Science and Technology Park"},
            id="one document of three",
        ),
        pytest.param(
            "Northgate University and Tallis College have long taught law. On Tuesday the two institutions signed a "
            "memorandum of understanding.",
            {"Northgate University", "Tallis College"},
            id="reference",
        ),
        pytest.param(
            "Corvane Robotics Ltd. (“Corvane” or the “Company”) makes arms. The Company has signed a distribution "
            "agreement with Tallis Trading Inc.",
            {"Corvane Robotics Ltd.", "Tallis Trading Inc."},
            id="the company",
        ),
    ],
)
def test_parties_are_read_from_the_structure_of_the_sentence(text, expected):
    (mention,) = find(text)
    assert parties(mention) == expected


def test_a_hub_has_one_agreement_with_each_counterpart():
    found = find(
        "Northgate University signed memoranda of understanding with Tallis College, Corvane Bank and Duna Lab."
    )
    assert [parties(mention) for mention in found] == [
        {"Northgate University", "Tallis College"},
        {"Northgate University", "Corvane Bank"},
        {"Northgate University", "Duna Lab"},
    ]


def test_parties_are_named_in_their_fullest_form_without_the_ticker():
    text = (
        "Corvane today announced a strategic partnership with Tallis, a bank.\n\nCorvane Robotics Inc. (NYSE: CVR) "
        "makes arms, and Corvane sells them. Tallis lends.\n\nAbout Corvane Robotics Inc.\n\nIt makes arms."
    )
    (mention,) = find(text, "Corvane and Tallis Announce Strategic Partnership")
    assert "Corvane Robotics Inc." in parties(mention)


def test_an_agreement_told_twice_is_listed_once_with_the_sentence_that_states_it():
    text = (
        "Northgate University has signed a memorandum of understanding with Tallis College.\n\n"
        "The partnership between Northgate University and Tallis College will help students. “We are proud to partner "
        "with Tallis College,” a dean said."
    )
    (mention,) = find(text, "Northgate University Signs MoU With Tallis College")
    assert mention.evidence == "Northgate University has signed a memorandum of understanding with Tallis College."
    assert mention.kind is Kind.MOU


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("signed a memorandum of understanding on a strategic partnership with", Kind.MOU),
        ("formed a strategic partnership with", Kind.STRATEGIC_PARTNERSHIP),
        ("signed a joint venture agreement with", Kind.JOINT_VENTURE),
        ("signed an exclusive distribution agreement with", Kind.LICENSING),
        ("signed a cooperation agreement with", Kind.COOPERATION_AGREEMENT),
    ],
)
def test_the_kind_follows_the_words_for_it(sentence, kind):
    (mention,) = find(f"Corvane Robotics {sentence} Tallis Industries.")
    assert mention.kind is kind


@pytest.mark.parametrize(
    ("text", "status", "signed"),
    [
        ("Northgate University signed a cooperation agreement with Tallis College on Tuesday.", "signed", "2024-03-12"),
        ("Northgate University will sign a cooperation agreement with Tallis College next month.", "planned", None),
        ("Northgate University will today sign a cooperation agreement with Tallis College.", "signed", "2024-03-14"),
        ("Northgate University has renewed its cooperation agreement with Tallis College.", "renewed", None),
        ("Northgate University has terminated its cooperation agreement with Tallis College.", "ended", None),
        ("Northgate University today announced a cooperation agreement with Tallis College.", "signed", None),
    ],
)
def test_status_and_date_follow_tense_and_modality(text, status, signed):
    (mention,) = find(text)
    assert mention.status is Status(status)
    assert (mention.signed_on and mention.signed_on.iso) == signed


def test_an_agreement_of_an_earlier_year_is_background():
    (mention,) = find("In 2019 Northgate University signed a memorandum of understanding with Tallis College.")
    assert not mention.is_news
    assert mention.signed_on
    assert mention.signed_on.iso == "2019"


def test_an_agreement_of_this_week_is_news():
    (mention,) = find("Northgate University signed a memorandum of understanding with Tallis College on Tuesday.")
    assert mention.is_news


@pytest.mark.parametrize(
    "text",
    [
        "Corvane Robotics signed a share purchase agreement with Tallis Holdings.",
        "Corvane Robotics acquired Tallis Holdings for $3 million.",
        "Northgate University reached a collective agreement with the Harbour Lecturers Union.",
        "Corvane Robotics and Tallis Bank signed a loan agreement.",
        "The minister hopes that Northgate University and Tallis College will cooperate.",
        "Northgate University and Tallis College played football on Tuesday.",
    ],
)
def test_what_is_no_cooperation_agreement_is_not_listed(text):
    assert find(text) == ()


def test_boilerplate_never_fires():
    text = "Sales rose.\n\nCorvane Robotics signed a cooperation agreement with Tallis College on Tuesday."
    start = text.index("Corvane")
    spans = (Boilerplate(start=start, end=len(text), reason=CutReason.ABOUT),)
    assert find(text)
    assert find(text, boilerplate=spans) == ()


def test_a_chinese_article_is_not_read_as_english():
    text = "Northgate University signed a cooperation agreement with Tallis College on Tuesday."
    article = Article(text=text, published=PUBLISHED)
    assert agreements.find(article, Language(tag="fr", confidence=1.0)) == ()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "Northgate University", "Tallis College", "signed", "an agreement", "with", "and", ",", "the two firms",
                "(TC)", "“", "on Tuesday", "A memorandum of understanding", "will", ".\n\n", "between", "in 2019", "İ",
            ]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_evidence_is_always_the_text_at_its_offsets(words):
    text = " ".join(words) or "."
    for mention in find(text, "Northgate University Signs MoU With Tallis College"):
        assert text[mention.start : mention.end] == mention.evidence
        assert mention.parties
        for party in mention.parties:
            assert (party.start is None) == (party.end is None)


# Each seed: the parties of the agreements that it states, and the years of those that are background.
SEED_AGREEMENTS = {
    "000": [
        {
            "Shanghai Sci-Tech Inno Center for Infection and Immunity",
            "University of Hong Kong Centre on Contemporary China and the World",
        },
        {"Shanghai Jiao Tong University", "City University of Hong Kong"},
        {"Shanghai Science and Technology Exchange Center", "Hong Kong Cyberport Management Company Ltd"},
    ],
    "001": [
        {
            "Shanghai Science and Technology Exchange Center",
            "Shanghai Science and Technology Entrepreneurship Center",
            "Shanghai Hong Kong Association of Societies",
            "Hong Kong Science and Technology Park",
            "Shanghai Hong Kong Federation",
        },
        {"Shanghai Pharmaceutical Group", "Hong Kong Science and Technology Park"},
        {"COMAC", "Tongji University"},
        {"COMAC", "Hong Kong Polytechnic University"},
        {"Hong Kong Cyberport", "Shanghai Lingang Group"},
    ],
    "002": [],
    "003": [{"special administrative region government", "Ministry of Science and Technology"}] * 2,
    "004": [],
}


@pytest.mark.parametrize("seed", sorted(SEED_AGREEMENTS))
def test_the_seeds_state_what_careful_readers_found_in_them(seed):
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    page = Page(source="seeds", key=path.name, content=path.read_bytes(), media_type=MediaType.PLAIN)
    article = extract(page)
    assert isinstance(article, Article)
    found = agreements.find(article, ENGLISH)
    assert [parties(mention) for mention in found] == SEED_AGREEMENTS[seed]
    assert [mention.signed_on.iso for mention in found if not mention.is_news and mention.signed_on] == (
        ["2021"] if seed == "001" else []
    )


def test_a_run_of_words_that_nobody_wrote_as_a_sentence_is_not_read() -> None:
    assert find("Alpha Bank signed an agreement with Beta Group and " * 8_000) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Corvane Robotics, a maker of arms for clinics, kitchens, KTN kits, and homes, today announced a strategic "
            "partnership with Tallis Bank.",
            {"Corvane Robotics", "Tallis Bank"},
            id="a list inside an apposition",
        ),
        pytest.param(
            "Corvane Robotics, Tallis Bank and Ostrel Labs announced the signing of a memorandum of understanding.",
            {"Corvane Robotics", "Tallis Bank", "Ostrel Labs"},
            id="a list that its 'and' closes",
        ),
        pytest.param(
            "Corvane Robotics announced a strategic partnership with Tallis, Ostrel strategy and training provider.",
            {"Corvane Robotics", "Tallis"},
            id="a description behind a comma",
        ),
        pytest.param(
            "Corvane Robotics signed a partnership agreement with the City of East Tarn, CT, on Monday.",
            {"Corvane Robotics", "City of East Tarn"},
            id="a state behind a comma",
        ),
        pytest.param(
            "Ostrel Group announced a strategic partnership between Tallis Bank and Corvane Robotics.",
            {"Tallis Bank", "Corvane Robotics"},
            id="a third party announces",
        ),
        pytest.param(
            "A memorandum of understanding was signed today in Tarn by representatives of Corvane Robotics, the "
            "valley's training and research company, and Korea's Institute of Applied Light.",
            {"Corvane Robotics", "Institute of Applied Light"},
            id="signed by representatives",
        ),
        pytest.param(
            "Northgate University said after talks with Ostrel Group that its subsidiary, Tallis Training Ltd, has "
            "signed a cooperation agreement with Corvane Robotics.",
            {"Tallis Training Ltd", "Corvane Robotics"},
            id="the subsidiary of who speaks",
        ),
        pytest.param(
            "Corvane Robotics (Canada) and Tallis Bank, Canada's largest lender, signed a cooperation agreement.",
            {"Corvane Robotics", "Tallis Bank"},
            id="a place in brackets is no other name",
        ),
    ],
)
def test_only_those_who_agree_are_parties(text, expected):
    (mention,) = find(text)
    assert parties(mention) == expected


def test_signed_another_leaves_out_the_noun_of_the_sentence_before():
    first, second = find(
        "Corvane Robotics signed a memorandum of understanding with Tallis Bank in Tarn on 3 March. Five days later "
        "Corvane Robotics signed another, with Northgate University, covering training."
    )
    assert (parties(first), parties(second)) == (
        {"Corvane Robotics", "Tallis Bank"},
        {"Corvane Robotics", "Northgate University"},
    )
    assert second.kind is Kind.MOU


def test_another_agreement_that_was_also_signed_is_one_more_between_the_same_two():
    first, second = find(
        "Northgate University and the Ministry of Trade signed an agreement on training on Monday.\n\n"
        "Another agreement, on shared grants, was also signed."
    )
    assert parties(first) == parties(second) == {"Northgate University", "Ministry of Trade"}
    assert first.evidence != second.evidence


def test_an_agreement_that_was_also_signed_by_others_is_not_one_more_between_the_same_two():
    mentions = find(
        "Northgate University and the Ministry of Trade signed an agreement on training on Monday.\n\n"
        "Another agreement, on shared grants, was also signed by Tallis Bank and Ostrel Group."
    )
    assert [parties(mention) for mention in mentions] == [
        {"Northgate University", "Ministry of Trade"},
        {"Tallis Bank", "Ostrel Group"},
    ]
