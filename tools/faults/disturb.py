"""A mixed load, dropped files and a feed that grows, while services are killed and stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults.desk import Desk
from tools.faults.outlet import WIRE, Outlet
from tools.faults.serving import RUNNER, SENDER, SERVER, WATCHER, Serving, until
from tools.faults.store import Database, held

__all__ = ["FAULTS", "Disturbed", "acquaint", "drop", "settled"]

_DOWN_SECONDS = 3.0


def drop(folder: Path, numbers: Iterable[int]) -> None:
    """Write documents: news of agreements, some told twice, notes about nothing, and now and then an empty file."""
    for number in numbers:
        path = folder / f"{number:05}.txt"
        if number % 50 == 7:
            path.write_bytes(b"")
        elif number % 5 == 0:
            # Two reports tell of one agreement.
            pair = number // 10 * 10
            path.write_text(
                f"Desk {number}: two colleges agree\n\nReporters of desk {number} heard it on street {number * 3}. "
                f"Northbank{pair} University and Eastlake{pair} University signed a memorandum of understanding on "
                f"joint research in gene therapy on 3 March 2025. The hall of house {number * 7} was full.\n",
                encoding="utf-8",
            )
        else:
            path.write_text(
                f"Harbour notes, part {number}\n\nThe ferry of line {number} was late on day {number * 7}. Its "
                f"captain, number {number * 13}, spoke of fog over bay {number * 31} and of {number * 17} gulls.\n",
                encoding="utf-8",
            )


def acquaint(ingest: Callable[..., object], outlet: Outlet) -> None:
    """Tell a store of the desk and of the outlet: a rule that tells the one, a source that stands for the other.

    Args:
        ingest: Runs a command on the store.
        outlet: Whose feed is to be read.
    """
    ingest("alerts", "add", "desk", "--channel", "desk", "--first-contact")
    ingest("sources", "add", outlet.feed, "--kind", "feed", "--name", WIRE, "--every", "1m")


def settled(served: Serving, url: str, outlet: Outlet, *, seconds: float = 300.0) -> None:
    """Sweep, as schedules would in a while, until all that was dropped and published is settled and told."""
    wanted = sum(1 for path in served.press.iterdir() if path.is_file()) + len(outlet.pages)

    def look() -> bool:
        run = served.ended(served.start_run("sources", {"only": [served.press.name, WIRE]}), seconds=seconds)
        rows = held(url)
        return (
            run["state_type"] == "COMPLETED"
            and len(rows["documents"]) == wanted
            and all(state in {"stored", "dropped"} for _, state, _ in rows["documents"])
            and rows["claimed"] == [(0,)]
            and all(state != "pending" for _, _, state, _ in rows["deliveries"])
        )

    until(look, seconds=seconds, what=f"{wanted} documents in the store, and all alerts sent")


@dataclass(slots=True, kw_only=True)
class Disturbed:
    """Services, and the database of their store, to be hurt in the middle of a batch.

    Without an outlet, the load is files alone.

    Attributes:
        served: The services.
        database: Of the store.
        url: Of the store.
        files: In each batch.
        first: Number of the first file.
        killed: Runs whose process was killed.
        outlet: Publishes a page for every tenth file.
        desk: Is told of agreements.
    """

    served: Serving
    database: Database
    url: str
    files: int
    first: int = 0
    killed: list[str] = field(default_factory=list)
    outlet: Outlet | None = None
    desk: Desk | None = None

    def drop(self) -> None:
        """Drop and publish the next batch, and have the outlet visited at once."""
        numbers = range(self.first, self.first + self.files)
        if self.outlet:
            self.outlet.publish(numbers)
            self.served.start_run("sources", {"only": [WIRE]})
        drop(self.served.press, numbers)
        self.first += self.files

    def kill_worker(self) -> None:
        """Kill the runner and the run of a batch, in the middle of it."""
        before = self._rows()
        self.drop()
        run = until(lambda: self._under_way(before), seconds=60, what="a run in the middle of a batch")
        self.served.kill(RUNNER)
        self.killed.append(run)

    def kill_server(self) -> None:
        """Kill the Prefect server in the middle of a batch."""
        before = self._rows()
        self.drop()
        until(lambda: self._under_way(before), seconds=60, what="a run in the middle of a batch")
        self.served.kill(SERVER)
        until(lambda: self.served.ask("/health", method="GET"), seconds=60, what="the server")

    def kill_watcher(self) -> None:
        """Kill the watcher while files are being dropped."""
        self.drop()
        self.served.kill(WATCHER)
        until(lambda: self.served.pid(WATCHER), seconds=60, what="the watcher again")

    def kill_sender(self) -> None:
        """Kill the sender of alerts while a receiver has taken an alert and not acknowledged it yet."""
        if self.desk:
            self.desk.hold()
        self.drop()
        if self.desk:
            until(lambda: self.desk and self.desk.waiting, seconds=60, what="an alert that is not acknowledged")
        self.served.kill(SENDER)
        if self.desk:
            self.desk.release()
        until(lambda: self.served.pid(SENDER), seconds=60, what="the sender again")

    def stop_store(self) -> None:
        """Stop PostgreSQL in the middle of a batch, and start it again."""
        self._without_store(self.database.stop)

    def kill_store(self) -> None:
        """Kill PostgreSQL in the middle of a batch, and start it again."""
        self._without_store(self.database.kill)

    def _without_store(self, stop: Callable[[], None]) -> None:
        before = self._rows()
        self.drop()
        until(lambda: self._under_way(before), seconds=60, what="a run in the middle of a batch")
        stop()
        time.sleep(_DOWN_SECONDS)
        self.database.start()

    def _rows(self) -> int:
        return len(held(self.url)["documents"])

    def _under_way(self, before: int) -> str | None:
        """A run of the batch that has stored some of it."""
        if self._rows() == before:
            return None
        running = [run for name in ("folder", "sources") for run in self.served.runs(name, "RUNNING")]
        return str(running[0]["id"]) if running else None


FAULTS: dict[str, Callable[[Disturbed], None]] = {
    "worker killed": Disturbed.kill_worker,
    "Prefect server killed": Disturbed.kill_server,
    "watcher killed": Disturbed.kill_watcher,
    "sender of alerts killed": Disturbed.kill_sender,
    "PostgreSQL stopped": Disturbed.stop_store,
    "PostgreSQL killed": Disturbed.kill_store,
}
