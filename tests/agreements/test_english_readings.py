"""Ways in which English says who agrees with whom, each in a sentence or two; parties only."""

import pytest

from ingest import agreements
from ingest.documents import Article, Language, Moment, Precision, Status

ENGLISH = Language(tag="en", confidence=1.0)
PUBLISHED = Moment(iso="2025-07-10", precision=Precision.DAY)


def claimed(text, title=None):
    """Sets of parties that sentences claim, believed or not."""
    from ingest.agreements.claims import merge
    from ingest.agreements.english import claims_of

    article = Article(text=text, title=title, published=PUBLISHED)
    return [group[0].names for group in merge(claims_of(article))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Tallis Bank (Duna), Corvane Brands and the telephone company OKT said on Monday they had entered into an "
            "agreement to form a joint venture.",
            {"Tallis Bank", "Corvane Brands", "OKT"},
            id="a list before a verb of saying",
        ),
        pytest.param(
            "After a year of talks the University of Duna (UD) on Friday signed a three-way cooperation agreement with "
            "the Guangzhou Municipal People's Government and Tarn University to build a campus.",
            {"University of Duna", "Guangzhou Municipal People's Government", "Tarn University"},
            id="an adverbial without a comma, and a possessive inside a name",
        ),
        pytest.param(
            "Last Friday the Duna Productivity Council agreed with the Tarn Technology Innovation Center in Foshan to "
            "run a shared platform.",
            {"Duna Productivity Council", "Tarn Technology Innovation Center"},
            id="agrees with",
        ),
        pytest.param(
            "On 20 May the University of Duna licensed a compound, found in a vine, to Livzo of Zhuhai.",
            {"University of Duna", "Livzo"},
            id="licenses to, and a place that is no part of the name",
        ),
        pytest.param(
            "Corvane Pharma has given notice to end its licence from Tallis Biologics for CV-208, an antibody.",
            {"Corvane Pharma", "Tallis Biologics"},
            id="a licence from",
        ),
        pytest.param(
            "By forging a deep partnership with Tallis Robotics, Ostrel Bank is channelling money into arms.",
            {"Tallis Robotics", "Ostrel Bank"},
            id="the subject behind a participle",
        ),
        pytest.param(
            "Meanwhile, France's Corvane has said it plans a joint venture with Tallis Motors.",
            {"Corvane", "Tallis Motors"},
            id="the place that owns a name",
        ),
        pytest.param(
            "A memorandum of understanding binding Ostrelport and the Duna Fintech Association was initialled.",
            {"Ostrelport", "Duna Fintech Association"},
            id="binding",
        ),
        pytest.param(
            "The Monetary Authority of Duna joined the People's Bank of Tarn and the Ostrel Monetary Authority in a "
            "memorandum on supervision.",
            {"Monetary Authority of Duna", "People's Bank of Tarn", "Ostrel Monetary Authority"},
            id="joins others in",
        ),
        pytest.param(
            "In late 2023, Corvane Group signed an industry acceleration plan with Shanghai Tallis Group.",
            {"Corvane Group", "Shanghai Tallis Group"},
            id="whatever is signed with another",
        ),
        pytest.param(
            "The Culture, Sports and Tourism Bureau and the Duna Museum signed a cooperation agreement.",
            {"Culture, Sports and Tourism Bureau", "Duna Museum"},
            id="a bureau of several fields",
        ),
        pytest.param(
            "The Faculty of Engineering at the University of Duna is pleased to announce a partnership with the "
            "Federation of Tarn Farmers (FTF).",
            {"Faculty of Engineering at the University of Duna", "Federation of Tarn Farmers"},
            id="a part of a university",
        ),
        pytest.param(
            "Mphoris signed a memorandum of understanding with the Tallis Institute for the Study of Religious and "
            "Ethnic Diversity.",
            {"Mphoris", "Tallis Institute for the Study of Religious and Ethnic Diversity"},
            id="an institute for the study of",
        ),
        pytest.param(
            "The agreement extending the partnership between The University of Duna (UD) and New Zealand was signed.",
            {"University of Duna", "New Zealand"},
            id="a university and a state",
        ),
        pytest.param(
            "Tallis and Farmer’s Choice Foods announced a strategic partnership. Farmer’s Choice Foods makes soup.",
            {"Tallis", "Farmer’s Choice Foods"},
            id="a name with a possessive",
        ),
        pytest.param(
            "Tarn Medical will distribute Corvane's scanners in Macao under an exclusive deal struck on 4 May.",
            {"Tarn Medical", "Corvane"},
            id="whose goods are distributed",
        ),
        pytest.param(
            "The Macao clinic Kiang Tarn has extended by two years its training pact with the Duna College of Nursing.",
            {"Kiang Tarn", "Duna College of Nursing"},
            id="a described name",
        ),
        pytest.param(
            "Ostrel Insurance and the city of Zhongshan shook hands on a cooperation framework on Friday.",
            {"Ostrel Insurance", "city of Zhongshan"},
            id="a city in lower case",
        ),
        pytest.param(
            "A co-operation deal was formalised between Venezuelan energy firm PDVO and Argentina's Enara.",
            {"PDVO", "Enara"},
            id="adjectives and owners of place",
        ),
        pytest.param(
            "A tie-up with Tallis Motors was announced by Corvane on Friday.",
            {"Tallis Motors", "Corvane"},
            id="who acts in the passive",
        ),
        pytest.param(
            "Analyst Jane Rowe of Tallis Bank said that Corvane Robotics signed a pact with Ostrel Labs.",
            {"Corvane Robotics", "Ostrel Labs"},
            id="a person behind what she is",
        ),
        pytest.param(
            "New South Wales and Guangdong Province have renewed the sister-state agreement that they first signed.",
            {"New South Wales", "Guangdong Province"},
            id="a state of three words",
        ),
        pytest.param(
            "The Duna Area Administration in Shanghai and Tarn Parks Corporation are negotiating a letter of intent.",
            {"Duna Area Administration", "Tarn Parks Corporation"},
            id="where an organisation sits",
        ),
        pytest.param(
            "The surprise in the strategic collaboration that Corvane and Tallis BioMed unveiled was not the price.",
            {"Corvane", "Tallis BioMed"},
            id="a relative clause without who",
        ),
        pytest.param(
            "Its partner is Foshan Design College, with which Duna University signed a memorandum of understanding.",
            {"Foshan Design College", "Duna University"},
            id="a relative clause with which",
        ),
        pytest.param(
            "Corvane’s two-year partnership with Tallis Games has come to an end.",
            {"Corvane", "Tallis Games"},
            id="an owner at the head",
        ),
    ],
)
def test_parties_are_read_however_the_sentence_is_built(text, expected):
    assert expected in claimed(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The Duna Science Park said that it and Tallis Robotics would share a shop. The park operator and the "
            "start-up signed a cooperation agreement.",
            {"Duna Science Park", "Tallis Robotics"},
            id="two descriptions",
        ),
        pytest.param(
            "Tallis Bank will name a training centre. The lender on Friday signed a memorandum of understanding with "
            "the Duna Stock Exchange (DSX). DSX will pay half.",
            {"Tallis Bank", "Duna Stock Exchange"},
            id="a description of who was named",
        ),
        pytest.param(
            "Corvane Robotics met the Tarn Institute of Light. It is not to be confused with the memorandum of "
            "understanding that the pair signed in July 2023.",
            {"Corvane Robotics", "Tarn Institute of Light"},
            id="the pair behind the document",
        ),
    ],
)
def test_who_is_described_is_who_was_named(text, expected):
    assert expected in claimed(text)


