"""What a sentence says of an agreement besides its parties: kind, status, whether it is news, date, fields, value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.agreements.chinese.background import is_recent
from ingest.agreements.chinese.dates import DATE
from ingest.agreements.chinese.dates import read as read_date
from ingest.agreements.chinese.grammar import Reading
from ingest.agreements.chinese.moods import has_object_before, is_supposed
from ingest.agreements.chinese.phrases import simplify
from ingest.agreements.chinese.tokens import Token
from ingest.agreements.chinese.triggers import Act, Trigger
from ingest.documents import Kind, Moment, Precision, Status
from ingest.sentences import Sentence

__all__ = [
    "agreed_on",
    "fields",
    "is_vague",
    "is_wish",
    "kind",
    "occasion",
    "signed_on",
    "status",
    "value",
]

_WISHES = re.compile(
    r"希望|期望|期待|盼望?|冀|呼吁|敦促|力促|游说|建议|促请|鼓励|愿意|愿与|可以|应当|应该|必须|需要|须|若|如果|假如|倘若?|一旦"
    r"|没有?|尚未|未[有曾能]?|从未"
    r"|不会?再?|不再|拒绝|否认|无意|暂无|并未|考虑|倡议|可能|能够"
)
# 'May', 'should', 'can', and not the last characters of licences, supplies, intelligence: 许可, 供应, 智能.
_CAN = (
    r"(?<![许认])可|未|不|(?<![供效反响适感对])应|(?<![供内刚所必])需"
    r"|(?<![智功职性产动储节效核光热电机技才潜势赋新])能"
)
_WISHING = re.compile(
    rf"(?:希望|期待|期望|盼|寄望|吁请?|促请|{_CAN}|欲|(?<![志意心夙])愿|(?<![事适便])宜|勿|倡导|(?<![宣遗])传闻?|传出)$"
)
_MODAL = re.compile(rf"(?:{_CAN})$")
_SAME_DAY = re.compile(r"同日|当日|当天")
_AFTER = re.compile(r"继[于在]?$")
_ONGOING = re.compile(r"开展|展开|深化|启动|升级|形成")
_FORMAL = re.compile(r"宣布|公布|公告|正式|签")
_ONE_SIDED = re.compile(r"，(?:后者|前者|对方)[^，。；]*")
_IN_TITLE = re.compile(r"《[^》]*》")
_LEAD = 24  # characters before a verb in which what is signed may be named
_INVERTED_LEAD = 72  # likewise, where it has no object behind it
_ONE_CLAUSE = 40  # characters
_OPENED = re.compile(r"[^，。；]{0,12}?(?:揭牌|揭幕|启用|挂牌|开幕|成立|签|启动|落成)")
_MADE = re.compile(r"[^，。；终解取]{0,24}?(?:签|订立|缔结|达成|建立|成立|开展)")
_DATED = re.compile(r"[”》）]?的?(?:签约|签署|签字|揭牌|启动)?(?:协议|仪式|计划)?[”》）]?(?:已|正式)?于?")
_SIGNING_DAY = re.compile(r"签[署订约](?:日期|时间)[为是：]?")
_IN_FORCE = re.compile(r"[已正式起]*(?:生效|到期|届满|公布|公开|曝光|获批|实施)")
_UNTRUE = re.compile(r"(?:消息|传闻|报道|说法|一事|传言)[^。；]{0,10}?(?:不实|失实|不属实|虚假|并非事实|不符)")
_RUMOUR = re.compile(r"自媒体|市传|据传|盛传|外传|网传|谣|传闻|不实|误传")
_PLANS = re.compile(
    r"将[于会]?|拟于?|计划|有意向?|打算|预[计期]|料将?|准备|筹[备划]|即将|有望|争取|稍后|洽谈中?|商[讨谈议洽]"
    r"|磋商|讨论|谈判|洽商|接洽|探讨|酝酿"
    r"|正[与就同]"
)
_LED = 12  # characters
_LED_BY = re.compile(r"(?:经过?|历时|历经|多轮|几轮|多番|多次)[^，。；]{0,9}$")
_PLANNING = re.compile(r"(?:(?<![模虚])拟|将|欲|拟与|(?<![公修校纠])正|正在|(?<![接招])待|将与)$")
_OPEN_TERMS = re.compile(
    r"(?:仍|尚|还|正)在?(?:待|有待)?(?:磋商|商讨|商议|谈判|洽谈|讨论|协商)|尚待(?:签署|落实|敲定)"
    r"|改期|推迟|押后"
    r"|正式(?:协议|合约|合同|文本)(?:料|将|预[计期料]|有望|拟|会)[^，。]{0,8}(?:签|敲定)"
)
_TALKS = re.compile(
    r"[”》]?(?:一事|事宜|的事宜|计划)?(?:进行|展开|开展|作)(?:了)?(?:初步)?(?:商讨|磋商|洽谈|谈判|探讨|讨论|商议|协商)"
)
_RENEWED = re.compile(r"续签|续约|续订|再签|再续|换签|重签|延长|延续|续期")
_AMENDED = re.compile(r"修订|补充(?:协议|备忘录)|修正案|延期协议|升级议定书")
_AGAIN = re.compile(r"再[次度]?|重新")
_UPGRADED = re.compile(r"延期|展期|升级|深化|更新|修订|扩展|延长|续")
_MOU = re.compile(r"备忘录|MO[Uu]|LOI|意向书|意向性?协议|谅解备忘")
_VENTURE = re.compile(r"合资|合营|共同出资")
_LICENSE = re.compile(
    r"(?:共同|联合|合作)(?:开发|研发)协议|独家(?!合作|战略|策略)[^，。；]{0,6}协议|授权[^，。；]{0,6}协议|"
    r"授权(?:许可)?(?:协议|合作|合同|使用|引进)|许可(?:协议|合同|合作)|(?:许可|授权)[及和与]合作|独家(?:许可|授权|分销|代理|经销|商业化"
    r"|销售|开发|推广|受托|权)|分销|经销|代理(?:协议|权|合同)"
    r"|(?:共同|联合|合作)(?:开发|研发)(?=[^，。；]{0,18}(?:药|抑制剂|疗法|疫苗|产品|候选|抗体|细胞|制剂|管线|芯片"
    r"|分子))|技术(?:转让|转移|授权)|专利(?:许可|授权|转让)"
    r"|商业化(?:协议|合作|权)|销售及?(?:和|与)?开发|开发(?:和|及|与)商业化|特许经营|授出|授予|(?<!联合)(?<!共同)推广协议|许可权"
    r"|开发权|销售权"
)
_STRATEGIC = re.compile(
    r"战略(?!研究|科技|科学|性?新兴|高地|支点|腹地|规划|需求|机遇|定位|目标|投资)|策略(?:性)?(?:合作|伙伴|联盟|框架|协议)|全面(?:合作|伙伴)"
)
_ALLIED = re.compile(r"联盟|同盟|结盟")
_ALLIANCE = re.compile(r"联盟(?=协议|章程|备忘)|结盟")
_FACILITY = re.compile(
    r"(?:共建|合建|合办|合开|合设|共设|共同|联合|携手|联手|合作)[^，。；]{0,50}(?:实验室|研究院|研究中心|研发中心|创新中心|中心"
    r"|基地|孵化器|产业园|园区|科技园|平台|校区|学院|研究所|枢纽)"
    r"|(?:联合|共建)[^，。；]{0,16}(?:实验室|研究院|中心|基地|孵化器|园区?|平台|学院)|姊妹园区"
    r"|(?:合作举办|合办|共办)[^，。；]{0,20}(?:大学|学院|分校|校区)"
)
_FOUNDING = re.compile(
    r"(?:设立|成立|兴建|建设|建立|创办|筹建|筹设|开办|开设|打造)[^，。；]{0,24}(?:实验室|研究院|研究所|(?<!全球)(?<!国际)中心|基地|孵化器"
    r"|产业园|园区|科技园|校区|分校|学院)"
)
_FIELDS = re.compile(
    r"(?:在|就|围绕|聚焦|涵盖|包括|涉及|针对|于)(?P<list>[^，。；：！？（）]{2,60}?)(?:等)?(?:多个|多|各|诸多"
    r"|重点|方面及)?(?:领域|方面|范畴|议题|方向|层面|范围)"
    r"|(?:就|围绕)(?P<about>[^，。；：！？]{2,40}?)(?=签署|签订|达成|展开|开展|进行|订立|签)"
)
_VALUE = re.compile(
    r"(?:最高|最多|约|逾|超过?|总值|总额|近|合计|达)*(?:可达)?\d[\d,.]*(?:余|多)?(?:百万|千万|万亿|亿|万|千"
    r"|百)?(?:余|多)?(?:美元|港元|港币|人民币|欧元|英镑|日圆|日元|新元|坡元|新加坡元|澳门元|瑞士法郎|元(?!素|宇))"
)
_OCCASION_AGE = 7  # days
_EVENT = re.compile(r"仪式|[开闭揭启]幕|举行|召开|登场|举办|论坛|大会|到访|访问|会见|会晤")
_CEREMONY = re.compile(rf"签约|签署|{_EVENT.pattern}")
_SPAN = re.compile(r"为期|期间|一连|连续")
_LEDE = 3  # sentences
_PARTY_KINDS = "NPDGuUEJ"


def _mood(text: str, tokens: Sequence[Token], reading: Reading, trigger: Trigger) -> list[Token]:
    """Tokens that carry tense and mood: from the clause of the first party to the verb, without names."""
    before = [token for token in tokens if token.end <= trigger.start]
    parties = {token.start for token in reading.all}
    first = min((start for start in parties if start < trigger.start), default=trigger.start)
    clause = max((token.end for token in before if token.kind in ",;" and token.end <= first), default=0)
    return [
        token
        for i, token in enumerate(before)
        if token.start >= clause
        and token.kind not in _PARTY_KINDS
        and token.start not in parties
        and not _is_scheme(text, before, i)
    ]


def _is_scheme(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether 计划 is the noun, by what stands before it: 该计划, 资助计划."""
    if i == 0 or text[tokens[i].start : tokens[i].end] != "计划" or tokens[i - 1].end != tokens[i].start:
        return False
    return tokens[i - 1].kind in "xXG" or text[tokens[i - 1].start : tokens[i - 1].end] in (
        "该",
        "此",
        "这",
        "这个",
        "此项",
    )


