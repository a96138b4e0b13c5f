import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.agreements.names import Sort, find_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Northgate University and Tallis College signed it.", ["Northgate University", "Tallis College"]),
        ("the Ministry of Trade, Industry and Employment said", ["Ministry of Trade, Industry and Employment"]),
        ("with Harbour Science and Technology Park to build", ["Harbour Science and Technology Park"]),
        ("the University of the Western Isles agreed", ["University of the Western Isles"]),
        ("Brightwater Labs, Inc. (NASDAQ: BWL) said", ["Brightwater Labs, Inc."]),
        ("today acme, Inc. joined", ["acme, Inc."]),
        ("Tarn Bank (Hong Kong) and Corvane said", ["Tarn Bank (Hong Kong)", "Corvane"]),
        ("the Corvane (Asia Pacific) Pte. Ltd. and", ["Corvane (Asia Pacific) Pte. Ltd"]),
        ("Corvane Robotics (China) Co., Ltd (CRC) said", ["Corvane Robotics (China) Co., Ltd"]),
        ("Tarn Bank (HKEX: 77) and Tallis College (Shanghai) said", ["Tarn Bank", "Tallis College"]),
        ("New Zealand and Peru concluded", ["New Zealand", "Peru"]),
        ("with Dublin-based Corvane to sell", ["Corvane"]),
        ("Corvane’s partnership with eToro", ["Corvane", "eToro"]),
        ("Corvane Partners with Tallis", ["Corvane", "Tallis"]),
        ("On Monday the Memorandum of Understanding was read", []),
        ("the municipal government and Tallis College", ["municipal government", "Tallis College"]),
        ("We’re proud, and They’ll say so", []),
        ("Institute of Applied Light (IAL), a body", ["Institute of Applied Light"]),
        ("the Union of Pupils’ Associations (UPA) met", ["Union of Pupils’ Associations"]),
        ("with Tarn and Associates, an office", ["Tarn and Associates"]),
        ("the Corva x Foundation said", ["Corva x Foundation"]),
        ("today Tarn 5 Labs joined", ["Tarn 5 Labs"]),
        ("when Tallis First, a lender, grew", ["Tallis First"]),
        ("Tarn, UAE- Corvane said", ["Tarn", "UAE", "Corvane"]),
        ("the award-winning and Prize-winning novels", []),
        ("in Engineering and in Research", []),
        ("Peace, Culture and Renewal of Light (PCRL) met", ["Peace, Culture and Renewal of Light"]),
    ],
)
def test_names_end_where_they_should(text, names):
    assert [name.text for name in find_names(text)] == names


def test_a_chief_executive_is_told_from_the_company():
    company, person = find_names("Corvane Mining Corp CEO Jane Roe joined the call.")
    assert (company.text, company.sort) == ("Corvane Mining Corp", Sort.ORGANISATION)
    assert (person.text, person.sort) == ("Jane Roe", Sort.PERSON)


@pytest.mark.parametrize(
    ("bracket", "aliases"),
    [
        ("(“Corvane” or the “Company”)", ("Corvane", "Company")),
        ("(CML)", ("CML",)),
        ("(NYSE: CML)", ("CML",)),
        ("(www.corvane.example)", ()),
        ("trading as Corva,", ("Corva",)),
    ],
)
def test_brackets_introduce_short_forms(bracket, aliases):
    assert find_names(f"Corvane Mining Limited {bracket} said")[0].aliases == aliases


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("AaBb .,'’()&-1é中\n"), max_size=80))
def test_any_text_gives_names_that_stand_in_it(text):
    last = 0
    for name in find_names(text):
        assert text[name.start : name.end] == name.text
        assert name.start >= last
        last = name.end


def test_the_last_word_of_a_minister_s_office_belongs_to_the_person():
    assert not any(
        name.sort is Sort.ORGANISATION for name in find_names("Minister of Science and Technology Jane Roe spoke.")
    )
