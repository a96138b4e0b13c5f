"""The place of an article among all: the later its day, the higher, and of one day the later it was stored.

Indexes number articles by it, so that reading them backwards gives the latest first, and a range of days is a range of
places.
"""

from __future__ import annotations

from datetime import date

__all__ = ["LAST", "first_of", "last_of", "place_of"]

_BITS = 24  # that tell the articles of one day apart

LAST = (1 << 63) - 1
"""No place is higher."""


def place_of(day: date, number: int) -> int:
    """The place of an article.

    Args:
        day: When it was published, or first stored where it has no date.
        number: Its row. Two of one day whose numbers are a multiple of 16,777,216 apart would share a place.
    """
    return first_of(day) | (number & ((1 << _BITS) - 1))


def first_of(day: date) -> int:
    """The lowest place of a day."""
    return day.toordinal() << _BITS


def last_of(day: date) -> int:
    """The highest place of a day."""
    return first_of(day) | ((1 << _BITS) - 1)
