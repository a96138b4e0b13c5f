"""Documents that are only named, with no verb that says who did what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.agreements.chinese.acts import Act, Trigger

__all__ = ["TITLED", "nouns"]

_PAPERS = "备忘录|合作(?:框架|意向)?协议|战略合作|框架协议|意向书|联合实验室|共建协议"
_LISTED = re.compile(rf"(?P<verb>[：｜|]|——?)\s*(?:签[署订]|签约)?[“《]?[^，。；：！？]{{0,14}}?(?:{_PAPERS})")
_NAMED = re.compile(
    r"[与和同][^，。；、：！？与和同]{2,24}?(?P<verb>的)[^，。；、：！？的]{0,14}?(?:备忘录|协议|意向书)(?=[、，；。及和与]|以及|$)"
)
_PAPERS_ARE = re.compile(r"(?:签|文件|协议|备忘录)[^。]{0,20}?(?:包括|分别[是为]|计有|即|：)")
_LIST_LINE = 50  # characters of a list's line before what was signed
_JOINED = re.compile(r"[与和×、—＋+]")
# A document that its title says to be of two: 'signed the 《A与B合作协议》'.
TITLED = re.compile(
    r"《(?P<names>[^《》]{2,60}[与和及同 ][^《》]{2,60}?)(?:协议书?|备忘录|意向书|协定|合约|安排|计划书)(?:》|（)"
)
_SIGNED = re.compile(r"签|互换|交换")
_HELD = re.compile(
    r"(?:根据|按照|依据|依照|按|基于|凭借|依托|随着|因应|得益于|受惠于)[^，。；：《》]{2,30}?[与和同跟及][^，。；：《》]{2,24}?"
    r"(?P<verb>的|之间的)(?P<object>[^，。；：《》的]{0,24}?(?:协议|备忘录|协定|合约))(?!书)"
)
_IN_FORCE = re.compile(
    r"[与和同跟][^，。；：《》与和同跟]{2,24}?(?P<verb>的|之间的)(?P<object>[^，。；：《》的]{0,24}?(?:协议|备忘录|合约))"
    r"(?=[”》]?(?:已|于|自|从|将|按|会|仍|现|正|目前|至今|去年|今年|上月|本月|\d)[^，。；]{0,16}?"
    r"(?:完成|生效|交割|实施|执行|履行|推进|运作|落地|开始|启动|进行|展开|涵盖|覆盖))"
)
_OF_COOPERATION = re.compile(
    r"^(?:协议|备忘录|合约)$|合作|战略|策略|备忘|伙伴|联盟|共建|合资|授权|许可|代理|分销|经销|研发|共同|联合|交流|互认|转让技术|开发|培养|框架"
    r"|商业化|推广"
)
_STAFF = re.compile(r"工会|员工|职工|雇员|劳资|业主|租户|租客|债权|债券|银团|股东|球员|家属")
_OTHER = re.compile(
    r"收购|并购|购买|买卖|股权|股份|认购|增资|入股|融资|贷款|授信|租|采购|供货|供应|订购|赞助|和解|劳动|雇|保密|承销|保荐|服务协议|担保|抵押"
    r"|投资协议|合并|对赌|上市|转让协议"
)


def nouns(text: str, start: int, end: int) -> Iterator[Trigger]:
    """Documents that are only named: 'A and B: memorandum', 'papers signed are that of A and B, …'."""
    listed = _LISTED.search(text, start, end)
    if listed and listed.start() - start <= _LIST_LINE and _JOINED.search(text, start, listed.start()):
        yield Trigger(Act.SIGN, listed.start("verb"), listed.end("verb"), listed.end(), is_strong=False)
    if (papers := _PAPERS_ARE.search(text, start, end)) is not None:
        for match in _NAMED.finditer(text, papers.end(), end):
            yield Trigger(Act.SIGN, match.start("verb"), match.end("verb"), match.end(), is_strong=False)
    for match in _titled(text, start, end):
        yield Trigger(Act.SIGN, match.start(), match.start() + 1, match.end(), is_strong=True)
    for pattern in (_HELD, _IN_FORCE):
        for match in pattern.finditer(text, start, end):
            is_other = _OTHER.search(match["object"]) or _STAFF.search(match.group())
            if _OF_COOPERATION.search(match["object"]) and not is_other:
                yield Trigger(Act.HOLD, match.start("verb"), match.end("verb"), match.end(), is_strong=False)


def _titled(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Titles of documents that are signed in the sentence."""
    signed = _SIGNED.search(text, start, end)
    return TITLED.finditer(text, start, end) if signed else iter(())
