"""What a person sees while a run is under way: one line that changes on a terminal, a line now and then in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.cli.screen import Screen
from ingest.documents import Fate, Outcome
from ingest.report import words
from ingest.report.run import Collected

if TYPE_CHECKING:
    from rich.status import Status

__all__ = ["Progress", "progress"]

_EVERY = 100  # documents between two lines in a pipe


class Progress:
    """Tells how far a run has come, and collects what it will report."""

    def __init__(self, screen: Screen, status: Status | None) -> None:
        self._screen = screen
        self._status = status
        self.collected = Collected()

    def tell(self, outcome: Outcome) -> None:
        """Take what became of one document."""
        self.collected.add(outcome)
        if self._status is not None:
            self._status.update(self._line())
        elif self.collected.documents % _EVERY == 0:
            self._screen.note(self._line())

    def _line(self) -> str:
        fates = self.collected.fates
        counts = ", ".join(f"{fates[fate]:,} {words.FATES[fate].text}" for fate in Fate if fates[fate])
        found = words.number(self.collected.new_agreements, "agreement")
        return f"{words.number(self.collected.documents, 'document')}: {counts} · {found} new to the ledger"


@contextmanager
def progress(screen: Screen, begin: str) -> Iterator[Progress]:
    """Show progress on standard error until the end of the block.

    Args:
        screen: Where.
        begin: What is said before the first document is done.
    """
    if not screen.shows_progress:
        yield Progress(screen, None)
        return
    with screen.console().status(begin, spinner="dots") as status:
        yield Progress(screen, status)
