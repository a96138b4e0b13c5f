"""Dates in Chinese text: where they stand, and what they mean on the day of publication."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ingest.documents import Moment, Precision

__all__ = ["DATE", "DATE_STARTS", "read"]

_NUMERAL = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0, "两": 2}
_YEAR = r"(?:\d{4}|[〇零○一二三四五六七八九]{4}|二[〇零○]\d{2})"
_SMALL = r"(?:\d{1,2}|廿[一二三四五六七八九]?|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_PART = r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚间|晚|早)?"

DATE = re.compile(
    rf"(?P<year>{_YEAR})年(?:(?P<month>{_SMALL})月(?:份)?(?:(?P<day>{_SMALL})[日号])?)?(?:[初底末中]"
    rf"|年[初中底])?{_PART}"
    rf"|(?P<iso>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    rf"|(?P<rel_year>今年|去年|前年|本年|上年|同年|明年"
    rf"|翌年)(?:(?P<rel_month>{_SMALL})月(?:份)?(?:(?P<rel_day>{_SMALL})[日号])?)?"
    rf"(?:[初底末]|年[初中底]|[上下]半年)?{_PART}"
    rf"|(?P<of_month>本月|上月|上个月|下月|下个月|当月|今个月|今月"
    rf"|这个月)(?:(?P<of_day>{_SMALL})[日号])?(?:[上中下]旬|[初底末中])?{_PART}"
    rf"|(?P<own_month>{_SMALL})月(?:份)?(?:(?P<own_day>{_SMALL})[日号])?(?:[上中下]旬|[初底末中])?{_PART}"
    rf"|(?P<bare_day>(?:\d{{1,2}}|廿[一二三四五六七八九]?|[一二三]?十[一二三四五六七八九]?))[日号]{_PART}(?!报|程"
    rf"|本|线|元)"
    rf"|(?P<week>上|本|这|今|下)?(?:个)?(?P<weekday>{_WEEKDAY}){_PART}"
    rf"|(?P<near>[今昨前]（\d{{1,2}}）[日天]|[今昨前]（(?:\d{{1,2}}月)?\d{{1,2}}日）|今日|今天|今早|今晨|今晚|昨日|昨天|昨晚|昨(?=[\u4e00-\u9fff])|前日|前天|前晚"
    rf"|大前天|翌日|次日|明日(?!前)|明天|后天){_PART}"
    rf"|(?P<vague>近日|日前|近期|最近|不久前|早前|此前|先前|上周|上星期|本周|这周|下周|周末|年初|年底|年内|月初"
    rf"|月底|早在|早年|昔年|往年|前些年|当日|当天|同日|同月|近年|多年前|[一二三四五六七八九十两数几\d]+(?:多)?年前)"
)


# What a date may begin with; looking is dearer than asking.
DATE_STARTS = frozenset(
    "0123456789〇零○一二三四五六七八九十廿两数几今去前本上同明翌下当这周星礼昨大次后近日期最不早此先年月多"
)


def _number(text: str) -> int:
    """A small or four-digit number in either sort of digits."""
    if text.isdigit():
        return int(text)
    if len(text) == 4:
        return int("".join(c if c.isdigit() else str(_NUMERAL[c]) for c in text))
    if text.startswith("廿"):
        return 20 + (_NUMERAL[text[1]] if len(text) > 1 else 0)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * (_NUMERAL[tens] if tens else 1) + (_NUMERAL[ones] if ones else 0)
    return _NUMERAL[text]


def _day(year: int, month: int, day: int) -> Moment | None:
    try:
        return Moment(iso=date(year, month, day).isoformat(), precision=Precision.DAY)
    except ValueError:
        return None


def _month(year: int, month: int) -> Moment | None:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    return Moment(iso=f"{year:04d}-{month:02d}", precision=Precision.MONTH)


def _built(year: int, month: str | None, day: str | None) -> Moment | None:
    if not 1 <= year <= 9999:
        return None
    if month is None:
        return Moment(iso=f"{year:04d}", precision=Precision.YEAR)
    return _day(year, _number(month), _number(day)) if day else _month(year, _number(month))


def _latest(month: int, day: int | None, anchor: date) -> Moment | None:
    """The month or day of no year that lies nearest before the anchor."""
    if day is None:
        return _month(anchor.year if month <= anchor.month else anchor.year - 1, month)
    this = _day(anchor.year, month, day)
    return this if this and this.iso <= anchor.isoformat() else _day(anchor.year - 1, month, day)


def _before(anchor: date, months: int) -> date:
    """The first of the month so many months before."""
    index = anchor.year * 12 + anchor.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _weekday(match: re.Match[str], anchor: date) -> Moment | None:
    wanted = "一二三四五六日".index(match["weekday"][-1].replace("天", "日"))
    back = (anchor.weekday() - wanted) % 7
    if match["week"] == "上":
        back = anchor.weekday() - wanted + 7
    elif match["week"] in ("本", "这", "今"):
        back = anchor.weekday() - wanted
    elif match["week"] == "下":
        return None
    found = anchor - timedelta(days=back)
    return _day(found.year, found.month, found.day)


_NEAR = {"今": 0, "昨": 1, "前": 2, "大": 3}


def read(match: re.Match[str], anchor: date | None) -> Moment | None:
    """What a date in a text means.

    Args:
        match: A match of `DATE`.
        anchor: The day of publication; None where it is unknown, and then only a date with its year is read.

    Returns:
        The date as precise as the text gives it; None where it says too little ('recently') or is no date.
    """
    if match["year"]:
        return _built(_number(match["year"]), match["month"], match["day"])
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/.]", match["iso"]))
        return _day(year, month, day)
    return _relative(match, anchor) if anchor else None


def _relative(match: re.Match[str], anchor: date) -> Moment | None:
    """A date that counts from the day of publication."""
    found: Moment | None = None
    if match["rel_year"]:
        found = _of_year(match, anchor)
    elif match["of_month"]:
        found = _of_month(match, anchor)
    elif match["own_month"]:
        found = _latest(_number(match["own_month"]), _number(match["own_day"]) if match["own_day"] else None, anchor)
    elif match["bare_day"]:
        day = _number(match["bare_day"])
        first = _before(anchor, 0 if day <= anchor.day else 1)
        found = _day(first.year, first.month, day)
    elif match["weekday"]:
        found = _weekday(match, anchor)
    elif match["near"] and match["near"][0] in _NEAR:
        near = anchor - timedelta(days=_NEAR[match["near"][0]])
        found = _day(near.year, near.month, near.day)
    return found


def _of_year(match: re.Match[str], anchor: date) -> Moment | None:
    back = {"去年": 1, "上年": 1, "前年": 2, "今年": 0, "本年": 0}.get(match["rel_year"])
    if back is None or (back == 0 and not match["rel_month"]):
        return None
    return _built(anchor.year - back, match["rel_month"], match["rel_day"])


def _of_month(match: re.Match[str], anchor: date) -> Moment | None:
    if match["of_month"][0] in "下当":
        return None
    first = _before(anchor, 1 if match["of_month"].startswith("上") else 0)
    if match["of_day"]:
        return _day(first.year, first.month, _number(match["of_day"]))
    return _month(first.year, first.month)
