"""How a command that runs on and on is ended: in order the first time, at once the second."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.cli.screen import Screen

__all__ = ["until_told"]


@contextmanager
def until_told(screen: Screen) -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second acts as it always does."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def leave(number: int, frame: object) -> None:
        del number, frame
        restore()
        stop.set()
        screen.note("finishing what is in hand; once more ends it at once")

    for number in before:
        signal.signal(number, leave)
    try:
        yield stop
    finally:
        restore()
