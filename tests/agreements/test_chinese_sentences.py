"""Single sentences, in both scripts, beside what they say. All were written for this table, on 14 March 2024."""

from __future__ import annotations

import pytest

from ingest.agreements.chinese import find
from ingest.documents import Article, Kind, Language, Mention, Moment, Precision, Status

PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)
MOU, STRATEGIC, VENTURE = Kind.MOU, Kind.STRATEGIC_PARTNERSHIP, Kind.JOINT_VENTURE
FACILITY, LICENSING, PLAIN = Kind.JOINT_FACILITY, Kind.LICENSING, Kind.COOPERATION_AGREEMENT
PLANNED, SIGNED, RENEWED, ENDED = Status.PLANNED, Status.SIGNED, Status.RENEWED, Status.ENDED


def read(text: str, title: str | None = None) -> tuple[Mention, ...]:
    return find(Article(text=text, title=title, published=PUBLISHED), Language(tag="zh-Hans", confidence=1.0))


# text, parties joined by '+' (agreements by '|'), kind, status, is_news, signed_on
STATED = [
    # Two parties before the verb.
    ("海澜科技与北屿大学签署合作协议。", "海澜科技+北屿大学", PLAIN, SIGNED, True, None),
    ("海瀾科技與北嶼大學簽署合作備忘錄。", "海瀾科技+北嶼大學", MOU, SIGNED, True, None),
    (
        "3月12日，海澜科技有限公司和北屿银行在深圳签署战略合作框架协议。",
        "海澜科技有限公司+北屿银行",
        STRATEGIC,
        SIGNED,
        True,
        "2024-03-12",
    ),
    ("北嶼交易所昨日與海瀾清算所簽訂諒解備忘錄。", "北嶼交易所+海瀾清算所", MOU, SIGNED, True, "2024-03-13"),
    (
        "上周五，北屿市人民政府与海澜集团正式签约，共建生物医药产业园。",
        "北屿市人民政府+海澜集团",
        FACILITY,
        SIGNED,
        True,
        "2024-03-08",
    ),
    (
        "本月8日，由北屿研究院与海澜医院共同建设的精准医学联合实验室揭牌成立。",
        "北屿研究院+海澜医院",
        FACILITY,
        SIGNED,
        True,
        "2024-03-08",
    ),
    (
        "北屿生物医药股份有限公司日前同德国药企Helmut Pharma达成战略合作。",
        "北屿生物医药股份有限公司+Helmut Pharma",
        STRATEGIC,
        SIGNED,
        True,
        None,
    ),
    ("北嶼科技園夥拍海瀾基金會，共同設立初創孵化器。", "北嶼科技園+海瀾基金會", FACILITY, SIGNED, True, None),
    ("海澜汽车与北屿电池将合资成立一家公司。", "海澜汽车+北屿电池", VENTURE, PLANNED, True, None),
    ("海澜汽车和北屿能源宣布成立合资公司，注册资本5亿元。", "海澜汽车+北屿能源", VENTURE, SIGNED, True, None),
    (
        "海澜药业与北屿生物签订独家许可协议，取得其在大中华区的开发权。",
        "海澜药业+北屿生物",
        LICENSING,
        SIGNED,
        True,
        None,
    ),
    ("北屿制药授予海澜医药在东南亚的独家商业化权利。", "北屿制药+海澜医药", LICENSING, SIGNED, True, None),
    ("北屿大学携手海澜集团共建人工智能联合研究中心。", "北屿大学+海澜集团", FACILITY, SIGNED, True, None),
    ("北屿大学、海澜学院联合成立碳中和研究院。", "北屿大学+海澜学院", FACILITY, SIGNED, True, None),
    (
        "北屿省商务厅与海澜国驻华大使馆签署经贸合作谅解备忘录。",
        "北屿省商务厅+海澜国驻华大使馆",
        MOU,
        SIGNED,
        True,
        None,
    ),
    ("北屿国和海澜国签署自由贸易协定。", "北屿国+海澜国", PLAIN, SIGNED, True, None),
    ("中国与新加坡今日在北京签署数字经济合作协定。", "中国+新加坡", PLAIN, SIGNED, True, "2024-03-14"),
    ("香港與廣東省簽署深化金融合作協議。", "香港+廣東省", PLAIN, SIGNED, True, None),
    ("香港科技大學及中山大學就海洋科學研究簽訂合作協議。", "香港科技大學+中山大學", PLAIN, SIGNED, True, None),
    ("北屿医院与海澜大学医学院建立长期战略合作伙伴关系。", "北屿医院+海澜大学医学院", STRATEGIC, SIGNED, True, None),
    ("北屿市与海澜市结为友好城市。", "北屿市+海澜市", PLAIN, SIGNED, True, None),
    ("北屿协会暨海澜商会签署人才培训合作协议。", "北屿协会+海澜商会", PLAIN, SIGNED, True, None),
    (
        "海澜证券与北屿保险（集团）股份有限公司就财富管理达成合作。",
        "海澜证券+北屿保险（集团）股份有限公司",
        PLAIN,
        SIGNED,
        True,
        None,
    ),
    ("HashLane与Bank of Beiyu签署合作备忘录，探索代币化存款。", "HashLane+Bank of Beiyu", MOU, SIGNED, True, None),
    ("北嶼數碼銀行宣佈與支付公司LanePay合作，推出跨境匯款服務。", "北嶼數碼銀行+LanePay", PLAIN, SIGNED, True, None),
    ("北屿交易所与海澜指数公司签署意向书，研究互联互通。", "北屿交易所+海澜指数公司", MOU, SIGNED, True, None),
    (
        "海澜生物(01234.HK)公告，与北屿医药订立合作开发协议，共同开发一款抗体药物。",
        "海澜生物+北屿医药",
        LICENSING,
        SIGNED,
        True,
        None,
    ),
    # Three and more.
    (
        "北屿大学、海澜大学和南桥科技大学共同签署人才联合培养协议。",
        "北屿大学+海澜大学+南桥科技大学",
        PLAIN,
        SIGNED,
        True,
        None,
    ),
    ("广州市政府、北屿大学和海澜集团三方签署合作框架协议。", "广州市政府+北屿大学+海澜集团", PLAIN, SIGNED, True, None),
    (
        "由北屿银行、海澜银行及南桥证券共同发起的贸易金融区块链联盟协议昨天签署。",
        "北屿银行+海澜银行+南桥证券",
        STRATEGIC,
        SIGNED,
        True,
        "2024-03-13",
    ),
    # A hub and its spokes.
    (
        "北屿科技园分别与海澜大学、南桥研究院和东湾医院签署合作备忘录。",
        "北屿科技园+海澜大学|北屿科技园+南桥研究院|北屿科技园+东湾医院",
        MOU,
        SIGNED,
        True,
        None,
    ),
    (
        "北嶼交易所先後與海瀾交易所及南橋交易所簽署諒解備忘錄。",
        "北嶼交易所+海瀾交易所|北嶼交易所+南橋交易所",
        MOU,
        SIGNED,
        True,
        None,
    ),
    (
        "海澜大学与北屿集团、南桥银行签署三份合作协议。",
        "海澜大学+北屿集团|海澜大学+南桥银行",
        PLAIN,
        SIGNED,
        True,
        None,
    ),
    # The subject stands in an earlier clause, or the object carries the partner.
    ("海澜科技公布，已与北屿银行就数字支付签署合作协议。", "海澜科技+北屿银行", PLAIN, SIGNED, True, None),
    ("海澜科技宣布与北屿大学的战略合作协议正式签署。", "海澜科技+北屿大学", STRATEGIC, SIGNED, True, None),
    (
        "北屿大学校长何思远与海澜集团董事长兼总裁罗一舟分别代表双方签署合作协议。",
        "北屿大学+海澜集团",
        PLAIN,
        SIGNED,
        True,
        None,
    ),
    ("在北屿省省长见证下，海澜集团与南桥大学签署校企合作协议。", "海澜集团+南桥大学", PLAIN, SIGNED, True, None),
    ("總部位於倫敦的金融科技公司Lanewise與北嶼銀行簽訂合作協議。", "Lanewise+北嶼銀行", PLAIN, SIGNED, True, None),
    ("海澜集团旗下的北屿资本与南桥基金签署战略合作协议。", "北屿资本+南桥基金", STRATEGIC, SIGNED, True, None),
    ("合作备忘录由北屿管理局与海澜科学园公司在论坛期间签署。", "北屿管理局+海澜科学园公司", MOU, SIGNED, True, None),
    ("北屿大学与海澜集团战略合作签约仪式在北屿举行。", "北屿大学+海澜集团", STRATEGIC, SIGNED, True, None),
    ("北屿大学与一家日本银行签署合作协议。", "北屿大学", PLAIN, SIGNED, True, None),
    ("財經事務及庫務局與北嶼金融局簽訂金融科技合作安排。", "財經事務及庫務局+北嶼金融局", PLAIN, SIGNED, True, None),
    (
        "北屿市科学技术局与工业和信息化部海澜研究所签署共建协议。",
        "北屿市科学技术局+工业和信息化部海澜研究所",
        PLAIN,
        SIGNED,
        True,
        None,
    ),
    ("复旦大学附属海澜医院与北屿基因签署合作协议。", "复旦大学附属海澜医院+北屿基因", PLAIN, SIGNED, True, None),
    (
        "香港中文大學（深圳）與北嶼研究所合辦聯合實驗室。",
        "香港中文大學（深圳）+北嶼研究所",
        FACILITY,
        SIGNED,
        True,
        None,
    ),
    ("北嶼數碼園公布，與海瀾加速器結成合作夥伴。", "北嶼數碼園+海瀾加速器", PLAIN, SIGNED, True, None),
    ("北屿医药从海澜生物手中拿到一款抗体在大中华区的开发权利。", "北屿医药+海澜生物", LICENSING, SIGNED, True, None),
    ("海澜国经济部长与北屿国财政部长签署投资保护协定。", "海澜国经济部+北屿国财政部", PLAIN, SIGNED, True, None),
    # Planned.
    ("海澜科技拟与北屿大学签署合作协议。", "海澜科技+北屿大学", PLAIN, PLANNED, True, None),
    ("北嶼大學將於下月與海瀾集團簽署合作備忘錄。", "北嶼大學+海瀾集團", MOU, PLANNED, True, None),
    ("北屿银行正与海澜科技洽谈成立合资公司。", "北屿银行+海澜科技", VENTURE, PLANNED, True, None),
    ("北屿集团计划携手海澜大学共建新能源研究院。", "北屿集团+海澜大学", FACILITY, PLANNED, True, None),
    ("北屿市与海澜集团有望年内签订战略合作协议。", "北屿市+海澜集团", STRATEGIC, PLANNED, True, None),
    ("北屿集团与海澜大学达成初步合作意向。", "北屿集团+海澜大学", PLAIN, PLANNED, True, None),
    # Renewed.
    ("北屿大学与海澜集团续签战略合作协议。", "北屿大学+海澜集团", STRATEGIC, RENEWED, True, None),
    ("3月1日，北嶼銀行與海瀾保險再次簽署合作備忘錄。", "北嶼銀行+海瀾保險", MOU, RENEWED, True, "2024-03-01"),
    ("海澜药业与北屿生物的分销协议昨日续签。", "海澜药业+北屿生物", LICENSING, RENEWED, True, "2024-03-13"),
    ("北屿大学和海澜大学将合作协议延长五年，双方昨天续约。", "北屿大学+海澜大学", PLAIN, RENEWED, True, "2024-03-13"),
    # Ended.
    ("海澜药业与北屿生物终止合作协议。", "海澜药业+北屿生物", PLAIN, ENDED, True, None),
    ("海瀾汽車宣布終止與北嶼科技的合資計劃。", "海瀾汽車+北嶼科技", VENTURE, ENDED, True, None),
    ("北屿生物与海澜制药解除独家授权协议。", "北屿生物+海澜制药", LICENSING, ENDED, True, None),
    # Background.
    ("早在2019年，北屿大学就与海澜集团签署合作协议。", "北屿大学+海澜集团", PLAIN, SIGNED, False, "2019"),
    ("北屿银行2021年6月与海澜科技签订战略合作协议。", "北屿银行+海澜科技", STRATEGIC, SIGNED, False, "2021-06"),
    ("此前，海澜科技曾与北屿大学签署合作备忘录。", "海澜科技+北屿大学", MOU, SIGNED, False, None),
]


