"""Whether a sentence tells of an agreement as news, or as something of the past."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.agreements.chinese.dates import DATE
from ingest.agreements.chinese.dates import read as read_date
from ingest.agreements.chinese.tokens import Token, kinds
from ingest.agreements.chinese.triggers import Act, Trigger
from ingest.documents import Moment, Precision, Status

__all__ = ["is_background", "is_recent"]

_YEAR = re.compile(r"(?:\d{4}年|[去前]年)(?![^，。；]{0,24}?(?:签|订立|缔结|达成|建立|成立))")
_KEPT = re.compile(r"长期|良好|稳定|紧密|密切|深厚")
_ALREADY = re.compile(
    r"(?:协议|安排|备忘录)?已(?:实施|运行|推行|生效)[^，。]{0,4}年|当时(?:已|曾|便|就|的)|该(?:协议|备忘录)(?:已|早)"
)
_PAST = re.compile(
    r"曾经?|早[前年]|昔年|往年|前些年|此前|先前|早在|当年|过去|历来|上次|年前|多年|早已|一直|彼时|其时|当时|翻查|回顾|年内|期内|资料显示|追溯|旧有"
)
_STANDING = re.compile(r"目前|截至|累计|至今|迄今|以来|先后|历年|多年|已经?|现已")
_LIKEWISE = re.compile(r"[亦也都早均]\s?已|已先后")
_SAME_SORT = re.compile(r"(?:同类|类似|相同|同样)的?(?:合作)?(?:文件|协议|备忘录|安排)")
_UNDER_IT = re.compile(
    r"的[^，。；]{0,24}?(?:协议|备忘录|合约)[”》]?(?:(?:目前|现|仍|继续|正)[^，。；]{0,6}?(?:履行|生效|有效|执行|实施|运作)|所|项下|[下中]的|落实|执行|实施|履行|进展|进度|条款|要求)"
)
_SIGNING = re.compile(r"[^，。；]{0,24}?(?:签|订立|缔结|达成|建立|成立)")
_SAYS = re.compile(r"A*Q")
_ONE_CLAUSE = 40  # characters
_LEDE = 3  # sentences
# How many days old an act may be and still be news: in the article's first sentence, and further on.
_LEAD_AGE, _BODY_AGE = 100, 35


def is_background(
    text: str,
    tokens: Sequence[Token],
    trigger: Trigger,
    *,
    when: Moment | None,
    anchor: date | None,
    given: Status,
    place: int,
    end: int,
) -> bool:
    """Whether the article mentions the agreement as something of the past; `place` counts the body's sentences."""
    if trigger.act in (Act.HOLD, Act.PARTNER):
        return True
    if given is Status.ENDED and _ended_long_ago(text, tokens, trigger, anchor):
        return True
    # A month without its year may be that in which an agreement is to end.
    is_open = given is Status.ENDED and not _YEAR.search(text, max(0, trigger.start - _ONE_CLAUSE), trigger.start)
    is_late = when is None or is_recent(when, anchor, _LEAD_AGE)
    if is_open or (is_late and given in (Status.ENDED, Status.RENEWED)):
        return False
    if when is not None and _is_old(text, trigger, when, anchor, place):
        return True
    return _sounds_past(text, tokens, trigger, when=when, anchor=anchor, given=given, place=place, end=end)


def _is_old(text: str, trigger: Trigger, when: Moment, anchor: date | None, place: int) -> bool:
    if anchor is None:
        return when.precision is Precision.YEAR
    is_told = place == 0 and not text.startswith("的", trigger.end)
    return not is_recent(when, anchor, _LEAD_AGE if is_told else _BODY_AGE)


def _sounds_past(
    text: str,
    tokens: Sequence[Token],
    trigger: Trigger,
    *,
    when: Moment | None,
    anchor: date | None,
    given: Status,
    place: int,
    end: int,
) -> bool:
    """Whether words say that it is past, where no date of the act does."""
    before = [token for token in tokens if token.end <= trigger.start]
    words = " ".join(text[t.start : t.end] for t in before if t.kind not in "NPD")
    phrase = text[trigger.start : trigger.object_end]
    is_like = bool(_LIKEWISE.search(words))
    is_another = is_like and place > 0 and when is not None and when.precision is not Precision.DAY
    if is_another or (is_like and _SAME_SORT.search(phrase)):
        return True
    if given is not Status.PLANNED and _PAST.search(words):
        return True
    is_kept = trigger.act is Act.REACH and place > 0 and "已" in words and bool(_KEPT.search(phrase))
    is_had = text.startswith("签有", trigger.start) and place > 0
    is_named_only = text[trigger.end : trigger.end + 1] == "的" and place >= _LEDE
    if is_had or is_kept or is_named_only or _UNDER_IT.match(text, trigger.end):
        return True
    if _ALREADY.search(text, trigger.object_end, end):
        return True
    if when is None and _announced_long_ago(text, tokens, trigger, anchor):
        return True
    standing = len(set(_STANDING.findall(words)))
    return place >= _LEDE and when is None and standing > 0 and trigger.act in (Act.REACH, Act.LICENSE, Act.ANNOUNCE)


def is_recent(when: Moment, anchor: date | None, days: int) -> bool:
    """Whether a date lies at most so many days before the anchor; true where there is no anchor to tell."""
    if anchor is None:
        return True
    if when.precision is Precision.YEAR:
        return int(when.iso) >= anchor.year
    last = when.iso if when.precision is Precision.DAY else f"{when.iso}-28"
    return (anchor - date.fromisoformat(last[:10])).days <= days


def _ended_long_ago(text: str, tokens: Sequence[Token], trigger: Trigger, anchor: date | None) -> bool:
    """Whether the end itself is dated, and lies back: '双方去年10月宣布终止', which is no date of signing."""
    dated = [t for t in tokens if t.kind == "T" and t.end <= trigger.start and not _SIGNING.match(text, t.end)]
    match = DATE.match(text, dated[-1].start) if dated else None
    # A month without its year may lie ahead: '现有协议6月到期'.
    when = read_date(match, anchor) if match and (match["year"] or match["rel_year"]) else None
    return when is not None and not is_recent(when, anchor, _LEAD_AGE)


def _announced_long_ago(text: str, tokens: Sequence[Token], trigger: Trigger, anchor: date | None) -> bool:
    """Whether the day on which it was announced, which is no day of signing, lies back."""
    for i, token in enumerate(tokens):
        if token.kind == "T" and token.end <= trigger.start and _SAYS.match(kinds(tokens[i + 1 : i + 4])):
            match = DATE.match(text, token.start)
            said = read_date(match, anchor) if match and (match["year"] or match["rel_year"]) else None
            return said is not None and not is_recent(said, anchor, _LEAD_AGE)
    return False
