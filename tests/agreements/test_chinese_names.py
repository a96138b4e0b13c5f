"""Where a Chinese name begins and ends: conjunctions inside words, verbs, datelines, descriptions; in both scripts."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from ingest.agreements.chinese import find
from ingest.agreements.chinese.lexicon import plain
from ingest.agreements.chinese.tokens import tokenise
from ingest.documents import Article, Language, Moment, Precision

TRADITIONAL = OpenCC("s2t")
PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)


def parties(text: str) -> list[str]:
    article = Article(text=text, title=None, published=PUBLISHED)
    found = find(article, Language(tag="zh-Hans", confidence=1.0))
    return ["+".join(party.name for party in mention.parties) for mention in found]


WORDS = (
    "共同",
    "同时",
    "合同",
    "同意",
    "如同",
    "协同",
    "陪同",
    "赞同",
    "认同",
    "相同",
    "不同",
    "趋同",
    "同步",
    "同样",
    "同志",
    "同比",
    "同行",
    "同日",
    "同年",
    "胡同",
    "大同",
    "和谐",
    "和平",
    "和解",
    "缓和",
    "饱和",
    "共和国",
    "参与",
    "与会",
    "给与",
    "赠与",
    "与否",
    "与此同时",
    "与时俱进",
    "及其",
    "及时",
    "涉及",
    "普及",
    "遍及",
    "提及",
    "触及",
    "顾及",
    "及格",
    "埃及",
    "跟踪",
    "跟进",
    "跟随",
    "紧跟",
    "跟投",
    "由于",
    "自由",
    "理由",
    "缘由",
    "由此",
    "转让",
    "受让",
    "让利",
)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("frame", ["西山{}北岭", "双方{}研究项目", "该集团将{}推进工作"])
def test_a_conjunction_inside_a_word_joins_nothing(word: str, frame: str) -> None:
    for text in (frame.format(word), TRADITIONAL.convert(frame.format(word))):
        at = frame.index("{")
        tokens = tokenise(plain(text), 0, len(text))
        inside = [token.kind for token in tokens if at <= token.start < at + len(word)]
        assert not {"W", "B"} & set(inside)


# A character that would make a word with the next one is still 'and' where a name follows.
SPLIT = [
    ("西山大学同意大利北岭大学签署交流协议。", ["西山大学+意大利北岭大学"]),
    ("西山大学与会展中心有限公司签署合作协议。", ["西山大学+会展中心有限公司"]),
    ("该中心的管理由西山大学与北岭集团承担，双方签署合作协议。", ["西山大学+北岭集团"]),
    ("西山大学跟上海张江集团就医疗合作签署协议。", ["西山大学+上海张江集团"]),
    ("西山大学和上海气象局就学术交流签署合作协议。", ["西山大学+上海气象局"]),
    ("西山大学以及北岭大学、东湾大学签署三方合作协议。", ["西山大学+北岭大学+东湾大学"]),
]


@pytest.mark.parametrize(("text", "told"), SPLIT)
def test_a_conjunction_before_a_name_joins(text: str, told: list[str]) -> None:
    assert parties(text) == told
    assert parties(TRADITIONAL.convert(text)) == [TRADITIONAL.convert(name) for name in told]


HEADS = (
    "本报讯 ",
    "本报讯",
    "本网讯 ",
    "本台消息 ",
    "西山晚报讯 ",
    "【本报讯】",
    "【要闻】",
    "要闻 ",
    "快讯：",
    "(记者 何思远) ",
    "（记者 何思远）",
    "本报讯（记者何思远 通讯员罗一舟）",
    "【记者何思远／西山报道】",
    "本报记者何思远报道 ",
    "新华社西山3月13日电 ",
    "新华社西山3月13日电（记者何思远）",
    "新华社西山3月13日电",
    "中新网3月13日电 ",
    "本报西山3月13日讯 ",
    "（西山13日讯）",
    "西山13日讯 ",
    "新华社电 ",
    "西山消息 ",
    "首页 > 财经 > 正文 ",
)


@pytest.mark.parametrize("head", HEADS)
def test_a_dateline_is_no_part_of_a_name(head: str) -> None:
    text = f"{head}西山大学与北岭集团签署合作协议。"
    assert parties(text) == ["西山大学+北岭集团"]
    assert parties(TRADITIONAL.convert(text)) == [TRADITIONAL.convert("西山大学+北岭集团")]


TOLD = [
    # A verb phrase is no party, whoever 'both sides' are.
    (
        "西山科技园与上海临港集团今日签署合作备忘录，双方将共同建设联合实验室。该备忘录由双方代表在西山签署，为期五年。",
        ["西山科技园+上海临港集团"],
    ),
    ("西山大学昨日举行活动。双方共同推动建设研究院，并签署合作协议。", []),
    ("西山大学推动建设联合研究中心，双方负责人签署合作备忘录。", []),
    ("双方签署协议，西山大学将建设国家级示范基地，北岭集团提供资金。", []),
    ("西山集团拟在北岭市建设联合实验室，双方已签署协议。", []),
    ("何思远与罗一舟昨日会面。双方签署合作协议，同时宣布成立联合实验室。", []),
    # Names made of a place and a trade, and names in which verbs stand.
    ("广州医药集团与西山大学签署合作协议。", ["广州医药集团+西山大学"]),
    ("西山大学与法国能源集团Dalmore签署合作协议。", ["西山大学+Dalmore"]),
    ("国家开放大学与西山建设集团签署合作协议。", ["国家开放大学+西山建设集团"]),
    ("建设发展有限公司与西山大学签署合作协议。", ["建设发展有限公司+西山大学"]),
    ("3月13日电子科技大学与西山讯飞科技签署合作协议。", ["电子科技大学+西山讯飞科技"]),
    ("西山科技与北岭电子签署合作协议。", ["西山科技+北岭电子"]),
    # Parts of universities, papers, chambers.
    ("西山大学生物系与北岭医院签署合作备忘录。", ["西山大学生物系+北岭医院"]),
    ("西山大学计算机科学与技术学院与北岭集团研究院签署合作协议。", ["西山大学计算机科学与技术学院+北岭集团研究院"]),
    ("西山大学新闻学院与北岭日报社签约共建实践基地。", ["西山大学新闻学院+北岭日报社"]),
    ("会上，西山工商联与北岭总商会结为友好商会。", ["西山工商联+北岭总商会"]),
    # Who signs for a party is none.
    ("何思远代表西山大学、罗一舟代表北岭集团签署合作协议。", ["西山大学+北岭集团"]),
    ("西山集团董事长何思远与北岭大学校长罗一舟出席仪式，并代表双方签署合作协议。", ["西山集团+北岭大学"]),
    # What the second sentence says of the same agreement opens no other.
    ("由西山大学与北岭集团共同发起的智能医疗联合实验室昨日揭牌。该实验室将同时向两地企业开放。", ["西山大学+北岭集团"]),
    ("西山汽车与北岭能源合资设立西岭电池有限公司，双方各持股五成。", ["西山汽车+北岭能源"]),
    (
        "西山生物牵手Norvane Therapeutics，达成独家授权合作。此次合作涵盖研发以及销售。",
        ["西山生物+Norvane Therapeutics"],
    ),
    ("由于市场变化，西山科技与北岭集团经协商同意终止合作协议。双方及其附属公司互不追究。", ["西山科技+北岭集团"]),
    (
        "西山科技园与北岭大学、东湾医院等12家单位签署合作备忘录。该备忘录由各方共同签署。",
        ["西山科技园+北岭大学", "西山科技园+东湾医院"],
    ),
]


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_names_end_where_the_sentence_goes_on(text: str, told: list[str]) -> None:
    assert parties(text) == told
    assert parties(TRADITIONAL.convert(text)) == [TRADITIONAL.convert(name) for name in told]


def test_what_an_agreement_follows_is_not_its_date() -> None:
    text = "继2021年首次合作后，西山大学与北岭医院签署新一轮合作协议。"
    (mention,) = find(Article(text=text, title=None, published=PUBLISHED), Language(tag="zh-Hans", confidence=1.0))
    assert (mention.signed_on, mention.is_news) == (None, True)
