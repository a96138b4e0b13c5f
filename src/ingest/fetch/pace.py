"""How long to wait: after a failure, and between two visits of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Rhythm", "back_off", "next_visit"]

_SPREAD = 0.25  # of a wait, added or taken away, so that what failed together is not tried again together
_FIRST, _CEILING = timedelta(minutes=5), timedelta(days=1)
_SOONEST, _LATEST = timedelta(minutes=15), timedelta(hours=12)
_HOURS_AHEAD = 24 * 8  # a week and a day: longer than any week's silence that a feed can ask for


def back_off(
    failures: int,
    *,
    random: Callable[[], float],
    first: timedelta = _FIRST,
    ceiling: timedelta = _CEILING,
    at_least: timedelta | None = None,
) -> timedelta:
    """How long to wait after so many failures in a row: doubling, with jitter, up to a ceiling, for ever.

    Args:
        failures: At least 1.
        random: Gives numbers from 0 up to 1.
        first: After the first failure.
        ceiling: At most so long.
        at_least: What the server asked for; it goes before the ceiling.
    """
    wait = min(first * (1 << min(max(failures, 1) - 1, 30)), ceiling)
    wait *= 1 + _SPREAD * (2 * random() - 1)
    return max(min(wait, ceiling), at_least or timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a source is to be visited.

    Attributes:
        fixed: What an operator set; goes before everything else.
        usual: The usual time between two new entries; None where it is not known yet.
        stated: How often it says that it changes.
        skip_hours: Hours of the day, in UTC, in which it asks to be left alone.
        skip_days: Days of the week, 0 for Monday, likewise.
    """

    fixed: timedelta | None = None
    usual: timedelta | None = None
    stated: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def next_visit(rhythm: Rhythm, *, now: datetime, random: Callable[[], float]) -> datetime:
    """When to visit a source again that has answered.

    Twice within the usual time between two new entries, but no more often than the source says that it changes, and
    within a quarter of an hour and half a day.
    """
    if rhythm.fixed is not None:
        wait = rhythm.fixed
    else:
        usual = rhythm.usual / 2 if rhythm.usual is not None else timedelta(hours=1)
        wait = min(max(usual, rhythm.stated or usual, _SOONEST), _LATEST)
    due = now + wait * (1 + _SPREAD * random() / 2)
    for _ in range(_HOURS_AHEAD):
        if due.hour not in rhythm.skip_hours and due.weekday() not in rhythm.skip_days:
            break
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due
