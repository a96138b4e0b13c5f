"""How long from a file that is dropped to what comes of it: median and 95th percentile.

    make latency
    python -m tools.latency --drops 50 --way alone
    python -m tools.latency --drops 50 --way prefect

Each drop, into a watched folder, is news of an agreement of its own. Measured are the article and the agreement in the
store, as another process sees them, after the commit; and the arrival of a webhook at a receiver on this machine.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import re
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.faults.serving import serving

__all__ = ["main"]

_LOOK_SECONDS = 0.02
_LONGEST_SECONDS = 60.0

_MOMENTS = {
    "article": "SELECT count(*) FROM documents WHERE state = 'stored'",
    "agreement": "SELECT count(*) FROM agreements",
}
_WEBHOOK = "webhook"


@dataclass(slots=True)
class Receiver:
    """Who is to be told: the numbers of the drops of which a webhook told, and where it listens."""

    url: str
    told: set[int] = field(default_factory=set)


@contextmanager
def _receiver() -> Iterator[Receiver]:
    """Receive webhooks on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.told.update(map(int, re.findall(r"Northbank(\d+) University", body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()


def _prepare(folder: Path, receiver: Receiver) -> dict[str, str]:
    """Make a store with a rule that tells the receiver; the environment in which services find both."""
    (folder / "channels.toml").write_text(
        f'[desk]\nkind = "webhook"\nurl = "{receiver.url}"\nsecret = ["env:DESK_SECRET"]\n', encoding="utf-8"
    )
    settings = {
        "INGEST_CHANNELS": "channels.toml",
        "INGEST_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DESK_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    environment = _environment(settings)
    for words in (("db", "upgrade"), ("alerts", "add", "desk", "--channel", "desk", "--first-contact")):
        subprocess.run([sys.executable, "-m", "ingest", *words], cwd=folder, env=environment, check=True)
    return settings


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    return {**kept, **more}


def _write(press: Path, number: int) -> None:
    (press / f"{number:04}.txt").write_text(
        f"Desk {number}: two colleges agree\n\nReporters of desk {number} heard it on street {number * 3}. "
        f"Northbank{number} University and Eastlake{number} University signed a memorandum of understanding on joint "
        f"research in gene therapy. The hall of house {number * 7} was full.\n",
        encoding="utf-8",
    )


def _counts(store: Path) -> dict[str, int]:
    """How many there are of each."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as connection:
        return {name: int(connection.execute(query).fetchone()[0]) for name, query in _MOMENTS.items()}


def _drop(press: Path, store: Path, receiver: Receiver, number: int) -> dict[str, float]:
    """Drop one file; seconds until each moment."""
    before, began, seen = _counts(store), time.monotonic(), dict[str, float]()
    _write(press, number)
    while len(seen) < len(_MOMENTS) + 1 and time.monotonic() - began < _LONGEST_SECONDS:
        time.sleep(_LOOK_SECONDS)
        now = _counts(store)
        come = [name for name in _MOMENTS if now[name] > before[name]]
        for name in [*come, *([_WEBHOOK] if number in receiver.told else [])]:
            seen.setdefault(name, time.monotonic() - began)
    return seen


def _measure(press: Path, store: Path, receiver: Receiver, drops: int) -> dict[str, list[float]]:
    """Drop files one after the other, at odd moments, and wait for each.

    The first is not counted: what is loaded once is loaded for it.
    """
    _drop(press, store, receiver, 0)
    times: dict[str, list[float]] = {name: [] for name in (*_MOMENTS, _WEBHOOK)}
    for number in range(1, drops + 1):
        time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - no secret
        for name, seconds in _drop(press, store, receiver, number).items():
            times[name].append(seconds)
    return times


@contextmanager
def _alone(folder: Path, settings: Mapping[str, str]) -> Iterator[Path]:
    """`ingest watch` without Prefect, which sends alerts too."""
    press = folder / "press"
    press.mkdir()
    watcher = subprocess.Popen(
        [sys.executable, "-m", "ingest", "--quiet", "watch", "--no-flow", "press"],
        cwd=folder,
        env=_environment(settings),
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
        with tempfile.TemporaryDirectory(prefix="latency-") as name, _receiver() as receiver:
            folder = Path(name)
            store, settings = folder / "var/ingest.db", _prepare(folder, receiver)
            if way == "alone":
                with _alone(folder, settings) as press:
                    times = _measure(press, store, receiver, given.drops)
            else:
                with serving(folder, **settings) as served:
                    times = _measure(served.press, store, receiver, given.drops)
        for moment, seconds in times.items():
            _say(way, moment, seconds, given.drops)


def _say(way: str, moment: str, seconds: list[float], drops: int) -> None:
    if len(seconds) > 1:
        middle, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"{way:8} {moment:10} median {middle:5.2f} s   95% {late:5.2f} s   {len(seconds)} of {drops}", flush=True)


if __name__ == "__main__":
    main()
