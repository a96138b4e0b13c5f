"""Names of organisations: folding, the starting table, looking names up."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ingest.organisations import fold, introduced, known, resolve
from ingest.script import simplified


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("香港科技園公司", "香港科技园公司"),
        ("上海復星醫藥（集團）股份有限公司", "上海复星医药(集团)股份有限公司"),
        ("騰訊控股有限公司", "腾讯控股"),
        ("招商银行股份有限公司", "招商银行"),
        ("ＨＫＳＴＰ", "hkstp"),
        ("Harbour Lane Biotech Co., Ltd.", "Harbour Lane Biotech"),
        ("The Harbour Institute", "Harbour Institute"),
        ("Lane & Harbour Limited", "Lane and Harbour Ltd"),
        ("Harbour Lane Holdings Inc. (NASDAQ: HLHI)", "Harbour Lane Holdings"),
        ("Harbour Lane University (HLU)", "Harbour Lane University"),
        ("海港生物科技有限公司（以下简称“海港生物”）", "海港生物科技"),
        ("Université de l'Île", "universite de lile"),
        ("医務衞生局", "醫務衛生局"),
        ("China Harbour (Group) Corp", "China Harbour"),
    ],
)
def test_names_that_differ_in_form_only_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bank of China (Hong Kong) Limited", "Bank of China Limited"),
        ("香港科技大学（广州）", "香港科技大学"),
        ("HKUST(GZ)", "HKUST"),
        ("香港大学", "香港大学深圳医院"),
        ("City University of Hong Kong", "City University of Macau"),
        ("上海大学", "上海交通大学"),
    ],
)
def test_a_branch_or_namesake_keeps_a_key_of_its_own(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_a_key_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@settings(deadline=None)
@given(st.text(alphabet="The &Co.Ltd公司集團有限股份（）()香港abc ", max_size=30))
def test_a_name_with_a_letter_never_folds_to_nothing(name: str) -> None:
    assert fold(name) or not re.search(r"\w", name)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_script_folding_keeps_every_offset(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert simplified(simplified(text)) == simplified(text)


@pytest.mark.parametrize(
    "name",
    [
        "HKSTP",
        "Hong Kong Science and Technology Parks Corporation",
        "The Hong Kong Science & Technology Parks Corp. (HKSTP)",
        "香港科技園公司",
        "香港科技园公司",
        "香港科技園",
    ],
)
def test_a_science_park_is_one_in_every_script_and_abbreviation(name: str) -> None:
    found = resolve(name)
    assert found is not None
    assert found.id == "hk-hkstp"


@pytest.mark.parametrize(
    ("name", "hint", "expected"),
    [
        ("Ministry of Commerce", None, None),
        ("Ministry of Commerce", "CN", "cn-mofcom"),
        ("商務部", "CN-GD", "cn-mofcom"),
        ("Ministry of Commerce", "TH", "th-moc"),
        ("商务部", "FR", None),
        ("Ministry of Commerce", "HK", "cn-mofcom"),
        ("商務部", "MO", "cn-mofcom"),
        ("special administrative region government", "HK", "hk-government"),
        ("special administrative region government", "MO", "mo-government"),
        ("special administrative region government", None, None),
        ("中国商务部", None, "cn-mofcom"),
        ("金管局", "HK", "hk-monetary-authority"),
        ("金管局", "MO", "mo-amcm"),
        ("金管局", None, None),
        ("HKUST", None, "hk-hkust"),
        ("中大", "CN-GD", "cn-gd-gz-sysu"),
        ("an unheard-of institute", None, None),
        ("", None, None),
    ],
)
def test_a_shared_name_is_decided_by_its_region_alone(name: str, hint: str | None, expected: str | None) -> None:
    found = resolve(name, region_hint=hint)
    assert (found.id if found else None) == expected


def test_no_two_organisations_of_a_region_share_a_name_by_accident() -> None:
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for organisation in known():
        for name in (organisation.name, *organisation.names):
            bearers[organisation.region, fold(name)].add(organisation.id)
    assert {key: ids for key, ids in bearers.items() if len(ids) > 1} == {}


def test_no_shared_name_belongs_to_two_organisations_of_a_region() -> None:
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for organisation in known():
        for name in organisation.shared:
            bearers[organisation.region, fold(name)].add(organisation.id)
    assert {key: ids for key, ids in bearers.items() if len(ids) > 1} == {}


def test_ids_are_unique_slugs() -> None:
    ids = [organisation.id for organisation in known()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", each) for each in ids)


def test_a_chinese_name_is_listed_in_both_scripts() -> None:
    for organisation in known():
        listed = set(organisation.names)
        for name in listed:
            assert simplified(name) in listed, f"{organisation.id} lists {name} in one script"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("安某集團", "安某集團（Anmou Group）昨日宣布", ("Anmou Group",)),
        ("Anmou Group", "Anmou Group (安某集团) said", ("安某集团",)),
        ("安某集团", "安某集团（以下简称“安某”）与安某集团（英文名：Anmou Group）", ("Anmou Group",)),
        ("安某集团", "安某集团（AMG）", ()),
        ("Anmou Group", "Anmou Group (AMG)", ()),
        ("安某集团", "安某集团（股票代码：000001）", ()),
        ("a(b", "a(b (安某集团)", ("安某集团",)),
    ],
)
def test_a_name_in_the_other_script_is_learnt_from_the_brackets_beside_it(
    name: str, text: str, expected: tuple[str, ...]
) -> None:
    assert introduced(name, text) == expected


def test_the_table_has_the_form_that_it_should_have() -> None:
    form = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "name", "region", "names"],
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
            "name": {"type": "string", "minLength": 2},
            "region": {"type": "string", "pattern": "^([A-Z]{2}(-[A-Z]{2})?|INT)$"},
            "names": {"$ref": "#/$defs/names"},
            "shared": {"$ref": "#/$defs/names"},
        },
        "$defs": {"names": {"type": "array", "uniqueItems": True, "items": {"type": "string", "minLength": 1}}},
    }
    validator = Draft202012Validator(form)
    lines = (resources.files("ingest") / "knowledge" / "organisations.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(line[:60], error.message) for line in lines for error in validator.iter_errors(json.loads(line))] == []
    assert len(lines) > 1500


@pytest.mark.parametrize("name", ["Hong Kong", "Guangdong Province", "澳門特別行政區", "Government of Kenya", "肯尼亚"])
def test_a_party_called_by_its_place_is_its_government(name: str) -> None:
    found = resolve(name)
    assert found is not None
    assert found.id.endswith("-government")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海同濟大學", "cn-sh-tongji"),
        ("Shanghai's Tongji University", "cn-sh-tongji"),
        ("英国阿斯利康", "gb-astrazeneca"),
        ("深圳腾讯", "cn-gd-sz-tencent"),
        ("中国香港科技大学", "hk-hkust"),
        ("澳大利亚新南威尔士州", "au-nsw-government"),
        # Somewhere else it is a branch, or another body of that name.
        ("上海腾讯", None),
        ("香港交通大学", None),
        ("Hong Kong Tongji University", None),
        # What several are called, nobody is called alone.
        ("广东财政厅某处", None),
    ],
)
def test_a_place_before_a_name_is_left_out_only_where_the_organisation_is_at_home(
    name: str, expected: str | None
) -> None:
    found = resolve(name)
    assert (found and found.id) == expected


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("State of New South Wales", "新南威爾士州"),
        ("Government of California", "加利福尼亚州政府"),
        ("Aichi Prefecture", "爱知县"),
        ("Province of British Columbia", "不列颠哥伦比亚省"),
    ],
)
def test_a_state_of_another_country_is_one_government_in_both_languages(english: str, chinese: str) -> None:
    found = resolve(english)
    assert found is not None
    assert found == resolve(chinese)