def is_wish(text: str, tokens: Sequence[Token], reading: Reading, trigger: Trigger) -> bool:
    """Whether the sentence hopes, allows, asks or denies, rather than tells."""
    if text[trigger.object_end : trigger.object_end + 12].lstrip("”》").startswith(("？", "吗", "的可能", "的意愿")):
        return True
    if _UNTRUE.search(text, trigger.object_end, trigger.object_end + _ONE_CLAUSE):
        return True
    if _RUMOUR.search(text, max(0, trigger.start - 60), trigger.start):
        return True
    is_denied = any(token.kind == "X" and text[token.end - 1] in "未没不" for token in reading.all)
    if is_denied or is_supposed(text, trigger.start, trigger.object_end):
        return True
    moods = [] if trigger.act is Act.END else _mood(text, tokens, reading, trigger)
    for token in moods:
        word = text[token.start : token.end]
        if (
            (word == "愿" and text[token.end] in "与和同跟")
            or _WISHES.fullmatch(word)
            or (token.kind in "Xx" and _WISHING.search(word))
        ):
            return True
    return bool(_MODAL.search(text, max(0, trigger.start - 2), trigger.start))


def is_vague(text: str, reading: Reading, trigger: Trigger, given: Status) -> bool:
    """Whether there is talk of working together with no act: it goes on, or will, or places do it."""
    kinds = {token.kind for token in reading.all}
    if trigger.act is Act.REACH and _ONGOING.match(text, trigger.start):
        is_act = _FORMAL.search(text, max(0, trigger.start - _ONE_CLAUSE), trigger.start)
        return given is Status.PLANNED or reading.reference is not None or not is_act
    return trigger.act in (Act.BUILD, Act.ANNOUNCE) and bool(kinds) and kinds <= {"P"}


