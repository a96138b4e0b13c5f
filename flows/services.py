"""Processes that one process starts, watches, starts again and ends: what `ingest serve` is made of.

Each is a session of its own, so that Ctrl-C in the terminal reaches only the one that ends them in order, and leaves by
itself when that one is killed (`flows.child`). It imports nothing but the standard library.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Service", "ServiceFailedError", "run"]

_LOOK_SECONDS = 0.2
_SHORT_LIFE_SECONDS = 30.0  # one that lived for less is no better for being started again at once
_MOST_SHORT_LIVES = 8  # in a row
_LONGEST_PAUSE_SECONDS = 30.0
_MAX_LOG_BYTES = 5_000_000  # a longer one is kept as FILE.1, and begun anew


class ServiceFailedError(Exception):
    """A service does not stay up; the message says which, and where its log is."""


@dataclass(slots=True, kw_only=True)
class Service:
    """A process that is to run for as long as the whole does.

    Attributes:
        name: For people.
        module: What it runs, as `python -m` would.
        arguments: Of the module.
        environment: All of it; secrets are handed over so, and nowhere else.
        log: Where it writes.
        ready: Returns once it can be used, or raises; the next service is started after that.
        stop_seconds: How long it may take to end after SIGTERM before it is killed with all that it started.
        first_pause: Seconds before it is started again; doubled each time that it lived shortly.
    """

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    ready: Callable[[Callable[[], bool]], None] = lambda _: None
    stop_seconds: float = 30.0
    first_pause: float = 1.0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _short_lives: int = 0
    _again_at: float = 0.0

    def start(self) -> None:
        """Start it, and return once it can be used.

        Raises:
            ServiceFailedError: It cannot be started.
        """
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > _MAX_LOG_BYTES:
                self.log.replace(self.log.with_name(self.log.name + ".1"))
            with self.log.open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603 - our own module, on this interpreter
                    [sys.executable, "-m", "flows.child", self.module, *self.arguments],
                    env=dict(self.environment),
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
        except OSError as refused:
            raise ServiceFailedError(f"The {self.name} cannot be started: {refused.strerror}.") from None
        self._started = time.monotonic()
        self.ready(self.is_alive)

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start it again where it has died, after a pause that grows.

        Raises:
            ServiceFailedError: It died again and again.
        """
        now = time.monotonic()
        if self._again_at:
            if now >= self._again_at:
                self._again_at = 0.0
                self.start()
            return
        if self._process is None or (code := self._process.poll()) is None:
            return
        self._kill_rest()
        self._let_go()
        self._short_lives = self._short_lives + 1 if now - self._started < _SHORT_LIFE_SECONDS else 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if self._short_lives >= _MOST_SHORT_LIVES:
            raise ServiceFailedError(f"The {self.name} does not stay up ({how}); its log is {self.log}.")
        pause = min(_LONGEST_PAUSE_SECONDS, self.first_pause * 2 ** max(0, self._short_lives - 1))
        self._again_at = now + pause
        say(f"the {self.name} ended ({how}); it is started again in {pause:.0f} s; its log is {self.log}")

    def stop(self) -> None:
        """Ask it to end, and wait; be firm if it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.stop_seconds)
        self._process = process
        self._kill_rest()
        process.wait()
        self._let_go()

    def _let_go(self) -> None:
        """Forget a process that has ended, and close our end of its pipe."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _kill_rest(self) -> None:
        """Kill what is left of the process group: nothing that it started outlives it."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def run(
    services: Sequence[Service],
    *,
    stop: threading.Event,
    say: Callable[[str], None],
    started: Callable[[], None],
) -> None:
    """Start services in their order, look after them until told to stop, and end them in the opposite order.

    Args:
        services: Each may need those before it.
        stop: Ends it.
        say: Told of what dies and is started again.
        started: Called once all run.

    Raises:
        ServiceFailedError: One of them cannot be started, or does not stay up; all are ended then.
    """
    try:
        for service in services:
            if stop.is_set():
                return
            service.start()
        started()
        while not stop.wait(_LOOK_SECONDS):
            for service in services:
                service.look_after(say)
    finally:
        for service in reversed(services):
            service.stop()
