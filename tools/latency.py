"""How long from a file that is dropped to what comes of it in the store: median and 95th percentile.

    make latency
    python -m tools.latency --drops 50 --way alone
    python -m tools.latency --drops 50 --way prefect

Each drop, into a watched folder, is news of an agreement of its own. Measured are the article, the agreement in the
ledger, and, where the store has an outbox with a rule, the delivery in it and its being sent, all as another process
sees them: after the commit.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tools.faults.serving import serving

__all__ = ["main"]

_LOOK_SECONDS = 0.02
_LONGEST_SECONDS = 60.0

_MOMENTS = {
    "article": "SELECT count(*) FROM documents WHERE state = 'stored'",
    "agreement": "SELECT count(*) FROM agreements",
    "delivery": "SELECT count(*) FROM alert_deliveries",
    "sent": "SELECT count(*) FROM alert_deliveries WHERE state = 'sent'",
}


def _write(press: Path, number: int) -> None:
    (press / f"{number:04}.txt").write_text(
        f"Desk {number}: two colleges agree\n\nReporters of desk {number} heard it on street {number * 3}. "
        f"Northbank{number} University and Eastlake{number} University signed a memorandum of understanding on joint "
        f"research in gene therapy on 3 March 2026. The hall of house {number * 7} was full.\n",
        encoding="utf-8",
    )


def _counts(store: Path) -> dict[str, int]:
    """How many there are of each; a store that is being made, or has no outbox, has none."""
    found = {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as connection:
        for name, query in _MOMENTS.items():
            try:
                found[name] = int(connection.execute(query).fetchone()[0])
            except sqlite3.OperationalError:
                found[name] = 0
    return found


def _drop(press: Path, store: Path, number: int, *, moments: tuple[str, ...]) -> dict[str, float]:
    """Drop one file; seconds until each moment."""
    before, began, seen = _counts(store), time.monotonic(), dict[str, float]()
    _write(press, number)
    while len(seen) < len(moments) and time.monotonic() - began < _LONGEST_SECONDS:
        time.sleep(_LOOK_SECONDS)
        now = _counts(store)
        for name in moments:
            if name not in seen and now[name] > before[name]:
                seen[name] = time.monotonic() - began
    return seen


def measure(press: Path, store: Path, drops: int) -> dict[str, list[float]]:
    """Drop files one after the other, at odd moments, and wait for each.

    The first is not counted: what is loaded once is loaded for it.
    """
    first = _drop(press, store, 0, moments=tuple(_MOMENTS)[:2])
    time.sleep(3)
    there = _counts(store)
    moments = tuple(name for name in _MOMENTS if name in first or there[name])
    times: dict[str, list[float]] = {name: [] for name in moments}
    for number in range(1, drops + 1):
        time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - no secret
        for name, seconds in _drop(press, store, number, moments=moments).items():
            times[name].append(seconds)
    return times


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """`ingest watch` in one process."""
    press = folder / "press"
    press.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    watcher = subprocess.Popen(
        [sys.executable, "-m", "ingest", "--quiet", "watch", "--no-flow", "press"],
        cwd=folder,
        env=kept,
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(5)
        yield press
    finally:
        watcher.terminate()
        watcher.wait(30)


def main() -> None:
    """Measure, and print a line for each moment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drops", type=int, default=50)
    parser.add_argument("--way", choices=("alone", "prefect", "both"), default="both")
    given = parser.parse_args()
    for way in ("alone", "prefect") if given.way == "both" else (given.way,):
        with tempfile.TemporaryDirectory(prefix="latency-") as name:
            folder = Path(name)
            store = folder / "var/ingest.db"
            if way == "alone":
                with _alone(folder) as press:
                    times = measure(press, store, given.drops)
            else:
                with serving(folder) as served:
                    times = measure(served.press, store, given.drops)
        for moment, seconds in times.items():
            _say(way, moment, seconds, given.drops)


def _say(way: str, moment: str, seconds: list[float], drops: int) -> None:
    if len(seconds) > 1:
        middle, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"{way:8} {moment:10} median {middle:5.2f} s   95% {late:5.2f} s   {len(seconds)} of {drops}", flush=True)


if __name__ == "__main__":
    main()