def status(text: str, tokens: Sequence[Token], reading: Reading, trigger: Trigger, end: int) -> Status:
    """How far the agreement has come, from tense, mood and the verb."""
    moods = _mood(text, tokens, reading, trigger)
    words = [(text[token.start : token.end], token) for token in moods]
    plans = (
        any(
            (_PLANS.fullmatch(word) and not _is_over(text, token)) or (token.kind in "Xx" and _PLANNING.search(word))
            for word, token in words
        )
        or text[trigger.start - 1 : trigger.start] in ("拟", "将", "欲")
        or _OPEN_TERMS.search(text, trigger.object_end, end)
        or _TALKS.match(text, trigger.object_end, end)
    )
    if trigger.act is Act.END:
        return Status.ENDED
    is_intent = trigger.act is Act.REACH and text.endswith("意向", 0, trigger.object_end)
    if is_intent or (plans and trigger.act is not Act.ANNOUNCE and not has_object_before(text, trigger.start)):
        return Status.PLANNED
    phrase = text[trigger.start : trigger.object_end]
    if trigger.act is Act.SIGN and _AMENDED.search(text, trigger.end, min(end, trigger.object_end + 12)):
        return Status.RENEWED
    if _RENEWED.match(phrase) or (trigger.act is Act.REACH and _UPGRADED.match(phrase)):
        return Status.RENEWED
    again = any(
        _AGAIN.fullmatch(word)
        and not (word == "再" and text[token.end] in "与和同跟")
        and not (word == "重新" and token.end < trigger.start)
        for word, token in words
        if token.start >= trigger.start - 16
    )
    return Status.RENEWED if again and trigger.act in (Act.SIGN, Act.REACH) else Status.SIGNED


