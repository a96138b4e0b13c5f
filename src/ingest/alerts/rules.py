"""Which agreement events concern a rule: pure functions over frozen values.

A rule is asked once about an event, with the article that led to it; what is left out stays left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from ingest.alerts.notice import Why
from ingest.documents import Kind, Moment, Precision, Status

__all__ = ["Cadence", "Digest", "LeftOut", "Occasion", "Quiet", "Rule", "left_out"]


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When a digest comes, in the rule's time zone.

    Attributes:
        cadence: How often.
        at: The time of day.
        weekday: 0 is Monday; only of a weekly one.
    """

    cadence: Cadence
    at: time
    weekday: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which nothing is sent, in the rule's time zone; they may go over midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to tell whom. An empty tuple matches everything.

    Attributes:
        name: Unique in a store.
        channels: Names of channels of the configuration.
        organisations: Public ids; one of the parties is one of them.
        parties: Words that one of the names of a party holds.
        topics: Of the article that led to the event.
        kinds: Of the agreement.
        statuses: That it has from the event on.
        languages: Of that article; `zh` covers both scripts.
        sources: That brought it.
        min_confidence: Of the agreement.
        max_age: How old the agreement's date may be.
        allows_undated: Whether one without a date is told of.
        first_contact: Whether what a source held when it was new is told of.
        digest: When what happened is told of together; None: each event at once.
        time_zone: IANA name, of the digest and the quiet hours.
        quiet: When nothing is sent.
        ceiling: Messages an hour and channel, beyond which the rest is summed up; None: no ceiling.
        is_paused: Whether it rests.
    """

    name: str
    channels: tuple[str, ...]
    organisations: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    statuses: tuple[Status, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    min_confidence: float | None = None
    max_age: timedelta | None = None
    allows_undated: bool = True
    first_contact: bool = False
    digest: Digest | None = None
    time_zone: str = "UTC"
    quiet: Quiet | None = None
    ceiling: int | None = None
    is_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a rule is asked about: an agreement event, and the article that led to it.

    Attributes:
        why: What happened.
        organisations: Public ids of the parties, and of organisations that became part of them.
        names: Every name that a party goes by.
        topics: Of the article.
        kind: Of the agreement.
        status: Of the agreement from the event on.
        language: Tag of the article.
        source: Name of the source that brought it.
        confidence: Of the agreement.
        signed_on: The date that the article gives.
        published: When the article was published.
        is_first_contact: Whether the source held the article when it was new.
    """

    why: Why
    kind: Kind
    status: Status
    language: str
    source: str
    confidence: float
    organisations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    signed_on: Moment | None = None
    published: Moment | None = None
    is_first_contact: bool = False

    @property
    def date(self) -> Moment | None:
        """When it happened, as far as is told: the end of an agreement is not dated by its signing."""
        if self.status is Status.ENDED:
            return self.published or self.signed_on
        return self.signed_on or self.published


class LeftOut(StrEnum):
    """Why a rule does not tell of an event."""

    PARTY = "party"
    TOPIC = "topic"
    KIND = "kind"
    STATUS = "status"
    LANGUAGE = "language"
    SOURCE = "source"
    CONFIDENCE = "confidence"
    FIRST_CONTACT = "first_contact"
    UNDATED = "undated"
    TOO_OLD = "too_old"


def left_out(rule: Rule, occasion: Occasion, *, at: datetime, fold: Callable[[str], str]) -> LeftOut | None:
    """Why a rule does not tell of an event; None where it does.

    Args:
        rule: Paused or not.
        occasion: The event.
        at: When it happened.
        fold: Makes names comparable over case and script.
    """
    for why, fits in (
        (LeftOut.KIND, not rule.kinds or occasion.kind in rule.kinds),
        (LeftOut.STATUS, not rule.statuses or occasion.status in rule.statuses),
        (LeftOut.CONFIDENCE, rule.min_confidence is None or occasion.confidence >= rule.min_confidence),
        (LeftOut.SOURCE, not rule.sources or occasion.source in rule.sources),
        (LeftOut.LANGUAGE, not rule.languages or any(_speaks(occasion.language, tag) for tag in rule.languages)),
        (LeftOut.TOPIC, not rule.topics or not occasion.topics.isdisjoint(rule.topics)),
        (LeftOut.FIRST_CONTACT, rule.first_contact or not occasion.is_first_contact),
        (LeftOut.PARTY, _has_party(rule, occasion, fold)),
        (LeftOut.UNDATED, rule.allows_undated or occasion.date is not None),
        (LeftOut.TOO_OLD, _is_recent(rule, occasion, at)),
    ):
        if not fits:
            return why
    return None


def _speaks(tag: str, wanted: str) -> bool:
    return tag.casefold() == wanted.casefold() or tag.casefold().startswith(f"{wanted.casefold()}-")


def _has_party(rule: Rule, occasion: Occasion, fold: Callable[[str], str]) -> bool:
    if not rule.organisations and not rule.parties:
        return True
    if not occasion.organisations.isdisjoint(rule.organisations):
        return True
    names = [fold(name) for name in occasion.names]
    return any(fold(words) in name for words in rule.parties for name in names)


def _is_recent(rule: Rule, occasion: Occasion, at: datetime) -> bool:
    """Whether the last instant that a date may mean is within the age; what is undated has none."""
    if rule.max_age is None or occasion.date is None:
        return True
    return at - _latest(occasion.date) <= rule.max_age


def _latest(moment: Moment) -> datetime:
    """The last instant that a date may mean, anywhere: a day without a zone ends last in UTC-12."""
    first = moment.earliest
    if moment.precision in {Precision.MINUTE, Precision.SECOND}:
        return first
    if moment.precision is Precision.DAY:
        following = first + timedelta(days=1)
    elif moment.precision is Precision.MONTH:
        following = datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)
    else:
        following = datetime(first.year + 1, 1, 1, tzinfo=UTC)
    return following + timedelta(hours=12)
