"""When an agreement was signed, as far as its sentence says so.

A day, month or year counts only where it dates the act ('signed on 30 October', 'in March this year'), not where it
dates the announcement. Relative words are resolved against the published date; without one they date nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ingest.documents import Moment, Precision

__all__ = ["Dated", "event_year", "find_dates", "moment"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>3[01]|[12]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_RELATIVE = (
    r"today|yesterday|this (?:morning|afternoon|evening)|last (?:night|week|month|year)|this (?:week|month|year)"
    r"|earlier this (?:week|month|year)"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?\b",
        rf"\b{_MONTH} {_DAY}\b(?:,? {_YEAR})?",
        rf"\b{_MONTH},? (?:of )?(?P<this>this|last) year\b",
        rf"\b{_MONTH},? (?:of )?{_YEAR}\b",
        rf"\b(?:in|since|late|early|mid|last|this|during) {_MONTH}\b(?! \d)",
        rf"(?<![\w$€£.,-])(?:in|since|from|until|of|by|late|early|mid|during|for) {_YEAR}\b(?![-–/]\d)",
        rf"\b(?P<relative>{_RELATIVE})\b",
        rf"\b(?:on |(?P<before>last )|this )?(?P<weekday>{'|'.join(_DAYS)})\b",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date expression of a sentence.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        moment: What it means; None where that cannot be told without a published date.
    """

    start: int
    end: int
    moment: Moment | None


def moment(year: int, month: int | None = None, day: int | None = None) -> Moment | None:
    """A moment of the precision given; None for a day that does not exist."""
    if month is None:
        return Moment(iso=f"{year:04}", precision=Precision.YEAR)
    if day is None:
        return Moment(iso=f"{year:04}-{month:02}", precision=Precision.MONTH)
    try:
        return Moment(iso=date(year, month, day).isoformat(), precision=Precision.DAY)
    except ValueError:
        return None


@lru_cache(maxsize=64)
def find_dates(sentence: str, published: Moment | None) -> tuple[Dated, ...]:
    """Date expressions of an English sentence, in order, the longer of two that overlap.

    Args:
        sentence: The sentence.
        published: What relative words are resolved against; only where it is known to the day.
    """
    anchor = date.fromisoformat(published.day) if published and len(published.day) == 10 else None
    found: list[Dated] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            if all(match.end() <= other.start or match.start() >= other.end for other in found):
                found.append(Dated(start=match.start(), end=match.end(), moment=_resolve(match, anchor)))
    return tuple(sorted(found, key=lambda dated: dated.start))


def _resolve(match: re.Match[str], anchor: date | None) -> Moment | None:
    parts = match.groupdict()
    if parts.get("relative") or parts.get("weekday"):
        return _relative(match, anchor) if anchor else None
    month = _MONTHS[parts["month"].casefold()] if parts.get("month") else None
    day = int(parts["day"]) if parts.get("day") else None
    if parts.get("year"):
        return moment(int(parts["year"]), month, day)
    if anchor is None or month is None:
        return None
    if parts.get("this"):
        return moment(anchor.year - (parts["this"].casefold() == "last"), month)
    # A month without a year is the latest that was not to come: 'in December' in January is last year's.
    return moment(anchor.year - ((month, day or 1) > (anchor.month, anchor.day)), month, day)


def _relative(match: re.Match[str], anchor: date) -> Moment | None:
    """'Yesterday', 'last month', 'on Thursday', counted back from the published date."""
    parts = match.groupdict()
    words = (parts.get("relative") or parts["weekday"]).casefold()
    unit = words.rpartition(" ")[2]
    if words in _DAYS:
        back = (anchor.weekday() - _DAYS.index(words)) % 7
        anchor -= timedelta(days=7 if parts["before"] and not back else back)  # 'last Friday' on a Friday
    elif words in {"yesterday", "last night"}:
        anchor -= timedelta(days=1)
    elif words == "last week":
        anchor -= timedelta(days=7)
    elif words == "last month":
        anchor = anchor.replace(day=1) - timedelta(days=1)
    if unit == "year":
        return moment(anchor.year - words.startswith("last"))
    if unit in {"week", "month"}:
        return moment(anchor.year, anchor.month)
    return moment(anchor.year, anchor.month, anchor.day)


_EVENT = re.compile(
    r"\b((?:19|20)\d\d) (?:[A-Z][\w&-]* ){1,6}(?:Forum|Summit|Conference|Congress|Expo|Fair|Week|Symposium"
    r"|Exposition|Convention)\b"
)


def event_year(text: str) -> Moment | None:
    """The year that events of an article bear in their names ('2024 Pujiang Innovation Forum'), if it is one year."""
    years = {match.group(1) for match in _EVENT.finditer(text)}
    return moment(int(years.pop())) if len(years) == 1 else None
