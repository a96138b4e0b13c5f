"""Ends the process where a database heeds neither its time limit nor Ctrl-C.

While one function of SQLite is at work on something very large, it hears of neither.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.cli.failure import INTERRUPTED
from ingest.cli.screen import Screen
from ingest.store.read.asking import Snapshot

__all__ = ["watched"]

_GRACE = 5.0  # seconds after its time limit in which a query may still end by itself
_PATIENCE = 1.0  # likewise after Ctrl-C
_LOOK = 0.25  # seconds between two looks


@contextmanager
def watched(look: Snapshot, screen: Screen) -> Iterator[None]:
    """Watch a snapshot until the end of the block; only for a process that does nothing else, and only reads.

    Args:
        look: What is asked, and how long that may take.
        screen: Where is said why the process ends.
    """
    if threading.current_thread() is not threading.main_thread():  # where signals are not ours
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(look, screen, reading, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        ended.set()
        watcher.join()
        os.close(reading)
        os.close(writing)


def _watch(look: Snapshot, screen: Screen, reading: int, ended: threading.Event) -> None:
    asked_to_end: float | None = None
    while not ended.wait(_LOOK):
        if select.select([reading], [], [], 0)[0] and signal.SIGINT in os.read(reading, 64):
            asked_to_end = time.monotonic()
        now, since = time.monotonic(), look.busy_since
        if since is None:
            continue
        if asked_to_end is not None and now > max(asked_to_end, since) + _PATIENCE:
            screen.complain("Interrupted.")
            os._exit(INTERRUPTED)
        if now > max(look.deadline, since) + _GRACE:
            screen.complain(
                f"error: the query took longer than {look.seconds:g} seconds and was ended\n"
                "  one function of it is at work on something very large: ask for less of it"
            )
            os._exit(2)
