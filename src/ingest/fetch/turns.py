"""What politeness asks of whoever keeps the hosts for all workers: a port; `ingest.store.hosts` is behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

__all__ = ["KnownRobots", "NotYet", "Turn", "Turns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Leave to send a request.

    Attributes:
        id: To be given back by.
        begins: When it may be sent, by the clock that all workers share.
        wait: How long until then.
    """

    id: int
    begins: datetime
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """No turn is to be had within the time; ask again then."""

    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRobots:
    """What is known of a host's robots.txt.

    Attributes:
        text: As `robots.Robots` has it.
        is_fresh: Whether it need not be asked for yet.
        failures: How often in a row it could not be had.
    """

    text: str | None
    is_fresh: bool
    failures: int


class Turns(Protocol):
    """Whose turn it is at a host, over all workers."""

    def take_turn(self, authority: str, *, gap: timedelta, patience: timedelta) -> Turn | NotYet:
        """Take the next turn at a host: at least `gap` after the last; later than `patience`, it is left to others."""
        ...

    def end_turn(self, turn: Turn, *, rest: Callable[[int], timedelta] | None = None) -> None:
        """Give a turn back; `rest` says how long all leave the host alone, given how often in a row it asked so."""
        ...

    def robots(self, authority: str) -> KnownRobots:
        """What is known of a host's robots.txt."""
        ...

    def keep_robots(self, authority: str, text: str | None, *, good_for: timedelta, reached: bool) -> None:
        """Keep what a host's robots.txt says."""
        ...
