"""Datelines: where and when a report was filed, at the head of its first sentence.

HONG KONG, March 3 (Xinhua) --                 LONDON (Reuters) -            PARIS —
Zug, Switzerland – July 8, 2024 –              July 8, 2024 – Basel –        [Geneva, 4 May 2023]
SHENZHEN, CHINA - July 12, 2026 (WIRE) -       Example News Agency, Hong Kong, June 29th:
新华社香港6月29日电（记者 张三）               中新社香港6月29日電 題：      香港6月9日讯
【本报讯】  【財經專訊】                       湾区晚报讯(记者 阮星)         （中央社記者王五台北3日電）
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extract.bylines import reporters
from ingest.extract.dates import Clock, find_moment
from ingest.extract.findings import Evidence
from ingest.extract.lines import has_han

__all__ = ["Dateline", "read_dateline"]

_MONTH = (
    r"(?i:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|"
    r"aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_WHEN = (
    rf"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?\.?,?\s+)?"
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH})(?:,?\s+(?:19|20)\d{{2}})?"
)
_WORD = r"[A-Z\u00c0-\u00de][\w.'’-]*"
_PLACE = rf"{_WORD}(?:[ /](?:(?:of|and|de|du|la|le|sur|am|upon|del)\s)?{_WORD}){{0,4}}"
_PLACES = rf"{_PLACE}(?:,\s*{_PLACE}){{0,3}}"
_CAPITALS = r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]+){0,3}(?:,\s*[A-Z][\w.]+(?: [A-Z][\w.]+){0,2}){0,2}"
_AGENCY = (
    r"\(\s*(?P<{0}>[A-Z][\w.&/' -]{{1,40}})\s*\)|/(?P<{0}s>[\w.&' -]{{2,40}})/|\[(?P<{0}b>[A-Z][\w.&' -]{{1,40}})\]"
)
_DASH = r"\s*(?:-{1,3}|[–—―:]{1,2})(?!\d)\s*"
_LEAD = r"^[\s*_>\[(]*"
_ENGLISH = tuple(
    re.compile(_LEAD + body)
    for body in (
        # place, date, agency
        (
            rf"(?P<place>{_PLACES})\s*(?:[,.:]|"
            rf"{_DASH})?\s*[\[(]?(?P<when>{_WHEN})[\])]?[,.]?\s*(?:{_AGENCY.format('a')})?(?"
            rf":[\])*_]*{_DASH}|[\])*_]+\s*)"
        ),
        rf"(?P<place>{_PLACES})\s*/\s*(?P<a>[A-Z][\w.&' -]{{2,40}}?)\s*/\s*(?P<when>{_WHEN})\s*/\s*",
        (
            rf"(?P<place>{_PLACES})\s*(?:[,.:]|"
            rf"{_DASH})?\s*(?P<when>{_WHEN})[,.]?\s*(?:{_AGENCY.format('a')})\s*(?:{_DASH})?"
        ),
        # date first
        rf"(?P<when>{_WHEN})\s*(?:[,.]|{_DASH})\s*(?P<place>{_PLACES})\s*(?:{_AGENCY.format('a')})?{_DASH}",
        rf"(?P<when>{_WHEN})\s*(?:{_AGENCY.format('a')}){_DASH}",
        # an agency in brackets, without a date
        rf"(?P<place>{_PLACES})\s+(?:{_AGENCY.format('a')}){_DASH}",
        rf"\((?P<place>{_CAPITALS})\)\s*{_DASH}",
        # capitals and a dash
        rf"(?=[A-Z.]{{4}}|[A-Z.]+[ ][A-Z]{{2}})(?P<place>{_CAPITALS})(?:\s+--\s*|\s*[—–]+\s*|\s+-\s+)(?=[\"“‘'A-Z])",
    )
)
_LED_BY_AGENCY = re.compile(
    rf"{_LEAD}(?P<agency>[A-Z][\w&.' -]{{2,50}}?),\s*(?P<place>{_PLACES}),?\s*(?P<when>{_WHEN})\s*"
    rf"(?:\((?:[Rr]eporters?|[Cc]orrespondents?)[:\s]+(?P<names>[^()]{{2,80}})\)\s*)?(?:{_DASH}|(?=\())"
)
_OUTLETS = r"[社网網报報刊台视視]"
_REPORTER = (
    r"(?:\s*[（(](?:(?:本[报報刊社台网網])?[特约約驻駐]{0,3}[记記]者|通[讯訊][员員]|[记記]者)[\s:：、]*"
    r"(?P<names>[^（）()]{1,40})[）)])?"
)
_FILED = (
    r"(?:(?P<day>(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)(?:专|專|综合|綜合|外)?(?:电|電|讯|訊|消息)"
    r"|(?:专|專|综合|綜合|外)?(?:电|電|讯|訊)(?=[\s　（(：:]))"
)
_CHINESE = tuple(
    re.compile(_LEAD + body)
    for body in (
        r"【(?P<agency>[\u4e00-\u9fffA-Za-z0-9 ]{0,14}?)(?:[综綜]合|即時|特)?"
        r"(?:[专專]?[讯訊电電]|消息|[报報][道導导])】\s*" + _REPORTER,
        rf"(?P<agency>本[报報刊社台网網]|[\u4e00-\u9fff]{{1,8}}{_OUTLETS})[\s，,]*"
        rf"(?P<place>[\u4e00-\u9fff]{{0,10}}?)\s*{_FILED}" + _REPORTER,
        r"(?P<place>[\u4e00-\u9fff]{2,6}?)\s*(?P<day>(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?:电|電|讯|訊)" + _REPORTER,
        r"(?P<agency>[\u4e00-\u9fff]{2,8}?)(?:讯|訊)(?=\s*[（(](?:[记記]者|通[讯訊])|[\s　])" + _REPORTER,
        (
            r"[（(](?P<agency>[\u4e00-\u9fff]{2,8}社)[记記]者(?P<names>[\u4e00-\u9fff]{2,4})(?P<"
            r"place>[\u4e00-\u9fff]{2,6})\d{1,2}日[专專]?[电電]\s*[)）]"
        ),
    )
)
_AFTER = re.compile(r"\s*(?:[题題]\s*[：:])?\s*(?:[—–-]{1,2}\s*)?[：:，,]?\s*")
_NAMELESS = re.compile(
    r"本[报報刊社台网網]|本[报報]|[财財][经經]|娱[乐樂]|娛樂|体育|體育|[国國][际際]|港[闻聞]|[综綜]合|[时時]政|[专專]|快|最新"
)
_WIRE_SERVICES = re.compile(
    r"^(?:Reuters|Xinhua|AP|AFP|UPI|PTI|ANI|IANS|CNN|BBC|Bloomberg|Kyodo|Yonhap|DPA|dpa|TASS|EFE)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A dateline at the head of a line: it ends before offset `end` of the line."""

    end: int
    evidence: Evidence


