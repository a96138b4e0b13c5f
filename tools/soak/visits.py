"""Two workers fetch a generated site, one of them killed again and again: nothing is lost, and nothing stored twice.

    make soak
    python -m tools.soak.visits --feeds 200 --articles 100 --kills 5
    python -m tools.soak.visits --postgresql --workers 1

Prints what was counted, and exits with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, text

from ingest.store.address import parse
from ingest.store.database import Database
from tools.bench.databases import databases

__all__ = ["main"]

_SETTLED = (0, 3, 4)  # exit codes of a worker that came to its end
_LONGEST = 4 * 3600.0  # seconds
_WRONG = {
    "articles stored": "SELECT count(*) FROM articles",
    "documents stored": "SELECT count(*) FROM documents WHERE state = 'stored'",
    "documents in all": "SELECT count(*) FROM documents",
}
_NOTHING = {
    "documents stored twice": "SELECT count(*) FROM (SELECT url FROM documents GROUP BY url HAVING count(*) > 1)",
    "articles of several documents": "SELECT count(*) FROM (SELECT article_id FROM appearances GROUP BY article_id"
    " HAVING count(DISTINCT document_id) > 1)",
    "pages that wait": "SELECT count(*) FROM leads WHERE due_at IS NOT NULL",
    "documents claimed": "SELECT count(*) FROM documents WHERE lease_run_id IS NOT NULL",
    "sources claimed": "SELECT count(*) FROM sources WHERE lease_run_id IS NOT NULL",
    "requests under way": "SELECT count(*) FROM host_turns t JOIN runs r ON r.id = t.run_id WHERE r.state = 'running'",
}


@dataclass(slots=True, kw_only=True)
class Soak:
    """One soak: where the site and the store are, and what was seen.

    Attributes:
        folder: Where the workers are started.
        database: The store.
        site: Address of the site.
        feeds: How many there are.
        articles: How many each of them has.
        kills: How often the first worker is killed.
        workers: How many there are.
    """

    folder: Path
    database: str
    site: str
    feeds: int
    articles: int
    kills: int
    workers: int = 2
    killed: int = 0
    figures: dict[str, object] = field(default_factory=dict)

    def ingest(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the command line."""
        settings = {
            "INGEST_DATABASE_URL": self.database,
            "INGEST_ALLOWED_NETWORKS": "127.0.0.1",
            "INGEST_HOST_GAP_SECONDS": "0",
            "INGEST_HOST_REQUESTS": "64",
            "INGEST_FIRST_ENTRIES": str(self.articles),
            "INGEST_FIRST_DAYS": "36500",
            "INGEST_LEASE_SECONDS": "30",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "ingest", "--quiet", *words],
            cwd=self.folder,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
        )

    def add_sources(self) -> None:
        """Add every feed of the site, from a catalogue."""
        tables = [
            f'[[source]]\nname = "desk-{number}"\nurl = "{self.site}/{number}.rss"\nkind = "feed"\n'
            for number in range(self.feeds)
        ]
        (self.folder / "sources.toml").write_text("\n".join(tables), encoding="utf-8")
        if (code := self.ingest("sources", "import", "sources.toml").wait()) != 0:
            raise SystemExit(f"the sources could not be added: exit code {code}")

    def run_workers(self) -> None:
        """Run the workers until nothing is due, killing the first a few times on the way."""
        until = time.monotonic() + _LONGEST
        total = self.feeds * self.articles
        workers = [self.ingest("run") for _ in range(self.workers)]
        while time.monotonic() < until:
            time.sleep(0.1)
            # The kills are spread over the work, each at a moment of its own.
            if self.killed < self.kills and self.count(_WRONG["documents stored"]) > total * (self.killed + 0.5) / (
                self.kills + 1
            ):
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait()
                self.killed += 1
                workers[0] = self.ingest("run")
            if all(worker.poll() is not None for worker in workers):
                codes = {worker.returncode for worker in workers}
                if not codes <= set(_SETTLED):
                    raise SystemExit(f"a worker ended with exit code {codes}")
                if self.count(_NOTHING["pages that wait"]) == 0 and self.killed == self.kills:
                    return
                workers = [self.ingest("run") for _ in range(self.workers)]
        raise SystemExit("the workers did not come to an end")

    def count(self, query: str) -> int:
        """Ask the store for a number."""
        with self._connected() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def make_due(self) -> None:
        """As if time had passed."""
        with self._connected() as connection, connection.begin():
            past = "2020-01-01T00:00:00.000000Z"
            connection.execute(text("UPDATE sources SET next_due_at = :at, listing_due_at = :at"), {"at": past})

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection of its own for each question, or a pool would stand between two passes."""
        database = Database(parse(self.database), create=False)
        try:
            with database.engine.connect() as connection:
                yield connection
        finally:
            database.close()

    def asked(self) -> dict[str, int]:
        """What the site was asked for."""
        with urllib.request.urlopen(f"{self.site}/counts") as answer:  # noqa: S310 - it is our own http
            found: dict[str, int] = json.loads(answer.read())
        return found

    def wrong(self) -> list[str]:
        """What is not as it should be."""
        total = self.feeds * self.articles
        counts = {name: self.count(query) for name, query in _WRONG.items()}
        left = {name: self.count(query) for name, query in _NOTHING.items()}
        return [f"{name}: {number}, not {total}" for name, number in counts.items() if number != total] + [
            f"{name}: {number}, not 0" for name, number in left.items() if number
        ]


@contextmanager
def _site(feeds: int, articles: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.soak.site", str(feeds), str(articles)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        port = int((process.stdout or sys.stdin.buffer).readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _store(folder: Path, *, postgresql: bool) -> Iterator[str]:
    """A store that is not made yet: a file, or in a server that is started for it."""
    if not postgresql:
        (folder / "var").mkdir()
        yield f"sqlite:///{folder / 'var' / 'ingest.db'}"
        return
    with databases(folder) as made:
        yield made.fresh("postgresql")


def soak(
    feeds: int, articles: int, kills: int, *, workers: int, postgresql: bool
) -> tuple[dict[str, object], list[str]]:
    """Run it, and return the figures and what is wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        _store(Path(folder), postgresql=postgresql) as database,
        _site(feeds, articles) as site,
    ):
        work = Soak(
            folder=Path(folder),
            database=database,
            site=site,
            feeds=feeds,
            articles=articles,
            kills=kills,
            workers=workers,
        )
        work.add_sources()
        began = time.monotonic()
        work.run_workers()
        seconds = time.monotonic() - began
        first = work.asked()
        wrong = work.wrong()
        work.make_due()
        work.run_workers()
        second = {name: number - first.get(name, 0) for name, number in work.asked().items()}
        wrong += work.wrong()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        figures: dict[str, object] = {
            "store": "postgresql" if postgresql else "sqlite",
            "articles": feeds * articles,
            "workers": work.workers,
            "kills": work.killed,
            "seconds": round(seconds, 1),
            "articles per second": round(feeds * articles / seconds, 1),
            "requests, first pass": first,
            "requests, second pass": {name: number for name, number in second.items() if number},
            "peak memory of a process, MB": peak,
        }
        return figures, wrong


def main() -> None:
    """Soak, print the figures, and fail where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--articles", type=int, default=100, help="of each feed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true", help="in a server that is started for it, not in a file")
    given = parser.parse_args()
    figures, wrong = soak(given.feeds, given.articles, given.kills, workers=given.workers, postgresql=given.postgresql)
    for name, value in figures.items():
        print(f"{name}: {value}")
    for each in wrong:
        print(f"WRONG {each}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
