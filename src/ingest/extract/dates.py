"""Dates and times as news pages write them, read no more precisely than they are given.

A time without a zone counts only where the source's zone is known; otherwise the day alone is believed. A date whose
day and month could be swapped, that lacks its year, or that lies in the future, is not believed at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from ingest.documents import Moment, Origin, Precision

__all__ = ["DATE", "Clock", "find_moment", "moment_in_url", "read_future", "read_moment"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# Only abbreviations that mean one thing in news; IST, CST and the like do not.
_ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "hkt": 480,
    "sgt": 480,
    "jst": 540,
    "kst": 540,
    "est": -300,
    "edt": -240,
    "pst": -480,
    "pdt": -420,
}
_NUMERALS = {
    c: n for n, group in enumerate(("〇零○", "一", "二", "三", "四", "五", "六", "七", "八", "九")) for c in group
}

_MONTH = r"(?P<{0}>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:(?:\s*[T,|·-]?\s*|\s+(?:at|on)\s+|\s*星期.\s*)(?P<hour>[01]?\d|2[0-3])[:：h](?P<minute>[0-5]\d)"
    r"(?:[:：](?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>(?:(?:GMT|UTC)\s?)?[+-]\d{2}:?\d{2}(?!\d)|(?:GMT|UTC)\s?[+-]\d{1,2}(?!\d)|[A-Z]{1,4}\b|北京时间|北京時間|香港時間))?\)?)?"
)
_DAY = r"(?P<d{0}>\d{{1,2}})"
DATE = (
    r"(?:"
    r"(?P<y1>(?:19|20)\d{2})-(?P<m1>\d{1,2})-" + _DAY.format(1) + r"(?!\d)"
    r"|(?P<y2>(?:19|20)\d{2})\s?年\s?(?P<m2>\d{1,2})\s?月\s?" + _DAY.format(2) + r"\s?日"
    r"|(?P<y3>(?:19|20)\d{2})(?P<s3>[/.])(?P<m3>\d{1,2})(?P=s3)" + _DAY.format(3) + r"(?!\d)"
    r"|" + _WEEKDAY + _MONTH.format("m4") + r"\.?\s+" + _DAY.format(4)
    + r"(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d{2})\b"
    r"|" + _WEEKDAY + _DAY.format(5) + r"(?:st|nd|rd|th)?(?:\s+of)?[\s-]+" + _MONTH.format("m5")
    + r"\.?,?[\s-]+(?P<y5>(?:19|20)\d{2})\b"
    r"|(?P<a6>\d{1,2})(?P<s6>[/.-])(?P<b6>\d{1,2})(?P=s6)(?P<y6>(?:19|20)\d{2})(?!\d)"
    r"|(?P<y7>[一二][〇零○一二三四五六七八九]{3})年(?P<m7>[一二三四五六七八九十]{1,2})月(?P<d7>[一二三四五六七八九十]{1,3})日"
    r"|(?<!\d)(?P<y8>(?:19|20)\d{2})(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12]\d|3[01])(?!\d)"
    r")"
)  # fmt: skip
# '+0800', and 'GMT+8' or 'GMT+0800' as JavaScript writes it
_SHIFT = re.compile(
    r"(?:(?:GMT|UTC)\s?)?(?P<sign>[+-])(?P<hours>\d{2}(?=:?\d{2})|\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE
)
_MOMENT = re.compile(r"(?<![\w/.-])" + DATE + _TIME, re.IGNORECASE)
_PARTIAL = re.compile(r"((?:19|20)\d{2})(?:-(0[1-9]|1[0-2]))?")
_URL = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What reading a date depends on.

    Attributes:
        now: The present; a date more than a day after it is not believed.
        time_zone: IANA zone of times that carry none; empty: such a time is believed to the day only.
    """

    now: datetime
    time_zone: str = ""


@cache
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (
        KeyError,
        ValueError,
        OSError,
    ):  # unknown (a KeyError) or malformed; settings report it, a date must not fail
        return None


def _han_number(text: str) -> int:
    if "十" in text:
        tens, _, units = text.partition("十")
        return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[units] if units else 0)
    return int("".join(str(_NUMERALS[c]) for c in text))


