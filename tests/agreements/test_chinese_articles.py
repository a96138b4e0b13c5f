"""Whole articles in Chinese: references, short forms, news and background, what is told twice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from ingest.agreements.chinese import find
from ingest.documents import Article, Boilerplate, CutReason, Kind, Language, Mention, Moment, Precision, Status

LANGUAGE = Language(tag="zh-Hans", confidence=1.0)


@dataclass(frozen=True)
class Case:
    name: str
    day: str
    text: str
    told: tuple[str, ...]  # parties | kind | status | news or background | signed on


CASES = (
    Case(
        "both universities and a short form",
        "2022-05-20",
        "【本報訊】北嶼理工大學與南橋大學昨日在東灣簽訂聯合培養博士生協議，首批名額十二個。\n\n"
        "北嶼理大副校長說，學生頭兩年在北嶼，後兩年在南橋。\n\n"
        "兩校2018年曾簽過一份學術交流備忘錄，內容只限短期訪問。\n\n"
        "另外，理大計劃與南橋第一醫院合建臨床試驗中心，目前仍在物色地方。",
        (
            "北嶼理工大學+南橋大學|cooperation_agreement|signed|news|2022-05-19",
            "北嶼理工大學+南橋大學|mou|signed|background|2018",
            "北嶼理工大學+南橋第一醫院|joint_facility|planned|news|",
        ),
    ),
    Case(
        "an announcement that calls itself the company",
        "2021-08-19",
        "证券代码：300000    证券简称：海澜药谷\n\n关于签署战略合作框架协议的公告\n\n"
        "海澜药谷生物科技股份有限公司（以下简称“公司”）于2021年8月18日与北屿药科大学（以下简称“药科大”）"
        "签署了《战略合作框架协议》。\n\n公司与药科大共建“创新制剂联合实验室”，三年内投入研发经费不超过3000万元。\n\n"
        "2019年3月，公司与南桥纳米城签署合作框架协议，目前正常履行。\n\n特此公告。",
        (
            "海澜药谷生物科技股份有限公司+北屿药科大学|strategic_partnership|signed|news|2021-08-18",
            "海澜药谷生物科技股份有限公司+南桥纳米城|cooperation_agreement|signed|background|2019-03",
        ),
    ),
    Case(
        "three parties and an older paper of two",
        "2024-07-05",
        "北嶼交易所、南橋碳排放交易中心及東灣國際交易所周三簽署合作備忘錄，三方同意探索標準互認。\n\n"
        "備忘錄不涉資金，為期三年。\n\n北嶼交易所2022年與南橋碳排放交易中心簽過一份雙邊備忘錄。",
        (
            "北嶼交易所+南橋碳排放交易中心+東灣國際交易所|mou|signed|news|2024-07-03",
            "北嶼交易所+南橋碳排放交易中心|mou|signed|background|2022",
        ),
    ),
    Case(
        "an agreement that ended, with the day on which it was signed",
        "2023-07-20",
        "2019年4月，海澜药业与北屿生物签订独家分销协议。\n\n两家公司7月19日协议分手，解除分销协议，库存由海澜药业自行处理。",
        ("海澜药业+北屿生物|licensing|ended|news|2019-04",),
    ),
    Case(
        "a renewal and a plan beside it",
        "2024-02-20",
        "海澜云昨天与北屿银行续签云服务战略合作协议，把合作延至2028年。\n\n双方2020年首次签约。\n\n"
        "另据了解，海澜云正与南桥支付洽谈，拟成立合资公司，但尚未达成最终协议。",
        (
            "海澜云+北屿银行|strategic_partnership|renewed|news|2024-02-19",
            "海澜云+南桥支付|joint_venture|planned|news|",
        ),
    ),
    Case(
        "a licence given, a co-development, and a funding round that is neither",
        "2024-10-22",
        "由北屿大学教授创办的启澜生物10月21日公布两项交易。\n\n"
        "第一项，启澜将口服候选药QL-201在日本的开发及商业化权利独家授予Nahda Pharma，首付款2500万美元。\n\n"
        "第二项，公司与南桥医药订立合作协议，共同开发一款双靶点抗体。\n\n"
        "同日，启澜还宣布完成1.2亿元B轮融资，由东湾基金领投。",
        (
            "启澜生物+Nahda Pharma|licensing|signed|news|",
            "启澜生物+南桥医药|licensing|signed|news|",
        ),
    ),
    Case(
        "several papers of one meeting",
        "2024-11-08",
        "為期兩天的論壇昨日閉幕，期間共簽署四份合作備忘錄。\n\n其中，北嶼應科院分別與南橋通訊、東灣研究院簽署備忘錄；"
        "北嶼數碼園則與海瀾媒體發展局簽署合作備忘錄，推動初創互訪。",
        (
            "北嶼應科院+南橋通訊|mou|signed|news|",
            "北嶼應科院+東灣研究院|mou|signed|news|",
            "北嶼數碼園+海瀾媒體發展局|mou|signed|news|",
        ),
    ),
    Case(
        "a venture called off",
        "2025-09-12",
        "萊恩汽車周四公布，因需求放緩，決定終止與北嶼新能源成立合資公司的協議，雙方去年五月簽約，原定投資八億歐元。\n\n"
        "北嶼新能源其後證實消息。",
        ("萊恩汽車+北嶼新能源|joint_venture|ended|news|2024-05",),
    ),
    Case(
        "the same told in headline, lede and body",
        "2022-10-12",
        "北屿数码港与海澜投资局签合作备忘录\n\n10月11日，北屿数码港与海澜投资局签署合作备忘录。\n\n"
        "根据备忘录，双方将共建创业孵化器。\n\n签约后，北屿数码港行政总裁表示高兴。",
        ("北屿数码港+海澜投资局|mou|signed|news|2022-10-11",),
    ),
    Case(
        "a forum of hopes",
        "2024-09-20",
        "金融合作论坛昨天举行，两地监管机构和百余家金融机构代表参加。\n\n"
        "北屿市金融局局长表示，将继续深化两地合作，欢迎更多机构来北屿展业。\n\n"
        "海澜金管局副总裁则说，期待在跨境支付方面取得更多成果。双方就绿色金融等议题交换意见。\n\n"
        "报告建议，两地可签署监管合作备忘录，建立数据共享机制。",
        (),
    ),
    Case(
        "a visit, a denial, cornerstone investors and a sponsor",
        "2023-09-15",
        "局長昨日結束行程，期間與十多家科技企業會面。他透露，已有兩間公司表明有興趣，但未到簽約階段。\n\n"
        "南灣銀行發布公告，否認與雲鵲科技簽署合作協議。\n\n"
        "觀海科技與五名基石投資者簽訂投資協議，又與保薦人訂立包銷協議。\n\n"
        "賽事由一家銀行冠名贊助三年。",
        (),
    ),
)


def read(case: Case, text: str | None = None) -> tuple[Mention, ...]:
    published = Moment(iso=case.day, precision=Precision.DAY)
    return find(Article(text=text or case.text, published=published), LANGUAGE)


def shown(mention: Mention) -> str:
    parties = "+".join(party.name for party in mention.parties)
    news = "news" if mention.is_news else "background"
    return f"{parties}|{mention.kind}|{mention.status}|{news}|{mention.signed_on.iso if mention.signed_on else ''}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_article_tells_of_its_agreements_each_once(case: Case) -> None:
    assert tuple(shown(mention) for mention in read(case)) == case.told


@pytest.mark.parametrize("configuration", ["t2s", "s2t", "s2hk"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_script_makes_no_difference(case: Case, configuration: str) -> None:
    converter = OpenCC(configuration)
    converted = read(case, converter.convert(case.text))
    assert [converter.convert(told) for told in case.told] == [shown(mention) for mention in converted]


def test_boilerplate_never_fires() -> None:
    text = "北屿集团今日开业。\n\n关于北屿集团：公司与海澜大学签署了合作协议。"
    start = text.index("关于")
    about = Boilerplate(start=start, end=len(text), reason=CutReason.ABOUT)
    assert len(find(Article(text=text), LANGUAGE)) == 1
    assert find(Article(text=text, boilerplate=(about,)), LANGUAGE) == ()


def test_a_headline_serves_where_the_body_says_nothing() -> None:
    found = find(Article(text="北屿大学与海澜集团签署合作协议\n\n图：双方代表交换文本。"), LANGUAGE)
    assert [[party.name for party in mention.parties] for mention in found] == [["北屿大学", "海澜集团"]]


def test_without_a_published_date_only_full_dates_are_read() -> None:
    undated, dated = (
        find(Article(text=f"{when}，北屿大学与海澜集团签署合作协议。"), LANGUAGE)[0]
        for when in ("昨日", "2020年5月3日")
    )
    assert undated.signed_on is None
    assert dated.signed_on == Moment(iso="2020-05-03", precision=Precision.DAY)


def test_fields_and_value_are_taken_from_the_sentence() -> None:
    text = "北嶼大學與海瀾集團簽署合作協議，在人工智能、生命科技等領域展開合作，涉資最多3,000萬港元。"
    (found,) = find(Article(text=text), LANGUAGE)
    assert found.fields == ("人工智能", "生命科技")
    assert found.value == "最多3,000萬港元"


def test_a_party_points_at_its_words_in_the_sentence() -> None:
    text = "海澜生物科技有限公司（下称“海澜生物”）昨日上市。\n\n海澜生物与北屿大学签署合作协议。"
    (found,) = find(Article(text=text), LANGUAGE)
    first, second = found.parties
    assert first.name == "海澜生物科技有限公司"
    assert text[first.start : first.end] == "海澜生物"
    assert text[second.start : second.end] == second.name == "北屿大学"


WORDS = st.sampled_from(
    (
        *(
            "北屿大学",
            "海澜集团",
            "与",
            "和",
            "、",
            "分别",
            "将",
            "拟",
            "在",
            "上海",
            "签署",
            "签订",
            "合作协议",
            "的",
            "等",
        ),
        *(
            "《合作备忘录》",
            "（下称“海澜”）",
            "双方",
            "公司",
            "昨日",
            "2021年3月",
            "，",
            "。",
            "；",
            "\n",
            "共建",
            "就",
        ),
        *("联合实验室", "宣布", "终止", "ABC Pharma", "“", "”", "（", "）", "《", "》", "授予", "独家权利", "一家银行"),
        *("董事长", "张三", ":", "合资成立", "3亿元"),
    )
)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_no_text_breaks_it_and_every_offset_is_exact(text: str) -> None:
    published = Moment(iso="2024-03-14", precision=Precision.DAY)
    for mention in find(Article(text=text or " ", published=published), LANGUAGE):
        assert mention.evidence == text[mention.start : mention.end]
        assert mention.parties
        assert all(party.name and party.name in text for party in mention.parties)
        assert 0.0 <= mention.confidence <= 1.0
        assert isinstance(mention.kind, Kind)
        assert isinstance(mention.status, Status)
