"""A Prefect API server that lives as long as one flow run.

Prefect starts such a server itself where no API is set ("ephemeral mode"). This one runs the same application, and
differs in what a person at a terminal notices:

- it starts while this process still imports Prefect, and this process need not import the server's code at all;
- what it prints goes to a log file;
- it stops in order, after it has recorded what it was sent (Prefect's is stopped in the middle of that, and prints
  pages of tracebacks), and it stops by itself when this process is killed, since the two share a pipe.

Run as a script it is the server; imported it is the context manager that starts one. It imports nothing but the
standard library at the top: each tenth of a second before the server's start is one that a person waits for.
"""

from __future__ import annotations

import base64
import fcntl
import gc
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

__all__ = ["LOG_NAME", "ServerFailedError", "TemporaryServer", "temporary_server"]

LOG_NAME = "prefect.log"

_MAX_LOG_BYTES = 1_000_000  # a longer one is begun anew
_START_SECONDS = 180.0  # a first start migrates Prefect's database: half a minute on a slow machine, more if it is busy
_STOP_SECONDS = 10.0

# What a server for one flow run does without; the last stops its look-up of an outside host.
_LEAN = {
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_UI_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}


class ServerFailedError(Exception):
    """The server did not start; the message says where its log is."""


@dataclass(slots=True, kw_only=True)
class TemporaryServer:
    """A server that was started and may not answer yet.

    Attributes:
        api_url: Address of its API, on the loopback interface.
        auth_string: What a client must present (`PREFECT_API_AUTH_STRING`): other users of the machine reach the
            loopback interface too.
        log: Where it writes.
        process: Its process.
    """

    api_url: str
    log: Path
    process: subprocess.Popen[bytes]
    auth_string: str = field(repr=False)

    def wait_until_ready(self, seconds: float = _START_SECONDS) -> None:
        """Return once it answers.

        Args:
            seconds: How long to wait for it.

        Raises:
            ServerFailedError: It died, or did not answer in time.
        """
        until = time.monotonic() + seconds
        # The socket listens from the first moment, so that the request waits inside it: there is nothing to poll.
        while (left := until - time.monotonic()) > 0 and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.api_url}/health", timeout=left):  # noqa: S310 - it is our own http
                    return
            except (urllib.error.URLError, http.client.HTTPException, OSError):
                time.sleep(0.05)
        raise ServerFailedError(f"Prefect's temporary server did not start; its log is {self.log}.")

    def settle(self, *, flow_run: str, tasks: int, seconds: float = 10.0) -> None:
        """Return once the server has recorded the end of a run's tasks, which it hears of by events.

        Args:
            flow_run: Id of the run.
            tasks: How many tasks it had.
            seconds: How long to wait; what is not recorded by then is lost for Prefect's pages, and for nothing else.
        """
        if not tasks:
            return
        filters = {
            "flow_runs": {"id": {"any_": [flow_run]}},
            "task_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}},
        }
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
                if self._post("/task_runs/count", filters) >= tasks:
                    return
            time.sleep(0.05)

    def _post(self, path: str, body: object) -> int:
        request = urllib.request.Request(  # noqa: S310 - it is our own http
            self.api_url + path,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": "Basic " + base64.b64encode(self.auth_string.encode()).decode(),
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - likewise
            return int(answer.read())


@contextmanager
def temporary_server(home: Path, environment: Mapping[str, str] | None = None) -> Iterator[TemporaryServer]:
    """Start a server, and stop it at the end of the block.

    Args:
        home: Folder of its database and log (`PREFECT_HOME`); made if need be.
        environment: Environment to start from; None: that of this process.

    Yields:
        The server, still starting: call `wait_until_ready` before it is used.

    Raises:
        ServerFailedError: The folder cannot be written, or the process cannot be started.
    """
    auth = f"ingest:{secrets.token_hex(16)}"
    given = os.environ if environment is None else environment
    lean = {name: given.get(name, value) for name, value in _LEAN.items()}
    own = {"PREFECT_HOME": str(home.resolve()), "PREFECT_SERVER_API_AUTH_STRING": auth}
    log = home / LOG_NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _MAX_LOG_BYTES:
            log.unlink()
        with log.open("ab") as output, socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            process = subprocess.Popen(  # noqa: S603 - this file, on this interpreter
                # -P: this file's folder must not shadow the package `ingest`
                [sys.executable, "-P", __file__, str(listening.fileno())],
                env={**given, **lean, **own},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=[listening.fileno()],
                start_new_session=True,  # Ctrl-C is for this process, which then stops the server in order
            )
    except OSError as refused:
        raise ServerFailedError(
            f"Prefect's temporary server cannot be started in {home}: {refused.strerror}."
        ) from None
    try:
        yield TemporaryServer(api_url=f"http://127.0.0.1:{port}/api", auth_string=auth, log=log, process=process)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe that tells the server to leave; be firm if it does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(listening: socket.socket) -> None:
    """Be the server until standard input is closed."""
    started: list[uvicorn.Server] = []

    def leave_with_parent() -> None:
        sys.stdin.buffer.read()
        if not started:
            # Nothing is lost: a migration that is cut off is rolled back, and the next start goes on from there.
            os._exit(0)
        started[0].should_exit = True

    threading.Thread(target=leave_with_parent, daemon=True).start()
    # Nothing that importing makes becomes garbage: looking for some costs a fifth of the start.
    gc.disable()
    import uvicorn  # noqa: PLC0415 - the parent imports this module for the sake of starting it only
    from prefect.server.api.server import create_app  # noqa: PLC0415 - likewise; it takes seconds

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            # Several first starts at once on one home would migrate its database against each other.
            with (Path(os.environ["PREFECT_HOME"]) / ".start.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                await super().startup(sockets)
            started.append(self)

    server = Server(
        uvicorn.Config(
            create_app(ephemeral=True, final=True), log_level="error", lifespan="on", timeout_graceful_shutdown=2
        )
    )

    gc.freeze()
    gc.enable()
    server.run(sockets=[listening])


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
