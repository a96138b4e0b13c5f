"""Kill worker, watcher, sender, Prefect server and PostgreSQL in turn, while files arrive and a feed grows.

    make faults
    python -m tools.faults --rounds 10 --files 300

Compares what is in the store at the end, and what a receiver of alerts was told, with what an undisturbed run leaves
and tells, and exits with 1 where it differs. A message may come twice, under one id.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.faults.desk import Desk, desk, with_desk
from tools.faults.disturb import FAULTS, Disturbed, acquaint, settled
from tools.faults.outlet import Outlet, outlet
from tools.faults.serving import serving
from tools.faults.store import database, held

__all__ = ["calm", "main", "wrong"]

_SETTINGS = {
    "INGEST_LEASE_SECONDS": "5",
    "INGEST_SETTLE_SECONDS": "0.3",
    "INGEST_HOST_GAP_SECONDS": "0",
    "INGEST_FIRST_ENTRIES": "10000",
}
_ENDED = (0, 3)


def calm(press: Path, published: Outlet, url: str) -> Desk:
    """Take the same folder and the same feed in, and tell a desk, with nothing in the way, into another store.

    Args:
        press: The folder.
        published: The outlet of the feed.
        url: Of the store.

    Returns:
        The desk.
    """
    with tempfile.TemporaryDirectory(prefix="calm-") as folder, desk() as told:
        environment = {**os.environ, **_SETTINGS, **with_desk(Path(folder), told), "INGEST_ARCHIVE_URL": folder}

        def ingest(*words: str) -> None:
            command = [sys.executable, "-m", "ingest", "--database", url, *words]
            done = subprocess.run(command, cwd=press.parent, env=environment, capture_output=True, check=False)
            if done.returncode not in _ENDED:
                raise SystemExit(done.stderr.decode())

        ingest("db", "upgrade")
        acquaint(ingest, published)
        ingest("run", press.name)
        ingest("run")
        ingest("alerts", "run")
    return told


def wrong(url: str, quiet: str, told: Desk, undisturbed: Desk) -> list[str]:
    """What differs between a store that was disturbed and one that was not, and between what their desks were told."""
    rows, quiet_rows = held(url), held(quiet)
    found = [f"{name}: {set(rows[name]) ^ set(quiet_rows[name])}" for name in rows if rows[name] != quiet_rows[name]]
    if told.told() != undisturbed.told():
        found.append(f"told: {set(told.told()) ^ set(undisturbed.told())}")
    if odd := told.at_odds():
        found.append(f"other things under one id: {sorted(odd)}")
    return found


def main() -> None:
    """Disturb, print what was done, and fail where something is missing or there twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of all faults in turn")
    parser.add_argument("--files", type=int, default=200, help="of each fault")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        database() as store,
        outlet() as published,
        desk() as told,
    ):
        url, quiet = store.make("disturbed"), store.make("calm")
        settings = {**_SETTINGS, **with_desk(Path(folder), told)}
        with serving(Path(folder), INGEST_DATABASE_URL=url, **settings) as served:
            acquaint(served.ingest, published)
            disturbed = Disturbed(
                served=served, database=store, url=url, files=given.files, outlet=published, desk=told
            )
            for number in range(given.rounds):
                for name, fault in FAULTS.items():
                    began = time.monotonic()
                    fault(disturbed)
                    print(f"round {number + 1}, {name}: {time.monotonic() - began:.1f} s", flush=True)
            settled(served, url, published)
            undisturbed = calm(served.press, published, quiet)
        for name, rows in held(quiet).items():
            print(f"{name}: {len(rows)}")
        print(f"alerts: {len(told.told())}, of which came twice, under one id: {len(told.repeated())}")
        found = wrong(url, quiet, told, undisturbed)
        for each in found:
            print(f"WRONG {each}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
