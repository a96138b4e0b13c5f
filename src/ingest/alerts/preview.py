"""What a rule would have told of all that happened since a day, had it been there; nothing is written or sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.alerts.notice import NoticeKind
from ingest.alerts.rules import LeftOut, Rule, left_out
from ingest.alerts.schedule import Slot, hour_of, slot, summary_slot
from ingest.store.alerts.occasions import Noted

__all__ = ["Preview", "Would", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Would:
    """An event that would have been told of, and in which message of each channel."""

    noted: Noted
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would have been told.

    Attributes:
        told: In the order in which it happened.
        left_out: How many events were left out, by the first reason.
    """

    told: tuple[Would, ...]
    left_out: Mapping[LeftOut, int]

    @property
    def messages(self) -> int:
        """Messages on each channel."""
        alone = sum(would.slot.kind is NoticeKind.INSTANT for would in self.told)
        return alone + len({would.slot for would in self.told if would.slot.kind is not NoticeKind.INSTANT})


def preview(rule: Rule, happened: Iterable[Noted], *, fold: Callable[[str], str]) -> Preview:
    """Tell what a rule would have sent, and when.

    Args:
        rule: Whether it is paused does not count.
        happened: In order.
        fold: Makes names comparable over case and script.
    """
    told: list[Would] = []
    left: Counter[LeftOut] = Counter()
    by_hour: Counter[datetime] = Counter()
    for noted in happened:
        why = left_out(rule, noted.occasion, at=noted.at, fold=fold)
        if why is not None:
            left[why] += 1
            continue
        place = slot(rule, after=noted.at)
        if place.kind is NoticeKind.INSTANT:
            if rule.ceiling is not None and by_hour[hour_of(place.due)] >= rule.ceiling:
                place = summary_slot(rule, due=place.due)
            else:
                by_hour[hour_of(place.due)] += 1
        told.append(Would(noted=noted, slot=place))
    return Preview(told=tuple(told), left_out=left)
