"""The process in which HTML is parsed: it reads one page after another from its parent, under limits that kill it.

The parent's side is `guard`. What is exchanged are frames: eight bytes of length, then a pickle. First the child says
`None` (it is ready) or why it cannot start; then it answers each `(page, clock)` with a `Reply`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ingest.documents import Article, Dropped, Page
from ingest.extract.dates import Clock

__all__ = ["Read", "Reply", "main", "receive", "send"]

Read = Callable[[Page, Clock], Article | Dropped]
"""Reads a page of HTML."""

_HEAD = 8  # bytes that tell the length of a frame
_ROOMY = 0.3  # share of the memory beyond which a process is not used again: it would not give it back


@dataclass(frozen=True, slots=True)
class Reply:
    """What the child says of a page.

    Attributes:
        result: What was read; None where the memory was not enough.
        failure: Name of the exception that reading raised, if it did; `result` is None then, too.
        last: The child ends after this reply.
    """

    result: Article | Dropped | None
    failure: str | None = None
    last: bool = False


def send(stream: IO[bytes], value: object) -> None:
    """Write a frame."""
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(content).to_bytes(_HEAD, "big"))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read a frame.

    Raises:
        EOFError: The other side is gone.
    """
    head = stream.read(_HEAD)
    size = int.from_bytes(head, "big")
    content = stream.read(size) if len(head) == _HEAD else b""
    if len(head) < _HEAD or len(content) < size:
        raise EOFError
    return pickle.loads(content)  # noqa: S301 - the other end of a pipe that nobody else holds


def _limit(memory: int) -> None:
    """Bound this process; where the machine itself runs short, it goes before its parent does."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):  # not on Linux, or not allowed
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")


def _peak(much: float) -> int:
    """Most memory that this process has held, in bytes; perhaps too high a figure where even that is not much.

    `ru_maxrss` is believed no further: on Linux a process starts with its parent's, so that all children of a large
    parent would seem large. What is better takes a hundred times as long.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    if most <= much:
        return most
    with contextlib.suppress(OSError, StopIteration):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return 1024 * int(next(line for line in status if line.startswith("VmHWM:")).split()[1])
    return most


def _answer(read: Read, page: Page, clock: Clock, *, seconds: float, memory: int) -> Reply:
    # No handler: the signal ends the process, also where it loops in C and would never come to run one.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        result = read(page, clock)
    except MemoryError:
        return Reply(None, last=True)
    except Exception as failure:  # noqa: BLE001 - a defect on one page costs that page
        return Reply(None, failure=f"{type(failure).__name__}: {failure}"[:500])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    peak = _peak(_ROOMY * memory)
    if isinstance(result, Dropped) and peak > memory // 2:  # libraries swallow a MemoryError, and find nothing
        return Reply(None, last=True)
    return Reply(result, last=peak > _ROOMY * memory)


def _loaded(name: str) -> Read:
    module, _, function = name.partition(":")
    loaded: Read = getattr(importlib.import_module(module), function)
    return loaded


def main() -> None:
    """Serve the parent until it hangs up.

    Arguments of the process: `module:function` that reads a page, seconds for one page, bytes of memory.
    """
    name, seconds, memory = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when an interrupted run ends
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    try:
        read = _loaded(name)
    except Exception as failure:  # noqa: BLE001 - told to the parent, which raises it
        send(target, f"{type(failure).__name__}: {failure}")
        return
    _limit(memory)
    send(target, None)
    while True:
        try:
            page, clock = cast("tuple[Page, Clock]", receive(source))
        except EOFError:
            return
        reply = _answer(read, page, clock, seconds=seconds, memory=memory)
        del page
        send(target, reply)
        if reply.last:
            return
