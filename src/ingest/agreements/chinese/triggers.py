"""The words that make a Chinese sentence one about an agreement.

Forms, each an `Act`:

    sign      签署/签订/签定/签下/签成/续签/再签/订立/缔结/达成/敲定 … 协议|备忘录|意向书|协定|合同|…;  签约 alone
    reach     建立/确立/结成/达成/开启 … 战略合作|伙伴关系|合作|联盟|友好城市
    build     共建|合建|共同/联合/携手成立 … 实验室|中心|园区|平台;  …联合实验室 揭牌|成立|启用
    venture   合资成立|成立合资公司|共同出资设立|共同设立 … 基金
    license   授予|授权给|获 … 授权 … 独家权利
    announce  宣布 … 与 … 合作|携手|联手
    partner   合作伙伴包括 …
    hand      第一份给了 …;  第二份的对象是 …
    hold      根据 A 与 B 的 … 协议;  A 与 B 的 … 协议已完成 …
    end       终止|解除|取消 … 合作|协议;  合作 … 终止|告吹
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.agreements.chinese.acts import Act, Trigger
from ingest.agreements.chinese.nouns import nouns

__all__ = ["Act", "Trigger", "fires", "triggers"]

_SIGN = re.compile(
    r"续签订?|再续签|再签订?(?!证)|重签|换签|补签|(?<![创更翻全革])新签(?![署订定约下立])|签署|签订|签定|签下|签立|签成|签妥|签落|签立|订立|缔结"
    r"|达成|敲定|达致|续订"
    r"|签出|签[了下](?:[一二两三四五六七八十\d]+年期?的?合?约)|(?:互换|交换)(?=[^，。；！？]{0,12}?(?:协议|备忘录|合作文[本件]))"
    r"|签约(?!率|额|量|方|单位|机构|项目|艺人|作家|作者|歌手|球员|运动员|金额|面积|画家|主播|客户|仪式|会)|续约|签约仪式"
    r"|签署仪式|签字仪式|签字(?!笔|版|人|仪式|盖)|换文"
    r"|签的(?=[^，。；！？的名证]{0,10}(?:协议|备忘录|意向书|协定))"
    r"|签[了有过]?(?=(?:一份|了|下)?《|[^，。；！？的名证]{0,14}(?:协议|备忘录|意向书|协定|MO[Uu]|(?:类似|同类|合作)文件))"
)
_DOCUMENT = re.compile(
    r"备忘录|意向书|MO[Uu]|LOI|意向性?协议|协议书?|协定|合约|契约|合同|条约|公约|议定书|合作安排|框架安排|互认安排|安排(?=》)|(?:合作|合营|合资|类似|同类)文[件本]"
    r"|合作意向|合作宣言|合作声明|合作纪要"
    r"|战略合作|策略合作|策略性合作|战略性合作|全面合作|合作伙伴关系|伙伴关系|合作关系|战略联盟|策略联盟|合作(?=$"
    r"|[，。；！？])"
)
_GOOD = re.compile(
    r"合作|MO[Uu]|战略|策略|备忘|伙伴|意向书|联盟|共建|合建|合资|合营|授权|许可|代理|分销|经销|研发|共同|联合|交流|友好"
    r"|姊妹|姐妹|互认|互联互通|互换"
    r"|协作|协同|自由贸易|自贸|经济伙伴|技术转让|技术转移|技术协议|开发(?:及|和|与|协议)|开发协议|培养|框架|协定"
    r"|议定书|公约|商业化|推广协议|互免|结对|对接|交换|互派|培训|互认|教育|科研|研究|创新"
)
_BAD = re.compile(
    r"收购|并购|购买|买卖|转让协议|股权转让|股份转让|资产转让|股权|股份|认购|增资|入股|融资|贷款|借款|授信|银团"
    r"|租赁|租约|租用|采购|供货|供应协议"
    r"|供应合同|供应框架|订购|订单|销售合同|销售协议|购销|购电|赞助|冠名|和解|劳动|雇佣|雇用|聘用|集体谈判"
    r"|集体合约|加薪|薪酬|保密协议|仲裁|承销|保荐|配售"
    r"|包销|上市协议|土地|出让合同|征收|拆迁|保险合同|执政|组阁|停火|停战|引渡|经纪|唱片|代言|转会|施工|承包"
    r"|工程合同|总包|物业|服务合同|服务协议|担保|抵押"
    r"|质押|对赌|减产|认罪|离婚|婚前|投资协议|投资合同|财务资助|委托理财|关连交易|使用条款|用户协议|服务条款|隐私"
    r"|还款|欠款|债务|赔偿|补偿|一致行动|合并协议|私有化|竞业|监理|咨询协议|顾问协议|咨询服务|捐赠|捐款|资助协议|基石投资"
)
_OVERRIDES = re.compile(
    r"战略合作|策略合作|合作备忘录|谅解备忘录|合作框架|合作协议|战略协议|伙伴关系|联合实验室|合资|合营"
)
_TAKEOVER = re.compile(r"收购|并购|购买|股权|股份|认购|增资|入股|转让意向|和解|赞助|冠名|采购|租赁|贷款|授信|融资")
_TREATY = re.compile(r"协定|条约|公约|议定书|意向书|备忘录")
_FACILITY = (
    r"(?:实验室|研究院|研究所|研究中心|研发中心|中心|基地|孵化器|加速器|产业园|科技园|科创园|园区|平台|校区|分校|学院"
    r"|工作站|示范区|试验区|工作室|联合体|枢纽|研发院|合作区|医院)"
)
_TOGETHER = (
    r"(?:共同|联合|携手|联手|合作，?|合力|协同|一起)"
    r"(?:投资|发起|出资|筹划|筹备|推动|申报|[在于][^，。；！？]{1,10}?)?"
)
_BUILD = re.compile(
    rf"(?:共建|合建|合办|合开|合设|共设|共同组建|联建|{_TOGETHER}(?:建设|建立|成立|设立|打造|组建|筹建|创办|创建|开设|搭建|兴建"
    rf"|共建|开办|设置|建造|运营|营运))"
    rf"(?P<object>(?!的)[^，。；！？在]{{0,50}}?{_FACILITY})"
)
_BUILD_JOINT = re.compile(
    rf"(?:成立|设立|建立|组建|创建|打造|开设|筹建|建设|揭牌成立|启动|设(?!备|计|施"
    rf"|置))(?P<object>[^，。；！？]{{0,30}}?(?:联合"
    rf"|合作|共建|共享|联合创新|协同)[^，。；！？]{{0,20}}?{_FACILITY})"
)
_FOUNDED_BY = re.compile(
    rf"(?:{_FACILITY}|联盟|基金(?!会)|公司|企业)[^。；]{{0,24}}?[由系是][^，。；]{{3,60}}?(?P<verb>(?:共同|联合|合作|携手|合资)"
    rf"(?:发起|筹建|出资|投资)?(?:成立|设立|组建|建立|建设|创办|共建|打造|创立|建成|组成)|共建|合建|合办)(?=[，。；、的]|$)"
)
_VENTURED = re.compile(
    r"(?P<object>(?:合资|合营)(?:公司|企业|项目|工厂))[^，。；！？的]{0,20}?(?:揭牌|挂牌|成立|开业|投产|启用|落户|启动|动工)"
)
_UNVEILED = re.compile(
    rf"(?P<object>(?:联合|合作|共建|协同"
    rf"|共同)[^，。；！？的、]{{0,16}}?{_FACILITY}[”]?)(?![、和与及])(?P<verb>[^，。；！？]{{0,24}}?(?:揭牌|揭幕|成立|启用|落成"
    rf"|挂牌|启动|开幕|投入运作|投入运营|奠基|动工|落户))"
)
_BUILT_OF = re.compile(
    r"(?:共建|合建|合办|合作成立|共同成立|联合成立|共同建设|联合建设|共同建立|联合建立|联合共建|合作共建|合作建立"
    r"|合作建设|共同设立|联合设立|共同打造|联合打造)的(?P<object>[^，。；！？在]{0,40}?(?:实验室|院|所|中心|基地|园"
    r"|器|平台|校区|站)[”]?)"
)
# What governments set out to become, and nobody founds.
_AMBITION = re.compile(
    r"(?:国际|全球|世界|亚洲|区域)[^，。]{0,12}(?:中心|枢纽|平台|高地)$"
    r"|(?:创科|科创|科技创新|金融|航运|贸易|人才|文化|航空|仲裁|消费|物流)(?:中心|枢纽|高地)$|好平台$|大平台$"
)
_DATED = re.compile(r"(?:年|\d月)[^，。；与和同]{0,8}$")
_OPENED = re.compile(r"揭牌|揭幕|成立|启用|落成|挂牌|启动|开幕|投入运作|投入运营|奠基|动工")
_VENTURE = re.compile(
    r"(?:合资|合营)(?:成立|设立|组建|建立|兴建|建设|建厂|创办|经营|开发|组成)(?P<a>[^，。；！？]{0,30})"
    r"|(?:成立|设立|组建|建立|创办|注册|组成)(?P<b>[^，。；！？]{0,30}?(?:合资|合营)(?:公司|企业|项目|基金|平台"
    r"|工厂|厂)?)"
    r"|共同出资(?P<c>[^，。；！？]{0,24}?(?:成立|设立|组建|建立))"
    r"|(?:共同|联合|合作)(?:发起)?(?:成立|设立|组建)(?P<d>[^，。；！？]{0,30}?(?:基金(?!会)|公司))"
    r"|(?:合组|共组|合设)(?P<e>[^，。；！？]{0,30}?(?:基金(?!会)|公司))"
)
_LICENSE = re.compile(
    r"(?:授予|授出|授权予|授权给|许可予|许可给|独家授权[给予]?|独家许可[给予]?|授权(?=[^，。；！？]{2,20}(?:独家|开发|使用|生产"
    r"|销售|商业化|分销|代理|在)))(?P<a>[^，。；！？]{0,60}(?:权|许可|权益|权利|开发|商业化|销售|生产|使用)?)"
    r"|(?:引进|引入)(?P<b>[^，。；！？]{0,40}?(?:权益|权利|商业化权|开发权|专利许可))"
)
_GRANTED = re.compile(
    r"成为(?=[^，。；！？]{2,30}?(?:独家|总|特许|授权|指定)[^，。；！？]{0,6}?(?:代理|经销|分销|销售))"
    r"(?P<agent>[^，。；！？]{2,40}?(?:代理商?|经销商?|分销商?|销售[商方]))|"
    r"(?:获得?|取得|获授|获授予|拿到|拿下)"
    r"(?P<object>[^，。；！？]{0,40}?(?:独家|许可|授权|代理|开发|商业化|分销)[^，。；！？]{0,16}?(?:权(?!威|衡)|许可|授权))"
    r"|(?:获得?|取得)(?P<rights>[^，。；！？]{0,40}?(?:大中华|中国|海外|全球|亚洲|日本|欧洲|美国)"
    r"[^，。；！？]{0,10}?权[益利])"
    r"|(?:获|被)(?P<by>[^，。；！？]{2,20}?)(?:委任|指定|授权|委托)为[^，。；！？]{0,16}(?:代理|经销|分销)[商权]?"
    r"|授权(?=[，。；！？]|在|于|独家|生产|销售|代理|使用|开发)"
)
_BROUGHT_IN = re.compile(
    r"从[^，。；！？]{2,24}?(?P<verb>(?:许可|授权)?引[进入])(?=[^，。；！？]{0,40}?(?:[药抗]|疗法|疫苗|抑制剂|管线|分子|制剂|诊断"
    r"|[A-Z]{1,5}-?\d))"
)
_HANDED = re.compile(
    r"(?:销售|代理|经销|分销|开发|商业化|生产|独家)权(?:利|益)?(?P<verb>交给|交予|交由|转让给|让予|售予|卖给|转予)"
)
_PARTNERS = re.compile(
    r"(?P<verb>(?:战略|策略|长期|主要|国际|海外|内地|本地|学术|科研)*(?:合作)?(?:伙伴|合作(?:单位|机构|院校|高校|医院|企业|大学))"
    r"(?:目前|现时|已|还|亦|也)*(?:包括|包含|涵盖|有(?=[^一二三四五六七八九十百多\d])))"
)
_HANDED_OUT = re.compile(
    r"第[一二三四五六七八九十]份(?:协议|备忘录|文件)?(?:则|就)?"
    r"(?P<verb>给了?|的?(?:对象|签约方|合作方)[是为]|[与和同](?=[^，。；：！？]{2,20}?有关))"
)
_PARTNERED = (
    r"[^，。；！？《》]{0,16}?(?:性)?(?:合作)?"
    r"(?:伙伴关系|合作关系|战略联盟|策略联盟|战略同盟|同盟关系|(?:友好|姊妹|姐妹)[^，。；]{0,4}(?:城市|省份|关系"
    r"|学校|院校|港口|商会|协会|医院|图书馆|博物馆|单位)|友城"
    r"|(?:姊妹|姐妹)(?:园区|城市|学校|港口?|科学园|[^，。；]{1,4}关系))"
)
_REACH = re.compile(
    rf"(?:建立|确立|缔结|结成|结为|达成|达致|形成|开启|建成|订立|升级|深化|签立)(?:起|了)?(?P<a>{_PARTNERED})"
    r"|(?:达成|达致|开展|展开|启动|开启|确立|深化|建立)(?:了)?(?P<b>[^，。；！？《》]{0,24}?(?:战略|策略"
    r"|全面)(?:性)?(?:深度)?合作)"
    r"|(?:达成|达致)(?:了)?(?P<c>[^，。；！？《》]{0,24}?(?<!合作)合作(?!共识|意愿|伙伴|金额|项目[总数])(?:项目"
    r"|意向)?)"
    r"|(?:结为|成为|结成)(?P<d>[^，。；！？《》]{0,14}?(?:战略|策略|全面)(?:性)?(?:合作)?(?:伙伴|盟友))"
    r"|结[为成](?P<g>[^，。；！？《》]{0,10}?合作伙伴)"
    r"|(?:组成|成立|组建|发起|共组|合组|组建成立|结成|结为|缔结)(?P<f>[^，。；！？《》]{0,20}?联盟)"
    r"|结成?(?P<e>(?:战略|策略)?(?:联盟|同盟)|盟(?!友|国))"
)
_ANNOUNCE = re.compile(
    r"(?:宣布|公布|公告|宣告|官宣)(?=[^。；！？]{0,30}?(?:与|和|同|携手|联手|牵手"
    r"|伙拍))(?P<between>[^。；！？]{3,50}?)"
    r"(?P<verb>展开合作|开展合作|携手合作|合作(?=[，。；、]|推出|开发|研发|打造|发展|推动|建设|在|探索|拓展|进行"
    r"|提供|研究|共)|结盟|(?<=，)?(?:共同|联合|合作)(?:开发|研发|推出))"
)
_EXTENDED = re.compile(
    r"(?:延长|延续|续展|展延|扩大|升级|更新|续期)(?P<object>(?:了)?[与和同][^，。；！？]{2,30}?(?:的|之间)[^，。；！？]{0,16}?"
    r"(?:协议|合作|伙伴关系|合约|许可|备忘录))"
)
_RENEWED = re.compile(
    r"(?:延长|延续|续展|展延|更新|修订|升级|续期)(?:了|其|双方|现有|原有|现行)*"
    r"(?P<object>[^，。；！？的与和同]{0,8}?(?:合作|战略|策略|许可|授权|伙伴|联盟|谅解|自由贸易|自贸|经贸|科技|经济|文化|互换|交换|实习|培训|互认)"
    r"[^，。；！？的与和同]{0,6}?(?:协议|协定|备忘录|合约|伙伴关系)|备忘录)"
)
_PROLONGED = re.compile(
    r"(?:协议|合约|备忘录|合同|授权|合作)(?:[^，。；！？]{0,10}?|[^。；！？]{0,16}，双方[^，。；！？]{0,8}?)"
    r"(?P<verb>延长|延期|续期|展期|升级)(?:至|到|为|了?[一二三四五六两十\d])"
)
_COOPERATED = re.compile(
    r"(?:今[日天]|昨[日天]?|日前|近日|\d日(?:[上下]午)?)[与和同联伙携牵][^。；！？，]{3,40}?"
    r"(?P<verb>合作(?=推出|开发|研发|打造|推动|建设|设立|成立|开设|探索))"
)
_END = re.compile(
    r"(?:终止|解除|中止|取消|结束|撤销|叫停|停止|撤回|撕毁|中断|退出|不再续签|不再延续|废除)(?:了|履行"
    r"|执行)?(?P<object>[^，。；！？]{0,50}?(?:合作|协议|备忘录|合同|伙伴关系|合资|合营|联盟|授权|许可|意向书|签约))"
)
_ENDED = re.compile(
    r"(?P<object>(?:合作|协议|备忘录|合同|伙伴关系|合资(?:公司|企业|项目)?|授权|许可|联盟)(?:关系|项目"
    r"|计划)?)(?P<verb>[^，。；！？]{0,16}?(?:终止|告吹|破裂|告终|解除|作废|失效|解散|已经?(?:到期|届满|期满)|届满后?不再|不再续|到期后?不再|(?:到期|届满|期满)(?=[^。；]{0,16}(?:不再|不会?续|未有?续|没有续|终止|结束))"
    r"|取消|拆伙|泡汤|落空|触礁|作罢|流产|终结))"
)
_NOT_RENEWED = re.compile(r"(?:不再|不会?|没有|未有?|无意)续(?:约|签|期|订)(?:合作|协议)?")
_LEFT = re.compile(r"(?:不再|不会再?|决定不|无意再?)[与同和跟][^，。；！？]{2,24}?(?P<verb>续(?:签|约|期|订))")
_FORMS = (
    (Act.VENTURE, _VENTURE, True),
    (Act.BUILD, _BUILT_OF, False),
    (Act.BUILD, _BUILD, True),
    (Act.BUILD, _BUILD_JOINT, False),
    (Act.REACH, _REACH, True),
    (Act.REACH, _EXTENDED, True),
    (Act.REACH, _RENEWED, False),
    (Act.LICENSE, _LICENSE, False),
    (Act.LICENSE, _GRANTED, False),
)
_FIRST = re.compile(
    r"签|约|份|伙伴|备忘录|交给|交予|转让给|售予|卖给|延长|延续|更新|修订|升级|解散|续|展期|互换|交换|成为|达成|达致|建|合资|合营|授|许可|宣布|公布|公告|终止|解除|取消|中止|停止|撤回|撕毁|中断|合作|结[为成盟]|联盟|协议|备忘录"
    r"|联合|联手|携手|订立|缔结|敲定|共同|合办|换文|独家|代理|引[进入]|权益|权利|基金|合力"
)
_TALK = re.compile(r"谈判|磋商|洽谈|商讨|会谈")
_INVERTED = 72  # characters before 'signed' in which the document may stand
_TITLE = 8  # characters of a document's name behind 'strategic cooperation'
_PLAIN_VERB = re.compile(r"约|仪式|签字|换文")
_TOLD_OF = re.compile(rf"{_DOCUMENT.pattern}|(?:一|两|三|几)份(?:则)?由|第[一二三四五六七八九十]份")
_ENDING = re.compile(r"终止|解除|取消")
_PAPER = re.compile(r"协议|备忘录|协定|意向书|合约|合同|条约|安排")
_BUYING = re.compile(r"[，、]?[^，。；]{0,8}(?:收购|入股|认购|增持|购入|注资)")
_NOT_PLAIN = re.compile(r"合作|共同|联合|携手|伙伴|协作|联手|共建|合建|合办|合编|互|双方|两校|两地|对接|牵手")


def fires(plain_sentence: str) -> bool:
    """Whether a sentence may hold a trigger; cheap, and never wrong when it says no."""
    return bool(_FIRST.search(plain_sentence))


def triggers(text: str, start: int, end: int) -> tuple[Trigger, ...]:
    """The triggers of the sentence `start:end` of a plain text, in order, not overlapping; the stronger one wins."""
    found = [*_endings(text, start, end), *_signings(text, start, end), *_others(text, start, end)]
    found += [*_marked(text, start, end), *nouns(text, start, end)]
    kept: list[Trigger] = []
    for each in found:
        if all(each.end <= other.start or each.start >= other.object_end for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda trigger: trigger.start))


def _clause_end(text: str, start: int, end: int) -> int:
    """Where the clause ends that goes on at `start`; marks inside 《》 do not end it."""
    depth = 0
    for i in range(start, min(end, start + 90)):
        c = text[i]
        depth += (c == "《") - (c == "》")
        if depth <= 0 and c in "，。；！？\n":
            return i
    return min(end, start + 90)


def _signings(text: str, start: int, end: int) -> Iterator[Trigger]:
    for verb in _SIGN.finditer(text, start, end):
        stop = _clause_end(text, verb.end(), end)
        document = _DOCUMENT.search(text, verb.end(), stop)
        word = verb.group()
        if document is None:
            # 'Signed' with no object: who signed with whom must stand beside it, and nothing must say what for.
            is_plain = bool(_PLAIN_VERB.search(word))
            inverted = _TOLD_OF.search(text, max(start, verb.start() - _INVERTED), verb.start())
            plain_enough = not _BAD.search(text, max(start, verb.start() - 12), stop)
            if (inverted or is_plain) and plain_enough:
                yield Trigger(Act.SIGN, verb.start(), verb.end(), verb.end(), is_strong=bool(inverted))
            continue
        title = text.find("》", document.end(), stop)
        opened = text.rfind("《", verb.end(), document.start())
        object_end = (
            title + 1 if title >= 0 and opened > text.rfind("》", verb.end(), document.start()) else document.end()
        )
        read = _judge(text, verb, document, object_end, end)
        if read is not None:
            yield read


def _judge(text: str, verb: re.Match[str], document: re.Match[str], object_end: int, end: int) -> Trigger | None:
    """Whether what was signed is a cooperation agreement."""
    phrase = text[verb.end() : object_end]
    if _ENDING.search(phrase):
        return Trigger(Act.END, verb.start(), verb.end(), object_end, is_strong=True)
    if verb.group() in ("达成", "达致", "敲定") and not _PAPER.search(text, document.start(), document.end() + _TITLE):
        return None
    if _is_other_business(text, verb, phrase, object_end, end):
        return None
    if _GOOD.search(phrase) or _TREATY.fullmatch(document.group()):
        return Trigger(Act.SIGN, verb.start(), verb.end(), object_end, is_strong=True)
    around = text[max(0, verb.start() - 40) : min(end, object_end + 60)]
    is_paper_only = document.group() in ("合同", "合约", "契约")
    if (is_paper_only and not _NOT_PLAIN.search(around)) or _BAD.search(around):
        return None
    return Trigger(Act.SIGN, verb.start(), verb.end(), object_end, is_strong=False)


def _is_other_business(text: str, verb: re.Match[str], phrase: str, object_end: int, end: int) -> bool:
    """Whether a takeover, loan, order, sponsorship, settlement, … was signed."""
    before = text[max(0, verb.start() - 40) : verb.start()]
    about = before[before.rfind("就") :] if "就" in before else ""
    if _BUYING.match(text, object_end, min(end, object_end + 16)):
        return not _OVERRIDES.search(phrase)
    if not (_BAD.search(phrase) or (_TAKEOVER.search(about) and not _GOOD.search(phrase))):
        return False
    return not _OVERRIDES.search(phrase) or bool(re.search(r"收购|并购", phrase + about))


def _endings(text: str, start: int, end: int) -> Iterator[Trigger]:
    for match in _END.finditer(text, start, end):
        if not re.search(r"劳动|租|采购|雇|融资|收购|贷款|隔离|疫情|上市", match["object"]):
            verb = match.start() + 2
            yield Trigger(Act.END, match.start(), verb, match.end(), is_strong=True)
    for match in _NOT_RENEWED.finditer(text, start, end):
        yield Trigger(Act.END, match.start(), match.end(), match.end(), is_strong=True)
    for match in _LEFT.finditer(text, start, end):
        yield Trigger(Act.END, match.start("verb"), match.end(), match.end(), is_strong=True)
    for match in _ENDED.finditer(text, start, end):
        if _TALK.search(match["verb"]):
            continue
        yield Trigger(Act.END, match.end() - 2, match.end(), match.end(), is_strong=True)


def _others(text: str, start: int, end: int) -> Iterator[Trigger]:
    """Acts that a verb and its object show."""
    for act, pattern, is_strong in _FORMS:
        for match in pattern.finditer(text, start, end):
            inside = next((group for group in match.groups() if group), "")
            verb_end = match.start() + (match.group().find(inside) if inside else len(match.group()))
            if pattern is _BUILT_OF and not (
                _OPENED.search(text, match.end(), end) or _DATED.search(text, start, match.start())
            ):
                continue
            if act is Act.BUILD and _AMBITION.search(inside):
                continue
            yield Trigger(act, match.start(), max(verb_end, match.start() + 1), match.end(), is_strong=is_strong)


def _marked(text: str, start: int, end: int) -> Iterator[Trigger]:
    """Acts whose verb does not stand before its object."""
    for act, pattern in ((Act.BUILD, _UNVEILED), (Act.VENTURE, _VENTURED)):
        for match in pattern.finditer(text, start, end):
            yield Trigger(act, match.start("object"), match.end("object"), match.end(), is_strong=False)
    for match in _FOUNDED_BY.finditer(text, start, end):
        act = Act.VENTURE if "合资" in match.group() else Act.BUILD
        yield Trigger(act, match.start("verb"), match.end("verb"), match.end(), is_strong=False)
    for act, pattern in (
        (Act.LICENSE, _HANDED),
        (Act.LICENSE, _BROUGHT_IN),
        (Act.REACH, _PROLONGED),
        (Act.HAND, _HANDED_OUT),
        (Act.ANNOUNCE, _ANNOUNCE),
        (Act.ANNOUNCE, _COOPERATED),
        (Act.PARTNER, _PARTNERS),
    ):
        for match in pattern.finditer(text, start, end):
            yield Trigger(act, match.start("verb"), match.end("verb"), match.end(), is_strong=False)
