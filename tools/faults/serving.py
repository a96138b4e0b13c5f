"""`ingest serve` as a tool or a test handles it: started, asked through Prefect's API, and hurt."""

from __future__ import annotations

import base64
import http
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg

__all__ = ["RUNNER", "SENDER", "SERVER", "WATCHER", "Serving", "free_port", "serving", "until"]

SERVER, RUNNER, WATCHER = "flows.child prefect", "flows.child flows.runner", "flows.child ingest watch"
SENDER = "flows.child ingest alerts"

_T = TypeVar("_T")

_ATTEMPTS = 10


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def until(look: Callable[[], _T | None], *, seconds: float, what: str) -> _T:
    """Look again and again until there is something.

    Raises:
        TimeoutError: There is nothing after so many seconds; says what was waited for.
    """
    end = time.monotonic() + seconds
    while True:
        with suppress(OSError, ValueError, LookupError, psycopg.Error):
            if found := look():
                return found
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.2)


@dataclass(slots=True, kw_only=True)
class Serving:
    """An `ingest serve` that runs.

    Attributes:
        folder: In which it was started.
        press: The folder that it watches.
        port: Of its Prefect server.
        process: Its process.
        environment: Of it, and of commands beside it.
    """

    folder: Path
    press: Path
    port: int
    process: subprocess.Popen[str]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def api_url(self) -> str:
        """Of the server."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def auth(self) -> str:
        """The server's password."""
        return (self.folder / "var/prefect/auth").read_text(encoding="utf-8").strip()

    def ask(self, path: str, body: object | None = None, *, method: str = "POST") -> Any:
        """Ask Prefect's API, again where its SQLite is busy, as its own clients do; what it answers, read as JSON."""
        request = urllib.request.Request(  # noqa: S310 - our own http
            self.api_url + path,
            data=json.dumps({} if body is None else body).encode(),
            method=method,
            headers={
                "Authorization": "Basic " + base64.b64encode(self.auth.encode()).decode(),
                "Content-Type": "application/json",
            },
        )
        for attempt in range(_ATTEMPTS):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - likewise
                    content = answer.read()
            except urllib.error.HTTPError as busy:
                if busy.code != http.HTTPStatus.SERVICE_UNAVAILABLE or attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(0.5)
            else:
                break
        return json.loads(content) if content else None

    def deployment(self, name: str) -> Any:
        """A deployment by its name."""
        return self.ask("/deployments/filter", {"deployments": {"name": {"any_": [name]}}})[0]

    def start_run(self, deployment: str, parameters: Mapping[str, object]) -> str:
        """Start a run of a deployment by hand; its id."""
        identity = self.deployment(deployment)["id"]
        made = self.ask(f"/deployments/{identity}/create_flow_run", {"parameters": parameters})
        return str(made["id"])

    def runs(self, deployment: str, *states: str) -> list[Any]:
        """Runs of a deployment, in such a state where one is named; the latest first."""
        wanted: dict[str, object] = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_DESC"}
        if states:
            wanted["flow_runs"] = {"state": {"type": {"any_": list(states)}}}
        found: list[Any] = self.ask("/flow_runs/filter", wanted)
        return found

    def run(self, identity: str) -> Any:
        """A run by its id."""
        return self.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": [identity]}}})[0]

    def ended(self, identity: str, *, seconds: float = 40.0) -> Any:
        """A run by its id, once it has ended."""

        def look() -> Any | None:
            found = self.run(identity)
            return found if found["state_type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None

        return until(look, seconds=seconds, what=f"the end of the run {identity}")

    def pid(self, service: str) -> int:
        """The process of a service."""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError, IndexError):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
                if service in words and parent == self.process.pid:
                    return int(process.name)
        raise ProcessLookupError(service)

    def kill(self, service: str) -> int:
        """Kill a service and all that it started, as a machine that loses its power would."""
        pid = until(lambda: self.pid(service), seconds=60, what=f"the process {service}")
        os.killpg(pid, signal.SIGKILL)
        return pid

    def ingest(self, *words: str) -> str:
        """Run a command on the same store; what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "ingest", *words],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout

    def log(self, name: str) -> str:
        """What a service has written."""
        return (self.folder / "var/prefect" / f"{name}.log").read_text(encoding="utf-8")


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Serving]:
    """Start `ingest serve` with a watched folder, and end it in order.

    Args:
        folder: In which it is started; holds everything.
        settings: Environment variables.

    Yields:
        What runs, once all of it does.
    """
    press, port = folder / "press", free_port()
    press.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    environment = {**kept, **settings}
    with (folder / "serve.err").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest", "serve", "--watch", "press", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    served = Serving(folder=folder, press=press, port=port, process=process, environment=environment)
    try:
        for line in process.stdout or ():
            if line.startswith("logs"):
                break
        else:
            raise RuntimeError((folder / "serve.err").read_text(encoding="utf-8"))
        until(lambda: served.runs("sources") is not None, seconds=60, what="the deployments")
        until(lambda: served.deployment("retention"), seconds=60, what="the deployments")
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=90)
