"""How a source is doing, judged by what it did before: pure, on the facts that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["FEWEST_USUAL", "LEAST_QUIET", "QUIET_AFTER", "TRUNCATED", "Facts", "Health", "judge"]

QUIET_AFTER = 5  # usual times between two entries without any
LEAST_QUIET = timedelta(days=2)  # a weekend is no silence
TRUNCATED = 0.3  # of the usual number of entries
FEWEST_USUAL = 5  # entries; of fewer, nothing is told


class Health(StrEnum):
    """How a source is doing; the first that holds."""

    REMOVED = "removed"
    PAUSED = "paused"
    FAILING = "failing"  # its listing could not be had the last time
    UNTRIED = "untried"  # never visited
    EMPTY = "empty"  # its listing holds nothing, and used to
    TRUNCATED = "truncated"  # its listing holds far less than it used to
    QUIET = "quiet"  # nothing new for far longer than usual
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a source.

    Attributes:
        state: `active`, `paused` or `removed`.
        failures: In a row.
        last_success_at: When a listing was read last.
        last_new_at: When one last held something new.
        usual: The usual time between two new entries.
        entries_last: How many entries the last listing held.
        entries_usual: How many it usually holds.
    """

    state: str
    failures: int
    last_success_at: datetime | None
    last_new_at: datetime | None
    usual: timedelta | None
    entries_last: int | None
    entries_usual: float | None


def judge(facts: Facts, *, now: datetime) -> Health:
    """How a source is doing now."""
    if facts.state in {Health.REMOVED, Health.PAUSED}:
        return Health(facts.state)
    if facts.failures:
        return Health.FAILING
    if facts.last_success_at is None:
        return Health.UNTRIED
    return _of_listing(facts) or (Health.QUIET if _is_quiet(facts, now) else Health.HEALTHY)


def _of_listing(facts: Facts) -> Health | None:
    if facts.entries_last is None or facts.entries_usual is None:
        return None
    if facts.entries_last == 0:
        return Health.EMPTY
    is_short = facts.entries_last < TRUNCATED * facts.entries_usual
    return Health.TRUNCATED if is_short and facts.entries_usual >= FEWEST_USUAL else None


def _is_quiet(facts: Facts, now: datetime) -> bool:
    if facts.last_new_at is None or facts.usual is None:
        return False
    return now - facts.last_new_at > max(QUIET_AFTER * facts.usual, LEAST_QUIET)
