"""Dates and times, as precise as their source gave them, and where metadata was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

__all__ = ["Moment", "Origin", "Precision"]


class Precision(StrEnum):
    """How much of a `Moment` its source gave."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


_LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


class Origin(StrEnum):
    """Where a piece of metadata was read."""

    RECORD = "record"  # a field of a JSON line, or what a feed said
    JSON_LD = "json-ld"
    OPEN_GRAPH = "open-graph"
    META = "meta"
    VISIBLE = "visible-text"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time, no more precise than its source.

    Attributes:
        iso: ISO 8601, cut to the precision: `2024`, `2024-03`, `2024-03-14`, or, only where the zone is known,
            `2024-03-14T12:10:00+08:00`.
        precision: Which of these it is.
        origin: Where it was read.
    """

    iso: str
    precision: Precision
    origin: Origin = Origin.VISIBLE

    @property
    def earliest(self) -> datetime:
        """The first instant that it may mean, in UTC (a date without zone is taken as UTC)."""
        padded = self.iso + "0001-01-01"[len(self.iso) :] if len(self.iso) < 10 else self.iso
        read = datetime.fromisoformat(padded)
        return (read.replace(tzinfo=UTC) if read.tzinfo is None else read).astimezone(UTC)

    @property
    def day(self) -> str:
        """The ISO date part, cut to the precision: at most ten characters."""
        return self.iso[: _LENGTHS.get(self.precision, 10)]
