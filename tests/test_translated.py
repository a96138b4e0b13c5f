"""Names in two scripts that may be one body's, by what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.translated import may_translate


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Foshan Institute of Marine Robotics", "佛山海洋机器人研究院"),
        ("Foshan Marine Robotics Institute", "佛山海洋機器人研究所"),
        ("Hong Kong Society of Quantum Engineers", "香港量子工程師學會"),
        ("Zhuhai Vaccine Technology Centre", "珠海市疫苗技术中心"),
        ("Ruiyao Biotech (Zhuhai) Co., Ltd.", "珠海瑞耀生物科技有限公司"),
        ("Qingbo Robotics", "清波机器人"),
        ("Menarelli Pharmaceuticals", "美纳雷利制药"),
    ],
)
def test_a_place_a_kind_fields_and_sounds_that_agree_may_be_one_body(english, chinese):
    assert may_translate(english, chinese)
    assert may_translate(chinese, english)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foshan Institute of Marine Robotics", "珠海海洋机器人研究院"),
        ("Foshan Institute of Marine Robotics", "佛山海洋机器人协会"),
        ("Foshan Institute of Marine Robotics", "佛山海洋研究院"),
        ("Foshan Marine Institute", "佛山海洋机器人研究院"),
        ("Ruiyao Biotech", "康桥生物科技"),
        ("Ruiyao Biotech", "瑞耀资本投资管理"),
        ("Foshan Institute of Marine Robotics", "Foshan Marine Robotics Institute"),
        ("瑞耀生物", "瑞耀生物科技"),
        ("Robotics", "机器人"),
        ("", "瑞耀生物"),
        ("", ""),
    ],
)
def test_what_says_something_else_or_too_little_is_another_body(one, other):
    assert not may_translate(one, other)


@given(st.text(max_size=60), st.text(alphabet="佛山市海洋机器人研究院（）·A ,", max_size=30))
def test_any_two_names_are_compared_without_an_error_and_either_way_round(one, other):
    assert may_translate(one, other) is may_translate(other, one)
