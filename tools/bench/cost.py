"""What processes have cost so far, as the kernel counts it: processor time and largest memory, children included."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["cpu_seconds", "family", "peak_mb"]

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, of those it has started, and of those of them that have ended, in seconds.

    Others' work on the same machine hardly counts, which it does in time by the clock.
    """
    return sum(_own_cpu(each) for each in family(pid))


def peak_mb(pid: int) -> float:
    """Largest resident memory until now of a process and of those it has started that live, summed, in megabytes."""
    return sum(_high_water(each) for each in family(pid))


def family(pid: int) -> Iterator[int]:
    """A process, and all that it and its children have started and that live."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield from family(int(child))


def _own_cpu(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICKS  # user, system, and both of children that have ended
    return 0.0


def _high_water(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
