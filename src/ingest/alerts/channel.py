"""What the dispatcher asks of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from ingest.alerts.notice import Notice

__all__ = ["Channel", "Delivered", "Undelivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The receiver took it.

    Attributes:
        detail: What it answered, for the log; secrets masked.
    """

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """It did not, as far as is known.

    Attributes:
        detail: Why, for people, with what to do about it; secrets masked.
        permanent: Whether another attempt can only fail likewise (the address is refused, the secret is missing).
        retry_after: How long the receiver wants to be left alone; None: it did not say.
    """

    detail: str
    permanent: bool = False
    retry_after: timedelta | None = None


class Channel(Protocol):
    """A way out, opened once a process."""

    @property
    def name(self) -> str:
        """As in the configuration and in rules."""
        ...

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Send one notice; expected failures are values, never exceptions, and every attempt is bounded in time."""
        ...

    def close(self) -> None:
        """Give up what it holds open."""
        ...