@pytest.mark.parametrize(("text", "parties", "kind", "status", "is_news", "signed_on"), STATED)
def test_a_sentence_tells_of_an_agreement(
    text: str,
    parties: str,
    kind: Kind,
    status: Status,
    is_news: bool,  # noqa: FBT001 - a column of the table
    signed_on: str | None,
) -> None:
    found = read(text)
    assert ["+".join(party.name for party in mention.parties) for mention in found] == parties.split("|")
    for mention in found:
        assert (mention.kind, mention.status, mention.is_news) == (kind, status, is_news)
        assert (mention.signed_on.iso if mention.signed_on else None) == signed_on
        assert mention.evidence == text[mention.start : mention.end]


SILENT = [
    # Hopes, calls, possibilities, denials.
    "北屿大学希望与海澜集团签署合作协议。",
    "北嶼市長期待與海瀾市建立戰略合作夥伴關係。",
    "委员建议北屿市与海澜市共建联合实验室。",
    "北屿商会呼吁两地企业加强合作。",
    "企业可与大学签订合作协议，申请资助。",
    "北屿大学尚未与海澜集团签署任何合作协议。",
    "海瀾科技否認與北嶼銀行達成合作協議。",
    "如果北屿大学与海澜集团签署合作协议，将设立奖学金。",
    "双方表示愿意加强在人才领域的合作。",
    "海澜市代表团访问北屿大学，双方就深化合作交换意见。",
    "北屿论坛昨日开幕，约五百名嘉宾讨论大湾区合作前景。",
    # Takeovers, money, orders, sponsorship, settlements, employment.
    "海澜集团与北屿科技签署股权收购协议。",
    "海瀾集團與北嶼銀行簽訂五億元貸款協議。",
    "海澜科技完成两亿元融资，由北屿资本领投。",
    "海澜航空与北屿飞机签署采购合同，订购二十架客机。",
    "海瀾飲料與北嶼馬拉松簽署三年冠名贊助協議。",
    "海澜科技与北屿电子达成和解协议，结束专利诉讼。",
    "球员何思远与北屿队签约三年。",
    "海澜集团与工会签署集体合同。",
    "北屿市与海澜地产签订土地出让合同。",
    "海澜科技与北屿证券签署承销协议，为上市做准备。",
    "海澜集团与北屿投资签署意向书，拟收购其六成股权。",
    "海澜公司与北屿物业签订租赁合同。",
    "两党达成联合执政协议。",
    "海澜歌手与北屿唱片签约。",
    # Ambitions, co-hosting, and working together in general.
    "香港与深圳将共同打造国际科技创新中心。",
    "北屿大学与海澜集团合办的创科展在会展中心开幕。",
    "北嶼市與海瀾市同意深化全面合作。",
    "北屿大学校长会见海澜大学校长，双方将继续深化战略合作。",
    "北屿银行与海澜大学联合举办金融科技论坛。",
    "海澜科技成为北屿足球队官方合作伙伴。",
    "粤港澳大湾区正加快建设人才高地，各地人才合作日益密切。",
    "海澜集团有望参与北屿市的基建项目。",
    "北嶼大學與海瀾大學的學者共同發表一篇論文。",
    # Words that only look alike.
    "合同约定，承租人须在月底前交租。",
    "北屿市签约率达到九成。",
    "海澜大学举办校园开放日，吸引三千人。",
]


@pytest.mark.parametrize("text", SILENT)
def test_a_sentence_without_commitment_is_silent(text: str) -> None:
    assert read(text) == ()
