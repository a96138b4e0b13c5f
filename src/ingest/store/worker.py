"""Who is at work: a process that can be told from every other, also after it is gone."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Worker", "is_alive", "myself"]

_STARTED = 19  # place of the start time in /proc/PID/stat, counted after the command's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process.

    Attributes:
        host: Machine, boot and process namespace: only there does the number mean this process.
        pid: Its number.
        started: When it began, in the system's own words: numbers are used again, a number and its start are not.
    """

    host: str
    pid: int
    started: str


def myself() -> Worker:
    """The process that asks."""
    pid = os.getpid()
    return Worker(host=_host(), pid=pid, started=_started(pid) or "")


def is_alive(worker: Worker) -> bool | None:
    """Whether a process still runs; None where that cannot be told from here (another host, boot or container)."""
    if worker.host != _host():
        return None
    return _started(worker.pid) == worker.started


@cache
def _host() -> str:
    parts = [socket.gethostname()]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8])
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        pass  # not Linux: the host name alone must do
    return " ".join(parts)[:255]


def _started(pid: int) -> str | None:
    """When a process began; None where there is none, or only its remains."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _started_by_ps(pid)
    return None if fields[0] in {"Z", "X"} else fields[_STARTED]


def _started_by_ps(pid: int) -> str | None:
    found = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
