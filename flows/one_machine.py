"""What `ingest serve` starts on one machine: a Prefect server where none is set, runner, sender of alerts, watcher.

It wires; `flows.services` does the work. Secrets go to the processes through their environment, and the server's
password into a file of its own, so that further commands of the same user can reach the server.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import httpx

from flows.command import api_is_set
from flows.services import Service, ServiceFailedError

__all__ = ["HOME", "Machine", "machine"]

HOME = Path("var/prefect")

_AUTH_NAME = "auth"
_LOCK_NAME = "serve.lock"
_START_SECONDS = 180.0  # a first start migrates Prefect's database: half a minute on a slow machine
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_COLORS": "false",
    "PREFECT_CLI_COLORS": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What is to run.

    Attributes:
        services: In the order in which they are started.
        home: Of the logs, and of Prefect's database.
        api_url: Of the Prefect server.
        auth_file: Where the password of our own server stands; None: somebody else runs the server.
        lock: Held as long as this lives, so that no other server is started on the same database.
    """

    services: tuple[Service, ...] = field(repr=False)
    home: Path
    api_url: str
    auth_file: Path | None
    lock: TextIO | None = field(default=None, repr=False)

    def answers(self) -> bool:
        """Whether the Prefect server is there; also where its address is not known here."""
        if not self.api_url:
            return True
        try:
            httpx.get(f"{self.api_url}/health", timeout=5)  # if it asks for a password, say, the runner's log tells
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return True


def machine(
    environment: Mapping[str, str], *, port: int, watched: Sequence[Path], options: Mapping[str, str]
) -> Machine:
    """Say what is to run, and prepare the folder for it.

    Args:
        environment: Of this process.
        port: Of the server on the loopback interface, where none is set.
        watched: Folders to watch.
        options: Settings that options of the command line gave, as `INGEST_*` variables.

    Raises:
        ServiceFailedError: The folder cannot be written, the port is taken, or another server runs from the folder.
    """
    own_server = not api_is_set(environment)
    home = Path(environment.get("PREFECT_HOME", HOME if own_server else "~/.prefect")).expanduser().resolve()
    shared = {**environment, **_with_defaults(environment), **options, "PREFECT_HOME": str(home)}
    logs = home if own_server else HOME.resolve()
    if not own_server:
        services = (_runner(shared, logs), _sender(shared, logs), *_watcher(shared, logs, watched))
        return Machine(services=services, home=logs, api_url=environment.get("PREFECT_API_URL", ""), auth_file=None)
    auth_file = _auth_file(home)
    auth = environment.get("PREFECT_SERVER_API_AUTH_STRING") or auth_file.read_text(encoding="utf-8").strip()
    _check_port(port)
    lock = _lock(home)
    api_url = f"http://127.0.0.1:{port}/api"
    clients = {**shared, "PREFECT_API_URL": api_url, "PREFECT_API_AUTH_STRING": auth}
    services = (
        _server(shared, home, auth=auth, port=port),
        _runner(clients, logs),
        _sender(clients, logs),
        *_watcher(clients, logs, watched),
    )
    return Machine(services=services, home=logs, api_url=api_url, auth_file=auth_file, lock=lock)


def _with_defaults(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment.get(name, value) for name, value in _QUIET.items()}


def _server(shared: Mapping[str, str], home: Path, *, auth: str, port: int) -> Service:
    def ready(is_alive: Callable[[], bool]) -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and is_alive():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise ServiceFailedError(f"The Prefect server did not start; its log is {home / 'server.log'}.")

    return Service(
        name="Prefect server",
        module="prefect",
        arguments=("server", "start", "--host", "127.0.0.1", "--port", str(port)),
        environment={
            **{name: value for name, value in shared.items() if name != "PREFECT_API_URL"},
            "PREFECT_SERVER_API_AUTH_STRING": auth,
            "PREFECT_API_AUTH_STRING": auth,
            # In memory, as by default, a server that is killed forgets who holds a slot of a limit: for ever.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            # A run that was given a slot, and whose runner was killed before it began, holds it so long: else 300 s.
            "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
            "PREFECT_UI_STATIC_DIRECTORY": str(home / "ui"),
            "PREFECT_UI_API_URL": f"http://127.0.0.1:{port}/api",
        },
        log=home / "server.log",
        ready=ready,
        stop_seconds=15.0,
    )


def _runner(shared: Mapping[str, str], logs: Path) -> Service:
    # What a run has in hand when it is told to end is given back, and taken up by the next.
    return Service(name="runner", module="flows.runner", environment=shared, log=logs / "runner.log", stop_seconds=30.0)


def _sender(shared: Mapping[str, str], logs: Path) -> Service:
    # The deployment 'alerts' does the same, some five seconds later: what is sent by one is not sent by the other.
    arguments = ("alerts", "run", "--watch")
    often = {"INGEST_ALERT_SWEEP_SECONDS": "1", **shared}  # a look at an index
    return Service(name="sender", module="ingest", arguments=arguments, environment=often, log=logs / "sender.log")


def _watcher(shared: Mapping[str, str], logs: Path, watched: Sequence[Path]) -> tuple[Service, ...]:
    if not watched:
        return ()
    arguments = ("watch", "--flow", *(str(folder.resolve()) for folder in watched))
    return (
        Service(name="watcher", module="ingest", arguments=arguments, environment=shared, log=logs / "watcher.log"),
    )


def _auth_file(home: Path) -> Path:
    """The file of the server's password, made where there is none, for this user's eyes only."""
    path = home / _AUTH_NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(f"ingest:{secrets.token_hex(16)}\n")
    except OSError as refused:
        raise ServiceFailedError(f"Prefect's folder {home} cannot be written: {refused.strerror}.") from None
    return path


def _lock(home: Path) -> TextIO:
    """Two servers on one database of SQLite lock each other out; the lock goes with the process, however it ends."""
    file = (home / _LOCK_NAME).open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise ServiceFailedError(
            f"Another 'ingest serve' runs from {home}. End it first, or set PREFECT_HOME to another folder."
        ) from None
    return file


def _check_port(port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        raise ServiceFailedError(
            f"Port {port} is taken, perhaps by a Prefect server that runs already. Name another with --port, or set "
            "PREFECT_API_URL to use that server."
        ) from None