def _english(line: str, clock: Clock) -> Dateline | None:
    found = _LED_BY_AGENCY.match(line)
    if found:
        names = found["names"]
        return Dateline(
            end=found.end(),
            evidence=Evidence(
                publisher=found["agency"].strip(),
                byline=reporters(names) if names else None,
                published=find_moment(found["when"], clock),
            ),
        )
    for form in _ENGLISH:
        found = form.match(line)
        if found:
            got = found.groupdict()
            agency = (got.get("a") or got.get("as") or got.get("ab") or "").strip()
            if agency and not got.get("when") and not _WIRE_SERVICES.match(agency) and not got["place"].isupper():
                continue  # 'World Health Organization (WHO) - …' opens a sentence
            return Dateline(
                end=found.end(),
                evidence=Evidence(publisher=agency or None, published=find_moment(got.get("when") or "", clock)),
            )
    return None


def _chinese(line: str, clock: Clock) -> Dateline | None:
    for form in _CHINESE:
        found = form.match(line)
        if found is None:
            continue
        got = found.groupdict()
        names, agency = got.get("names"), (got.get("agency") or "").strip()
        end = found.end()
        after = _AFTER.match(line, end)
        return Dateline(
            end=after.end() if after else end,
            evidence=Evidence(
                publisher=None if not agency or _NAMELESS.match(agency) else agency,
                byline=reporters(names) if names else None,
                published=find_moment(got.get("day") or "", clock),
            ),
        )
    return None


def read_dateline(line: str, clock: Clock) -> Dateline | None:
    """Read the dateline at the head of a line, if there is one.

    Its date counts only with a year; nothing is guessed.
    """
    head = line[:200]
    return _chinese(head, clock) if has_han(head[:40]) else _english(head, clock)