def _day(found: re.Match[str]) -> date | None:
    """The calendar day of a match of `DATE`, None where there is no such day or it may be read two ways."""
    got = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        for way in "12348":
            if f"y{way}" in got:
                month = got[f"m{way}"]
                number = int(month) if month.isdigit() else _MONTHS[month.lower()]
                return date(int(got[f"y{way}"]), number, int(got[f"d{way}"]))
        if "y5" in got:
            return date(int(got["y5"]), _MONTHS[got["m5"].lower()], int(got["d5"]))
        if "y6" in got:
            first, second = int(got["a6"]), int(got["b6"])
            if first <= 12 and second <= 12 and first != second:
                return None
            return date(int(got["y6"]), min(first, second), max(first, second))
        return date(_han_number(got["y7"]), _han_number(got["m7"]), _han_number(got["d7"]))
    except (ValueError, KeyError):
        return None


def _offset(zone: str | None, clock: Clock) -> tzinfo | None:
    if not zone:
        return _zone(clock.time_zone)
    if (shift := _SHIFT.fullmatch(zone)) is not None:
        minutes = int(shift["hours"]) * 60 + int(shift["minutes"] or 0)
        return timezone(timedelta(minutes=minutes if shift["sign"] == "+" else -minutes)) if minutes < 24 * 60 else None
    if zone in {"北京时间", "北京時間", "香港時間"}:
        return timezone(timedelta(hours=8))
    known = _ZONES.get(zone.lower())
    return None if known is None else timezone(timedelta(minutes=known))


def _moment(found: re.Match[str], clock: Clock, origin: Origin) -> Moment | None:
    day = _day(found)
    if day is None or datetime(day.year, day.month, day.day, tzinfo=UTC) > clock.now + timedelta(days=1):
        return None
    whole = Moment(iso=day.isoformat(), precision=Precision.DAY, origin=origin)
    if found["hour"] is None:
        return whole
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return whole
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = _offset(found["zone"], clock)
    if zone is None:
        return whole
    exact = datetime(day.year, day.month, day.day, hour, int(found["minute"]), int(found["second"] or 0), tzinfo=zone)
    if exact > clock.now + timedelta(days=1):
        return None
    precision = Precision.SECOND if found["second"] else Precision.MINUTE
    return Moment(iso=exact.isoformat(), precision=precision, origin=origin)


def find_moment(text: str, clock: Clock, origin: Origin = Origin.VISIBLE) -> Moment | None:
    """The first believable date in a text, None where there is none."""
    for found in _MOMENT.finditer(text):
        moment = _moment(found, clock, origin)
        if moment is not None:
            return moment
    return None


def read_moment(value: str | None, clock: Clock, origin: Origin) -> Moment | None:
    """Read a field that should hold a date and nothing else (ISO 8601, RFC 2822, or as people write it).

    Args:
        value: What the field holds.
        clock: The present and the source's zone.
        origin: Where the field stands.

    Returns:
        The date, as precise as given: a year or a month alone is kept as such; None where none can be believed.
    """
    if not value:
        return None
    value = value.strip()[:100]
    partial = _PARTIAL.fullmatch(value)
    if partial:
        if value > clock.now.strftime("%Y-%m")[: len(value)]:
            return None
        return Moment(iso=value, precision=Precision.MONTH if partial[2] else Precision.YEAR, origin=origin)
    return find_moment(value, clock, origin)


def read_future(value: str | None, clock: Clock, origin: Origin) -> str | None:
    """The date of a field as `read_moment` would give it, were it not in the future; None where it is not."""
    if not value or read_moment(value, clock, origin):
        return None
    later = read_moment(value, replace(clock, now=datetime(9000, 1, 1, tzinfo=UTC)), origin)
    return later.iso if later else None


def moment_in_url(url: str | None, clock: Clock) -> Moment | None:
    """The day that a URL's path carries (`/2024/03/14/`, `/20240314/`, `/2024-03-14-…`), if any."""
    found = _URL.search(url or "")
    return None if found is None else find_moment(f"{found[1]}-{found[2]}-{found[3]}", clock, Origin.URL)
