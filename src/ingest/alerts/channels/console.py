"""The console: what a newcomer sees first."""

from __future__ import annotations

import sys
from typing import TextIO

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.message import lines
from ingest.alerts.notice import Notice
from ingest.report.blocks import neutral

__all__ = ["Console"]


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
