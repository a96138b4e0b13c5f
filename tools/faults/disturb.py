"""Files are dropped into a watched folder while services are killed and stopped; then the store is compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults.serving import RUNNER, SENDER, SERVER, WATCHER, Serving, until
from tools.faults.store import Database, held

__all__ = ["FAULTS", "Disturbed", "drop", "settled"]

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


def settled(served: Serving, url: str, *, seconds: float = 300.0) -> None:
    """Sweep, as the schedule would in a quarter of an hour, until every file of the watched folder has its row."""
    files = sum(1 for path in served.press.iterdir() if path.is_file())

    def look() -> bool:
        run = served.ended(served.start_run("sources", {"only": [served.press.name]}), seconds=seconds)
        rows = held(url)
        return run["state_type"] == "COMPLETED" and len(rows["documents"]) == files and rows["claimed"] == [(0,)]

    until(look, seconds=seconds, what=f"{files} documents in the store")


@dataclass(slots=True, kw_only=True)
class Disturbed:
    """Services, and the database of their store, to be hurt in the middle of a batch.

    Attributes:
        served: The services.
        database: Of the store.
        url: Of the store.
        files: In each batch.
        first: Number of the first file.
        killed: Runs whose process was killed.
    """

    served: Serving
    database: Database
    url: str
    files: int
    first: int = 0
    killed: list[str] = field(default_factory=list)

    def drop(self) -> None:
        """Drop the next batch."""
        drop(self.served.press, range(self.first, self.first + self.files))
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
        self._kill_in_the_middle(WATCHER)

    def kill_sender(self) -> None:
        """Kill the sender of alerts while agreements are detected."""
        self._kill_in_the_middle(SENDER)

    def stop_store(self) -> None:
        """Stop PostgreSQL in the middle of a batch, and start it again."""
        self._without_store(self.database.stop)

    def kill_store(self) -> None:
        """Kill PostgreSQL in the middle of a batch, and start it again."""
        self._without_store(self.database.kill)

    def _kill_in_the_middle(self, service: str) -> None:
        self.drop()
        self.served.kill(service)
        until(lambda: self.served.pid(service), seconds=60, what=f"the process {service} again")

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
