"""How long a run through Prefect takes, and what of that is Prefect's: medians of several rounds, in turn.

    .venv/bin/python tools/time_flow.py [ROUNDS]

Each way has a Prefect home of its own, made before the clock starts; 'first start' is that making.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

EMPTY = """
from prefect import flow
@flow
def nothing(): pass
nothing()
"""

OURS = """
from pathlib import Path
from flows.temporary_server import temporary_server
with temporary_server(Path("home")) as server:
    from prefect import flow
    from prefect.settings import temporary_settings
    server.wait_until_ready()
    with temporary_settings({"api.url": server.api_url, "api.auth_string": server.auth_string,
                             "flows.heartbeat_frequency": None}):
        flow(lambda: None, name="nothing")()
"""

WAYS: dict[str, list[str]] = {
    "empty flow, Prefect's ephemeral server": ["-c", EMPTY],
    "empty flow, our temporary server": ["-c", OURS],
    "ingest run --flow seeds, new store": ["-m", "ingest", "run", "--flow", str(SEEDS)],
    "ingest run seeds, new store": ["-m", "ingest", "run", str(SEEDS)],
}


def main() -> None:
    """Print a line for each way."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as scratch:
        folders = {way: Path(scratch) / str(number) for number, way in enumerate(WAYS)}
        first = {way: _timed(_runner(way, folder)) for way, folder in folders.items()}
        later: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way, folder in folders.items():
                later[way].append(_timed(_runner(way, folder)))
    for way, times in later.items():
        sys.stdout.write(f"{way:42} {statistics.median(times):6.1f} s   first start {first[way]:6.1f} s\n")


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _runner(way: str, folder: Path) -> Callable[[], None]:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("store.db*"):
        old.unlink()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "INGEST_DATABASE_URL": "sqlite:///store.db",
    }

    def run() -> None:
        subprocess.run(
            [sys.executable, *WAYS[way]], cwd=folder, env=environment, check=True, capture_output=True, timeout=300
        )

    return run


if __name__ == "__main__":
    main()