def test_a_headline_tells_of_the_agreement_whose_parties_the_lede_names():
    text = (
        "Corvane Technology Corporation, the maker of CorvaCard, today announced a strategic partnership with Tallis "
        "Retail.\n\n“We are proud to partner with Tallis Retail,” a director said."
    )
    (parties,) = claimed(text, "CorvaCard and Tallis Retail Announce Strategic Partnership")
    assert parties == {"Corvane Technology Corporation", "Tallis Retail"}


@pytest.mark.parametrize(
    "text",
    [
        "The MOU will also help research between the University of Duna and Chinese universities.",
        "The memorandum strengthens collaboration between the Shanghai and Hong Kong gold markets.",
        "Cooperation between Shanghai and Hong Kong has grown over the years.",
    ],
)
def test_places_that_only_describe_are_no_parties(text):
    assert not any({"Shanghai", "Hong Kong", "Chinese", "Duna", "Tarn"} & names for names in claimed(text))


STATUSES = [
    ("Corvane Robotics will sign a cooperation agreement with Tallis Bank next month.", "planned"),
    ("Corvane Robotics is to sign a memorandum of understanding with Tallis Bank on Friday.", "planned"),
    ("Corvane Robotics and Tallis Bank are in talks on a strategic partnership.", "planned"),
    ("Corvane Robotics today announced plans to form a strategic partnership with Tallis Bank.", "planned"),
    ("Corvane Robotics plans a joint venture with Tallis Bank.", "planned"),
    ("Corvane Robotics and Tallis Bank have signed a cooperation agreement.", "signed"),
    ("Corvane Robotics has agreed to form a joint venture with Tallis Bank.", "signed"),
    ("Corvane Robotics announced a strategic partnership with Tallis Bank.", "signed"),
    ("Corvane Robotics and Tallis Bank are pleased to announce a strategic partnership.", "signed"),
    ("Corvane Robotics renewed its cooperation agreement with Tallis Bank for three years.", "renewed"),
    ("Corvane Robotics has extended its partnership with Tallis Bank until 2028.", "renewed"),
    ("Corvane Robotics and Tallis Bank once again signed a memorandum of understanding.", "renewed"),
    ("Corvane Robotics and Tallis Bank have amended their licence agreement.", "renewed"),
    ("Corvane Robotics and Tallis Bank upgraded their cooperation agreement.", "renewed"),
    ("Corvane Robotics has terminated its cooperation agreement with Tallis Bank.", "ended"),
    ("Corvane Robotics has called off its joint venture with Tallis Bank.", "ended"),
    ("Corvane Robotics has pulled out of its joint venture with Tallis Bank.", "ended"),
    ("Corvane Robotics scrapped its partnership agreement with Tallis Bank.", "ended"),
    ("The cooperation agreement between Corvane Robotics and Tallis Bank expired in June.", "ended"),
    ("Corvane Robotics and Tallis Bank will not renew their partnership agreement.", "ended"),
    ("Corvane Robotics dropped out of its joint venture with Tallis Bank.", "ended"),
]


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_status_follows_tense_modality_and_negation(text, status):
    from ingest.agreements.english import claims_of

    claims = [c for c in claims_of(Article(text=text, published=PUBLISHED)) if len(c.names) == 2]
    assert claims
    assert {claim.status for claim in claims} == {Status(status)}


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        pytest.param(
            "Corvane Robotics and Tallis Bank signed a cooperation agreement on Monday.", "2025-07-07", id="the act"
        ),
        pytest.param(
            "Corvane Robotics and Tallis Bank said on Monday they had entered into a cooperation agreement.",
            None,
            id="the telling",
        ),
        pytest.param(
            "Corvane Robotics today announced the signing of a cooperation agreement with Tallis Bank.",
            None,
            id="the announcement",
        ),
        pytest.param(
            "On 3 July, Corvane Robotics and Tallis Bank again signed a memorandum of cooperation, deepening the "
            "agreement the two first concluded in 2021.",
            "2025-07-03",
            id="the date of another act",
        ),
        pytest.param(
            "Corvane Robotics and Tallis Bank renewed their cooperation agreement until 2028.",
            None,
            id="how long it lasts",
        ),
        pytest.param(
            "Last Thursday Corvane Robotics signed a cooperation agreement with Tallis Bank.",
            "2025-07-03",
            id="last Thursday, told on a Thursday",
        ),
    ],
)
def test_only_the_act_is_dated(text, signed):
    (mention,) = agreements.find(Article(text=text, published=PUBLISHED), ENGLISH)
    assert (mention.signed_on and mention.signed_on.iso) == signed


@pytest.mark.parametrize(
    "text",
    [
        "Corvane Robotics signed a letter of intent to acquire Tallis Bank.",
        "Corvane Robotics and Tallis Bank reached a settlement of their dispute.",
        "The union and Corvane Robotics reached a collective agreement.",
        "The Duna Party and the Tarn Party signed a coalition agreement.",
        "Corvane Robotics raised $5 million in a funding round led by Tallis Capital.",
        "Corvane Robotics may one day work together with Tallis Bank, a director hoped.",
        "By using this site you accept the terms of use of Corvane Robotics and Tallis Bank.",
        "Corvane Robotics won an order for ten arms from Tallis Bank.",
    ],
)
def test_deals_of_other_sorts_are_not_listed(text):
    assert agreements.find(Article(text=text, published=PUBLISHED), ENGLISH) == ()
