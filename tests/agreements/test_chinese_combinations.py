"""Who agreed with whom, whatever name, field and day stand beside it: sentences put together by chance."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.agreements.chinese import find
from ingest.agreements.chinese.lexicon import plain
from ingest.documents import Article, Language, Mention, Moment, Precision
from ingest.organisations import known

PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)

BODIES = (
    *("海澜大学", "北屿集团", "香港科技园公司", "南桥实验室", "港大", "诺和诺德", "Altamira Bio", "北屿市人民政府"),
    *("海澜卫生局", "广东省科学技术厅", "香港金融管理局", "港交所", "恒生银行", "北屿省中医院", "海澜工程师学会"),
    *(
        "南桥数据交易所",
        "前海管理局",
        "华大基因",
        "数码港",
        "里斯本大学",
        "马来西亚卫生部",
        "渣打银行（香港）",
        "阿里巴巴",
    ),
)
FIELDS = (
    *(
        "人工智能",
        "金融科技",
        "绿色金融",
        "生物医药",
        "人才培养",
        "学分互认",
        "数据跨境流动",
        "低空经济",
        "临床试验",
        "标准互认",
    ),
    *(
        "海洋碳汇",
        "储能技术",
        "供应链管理",
        "再生医学",
        "合作办学",
        "食品安全",
        "原料供应",
        "技术许可",
        "虚拟资产",
    ),
)
DAYS = ("昨日", "日前", "3月12日", "已", "上周五在深圳", "本月8日", "今日正式", "于3月8日", "昨（13日）", "星期一")
ACTS = (
    "签署合作协议",
    "签订谅解备忘录",
    "签署战略合作框架协议",
    "达成战略合作",
    "签署《战略合作协议》",
    "签妥合作备忘录",
    "签署意向书",
)
TOLD = (
    *("{a}{t}与{b}就{f}{v}。", "{a}{t}就{f}与{b}{v}。", "{a}和{b}{t}就{f}及{g}{v}。", "{a}、{b}{t}{v}，聚焦{f}。"),
    *("{a}同{b}{t}在{f}、{g}等领域{v}。", "{a}{t}宣布，与{b}{v}，共同推进{f}。", "为推动{f}，{a}{t}与{b}{v}。"),
    *("{a}行政总裁陈立文与{b}主席王志强{t}{v}。", "围绕{f}，{a}{t}同{b}{v}。", "{a}透露，{t}已与{b}就{f}{v}。"),
)
LONG_AGO = ("去年11月", "2022年", "2021年5月", "前年", "去年底", "2020年9月12日")
PAPERS = ("合作协议", "谅解备忘录", "战略合作框架协议", "合作意向书")
MET = (
    "{a}与{b}昨日举办论坛。",
    "{a}昨日公布，由{b}提供的样本已送达。",
    "{a}行政总裁与{b}主席昨日会面。",
    "{a}昨日接待了{b}的代表团。",
)
BOTH = (
    *("{r}{d}签署{o}。", "{r}{d}就{f}签订{o}。", "这是{r}{d}签署{o}以来，首次有此安排。", "{r}早在{d}已签订{o}。"),
    *("根据{r}{d}签署的{o}，此类交流每年一次。", "{r}{d}签过一份{o}。", "{r}在{d}签有{o}。"),
)
REFERENCES = ("双方", "两家机构", "两个机构", "两家单位", "两间机构")
SELVES = {
    "海澜大学": "该校",
    "香港科技园公司": "公司",
    "港交所": "该所",
    "恒生银行": "该行",
    "海澜卫生局": "局方",
    "北屿省中医院": "院方",
}
ALONE = (
    *(
        "{s}{d}与{b}签署{o}。",
        "{s}{d}同{b}签过{o}。",
        "早在{d}，{s}已与{b}签署{o}。",
        "自{d}与{b}签订{o}以来，{s}已派出百人。",
    ),
    *("{s}称，{d}与{b}签署的{o}仍然有效。", "依托{d}与{b}签署的{o}，{s}已派出百人。", "此前，{s}与{b}于{d}签署{o}。"),
)

SILENT = (
    *(
        "{a}未与{b}签署合作协议。",
        "{a}希望与{b}签署{f}合作协议。",
        "{a}否认与{b}签署任何合作协议。",
        "{a}与{b}签署{f}设备采购合同。",
    ),
    *(
        "{a}与{b}就{f}对簿公堂，去年达成和解协议。",
        "根据{a}与{b}的采购协议，货款须于年底前付清。",
        "{a}与{b}昨日就{f}展开讨论。",
    ),
    *(
        "{a}从{b}引进三名专家，主管{f}。",
        "{a}第二次与{b}对簿公堂。",
        "{a}与{b}的股权转让协议已于去年完成交割。",
        "{a}建议与{b}续签协议。",
    ),
)
KNOWN = sorted(
    {name for body in known() for name in body.names if re.search("[\u4e00-\u9fff]{2}", name)}
    - {name for body in known() for name in body.names if re.search(r"[（(—－\-·]", name)}
)

pairs = st.lists(st.sampled_from(BODIES), min_size=2, max_size=2, unique=True)
chance = settings(max_examples=200, derandomize=True, deadline=None)


def read(text: str) -> tuple[Mention, ...]:
    return find(Article(text=text, published=PUBLISHED), Language(tag="zh-Hans", confidence=1.0))


def parties(mention: Mention) -> set[str]:
    return {party.name for party in mention.parties}


@chance
@given(pairs, st.lists(st.sampled_from(FIELDS), min_size=2, max_size=2, unique=True), st.data())
def test_a_sentence_of_news_names_its_parties(names: list[str], fields: list[str], data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(TOLD))
    day, act = data.draw(st.sampled_from(DAYS)), data.draw(st.sampled_from(ACTS))
    text = form.format(a=names[0], b=names[1], f=fields[0], g=fields[1], t=day, v=act)
    (mention,) = read(text)
    assert (parties(mention), mention.is_news) == (set(names), True), text


@chance
@given(pairs, st.sampled_from(MET), st.sampled_from(BOTH), st.sampled_from(REFERENCES), st.data())
def test_a_reference_means_those_named_before(
    names: list[str], met: str, told: str, reference: str, data: st.DataObject
) -> None:
    day, paper, field = (data.draw(st.sampled_from(words)) for words in (LONG_AGO, PAPERS, FIELDS))
    text = (met + told).format(a=names[0], b=names[1], r=reference, d=day, o=paper, f=field)
    (mention,) = read(text)
    assert (parties(mention), mention.is_news) == (set(names), False), text


@chance
@given(st.sampled_from(sorted(SELVES)), st.sampled_from(BODIES), st.sampled_from(ALONE), st.data())
def test_the_company_means_the_one_that_was_named_before(one: str, other: str, told: str, data: st.DataObject) -> None:
    assume(one != other)
    day, paper = (data.draw(st.sampled_from(words)) for words in (LONG_AGO, PAPERS))
    text = f"{one}昨日公布新计划。" + told.format(s=SELVES[one], b=other, d=day, o=paper)
    (mention,) = read(text)
    assert (parties(mention), mention.is_news) == ({one, other}, False), text


@chance
@given(st.sampled_from(KNOWN), st.sampled_from(TOLD[:3]), st.sampled_from(FIELDS))
def test_a_known_name_is_read_whole(name: str, form: str, field: str) -> None:
    text = form.format(a="海澜大学", b=name, f=field, g="人才培养", t="昨日", v="签署合作协议")
    (mention,) = read(text)
    assert plain(name) in {plain(party) for party in parties(mention)}, text


@chance
@given(pairs, st.sampled_from(SILENT), st.sampled_from(FIELDS))
def test_what_is_denied_bought_or_fought_over_is_silent(names: list[str], form: str, field: str) -> None:
    text = form.format(a=names[0], b=names[1], f=field)
    assert read(text) == (), text
