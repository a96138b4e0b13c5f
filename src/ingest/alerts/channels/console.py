"""The console: what a newcomer sees first."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TextIO

from ingest.alerts.channel import Channel, Delivered, Undelivered
from ingest.alerts.message import lines
from ingest.alerts.notice import Notice, Why
from ingest.report.blocks import neutral

__all__ = ["AfterReport", "Console"]


class Console:
    """Prints a notice in a few plain lines."""

    def __init__(self, name: str = "console", *, stream: TextIO | None = None) -> None:
        self.name = name
        self._stream = stream

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Print it, in one write."""
        stream = self._stream or sys.stdout
        said = "".join(neutral(line) + "\n" for line in lines(notice))
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            stream.write(said.encode(encoding, "replace").decode(encoding))
            stream.flush()
        except (OSError, ValueError) as closed:
            return Undelivered(detail=f"The console cannot be written ({type(closed).__name__}).")
        return Delivered()

    def close(self) -> None:
        """It holds nothing open of its own."""


@dataclass(slots=True)
class AfterReport:
    """The console after a report: a notice of agreements that the report lists is counted, and not printed again.

    Attributes:
        console: Prints all others, corrections among them.
        listed: Ids of the agreements that the report lists, and says to be new or changed.
        counted: Notices by the name of their rule.
    """

    console: Channel
    listed: Collection[str] = field(kw_only=True)
    counted: Counter[str] = field(default_factory=Counter, kw_only=True)

    @property
    def name(self) -> str:
        """As that of the console."""
        return self.console.name

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Count or print it."""
        if (
            notice.items
            and not notice.left_out
            and all(item.agreement.id in self.listed and item.why is not Why.WITHDRAWN for item in notice.items)
        ):
            self.counted[notice.rule] += 1
            return Delivered(detail="told by the report of the run")
        return self.console.deliver(notice)

    def close(self) -> None:
        """It holds nothing open of its own."""
        self.console.close()
