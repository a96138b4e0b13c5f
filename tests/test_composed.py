"""Names that are a place and a kind of body, and where offices are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.composed import composed
from ingest.regions import Context, around, beside, city_named, government_of, is_office


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("University of Porto", "波爾圖大學"),
        ("Zurich Chamber of Commerce", "苏黎世商会"),
        ("Portugal's Ministry of Health", "葡萄牙衞生部"),
        ("Ministry of Education of Hungary", "匈牙利教育部"),
        ("City of Hamburg", "漢堡市政府"),
        ("Foshan Chamber of Commerce", "佛山總商會"),
        ("City of Zhuhai", "珠海市政府"),
        ("Guangdong Chamber of Commerce", "广东商会"),
        ("University of Luxembourg", "卢森堡大学"),
        ("Lyon Metropolis", "法國里昂大都會"),
        ("University of Porto", "葡萄牙波爾圖大學"),
    ],
)
def test_a_place_and_a_kind_are_one_in_both_languages(english: str, chinese: str) -> None:
    assert composed(english) == composed(chinese) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foshan Chamber of Commerce", "Dongguan Chamber of Commerce"),
        ("City of Foshan", "珠海市"),
        ("Dubai Chamber of Commerce", "Abu Dhabi Chamber of Commerce"),
        ("Guangdong Chamber of Commerce", "深圳商会"),
    ],
)
def test_cities_of_one_region_have_bodies_of_their_own(one: str, other: str) -> None:
    assert composed(one) != composed(other)


@pytest.mark.parametrize(
    "name", ["Dublin City University", "波尔图海洋大学", "Acme", "University of Acme", "", "大学", "市"]
)
def test_a_name_that_says_more_or_less_is_no_such_name(name: str) -> None:
    assert composed(name) is None


def test_an_office_without_a_place_takes_that_of_its_text() -> None:
    assert composed("Ministry of Health", "PT") == composed("葡萄牙卫生部")
    assert composed("Ministry of Health") is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    composed(text)
    government_of(text)
    is_office(text)
    assert around(Context(text=text, url=text)) is None or text
    beside(Context(before=text, after=text))


@pytest.mark.parametrize(
    ("before", "after", "region"),
    [
        ("It signed with Thailand's ", " on Monday", "TH"),
        ("It signed with the Thai ", " on Monday", "TH"),
        ("It signed with the ", " of Thailand on Monday", "TH"),
        ("該公司與泰國", "簽署", "TH"),
        ("It signed with the ", " on Monday in Bangkok", None),
    ],
)
def test_the_words_beside_an_office_place_it(before: str, after: str, region: str | None) -> None:
    assert beside(Context(before=before, after=after)) == region


@pytest.mark.parametrize(
    ("text", "url", "region"),
    [
        ("Kenya and Kenya, said Peru", None, "KE"),
        ("Kenya and Peru", None, None),
        ("No place at all", "https://news.example.com.hk/1", "HK"),
        ("No place at all", "https://news.example.com/1", None),
        ("No place at all", "http://[broken", None),
    ],
)
def test_what_an_article_is_about_places_what_nothing_else_does(text: str, url: str | None, region: str | None) -> None:
    assert around(Context(text=text, url=url)) == region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Government of Kenya", "KE"),
        ("Republic of Korea", "KR"),
        ("廣東省", "CN-GD"),
        ("香港特區政府", "HK"),
        ("Shenzhen", None),
        ("Kenya Airways", None),
    ],
)
def test_a_place_stands_for_its_government(name: str, region: str | None) -> None:
    assert government_of(name) == region


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("金管局訪利雅得，與沙特阿拉伯央行簽署備忘錄。香港與中東往來頻密。", "HK"),
        ("金管局與中国人民银行会面。香港與澳門均有派員。", None),
        ("金管局訪利雅得。", None),
    ],
)
def test_an_article_that_names_one_city_with_offices_of_its_own_tells_which_is_meant(
    text: str, city: str | None
) -> None:
    assert city_named(Context(text=text)) == city
