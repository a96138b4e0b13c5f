"""When something is sent: digests, quiet hours, ceilings, and another attempt. Pure functions over aware times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.alerts.notice import NoticeKind
from ingest.alerts.rules import Cadence, Digest, Quiet, Rule

__all__ = ["Slot", "back_off", "hour_of", "next_digest", "slot", "summary_slot"]

_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=3)
_LONGEST_ASKED = timedelta(days=1)  # that a receiver may have us wait
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where in the outbox an event goes.

    Attributes:
        kind: Alone, or together with others.
        due: When it is to be sent, UTC.
    """

    kind: NoticeKind
    due: datetime


def slot(rule: Rule, *, after: datetime) -> Slot:
    """Where an event goes by itself: the rule's next digest, or a message at once, or when its quiet hours end.

    Args:
        rule: Whose it is.
        after: When it happened; a digest comes later than that.
    """
    if rule.digest is not None:
        due = next_digest(rule.digest, rule.time_zone, after=after)
        return Slot(kind=NoticeKind.DIGEST, due=_out_of_quiet(rule, due))
    return Slot(kind=NoticeKind.INSTANT, due=_out_of_quiet(rule, after))


def summary_slot(rule: Rule, *, due: datetime) -> Slot:
    """Where an event goes that is over the ceiling of the hour in which it was due: to the end of that hour."""
    return Slot(kind=NoticeKind.SUMMARY, due=_out_of_quiet(rule, hour_of(due) + _HOUR))


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def next_digest(digest: Digest, time_zone: str, *, after: datetime) -> datetime:
    """The first time of a digest that is later than a moment, UTC.

    A time of day that the clocks jump over comes as much later as they jump; one that comes twice counts the first
    time.
    """
    zone = ZoneInfo(time_zone)
    day = after.astimezone(zone).date()
    while True:
        due = datetime.combine(day, digest.at, tzinfo=zone).astimezone(UTC)
        if due > after and (digest.cadence is Cadence.DAILY or day.weekday() == digest.weekday):
            return due
        day += timedelta(days=1)


def _out_of_quiet(rule: Rule, at: datetime) -> datetime:
    """A moment, or the end of the quiet hours in which it lies, UTC."""
    if rule.quiet is None:
        return at.astimezone(UTC)
    return _end_of_quiet(rule.quiet, ZoneInfo(rule.time_zone), at)


def _end_of_quiet(quiet: Quiet, zone: ZoneInfo, at: datetime) -> datetime:
    local = at.astimezone(zone)
    clock = local.time()
    if quiet.start <= quiet.end:
        is_quiet, days = quiet.start <= clock < quiet.end, 0
    else:
        is_quiet, days = clock >= quiet.start or clock < quiet.end, int(clock >= quiet.start)
    if not is_quiet:
        return at.astimezone(UTC)
    end = datetime.combine(local.date() + timedelta(days=days), quiet.end, tzinfo=zone)
    return max(end.astimezone(UTC), at.astimezone(UTC))  # where clocks go back, the end may lie behind us


def back_off(attempts: int, *, jitter: float, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait before the next attempt.

    Args:
        attempts: That were made, from 1.
        jitter: 0 to 1, at random: spreads attempts over a fifth below and above, so that they do not come in step.
        retry_after: How long the receiver asked to be left alone; believed up to a day.
    """
    wait: timedelta = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts - 1, 20)) * (0.8 + 0.4 * jitter)
    return max(wait, min(retry_after or timedelta(), _LONGEST_ASKED))