def _is_over(text: str, token: Token) -> bool:
    """Whether talks are those that led to it: '经过两年谈判，终于签署'."""
    is_after = text.startswith(("后", "之后"), token.end)
    return is_after or bool(_LED_BY.search(text, max(0, token.start - _LED), token.start))


def kind(text: str, trigger: Trigger, start: int, end: int) -> Kind:
    """What sort of agreement: a named document wins, then a joint venture, a licence, 'strategic', a facility."""
    if text[trigger.start] == "《":  # one title of several
        start, end = trigger.start, trigger.object_end
    has_object = trigger.object_end > trigger.end
    lead = max(start, trigger.start - (_LEAD if has_object else _INVERTED_LEAD))
    lead = max(lead, *(text.rfind(mark, lead, trigger.start) + 1 for mark in "。；！？"))
    clause = re.split(r"[。；！？]", text[lead:end], maxsplit=1)[0][:200]
    clause = _ONE_SIDED.sub("", clause)
    around = re.split(r"[，。；！？](?![^《]*》)", text[trigger.start : end], maxsplit=1)[0]
    inverted = text[lead : trigger.start]
    named = around + (inverted[inverted.rfind("，") + 1 :] if trigger.act in (Act.SIGN, Act.END) else "")
    if _MOU.search(text[start:end] if trigger.act is Act.HAND else named):
        return Kind.MOU
    if trigger.act is Act.VENTURE or _VENTURE.search(named if trigger.act is Act.END else around):
        return Kind.JOINT_VENTURE
    is_strategic = _STRATEGIC.search(clause) or _ALLIED.search(around) or _ALLIANCE.search(inverted)
    if (trigger.act is Act.LICENSE or _LICENSE.search(clause)) and not is_strategic:
        return Kind.LICENSING
    if is_strategic:
        return Kind.STRATEGIC_PARTNERSHIP
    if trigger.act is Act.BUILD or _FACILITY.search(clause) or _FOUNDING.search(_IN_TITLE.sub("", clause)):
        return Kind.JOINT_FACILITY
    return Kind.COOPERATION_AGREEMENT


def signed_on(
    text: str,
    tokens: Sequence[Token],
    trigger: Trigger,
    *,
    end: int,
    anchor: date | None,
    given: Status,
    last: Moment | None,
) -> Moment | None:
    """When the act itself took place, if the sentence says so; the date of an announcement is not that.

    `last` is what 'the same day' refers to.
    """
    if given is Status.PLANNED:
        return None
    before = [token for token in tokens if token.end <= trigger.start]
    concerning = [token for token in simplify(text, before) if token.kind == "j"]
    for i in range(len(before) - 1, -1, -1):
        token = before[i]
        if token.kind == "Q":
            return None
        if token.kind != "T" or not _dates_act(text, token, trigger.start, concerning):
            continue
        if text.startswith("当年", token.start):
            return _dated_before(text, before[:i], anchor, least=Precision.YEAR)
        if _SAME_DAY.fullmatch(text, token.start, token.end):
            return _dated_before(text, before[:i], anchor) or last
        if moment := _past(DATE.match(text, token.start), anchor):
            return moment
    return _dated_behind(text, trigger, end, anchor)


