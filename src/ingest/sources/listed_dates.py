"""Dates of feeds and sitemaps: with the zone that they give, or none; as precise as they are given.

    ISO 8601 ── or RFC 822 and what passes for it ── or seconds since 1970 ── or as people write dates

A time without a zone stays one: the source's zone is applied where the page is read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from enum import Enum

from ingest.documents import Moment, Origin, Precision
from ingest.extract.dates import Clock, read_moment

__all__ = ["Unread", "read_date"]

_LONGEST = 100
_ISO = re.compile(
    r"(?P<year>[12]\d{3})"
    r"(?:-?(?P<month>0[1-9]|1[0-2])(?:-?(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?:T|\s+)(?P<hour>[01]\d|2[0-4]):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d|60)(?:[.,]\d{1,12})?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?)?)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")
_CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}(?P<second>:\d{2})?\s*(?P<zone>[+-]\d|[A-Z]+)?", re.IGNORECASE)
_GREENWICH = frozenset({"Z", "UT", "UTC", "GMT"})
# 'GMT+0800 (China Standard Time)', as JavaScript writes it
_SHIFTED_ZONE = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d)")
# RFC 822 gives it to Chicago, China's servers to themselves: fourteen hours lie between.
_AMBIGUOUS_ZONE = re.compile(r"\bCST\b")
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what a missing date becomes


class Unread(Enum):
    """Why a date gives no hint."""

    BAD = "bad"
    FUTURE = "future"


def read_date(given: str, now: datetime) -> str | Unread:
    """Read a date of a listing.

    Args:
        given: As it stands there.
        now: The present; what is more than a day after it is not believed.

    Returns:
        ISO 8601: `2024`, `2024-03`, `2024-03-14`, `2024-03-14T12:10`, `2024-03-14T12:10:05+08:00`; or why there is
        none. A year before 1900, and the very second at which Unix time begins, are nobody's date. Never raises.
    """
    text = " ".join(given[: 2 * _LONGEST].split())[:_LONGEST]
    text = _SHIFTED_ZONE.sub("", _AMBIGUOUS_ZONE.sub("", text)).strip()
    found = _iso(text) or _seconds(text) or _rfc822(text) or _written(text, now)
    if found is None:
        return Unread.BAD
    if found.earliest < _EARLIEST or found.earliest == _EPOCH:
        return Unread.BAD
    return Unread.FUTURE if found.earliest > now + timedelta(days=1) else found.iso


def _iso(text: str) -> Moment | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    if found["hour"] is None:
        parts = [part for part in (found["year"], found["month"], found["day"]) if part]
        precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
        return _checked("-".join(parts), precision)
    day = f"{found['year']}-{found['month']}-{found['day']}"
    offset = _offset(found["zone"]) if found["zone"] else None
    return _moment(day, int(found["hour"]), int(found["minute"]), found["second"], offset)


def _offset(zone: str) -> int:
    """Seconds east of Greenwich."""
    if zone[0] not in "+-":
        return 0
    hours, minutes = (zone[1:-3], zone[-2:]) if ":" in zone else (zone[1:3], zone[3:] or "0")
    return (int(hours) * 3_600 + int(minutes) * 60) * (1 if zone[0] == "+" else -1)


def _seconds(text: str) -> Moment | None:
    if not _SECONDS.fullmatch(text):
        return None
    read = datetime.fromtimestamp(int(text) / (1_000 if len(text) > 10 else 1), tz=UTC)
    return Moment(iso=read.isoformat(timespec="seconds"), precision=Precision.SECOND, origin=Origin.RECORD)


def _rfc822(text: str) -> Moment | None:
    clock = _CLOCK_TIME.search(text)
    if clock is None:
        return None
    try:
        read = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):  # it was written for mail, and trusts it a little
        return None
    if read is None or not read[0]:
        return None
    year, month, day, hour, minute, second = read[:6]
    zone = clock["zone"] or ""
    if zone.isalpha() and not read[9] and zone.upper() not in _GREENWICH:  # 'am', or a zone that mail does not know
        return None
    seconds = f"{second:02}" if clock["second"] else None
    return _moment(f"{year:04}-{month:02}-{day:02}", hour, minute, seconds, read[9] if zone else None)


def _written(text: str, now: datetime) -> Moment | None:
    """Read a date as people write it, in English or Chinese; without its zone where it has none."""
    later = now.replace(year=now.year + 50, day=1)  # whether it lies ahead is asked later, of all dates alike
    exact = read_moment(text, Clock(now=later, time_zone="UTC"), Origin.RECORD)
    known = read_moment(text, Clock(now=later), Origin.RECORD)
    if exact is None or known is None or exact.precision is known.precision:
        return known
    return Moment(
        iso=exact.iso[: 19 if exact.precision is Precision.SECOND else 16],
        precision=exact.precision,
        origin=Origin.RECORD,
    )


def _moment(day: str, hour: int, minute: int, second: str | None, offset: int | None) -> Moment | None:
    over = hour == 24  # the end of the day
    time = f"T{0 if over else hour:02}:{minute:02}" + (f":{min(59, int(second)):02}" if second else "")
    try:
        read = datetime.fromisoformat(day + time) + timedelta(days=over)
        if offset is not None:
            read = read.replace(tzinfo=timezone(timedelta(seconds=offset)))
    except (ValueError, OverflowError):
        return None
    precision = Precision.SECOND if second else Precision.MINUTE
    return _checked(read.isoformat(timespec="seconds" if second else "minutes"), precision)


def _checked(iso: str, precision: Precision) -> Moment | None:
    found = Moment(iso=iso, precision=precision, origin=Origin.RECORD)
    try:
        _ = found.earliest
    except (ValueError, OverflowError):  # the 31st of February; the first hours of the calendar
        return None
    return found
