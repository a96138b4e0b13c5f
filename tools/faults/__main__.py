"""Drop files into a watched folder while worker, watcher, sender, Prefect server and PostgreSQL are killed in turn.

    make faults
    python -m tools.faults --rounds 10 --files 300

Compares what is in the store at the end with what an undisturbed run leaves, and exits with 1 where it differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.faults.disturb import FAULTS, Disturbed, settled
from tools.faults.serving import serving
from tools.faults.store import database, held

__all__ = ["calm", "main"]

_SETTINGS = {"INGEST_LEASE_SECONDS": "5", "INGEST_SETTLE_SECONDS": "0.3"}
_ENDED = (0, 3)


def calm(press: Path, url: str) -> None:
    """Take the same folder in at once, with nothing in the way, into another store."""
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--database", url, "run", press.name],
        cwd=press.parent,
        env={**os.environ, "INGEST_ARCHIVE_URL": "calm-archive"},
        capture_output=True,
        check=False,
    )
    if done.returncode not in _ENDED:
        raise SystemExit(done.stderr.decode())


def main() -> None:
    """Disturb, print what was done, and fail where something is missing or there twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of all faults in turn")
    parser.add_argument("--files", type=int, default=200, help="of each fault")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, database() as store:
        url, quiet = store.make("disturbed"), store.make("calm")
        with serving(Path(folder), INGEST_DATABASE_URL=url, **_SETTINGS) as served:
            disturbed = Disturbed(served=served, database=store, url=url, files=given.files)
            for number in range(given.rounds):
                for name, fault in FAULTS.items():
                    began = time.monotonic()
                    fault(disturbed)
                    print(f"round {number + 1}, {name}: {time.monotonic() - began:.1f} s", flush=True)
            settled(served, url)
            press = served.press
        calm(press, quiet)
        disturbed_rows, quiet_rows = held(url), held(quiet)
        for name, rows in quiet_rows.items():
            print(f"{name}: {len(rows)}")
        wrong = [name for name, rows in quiet_rows.items() if disturbed_rows[name] != rows]
        for name in wrong:
            print(f"WRONG {name}: {set(disturbed_rows[name]) ^ set(quiet_rows[name])}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