def _past(match: re.Match[str] | None, anchor: date | None) -> Moment | None:
    """What a date means, unless it lies ahead."""
    moment = read_date(match, anchor) if match else None
    return None if moment and anchor and moment.iso > anchor.isoformat() else moment


def _dates_act(text: str, token: Token, act: int, concerning: Sequence[Token]) -> bool:
    """Whether a date before the verb is its own: not a dateline's, not one of what the act concerns or follows."""
    if text[token.end : token.end + 1] in ("讯", "电", "度"):
        return False
    is_inside = any(phrase.start <= token.start < phrase.end for phrase in concerning)
    is_before = _AFTER.search(text, max(0, token.start - 4), token.start) and "，" in text[token.end : act]
    return not is_inside and not is_before


def _dated_behind(text: str, trigger: Trigger, end: int, anchor: date | None) -> Moment | None:
    """The day of the act where it stands behind the verb."""
    after = _SIGNING_DAY.search(text, trigger.start, end) or _DATED.match(text, trigger.object_end)
    match = DATE.match(text, after.end()) if after else None
    moment = _past(match, anchor) if match and not _IN_FORCE.match(text, match.end()) else None
    if moment is None and trigger.act in (Act.BUILD, Act.VENTURE):
        moment = _opened_on(text, trigger, end, anchor)
    return moment


def agreed_on(text: str, trigger: Trigger, sentence: Sentence, anchor: date | None) -> Moment | None:
    """When an agreement that ended was made, where the sentence says so; what ends it may be signed too."""
    for start, end in ((trigger.start, sentence.end), (sentence.start, trigger.start)):
        for match in DATE.finditer(text, start, end):
            if _MADE.match(text, match.end()) and (moment := read_date(match, anchor)):
                return moment
    return None


def _dated_before(
    text: str, before: Sequence[Token], anchor: date | None, *, least: Precision = Precision.DAY
) -> Moment | None:
    """The day that the sentence itself names before 'that day'."""
    for token in reversed(before):
        match = DATE.match(text, token.start) if token.kind == "T" else None
        moment = read_date(match, anchor) if match else None
        if moment and (moment.precision is Precision.DAY or least is not Precision.DAY):
            return moment
    return None


def occasion(text: str, body: Sequence[Sentence], place: int, anchor: date | None) -> Moment | None:
    """The day of the ceremony, forum or visit at which what the sentence `body[place]` tells of was signed.

    It is named by the sentence before in the paragraph, or by the article's first ones.
    """
    if anchor is None:
        return None
    before = body[place - 1 : place] if place and "\n" not in text[body[place - 1].end : body[place].start] else ()
    for part in (*before, *body[: min(place, _LEDE)]):
        told = _CEREMONY if part in before else _EVENT
        if told.search(text, part.start, part.end) and not _SPAN.search(text, part.start, part.end):
            for match in DATE.finditer(text, part.start, part.end):
                moment = read_date(match, anchor)
                if moment and moment.precision is Precision.DAY and is_recent(moment, anchor, _OCCASION_AGE):
                    return moment if moment.iso <= anchor.isoformat() else None
    return None


def _opened_on(text: str, trigger: Trigger, end: int, anchor: date | None) -> Moment | None:
    """When what was founded was opened, where only a later clause says so."""
    for match in DATE.finditer(text, trigger.object_end, end):
        moment = _past(match, anchor)
        if moment and moment.precision is Precision.DAY and _OPENED.match(text, match.end()):
            return moment
    return None


def fields(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where the sentence names fields of cooperation."""
    found: list[tuple[int, int]] = []
    for match in _FIELDS.finditer(text, start, end):
        group = "list" if match["list"] else "about"
        at = match.start(group)
        for part in re.finditer(r"[^、及和与以]+", match[group]):
            word = part.group()
            if 2 <= len(word) <= 14:
                found.append((at + part.start(), at + part.end()))
    return tuple(found)


def value(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a sum of money stands, if one does."""
    match = _VALUE.search(text, start, end)
    return match.span() if match else None
